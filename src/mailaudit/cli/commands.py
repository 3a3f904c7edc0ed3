"""run, collect, report: the monthly audit, whole and in its two halves."""

from pathlib import Path
from typing import Annotated

import typer

from mailaudit.cli.options import DEFAULT_CONFIG, Config, Lang, PeriodText, read_period

Out = Annotated[
    Path | None,
    typer.Option("--out", help="Folder for the reports, instead of the configured.", metavar="DIR"),
]


def run(
    config: Config = DEFAULT_CONFIG,
    period: PeriodText = None,
    lang: Lang = None,
    out: Out = None,
) -> None:
    """Collect a month from the mail server, then write its reports.

    Can be stopped and started again at any time; nothing collected is lost or asked for twice.

    Example: mailaudit run --config mailaudit.toml --period 2026-10
    """
    from mailaudit.cli import steps

    settings = steps.load(config, lang)
    month = read_period(period, settings.organisation.timezone, steps.now())
    steps.collect(settings, month)
    steps.leave(settings, steps.report(settings, month, out=out))


def collect(config: Config = DEFAULT_CONFIG, period: PeriodText = None, lang: Lang = None) -> None:
    """Collect a month from the mail server into the store, without reports.

    Example: mailaudit collect --config mailaudit.toml --period 2026-10
    """
    from mailaudit.cli import steps

    settings = steps.load(config, lang)
    month = read_period(period, settings.organisation.timezone, steps.now())
    steps.collect(settings, month)
    steps.leave(settings, steps.evaluate(settings, month))


def report(
    config: Config = DEFAULT_CONFIG,
    period: PeriodText = None,
    lang: Lang = None,
    out: Out = None,
) -> None:
    """Write a month's reports from the store, offline.

    Example: mailaudit report --config mailaudit.toml --period 2026-10 --lang en
    """
    from mailaudit.cli import steps

    settings = steps.load(config, lang)
    month = read_period(period, settings.organisation.timezone, steps.now())
    steps.leave(settings, steps.report(settings, month, out=out))
