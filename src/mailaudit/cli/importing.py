"""import: a month from files that another system wrote, in place of asking a mail server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailaudit.cli.commands import SealLowCoverage
from mailaudit.cli.options import DEFAULT_CONFIG, Config, Lang, PeriodText, Verbose
from mailaudit.errors import N_, StoreError

if TYPE_CHECKING:
    from mailaudit.model.period import Period
    from mailaudit.settings import Settings

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def importing() -> None:
    """Fill a month from files of another system.

    Example: mailaudit import m365 reports-2026-10/*.csv --period 2026-10
    """


@app.command()
def m365(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="CSV files, one for each day of the month, each with its day in its name as in"
            " m365-2026-10-05.csv; or a folder that has them.",
            metavar="FILES",
        ),
    ],
    config: Config = DEFAULT_CONFIG,
    period: PeriodText = None,
    lang: Lang = None,
    seal_low_coverage: SealLowCoverage = False,
    verbose: Verbose = False,
) -> None:
    """Fill a month from Microsoft 365 usage reports.

    Reads getEmailActivityUserDetail of each day: how much each user sent and received. They
    do not say whether mail was read, so that only rules.regular = "sent" gives such a month a rate.
    Nobody is asked; nothing is stored unless every file can be used.

    The names of users must not be concealed, and no day of the month may be missing.

    Example: mailaudit import m365 reports-2026-10 --config mailaudit.toml --period 2026-10
    """
    from mailaudit.cli import collecting, steps
    from mailaudit.cli.run_record import record_snapshot
    from mailaudit.sources.m365 import UsageReports

    settings, month = steps.load_for_month(config, lang, period)
    source = UsageReports(files, steps.now)
    _refuse_other_kinds(settings, month, source.describe().kind)
    source.verify(month)
    collected = collecting.collect(settings, month, however_little=seal_low_coverage, source=source)
    record_snapshot(settings, "import m365", collected)
    collecting.summarise(collected)
    collecting.leave_collected(settings, collected)


def _refuse_other_kinds(settings: "Settings", month: "Period", kind: str) -> None:
    """Raises StoreError where the month was collected from a source of another kind."""
    from mailaudit.cli.steps import opened_store

    with opened_store(settings) as store:
        others = sorted(set(store.kinds(month)) - {kind})
    if others:
        raise StoreError(
            N_("{period} is stored already, from a source of another kind: {kinds}."),
            N_("A month has one kind: name another store.file in a configuration of its own."),
            period=month,
            kinds=", ".join(others),
        )
