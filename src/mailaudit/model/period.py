"""A Period: one month in the audit's time zone, half-open [start, end); a LongPeriod: several."""

import calendar
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


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
    def file_name(self) -> str:
        """What stands for it in the names of files."""
        return str(self)

    @property
    def published_as(self) -> "Period":
        """What its figures are published as; nearly the same days are published as the same."""
        return self

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
        return self.end.date() - ONE_DAY

    def days(self) -> Iterator[date]:
        """Every local day of the Period in order."""
        day = self.first_day
        while day <= self.last_day:
            yield day
            day += ONE_DAY

    def shifted(self, months: int) -> "Period":
        """The Period `months` later (earlier when negative)."""
        index = self.year * 12 + (self.month - 1) + months
        return Period(index // 12, index % 12 + 1, self.timezone)


@dataclass(frozen=True, slots=True, kw_only=True)
class LongPeriod(Period):
    """The days from `first` to `last`, both included, reported together from the months stored.

    Prints as `2026-Q3`, `2026-H1` or `2026` where it is a quarter, a half or the whole of a year.

    Attributes:
        year, month: Those of its last day, by which it stands after the months inside.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if (self.year, self.month) != (self.last.year, self.last.month) or self.first > self.last:
            raise ValueError(f"{self.first} to {self.last} in {self.year}-{self.month}")
        ZoneInfo(self.timezone)

    @classmethod
    def of(cls, first: date, last: date, timezone: str = "Asia/Ho_Chi_Minh") -> "LongPeriod":
        """The days from `first` to `last`, both included."""
        return cls(last.year, last.month, timezone, first=first, last=last)

    @classmethod
    def part_of_year(
        cls, year: int, part: int, parts: int, timezone: str = "Asia/Ho_Chi_Minh"
    ) -> "LongPeriod":
        """A part of a year in equal parts, counted from 1: part 3 of 4 is the third quarter."""
        end = part * 12 // parts
        last = date(year, end, calendar.monthrange(year, end)[1])
        return cls.of(date(year, end - 12 // parts + 1, 1), last, timezone)

    def __str__(self) -> str:
        match self.part:
            case (_, 1):
                return f"{self.year:04d}"
            case (part, parts):
                return f"{self.year:04d}-{'Q' if parts == 4 else 'H'}{part}"
        return f"{self.first}–{self.last}"

    @property
    def part(self) -> tuple[int, int] | None:
        """Which part of its year it is, of how many: 3 of 4; None where it is not a whole part."""
        for parts in (1, 2, 4):
            part = (self.month - 1) * parts // 12 + 1
            if LongPeriod.part_of_year(self.year, part, parts, self.timezone) == self:
                return part, parts
        return None

    @property
    def file_name(self) -> str:
        """A name that no file of a month, or of a unit in a month, has."""
        match self.part:
            case (_, 1):
                return f"{self}-year"
            case None:
                return f"days-{self.first}-{self.last}"
        return str(self)

    @property
    def published_as(self) -> "LongPeriod":
        """The whole months that it has most days of."""
        days = Counter((day.year, day.month) for day in self.days())
        months = self.months()
        most = [m for m in months if 2 * days[m.year, m.month] > m.last_day.day] or months
        return LongPeriod.of(most[0].first_day, most[-1].last_day, self.timezone)

    @property
    def start(self) -> datetime:
        """The first instant in it, aware, in its time zone."""
        return datetime.combine(self.first, time(), self.tz)

    @property
    def end(self) -> datetime:
        """The first instant after it, aware, in its time zone."""
        return datetime.combine(self.last + ONE_DAY, time(), self.tz)

    @property
    def first_day(self) -> date:
        return self.first

    @property
    def last_day(self) -> date:
        return self.last

    def months(self) -> tuple[Period, ...]:
        """Every month that it has a day of, in order."""
        month = Period(self.first.year, self.first.month, self.timezone)
        found = [month]
        while found[-1].last_day < self.last:
            found.append(found[-1].shifted(1))
        return tuple(found)

    def shifted(self, months: int) -> "LongPeriod":
        """The one as long that lies as many times its length later (earlier when negative).

        The length is in months that it has most days of: 2 July to 30 September is after 2 April to
        30 June.
        """
        whole = self.first.day == 1 and (self.last + ONE_DAY).day == 1
        by = months * len(self.published_as.months())
        if whole:
            end = Period(self.year, self.month, self.timezone).shifted(by)
            return LongPeriod.of(_moved(self.first, by), end.last_day, self.timezone)
        return LongPeriod.of(_moved(self.first, by), _moved(self.last, by), self.timezone)


def read_period(text: str, timezone: str = "Asia/Ho_Chi_Minh") -> Period:
    """The month or longer period that prints as `text`.

    Raises:
        ValueError: None does.
    """
    first, _, last = text.partition("–")
    part = re.fullmatch(r"(\d{4})(?:-([QH])(\d))?", text, re.ASCII)
    period: Period
    if last:
        period = LongPeriod.of(date.fromisoformat(first), date.fromisoformat(last), timezone)
    elif part is not None:
        parts = {"Q": 4, "H": 2, None: 1}[part[2]]
        period = LongPeriod.part_of_year(int(part[1]), int(part[3] or 1), parts, timezone)
    else:
        day = date.fromisoformat(f"{text}-01")
        period = Period(day.year, day.month, timezone)
    if str(period) != text:
        raise ValueError(text)
    return period


def _moved(day: date, months: int) -> date:
    """The same day of another month, or the last one where that is shorter."""
    index = day.year * 12 + (day.month - 1) + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
