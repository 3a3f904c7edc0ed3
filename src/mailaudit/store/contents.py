"""What a snapshot holds: reading it whole, counting what is still to do, replacing its Roster."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import Connection, RowMapping, Table, and_, delete, func, insert, select

from mailaudit.errors import N_, StoreError
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster
from mailaudit.model.snapshot import Snapshot, SourceInfo
from mailaudit.store import tables
from mailaudit.store.digest import digest_of
from mailaudit.store.rows import (
    instant,
    outcome_of,
    staff_of,
    staff_rows,
    unit_of,
    unit_rows,
)
from mailaudit.store.troubles import trouble

Header = RowMapping  # a row of the snapshot table
ROSTER_TABLES = (tables.unit, tables.staff)


def period_of(header: Header) -> Period:
    """The Period of a snapshot."""
    year, month = header["period"].split("-")
    return Period(int(year), int(month), header["timezone"])


def replace_roster(connection: Connection, snapshot_id: int, roster: Roster) -> None:
    """Puts the Roster into a snapshot; outcomes of mailboxes that are not on it go."""
    for table in (tables.staff, tables.unit):
        connection.execute(delete(table).where(table.c.snapshot_id == snapshot_id))
    for table, rows in ((tables.unit, unit_rows(roster)), (tables.staff, staff_rows(roster))):
        values = [{"snapshot_id": snapshot_id, **row} for row in rows]
        if values:
            connection.execute(insert(table), values)
    kept = select(tables.staff.c.mailbox).where(
        tables.staff.c.snapshot_id == snapshot_id, tables.staff.c.mailbox.is_not(None)
    )
    connection.execute(
        delete(tables.outcome).where(
            tables.outcome.c.snapshot_id == snapshot_id, tables.outcome.c.mailbox.not_in(kept)
        )
    )


def pending_mailboxes(connection: Connection, snapshot_id: int) -> tuple[str, ...]:
    """The mailboxes without an outcome, in staff-list order."""
    staff, outcome = tables.staff, tables.outcome
    same = and_(outcome.c.snapshot_id == staff.c.snapshot_id, outcome.c.mailbox == staff.c.mailbox)
    query = (
        select(staff.c.mailbox)
        .outerjoin(outcome, same)
        .where(
            staff.c.snapshot_id == snapshot_id,
            staff.c.mailbox.is_not(None),
            outcome.c.mailbox.is_(None),
        )
        .order_by(staff.c.position)
    )
    return tuple(connection.scalars(query))


def count_mailboxes(connection: Connection, snapshot_id: int) -> int:
    """How many mailboxes the snapshot's Roster has."""
    query = select(func.count(tables.staff.c.mailbox)).where(
        tables.staff.c.snapshot_id == snapshot_id
    )
    return connection.scalar(query) or 0


def read_verified_snapshot(connection: Connection, header: Header, file: Path) -> Snapshot:
    """A snapshot with everything in it, its digest computed from what was read.

    Raises:
        StoreError: It was sealed with another digest, or holds what can't be read.
    """
    try:
        snapshot = _read_snapshot(connection, header)
    except (ValueError, TypeError, KeyError) as error:
        raise trouble(file, sqlite3.SQLITE_CORRUPT) from error
    if header["digest"] not in (None, snapshot.digest):
        raise StoreError(
            N_("The snapshot {period} in {file} was changed after it was sealed."),
            N_("Restore the file from a backup; nothing was overwritten."),
            period=snapshot.period,
            file=file,
        )
    return snapshot


def _read_snapshot(connection: Connection, header: Header) -> Snapshot:
    period = period_of(header)
    units, staff = (_rows(connection, table, header, "position") for table in ROSTER_TABLES)
    outcomes = _rows(connection, tables.outcome, header, "mailbox")
    calendar_days = {day.day: day for day in period.days()}
    sealed_at = header["sealed_at"]
    return Snapshot(
        period=period,
        edition=header["edition"],
        cut_off_at=instant(header["cut_off_at"]),
        sealed_at=None if sealed_at is None else instant(sealed_at),
        roster=_roster(header, units, staff),
        outcomes=MappingProxyType(
            {row["mailbox"]: outcome_of(row, calendar_days) for row in outcomes}
        ),
        source=SourceInfo(
            kind=header["source_kind"],
            server=header["source_server"],
            version=header["source_version"],
            account=header["source_account"],
        ),
        tool_version=header["tool_version"],
        digest=digest_of(header, units, staff, outcomes),
    )


def read_stored_roster(connection: Connection, header: Header) -> Roster:
    """The Roster of a snapshot."""
    units, staff = (_rows(connection, table, header, "position") for table in ROSTER_TABLES)
    return _roster(header, units, staff)


def _rows(connection: Connection, table: Table, header: Header, order: str) -> Sequence[RowMapping]:
    query = select(table).where(table.c.snapshot_id == header["id"]).order_by(table.c[order])
    return connection.execute(query).mappings().all()


def _roster(header: Header, units: Sequence[RowMapping], staff: Sequence[RowMapping]) -> Roster:
    return Roster(
        groups=tuple(json.loads(header["groups"])),
        units=tuple(map(unit_of, units)),
        staff=tuple(map(staff_of, staff)),
        digest=header["roster_digest"],
    )
