"""The steps the commands share, each wired from one configuration file."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mailaudit import audit
from mailaudit.cli.bugs import conceal
from mailaudit.cli.console import choose_language, note, remember_config
from mailaudit.cli.options import LanguageCode
from mailaudit.cli.period_forms import usual_form
from mailaudit.collaborators import Store
from mailaudit.errors import N_, UsageError
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.roster import Roster

if TYPE_CHECKING:
    from mailaudit.settings import Delivery, Directory, LiveServer, Secret, Settings

# Exit codes of commands that did what they could.
COVERAGE_TOO_LOW = 6
_LONGER = re.compile(r"\d{4}(-[QHqh]\d+)?", re.ASCII)  # a year, a quarter, a half-year
RUNNING = "running"  # stands for the month that runs now
INTERRUPTED = 130  # by Ctrl-C; the same command goes on
_log = logging.getLogger(__name__)


def now() -> datetime:
    """This instant, UTC: the clock that is passed in everywhere."""
    return datetime.now(UTC)


def load(config: Path, lang: LanguageCode | None) -> "Settings":
    """The settings of `config`; sets the terminal's language."""
    from mailaudit.settings import load_settings

    remember_config(config)
    settings = load_settings(config)
    choose_language(lang or settings.report.language)
    _log.info("configuration %s, settings %s", config.absolute(), settings.digest)
    return settings


def load_for_month(
    config: Path, lang: LanguageCode | None, month: str | None
) -> "tuple[Settings, Period]":
    """The settings of `config` and the Period that `month` names; see `load`, `period_of`.

    Without `month` it is the last one that is over, which is printed.
    """
    settings = load(config, lang)
    timezone = settings.organisation.timezone
    if month is None:
        over = last_over(settings)
        note(N_("Month: {period}, the last one that is over."), period=over)
        return settings, over
    return settings, period_of(month, timezone, given=f"--period {month}")


def last_over(settings: "Settings") -> Period:
    """The last month that is over."""
    return _current_month(settings.organisation.timezone).shifted(-1)


def today_in(timezone: str) -> date:
    """The day it is there."""
    return now().astimezone(ZoneInfo(timezone)).date()


def _current_month(timezone: str) -> Period:
    """The month that runs now."""
    today = today_in(timezone)
    return Period(today.year, today.month, timezone)


def period_of(text: str, timezone: str, *, given: str) -> Period:
    """The Period that `text` names.

    Args:
        given: What stands on the command line, for messages.

    Raises:
        UsageError: Not a month, or a month that has not begun.
    """
    current = _current_month(timezone)
    if text == RUNNING:
        return current
    match = re.fullmatch(r"(\d{4})-(\d{2})", text, re.ASCII)
    try:
        first = date(int(match[1]), int(match[2]), 1) if match else None
    except ValueError:
        first = None
    meant = usual_form(text)
    if _LONGER.fullmatch(meant or text):
        raise UsageError(
            N_("{given} is not a single month, which this command takes."),
            N_(
                "Write year and month as in {example}. Longer periods are made of stored months, by"
                " mailaudit report."
            ),
            given=given,
            example=current.shifted(-1),
        )
    if first is None:
        raise UsageError(
            N_("{given} is not a month."),
            N_("Write year and month as in {example}."),
            given=given,
            example=meant or current.shifted(-1),
        )
    period = Period(first.year, first.month, timezone)
    if period.first_day > current.first_day:
        raise UsageError(
            N_("{given} has not begun yet."),
            N_("The last month that is over is {example}."),
            given=given,
            example=current.shifted(-1),
        )
    return period


def secret_of(table: "LiveServer | Directory | Delivery") -> "Secret":
    """The secret of a login, kept out of reports of bugs.

    Prints where it came from, unless from the file that the configuration names.
    """
    secret = table.find_secret()
    conceal(secret.value)
    if table.password_file is None:
        note(N_("Password from {origin}."), origin=secret.origin)
    return secret


@contextmanager
def opened_store(settings: "Settings") -> Iterator[Store]:
    """The store of snapshots the configuration names."""
    from mailaudit.store import SnapshotStore

    _log.info("store %s", settings.store.file)
    with SnapshotStore.at(settings.store.file) as store:
        yield store


def calendar(settings: "Settings", period: Period, first: Period | None = None) -> WorkCalendar:
    """The working days of every month a report of the Period looks at, and a year after it.

    Args:
        first: The first month looked at, where it is not the first of a trend.
    """
    from mailaudit.roster import read_calendar

    if first is None and isinstance(period, LongPeriod):
        first = period.shifted(-1)  # which it is compared with
    if isinstance(first, LongPeriod):
        first = first.months()[0]
    # A cut-off on the first days of January looks back into December.
    begin = period.shifted(1 - audit.TREND_MONTHS) if first is None else first.shifted(-1)
    return read_calendar(settings.calendar.file, range(begin.year, period.year + 2))


def require_calendar_units(
    settings: "Settings", days: WorkCalendar, store: Store, roster: Roster | None = None
) -> None:
    """Refuses a calendar file with a calendar of a unit that is on no list of any month."""
    from mailaudit.roster import read_unit_list, require_units

    codes = [code for code, _ in days.units]
    known = {} if roster is None else {unit.code: unit.name for unit in roster.units}
    if not known.keys() >= set(codes):
        known = store.unit_names() | known
        if settings.roster.units is not None:
            listed = read_unit_list(settings.roster.units, settings.roster.encoding)
            known |= {row.unit.code: row.unit.name for row in listed.rows}
    require_units(settings.calendar.file, codes, known)
