"""What is stored, without reading any snapshot: each edition of each Period in a few numbers."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, select

from mailaudit.errors import N_, StoreError
from mailaudit.model.snapshot import Edition
from mailaudit.store import tables
from mailaudit.store.contents import Header, period_of
from mailaudit.store.progress import count_mailboxes, count_pending
from mailaudit.store.rows import instant


def all_editions(connection: Connection, timezone: str) -> list[Edition]:
    """Those of every Period of the time zone: oldest Period and edition first."""
    table = tables.snapshot
    query = (
        select(table).where(table.c.timezone == timezone).order_by(table.c.period, table.c.edition)
    )
    headers = connection.execute(query).mappings().all()
    return [_edition(connection, header) for header in headers]


def no_such_edition(file: Path, found: Sequence[Edition], number: int) -> StoreError:
    """Says that a Period lacks a complete edition of that number, and which ones it has.

    Args:
        found: All editions of the Period, at least one.
    """
    complete = ", ".join(str(edition.number) for edition in found if edition.is_complete)
    values = {"file": file, "period": found[0].period, "edition": str(number)}
    remedy = (
        N_("Complete editions: {complete}.")
        if complete
        else N_("Go on with its collection: mailaudit collect{options} --period {period}")
    )
    begun = next((edition for edition in found if edition.number == number), None)
    if begun is None:
        return StoreError(
            N_("The store {file} has no edition {edition} of {period}."),
            remedy,
            complete=complete,
            **values,
        )
    return StoreError(
        N_(
            "The collection of edition {edition} of {period} in {file} is not finished: {done} of"
            " {total} mailboxes."
        ),
        remedy,
        complete=complete,
        done=begun.mailboxes - begun.pending,
        total=begun.mailboxes,
        **values,
    )


def _edition(connection: Connection, header: Header) -> Edition:
    sealed_at = header["sealed_at"]
    return Edition(
        period=period_of(header),
        number=header["edition"],
        cut_off_at=instant(header["cut_off_at"]),
        sealed_at=None if sealed_at is None else instant(sealed_at),
        mailboxes=count_mailboxes(connection, header["id"]),
        pending=count_pending(connection, header["id"]),
    )
