"""With a linear program and what was published of overlapping periods, nobody learns about few."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from longer_adversary import Fault, collect, faults_of, people_of, publish

from mailaudit.model.period import LongPeriod, Period
from mailaudit.store import SnapshotStore

YEAR = LongPeriod.part_of_year(2025, 1, 1)
QUARTERS = tuple(LongPeriod.part_of_year(2025, part, 4) for part in (1, 2, 3, 4))
QUARTER, MONTHS = QUARTERS[2], QUARTERS[2].months()
SAMPLE = (11,)  # where the figures of few people would follow
SLOW = [pytest.param(seed, marks=pytest.mark.slow) for seed in (3, 5, 9, 14)]


def attacked(
    seed: int, longer: LongPeriod, inner: Sequence[Period], folder: Path, *, withholding: bool
) -> list[Fault]:
    """Publishes the inner periods, then the longer one, and reads both."""
    months = longer.months()
    people = people_of(seed, len(months))
    columns = [
        [
            n
            for n, month in enumerate(months)
            if period.first_day <= month.first_day <= period.last_day
        ]
        for period in inner
    ]
    with SnapshotStore.at(folder / f"{withholding}.db") as store:
        collect(store, people, months[0])
        publish(store, [*inner, longer], withholding=withholding)
        records = [[r for r in store.published(p) if r.period == p] for p in (*inner, longer)]
    return faults_of(people, columns, records[:-1], records[-1])


@pytest.mark.parametrize("seed", [*SAMPLE, *SLOW])
def test_quarter_and_its_months_give_no_few_away(seed: int, tmp_path: Path) -> None:
    """Of a unit, the few who were not there in a month, and all of one without figures."""
    assert attacked(seed, QUARTER, MONTHS, tmp_path, withholding=True) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1))
def test_year_and_its_quarters_give_no_few_away(seed: int, tmp_path: Path) -> None:
    """The same of those who were not there in a quarter."""
    assert attacked(seed, YEAR, QUARTERS, tmp_path, withholding=True) == []


@pytest.mark.parametrize("seed", SAMPLE)
def test_they_would_without_withholding(seed: int, tmp_path: Path) -> None:
    """So that the tests above can fail."""
    assert attacked(seed, QUARTER, MONTHS, tmp_path, withholding=False)
