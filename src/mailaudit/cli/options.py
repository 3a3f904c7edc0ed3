"""The options several commands share, and what their text means."""

import re
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mailaudit.errors import N_, UsageError
from mailaudit.model.audience import Audience
from mailaudit.model.period import Period


class LanguageCode(StrEnum):
    """A language of reports and of the terminal."""

    VI = "vi"
    EN = "en"


Config = Annotated[
    Path,
    typer.Option("--config", "-c", help="The configuration file.", metavar="FILE"),
]
PeriodText = Annotated[
    str | None,
    typer.Option(
        "--period",
        "-p",
        help="The month to audit, as 2026-10. Without it: the last month that is over.",
        metavar="YYYY-MM",
    ),
]
Lang = Annotated[
    LanguageCode | None,
    typer.Option("--lang", help="Language of reports and messages, instead of the configured."),
]

AudienceName = Annotated[
    Audience | None,
    typer.Option(
        "--audience",
        help="Whom the reports are for, instead of the configured: the public (units only),"
        " heads of units (with their own staff), or the IT department (everything).",
    ),
]

DespiteDifference = Annotated[
    bool,
    typer.Option(
        "--despite-difference",
        help="Write the report although it differs from what was published before in the figures"
        " of fewer than five people, who can then be told from both.",
    ),
]


def _speak_up(wanted: bool) -> None:
    if wanted:
        from mailaudit.cli.log import be_verbose

        be_verbose()


Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", callback=_speak_up, help="Show on stderr what happens."),
]

DEFAULT_CONFIG = Path("mailaudit.toml")


def read_period(text: str | None, timezone: str, now: datetime) -> Period:
    """The Period that `text` names, or the last one that is over, which is told then.

    Raises:
        UsageError: Not a month, or a month that has not begun.
    """
    today = now.astimezone(Period(now.year, now.month, timezone).tz).date()
    current = Period(today.year, today.month, timezone)
    if text is None:
        from mailaudit.cli.console import note

        over = current.shifted(-1)
        note(N_("Month: {period}, the last one that is over."), period=over)
        return over
    match = re.fullmatch(r"(\d{4})-(\d{2})", text)
    try:
        first = date(int(match[1]), int(match[2]), 1) if match else None
    except ValueError:
        first = None
    if first is None:
        raise UsageError(
            N_("--period {text} is no month."),
            N_("Write year and month as in {example}."),
            text=text,
            example=current.shifted(-1),
        )
    period = Period(first.year, first.month, timezone)
    if period.first_day > current.first_day:
        raise UsageError(
            N_("--period {text} has not begun yet."),
            N_("The last month that is over is {example}."),
            text=text,
            example=current.shifted(-1),
        )
    return period
