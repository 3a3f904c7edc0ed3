"""Whole numbers that nobody printed, and what is known of them: a mixed-integer linear program."""

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import inf, lcm

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

MOST_PEOPLE = 60  # nobody's unit has more
Sum = Counter[int]  # how often each unknown counts


class Unknowns:
    """Unknown whole numbers and linear facts about them."""

    def __init__(self) -> None:
        self.least: list[float] = []
        self.most: list[float] = []
        self._columns: list[int] = []
        self._numbers: list[float] = []
        self._starts: list[int] = [0]
        self._low: list[float] = []
        self._high: list[float] = []
        self._seen: set[tuple[object, ...]] = set()
        self._matrix: csr_array | None = None

    def new(self, most: int = MOST_PEOPLE) -> int:
        self.least.append(0)
        self.most.append(most)
        self._matrix = None
        return len(self.least) - 1

    def know(self, terms: Mapping[int, int], low: float = -inf, high: float = inf) -> None:
        """`low <= sum of terms <= high`."""
        found = tuple(sorted((n, times) for n, times in terms.items() if times))
        if (fact := (found, low, high)) in self._seen:
            return
        self._seen.add(fact)
        if len(found) == 1 and found[0][1] == 1:
            (number, _times) = found[0]
            self.least[number] = max(self.least[number], low)
            self.most[number] = min(self.most[number], high)
            return
        self._columns += [number for number, _ in found]
        self._numbers += [times for _, times in found]
        self._starts.append(len(self._columns))
        self._low.append(low)
        self._high.append(high)
        self._matrix = None

    def know_ratio(self, part: Sum, whole: Sum, low: Fraction, high: Fraction) -> None:
        """`low <= part / whole <= high`, where whole is not nothing."""
        self.know(whole, 1)
        if low == high:
            self.know(combined((part, low.denominator), (whole, -low.numerator)), 0, 0)
            return
        for bound, sign in ((low, 1), (high, -1)):
            scaled = lcm(bound.denominator, 1)
            terms = combined((part, sign * scaled), (whole, -sign * bound.numerator))
            self.know(terms, 0)

    def is_consistent(self, known: Mapping[int, float]) -> bool:
        return self.solve(Sum(), known) is not None

    def solve(
        self, maximised: Mapping[int, float], known: Mapping[int, float]
    ) -> numpy.ndarray | None:
        """A solution in whole numbers with the greatest value of `maximised`; None without any."""
        if not self.least:
            return numpy.zeros(0)
        cost = numpy.zeros(len(self.least))
        for number, times in maximised.items():
            cost[number] = -times
        least, most = numpy.array(self.least, float), numpy.array(self.most, float)
        for number, value in known.items():
            least[number] = max(least[number], value)
            most[number] = min(most[number], value)
        if (least > most).any():
            return None
        if self._matrix is None:
            shape = (len(self._low), len(self.least))
            self._matrix = csr_array((self._numbers, self._columns, self._starts), shape=shape)
        found = milp(
            cost,
            integrality=numpy.ones(len(cost)),
            bounds=Bounds(least, most),
            constraints=LinearConstraint(self._matrix, self._low, self._high),
            options={"mip_rel_gap": 0.0},
        )
        if found.status not in (0, 2):
            raise AssertionError(found.message)
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
