"""Asking again in vain: an edition that is the one before it once more is dropped."""

from typing import Any

from sqlalchemy import Connection, Select, Table, delete, select

from mailaudit.store import tables
from mailaudit.store.contents import Header, period_of
from mailaudit.store.editions import editions


def drop_fruitless_retry(connection: Connection, header: Header) -> Header | None:
    """Drops an edition that is the one it asked again for, moments apart; gives that one.

    None, and nothing is dropped, where anything else differs: the staff list, a mailbox that was
    measured, or why one was not.
    """
    stored = {edition["edition"]: edition for edition in editions(connection, period_of(header))}
    base = stored.get(header["retry_of"])
    own = (
        *(tables.outcome, tables.correction, tables.staff, tables.unit),
        *(tables.removal_sum, tables.removal),
    )
    if base is None or any(_differ(connection, table, header, base) for table in own):
        return None
    for table in own:
        connection.execute(delete(table).where(table.c.snapshot_id == header["id"]))
    connection.execute(delete(tables.snapshot).where(tables.snapshot.c.id == header["id"]))
    return base


def _differ(connection: Connection, table: Table, one: Header, other: Header) -> bool:
    """Whether two editions differ in a table, by more than when mailboxes were asked."""
    apart = ("snapshot_id", "observed_at", "first_digest")
    columns = [column for column in table.c if column.name not in apart]

    def rows(edition: Header) -> Select[Any]:
        return select(*columns).where(table.c.snapshot_id == edition["id"])

    missing = (rows(one).except_(rows(other)), rows(other).except_(rows(one)))
    return any(connection.execute(query.limit(1)).first() is not None for query in missing)
