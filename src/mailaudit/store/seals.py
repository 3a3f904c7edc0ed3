"""Sealing an edition that is its Period's last word: from then on it never changes."""

from datetime import datetime

from sqlalchemy import Connection, update

from mailaudit.store import tables
from mailaudit.store.contents import Header, period_of, stored_digest
from mailaudit.store.digest import NEWEST
from mailaudit.store.rows import instant, instant_text


def seal_if_final(connection: Connection, header: Header, now: datetime) -> None:
    """Seals a complete edition whose collection began after the Period's end."""
    if header["sealed_at"] is None and is_final(header):
        table = tables.snapshot
        sealed = {"sealed_at": instant_text(now), "digest_version": NEWEST}
        digest = stored_digest(connection, {**header, **sealed})
        connection.execute(
            update(table).where(table.c.id == header["id"]).values(**sealed, digest=digest)
        )


def is_final(header: Header) -> bool:
    """Whether an edition's collection began when its Period was over."""
    return instant(header["cut_off_at"]) >= period_of(header).end
