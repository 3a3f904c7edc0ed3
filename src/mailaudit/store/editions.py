"""The editions of a Period: which is the newest, when one goes on, when the next is opened."""

import json
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    insert,
    literal,
    select,
    update,
)

from mailaudit.errors import N_, StoreError
from mailaudit.model.corrected import correct_again
from mailaudit.model.outcome import Activity
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster
from mailaudit.model.snapshot import Snapshot, SourceInfo
from mailaudit.store import tables
from mailaudit.store.contents import Header, holds_roster, period_of, replace_roster
from mailaudit.store.corrections import read_corrections, write_corrections
from mailaudit.store.digest import NEWEST
from mailaudit.store.progress import count_pending
from mailaudit.store.pruned import refuse_pruned
from mailaudit.store.removal_rows import drop_removal
from mailaudit.store.rows import (
    Row,
    instant_text,
    outcome_of,
    outcome_row,
    pack_parts,
    source_of,
)
from mailaudit.store.seals import is_final, seal_if_final


def editions(connection: Connection, period: Period) -> list[Header]:
    """The Period's editions, newest first."""
    table = tables.snapshot
    query = (
        select(table)
        .where(table.c.period == str(period), table.c.timezone == period.timezone)
        .order_by(table.c.edition.desc())
    )
    return list(connection.execute(query).mappings())


def newest_complete(
    connection: Connection, period: Period, number: int | None = None
) -> Header | None:
    """The Period's newest edition, or that of a number, to make reports from; None without one."""
    for header in editions(connection, period):
        if number not in (None, header["edition"]):
            continue
        is_sealed = header["sealed_at"] is not None  # it was complete, or was changed
        if is_sealed or not count_pending(connection, header["id"]):
            return header
    return None


def edition_to_collect(
    connection: Connection, period: Period, roster: Roster, source: SourceInfo, now: datetime
) -> int:
    """The id of the edition a collection that begins or goes on `now` belongs to."""
    newest = next(iter(editions(connection, period)), None)
    if newest is None:
        return _open_edition(connection, period, 1, roster, source, now)
    refuse_pruned(connection, newest)
    if newest["sealed_at"] is not None:
        return int(newest["id"])
    if _is_to_be_followed(connection, newest, now):
        return _open_edition(connection, period, newest["edition"] + 1, roster, source, now)
    if newest["retry_of"] is not None:
        take_over_source(connection, newest, source)
    else:
        _go_on(connection, newest, roster, source)
    return int(newest["id"])


def open_retry(connection: Connection, base: Header, source: SourceInfo) -> int:
    """Opens the edition after a complete one, with its Roster, cut-off and measured outcomes.

    Only the mailboxes that were not measured are pending. The cut-off stays, and with it whether
    the edition can be sealed: what was taken over is no younger than that.
    """
    taken_over = ("period", "timezone", "cut_off_at", "groups", "roster_digest")
    origin = _origin(_source_over(connection, source, base))
    snapshot_id = _insert(
        connection,
        {name: base[name] for name in taken_over}
        | {
            "edition": base["edition"] + 1,
            "retry_of": base["edition"],
            **origin,
        },
    )
    _copy(connection, tables.unit, base["id"], snapshot_id)
    _copy(connection, tables.staff, base["id"], snapshot_id)
    _copy(connection, tables.outcome, base["id"], snapshot_id, tables.outcome.c.days.is_not(None))
    _copy(connection, tables.correction, base["id"], snapshot_id)
    _copy_removal(connection, base, snapshot_id)
    return snapshot_id


def add_corrected(connection: Connection, base: Header, corrected: Snapshot, now: datetime) -> None:
    """Adds the edition after a sealed one, with another Roster, and seals it.

    All else is the base's: its source and cut-off, and its outcomes as far as their mailboxes are
    still on the list. Those of the others are as in `corrected`.
    """
    own = {"id", "edition", "sealed_at", "digest", "digest_version", "retry_of"}
    snapshot_id = _insert(
        connection,
        {name: value for name, value in base.items() if name not in own}
        | {"edition": corrected.edition, "retry_of": base["edition"]},
    )
    replace_roster(connection, snapshot_id, corrected.roster)
    outcome = tables.outcome
    kept = select(tables.staff.c.mailbox).where(
        tables.staff.c.snapshot_id == snapshot_id, tables.staff.c.mailbox.is_not(None)
    )
    _copy(connection, outcome, base["id"], snapshot_id, outcome.c.mailbox.in_(kept))
    known = select(outcome.c.mailbox).where(outcome.c.snapshot_id == snapshot_id)
    copied = set(connection.scalars(known))
    added = [
        {"snapshot_id": snapshot_id, **outcome_row(each, corrected.period)}
        for each in corrected.outcomes.values()
        if each.mailbox not in copied
    ]
    if added:
        connection.execute(insert(outcome), added)
    write_corrections(connection, snapshot_id, corrected.corrections)
    _copy_removal(connection, base, snapshot_id)
    header = editions(connection, corrected.period)[0]
    seal_if_final(connection, header, now, however_little=True)  # as the base is sealed


def newest_measured(
    connection: Connection, period: Period, mailboxes: Sequence[str]
) -> dict[str, Activity]:
    """What the newest edition that measured it saw of each of the mailboxes, where one did.

    At a server that the newest edition of all has too, of the same kind.
    """
    table, calendar_days = tables.outcome, {day.day: day for day in period.days()}
    found: dict[str, Activity] = {}
    headers = editions(connection, period)
    known = {(one.name, one.kind) for one in source_of(headers[0]).each} if headers else set()
    for header in reversed(headers):  # oldest first, the newest wins
        source = source_of(header)
        query = select(table).where(
            table.c.snapshot_id == header["id"], table.c.mailbox.in_(mailboxes)
        )
        for row in connection.execute(query.where(table.c.days.is_not(None))).mappings():
            outcome = outcome_of(dict(row), calendar_days)
            place = outcome.server, source.kind_at(outcome.server)
            if isinstance(outcome, Activity) and place in known:
                found[outcome.mailbox] = outcome
    return found


def edition_to_renew(
    connection: Connection, period: Period, roster: Roster, source: SourceInfo, now: datetime
) -> int:
    """The id of the edition that counts the Period with today's Roster, whatever is stored.

    After a complete edition that is the Period's last word, the next one takes over what was
    measured of the mailboxes that are still on the list. The Period's corrections are made again.
    """
    newest = next(iter(editions(connection, period)), None)
    if newest is None or not is_final(newest):
        return edition_to_collect(connection, period, roster, source, now)
    refuse_pruned(connection, newest)
    snapshot_id = int(newest["id"])
    if not count_pending(connection, snapshot_id):
        seal_if_final(connection, newest, now)
        snapshot_id = open_retry(connection, newest, source)
        newest = editions(connection, period)[0]
    made = read_corrections(connection, snapshot_id, str(period))
    roster, again = correct_again(roster, made)
    _go_on(connection, newest, roster, source)
    write_corrections(connection, snapshot_id, again)
    return snapshot_id


def take_over_source(connection: Connection, header: Header, source: SourceInfo) -> None:
    """Takes over the source and tool version of today; the Roster stays that of its month."""
    table, origin = tables.snapshot, _origin(_source_over(connection, source, header))
    connection.execute(update(table).where(table.c.id == header["id"]).values(**origin))


def _source_over(connection: Connection, source: SourceInfo, header: Header) -> SourceInfo:
    """The source of today, over that of an edition whose outcomes stay.

    Raises:
        StoreError: A server of today has the name of one of another kind that measured some of
            them: which kind measured what could not be told any more.
    """
    earlier, outcome = source_of(header), tables.outcome
    kinds = {one.name: one.kind for one in earlier.each}
    for one in source.each:
        if kinds.get(one.name, one.kind) == one.kind:
            continue
        measured = select(outcome.c.mailbox).where(
            outcome.c.snapshot_id == header["id"],
            outcome.c.server == one.name,
            outcome.c.days.is_not(None),
        )
        if connection.scalar(measured.limit(1)) is not None:
            raise StoreError(
                N_(
                    "Mailboxes of {period} were measured at {server} when it was of the kind"
                    " {then}; now it is {now}."
                ),
                N_("Give the new server a name of its own, in a table [[servers]]."),
                period=header["period"],
                server=one.name or one.server,
                then=kinds[one.name],
                now=one.kind,
            )
    return source.over(earlier)


def _copy(
    connection: Connection, table: Table, old: int, new: int, *conditions: ColumnElement[bool]
) -> None:
    """Copies a snapshot's rows of a table into another snapshot, unchanged."""
    columns = [column for column in table.c if column.name != "snapshot_id"]
    rows = select(literal(new), *columns).where(table.c.snapshot_id == old, *conditions)
    names = ["snapshot_id", *(column.name for column in columns)]
    connection.execute(insert(table).from_select(names, rows))


def _copy_removal(connection: Connection, base: Header, new: int) -> None:
    """Who was removed from one edition is not in the next either, but for their sums."""
    _copy(connection, tables.removal, base["id"], new)
    _copy(connection, tables.removal_sum, base["id"], new)
    table = tables.removal
    no_seal = update(table).where(table.c.snapshot_id == new).values(first_digest="")
    connection.execute(no_seal)


def _is_to_be_followed(connection: Connection, header: Header, now: datetime) -> bool:
    """Whether an open edition is as good as it will get, though not the Period's last word."""
    if is_final(header):
        return False  # it will be sealed
    return now >= period_of(header).end or not count_pending(connection, header["id"])


def _open_edition(
    connection: Connection,
    period: Period,
    edition: int,
    roster: Roster,
    source: SourceInfo,
    now: datetime,
) -> int:
    snapshot_id = _insert(
        connection,
        {
            "period": str(period),
            "timezone": period.timezone,
            "edition": edition,
            "cut_off_at": instant_text(now),
            **_circumstances(roster, source),
        },
    )
    replace_roster(connection, snapshot_id, roster)
    return snapshot_id


def _insert(connection: Connection, values: Row) -> int:
    result = connection.execute(insert(tables.snapshot).values(**values, digest_version=NEWEST))
    (snapshot_id,) = result.inserted_primary_key or (0,)
    return int(snapshot_id)


def _go_on(connection: Connection, header: Header, roster: Roster, source: SourceInfo) -> None:
    """Takes over the Roster, source and tool version of today; outcomes stay where they can.

    Whoever was removed counts again where the Roster lists them, and else no more.
    """
    drop_removal(connection, header["id"])
    table = tables.snapshot
    circumstances = _circumstances(roster, _source_over(connection, source, header))
    connection.execute(update(table).where(table.c.id == header["id"]).values(**circumstances))
    if not holds_roster(connection, header, roster):
        replace_roster(connection, header["id"], roster)


def _circumstances(roster: Roster, source: SourceInfo) -> Row:
    return {
        "groups": json.dumps(roster.groups, ensure_ascii=False),
        "roster_digest": roster.digest,
        **_origin(source),
    }


def _origin(source: SourceInfo) -> Row:
    return {
        "source_kind": source.kind,
        "source_server": source.server,
        "source_version": source.version,
        "source_account": source.account,
        "source_parts": pack_parts(source),
        "tool_version": version("mailaudit"),
        **({"source_reported": source.reported} if source.reported else {}),  # known when asked
    }
