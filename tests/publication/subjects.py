"""Whom the lines of a report are about: by the public rules of what is summed where."""

from collections.abc import Callable

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
        for month in report.editions:
            if month <= report.month:
                for unit in self.units:
                    atoms = self.line(unit.code)(month)
                    if atoms:
                        knowledge.lines[self.block(month), report.within, unit.code] = atoms

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
        """The units of a group of today."""
        codes = self._codes(group)
        if self.shown.names_small:
            codes &= self.shown.shown
        return lambda month: self._atoms(month, lambda line, _atom: line in codes)

    def group_before(self, group: str) -> Subject:
        """A group as it is compared with: of today, or of then where nobody of it is in a unit."""
        report = self.report
        if self.shown.names_small:
            return self.group(group)
        codes = self._codes(group)

        def of(month: int, line: str | None, atom: Atom) -> bool:
            top = self.places.unit(month, self.places.top(month, atom.unit))
            if report.within is not None:
                return line in codes
            if line is None or self.places.is_unchanged(month, report.month):
                return top.group == group
            return line in codes

        return lambda month: self._atoms(month, lambda line, atom: of(month, line, atom))

    def whole(self) -> Subject:
        """Everybody, or everybody within the unit reported on."""
        inside = self.report.within is not None
        if self.shown.names_small:
            return self._printed_whole
        return lambda month: self._atoms(month, lambda line, _: line is not None or not inside)

    def _printed_whole(self, month: int) -> Atoms | None:
        """The sum of the printed lines: today's by this report, another month's by its own."""
        if month != self.report.month:
            return None
        shown = self.shown.shown | (self.shown.hidden if self.shown.small else set())
        return self._atoms(month, lambda line, _atom: line in shown)

    def small(self) -> Subject:
        """The line of small units together."""
        hidden = self.shown.hidden
        return lambda month: (
            self._atoms(month, lambda line, _atom: line in hidden)
            if month == self.report.month
            else None
        )
