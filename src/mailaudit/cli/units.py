"""units: what is wrong in a unit list and its events, before a month is counted with them."""

from pathlib import Path
from typing import Annotated

import typer

from mailaudit.cli.options import DEFAULT_CONFIG, Lang, Verbose
from mailaudit.errors import N_, ConfigurationError, RosterError

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def units() -> None:
    """Check the list of units and what became of them.

    Example: mailaudit units check
    """


@app.command()
def check(
    file: Annotated[
        Path | None,
        typer.Argument(help="The unit list, instead of the configured.", metavar="FILE"),
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option(
            "--events", help="The list of events, instead of the configured.", metavar="FILE"
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            "-c",
            help="The configuration: what it says of the lists' encoding holds for FILE as well.",
            metavar="FILE",
        ),
    ] = None,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """Find what is wrong in the unit list and in the list of events.

    Cycles, units whose parent is missing, codes used twice on the same days, names that differ
    only by spelling, events of unknown units: each with file, row, and what to do. Ends with 3
    where there is something to correct.

    Example: mailaudit units check --config mailaudit.toml

    Example: mailaudit units check units.xlsx --events events.csv
    """
    from mailaudit.cli import steps
    from mailaudit.cli.console import complain, current_language, say
    from mailaudit.roster import check_units

    encoding = None
    if file is None or config is not None:
        listed = steps.load(config or DEFAULT_CONFIG, lang).roster
        encoding = listed.encoding
        if file is None:
            file, events = listed.units, events or listed.events
    if file is None:
        raise ConfigurationError(
            N_("The configuration {config} names no unit list."),
            N_("Name it in roster.units, or after the command: mailaudit units check FILE"),
            config=config or DEFAULT_CONFIG,
        )
    found = check_units(file, events, encoding)
    for problem in found.problems:
        say("{row}: {text}", row=problem.row, text=problem.text(current_language().gettext))
    if found.problems:
        say(N_("{count} things to correct."), count=len(found.problems))
    for error in found.errors:
        complain(error)
    if found.problems or found.errors:
        raise typer.Exit(RosterError.exit_code)
    say(N_("Nothing to correct in {file}."), file=file)
