"""Looking at a store without changing it: is it sound, and is what was sealed as it was sealed?"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select, text

from mailaudit.model.period import Period
from mailaudit.store import tables
from mailaudit.store.contents import period_of, require_digest
from mailaudit.store.database import open_engine, refuse_other_content
from mailaudit.store.schema import NEWEST, require_known, revision_of
from mailaudit.store.sqlite_errors import as_store_errors, store_error


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a store is and holds.

    Attributes:
        size: Of the file, bytes.
        is_current: Whether its schema is the newest; of an older one nothing else is known, and
            the next command that uses it brings it up to date.
        sealed: The months that are sealed, each once.
        seals: How many editions are sealed, all of them as they were sealed.
        unit_codes: Of the units of all months.
    """

    size: int
    is_current: bool = True
    sealed: frozenset[Period] = frozenset()
    seals: int = 0
    unit_codes: frozenset[str] = frozenset()


def inspect_store(file: Path) -> Inspected | None:
    """Reads the whole store; None where there is none yet, or nothing in it.

    Raises:
        StoreError: It is damaged, was changed after it was sealed, is another program's or of a
            newer version, or can't be read.
    """
    if not file.exists():
        return None
    refuse_other_content(file)
    engine = open_engine(file, writing=False)
    try:
        with as_store_errors(file), engine.begin() as connection:
            revision = revision_of(connection, file)
            if revision is None:
                return None
            require_known(revision, file)
            if connection.scalar(text("PRAGMA quick_check(1)")) != "ok":
                raise store_error(file, sqlite3.SQLITE_CORRUPT)
            if revision != NEWEST:
                return Inspected(file.stat().st_size, is_current=False)
            return _verified(connection, file)
    finally:
        engine.dispose()


def _verified(connection: Connection, file: Path) -> Inspected:
    """The contents, each seal verified. Raises StoreError."""
    headers = select(tables.snapshot).where(tables.snapshot.c.sealed_at.is_not(None))
    sealed = list(connection.execute(headers).mappings())
    for header in sealed:
        require_digest(connection, header, file)
    codes = connection.scalars(select(tables.unit.c.code).distinct())
    return Inspected(
        size=file.stat().st_size,
        sealed=frozenset(map(period_of, sealed)),
        seals=len(sealed),
        unit_codes=frozenset(codes),
    )
