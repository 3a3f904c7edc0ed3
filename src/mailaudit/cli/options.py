"""The options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mailaudit.model.audience import Audience

DEFAULT_CONFIG = Path("mailaudit.toml")


class LanguageCode(StrEnum):
    """A language of reports and of the terminal."""

    VI = "vi"
    EN = "en"


Config = Annotated[
    Path, typer.Option("--config", "-c", help="The configuration file.", metavar="FILE")
]
PeriodText = Annotated[
    str | None,
    typer.Option(
        "--period",
        "-p",
        help="The month, as 2026-10, or running for the one that runs now. Without it:"
        " the last month that is over.",
        metavar="YYYY-MM",
    ),
]
# Of commands that know longer periods, too.
AnyPeriodText = Annotated[
    str | None,
    typer.Option(
        "--period",
        "-p",
        help="A month as 2026-10, a quarter as 2026-Q3, a half-year as 2026-H1, or a year as"
        " 2026. Without it: the last month that is over.",
        metavar="PERIOD",
    ),
]
FirstDay = Annotated[
    str | None,
    typer.Option(
        "--from",
        help="The first day of a longer period, instead of --period.",
        metavar="YYYY-MM-DD",
    ),
]
LastDay = Annotated[
    str | None,
    typer.Option("--to", help="Its last day, which is included.", metavar="YYYY-MM-DD"),
]
Lang = Annotated[
    LanguageCode | None,
    typer.Option("--lang", help="Language of reports and messages, instead of the configured."),
]
# Of commands without a configuration that could name one.
MessagesLang = Annotated[
    LanguageCode | None, typer.Option("--lang", help="Language of messages, instead of Vietnamese.")
]

AudienceName = Annotated[
    Audience | None,
    typer.Option(
        "--audience",
        help="Whom the reports are for, instead of the configured: the public (units only),"
        " heads of units (with their own staff), or the IT department (everything).",
    ),
]

Out = Annotated[
    Path | None,
    typer.Option("--out", help="Folder for the reports, instead of the configured.", metavar="DIR"),
]

DespiteDifference = Annotated[
    bool,
    typer.Option(
        "--despite-difference",
        help="Write the report although it differs from what was published before in the figures"
        " of few people, who can then be identified from the two.",
    ),
]

Notify = Annotated[
    bool,
    typer.Option(
        "--notify", help="Afterwards, mail what became of it to those whom [notify] names."
    ),
]

AllUnits = Annotated[
    bool,
    typer.Option(
        "--all", help="Print every unit, instead of the best and worst three of each group."
    ),
]


def _speak_up(wanted: bool) -> None:
    if wanted:
        from mailaudit.cli.log import be_verbose

        be_verbose()


Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", callback=_speak_up, help="Show on stderr what happens.")
]
