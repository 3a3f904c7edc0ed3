"""What a snapshot holds: reading it whole, counting what is in it, replacing its Roster."""

import gc
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice, zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, delete, insert, select

from mailaudit.errors import N_, StoreError
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster
from mailaudit.model.snapshot import Snapshot
from mailaudit.store import tables
from mailaudit.store.digest import Row, digest_of
from mailaudit.store.removal_rows import removal_of
from mailaudit.store.rows import (
    instant,
    made_of,
    outcome_of,
    source_of,
    staff_of,
    staff_rows,
    unit_of,
    unit_rows,
)
from mailaudit.store.sqlite_errors import store_error

Header = RowMapping  # a row of the snapshot table
ROSTER_TABLES = (tables.unit, tables.staff)
REMOVAL_TABLES = ((tables.removal, "snapshot_id"), (tables.removal_sum, "position"))
_FETCHED_AT_ONCE = 500  # rows
_INSERTED_AT_ONCE = 500  # rows; a Roster of any size takes little memory on its way in


def period_of(header: Header) -> Period:
    """The Period of a snapshot."""
    year, month = header["period"].split("-")
    return Period(int(year), int(month), header["timezone"])


def replace_roster(connection: Connection, snapshot_id: int, roster: Roster) -> None:
    """Puts the Roster into a snapshot; outcomes of mailboxes that are not on it go."""
    for table in (tables.staff, tables.unit):
        connection.execute(delete(table).where(table.c.snapshot_id == snapshot_id))
    for table, rows in _roster_rows(roster):
        while values := [
            {"snapshot_id": snapshot_id, **row} for row in islice(rows, _INSERTED_AT_ONCE)
        ]:
            connection.execute(insert(table), values)
    kept = select(tables.staff.c.mailbox).where(
        tables.staff.c.snapshot_id == snapshot_id, tables.staff.c.mailbox.is_not(None)
    )
    connection.execute(
        delete(tables.outcome).where(
            tables.outcome.c.snapshot_id == snapshot_id, tables.outcome.c.mailbox.not_in(kept)
        )
    )


def holds_roster(connection: Connection, header: Header, roster: Roster) -> bool:
    """Whether the units and staff of a snapshot are those of the Roster, read row by row."""
    for table, rows in _roster_rows(roster):
        for old, new in zip_longest(_rows(connection, table, header, "position"), rows):
            if old is None or new is None or any(old[name] != new[name] for name in new):
                return False
    return True


def _roster_rows(roster: Roster) -> tuple[tuple[Table, Iterator[Row]], ...]:
    return (tables.unit, unit_rows(roster)), (tables.staff, staff_rows(roster))


def read_verified_snapshot(connection: Connection, header: Header, file: Path) -> Snapshot:
    """A snapshot with everything in it, its digest computed from what was read.

    Raises:
        StoreError: It was sealed with another digest, or holds what can't be read.
    """
    try:
        with _no_garbage():
            units, staff = (
                list(_rows(connection, table, header, "position")) for table in ROSTER_TABLES
            )
            outcomes = list(_rows(connection, tables.outcome, header, "mailbox"))
            corrections = list(_rows(connection, tables.correction, header, "position"))
            removals, sums = (
                list(_rows(connection, table, header, order)) for table, order in REMOVAL_TABLES
            )
            digest = digest_of(header, units, staff, outcomes, corrections, removals, sums)
            _require_same(header, digest, file)
            snapshot = _snapshot(header, units, staff, outcomes, digest)
            made = tuple(made_of(row, header["period"]) for row in corrections)
            return replace(snapshot, corrections=made, removal=removal_of(removals, sums))
    except (ValueError, TypeError, LookupError) as error:
        raise store_error(file, sqlite3.SQLITE_CORRUPT) from error


def read_verified_roster(connection: Connection, header: Header, file: Path) -> Roster:
    """The staff list alone, of a snapshot that is as it was sealed.

    Raises:
        StoreError: As `require_digest`.
    """
    require_digest(connection, header, file)
    try:
        units, staff = (
            list(_rows(connection, table, header, "position")) for table in ROSTER_TABLES
        )
        return _roster(header, units, staff)
    except (ValueError, TypeError, LookupError) as error:
        raise store_error(file, sqlite3.SQLITE_CORRUPT) from error


def stored_digest(connection: Connection, header: Row) -> str:
    """The digest of a snapshot's rows, computed as they are read; they are kept nowhere."""
    units, staff = (_rows(connection, table, header, "position") for table in ROSTER_TABLES)
    outcomes = _rows(connection, tables.outcome, header, "mailbox")
    corrections = _rows(connection, tables.correction, header, "position")
    removal = (_rows(connection, table, header, order) for table, order in REMOVAL_TABLES)
    return digest_of(header, units, staff, outcomes, corrections, *removal)


def require_digest(connection: Connection, header: Header, file: Path) -> None:
    """Makes sure that a sealed snapshot's rows are those it was sealed with.

    Raises:
        StoreError: It was sealed with another digest, or holds what can't be read.
    """
    try:
        digest = stored_digest(connection, header)
    except (ValueError, TypeError) as error:
        raise store_error(file, sqlite3.SQLITE_CORRUPT) from error
    _require_same(header, digest, file)


def _require_same(header: Header, found: str, file: Path) -> None:
    if header["digest"] not in (None, found):
        raise StoreError(
            N_("The snapshot {period} in {file} was changed after it was sealed."),
            N_("Restore the file from a backup; nothing was overwritten."),
            period=period_of(header),
            file=file,
        )


def _snapshot(
    header: Header,
    units: Sequence[Mapping[str, Any]],
    staff: Sequence[Mapping[str, Any]],
    outcomes: Sequence[Mapping[str, Any]],
    digest: str,
) -> Snapshot:
    period = period_of(header)
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
        source=source_of(header),
        tool_version=header["tool_version"],
        digest=digest,
        digest_version=header["digest_version"],
    )


def _rows(
    connection: Connection, table: Table, header: Row, order: str
) -> Iterator[dict[str, Any]]:
    """A snapshot's rows of a table, one at a time."""
    query = select(table).where(table.c.snapshot_id == header["id"]).order_by(table.c[order])
    with connection.execute(query) as result:
        names = tuple(result.keys())
        for row in chain.from_iterable(result.partitions(_FETCHED_AT_ONCE)):
            yield dict(zip(names, row, strict=True))


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Hundreds of thousands of days are made and none is garbage: to look for it again and again,
    now or later, would take as long as to read them. They go when nothing refers to them.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()


def _roster(
    header: Header, units: Sequence[Mapping[str, Any]], staff: Sequence[Mapping[str, Any]]
) -> Roster:
    return Roster(
        groups=tuple(json.loads(header["groups"])),
        units=tuple(map(unit_of, units)),
        staff=tuple(map(staff_of, staff)),
        digest=header["roster_digest"],
    )
