"""What it says of units that they are shown, or are not, or stand together in one line.

Known of reports that name the line of units with few people: by their rules a unit is left out for
nothing but its own figures.
"""

from collections.abc import Iterable

from knowledge import Atoms, Knowledge, Shown
from linear import MOST_PEOPLE, Sum, combined
from people import STATES, Block, way_of_counting
from publishing import Published

COUNTED = ("staff", "in_scope", "judged", "measured")  # a unit is small by any of these
DONE = ("read", "sent", "regular")  # what the line has


class Smallness:
    """Adds what follows from the lines of all reports."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge, self._unknowns = knowledge, knowledge.people.unknowns
        self._done: set[tuple[Block, Atoms, int, bool]] = set()

    def learn(self) -> None:
        for report, shown in self._knowledge.reports:
            if not shown.names_small:
                continue
            block = report.month, report.editions[report.month], way_of_counting(report.rules)
            hidden = self._lines(block, report, shown.hidden)
            for atoms in hidden:
                self._is_small(block, atoms, report.min_published)
            for atoms in self._lines(block, report, shown.shown):
                self._is_large(block, atoms, report.min_published)
            self._together(block, hidden, report, shown)

    def _lines(self, block: Block, report: Published, codes: Iterable[str]) -> list[Atoms]:
        keys = ((block, report.within, code, report.month) for code in sorted(codes))
        found = (self._knowledge.lines.get(key) for key in keys)
        return [atoms for atoms in found if atoms]

    def _figure(self, block: Block, atoms: Atoms, figure: str) -> Sum:
        return self._knowledge.people.figure(block, atoms, figure)

    def _is_new(self, block: Block, atoms: Atoms, least: int, *, small: bool) -> bool:
        key = block, atoms, least, small
        is_new = key not in self._done
        self._done.add(key)
        return is_new

    def _is_small(self, block: Block, atoms: Atoms, least: int) -> None:
        """Of one figure at least there is somebody, but fewer than `least`."""
        if not self._is_new(block, atoms, least, small=True):
            return
        room, know = MOST_PEOPLE * len(STATES) * len(atoms), self._unknowns.know
        reasons: Sum = Sum()
        for figure in COUNTED:
            reasons[reason := self._unknowns.new(1)] = 1
            people = self._figure(block, atoms, figure)
            know(combined((people, 1), (Sum({reason: 1}), -1)), 0)
            know(combined((people, 1), (Sum({reason: 1}), room)), high=least - 1 + room)
        know(reasons, 1)

    def _is_large(self, block: Block, atoms: Atoms, least: int) -> None:
        """Of each figure there is nobody, or there are `least` at the least."""
        if not self._is_new(block, atoms, least, small=False):
            return
        room, know = MOST_PEOPLE * len(STATES) * len(atoms), self._unknowns.know
        for figure in COUNTED:
            somebody = Sum({self._unknowns.new(1): 1})
            people = self._figure(block, atoms, figure)
            know(combined((people, 1), (somebody, -least)), 0)
            know(combined((people, 1), (somebody, -room)), high=0)

    def _together(self, block: Block, hidden: list[Atoms], report: Published, shown: Shown) -> None:
        """The line is printed where it is safe, and left out where it is not."""
        if not hidden:
            return
        everybody = tuple(atom for atoms in hidden for atom in atoms)
        room, least = MOST_PEOPLE * len(everybody) * len(STATES), report.min_published + 1
        measured = self._figure(block, everybody, "measured")
        limits: list[Sum] = []
        for figure in DONE if report.rules.counts_reading else DONE[1:]:
            did = self._figure(block, everybody, figure)
            limits += [did, combined((measured, 1), (did, -1))]
        if shown.small:
            for people in limits:
                self._unknowns.know(people, least)
            return
        reasons: Sum = Sum()
        for people in limits:
            reasons[reason := self._unknowns.new(1)] = 1
            self._unknowns.know(
                combined((people, 1), (Sum({reason: 1}), room)), high=least - 1 + room
            )
        self._unknowns.know(reasons, 1)
