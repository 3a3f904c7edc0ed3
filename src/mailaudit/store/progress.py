"""How far a snapshot is: which mailboxes are still to ask, and where; how many were measured."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from mailaudit.model.outcome import Reason
from mailaudit.store import tables
from mailaudit.store.sqlite_errors import store_error


def pending_mailboxes(connection: Connection, snapshot_id: int) -> tuple[str, ...]:
    """The mailboxes without an outcome, in staff-list order."""
    query = _without_outcome(select(tables.staff.c.mailbox), snapshot_id)
    return tuple(connection.scalars(query.order_by(tables.staff.c.position)))


def aliases_of(connection: Connection, snapshot_id: int) -> dict[str, list[str]]:
    """The aliases of the mailboxes that have some."""
    staff = tables.staff
    query = select(staff.c.mailbox, staff.c.aliases).where(
        staff.c.snapshot_id == snapshot_id, staff.c.mailbox.is_not(None), staff.c.aliases != ""
    )
    return {mailbox: aliases.split() for mailbox, aliases in connection.execute(query)}


def servers_of(connection: Connection, snapshot_id: int) -> dict[str, str]:
    """The servers of the mailboxes for which the staff list names one."""
    staff = tables.staff
    query = select(staff.c.mailbox, staff.c.server).where(
        staff.c.snapshot_id == snapshot_id, staff.c.mailbox.is_not(None), staff.c.server != ""
    )
    return {mailbox: str(server) for mailbox, server in connection.execute(query)}


def count_pending(connection: Connection, snapshot_id: int) -> int:
    """How many mailboxes have no outcome."""
    query = _without_outcome(select(func.count(tables.staff.c.mailbox)), snapshot_id)
    return connection.scalar(query) or 0


def opened_servers(connection: Connection, snapshot_id: int) -> frozenset[str]:
    """The names of the servers at which a mailbox was measured; of one alone it is empty text."""
    outcome = tables.outcome
    query = select(outcome.c.server).where(
        outcome.c.snapshot_id == snapshot_id, outcome.c.days.is_not(None)
    )
    return frozenset(connection.scalars(query.distinct()))


def _without_outcome(query: Select[Any], snapshot_id: int) -> Select[Any]:
    """The query restricted to the staff of a snapshot whose mailbox has no outcome."""
    staff, outcome = tables.staff, tables.outcome
    same = and_(outcome.c.snapshot_id == staff.c.snapshot_id, outcome.c.mailbox == staff.c.mailbox)
    return (
        query.select_from(staff)
        .outerjoin(outcome, same)
        .where(
            staff.c.snapshot_id == snapshot_id,
            staff.c.mailbox.is_not(None),
            outcome.c.mailbox.is_(None),
        )
    )


def count_measured(connection: Connection, snapshot_id: int) -> int:
    """How many mailboxes were measured."""
    outcome = tables.outcome
    query = select(func.count(outcome.c.days)).where(outcome.c.snapshot_id == snapshot_id)
    return connection.scalar(query) or 0


def count_outcomes(
    connection: Connection, snapshot_id: int, file: Path
) -> tuple[int, dict[Reason, int]]:
    """How many mailboxes were measured, and how many were not by reason, the most frequent first.

    Raises:
        StoreError: A reason is unknown.
    """
    reason, count = tables.outcome.c.reason, func.count()
    query = (
        select(reason, count)
        .where(tables.outcome.c.snapshot_id == snapshot_id)
        .group_by(reason)
        .order_by(count.desc(), reason)
    )
    measured, unmeasured = 0, {}
    for name, number in connection.execute(query):
        if name is None:
            measured = number
            continue
        try:
            unmeasured[Reason(name)] = number
        except ValueError as error:
            raise store_error(file, sqlite3.SQLITE_CORRUPT) from error
    return measured, unmeasured


def count_by_server(connection: Connection, snapshot_id: int) -> dict[str, tuple[int, int]]:
    """How many mailboxes each named server measured, of how many it was to be asked for."""
    outcome = tables.outcome
    query = (
        select(outcome.c.server, func.count(outcome.c.days), func.count())
        .where(outcome.c.snapshot_id == snapshot_id, outcome.c.server != "")
        .group_by(outcome.c.server)
        .order_by(outcome.c.server)
    )
    return {name: (measured, total) for name, measured, total in connection.execute(query)}


def count_mailboxes(connection: Connection, snapshot_id: int) -> int:
    """How many mailboxes the snapshot's Roster has."""
    query = select(func.count(tables.staff.c.mailbox)).where(
        tables.staff.c.snapshot_id == snapshot_id
    )
    return connection.scalar(query) or 0
