"""Between which numbers everything that is known lets the figures of small units lie.

A figure of a unit is given away where only one number is possible, or fewer than three of a unit
with three people or more on its list. Without any report a reader knows no more than that nobody's
unit has more than MOST_PEOPLE, so that whatever is narrower was made narrow by the reports.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge import Atoms, Knowledge
from linear import MOST_PEOPLE, Solver, Sum, Undecided
from people import BASE, Block, People
from places import Places
from provinces import Province
from publishing import Published, published
from ranking import Ranking
from reports import learn
from smallness import Smallness

LEAST_PEOPLE = 5  # a unit of fewer is small, whatever the operator chose to protect beyond that
WIDE = 3  # numbers that must remain possible; two where fewer than three people are listed
PROTECTED = ("read", "sent", "regular", "not_regular", "out_of_scope", "excluded")
ALSO = ("not_read", "not_sent", "unmeasured", "provided")  # what else could be asked for
BASES = {"read": "measured", "sent": "measured", "regular": "judged", "not_regular": "judged"}
ALIKE = 2  # fewer who did, or did not, show what each of the others did
ROUNDS = 2  # solutions that must bring nothing new before each figure is asked for by itself
MOST_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Target:
    """A figure of a line that somebody could see, and how wide it must stay."""

    line: str
    block: Block
    atoms: Atoms
    figure: str
    wide: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A figure that is known too well.

    Attributes:
        knower: The head's unit, "" for somebody who knows only what is published.
    """

    province: str
    knower: str
    line: str
    month: int
    figure: str
    low: int
    high: int


def small(people: People, block: Block, atoms: Atoms) -> bool:
    """Whether somebody, but fewer than LEAST_PEOPLE, are listed, in scope, judged or measured."""
    return any(
        0 < people.truth(block, atoms, figure) < LEAST_PEOPLE
        for figure in ("staff", "in_scope", "judged", "measured")
    )


class Adversary:
    """A reader of the reports of a province."""

    def __init__(
        self, province: Province, reports: Sequence[Published], head: str | None = None
    ) -> None:
        self._province, self._reports, self._head = province, reports, head
        self.places = Places(province)
        self.people = People(province, self.places)
        self.knowledge = Knowledge(self.people, self.places)
        for report in reports:
            if report.head in (None, head):
                learn(self.knowledge, report)
        Ranking(self.knowledge, self.places).learn()
        Smallness(self.knowledge).learn()
        self.undecided = 0
        self.look_again()

    def look_again(self) -> None:
        """Asks about all that is known by now."""
        self.targets = tuple(self._targets())
        self.sums = {t: self.people.figure(t.block, t.atoms, t.figure) for t in self.targets}
        self._truths = self.people.truths()
        self._solver = Solver(self.people.unknowns)
        self._public: dict[Target, tuple[int, int]] = {}

    def is_sound(self) -> bool:
        """Whether what is true is possible by all that was concluded."""
        return self._solver.knowing(self._truths).is_consistent()

    def _targets(self) -> Iterable[Target]:
        people = self.people
        seen: dict[tuple[Block, Atoms], str] = {}
        for (block, _within, code, _month), atoms in self.knowledge.lines.items():
            seen.setdefault((block, atoms), code)
        for (block, atoms), code in seen.items():
            listed = people.truth(block, atoms, "staff")
            room = min(WIDE, listed) if listed >= 2 else 2
            is_small = small(people, block, atoms)
            for figure in (*PROTECTED, *ALSO):
                if self._is_shown_by_a_whole_unit(block, atoms, figure):
                    continue
                of_few = 0 < people.truth(block, atoms, figure) < LEAST_PEOPLE
                if is_small or (figure in ("out_of_scope", "excluded") and of_few):
                    yield Target(code, block, atoms, figure, room)

    def _is_shown_by_a_whole_unit(self, block: Block, atoms: Atoms, figure: str) -> bool:
        """Whether they are in a unit that is shown, and nearly all or none of it did it.

        The figure of such a unit shows each of its people, which is documented: of those who are
        a part of it today, and of those who are left of it by other rules or in another edition.
        """
        if figure not in BASES:
            return False
        month, places, truth = block[0], self.places, self.people.truth
        blocks = {other for other, *_ in self.knowledge.lines if other[0] == month}
        for top in {places.top(month, atom.unit) for atom in atoms}:
            whole = tuple(a for a in places.atoms(month) if places.top(month, a.unit) == top)
            for other in blocks:
                if small(self.people, other, whole):
                    continue
                did = truth(other, whole, figure)
                if not ALIKE <= did <= truth(other, whole, BASES[figure]) - ALIKE:
                    return True
        return False

    def heads(self) -> tuple[str, ...]:
        """Who knows more: the head of each unit not shown, and of the largest that is."""
        hidden = {code for _, shown in self.knowledge.reports for code in shown.hidden}
        sizes = {
            code: self.people.truth(block, atoms, "staff")
            for (block, _within, code, _month), atoms in self.knowledge.lines.items()
            if code not in hidden
        }
        healthy = [max(sizes, key=lambda code: (sizes[code], code))] if sizes else []
        return (*sorted(hidden), *healthy)

    def faults(self, head: str = "", figures: Sequence[str] = PROTECTED) -> list[Fault]:
        """Every figure that is known too well, with what the head of a unit knows of it."""
        if head and self._head is None and any(report.head == head for report in self._reports):
            with_own_page = Adversary(self._province, self._reports, head)
            found = with_own_page.faults(head, figures)
            self.undecided += with_own_page.undecided
            return found
        targets = [target for target in self.targets if target.figure in figures]
        if not self._public:
            self._public = self._ranges(self.targets, self._solver)
        ranges = self._public
        if head:
            known, own = self._known(head)
            # Where the head knows no more than everybody, nothing is asked.
            joined = self._solver.joined(known)
            # What is the head's own unit's, with the units below it, is the head's to know.
            targets = [
                target
                for target in targets
                if target.line != head
                and not own.issuperset(target.atoms)
                and not joined.isdisjoint(self.sums[target])
            ]
            ranges = ranges | self._ranges(targets, self._solver.knowing(known))
        return [
            Fault(
                self._province.name,
                head,
                target.line,
                target.block[0],
                target.figure,
                *ranges[target],
            )
            for target in targets
            if ranges[target][1] - ranges[target][0] + 1 < target.wide
        ]

    def _known(self, head: str) -> tuple[dict[int, float], set[object]]:
        """All about the people of one unit, in every month that it is on the list."""
        known: dict[int, float] = {}
        own: set[object] = set()
        if head:
            for block in self.people.blocks():
                for atom in self.places.atoms(block[0]):
                    if atom.unit == head:
                        own.add(atom)
                        numbers = self.people.numbers(block, atom)
                        known |= {numbers[base]: self._truths[numbers[base]] for base in BASE}
        return known, own

    def _ranges(self, targets: Sequence[Target], solver: Solver) -> dict[Target, tuple[int, int]]:
        """For each target the least and greatest number found; exact where it is too narrow."""
        sums, found = self.sums, dict(self._truths)
        ranges = {t: (self._value(sums[t], found),) * 2 for t in targets}
        chance = random.Random(len(targets))  # noqa: S311 - a test's dice
        stale = 0
        for number in range(MOST_ROUNDS):
            open_ones = self._open(targets, ranges, sums, solver)
            if not open_ones or stale >= ROUNDS:
                break
            wanted: dict[int, float] = {}
            for target in open_ones:
                weight = (1, -1)[number] if number < 2 else chance.choice((-1, 1))
                for unknown, times in sums[target].items():
                    wanted[unknown] = wanted.get(unknown, 0) + weight * times
            before = dict(ranges)
            self._see(solver.greatest(wanted, quick=True), targets, sums, ranges, found)
            stale = 0 if ranges != before else stale + 1
        for target in self._open(targets, ranges, sums, solver):
            for sign in (1.0, -1.0):
                if _width(ranges[target]) < target.wide:
                    wanted = {unknown: sign * n for unknown, n in sums[target].items()}
                    try:
                        solution = solver.greatest(wanted, quick=False)
                    except Undecided:
                        self.undecided += 1
                        ranges[target] = 0, MOST_PEOPLE
                        break
                    self._see(solution, targets, sums, ranges, found)
        return ranges

    def _open(
        self,
        targets: Sequence[Target],
        ranges: Mapping[Target, tuple[int, int]],
        sums: Mapping[Target, Sum],
        solver: Solver,
    ) -> list[Target]:
        """Those of which too few numbers were seen, but more may be possible."""
        return [
            target
            for target in targets
            if _width(ranges[target]) < target.wide
            and solver.bounds(sums[target]) != ranges[target]
        ]

    def _value(self, terms: Sum, found: Mapping[int, float]) -> int:
        return int(sum(times * found[unknown] for unknown, times in terms.items()))

    def _see(
        self,
        solution: Mapping[int, float] | None,
        targets: Sequence[Target],
        sums: Mapping[Target, Sum],
        ranges: dict[Target, tuple[int, int]],
        found: dict[int, float],
    ) -> None:
        """Widens the ranges by a solution, which goes on from what was found before."""
        if solution is None:
            raise AssertionError(f"{self._province.name}: what was read contradicts itself")
        found.update(solution)
        for target in targets:
            value = self._value(sums[target], found)
            low, high = ranges[target]
            ranges[target] = min(low, value), max(high, value)


def _width(found: tuple[int, int]) -> int:
    return found[1] - found[0] + 1


def attacked(province: Province, figures: Sequence[str] = PROTECTED) -> tuple[Fault, ...]:
    """Publishes the province and finds every figure that somebody gets to know too well.

    Raises:
        AssertionError: The reader concluded something that is not true, or the solver gave up.
    """
    with TemporaryDirectory() as folder:
        adversary = Adversary(province, list(published(province, Path(folder))))
    if not adversary.is_sound():
        raise AssertionError(f"{province.name}: the reader concludes what is not true")
    knowers = ("", *adversary.heads())
    faults = tuple(fault for knower in knowers for fault in adversary.faults(knower, figures))
    if adversary.undecided:
        raise AssertionError(f"{province.name}: {adversary.undecided} figures are not decided")
    return faults
