"""history: every month that is stored, of the whole or of a unit."""

from typing import TYPE_CHECKING, Annotated

import typer

from mailaudit.cli.options import DEFAULT_CONFIG, Config, Lang, Verbose
from mailaudit.errors import N_, StoreError
from mailaudit.model.period import Period

if TYPE_CHECKING:
    from mailaudit import audit
    from mailaudit.collaborators import Store
    from mailaudit.settings import Settings


def history(
    unit: Annotated[
        str | None,
        typer.Argument(help="The code of a unit; without it, the whole.", metavar="CODE"),
    ] = None,
    config: Config = DEFAULT_CONFIG,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """Show every stored month: coverage, rate, change, rank.

    Without a unit it is of the whole, and has no ranks. All months are measured by the rules of
    today and in the units of the newest month, as reports do it. It is for the IT department: units
    of few people are shown too.

    Example: mailaudit history --config mailaudit.toml

    Example: mailaudit history SNV
    """
    from mailaudit.cli import steps
    from mailaudit.cli.console import current_language, note, say
    from mailaudit.cli.history_view import month_lines_of, name_of
    from mailaudit.cli.months import newest_editions, print_months
    from mailaudit.metrics.lines import unit_of
    from mailaudit.report.words import short_period

    settings = steps.load(config, lang)
    with steps.opened_store(settings) as store:
        editions = newest_editions(store, settings)
        complete = [period for period, edition in editions.items() if edition.is_complete]
        if not complete:
            raise StoreError(
                N_("The store {file} has no month whose collection is finished."),
                N_("Collect one: mailaudit collect{options} --period {period}"),
                file=settings.store.file,
                period=max(editions, key=str, default=steps.last_over(settings)),
            )
        note(N_("Measuring {count} months …"), count=len(complete))
        within = None
        if unit is not None:
            asked = unit_of(store.load(complete[-1], sums=True), unit)
            unit, within = asked.code, asked.parent
        audited = _audited(settings, store, complete[0], complete[-1], within)
    say(
        N_("{name}: by the rules of today, in the units of {period}."),
        name=name_of(audited, unit) or settings.organisation.name,
        period=short_period(complete[-1], current_language()),
    )
    print_months(month_lines_of(audited, editions, settings.rules, unit), compared=True)
    if audited.ranking.within is not None:
        note(N_("Earlier ranks are known of topmost units only."))


def _audited(
    settings: "Settings", store: "Store", first: Period, last: Period, within: str | None
) -> "audit.Audited":
    """The last month and those before it, within the unit above the one asked for."""
    from mailaudit import audit
    from mailaudit.cli.reporting import lineage
    from mailaudit.cli.steps import calendar, require_calendar_units

    days = calendar(settings, last, first)
    require_calendar_units(settings, days, store)
    return audit.evaluate(
        store,
        last,
        days,
        settings.rules,
        lineage(settings),
        within=within,
        months=(last.year - first.year) * 12 + last.month - first.month + 1,
        sums=True,
    )
