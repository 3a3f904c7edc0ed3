"""WorkCalendar: weekdays, less days off, plus days made up for."""

from datetime import date

from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.period import Period

MONDAY = date(2026, 10, 5)
SATURDAY = date(2026, 10, 10)
SUNDAY = date(2026, 10, 11)


def test_calendar_without_entries_has_monday_to_friday() -> None:
    """22 weekdays in October 2026, and none of them on a weekend."""
    calendar = WorkCalendar()
    days = list(calendar.working_days(date(2026, 10, 1), date(2026, 10, 31)))
    assert len(days) == calendar.working_days_of(Period(2026, 10)) == 22
    assert {day.weekday() for day in days} == set(range(5))


def test_calendar_takes_off_holidays_and_adds_swapped_days() -> None:
    """A day off counts less, a worked Saturday more."""
    calendar = WorkCalendar(off=frozenset({MONDAY}), worked=frozenset({SATURDAY}))
    assert not calendar.is_working_day(MONDAY)
    assert calendar.is_working_day(SATURDAY)
    assert not calendar.is_working_day(SUNDAY)
    assert calendar.working_days_of(Period(2026, 10)) == 22


def test_calendar_bounds_are_both_included() -> None:
    """From a Monday to the same Monday there is one working day."""
    assert list(WorkCalendar().working_days(MONDAY, MONDAY)) == [MONDAY]
    assert list(WorkCalendar().working_days(SATURDAY, SUNDAY)) == []


def test_calendar_goes_back_over_weekends_and_holidays() -> None:
    """Three working days before Monday the 12th: Friday, Thursday, and, Wednesday off, Tuesday."""
    calendar = WorkCalendar(off=frozenset({date(2026, 10, 7)}))
    assert calendar.back(date(2026, 10, 12), 3) == date(2026, 10, 6)
    assert calendar.back(date(2026, 10, 12), 0) == date(2026, 10, 12)
