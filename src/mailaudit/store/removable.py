"""What of people a removal would take out of a store, in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, func, or_, select

from mailaudit.model.period import Period
from mailaudit.model.person import Person
from mailaudit.store import tables
from mailaudit.store.contents import Header
from mailaudit.store.persons import PersonRows, Row
from mailaudit.store.progress import count_pending


@dataclass(frozen=True, slots=True)
class EditionOfPerson:
    """How much of a person one edition has.

    Attributes:
        is_listed: Whether a staff list has the person.
        heads: Of how many units the person is the head.
    """

    period: str
    edition: int
    is_sealed: bool
    is_listed: bool
    heads: int
    corrections: int


@dataclass(frozen=True, slots=True)
class OfPerson:
    """How much of a person a store has.

    Attributes:
        editions: The oldest first, those that have something.
        mails: How many attempts to send the person a mail are noted.
    """

    person: Person
    editions: tuple[EditionOfPerson, ...]
    mails: int


@dataclass(frozen=True, slots=True)
class OldEdition:
    """What of one edition is of people.

    Attributes:
        is_complete: Whether its sums stay; else it goes whole.
        people: On its staff list.
        heads: Units whose head it names.
    """

    period: str
    edition: int
    is_complete: bool
    people: int
    heads: int
    corrections: int


@dataclass(frozen=True, slots=True)
class Older:
    """What is of people in the months before one; `mails` are those that name their recipient."""

    editions: tuple[OldEdition, ...]
    mails: int


def of_person(connection: Connection, rows: PersonRows) -> OfPerson:
    def of(found: Sequence[Row], snapshot_id: int) -> int:
        return sum(row["snapshot_id"] == snapshot_id for row in found)

    return OfPerson(
        rows.person,
        tuple(
            EditionOfPerson(
                period=header["period"],
                edition=header["edition"],
                is_sealed=header["sealed_at"] is not None,
                is_listed=of(rows.staff, header["id"]) > 0,
                heads=of(rows.heads, header["id"]),
                corrections=of(rows.corrections, header["id"]),
            )
            for header in headers_of(connection, rows)
        ),
        len(rows.deliveries),
    )


def headers_of(connection: Connection, rows: PersonRows) -> list[Header]:
    """The editions that have something of the person, the oldest first."""
    by_edition = (*rows.staff, *rows.heads, *rows.corrections)
    ids = {row["snapshot_id"] for row in by_edition}
    table = tables.snapshot
    query = select(table).order_by(table.c.period, table.c.timezone, table.c.edition)
    return [header for header in connection.execute(query).mappings() if header["id"] in ids]


def headers_before(connection: Connection, oldest_kept: Period) -> list[Header]:
    """The editions of earlier months that have people, the oldest first."""
    table, removal = tables.snapshot, tables.removal
    pruned = select(removal.c.snapshot_id).where(removal.c.is_whole == 1)
    query = (
        select(table)
        .where(table.c.period < str(oldest_kept), table.c.id.not_in(pruned))
        .order_by(table.c.period, table.c.timezone, table.c.edition)
    )
    return list(connection.execute(query).mappings())


def older(connection: Connection, oldest_kept: Period) -> Older:
    def count(table: Table, snapshot_id: int, *conditions: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(table)
        return connection.scalar(query.where(table.c.snapshot_id == snapshot_id, *conditions)) or 0

    named = or_(tables.unit.c.head_name != "", tables.unit.c.head_address != "")
    mails = tables.delivery.c
    return Older(
        tuple(
            OldEdition(
                period=header["period"],
                edition=header["edition"],
                is_complete=header["sealed_at"] is not None
                or not count_pending(connection, header["id"]),
                people=count(tables.staff, header["id"]),
                heads=count(tables.unit, header["id"], named),
                corrections=count(tables.correction, header["id"]),
            )
            for header in headers_before(connection, oldest_kept)
        ),
        connection.scalar(
            select(func.count(mails.id)).where(
                mails.period < str(oldest_kept), or_(mails.recipient != "", mails.detail != "")
            )
        )
        or 0,
    )
