"""What reports gave of each Period, as rows that are only ever added."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, select

from mailaudit.model.period import LongPeriod, Period
from mailaudit.publication.record import Record, read_record
from mailaudit.store.tables import publication

_TO = ".."  # between the first and the last month of a longer period


def read_publications(connection: Connection, period: Period) -> list[Record]:
    """Everything of the Period, the oldest first; of a longer one everything of all longer ones."""
    is_longer = isinstance(period, LongPeriod)
    key = publication.c.period
    rows = connection.execute(
        select(publication)
        .where(key.contains(_TO) if is_longer else key == str(period))
        .where(publication.c.timezone == period.timezone)
        .order_by(publication.c.id)
    ).mappings()
    return [
        read_record(
            _period_of(row["period"], period.timezone) if is_longer else period,
            row["edition"],
            row["audience"],
            row["lines"],
        )
        for row in rows
    ]


def add_publications(connection: Connection, records: Sequence[Record]) -> None:
    """Adds those that are not there yet."""
    by_digest = {record.digest: record for record in records}
    query = select(publication.c.digest).where(publication.c.digest.in_(by_digest))
    known = set(connection.scalars(query))
    rows = [
        {
            "period": _key(record.period),
            "timezone": record.period.timezone,
            "edition": record.edition,
            "audience": record.audience,
            "lines": record.text,
            "digest": digest,
        }
        for digest, record in by_digest.items()
        if digest not in known
    ]
    if rows:
        connection.execute(publication.insert(), rows)


def _key(period: Period) -> str:
    if not isinstance(period, LongPeriod):
        return str(period)
    return f"{period.first:%Y-%m}{_TO}{period.last:%Y-%m}"


def _period_of(key: str, timezone: str) -> LongPeriod:
    first, last = (date.fromisoformat(f"{month}-01") for month in key.split(_TO))
    end = Period(last.year, last.month, timezone).last_day
    return LongPeriod.of(first, end, timezone)
