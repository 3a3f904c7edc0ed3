"""Unit lists: codes, names, groups, parents, and from when to when.

A list may hold units of several times: a row counts while it is in force, and a unit that changed
its name or parent has a row for each time. A Period takes the units in force on its last day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from mailaudit.errors import N_, RosterError
from mailaudit.model.period import Period
from mailaudit.model.roster import Problem, Unit
from mailaudit.model.wording import folded
from mailaudit.roster.cells import address_of, date_of
from mailaudit.roster.columns import UNIT_COLUMNS
from mailaudit.roster.errors import BadCell, RosterFaults
from mailaudit.roster.files.sheet import Row
from mailaudit.roster.list_file import ListFile, open_list

REQUIRED = (("code",),)


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """One row of a unit list.

    Attributes:
        valid_from, valid_to: First and last day it is in force, None where open.
        place: Where it stands ("units.csv:3"), for messages.
    """

    unit: Unit
    valid_from: date | None
    valid_to: date | None
    place: str

    def is_in_force(self, day: date) -> bool:
        return self.is_in_force_between(day, day)

    def is_in_force_between(self, first: date, last: date) -> bool:
        """Whether there is a day from `first` to `last` on which it is in force."""
        return (self.valid_from is None or self.valid_from <= last) and (
            self.valid_to is None or first <= self.valid_to
        )

    def overlaps(self, other: "ListedUnit") -> bool:
        """Whether there is a day on which both are in force."""
        return self.is_in_force_between(other.valid_from or date.min, other.valid_to or date.max)


@dataclass(frozen=True, slots=True)
class UnitList:
    """A unit list as it stands, row by row; nothing between the rows is checked yet.

    Attributes:
        problems: What should be looked at.
        faults: The rows that can't be understood; they are not among `rows`.
        unread_codes: The codes of those rows, as far as they have one.
    """

    file: Path
    content: bytes
    rows: tuple[ListedUnit, ...]
    problems: tuple[Problem, ...]
    faults: tuple[Problem, ...]
    unread_codes: frozenset[str]

    def in_force(self, day: date) -> tuple[ListedUnit, ...]:
        """The rows in force on a day, in the order of the list."""
        return tuple(row for row in self.rows if row.is_in_force(day))


def read_unit_list(file: Path, encoding: str | None = None) -> UnitList:
    """The rows of a unit list.

    Args:
        encoding: What text that is not Unicode is written in, where a person has said so.

    Raises:
        RosterError: The list can't be read, or a row of it can't be understood.
    """
    listed = look_through_units(file, encoding)
    if listed.faults:
        raise RosterFaults(file, listed.faults)
    return listed


def look_through_units(file: Path, encoding: str | None = None) -> UnitList:
    """The rows of a unit list, and what is wrong with those that can't be understood.

    Raises:
        RosterError: The list can't be read.
    """
    opened = open_list(file, UNIT_COLUMNS, REQUIRED, encoding)
    rows, faults = opened.read(partial(_listed, opened))
    return UnitList(
        file=file,
        content=opened.content,
        rows=rows,
        problems=opened.problems,
        faults=tuple(fault for _, fault in faults),
        unread_codes=frozenset(opened.text(row, "code") for row, _ in faults) - {""},
    )


def units_of(listed: UnitList, period: Period | None, default_group: str) -> tuple[Unit, ...]:
    """The units in force on the last day of the Period, in the order of the list.

    Args:
        period: None takes the list as of the last day any row of it begins on.

    Raises:
        RosterError: As `units_on`.
    """
    begins = (row.valid_from for row in listed.rows if row.valid_from is not None)
    day = max(begins, default=date.max) if period is None else period.last_day
    return units_on(listed, day, default_group)


def units_on(listed: UnitList, day: date, default_group: str) -> tuple[Unit, ...]:
    """The units in force on a day, in the order of the list.

    A unit without a group has its topmost ancestor's, a top unit without one `default_group`.

    Raises:
        RosterError: A code stands twice, a parent is unknown, a unit is its own ancestor, or no
            unit is in force.
    """
    rows = listed.in_force(day)
    if faults := tuple(_faults(rows)):
        raise RosterFaults(listed.file, faults)
    if not rows:
        raise RosterError(
            N_("No unit of {file} is in force on {day}."),
            N_("Correct the columns with the first and last day of each unit."),
            file=listed.file,
            day=f"{day:%d/%m/%Y}",
        )
    units = {row.unit.code: row.unit for row in rows}
    return tuple(_with_group(unit, units, default_group) for unit in units.values())


def repeated_codes(rows: Sequence[ListedUnit]) -> Iterator[tuple[ListedUnit, ListedUnit]]:
    """Each row whose code is in force on a day of a row before it, with the first such row."""
    before: dict[str, list[ListedUnit]] = {}
    for row in rows:
        same = before.setdefault(row.unit.code, [])
        first = next((other for other in same if other.overlaps(row)), None)
        if first is not None:
            yield row, first
        same.append(row)


def misplaced(rows: Sequence[ListedUnit]) -> Iterator[tuple[ListedUnit, bool]]:
    """Each row whose unit is its own ancestor (False), or whose parent is unknown (True).

    Args:
        rows: All in force on one day.
    """
    parents = {row.unit.code: row.unit.parent for row in rows}
    for row in rows:
        code = row.unit.code
        seen, parent = {code}, row.unit.parent
        while parent is not None and parent in parents and parent not in seen:
            seen.add(parent)
            parent = parents[parent]
        if parent == code:
            yield row, False
        if row.unit.parent is not None and row.unit.parent not in parents:
            yield row, True


def _faults(rows: Sequence[ListedUnit]) -> Iterator[Problem]:
    """What is wrong with rows that are all in force on one day."""
    for row, first in repeated_codes(rows):
        message = N_('the unit code "{code}" stands at {first} already')
        yield Problem(row.place, message, (("code", row.unit.code), ("first", first.place)))
    for row, is_orphan in misplaced(rows):
        if is_orphan:
            message = N_('the unit above, "{parent}", is not in the list')
            yield Problem(row.place, message, (("parent", row.unit.parent or ""),))
        else:
            message = N_('the unit "{code}" is above itself')
            yield Problem(row.place, message, (("code", row.unit.code),))


def _listed(opened: ListFile, row: Row) -> ListedUnit:
    code = opened.text(row, "code")
    if not code:
        raise BadCell(N_("the unit has no code"))
    valid_from = date_of(opened.cell(row, "valid_from"))
    valid_to = date_of(opened.cell(row, "valid_to"))
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise BadCell(N_("the unit ends before it begins"))
    unit = Unit(
        code=code,
        name=opened.text(row, "name") or code,
        group=opened.text(row, "group"),
        parent=opened.text(row, "parent") or None,
        head_name=opened.text(row, "head_name"),
        head_address=address_of(opened.cell(row, "head_address")) or "",
    )
    return ListedUnit(unit, valid_from, valid_to, row.place)


def _with_group(unit: Unit, units: Mapping[str, Unit], default_group: str) -> Unit:
    top = unit
    while not top.group and top.parent is not None:
        top = units[top.parent]
    return replace(unit, group=top.group or default_group)


class UnitBook:
    """Finds the unit a cell names: by code, else by a name that only one unit has.

    Args:
        units: The units there are, or None to accept any.
        listed: The codes of units of other times, to say so.
    """

    def __init__(self, units: Sequence[Unit] | None, listed: frozenset[str] = frozenset()) -> None:
        self._is_open = units is None
        self._listed = listed
        self._names: dict[str, str] = {}  # of units met, by code
        self._codes: dict[str, set[str]] = {}  # by what a cell may say
        for unit in units or ():
            self._codes.setdefault(folded(unit.code), set()).add(unit.code)
        for unit in units or ():
            self._codes.setdefault(folded(unit.name), set()).add(unit.code)
        self._exact = {unit.code for unit in units or ()}

    def code(self, text: str, name: str = "") -> str:
        """The code of the unit that `text` names; `name` is what else its row says of it.

        Raises:
            BadCell: No unit is called so, or several are.
        """
        if text in self._exact:
            return text
        codes = self._codes.get(folded(text), set())
        if len(codes) == 1:
            return next(iter(codes))
        if len(codes) > 1:
            raise BadCell(
                N_('"{text}" may be several units: {codes}; write the code'),
                text=text,
                codes=", ".join(sorted(codes)),
            )
        if not self._is_open:
            if text in self._listed:
                raise BadCell(
                    N_('the unit "{code}" is in the unit list, but not in force then'), code=text
                )
            raise BadCell(N_('the unit "{code}" is not in the unit list'), code=text)
        self._exact.add(text)
        self._codes[folded(text)] = {text}
        self._names[text] = name or text
        return text

    def met(self, group: str) -> tuple[Unit, ...]:
        """The units met, in order of appearance; each with the first name it was given."""
        return tuple(Unit(code, name, group) for code, name in self._names.items())
