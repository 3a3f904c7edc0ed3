"""LongPeriod: a quarter, a half-year, a year, or any days, half-open like a month."""

from datetime import UTC, date, datetime

import pytest

from mailaudit.model.period import LongPeriod, Period

QUARTER = LongPeriod.part_of_year(2026, 3, 4)
YEAR = LongPeriod.part_of_year(2026, 1, 1)
ODD = LongPeriod.of(date(2025, 12, 10), date(2026, 12, 10))


@pytest.mark.parametrize(
    ("period", "text", "file_name", "days"),
    [
        (QUARTER, "2026-Q3", "2026-Q3", 92),
        (LongPeriod.part_of_year(2026, 1, 2), "2026-H1", "2026-H1", 181),
        (YEAR, "2026", "2026-year", 365),
        (ODD, "2025-12-10–2026-12-10", "days-2025-12-10-2026-12-10", 366),
        (LongPeriod.of(date(2026, 7, 1), date(2026, 9, 30)), "2026-Q3", "2026-Q3", 92),
        (
            LongPeriod.of(date(2026, 8, 1), date(2026, 10, 31)),
            "2026-08-01–2026-10-31",
            "days-2026-08-01-2026-10-31",
            92,
        ),
    ],
)
def test_longer_period_has_a_name_and_days(
    period: LongPeriod, text: str, file_name: str, days: int
) -> None:
    """Both ends are included; days that are a quarter are that quarter."""
    assert (str(period), period.file_name) == (text, file_name)
    assert len(list(period.days())) == days


def test_longer_period_ends_with_its_last_day() -> None:
    """From local midnight to the local midnight after 10 December."""
    assert ODD.start == datetime(2025, 12, 9, 17, tzinfo=UTC)
    assert ODD.end == datetime(2026, 12, 10, 17, tzinfo=UTC)


def test_longer_period_names_every_month_it_has_a_day_of() -> None:
    """Thirteen from December to December, three in a quarter."""
    assert list(map(str, ODD.months()))[:: len(ODD.months()) - 1] == ["2025-12", "2026-12"]
    assert len(ODD.months()) == 13
    assert list(map(str, QUARTER.months())) == ["2026-07", "2026-08", "2026-09"]


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (QUARTER, "2026-Q2"),
        (LongPeriod.part_of_year(2026, 1, 2), "2025-H2"),
        (YEAR, "2025"),
        (ODD, "2024-12-10–2025-12-10"),
        (LongPeriod.of(date(2026, 3, 1), date(2026, 4, 30)), "2026-01-01–2026-02-28"),
        (LongPeriod.of(date(2026, 1, 15), date(2026, 3, 31)), "2025-10-15–2025-12-31"),
        (LongPeriod.of(date(2026, 7, 2), date(2026, 9, 30)), "2026-04-02–2026-06-30"),
    ],
)
def test_longer_period_follows_one_as_long(period: LongPeriod, before: str) -> None:
    """A quarter follows a quarter; days move by whole months."""
    assert str(period.shifted(-1)) == before


def test_longer_period_is_no_month() -> None:
    """The days of October are not October, by which a month's publication is known."""
    october = LongPeriod.of(date(2026, 10, 1), date(2026, 10, 31))
    assert october != Period(2026, 10)
    assert str(october) != "2026-10"


def test_longer_period_ends_after_it_began() -> None:
    """The wrong way round is refused."""
    with pytest.raises(ValueError, match="2026-10-02 to 2026-10-01"):
        LongPeriod.of(date(2026, 10, 2), date(2026, 10, 1))
