"""What `--period`, `--from` and `--to` of a report name: a month, or a longer period."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.cli.options import LanguageCode
from mailaudit.cli.period_forms import usual_form
from mailaudit.cli.steps import load, load_for_month, period_of, today_in
from mailaudit.errors import N_, UsageError
from mailaudit.model.period import LongPeriod, Period

if TYPE_CHECKING:
    from mailaudit.settings import Settings

MOST_YEARS = 2
SPAN = ".."  # between the first and the last day, in an argument
_PART = re.compile(r"(\d{4})(?:-([QHqh])(\d+))?", re.ASCII)
_PARTS = {"Q": 4, "H": 2, "": 1}


def load_for_report(
    config: Path, lang: LanguageCode | None, text: str | None, first: str | None, last: str | None
) -> "tuple[Settings, Period]":
    """The settings of `config`, and what is to be reported; days that are a month are that month.

    Raises:
        UsageError: What is named is not a period, is not over, or is too long.
    """
    if first is None and last is None:
        named = _PART.fullmatch(text or "")
        if text is None or named is None:
            refuse_other_form(text or "", f"--period {text}")
            return load_for_month(config, lang, text)
        settings = load(config, lang)
        given = f"--period {text}"
        part = (named[2] or "").upper(), int(named[3] or 1)
        period = _part_of_year(int(named[1]), *part, settings.organisation.timezone, given)
    else:
        if text is not None:
            raise UsageError(
                N_("--period does not go with --from and --to."),
                N_("Name a period, or its first and last day."),
            )
        settings = load(config, lang)
        given = f"--from {first} --to {last}"
        period = _days(first, last, settings.organisation.timezone)
    _require_over(period, given)
    return settings, _as_month(period)


def named_period(text: str, timezone: str) -> Period:
    """The month or longer period that an argument names; of any days as `FIRST..LAST`.

    Raises:
        UsageError: It is not one, or not over; a month that has begun will do.
    """
    named = _PART.fullmatch(text)
    if named is None and SPAN not in text:
        refuse_other_form(text, text)
        return period_of(text, timezone, given=text)
    if named is not None:
        part = (named[2] or "").upper(), int(named[3] or 1)
        period = _part_of_year(int(named[1]), *part, timezone, text)
    else:
        first, _, last = text.partition(SPAN)
        period = _days(first, last, timezone)
    _require_over(period, text)
    return _as_month(period)


def refuse_other_form(text: str, given: str) -> None:
    """Refuses a longer period that is written in another way than here; says how.

    Args:
        given: What stands on the command line.

    Raises:
        UsageError: It is one.
    """
    meant = usual_form(text)
    if meant is not None and meant != text and _PART.fullmatch(meant):
        raise UsageError(
            N_("{given} is not a period in the form used here."),
            N_("Write it as {meant}."),
            given=given,
            meant=meant,
        )


def option_of(period: Period) -> str:
    """What names the period on the command line."""
    if isinstance(period, LongPeriod) and period.part is None:
        return f"--from {period.first} --to {period.last}"
    return f"--period {period}"


def argument_of(period: Period) -> str:
    """What names the period as an argument."""
    if isinstance(period, LongPeriod) and period.part is None:
        return f"{period.first}{SPAN}{period.last}"
    return str(period)


def _as_month(period: LongPeriod) -> Period:
    """The month whose days they are; else the longer period."""
    [*_, month] = period.months()
    is_month = (month.first_day, month.last_day) == (period.first, period.last)
    return month if is_month else period


def _part_of_year(year: int, kind: str, part: int, timezone: str, given: str) -> LongPeriod:
    parts = _PARTS[kind]
    if not 1 <= part <= parts:
        raise UsageError(
            N_("{given}: a year has four quarters, Q1 to Q4.")
            if kind == "Q"
            else N_("{given}: a year has two halves, H1 and H2."),
            N_("Write it as in {example}."),
            given=given,
            example=f"{year:04d}-{kind}1",
        )
    _require_year(year, given)
    return LongPeriod.part_of_year(year, part, parts, timezone)


def _days(first: str | None, last: str | None, timezone: str) -> LongPeriod:
    if first is None or last is None:
        raise UsageError(
            N_("--from and --to go together."),
            N_("Name the first and the last day, as in --from 2025-12-10 --to 2026-12-10."),
        )
    begin, end = _day(first, f"--from {first}"), _day(last, f"--to {last}")
    if begin > end:
        raise UsageError(
            N_("--from {first} is after --to {last}."),
            N_("Name the first day first; both are included."),
            first=begin,
            last=end,
        )
    if end > _moved(begin, MOST_YEARS):
        raise UsageError(
            N_("From {first} to {last} is longer than {years} years."),
            N_("Report on {years} years at the most."),
            first=begin,
            last=end,
            years=MOST_YEARS,
        )
    return LongPeriod.of(begin, end, timezone)


def _day(text: str, given: str) -> date:
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        day = None
    if day is None:
        raise UsageError(
            N_("{given} is not a day."),
            N_("Write year, month and day as in {example}."),
            given=given,
            example="2025-12-10",
        )
    _require_year(day.year, given)
    return day


def _require_year(year: int, given: str) -> None:
    """Years that days can be counted in, and that somebody may have had mail in."""
    if not 1990 <= year <= 9000:
        raise UsageError(
            N_("{given} is in no year that mail was counted in."),
            N_("Write the year with four digits, as in {example}."),
            given=given,
            example="2026",
        )


def _require_over(period: LongPeriod, given: str) -> None:
    today = today_in(period.timezone)
    if period.last >= today:
        yesterday = today - timedelta(days=1)
        raise UsageError(
            N_("{given} is not over: its last day is {last}."),
            N_("Report on the days that are over: --from {first} --to {yesterday}.")
            if period.first < yesterday
            else N_("The last day that is over is {yesterday}."),
            given=given,
            last=period.last,
            first=period.first,
            yesterday=yesterday,
        )


def _moved(day: date, years: int) -> date:
    """The same day of another year; of 29 February the 28th."""
    later = day.replace(year=day.year + years, day=min(day.day, 28))
    return later if day.day > 28 and day.month == 2 else day.replace(year=day.year + years)
