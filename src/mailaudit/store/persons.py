"""Which rows of all tables are about one person.

A person is found by address and staff code. An address counts with all others that a row has beside
it, in every month, and with what a correction made of it. Who has a staff code is followed through
it; rows with the same address and another code are somebody else's, as an address may be given to
another person. Two rows of one edition are never one person.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import normalize

from sqlalchemy import ColumnElement, Connection, Table, func, literal, or_, select

from mailaudit.errors import N_, UsageError
from mailaudit.model.correction import CorrectionKind
from mailaudit.model.person import Person
from mailaudit.store import tables

Row = Mapping[str, Any]
_CODES_NAMED = 5


@dataclass(frozen=True, slots=True)
class PersonRows:
    """All rows about one person, by table; each as a mapping of its columns."""

    person: Person
    staff: tuple[Row, ...]
    outcomes: tuple[Row, ...]
    heads: tuple[Row, ...]
    corrections: tuple[Row, ...]
    deliveries: tuple[Row, ...]


def rows_of_person(connection: Connection, asked: str, file: Path) -> PersonRows:
    """The rows about the person with this address or staff code.

    Raises:
        UsageError: Nothing is stored of such a person, or the address is of several.
    """
    text = normalize("NFC", asked).strip()
    addresses, code = ({text.lower()}, "") if "@" in text else (set[str](), text)
    closed = _closed(connection, addresses, code, asked, corrected=True)
    if _has_two_of_one_edition(closed.own):  # two exchanged their mailboxes, without codes
        closed = _closed(connection, addresses, code, asked, corrected=False)
    if _has_two_of_one_edition(closed.own):
        raise _several(asked, {row["key"] for row in closed.own})
    found = _all_rows(connection, closed)
    if not any((found.staff, found.heads, found.corrections, found.deliveries)):
        raise UsageError(
            N_("The store {file} has nothing of {person}."),
            N_("Write the address or the staff code as the staff list of a month has it."),
            file=file,
            person=asked,
        )
    return found


@dataclass(frozen=True, slots=True)
class _Closed:
    """A person's addresses and code, the rows of staff lists with them, and those of others."""

    addresses: set[str]
    code: str
    own: list[Row]
    others: list[Row]


def _closed(
    connection: Connection, addresses: set[str], code: str, asked: str, *, corrected: bool
) -> _Closed:
    """Follows addresses and code through all months until nothing is new.

    Args:
        corrected: Whether corrections of addresses are followed too.
    """
    while True:
        rows = _staff_rows(connection, addresses, code)
        codes = {row["key"] for row in rows if _has_code(row)}
        if not code and len(codes) > 1:
            raise _several(asked, codes)
        known, code = code, code or next(iter(codes), "")
        own = [row for row in rows if not _has_code(row) or row["key"] == code]
        found = addresses.union(*map(_addresses, own))
        if corrected:
            found |= _corrected_to(connection, found, code)
        if (found, code) == (addresses, known):
            return _Closed(addresses, code, own, [row for row in rows if row not in own])
        addresses = found


def _has_two_of_one_edition(rows: list[Row]) -> bool:
    return any(number > 1 for number in Counter(row["snapshot_id"] for row in rows).values())


def _all_rows(connection: Connection, closed: _Closed) -> PersonRows:
    addresses, code = closed.addresses, closed.code
    units, corrections, mails = tables.unit, tables.correction, tables.delivery
    periods = {
        header["id"]: (header["period"], header["timezone"])
        for header in connection.execute(select(tables.snapshot)).mappings()
    }
    # Where an address was another's, what names it is about that other person.
    taken = {(row["snapshot_id"], address) for row in closed.others for address in _addresses(row)}
    taken_then = {(periods[snapshot_id], address) for snapshot_id, address in taken}

    def is_free(row: Row, *columns: str) -> bool:
        return not any((row["snapshot_id"], row[column]) in taken for column in columns)

    about = corrections.c.person.in_({*addresses, *([code] if code else [])})
    return PersonRows(
        person=Person(tuple(sorted(addresses)), code),
        staff=tuple(closed.own),
        outcomes=tuple(outcome for row in closed.own for outcome in _outcomes_of(connection, row)),
        heads=tuple(
            row
            for row in _rows(connection, units, units.c.head_address.in_(addresses))
            if is_free(row, "head_address")
        ),
        corrections=tuple(
            row
            for row in _rows(connection, corrections, about)
            if row["person"] == code or is_free(row, "person")
        ),
        deliveries=tuple(
            row
            for row in _rows(connection, mails, mails.c.recipient.in_(addresses))
            if ((row["period"], row["timezone"]), row["recipient"]) not in taken_then
        ),
    )


def _outcomes_of(connection: Connection, row: Row) -> list[Row]:
    if row["mailbox"] is None:
        return []
    columns = tables.outcome.c
    return _rows(
        connection,
        tables.outcome,
        columns.snapshot_id == row["snapshot_id"],
        columns.mailbox == row["mailbox"],
    )


def _has_code(row: Row) -> bool:
    """Whether the key of a row is a staff code, and not the mailbox or the place in the list."""
    return row["key"] not in (row["mailbox"], row["row"])


def _addresses(row: Row) -> set[str]:
    own = set() if row["mailbox"] is None else {str(row["mailbox"])}
    return own | set(str(row["aliases"]).split())


def _staff_rows(connection: Connection, addresses: set[str], code: str) -> list[Row]:
    staff = tables.staff.c
    beside = literal(" ").concat(staff.aliases).concat(" ")
    query = (
        select(tables.staff)
        .where(
            or_(
                staff.mailbox.in_(addresses),
                staff.key == code,
                *(func.instr(beside, f" {address} ") > 0 for address in sorted(addresses)),
            )
        )
        .order_by(staff.snapshot_id, staff.position)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _corrected_to(connection: Connection, addresses: set[str], code: str) -> set[str]:
    """The addresses that corrections gave the person, or took away."""
    columns = tables.correction.c
    named = {*addresses, *([code] if code else [])}
    query = select(columns.person, columns.value).where(
        columns.kind == CorrectionKind.MAILBOX.value,
        or_(columns.person.in_(named), columns.value.in_(addresses)),
    )
    pairs = connection.execute(query).all()
    return {text for pair in pairs for text in pair if "@" in text}


def _several(asked: str, codes: set[str]) -> UsageError:
    shown = sorted(codes)
    return UsageError(
        N_("The address {address} was that of several staff codes: {codes}."),
        N_("Name the person by staff code; where one person had several, by each in turn."),
        address=asked,
        codes=", ".join(shown[:_CODES_NAMED]) + (" …" if len(shown) > _CODES_NAMED else ""),
    )


def _rows(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> list[Row]:
    query = select(table).where(*conditions)
    return [dict(row) for row in connection.execute(query).mappings()]
