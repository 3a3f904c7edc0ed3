"""StoredCollection: one edition while it is collected."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select

from mailaudit.errors import N_, StoreError
from mailaudit.model.corrected import correct_again
from mailaudit.model.correction import AppliedCorrection, Correction
from mailaudit.model.outcome import Outcome
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster
from mailaudit.model.snapshot import Collected, Job, SourceInfo
from mailaudit.store import tables
from mailaudit.store.contents import Header, holds_roster, require_digest
from mailaudit.store.corrections import read_corrections
from mailaudit.store.database import Database
from mailaudit.store.editions import take_over_source
from mailaudit.store.observations import Observations
from mailaudit.store.progress import (
    aliases_of,
    count_by_server,
    count_mailboxes,
    count_outcomes,
    count_pending,
    opened_servers,
    pending_mailboxes,
    servers_of,
)
from mailaudit.store.retries import drop_fruitless_retry
from mailaudit.store.rows import instant
from mailaudit.store.seals import seal_if_final
from mailaudit.store.sqlite_errors import store_error


class StoredCollection:
    """What is still to ask of one edition, and where the outcomes go."""

    def __init__(
        self, database: Database, connection: Connection, snapshot_id: int, period: Period
    ) -> None:
        self._database = database
        self._id = snapshot_id
        self._period = period
        self._total = count_mailboxes(connection, snapshot_id)
        self._observations = Observations(connection, self._header(connection))

    @property
    def period(self) -> Period:
        """The month that is collected."""
        return self._period

    @property
    def pending(self) -> Sequence[str]:
        """The mailboxes without an outcome yet, in staff-list order; read from the file."""
        with self._database.writing() as connection:
            return pending_mailboxes(connection, self._id)

    def job(self) -> Job:
        """What is still to ask; what was measured may be taken over from an earlier edition."""
        with self._database.writing() as connection:
            opened_at = opened_servers(connection, self._id)
            return Job(
                mailboxes=pending_mailboxes(connection, self._id),
                period=self._period,
                opened_before=bool(opened_at),
                opened_at=opened_at,
                aliases=aliases_of(connection, self._id),
                servers=servers_of(connection, self._id),
            )

    @property
    def total(self) -> int:
        """How many mailboxes the Roster has."""
        return self._total

    def uses(self, roster: Roster) -> bool:
        """Whether it counts with this Roster, not with the one its Period was collected with.

        The Period's corrections are taken into account.
        """
        with self._database.writing() as connection:
            corrected, _ = correct_again(roster, self._corrections(connection))
            return holds_roster(connection, self._header(connection), corrected)

    def unfitting(self) -> tuple[Correction, ...]:
        """The Period's corrections that its Roster has no place for any more."""
        with self._database.writing() as connection:
            made = self._corrections(connection)
        return tuple(one.correction for one in made if not one.fits)

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Stores the outcomes in one transaction; after it, even a power cut keeps them.

        An Activity is merged with what earlier collections of the Period saw of its mailbox.

        Raises:
            ValueError: A day of an Activity lies outside the Period. Nothing is stored.
            sqlalchemy.exc.IntegrityError: A mailbox is not in the Roster, or has its outcome
                already. Nothing is stored.
            StoreError: The file can't be written.
        """
        if outcomes:
            with self._database.writing() as connection:
                rows = list(self._observations.rows(connection, outcomes))
                connection.execute(insert(tables.outcome), rows)

    def came_from(self, source: SourceInfo) -> None:
        """Stores what is known of the source once it was asked."""
        with self._database.writing() as connection:
            take_over_source(connection, self._header(connection), source)

    def finish(self, now: datetime, *, however_little: bool = False) -> Collected:
        """What was collected; sealed from now on if its Period was over when it began.

        Where mailboxes were asked again and nothing came of it, the edition before stays the
        newest: its figures are the same, and whoever has its reports needs no others.

        The sums are read back from the closed file.

        Args:
            however_little: Whether it is sealed too where less than SEALED_FROM was measured.

        Raises:
            StoreError: Mailboxes have no outcome yet, the sealed snapshot was changed, or the file
                does not hold what was written to it.
        """
        with self._database.writing() as connection:
            pending = count_pending(connection, self._id)
            if pending:
                raise StoreError(
                    N_("The collection of {period} is not finished: {done} of {total} mailboxes."),
                    N_("Go on with it: mailaudit collect{options} --period {period}"),
                    period=self._period,
                    done=self._total - pending,
                    total=self._total,
                )
            header = self._header(connection)
            base = drop_fruitless_retry(connection, header)
            if base is not None:
                self._id = base["id"]
            seal_if_final(connection, base or header, now, however_little=however_little)
        self._database.close()  # so that another process may collect while reports are made
        return self._read_back()

    def _read_back(self) -> Collected:
        file = self._database.file
        with self._database.reading() as connection:
            if connection is None:
                raise store_error(file, sqlite3.SQLITE_CORRUPT)
            header = self._header(connection)
            if header["sealed_at"] is not None:
                require_digest(connection, header, file)
            measured, unmeasured = count_outcomes(connection, self._id, file)
            servers = count_by_server(connection, self._id)
        return Collected(
            period=self._period,
            edition=header["edition"],
            sealed_at=header["sealed_at"] and instant(header["sealed_at"]),
            digest=header["digest"] or "",
            measured=measured,
            unmeasured=unmeasured,
            servers=servers,
        )

    def _corrections(self, connection: Connection) -> tuple[AppliedCorrection, ...]:
        return read_corrections(connection, self._id, str(self._period))

    def _header(self, connection: Connection) -> Header:
        table = tables.snapshot
        return connection.execute(select(table).where(table.c.id == self._id)).mappings().one()
