"""PersonRecords: what is stored of a person, to be read by that person."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, select

from mailaudit.errors import N_, StoreError
from mailaudit.model.outcome import DayActivity
from mailaudit.model.period import Period
from mailaudit.model.person import Person, PersonRecord, RecordKind
from mailaudit.store import tables
from mailaudit.store.contents import Header, period_of
from mailaudit.store.database import Database
from mailaudit.store.persons import PersonRows, Row, rows_of_person
from mailaudit.store.rows import instant, source_of, unpack_days

_NOT_SHOWN = frozenset({"id", "snapshot_id", "position", "timezone", "days", "seen_days"})


class PersonRecords:
    """The rows about persons in the file of a store.

    Args:
        file: Of the store.
    """

    def __init__(self, file: Path) -> None:
        self._database = Database(file)

    def of(self, asked: str) -> tuple[Person, tuple[PersonRecord, ...]]:
        """A person and everything that is stored of them, by month and edition.

        Args:
            asked: An address or a staff code.

        Raises:
            StoreError: There is no store, or it can't be read.
            UsageError: It has nothing of such a person, or the address of several.
        """
        file = self._database.file
        try:
            with self._database.reading() as connection:
                if connection is None:
                    raise nothing_stored(file)
                rows = rows_of_person(connection, asked, file)
                return rows.person, tuple(sorted(_records(connection, rows), key=_place))
        finally:
            self._database.close()


def nothing_stored(file: Path) -> StoreError:
    """That there is no store yet, or nothing in it."""
    return StoreError(
        N_("The store {file} has nothing in it yet."),
        N_("Check store.file in the configuration."),
        file=file,
    )


def _records(connection: Connection, rows: PersonRows) -> Iterator[PersonRecord]:
    headers = {
        header["id"]: header for header in connection.execute(select(tables.snapshot)).mappings()
    }
    names = {
        (row["snapshot_id"], row["code"]): row["name"]
        for row in connection.execute(select(tables.unit)).mappings()
    }
    by_edition = (
        (RecordKind.STAFF, rows.staff),
        (RecordKind.OUTCOME, rows.outcomes),
        (RecordKind.HEAD, rows.heads),
        (RecordKind.CORRECTION, rows.corrections),
    )
    for kind, found in by_edition:
        for row in found:
            header = headers[row["snapshot_id"]]
            named = row
            if kind is RecordKind.STAFF:
                unit_name = names.get((row["snapshot_id"], row["unit_code"]), "")
                named = {**row, "unit_name": unit_name}
            yield _record(kind, header, named)
    for row in rows.deliveries:
        year, month = map(int, row["period"].split("-"))
        period = Period(year, month, row["timezone"])
        yield PersonRecord(RecordKind.DELIVERY, period, row["edition"], None, _values(row))


def _record(kind: RecordKind, header: Header, row: Row) -> PersonRecord:
    period = period_of(header)
    calendar_days = {day.day: day for day in period.days()}

    def days(column: str) -> tuple[DayActivity, ...]:
        text = row.get(column)
        return () if text is None else unpack_days(text, calendar_days)

    cut_off_at = instant(header["cut_off_at"])
    values = _values(row)
    return PersonRecord(
        kind,
        period,
        header["edition"],
        cut_off_at,
        values,
        days("days"),
        days("seen_days"),
        source_of(header).knows_at(row.get("server") or ""),
    )


def _values(row: Row) -> dict[str, str]:
    return {
        name: str(value)
        for name, value in row.items()
        if name not in _NOT_SHOWN and value is not None and value != ""
    }


def _place(record: PersonRecord) -> tuple[str, int, int]:
    return str(record.period), record.edition, list(RecordKind).index(record.kind)
