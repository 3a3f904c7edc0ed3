"""What reports gave of each Period, as rows that are only ever added."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from mailaudit.model.period import Period
from mailaudit.publication.record import Record, read_record
from mailaudit.store.tables import publication


def read_publications(connection: Connection, period: Period) -> list[Record]:
    """Everything of the Period, the oldest first."""
    rows = connection.execute(
        select(publication)
        .where(publication.c.period == str(period), publication.c.timezone == period.timezone)
        .order_by(publication.c.id)
    ).mappings()
    return [read_record(period, row["edition"], row["audience"], row["lines"]) for row in rows]


def add_publications(connection: Connection, records: Sequence[Record]) -> None:
    """Adds those that are not there yet."""
    by_digest = {record.digest: record for record in records}
    query = select(publication.c.digest).where(publication.c.digest.in_(by_digest))
    known = set(connection.scalars(query))
    rows = [
        {
            "period": str(record.period),
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
