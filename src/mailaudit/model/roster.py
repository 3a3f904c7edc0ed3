"""Roster: the units and staff valid for a Period, and what was found wrong while reading it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the organisation, identified by its code, never by its name.

    Attributes:
        group: The name of the group it is ranked in, as printed ("Sở, ban, ngành").
        parent: The code of the unit it belongs to, or None at the top. Staff of a unit with a
            parent count in its topmost ancestor.
    """

    code: str
    name: str
    group: str
    parent: str | None = None
    head_name: str = ""
    head_address: str = ""


@dataclass(frozen=True, slots=True)
class Staff:
    """A person in a unit.

    Attributes:
        key: Unique in the Roster: the staff code, else the mailbox, else the row.
        mailbox: The official address, lower case, NFC; None when the person has none.
        category: As in the staff list ("công chức"); decides whether the person is in scope.
        status: As in the staff list ("thai sản"); empty when working normally.
        status_from, status_to: First and last day of `status`, None where open.
        row: Where the person stands in the staff list ("roster.csv:12"), for messages.
        aliases: Other addresses of the same mailbox: earlier ones, or of other mail domains.
        job_title: As in the staff list ("lái xe"); decides as well, before the category.
        server: The mail server to ask, where the staff list names one; else its domain decides.
    """

    key: str
    unit_code: str
    mailbox: str | None
    name: str = ""
    category: str = ""
    status: str = ""
    status_from: date | None = None
    status_to: date | None = None
    row: str = ""
    job_title: str = ""
    aliases: tuple[str, ...] = ()
    server: str = ""

    @property
    def code(self) -> str:
        """The staff code; "" of somebody who is known by mailbox or row only."""
        return "" if self.key in (self.mailbox, self.row) else self.key

    @property
    def status_begins(self) -> date | None:
        """The first day of a status; the day after the last one where only that is known."""
        if self.status_from is not None or self.status_to is None:
            return self.status_from
        return self.status_to if self.status_to == date.max else self.status_to + ONE_DAY


@dataclass(frozen=True, slots=True)
class Problem:
    """Something found while reading a staff or unit list that a person should look at.

    `message` is a message id with `{name}` fields; `values` fills them. `cell` is the name of the
    cell ("C12"), where it is one cell's fault.
    """

    row: str
    message: str
    values: tuple[tuple[str, str], ...] = ()
    cell: str = ""

    @property
    def place(self) -> str:
        """The row, and the cell where there is one: "roster.xlsx:12 (C12)"."""
        return f"{self.row} ({self.cell})" if self.cell else self.row

    def text(self, gettext: Callable[[str], str] = str) -> str:
        """What was found, in the language of `gettext`."""
        return gettext(self.message).format_map(dict(self.values))


@dataclass(frozen=True, slots=True)
class Roster:
    """The units and staff in force for a Period.

    Attributes:
        groups: Names of the groups in the order they are printed.
        units: In official order (the order of appearance in the lists).
        staff: In the order of the staff list; keys and mailboxes are unique.
        digest: SHA-256 (hex) of the files it was read from.
    """

    groups: tuple[str, ...]
    units: tuple[Unit, ...]
    staff: tuple[Staff, ...]
    digest: str

    def mailboxes(self) -> tuple[str, ...]:
        """Every mailbox to be asked, in the order of the staff list."""
        return tuple(person.mailbox for person in self.staff if person.mailbox is not None)
