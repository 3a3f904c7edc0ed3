"""A Period: one month in the audit's time zone, half-open [start, end)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Period:
    """One calendar month of `timezone`; prints as `2026-10`.

    Compare periods of one time zone only.
    """

    year: int
    month: int
    timezone: str = "Asia/Ho_Chi_Minh"

    def __post_init__(self) -> None:
        date(self.year, self.month, 1)  # refuses what is not a month
        ZoneInfo(self.timezone)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def start(self) -> datetime:
        """The first instant in the Period, aware, in its time zone."""
        return datetime(self.year, self.month, 1, tzinfo=self.tz)

    @property
    def end(self) -> datetime:
        """The first instant after the Period, aware, in its time zone."""
        following = self.shifted(1)
        return datetime(following.year, following.month, 1, tzinfo=self.tz)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return self.end.date() - timedelta(days=1)

    def days(self) -> Iterator[date]:
        """Every local day of the Period in order."""
        day = self.first_day
        while day <= self.last_day:
            yield day
            day += timedelta(days=1)

    def shifted(self, months: int) -> "Period":
        """The Period `months` later (earlier when negative)."""
        index = self.year * 12 + (self.month - 1) + months
        return Period(index // 12, index % 12 + 1, self.timezone)
