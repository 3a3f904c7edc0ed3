"""export: tables for checking and further use."""

from pathlib import Path
from typing import Annotated

import typer

from mailaudit.cli.options import DEFAULT_CONFIG, Config, Lang, PeriodText, Verbose
from mailaudit.errors import N_, UsageError

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def export() -> None:
    """Export tables for checking and further use.

    Example: mailaudit export activity --period 2026-10 --out activity.csv
    """


@app.command()
def activity(
    out: Annotated[Path, typer.Option("--out", help="The CSV file to write.", metavar="FILE")],
    config: Config = DEFAULT_CONFIG,
    period: PeriodText = None,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """Write what each mailbox did in a month, as CSV.

    Beside it stands how it was judged by the rules of today.

    The file names mailboxes: only its owner can read it. Keep it so.

    Example: mailaudit export activity --config mailaudit.toml --period 2026-10 --out activity.csv
    """
    from mailaudit.cli import steps
    from mailaudit.cli.console import say
    from mailaudit.metrics.measure import measure
    from mailaudit.report.activity import render_activity
    from mailaudit.report.files import write_atomically

    settings, month = steps.load_for_month(config, lang, period)
    if not out.parent.is_dir():
        # Not made here: a mistyped folder would leave the names of mailboxes where nobody looks.
        raise UsageError(
            N_("The folder of --out {path} does not exist."),
            N_("Create it, or name another file."),
            path=out,
        )
    days = steps.calendar(settings, month)
    with steps.opened_store(settings) as store:
        steps.require_calendar_units(settings, days, store)
        snapshot = store.load(month)
    measurement = measure(snapshot, days, settings.rules)
    write_atomically(out, render_activity(snapshot, measurement), private=True)
    say(
        N_("{count} mailboxes written to {path}."), count=len(snapshot.roster.mailboxes()), path=out
    )
