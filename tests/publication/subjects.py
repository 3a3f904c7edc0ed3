"""Whom the lines of a report are about: by the public rules of what is summed where."""

from collections.abc import Callable
from fractions import Fraction

from knowledge import Atoms, Knowledge, Shown
from people import Block, way_of_counting
from places import Atom
from publishing import Published

Subject = Callable[[int], Atoms | None]  # by month, whom a line is about; None where not known
OWN_LINE = " (không kể đơn vị trực thuộc)"


class Subjects:
    """The lines of one report, and whom each is about in which month."""

    def __init__(self, knowledge: Knowledge, report: Published, shown: Shown) -> None:
        self.knowledge, self.report, self.shown = knowledge, report, shown
        self._lines: dict[int, tuple[tuple[str | None, Atom], ...]] = {}
        self.places = knowledge.places
        self.units = self.places.lines(report.month, report.within)
        self._way = way_of_counting(report.rules)
        self.names = {unit.name: unit.code for unit in self.units}
        if report.within is not None:
            whole = self.places.unit(report.month, report.within)
            self.names.pop(whole.name, None)
            self.names[whole.name + OWN_LINE] = whole.code
        now = report.month
        for month in report.editions:
            if month <= now:
                for unit in self.units:
                    atoms = self.line(unit.code)(month)
                    if atoms:
                        knowledge.lines[self.block(month), report.within, unit.code, now] = atoms

    def block(self, month: int) -> Block:
        return month, self.report.editions[month], self._way

    def _atoms(self, month: int, is_in: Callable[[str | None, Atom], bool]) -> Atoms:
        if month not in self._lines:
            report, places = self.report, self.places
            self._lines[month] = tuple(
                (places.line(month, atom, report.month, report.within), atom)
                for atom in places.atoms(month)
            )
        return tuple(atom for line, atom in self._lines[month] if is_in(line, atom))

    def line(self, code: str) -> Subject:
        """A unit of today, or what it was."""
        return lambda month: self._atoms(month, lambda line, _atom: line == code)

    def _codes(self, group: str) -> set[str]:
        return {unit.code for unit in self.units if unit.group == group}

    def group(self, group: str) -> Subject:
        """The units of a group of today that are shown; of a month before, whole units of then."""
        codes = self._codes(group)

        def of(month: int) -> Atoms:
            if month == self.report.month:
                return self._atoms(month, lambda line, _: line in codes & self.shown.shown)
            # Those who left a divided unit since are in its sum as well.
            inside = self._atoms(month, lambda line, _: line in codes)
            then = {self._line_then(month, atom) for atom in inside} & self._shown_then(month)
            return self._atoms(month, lambda _, atom: self._line_then(month, atom) in then)

        return of

    def whole(self) -> Subject:
        """The sum of the printed lines of today; of a month before, those of its own units."""

        def of(month: int) -> Atoms:
            if month == self.report.month:
                shown = self.shown.shown | (self.shown.hidden if self.shown.small else set())
                return self._atoms(month, lambda line, _: line in shown)
            then = self._shown_then(month)
            if self.report.within is None and month in self.shown.without_small:
                return self._atoms(month, lambda _, atom: self._line_then(month, atom) in then)
            return self._atoms(month, lambda _, atom: self._line_then(month, atom) is not None)

        return of

    def see_whole(self, month: int, in_scope: Fraction) -> None:
        """Whether small units are in the whole of a month before, by how many are in scope."""
        then = self._shown_then(month)
        atoms = self._atoms(month, lambda _, atom: self._line_then(month, atom) in then)
        if self.knowledge.people.truth(self.block(month), atoms, "in_scope") == in_scope:
            self.shown.without_small.add(month)

    def _line_then(self, month: int, atom: Atom) -> str | None:
        return self.places.line(month, atom, month, self.report.within)

    def _shown_then(self, month: int) -> set[str | None]:
        """The units of a month that have figures of their own by the rules of this report."""
        found: set[str | None] = set()
        for unit in self.places.lines(month, self.report.within):
            atoms = self._atoms(month, lambda _, a, u=unit: self._line_then(month, a) == u.code)  # type: ignore[misc]
            numbers = (
                self.knowledge.people.truth(self.block(month), atoms, figure)
                for figure in ("staff", "in_scope", "judged", "measured")
            )
            if not any(0 < number < self.report.min_published for number in numbers):
                found.add(unit.code)
        return found

    def small(self) -> Subject:
        """The line of small units together."""
        hidden = self.shown.hidden
        return lambda month: (
            self._atoms(month, lambda line, _atom: line in hidden)
            if month == self.report.month
            else None
        )
