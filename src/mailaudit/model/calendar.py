"""WorkCalendar: which days are working days."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from mailaudit.model.period import Period

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Monday to Friday, less the days off, plus the days made up for.

    Attributes:
        off: Public holidays and swapped days off.
        worked: Weekend days that are worked instead.
        years: The years the calendar knows; other years have Monday to Friday only.
        provisional_years: Years whose days are not finally decided ("ước tính").
    """

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    years: frozenset[int] = field(default=frozenset())
    provisional_years: frozenset[int] = frozenset()

    def is_working_day(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.off)

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
