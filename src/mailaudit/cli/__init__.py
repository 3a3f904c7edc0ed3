"""The command line: one small module a command; heavy rooms are loaded when a command runs."""

import os
import sys
from typing import Annotated

import typer

from mailaudit.cli import (
    accounts,
    calendar,
    check,
    commands,
    compare,
    correct,
    deliver,
    demo,
    directory,
    disclose,
    exchange_setup,
    export,
    forget,
    history,
    importing,
    init,
    pack,
    prune,
    reconcile,
    remind,
    roster,
    schedule,
    signs,
    unit_report,
    units,
    verify,
)
from mailaudit.cli.console import speak_as_asked
from mailaudit.cli.help import command_of
from mailaudit.cli.options import LanguageCode
from mailaudit.errors import N_, UsageError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: wraps paragraphs, and starts in half the time
    add_completion=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"mailaudit {version('mailaudit')}")
        raise typer.Exit


@app.callback()
def mailaudit(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Measures how far staff use their official mailboxes, and ranks the units by it.

    Begin with: mailaudit demo

    Speaks Vietnamese; English with --lang en after a command, or with the variable
    MAILAUDIT_LANG=en.
    """
    spoken = os.environ.get("MAILAUDIT_LANG", LanguageCode.VI)
    if spoken not in list(LanguageCode):
        raise UsageError(
            N_("MAILAUDIT_LANG={code} is not a language of mailaudit."),
            N_("Set it to {known}, or leave it out."),
            code=spoken,
            known=" / ".join(LanguageCode),
        )


app.command()(check.check)
app.command()(commands.run)
app.command()(commands.collect)
app.command()(commands.report)
app.command()(history.history)
app.command()(compare.compare)
app.command()(correct.correct)
app.command()(accounts.accounts)
app.command()(signs.signs)
app.command()(reconcile.reconcile)
app.command("unit-report")(unit_report.unit_report)
app.command()(deliver.deliver)
app.command()(remind.remind)
app.command()(pack.pack)
app.command()(verify.verify)
app.command()(disclose.disclose)
app.command()(forget.forget)
app.command()(prune.prune)
app.add_typer(export.app, name="export")
app.add_typer(importing.app, name="import")
app.add_typer(roster.app, name="roster")
roster.app.command()(directory.pull)
roster.app.command()(directory.diff)
app.add_typer(units.app, name="units")
app.command()(calendar.calendar)
app.add_typer(demo.app, name="demo")
app.command()(init.init)
app.add_typer(schedule.app, name="schedule")
app.command("exchange-setup")(exchange_setup.exchange_setup)


def run() -> int | None:
    """Runs the command that was asked for; the exit code, None for 0.

    What Typer finds wrong with the command line is reported here, like every other error.
    """
    speak_as_asked(sys.argv[1:])
    try:
        code: int | None = command_of(app)(prog_name="mailaudit", standalone_mode=False)
    except typer.TyperException as error:
        from mailaudit.cli.console import complain_of_usage

        complain_of_usage(error)
        return error.exit_code
    return code
