"""WorkCalendar: which days are working days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from mailaudit.model.period import Period

MONDAY_TO_FRIDAY = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that is not what its weekday says.

    Attributes:
        working: A weekend day that is worked; else a day off.
        source: The document that decided it.
        provisional: Not finally decided ("ước tính").
    """

    day: date
    working: bool
    name: str = ""
    source: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Monday to Friday, less the days off, plus the days made up for.

    Attributes:
        off: Public holidays and swapped days off.
        worked: Weekend days that are worked instead.
        years: The years the calendar knows; of other years the public holidays are computed at
            best, without swapped days.
        provisional_years: Years whose days are not finally decided ("ước tính").
        weekdays: The weekdays worked, Monday is 0.
        days: What is known of the days in `off` and `worked`, in order.
        name: Of a calendar of units of their own, "" of the general one.
        source: The document that decided it.
        units: The calendars of units that have one of their own, by unit code.
    """

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    years: frozenset[int] = field(default=frozenset())
    provisional_years: frozenset[int] = frozenset()
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    days: tuple[CalendarDay, ...] = ()
    name: str = ""
    source: str = ""
    units: tuple[tuple[str, "WorkCalendar"], ...] = ()

    def of_unit(self, codes: Iterable[str]) -> "WorkCalendar":
        """The calendar of the first of these units that has one of its own, else this one.

        Args:
            codes: A unit and those above it, from itself to the topmost.
        """
        own = dict(self.units)
        return next((own[code] for code in codes if code in own), self)

    def is_working_day(self, day: date) -> bool:
        return day in self.worked or (day.weekday() in self.weekdays and day not in self.off)

    def is_estimated(self, period: Period) -> bool:
        """Whether the Period's days off are computed or not finally decided ("ước tính")."""
        years = frozenset(range(period.first_day.year, period.last_day.year + 1))
        return (
            not years <= self.years
            or bool(years & self.provisional_years)
            or any(
                day.provisional and period.first_day <= day.day <= period.last_day
                for day in self.days
            )
        )

    def working_days(self, first: date, last: date) -> Iterator[date]:
        """The working days from `first` to `last`, both included."""
        day = first
        while day <= last:
            if self.is_working_day(day):
                yield day
            day += timedelta(days=1)

    def working_days_of(self, period: Period) -> int:
        """How many working days the Period has."""
        return sum(1 for _ in self.working_days(period.first_day, period.last_day))

    def back(self, day: date, working_days: int) -> date:
        """The day that lies `working_days` working days before `day`."""
        while working_days > 0:
            day -= timedelta(days=1)
            working_days -= self.is_working_day(day)
        return day
