"""The run record as rows that are only ever added."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select

from mailaudit.model.run_record import Entry, Run, following
from mailaudit.store.tables import run_record


def read_entries(connection: Connection) -> list[Entry]:
    """All entries as they stand there, the oldest first."""
    query = select(run_record).order_by(run_record.c.number)
    return [_entry(dict(row)) for row in connection.execute(query).mappings()]


def add_run(connection: Connection, run: Run) -> None:
    """Adds an entry after the newest one, in a transaction that keeps other writers out."""
    query = select(run_record).order_by(run_record.c.number.desc()).limit(1)
    newest = connection.execute(query).mappings().one_or_none()
    entry = following(None if newest is None else _entry(dict(newest)), run)
    values = {"number": entry.number, "digest": entry.digest, **asdict(run)}
    connection.execute(run_record.insert().values(values))


def _entry(row: Mapping[str, Any]) -> Entry:
    columns = {name: value for name, value in row.items() if name not in ("number", "digest")}
    return Entry(row["number"], Run(**columns), row["digest"])
