"""compare: two stored months side by side, the earlier one in the units of the later."""

from typing import TYPE_CHECKING, Annotated

import typer

from mailaudit.cli.options import DEFAULT_CONFIG, Config, DespiteDifference, Lang, Verbose
from mailaudit.errors import N_, UsageError
from mailaudit.model.audience import Audience
from mailaudit.model.snapshot import MUCH_LATER_DAYS, Edition

if TYPE_CHECKING:
    from mailaudit.model.period import Period


def compare(
    one: Annotated[str, typer.Argument(help="A stored month, as 2026-09.", metavar="YYYY-MM")],
    other: Annotated[str, typer.Argument(help="Another one, as 2026-10.", metavar="YYYY-MM")],
    config: Config = DEFAULT_CONFIG,
    lang: Lang = None,
    audience: Annotated[
        Audience,
        typer.Option(
            "--audience",
            help="For whom: shown is what a report for them shows. For others than the IT"
            " department it is recorded as published, like a report.",
        ),
    ] = Audience.IT,
    despite_difference: DespiteDifference = False,
    verbose: Verbose = False,
) -> None:
    """Compare two stored months, unit by unit.

    Both are measured by the rules of today. The earlier month is counted in the units of the later
    one, as reports do it.

    Example: mailaudit compare 2026-09 2026-10 --config mailaudit.toml

    Example: mailaudit compare 2025-10 2026-10 --audience public
    """
    from mailaudit import audit
    from mailaudit.cli import steps
    from mailaudit.cli.comparison_view import comparison_lines
    from mailaudit.cli.console import current_language, note, say
    from mailaudit.cli.months import MonthLine, newest_editions, print_months
    from mailaudit.cli.reporting import lineage, note_concealed
    from mailaudit.cli.table import print_lines, terminal_width
    from mailaudit.publication.held import hold
    from mailaudit.report.sections.comparisons import comparison_notices

    settings = steps.load(config, lang)
    before, now = _in_order(one, other, settings.organisation.timezone)
    days = steps.calendar(settings, now, before)
    rules, language = settings.rules, current_language()
    note(N_("Measuring {count} months …"), count=2)
    with steps.opened_store(settings) as store:
        steps.require_calendar_units(settings, days, store)
        audited = audit.evaluate(
            store, now, days, rules, lineage(settings), against=before, sums=True
        )
        editions = newest_editions(store, settings)
        held = hold(
            audited.ranking,
            audited.measurement,
            audited.snapshot.edition,
            audience,
            rules,
            store,
            language,
            despite_difference=despite_difference,
        )
        store.publish(held.records, held.check)  # first: what is shown may be passed on
    publication = held.publication
    shown = {point.period: point.total for point in publication.trend if not point.is_outdated}
    print_months(
        [MonthLine(editions[month], shown.get(month)) for month in (before, now)], compared=False
    )
    _note_late(editions[before], editions[now])
    for notice in comparison_notices(audited.ranking, language):
        say("{notice}", notice=notice)
    note_concealed(held.concealed, rules)
    print_lines(comparison_lines(publication, before, rules, terminal_width()))


def _in_order(one: str, other: str, timezone: str) -> "tuple[Period, Period]":
    """The two months, the earlier one first.

    Raises:
        UsageError: One is not a month, or has not begun; or they are the same.
    """
    from mailaudit.cli.steps import period_of

    first, second = (period_of(text, timezone, given=text) for text in (one, other))
    if first == second:
        raise UsageError(
            N_("{period} is named twice."),
            N_("Name two different months, as in mailaudit compare {before} {period}"),
            period=first,
            before=first.shifted(-1),
        )
    earlier, later = sorted((first, second), key=str)
    return earlier, later


def _note_late(*editions: Edition) -> None:
    """Warns where more of the mail of one month could have been read when it was collected."""
    from mailaudit.cli.console import say

    for late in editions:
        for early in editions:
            if late.is_much_later_than(early):
                say(
                    N_(
                        "{late} was collected {late_days} days after its end, {early}"
                        " {early_days} days after its own: more than {most} days later, so that"
                        " more of its mail may have been read."
                    ),
                    late=late.period,
                    late_days=late.days_after_end or 0,
                    early=early.period,
                    early_days=early.days_after_end or 0,
                    most=MUCH_LATER_DAYS,
                )
