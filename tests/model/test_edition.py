"""How long after the end of its month an edition was collected."""

from datetime import UTC, datetime, timedelta

import pytest

from mailaudit.model.period import Period
from mailaudit.model.snapshot import Edition

OCTOBER = Period(2026, 10)
SEPTEMBER = OCTOBER.shifted(-1)


@pytest.mark.parametrize(
    ("cut_off", "days"),
    [
        (datetime(2026, 10, 31, 16, 59, tzinfo=UTC), None),  # 23:59 in Viet Nam
        (datetime(2026, 10, 31, 17, tzinfo=UTC), 0),
        (datetime(2026, 11, 1, 17, tzinfo=UTC), 1),
        (datetime(2026, 11, 8, 16, 59, tzinfo=UTC), 7),
    ],
)
def test_days_after_the_end_are_those_of_the_calendar(cut_off: datetime, days: int | None) -> None:
    """Of the audit's time zone; a month that was not over has none, and is never the later one."""
    edition = Edition(OCTOBER, 1, cut_off, None, 0, 0)
    at_once = Edition(SEPTEMBER, 1, SEPTEMBER.end, None, 0, 0)
    assert edition.days_after_end == days
    assert not edition.is_much_later_than(at_once)
    eight = Edition(OCTOBER, 1, OCTOBER.end + timedelta(days=8), None, 0, 0)
    assert eight.is_much_later_than(at_once)
    assert eight.is_much_later_than(edition) == (days == 0)
