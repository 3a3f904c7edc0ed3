"""Counts: sums add, and rates are exact or absent."""

from fractions import Fraction

import pytest

from mailaudit.model.roster import Unit
from mailaudit.model.usage import NUMBERS, Counts, Measurement, UnitUsage


def some_counts(first: int) -> Counts:
    """Counts whose columns are all different."""
    return Counts(*range(first, first + len(NUMBERS)))


def test_counts_add_column_by_column() -> None:
    """Each column is the sum of that column."""
    total = some_counts(1) + some_counts(100)
    assert list(total.numbers) == list(range(101, 119, 2))


def test_counts_of_nobody_add_nothing() -> None:
    """Counts() is the zero of addition."""
    assert some_counts(1) + Counts() == some_counts(1)


def test_rates_are_exact() -> None:
    """The numbers of the docstrings: 45 of 50 provided, 2 unmeasured, 30 regular."""
    counts = Counts(staff=50, in_scope=50, provided=45, unmeasured=2, regular=30)
    assert counts.provided_share == Fraction(9, 10)
    assert counts.regular_share == Fraction(30, 48)
    assert counts.lower_bound == Fraction(30, 50)
    assert counts.upper_bound == Fraction(32, 50)
    assert counts.coverage == Fraction(43, 45)


def test_rates_of_nobody_in_scope_are_absent() -> None:
    """D = 0 has no rates, not rates of 0."""
    counts = Counts(staff=3, exempt=3)
    assert counts.provided_share is None
    assert counts.regular_share is None
    assert counts.lower_bound is None
    assert counts.upper_bound is None
    assert counts.coverage is None


def test_rates_where_everybody_is_unmeasured() -> None:
    """No R, bounds from 0 to 1, coverage 0."""
    counts = Counts(staff=3, in_scope=3, provided=3, unmeasured=3)
    assert counts.regular_share is None
    assert (counts.lower_bound, counts.upper_bound) == (Fraction(0), Fraction(1))
    assert counts.coverage == 0


def test_rates_where_nobody_is_provided() -> None:
    """R is 0, for everybody counts as non-use; coverage is absent, for nothing was to measure."""
    counts = Counts(staff=3, in_scope=3)
    assert (counts.provided_share, counts.regular_share) == (Fraction(0), Fraction(0))
    assert counts.coverage is None


def test_rates_without_unmeasured_meet_in_one_point() -> None:
    """With U = 0 both bounds are R."""
    counts = Counts(staff=7, in_scope=7, provided=7, regular=3)
    assert counts.lower_bound == counts.regular_share == counts.upper_bound == Fraction(3, 7)


@pytest.mark.parametrize("units", [0, 1, 3])
def test_measurement_total_is_the_sum_of_its_units(units: int) -> None:
    """Recomputed from sums: 9/10 and 30/90 make 39/100."""
    parts = [Counts(9, in_scope=10, regular=9), Counts(3, in_scope=90, regular=30), Counts(1)]
    usages = [UnitUsage(Unit(str(number), "", ""), counts) for number, counts in enumerate(parts)]
    total = Measurement((), tuple(usages[:units])).total
    assert total == sum(parts[:units], Counts())
    if units == len(parts):
        assert total.regular_share == Fraction(39, 100)


def test_short_of_is_the_least_number_that_reaches_a_share() -> None:
    """One fewer does not; of 48, as two of 50 are unmeasured; 0 once it is reached."""
    counts = Counts(in_scope=50, provided=50, unmeasured=2, regular=30)
    assert counts.short_of(Fraction(80, 100)) == 9
    assert counts.short_of(Fraction(39, 48)) == 9
    assert [counts.short_of(Fraction(part, 48)) for part in (29, 30, 31)] == [0, 0, 1]


def test_target_is_met_from_the_very_share_on() -> None:
    """Exactly, without rounding; nobody's share meets none, be it 0."""
    assert Counts(in_scope=50, regular=45).meets(Fraction(9, 10))
    assert not Counts(in_scope=10000, regular=8999).meets(Fraction(9, 10))
    assert not Counts().meets(Fraction(0))
