"""Removals: takes people out of stored months, and keeps what they come to as sums.

All that is taken out at once goes in one transaction, so that a kill leaves the file as it was or
as it is to be. Then the file is rewritten, so that no free page and no log still holds it.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, insert, select, update

from mailaudit.model.period import Period
from mailaudit.model.run_record import Run
from mailaudit.store import tables
from mailaudit.store.database import Database
from mailaudit.store.deliveries import DeliveryLedger
from mailaudit.store.person_records import nothing_stored
from mailaudit.store.persons import rows_of_person
from mailaudit.store.removable import OfPerson, Older, headers_before, headers_of, of_person, older
from mailaudit.store.remover import Remover, SumUp, unsealed
from mailaudit.store.rows import instant_text
from mailaudit.store.run_records import add_run

# The entry of the run record for a month ("2026-10"), an edition and its new seal or "".
RunOf = Callable[[str, int, str], Run]


class Removals:
    """Removing people from the file of a store.

    Args:
        file: Of the store.
    """

    def __init__(self, file: Path) -> None:
        self._database = Database(file)

    def of_person(self, asked: str) -> OfPerson:
        """What would be removed of the person with this address or staff code.

        Raises:
            StoreError: There is no store, or it can't be read.
            UsageError: It has nothing of such a person, or the address of several.
        """
        try:
            with self._database.reading() as connection:
                if connection is None:
                    raise nothing_stored(self._database.file)
                rows = rows_of_person(connection, asked, self._database.file)
                return of_person(connection, rows)
        finally:
            self._database.close()

    def forget(self, asked: str, sum_up: SumUp, run_of: RunOf, *, now: datetime) -> OfPerson:
        """Removes the person from every edition, and notes that of each; what was removed.

        Raises:
            StoreError: An edition was changed after it was sealed, another process is collecting
                into the file, or it can't be written. Nothing was changed.
            UsageError: As `of_person`.
        """
        file = self._database.file
        self._require_store()
        with (
            DeliveryLedger(file).held(),  # or a mail noted meanwhile would keep its recipient
            self._database.writing() as connection,
            unsealed(connection),
        ):
            rows = rows_of_person(connection, asked, file)
            found = of_person(connection, rows)
            _mark_unerased(connection, now)
            for header in headers_of(connection, rows):
                remover = Remover(connection, header, file, sum_up, now)
                digest = remover.remove_person(rows)
                add_run(connection, run_of(header["period"], header["edition"], digest))
            if not found.editions:
                for period, edition in sorted(
                    {(r["period"], r["edition"]) for r in rows.deliveries}
                ):
                    add_run(connection, run_of(period, edition, ""))
            ids = [row["id"] for row in rows.deliveries]
            _forget_mails(connection, tables.delivery.c.id.in_(ids))
        return found

    def older(self, oldest_kept: Period) -> Older:
        """What would be removed of the months before one.

        Raises:
            StoreError: There is no store, or it can't be read.
        """
        try:
            with self._database.reading() as connection:
                if connection is None:
                    raise nothing_stored(self._database.file)
                return older(connection, oldest_kept)
        finally:
            self._database.close()

    def prune(
        self,
        oldest_kept: Period,
        sum_up: SumUp,
        run_of: RunOf,
        on_edition: Callable[[str, int], None],
        *,
        now: datetime,
    ) -> Older:
        """Removes everybody from the months before one, and notes that of each edition.

        Their sums stay; an edition whose collection was not ended has none, and goes whole.

        Args:
            on_edition: Is called with month and edition before each of them.

        Raises:
            StoreError: As `forget`.
        """
        file = self._database.file
        self._require_store()
        with (
            DeliveryLedger(file).held(),
            self._database.writing() as connection,
            unsealed(connection),
        ):
            found = older(connection, oldest_kept)
            if found.editions or found.mails:
                _mark_unerased(connection, now)
            for header in headers_before(connection, oldest_kept):
                on_edition(header["period"], header["edition"])
                digest = Remover(connection, header, file, sum_up, now).remove_everybody()
                add_run(connection, run_of(header["period"], header["edition"], digest))
            _forget_mails(connection, tables.delivery.c.period < str(oldest_kept))
        return found

    def _require_store(self) -> None:
        """Raises StoreError before a file is created."""
        with self._database.reading() as connection:
            if connection is None:
                raise nothing_stored(self._database.file)

    def is_unerased(self) -> bool:
        """Whether a removal was stopped before the file was rewritten."""
        with self._database.reading() as connection:
            since = select(tables.unerased.c.since).limit(1)
            return connection is not None and connection.scalar(since) is not None

    def erase(self) -> bool:
        """Rewrites the file without what was removed; whether it is done.

        It is not as long as another process reads the file; the next command that writes does it.
        """
        return self._database.erase()

    def close(self) -> None:
        """Closes the file and lets other processes collect into it."""
        self._database.close()


def _forget_mails(connection: Connection, condition: ColumnElement[bool]) -> None:
    """Leaves of mails what they brought and when, and not to whom."""
    table = tables.delivery
    connection.execute(update(table).where(condition).values(recipient="", detail=""))


def _mark_unerased(connection: Connection, now: datetime) -> None:
    connection.execute(insert(tables.unerased).values(since=instant_text(now)))
