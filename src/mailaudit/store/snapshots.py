"""SnapshotStore: snapshots by Period and edition, in one SQLite file.

An edition is one collection of a Period. A collection that was stopped goes on in its edition, also
with a changed staff list. One that began before the end of the Period can't be the Period's last
word: it stays provisional, and once it is complete, or the Period is over, collecting again opens
the next edition. One that is complete and began after the end is sealed and never changes: asking
again for what could not be measured makes the next edition too, with all else taken over, and so
does counting with another staff list.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, select

from mailaudit.errors import N_, StoreError
from mailaudit.model.corrected import corrected_snapshot
from mailaudit.model.correction import Correction
from mailaudit.model.outcome import Activity
from mailaudit.model.period import Period
from mailaudit.model.reconciliation import Reconciled
from mailaudit.model.roster import Roster
from mailaudit.model.run_record import Entry, Run
from mailaudit.model.snapshot import Edition, Snapshot, SourceInfo
from mailaudit.publication.record import Record
from mailaudit.publication.register import Published
from mailaudit.store import tables
from mailaudit.store.collection import StoredCollection
from mailaudit.store.contents import read_verified_roster, read_verified_snapshot
from mailaudit.store.corrections import require_edition
from mailaudit.store.database import Database
from mailaudit.store.editions import (
    add_corrected,
    edition_to_collect,
    edition_to_renew,
    editions,
    newest_complete,
    newest_measured,
    open_retry,
    take_over_source,
)
from mailaudit.store.listing import all_editions, no_such_edition
from mailaudit.store.progress import count_mailboxes, count_outcomes, count_pending
from mailaudit.store.pruned import refuse_pruned
from mailaudit.store.publications import add_publications, read_publications
from mailaudit.store.reconciliations import add_reconciliation, read_reconciliations
from mailaudit.store.rows import source_of
from mailaudit.store.run_records import add_run, read_entries
from mailaudit.store.seals import is_final, require_sealed, seal_if_final


class SnapshotStore:
    """The snapshots in one file. Use it as a context manager, or close() it.

    Nothing is opened before the first use, and the file is created by the first collection.
    Everything raises StoreError where the file can't be used.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def at(cls, path: Path) -> Self:
        """The store in this file, which need not exist yet."""
        return cls(Database(path))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file and lets other processes collect into it."""
        self._database.close()

    def begin(
        self, period: Period, roster: Roster, source: SourceInfo, *, now: datetime
    ) -> StoredCollection:
        """Goes on with the Period's newest edition, or opens the next; locks out other writers.

        A sealed Period is not collected again: nothing is pending, and finish() gives its sums.

        Raises:
            StoreError: Another process is collecting into the file, or it can't be written.
        """
        with self._database.writing() as connection:
            snapshot_id = edition_to_collect(connection, period, roster, source, now)
            return StoredCollection(self._database, connection, snapshot_id, period)

    def renew(
        self, period: Period, roster: Roster, source: SourceInfo, *, now: datetime
    ) -> StoredCollection:
        """Counts the Period with today's Roster, in the next edition where it is sealed already.

        What was measured stays, with the cut-off; pending are the mailboxes that came to the list
        and those that could not be measured.

        Raises:
            StoreError: Another process is collecting into the file, or it can't be written.
        """
        with self._database.writing() as connection:
            snapshot_id = edition_to_renew(connection, period, roster, source, now)
            return StoredCollection(self._database, connection, snapshot_id, period)

    def retry(
        self, period: Period, source: SourceInfo, *, now: datetime
    ) -> StoredCollection | None:
        """Asks again what the newest complete edition could not measure, in the next edition.

        Goes on with such an edition where there is one. None where everything was measured.

        Raises:
            StoreError: Nothing complete is stored, or it is not to be completed but taken anew;
                another process is collecting into the file, or it can't be written.
        """
        with self._database.reading() as connection:
            stored = [] if connection is None else editions(connection, period)
        if not stored:
            raise self._nothing_complete(period)  # before a file is created
        with self._database.writing() as connection:
            snapshot_id = self._edition_to_retry(connection, period, source, now)
            if snapshot_id is not None:
                return StoredCollection(self._database, connection, snapshot_id, period)
        self._database.close()
        return None

    def _edition_to_retry(
        self, connection: Connection, period: Period, source: SourceInfo, now: datetime
    ) -> int | None:
        newest = editions(connection, period)[0]
        refuse_pruned(connection, newest)
        if now >= period.end and not is_final(newest):
            raise StoreError(
                N_("The newest collection of {period} began before the month was over."),
                N_("Collect the whole month: mailaudit collect{options} --period {period}"),
                period=period,
            )
        if count_pending(connection, newest["id"]):
            if newest["retry_of"] is None:
                raise self._nothing_complete(period)
            take_over_source(connection, newest, source)
            return int(newest["id"])
        seal_if_final(connection, newest, now)
        _, unmeasured = count_outcomes(connection, newest["id"], self._database.file)
        return open_retry(connection, newest, source) if unmeasured else None

    def load(self, period: Period, edition: int | None = None, *, sums: bool = False) -> Snapshot:
        """The Period's newest complete snapshot, or that of one edition.

        Args:
            sums: Whether one without people, of which the sums are left, will do.

        Raises:
            StoreError: There is none, or it was changed after it was sealed.
        """
        if (snapshot := self._newest_complete(period, edition, sums=sums)) is None:
            raise self._nothing_complete(period, edition)
        return snapshot

    def roster(self, period: Period, edition: int) -> Roster:
        """The staff list of one complete edition.

        Raises:
            StoreError: There is none, its people were removed, or it was changed after it was
                sealed.
        """
        with self._database.reading() as connection:
            if connection is not None and (header := newest_complete(connection, period, edition)):
                refuse_pruned(connection, header)
                return read_verified_roster(connection, header, self._database.file)
        raise self._nothing_complete(period, edition)

    def to_correct(self, period: Period) -> Snapshot:
        """The Period's newest edition, where it is sealed: corrections are made to no other.

        Raises:
            StoreError: There is none, it is still collected or provisional, or it was changed.
        """
        with self._database.reading() as connection:
            newest = None if connection is None else next(iter(editions(connection, period)), None)
            if connection is not None and newest is not None:
                require_sealed(connection, newest)
                return read_verified_snapshot(connection, newest, self._database.file)
        raise self._nothing_complete(period)

    def measured(self, period: Period, mailboxes: Sequence[str]) -> Mapping[str, Activity]:
        """What the newest edition that measured it saw of each mailbox, where one did."""
        with self._database.reading() as connection:
            return {} if connection is None else newest_measured(connection, period, mailboxes)

    def correct(
        self, period: Period, edition: int, corrections: Sequence[Correction], *, now: datetime
    ) -> Snapshot:
        """Makes corrections to a sealed edition, which stays: the next one has them, sealed too.

        Args:
            edition: The Period's newest.

        Raises:
            StoreError: It is not that any more, another process is collecting into the file, or
                the file can't be written. Nothing was changed.
        """
        with self._database.writing() as connection:
            newest = editions(connection, period)[0]
            require_sealed(connection, newest)
            require_edition(newest, edition)
            base = read_verified_snapshot(connection, newest, self._database.file)
            measured = partial(newest_measured, connection, period)
            corrected = corrected_snapshot(base, corrections, now, measured)
            add_corrected(connection, newest, corrected, now)
        return self.load(period)

    def editions(self, timezone: str) -> list[Edition]:
        """What is stored of every Period of the time zone: oldest Period and edition first."""
        with self._database.reading() as connection:
            return [] if connection is None else all_editions(connection, timezone)

    def kinds(self, period: Period) -> list[str]:
        """The kinds of sources that the Period's editions came from."""
        with self._database.reading() as connection:
            if connection is None:
                return []
            found = (source_of(header) for header in editions(connection, period))
            return sorted({one.kind for source in found for one in source.each})

    def history(self, period: Period, months: int) -> Iterator[Snapshot]:
        """The newest complete snapshot of each of the `months` Periods before, oldest first.

        Periods without one are left out. Snapshots are loaded one at a time.
        """
        for back in range(months, 0, -1):
            snapshot = self._newest_complete(period.shifted(-back), sums=True)
            if snapshot is not None:
                yield snapshot

    def unit_names(self) -> dict[str, str]:
        """The names of the units of all months by code; of several names of one the newest."""
        columns = tables.unit.c
        query = select(columns.code, columns.name).order_by(columns.snapshot_id, columns.position)
        with self._database.reading() as connection:
            return {} if connection is None else dict(connection.execute(query).tuples().all())

    def published(self, period: Period) -> list[Record]:
        """Everything reports gave of the Period, the oldest first."""
        with self._database.reading() as connection:
            return [] if connection is None else read_publications(connection, period)

    def publish(self, records: Sequence[Record], check: Callable[[Published], None]) -> None:
        """Adds what reports are about to give, where it was not given before, unless `check` fails.

        Raises:
            StoreError: The file can't be written.
        """
        if all(record in self.published(record.period) for record in records):
            return
        with self._database.adding() as connection:
            check(partial(read_publications, connection))
            add_publications(connection, records)

    def reconciled(self, period: Period) -> list[Reconciled]:
        """What second sources said of the Period: the newest of each, by name."""
        with self._database.reading() as connection:
            return [] if connection is None else read_reconciliations(connection, period)

    def add_reconciled(self, made: Reconciled) -> None:
        """Adds what a second source said of a Period.

        Raises:
            StoreError: The file can't be written.
        """
        with self._database.adding() as connection:
            add_reconciliation(connection, made)

    def add_run(self, run: Run) -> None:
        """Adds to the run record that a command made something.

        Raises:
            StoreError: The file can't be written.
        """
        with self._database.adding() as connection:
            add_run(connection, run)

    def run_record(self) -> list[Entry]:
        """All entries of the run record, the oldest first."""
        with self._database.reading() as connection:
            return [] if connection is None else read_entries(connection)

    def _newest_complete(
        self, period: Period, edition: int | None = None, *, sums: bool
    ) -> Snapshot | None:
        with self._database.reading() as connection:
            if connection is None or not (header := newest_complete(connection, period, edition)):
                return None
            if not sums:
                refuse_pruned(connection, header)
            return read_verified_snapshot(connection, header, self._database.file)

    def _nothing_complete(self, period: Period, edition: int | None = None) -> StoreError:
        """Says whether the Period was never begun, or how far its collection is."""
        file = self._database.file
        if edition is not None:
            found = [e for e in self.editions(period.timezone) if e.period == period]
            if found:
                return no_such_edition(file, found, edition)
        with self._database.reading() as connection:
            if connection is not None and (begun := editions(connection, period)):
                total = count_mailboxes(connection, begun[0]["id"])
                return StoreError(
                    N_(
                        "The collection of {period} in {file} is not finished: {done} of {total}"
                        " mailboxes."
                    ),
                    N_("Go on with it: mailaudit collect{options} --period {period}"),
                    file=file,
                    period=period,
                    done=total - count_pending(connection, begun[0]["id"]),
                    total=total,
                )
        return StoreError(
            N_("The store {file} has no snapshot of {period}."),
            N_("Collect it first: mailaudit collect{options} --period {period}"),
            file=file,
            period=period,
        )
