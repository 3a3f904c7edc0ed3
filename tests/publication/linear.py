"""Whole numbers that nobody printed, and what is known of them: a mixed-integer linear program."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from math import inf

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

MOST_PEOPLE = 60  # nobody's unit has more
QUICK = {"mip_rel_gap": 0.5, "node_limit": 50}  # any solution will do
EXACT = {"mip_rel_gap": 0.0, "node_limit": 400}
Sum = Counter[int]  # how often each unknown counts
Fact = tuple[tuple[tuple[int, int], ...], float, float]  # terms, least and greatest sum


class Unknowns:
    """Unknown whole numbers from 0 on, and linear facts about them."""

    def __init__(self) -> None:
        self.most: list[float] = []
        self.facts: dict[Fact, None] = {}

    def new(self, most: int = MOST_PEOPLE) -> int:
        self.most.append(most)
        return len(self.most) - 1

    def know(self, terms: Mapping[int, int], low: float = -inf, high: float = inf) -> None:
        """`low <= sum of terms <= high`."""
        found = tuple(sorted((n, times) for n, times in terms.items() if times))
        self.facts[found, low, high] = None

    def know_ratio(self, part: Sum, whole: Sum, low: Fraction, high: Fraction) -> None:
        """`low <= part / whole <= high`, where whole is not nothing."""
        self.know(whole, 1)
        for bound, sign in ((low, 1), (high, -1)):
            terms = ((part, sign * bound.denominator), (whole, -sign * bound.numerator))
            self.know(combined(*terms), 0, 0 if low == high else inf)


class Undecided(Exception):
    """The solver gave up."""


@dataclass(slots=True)
class _Part:
    """Unknowns that no fact joins with others, and the facts about them."""

    numbers: list[int]
    least: numpy.ndarray
    most: numpy.ndarray
    matrix: csr_array
    low: numpy.ndarray
    high: numpy.ndarray


class Solver:
    """Everything known, with some of the unknowns known as well.

    Attributes:
        fixed: What only one number is possible for, as far as simple sums say.
        possible: Whether nothing contradicts anything, as far as that.
    """

    def __init__(self, unknowns: Unknowns) -> None:
        self._facts = list(unknowns.facts)
        self._about: dict[int, list[int]] = {}
        for place, (terms, _low, _high) in enumerate(self._facts):
            for number, _times in terms:
                self._about.setdefault(number, []).append(place)
        self._least = [0.0] * len(unknowns.most)
        self._most = list(unknowns.most)
        self.possible = True
        self._tighten(range(len(self._facts)))
        self._divide()

    def knowing(self, known: Mapping[int, float]) -> "Solver":
        """The same with some of the unknowns known."""
        solver = copy(self)
        solver._least, solver._most = list(self._least), list(self._most)
        about = set()
        for number, value in known.items():
            if not self._least[number] <= value <= self._most[number]:
                solver.possible = False
            if self._least[number] != self._most[number]:
                solver._least[number] = solver._most[number] = value
                about |= set(self._about.get(number, ()))
        solver._tighten(sorted(about))
        solver._divide()
        return solver

    def _tighten(self, places: Iterable[int]) -> None:
        """Bounds of single unknowns that follow from one fact at a time."""
        least, most, facts, about = self._least, self._most, self._facts, self._about
        waiting = list(places)
        queued = set(waiting)
        while waiting and self.possible:
            place = waiting.pop()
            queued.discard(place)
            terms, low, high = facts[place]
            if all(least[n] == most[n] for n, _ in terms):
                value = sum(t * least[n] for n, t in terms)
                self.possible &= low - 1e-9 <= value <= high + 1e-9
                continue
            lows = [t * (least[n] if t > 0 else most[n]) for n, t in terms]
            highs = [t * (most[n] if t > 0 else least[n]) for n, t in terms]
            bottom, top = sum(lows), sum(highs)
            if bottom > high + 1e-9 or top < low - 1e-9:
                self.possible = False
            for (number, times), at_least, at_most in zip(terms, lows, highs, strict=True):
                ends = (
                    (low - (top - at_most)) / times,
                    (high - (bottom - at_least)) / times,
                )
                up = numpy.ceil(min(ends) - 1e-9) if abs(min(ends)) < inf else -inf
                down = numpy.floor(max(ends) + 1e-9) if abs(max(ends)) < inf else inf
                if up > least[number] or down < most[number]:
                    least[number] = max(least[number], float(up))
                    most[number] = min(most[number], float(down))
                    if least[number] > most[number]:
                        self.possible = False
                        return
                    for other in about[number]:
                        if other not in queued:
                            queued.add(other)
                            waiting.append(other)

    def _divide(self) -> None:
        """Puts together what some fact joins, and leaves out what follows from the bounds."""
        self.fixed = {
            number: low
            for number, (low, high) in enumerate(zip(self._least, self._most, strict=True))
            if low == high
        }
        self._part_of: dict[int, _Part] = {}
        if not self.possible:
            return
        root = list(range(len(self._least)))

        def find(number: int) -> int:
            while root[number] != number:
                root[number] = root[root[number]]
                number = root[number]
            return number

        left: list[Fact] = []
        for terms, low, high in self._facts:
            free = tuple((n, t) for n, t in terms if n not in self.fixed)
            rest = sum(t * self.fixed[n] for n, t in terms if n in self.fixed)
            bottom = sum(t * (self._least[n] if t > 0 else self._most[n]) for n, t in free)
            top = sum(t * (self._most[n] if t > 0 else self._least[n]) for n, t in free)
            if bottom >= low - rest and top <= high - rest:
                continue
            left.append((free, low - rest, high - rest))
            for number, _times in free[1:]:
                root[find(number)] = find(free[0][0])
        members: dict[int, list[int]] = {}
        for number in range(len(root)):
            if number not in self.fixed:
                members.setdefault(find(number), []).append(number)
        of_part: dict[int, list[Fact]] = {}
        for fact in left:
            of_part.setdefault(find(fact[0][0][0]), []).append(fact)
        for key, numbers in members.items():
            part = self._part(numbers, of_part.get(key, []))
            self._part_of.update(dict.fromkeys(numbers, part))

    def _part(self, numbers: list[int], facts: Sequence[Fact]) -> _Part:
        place = {number: n for n, number in enumerate(numbers)}
        rows = [n for n, (terms, _low, _high) in enumerate(facts) for _ in terms]
        columns = [place[n] for terms, _low, _high in facts for n, _ in terms]
        values = [float(t) for terms, _low, _high in facts for _, t in terms]
        return _Part(
            numbers,
            numpy.array([self._least[n] for n in numbers]),
            numpy.array([self._most[n] for n in numbers]),
            csr_array((values, (rows, columns)), shape=(len(facts), len(numbers))),
            numpy.array([low for _, low, _ in facts]),
            numpy.array([high for _, _, high in facts]),
        )

    def joined(self, numbers: Iterable[int]) -> set[int]:
        """All unknowns that some fact joins, in however many steps, with these."""
        parts = {id(part): part for n in numbers if (part := self._part_of.get(n)) is not None}
        return {number for part in parts.values() for number in part.numbers}

    def bounds(self, terms: Mapping[int, int]) -> tuple[float, float]:
        """Between which numbers a sum lies at the most."""
        return (
            sum(t * (self._least[n] if t > 0 else self._most[n]) for n, t in terms.items()),
            sum(t * (self._most[n] if t > 0 else self._least[n]) for n, t in terms.items()),
        )

    def is_consistent(self) -> bool:
        """Whether there is any solution."""
        if not self.possible:
            return False
        parts = {id(part): part for part in self._part_of.values()}
        return all(
            _solved(part, numpy.zeros(len(part.numbers)), EXACT) is not None
            for part in parts.values()
        )

    def greatest(self, wanted: Mapping[int, float], *, quick: bool) -> dict[int, float] | None:
        """The unknowns of a solution with a great sum of `wanted`, as far as it matters to it.

        None where there is no solution. Unless it must be quick, no sum is greater; where that
        can't be decided in reasonable time, Undecided is raised.
        """
        if not self.possible:
            return None
        found: dict[int, float] = {}
        parts = {id(part): part for n in wanted if (part := self._part_of.get(n)) is not None}
        for part in parts.values():
            cost = numpy.array([-wanted.get(number, 0.0) for number in part.numbers])
            values = _solved(part, cost, QUICK if quick else EXACT)
            if values is not None:
                found.update(zip(part.numbers, values.tolist(), strict=True))
            elif not quick:
                return None
        return found


def _solved(part: _Part, cost: numpy.ndarray, options: Mapping[str, float]) -> numpy.ndarray | None:
    rows = LinearConstraint(part.matrix, part.low, part.high) if len(part.low) else ()
    found = milp(
        cost,
        integrality=numpy.ones(len(cost), dtype=int),
        bounds=Bounds(part.least, part.most),
        constraints=rows,
        options={"mip_rel_gap": options["mip_rel_gap"], "node_limit": int(options["node_limit"])},
    )
    if options is EXACT and found.status not in (0, 2):
        raise Undecided
    return None if found.x is None else numpy.round(found.x)


def combined(*terms: tuple[Mapping[int, int], int]) -> Sum:
    """The sum of sums, each so many times."""
    found: Sum = Counter()
    for term, times in terms:
        for number, count in term.items():
            found[number] += times * count
    return found


def total(sums: Iterable[Mapping[int, int]]) -> Sum:
    return combined(*((each, 1) for each in sums))
