"""The editions of a Period: which is the newest, when one goes on, when the next is opened."""

import json
from datetime import datetime
from importlib.metadata import version

from sqlalchemy import Connection, insert, select, update

from mailaudit.model.period import Period
from mailaudit.model.roster import Roster
from mailaudit.model.snapshot import SourceInfo
from mailaudit.store import tables
from mailaudit.store.contents import (
    Header,
    pending_mailboxes,
    period_of,
    read_stored_roster,
    replace_roster,
)
from mailaudit.store.rows import Row, instant, instant_text


def editions(connection: Connection, period: Period) -> list[Header]:
    """The Period's editions, newest first."""
    table = tables.snapshot
    query = (
        select(table)
        .where(table.c.period == str(period), table.c.timezone == period.timezone)
        .order_by(table.c.edition.desc())
    )
    return list(connection.execute(query).mappings())


def edition_to_collect(
    connection: Connection, period: Period, roster: Roster, source: SourceInfo, now: datetime
) -> int:
    """The id of the edition a collection that begins or goes on `now` belongs to."""
    newest = next(iter(editions(connection, period)), None)
    if newest is None:
        return _open_edition(connection, period, 1, roster, source, now)
    if newest["sealed_at"] is not None:
        return int(newest["id"])
    if _is_to_be_followed(connection, newest, now):
        return _open_edition(connection, period, newest["edition"] + 1, roster, source, now)
    _go_on(connection, newest, roster, source)
    return int(newest["id"])


def _is_to_be_followed(connection: Connection, header: Header, now: datetime) -> bool:
    """Whether an open edition is as good as it will get, though not the Period's last word."""
    end = period_of(header).end
    if instant(header["cut_off_at"]) >= end:
        return False  # it will be sealed
    return now >= end or not pending_mailboxes(connection, header["id"])


def _open_edition(
    connection: Connection,
    period: Period,
    edition: int,
    roster: Roster,
    source: SourceInfo,
    now: datetime,
) -> int:
    result = connection.execute(
        insert(tables.snapshot).values(
            period=str(period),
            timezone=period.timezone,
            edition=edition,
            cut_off_at=instant_text(now),
            **_circumstances(roster, source),
        )
    )
    (snapshot_id,) = result.inserted_primary_key or (0,)
    replace_roster(connection, snapshot_id, roster)
    return int(snapshot_id)


def _go_on(connection: Connection, header: Header, roster: Roster, source: SourceInfo) -> None:
    """Takes over the Roster, source and tool version of today; outcomes stay where they can."""
    table = tables.snapshot
    connection.execute(
        update(table).where(table.c.id == header["id"]).values(**_circumstances(roster, source))
    )
    if read_stored_roster(connection, header) != roster:
        replace_roster(connection, header["id"], roster)


def _circumstances(roster: Roster, source: SourceInfo) -> Row:
    return {
        "groups": json.dumps(roster.groups, ensure_ascii=False),
        "roster_digest": roster.digest,
        "source_kind": source.kind,
        "source_server": source.server,
        "source_version": source.version,
        "source_account": source.account,
        "tool_version": version("mailaudit"),
    }
