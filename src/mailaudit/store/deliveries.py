"""DeliveryLedger: what was sent to whom, in rows that are added before a mail goes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select, update

from mailaudit.errors import N_, StoreError
from mailaudit.model.delivery import Attempt, Fate
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Snapshot
from mailaudit.store.database import Database
from mailaudit.store.editions import newest_complete
from mailaudit.store.lock import WriterLock
from mailaudit.store.rows import instant, instant_text
from mailaudit.store.tables import delivery


class DeliveryLedger:
    """The deliveries in the file of a store. Everything raises StoreError where it can't be used.

    Args:
        file: Of the store.
    """

    def __init__(self, file: Path) -> None:
        self._database = Database(file)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps other processes from delivering meanwhile. Raises StoreError where one does."""
        lock = WriterLock(
            self._database.file,
            ".deliver.lock",
            N_("Another mailaudit is delivering from {file}."),
            N_("Wait until it is done, or stop it."),
        )
        lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def deliveries(self, period: Period) -> list[Attempt]:
        """Every attempt to send somebody an edition of the Period, the oldest first."""
        query = (
            select(delivery)
            .where(delivery.c.period == str(period), delivery.c.timezone == period.timezone)
            .order_by(delivery.c.id)
        )
        with self._database.reading() as connection:
            rows = [] if connection is None else list(connection.execute(query).mappings())
        self._database.close()  # see Database.adding: no other opens the file meanwhile
        return [
            Attempt(
                edition=row["edition"],
                recipient=row["recipient"],
                message_id=row["message_id"],
                digest=row["digest"],
                begun_at=instant(row["begun_at"]),
                fate=Fate(row["fate"]),
                ended_at=None if row["ended_at"] is None else instant(row["ended_at"]),
                detail=row["detail"],
                units=tuple(json.loads(row["units"])),
                is_board=bool(row["is_board"]),
            )
            for row in rows
        ]

    def begin(self, snapshot: Snapshot, attempt: Attempt) -> None:
        """Notes that a mail about the snapshot is about to be sent.

        Raises:
            StoreError: Another edition has taken its place, or the file can't be written.
        """
        period = snapshot.period
        values = asdict(attempt) | {
            "period": str(period),
            "timezone": period.timezone,
            "begun_at": instant_text(attempt.begun_at),
            "units": json.dumps(attempt.units, ensure_ascii=False),
        }
        with self._database.adding() as connection:
            _refuse_replaced(connection, snapshot)
            connection.execute(delivery.insert().values(**values))

    def check(self, snapshot: Snapshot) -> None:
        """Raises StoreError where another edition has taken the snapshot's place."""
        with self._database.adding() as connection:
            _refuse_replaced(connection, snapshot)

    def end(self, message_id: str, fate: Fate, detail: str, *, now: datetime) -> None:
        """Notes what became of a mail."""
        ended = {"fate": fate, "detail": detail, "ended_at": instant_text(now)}
        with self._database.adding() as connection:
            connection.execute(
                update(delivery).where(delivery.c.message_id == message_id).values(**ended)
            )


def _refuse_replaced(connection: Connection, snapshot: Snapshot) -> None:
    header = newest_complete(connection, snapshot.period)
    found = None if header is None else (header["edition"], header["roster_digest"])
    if found != (snapshot.edition, snapshot.roster.digest):
        raise StoreError(
            N_("Edition {edition} of {period} was replaced while it was being delivered."),
            N_("No further mail was sent. The same command goes on with the newest edition."),
            edition=snapshot.edition,
            period=snapshot.period,
        )
