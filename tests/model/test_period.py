"""Period: one month of a time zone, half-open."""

from datetime import UTC, date, datetime

import pytest

from mailaudit.model.period import Period


def test_period_begins_and_ends_at_local_midnight() -> None:
    """October 2026 in Viet Nam (UTC+7) begins on 30 September, 17:00 UTC."""
    october = Period(2026, 10)
    assert october.start == datetime(2026, 9, 30, 17, tzinfo=UTC)
    assert october.end == datetime(2026, 10, 31, 17, tzinfo=UTC)


def test_period_ends_where_the_next_begins() -> None:
    """No instant lies between two months, and none in both, over a year's end too."""
    for month in range(1, 13):
        period = Period(2026, month)
        assert period.end == period.shifted(1).start


def test_period_has_every_day_of_its_month() -> None:
    """February of a leap year, from the first to the twenty-ninth."""
    february = Period(2024, 2)
    assert [day.day for day in february.days()] == list(range(1, 30))
    assert (february.first_day, february.last_day) == (date(2024, 2, 1), date(2024, 2, 29))


def test_period_keeps_its_bounds_where_clocks_change() -> None:
    """Bounds are local midnights also where one is in summer time and the other is not."""
    march = Period(2026, 3, "Europe/Paris")
    assert march.start == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert march.end == datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert march.last_day == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("months", "expected"),
    [(0, "2026-01"), (-1, "2025-12"), (11, "2026-12"), (12, "2027-01"), (-13, "2024-12")],
)
def test_period_shifts_over_years(months: int, expected: str) -> None:
    """Months carry into years both ways, and the time zone stays."""
    shifted = Period(2026, 1, "Europe/Paris").shifted(months)
    assert (str(shifted), shifted.timezone) == (expected, "Europe/Paris")


@pytest.mark.parametrize(("year", "month"), [(2026, 0), (2026, 13), (0, 1), (10000, 1)])
def test_period_refuses_what_is_no_month(year: int, month: int) -> None:
    """There is no month 0 or 13."""
    with pytest.raises(ValueError, match=r"month|year"):
        Period(year, month)


def test_period_refuses_an_unknown_time_zone() -> None:
    """A time zone is one of the IANA database."""
    with pytest.raises(LookupError):
        Period(2026, 1, "Mars/Olympus")
