"""Remover: takes people out of one edition, and puts a seal of what is left in place of its own."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Table, delete, text, true, update

from mailaudit.model.removal import Removal, Sums
from mailaudit.model.snapshot import Snapshot
from mailaudit.store import tables
from mailaudit.store.contents import Header, read_verified_snapshot, stored_digest
from mailaudit.store.digest import NEWEST
from mailaudit.store.persons import PersonRows
from mailaudit.store.progress import count_pending
from mailaudit.store.removal_rows import drop_removal, write_removal

# The Sums of the people of a snapshot with these keys and of those removed from it before; without
# keys those of everybody.
SumUp = Callable[[Snapshot, Collection[str] | None], Sums]


@dataclass(frozen=True, slots=True)
class Remover:
    """Takes people out of one edition, in a transaction without seals."""

    connection: Connection
    header: Header
    file: Path
    sum_up: SumUp
    now: datetime
    _id: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_id", int(self.header["id"]))

    def remove_person(self, rows: PersonRows) -> str:
        """Takes one person out; the edition's new seal, "" where it has none."""
        keys = {row["key"] for row in rows.staff if row["snapshot_id"] == self._id}
        removal = self._removal(keys, is_whole=False)
        boxes = [row["mailbox"] for row in rows.outcomes if row["snapshot_id"] == self._id]
        positions = [row["position"] for row in rows.corrections if row["snapshot_id"] == self._id]
        self._delete(tables.outcome, "mailbox", boxes)
        self._delete(tables.staff, "key", keys)
        self._blank_corrections(tables.correction.c.position.in_(positions))
        codes = [row["code"] for row in rows.heads if row["snapshot_id"] == self._id]
        self._forget_heads(tables.unit.c.code.in_(codes))
        return self._end(removal)

    def remove_everybody(self) -> str:
        """Takes all people out; the edition's new seal, "" where it has none."""
        removal = self._removal(None, is_whole=True)
        for table in (tables.outcome, tables.staff, tables.correction):
            self._delete_all(table)
        if removal is None:
            drop_removal(self.connection, self._id)
            self._delete_all(tables.unit)
            table = tables.snapshot
            self.connection.execute(delete(table).where(table.c.id == self._id))
            return ""
        self._forget_heads(true())
        return self._end(removal)

    def _delete_all(self, table: Table) -> None:
        self.connection.execute(delete(table).where(table.c.snapshot_id == self._id))

    def _blank_corrections(self, condition: ColumnElement[bool]) -> None:
        """Leaves that something of somebody was corrected, as the edition says it was."""
        table = tables.correction
        texts = dict.fromkeys(("person", "value", "reason", "document", "approved_by"), "")
        days = dict.fromkeys(("status_from", "status_to"), None)
        own = update(table).where(table.c.snapshot_id == self._id, condition)
        self.connection.execute(own.values(**texts, **days))

    def _forget_heads(self, condition: ColumnElement[bool]) -> None:
        own = update(tables.unit).where(tables.unit.c.snapshot_id == self._id, condition)
        self.connection.execute(own.values(head_name="", head_address=""))

    def _removal(self, keys: Collection[str] | None, *, is_whole: bool) -> Removal | None:
        """What is left of people of a complete edition, which is verified; None of another."""
        header = self.header
        if header["sealed_at"] is None and count_pending(self.connection, self._id):
            return None
        snapshot = read_verified_snapshot(self.connection, header, self.file)
        before = snapshot.removal
        first = header["digest"] or "" if before is None else before.first_digest
        return Removal(self.now, is_whole, first, self.sum_up(snapshot, keys))

    def _delete(self, table: Table, column: str, values: Collection[object]) -> None:
        if values:
            self.connection.execute(
                delete(table).where(table.c.snapshot_id == self._id, table.c[column].in_(values))
            )

    def _end(self, removal: Removal | None) -> str:
        """Writes what is left, and puts a new seal in the place of the old one."""
        if removal is not None:
            write_removal(self.connection, self._id, removal)
        if self.header["sealed_at"] is None:
            return ""
        header = {**self.header, "digest_version": NEWEST}
        digest = stored_digest(self.connection, header)
        table = tables.snapshot
        self.connection.execute(
            update(table).where(table.c.id == self._id).values(digest=digest, digest_version=NEWEST)
        )
        return digest


@contextmanager
def unsealed(connection: Connection) -> Iterator[None]:
    """Takes the triggers away that refuse to change what is sealed, until the end of the block.

    They come back in the same transaction, so that no other process ever sees the file without.
    """
    query = text(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_sealed'"
        " ESCAPE '\\'"
    )
    triggers = connection.execute(query).all()
    for name, _ in triggers:
        connection.execute(text(f'DROP TRIGGER "{name}"'))
    yield
    for _, sql in triggers:
        connection.exec_driver_sql(sql)
