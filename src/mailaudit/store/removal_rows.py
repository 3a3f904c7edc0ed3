"""Removals as rows of a snapshot, and back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert

from mailaudit.model.outcome import Reason
from mailaudit.model.removal import Alike, Removal, Sums
from mailaudit.model.usage import OutOfScope, Silence, StaffState
from mailaudit.store import tables
from mailaudit.store.rows import instant, instant_text

Row = Mapping[str, Any]


def removal_of(rows: Sequence[Row], sums: Sequence[Row]) -> Removal | None:
    """The Removal of a snapshot's rows, of which the first table has one at the most.

    Raises:
        ValueError: They hold what is not known.
    """
    if not rows:
        return None
    (row,) = rows
    silence = row["silence"]
    return Removal(
        removed_at=instant(row["removed_at"]),
        is_whole=bool(row["is_whole"]),
        first_digest=row["first_digest"],
        sums=Sums(
            rules=row["rules"],
            silence=None if silence is None else Silence(silence),
            alike=tuple(map(_alike_of, sums)),
        ),
    )


def write_removal(connection: Connection, snapshot_id: int, removal: Removal) -> None:
    """Makes this the Removal of a snapshot."""
    drop_removal(connection, snapshot_id)
    silence = removal.sums.silence
    connection.execute(
        insert(tables.removal).values(
            snapshot_id=snapshot_id,
            removed_at=instant_text(removal.removed_at),
            is_whole=int(removal.is_whole),
            first_digest=removal.first_digest,
            rules=removal.sums.rules,
            silence=None if silence is None else silence.value,
        )
    )
    rows = [{"snapshot_id": snapshot_id, **row} for row in _sum_rows(removal.sums)]
    if rows:
        connection.execute(insert(tables.removal_sum), rows)


def drop_removal(connection: Connection, snapshot_id: int) -> None:
    """Makes a snapshot one from which nobody was removed."""
    for table in (tables.removal_sum, tables.removal):
        connection.execute(delete(table).where(table.c.snapshot_id == snapshot_id))


def _alike_of(row: Row) -> Alike:
    out_of_scope, reason = row["out_of_scope"], row["reason"]
    return Alike(
        unit_code=row["unit_code"],
        state=StaffState(row["state"]),
        out_of_scope=None if out_of_scope is None else OutOfScope(out_of_scope),
        word=row["word"],
        undated=bool(row["undated"]),
        reason=None if reason is None else Reason(reason),
        has_read=bool(row["has_read"]),
        has_sent=bool(row["has_sent"]),
        sent_enough=bool(row["sent_enough"]),
        regular=bool(row["regular"]),
        kind=row["kind"],
        people=row["people"],
    )


def _sum_rows(sums: Sums) -> Iterator[Row]:
    for position, one in enumerate(sums.alike):
        yield {
            "position": position,
            "unit_code": one.unit_code,
            "state": one.state.value,
            "out_of_scope": one.out_of_scope and one.out_of_scope.value,
            "word": one.word,
            "undated": int(one.undated),
            "reason": one.reason and one.reason.value,
            "has_read": int(one.has_read),
            "has_sent": int(one.has_sent),
            "sent_enough": int(one.sent_enough),
            "regular": int(one.regular),
            "kind": one.kind,
            "people": one.people,
        }
