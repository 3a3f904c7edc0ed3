"""What everybody knows of a province: its units, their groups, and what became of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from provinces import MONTHS, Person, Province

from mailaudit.model.roster import Unit


@dataclass(frozen=True, slots=True)
class Atom:
    """People of one unit of a month who stay together in all that follows.

    Attributes:
        unit: The code of the unit on the list of the month.
        later: Of a unit that is divided: the unit in which they are found in each later month,
            None where they are not found; empty for all others.
    """

    unit: str
    later: tuple[tuple[int, str | None], ...] = ()


class Places:
    """Where the people of each month count in the reports of that month and of later ones."""

    def __init__(self, province: Province) -> None:
        first_days = [month.first_day for month in MONTHS]
        self._events = [(first_days.index(event.day), event) for event in province.events]
        self._all: dict[int, tuple[Atom, ...]] = {}
        self.units: dict[int, tuple[Unit, ...]] = {}
        self._found: dict[int, dict[str, str]] = {}
        for step in province.steps:
            if step.collection is not None and step.month not in self.units:
                self.units[step.month] = step.collection.units
                self._found[step.month] = {
                    person.staff.key: person.staff.unit_code for person in step.collection.people
                }

    def unit(self, month: int, code: str) -> Unit:
        return next(unit for unit in self.units[month] if unit.code == code)

    def top(self, month: int, code: str) -> str:
        """The topmost unit above it."""
        parent = self.unit(month, code).parent
        return code if parent is None else self.top(month, parent)

    def lines(self, month: int, within: str | None = None) -> tuple[Unit, ...]:
        """The units a report ranks, in official order."""
        return tuple(
            unit
            for unit in self.units[month]
            if unit.parent == within or (within is not None and unit.code == within)
        )

    def atoms(self, month: int) -> tuple[Atom, ...]:
        """All that can be distinguished of a month's people."""
        if month not in self._all:
            self._all[month] = tuple(self._atoms(month))
        return self._all[month]

    def _atoms(self, month: int) -> Iterator[Atom]:
        for unit in self.units[month]:
            divided = self._division(month, unit.code)
            if divided is None:
                yield Atom(unit.code)
                continue
            first, successors = divided
            months = [later for later in sorted(self.units) if later >= first]
            yield Atom(unit.code, tuple((later, None) for later in months))
            for successor, stay in product(successors, range(1, len(months) + 1)):
                found = [successor] * stay + [None] * (len(months) - stay)
                yield Atom(unit.code, tuple(zip(months, found, strict=True)))

    def atom_of(self, month: int, person: Person) -> Atom:
        code = person.staff.unit_code
        divided = self._division(month, code)
        if divided is None:
            return Atom(code)
        first, successors = divided
        later = tuple(
            (
                each,
                found if (found := self._found[each].get(person.staff.key)) in successors else None,
            )
            for each in sorted(self.units)
            if each >= first
        )
        return Atom(code, later)

    def _division(self, month: int, code: str) -> tuple[int, tuple[str, ...]] | None:
        """When a unit was divided after the month, and into which."""
        for when, event in self._events:
            if when > month and event.predecessors == (code,) and len(event.successors) > 1:
                return when, event.successors
        return None

    def line(self, month: int, atom: Atom, today: int, within: str | None = None) -> str | None:
        """The line of the report of month `today` that people of `month` count in, or None."""
        code = self._heir(month, atom, today)
        if code is None:
            return None
        if within is None:
            return self.top(today, code)
        while code is not None and code != within:
            parent = self.unit(today, code).parent
            if parent == within:
                return code
            code = parent
        return code

    def _heir(self, month: int, atom: Atom, today: int) -> str | None:
        current: str | None = atom.unit
        for when, event in self._events:
            if not month < when <= today or current not in event.predecessors:
                continue
            if len(event.successors) > 1:
                current = dict(atom.later).get(today)
            else:
                current = event.successors[0] if event.successors else None
        codes = {unit.code for unit in self.units[today]}
        return current if current in codes else None
