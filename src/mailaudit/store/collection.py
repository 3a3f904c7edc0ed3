"""StoredCollection: one edition while it is collected."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from mailaudit.errors import N_, StoreError
from mailaudit.model.outcome import Outcome
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Snapshot
from mailaudit.store import tables
from mailaudit.store.contents import (
    Header,
    count_mailboxes,
    pending_mailboxes,
    read_verified_snapshot,
)
from mailaudit.store.database import Database
from mailaudit.store.rows import instant_text, outcome_row


class StoredCollection:
    """What is still to ask of one edition, and where the outcomes go."""

    def __init__(
        self, database: Database, connection: Connection, snapshot_id: int, period: Period
    ) -> None:
        self._database = database
        self._id = snapshot_id
        self._period = period
        self._pending = pending_mailboxes(connection, snapshot_id)
        self._total = count_mailboxes(connection, snapshot_id)

    @property
    def pending(self) -> Sequence[str]:
        """The mailboxes that had no outcome when the collection began, in staff-list order."""
        return self._pending

    @property
    def total(self) -> int:
        """How many mailboxes the Roster has."""
        return self._total

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Stores the outcomes in one transaction; after it, even a power cut keeps them.

        Raises:
            ValueError: A day of an Activity lies outside the Period. Nothing is stored.
            sqlalchemy.exc.IntegrityError: A mailbox is not in the Roster, or has its outcome
                already. Nothing is stored.
            StoreError: The file can't be written.
        """
        rows = [
            {"snapshot_id": self._id, **outcome_row(outcome, self._period)} for outcome in outcomes
        ]
        if rows:
            with self._database.writing() as connection:
                connection.execute(insert(tables.outcome), rows)

    def finish(self, now: datetime) -> Snapshot:
        """The collected snapshot; sealed from now on if its Period was over when it began.

        Raises:
            StoreError: Mailboxes have no outcome yet.
        """
        with self._database.writing() as connection:
            pending = len(pending_mailboxes(connection, self._id))
            if pending:
                raise StoreError(
                    N_("The collection of {period} is not finished: {done} of {total} mailboxes."),
                    N_("Go on with it: mailaudit collect --period {period}"),
                    period=self._period,
                    done=self._total - pending,
                    total=self._total,
                )
            header = self._header(connection)
            snapshot = read_verified_snapshot(connection, header, self._database.file)
            if snapshot.sealed_at is None and snapshot.cut_off_at >= self._period.end:
                snapshot = self._seal(connection, snapshot, now)
        self._database.close()  # so that another process may collect while reports are made
        return snapshot

    def _seal(self, connection: Connection, snapshot: Snapshot, now: datetime) -> Snapshot:
        table = tables.snapshot
        connection.execute(
            update(table)
            .where(table.c.id == self._id)
            .values(sealed_at=instant_text(now), digest=snapshot.digest)
        )
        return replace(snapshot, sealed_at=now)

    def _header(self, connection: Connection) -> Header:
        table = tables.snapshot
        return connection.execute(select(table).where(table.c.id == self._id)).mappings().one()
