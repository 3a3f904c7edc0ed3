"""Earlier collections of a Period: what they saw stays counted when it is deleted later.

The one place where observations are merged. Each Activity stored carries everything the editions
before it saw of its mailbox, so the newest earlier one is all that is needed. (But for an address
that was changed between two editions and is made known as an alias after a third only: what the
first saw under the old address is not found again.)
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from mailaudit.model.outcome import Activity, Outcome
from mailaudit.store import tables
from mailaudit.store.contents import Header, period_of
from mailaudit.store.rows import Row, merged_row, outcome_row, source_of


class Observations:
    """Makes rows of one edition's outcomes, with what earlier editions of its Period saw."""

    def __init__(self, connection: Connection, header: Header) -> None:
        table = tables.snapshot
        query = (
            select(table)
            .where(table.c.period == header["period"], table.c.timezone == header["timezone"])
            .where(table.c.edition < header["edition"])
            .order_by(table.c.edition)
        )
        earlier = connection.execute(query).mappings()
        self._earlier_sources = {one["id"]: source_of(one) for one in earlier}
        self._source = source_of(header)
        self._snapshot_id: int = header["id"]
        self._period = period_of(header)
        self._calendar_days = {day.day: day for day in self._period.days()}

    def rows(self, connection: Connection, outcomes: Sequence[Outcome]) -> Iterator[Row]:
        """The rows to store. An Unmeasured stays one: part of a month can't stand for all of it.

        Raises:
            ValueError: A day of an Activity lies outside the Period.
        """
        kinds = {one.mailbox: self._source.kind_at(one.server) for one in outcomes}
        earlier = self._earlier(connection, kinds)
        for outcome in outcomes:
            known = earlier.get(outcome.mailbox)
            if known is None or not isinstance(outcome, Activity):
                row = outcome_row(outcome, self._period)
            else:
                row = merged_row(known, outcome, self._period, self._calendar_days)
            yield {"snapshot_id": self._snapshot_id, **row}

    def _earlier(
        self, connection: Connection, kinds: Mapping[str, str]
    ) -> Mapping[str, Mapping[str, Any]]:
        """The newest earlier Activity of each mailbox that has one, also under another address.

        What another kind of source saw is no part of it: the two do not count the same.

        Args:
            kinds: Of the sources that measure now, by mailbox.
        """
        table = tables.outcome
        named = self._by_address(connection, list(kinds))
        newest: dict[str, Mapping[str, Any]] = {}
        for snapshot_id, source in self._earlier_sources.items():  # oldest first, the newest wins
            query = select(table).where(
                table.c.snapshot_id == snapshot_id,
                table.c.mailbox.in_(list(named)),
                table.c.days.is_not(None),
            )
            for row in connection.execute(query).mappings():
                mailbox = named[row["mailbox"]]
                if source.kind_at(row["server"]) == kinds[mailbox]:
                    newest[mailbox] = {**row, "mailbox": mailbox}
        return newest

    def _by_address(self, connection: Connection, mailboxes: Sequence[str]) -> dict[str, str]:
        """The mailboxes by their addresses: each by its own, and by the aliases of its owner."""
        staff = tables.staff
        query = select(staff.c.mailbox, staff.c.aliases).where(
            staff.c.snapshot_id == self._snapshot_id,
            staff.c.mailbox.in_(mailboxes),
            staff.c.aliases != "",
        )
        aliases = {
            alias: mailbox
            for mailbox, others in connection.execute(query)
            for alias in others.split()
        }
        return {**aliases, **{mailbox: mailbox for mailbox in mailboxes}}
