"""Staff lists: a Roster from files, every row of them accounted for.

A row that can't be understood is a fault and stops the reading, after all rows were looked at: a
person whose address can't be read must not count as one without a mailbox. A person who stands in
the list twice is counted once and told as a Problem.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from mailaudit.errors import N_, RosterError
from mailaudit.model.period import Period
from mailaudit.model.roster import Problem, Roster, Staff, Unit
from mailaudit.roster.cells import address_of, addresses_of, date_of
from mailaudit.roster.columns import STAFF_COLUMNS
from mailaudit.roster.faults import BadCell, RosterFaults
from mailaudit.roster.header import Table, open_table
from mailaudit.roster.sheets import Row
from mailaudit.roster.units import read_unit_list, units_of

DEFAULT_GROUP = "Các đơn vị"


def read_roster(
    staff_file: Path,
    units_file: Path | None = None,
    period: Period | None = None,
    *,
    default_group: str = DEFAULT_GROUP,
) -> tuple[Roster, tuple[Problem, ...]]:
    """The Roster of a staff list and, where there is one, a unit list; and what was odd in them.

    Without a unit list each unit code of the staff list is a unit of `default_group`.

    Args:
        staff_file: .csv, .xlsx, .xls or .ods with at least a mailbox and a unit column.
        units_file: The same kinds, with at least a code column.
        period: Whose staff it is: units count that are in force on its last day. None takes the
            unit list as it is newest.
        default_group: The group of units whose list names none.

    Raises:
        RosterError: A list can't be read, or rows of it can't be understood.
    """
    listed, all_codes = None, frozenset[str]()
    table = open_table(staff_file, STAFF_COLUMNS, (("mailbox",), ("unit_code", "unit_name")))
    contents = [table.content]
    problems = list(table.problems)
    if units_file is not None:
        unit_list = read_unit_list(units_file)
        contents.append(unit_list.content)
        problems += unit_list.problems
        listed = units_of(unit_list, period, default_group)
        all_codes = frozenset(row.unit.code for row in unit_list.rows)
    known = None if listed is None else {unit.code for unit in listed}
    reader = _StaffReader(table, known, all_codes)
    staff = reader.read()
    units = listed if listed is not None else reader.units(default_group)
    roster = Roster(
        groups=tuple(dict.fromkeys(unit.group for unit in units)),
        units=units,
        staff=staff,
        digest=_digest(contents),
    )
    return roster, (*problems, *reader.problems)


def _digest(contents: Sequence[bytes]) -> str:
    """SHA-256 of one file (what `sha256sum` prints), or of several files' digests in a row."""
    digests = [sha256(content).hexdigest() for content in contents]
    return digests[0] if len(digests) == 1 else sha256("".join(digests).encode()).hexdigest()


class _StaffReader:
    """Reads the rows of one staff list; keeps what was met so far.

    Args:
        table: The list.
        known: The unit codes there are, or None to accept any.
        listed: Those and the ones of other times.
    """

    def __init__(
        self, table: Table, known: Iterable[str] | None, listed: frozenset[str] = frozenset()
    ) -> None:
        self.problems: list[Problem] = []
        self._table = table
        self._known = None if known is None else frozenset(known)
        self._listed = listed
        self._unit_column = "unit_code" if "unit_code" in table.columns else "unit_name"
        self._unit_names: dict[str, str] = {}
        self._places: dict[str, str] = {}  # of staff codes and mailboxes
        self._names: dict[str, str] = {}  # of the same people

    def read(self) -> tuple[Staff, ...]:
        """The staff in the order of the list. Raises RosterError."""
        staff: list[Staff] = []
        faults: list[Problem] = []
        for row in self._table.rows:
            try:
                person = self._person(row)
                if not self._counted_already(person):
                    staff.append(person)
            except BadCell as fault:
                faults.append(fault.at(row.place))
        if faults:
            raise RosterFaults(self._table.file, faults)
        if not any(person.mailbox for person in staff):
            raise RosterError(
                N_("The staff list {file} has no mail address at all."),
                N_('Fill in its column "{column}".'),
                file=self._table.file,
                column=STAFF_COLUMNS["mailbox"][0],
            )
        return tuple(staff)

    def units(self, group: str) -> tuple[Unit, ...]:
        """The units met, in order of appearance; each with the first name it was given."""
        return tuple(Unit(code, name, group) for code, name in self._unit_names.items())

    def _person(self, row: Row) -> Staff:
        """The person of a row. Raises BadCell."""
        table = self._table
        table.check_width(row)
        mailbox = address_of(table.cell(row, "mailbox"))
        code = table.text(row, "staff_code")
        name = self._name(row)
        if not (mailbox or code or name):
            raise BadCell(N_("the row has neither a mailbox nor a name or code"))
        since = date_of(table.cell(row, "status_from"))
        until = date_of(table.cell(row, "status_to"))
        if since is not None and until is not None and until < since:
            raise BadCell(N_("the status ends before it begins"))
        return Staff(
            key=code or mailbox or row.place,
            unit_code=self._unit_code(row),
            mailbox=mailbox,
            name=name,
            category=table.text(row, "category"),
            status=table.text(row, "status"),
            status_from=since,
            status_to=until,
            row=row.place,
            job_title=table.text(row, "job_title"),
            aliases=tuple(a for a in addresses_of(table.cell(row, "aliases")) if a != mailbox),
        )

    def _name(self, row: Row) -> str:
        parts = (self._table.text(row, column) for column in ("name", "family_name", "given_name"))
        return " ".join(part for part in parts if part)

    def _unit_code(self, row: Row) -> str:
        code = self._table.text(row, self._unit_column)
        if not code:
            raise BadCell(N_("the row has no unit"))
        if self._known is not None and code not in self._known:
            if code in self._listed:
                raise BadCell(
                    N_('the unit "{code}" is in the unit list, but not in force then'), code=code
                )
            raise BadCell(N_('the unit "{code}" is not in the unit list'), code=code)
        self._unit_names.setdefault(code, self._table.text(row, "unit_name") or code)
        return code

    def _counted_already(self, person: Staff) -> bool:
        """Whether the person's code or mailbox was met before; if so, that is a Problem.

        Raises:
            BadCell: It was met with another name: counting only one of two people, as lists whose
                codes begin anew in each unit would have it, drops the other unseen.
        """
        # Codes and mailboxes never meet as keys of one dict: a mailbox has an "@", and a code
        # that looks like somebody's mailbox is most likely that person.
        identities = {
            identity for identity in (person.key, person.mailbox, *person.aliases) if identity
        }
        for identity in sorted(identities):
            if identity in self._places:
                before = self._names[identity]
                if person.name and before and person.name.casefold() != before.casefold():
                    raise BadCell(
                        N_(
                            '"{code}" stands at {first} already, for somebody else: staff codes'
                            " and mailboxes must be unique in the whole list"
                        ),
                        code=identity,
                        first=self._places[identity],
                    )
                self.problems.append(
                    Problem(
                        person.row,
                        N_('"{identity}" stands at {first} already and is counted there only'),
                        (("identity", identity), ("first", self._places[identity])),
                    )
                )
                return True
        self._places.update(dict.fromkeys(identities, person.row))
        self._names.update(dict.fromkeys(identities, person.name))
        return False
