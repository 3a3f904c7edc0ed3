"""schedule: the monthly run and a weekly collection, started by the machine itself."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailaudit.cli.options import DEFAULT_CONFIG, Config, Lang, LanguageCode, Verbose

if TYPE_CHECKING:
    from mailaudit.scheduling import Machine

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def schedule() -> None:
    """Have the computer start the monthly run by itself.

    Example: mailaudit schedule install --config mailaudit.toml
    """


class SchedulerName(StrEnum):
    """What starts jobs on a machine."""

    SYSTEMD = "systemd"
    CRON = "cron"
    WINDOWS = "windows"


class Weekday(StrEnum):
    """A day of the week, Monday first."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


@app.command()
def install(
    config: Config = DEFAULT_CONFIG,
    day: Annotated[
        int,
        typer.Option(
            "--day", min=1, max=28, help="Day of the month on which it runs.", metavar="NUMBER"
        ),
    ] = 1,
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            help="When it starts, as 22:30, within the server's window. Without it: when the window"
            " opens, or at 00:30.",
            metavar="HH:MM",
        ),
    ] = None,
    weekly: Annotated[
        Weekday | None,
        typer.Option(
            "--weekly", help="Collect the running month on this day of each week as well."
        ),
    ] = None,
    scheduler: Annotated[
        SchedulerName | None,
        typer.Option("--with", help="What starts it, instead of the first that the computer has."),
    ] = None,
    print_only: Annotated[
        bool, typer.Option("--print", help="Show what would be written, and write nothing.")
    ] = False,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """Have the computer start the monthly run.

    It runs for the month before, under the account that owns the configuration where root
    installs it, else under this one. The logs lie beside the configuration. What was installed
    for this configuration before is replaced.

    A start that was missed while the computer was off is made up for by systemd and Windows, not
    by cron.

    Example: mailaudit schedule install --config mailaudit.toml --at 00:30 --weekly sat

    Example: mailaudit schedule install --with cron --print
    """
    from mailaudit.cli import scheduling, steps
    from mailaudit.cli.schedule_view import print_jobs, print_preview

    settings = steps.load(config, lang)
    number = None if weekly is None else list(Weekday).index(weekly) + 1
    jobs = scheduling.jobs_of(settings, config, day, at, number)
    name = None if scheduler is None else str(scheduler)
    if print_only:
        print_preview(scheduling.preview(_machine(), jobs, config, name))
        return
    installed = scheduling.install(_machine(), jobs, config, name)
    scheduling.warn(settings, installed)
    print_jobs(installed)


@app.command()
def show(config: Config = DEFAULT_CONFIG, lang: Lang = None, verbose: Verbose = False) -> None:
    """Show when the next runs start, and how the last ones ended.

    Example: mailaudit schedule show --config mailaudit.toml
    """
    from mailaudit.cli import scheduling
    from mailaudit.cli.console import say
    from mailaudit.cli.schedule_view import print_jobs
    from mailaudit.errors import N_

    _begin(config, lang)
    installed = scheduling.installed(_machine(), config)
    if not installed:
        say(
            N_("Nothing is scheduled for {config}. To do so: mailaudit schedule install{options}"),
            config=config,
        )
    print_jobs(installed)


@app.command()
def remove(config: Config = DEFAULT_CONFIG, lang: Lang = None, verbose: Verbose = False) -> None:
    """Take away what schedule install made.

    And nothing else: logs stay. It works where the configuration can't be read any more, too.

    Example: mailaudit schedule remove --config mailaudit.toml
    """
    from mailaudit.cli import scheduling
    from mailaudit.cli.console import say
    from mailaudit.errors import N_

    _begin(config, lang)
    removed = scheduling.remove(_machine(), config)
    for name in removed:
        say(N_("Removed: {name}"), name=name)
    if not removed:
        say(N_("Nothing was scheduled for {config}."), config=config)


def _begin(config: Path, lang: LanguageCode | None) -> None:
    """Without the settings, which may be unreadable by now."""
    from mailaudit.cli.console import choose_language, remember_config

    remember_config(config)
    if lang is not None:
        choose_language(lang)


def _machine() -> "Machine":
    from mailaudit.report.files import write_atomically
    from mailaudit.scheduling import this_machine

    return this_machine(write_atomically)
