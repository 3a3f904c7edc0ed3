"""With a linear program and what was published of overlapping periods, nobody learns about few."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from longer_adversary import Fault, collect, faults_of, people_of, publish

from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.rules import SENT_ALONE, SENT_AND_READ
from mailaudit.store import SnapshotStore

MONTHS = tuple(Period(2025, month) for month in range(1, 13))


def months(first: int, last: int) -> LongPeriod:
    """Months of 2025, counted from 1."""
    return LongPeriod.of(MONTHS[first - 1].first_day, MONTHS[last - 1].last_day)


YEAR, HALF, (Q1, Q2, Q3, Q4) = (
    months(1, 12),
    months(1, 6),
    (months(n, n + 2) for n in (1, 4, 7, 10)),
)
FAMILIES: dict[str, tuple[Period, ...]] = {
    "two months": (*MONTHS[:2], months(1, 2)),
    "a quarter and its last month": (MONTHS[2], Q1),
    "a quarter and its months": (*MONTHS[:3], Q1),
    "a half and its quarters": (Q1, Q2, HALF),
    "a half, its quarters and months": (*MONTHS[:3], Q1, Q2, HALF),
    "parts of a quarter": (*MONTHS[3:6], months(4, 5), Q2),
    "periods that overlap": (HALF, months(2, 8), months(1, 8)),
    "a year and its quarters": (Q1, Q2, Q3, Q4, YEAR),
}
SAMPLE = (("two months", 0), ("a quarter and its last month", 0), ("a half and its quarters", 3))
SLOW = (
    *(("two months", seed) for seed in (2, 3, 8, 9, 11)),
    ("a quarter and its last month", 4),
    *(("a quarter and its months", seed) for seed in (0, 2, 3, 5, 9, 11, 14, 24)),
    ("a half, its quarters and months", 0),
    ("parts of a quarter", 5),
    *(("periods that overlap", seed) for seed in (0, 1, 2)),
    *(("a year and its quarters", seed) for seed in (0, 1, 3)),
)
UNPROTECTED = (
    *SAMPLE[1:],
    *(("two months", seed) for seed in (1, 2)),
    *(("a year and its quarters", seed) for seed in (0, 3)),
)  # where figures of few people would follow


def attacked(
    family: str, seed: int, folder: Path, definition: str = SENT_AND_READ, *, withholding: bool
) -> list[Fault]:
    """Publishes the periods in some order, and reads them all."""
    periods = FAMILIES[family]
    people = people_of(seed, max(period.last_day.month for period in periods))
    order = random.Random(seed).sample(periods, len(periods))  # noqa: S311 - a test's dice
    with SnapshotStore.at(folder / f"{withholding}.db") as store:
        collect(store, people, MONTHS[0])
        publish(store, order, definition, withholding=withholding)
        records = [r for p in periods for r in store.published(p) if r.period == p]
    return faults_of(people, MONTHS[0], periods, records)


def _slow(cases: Sequence[tuple[str, int]]) -> list[object]:
    return [pytest.param(*case, marks=pytest.mark.slow) for case in cases]


@pytest.mark.parametrize(("family", "seed"), [*SAMPLE, *_slow(SLOW)])
def test_periods_together_give_no_few_away(family: str, seed: int, tmp_path: Path) -> None:
    """Of a unit, the few who count in one period and not in another."""
    assert attacked(family, seed, tmp_path, withholding=True) == []


@pytest.mark.parametrize(("family", "seed"), [SAMPLE[0], *_slow((*SAMPLE[1:], *SLOW))])
def test_nor_do_they_by_what_is_sent_alone(family: str, seed: int, tmp_path: Path) -> None:
    """Where no line says who read mail, a line that is left out must not say who sent some."""
    assert attacked(family, seed, tmp_path, SENT_ALONE, withholding=True) == []


@pytest.mark.parametrize(("family", "seed"), [SAMPLE[0], *_slow(UNPROTECTED)])
def test_they_would_without_withholding(family: str, seed: int, tmp_path: Path) -> None:
    """So that the test above can fail."""
    assert attacked(family, seed, tmp_path, withholding=False)
