"""Sealing an edition that is its Period's last word: from then on it never changes."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, update

from mailaudit.store import tables
from mailaudit.store.contents import Header, period_of, verified_digest
from mailaudit.store.rows import instant, instant_text


def seal_if_final(
    connection: Connection, header: Header, now: datetime, file: Path
) -> datetime | None:
    """When a complete edition was sealed, or is now; None where it can't be.

    It can be where its collection began after the Period's end. One that is sealed is verified.

    Raises:
        StoreError: It was changed after it was sealed, or holds what can't be read.
    """
    if header["sealed_at"] is None and not is_final(header):
        return None
    digest = verified_digest(connection, header, file)
    if header["sealed_at"] is not None:
        return instant(header["sealed_at"])
    table = tables.snapshot
    connection.execute(
        update(table)
        .where(table.c.id == header["id"])
        .values(sealed_at=instant_text(now), digest=digest)
    )
    return instant(instant_text(now))


def is_final(header: Header) -> bool:
    """Whether an edition's collection began when its Period was over."""
    return instant(header["cut_off_at"]) >= period_of(header).end
