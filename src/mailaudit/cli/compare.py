"""compare: two stored months or longer periods, the earlier one in the units of the later."""

from typing import Annotated

import typer

from mailaudit.cli.options import DEFAULT_CONFIG, Config, DespiteDifference, Lang, Verbose
from mailaudit.errors import N_, UsageError
from mailaudit.model.audience import Audience
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.snapshot import MUCH_LATER_DAYS, Edition


def compare(
    one: Annotated[
        str,
        typer.Argument(
            help="A stored month as 2026-09, or a longer period of stored months as 2026-Q2,"
            " 2026-H1, 2026 or 2024-12-10..2025-12-10.",
            metavar="PERIOD",
        ),
    ],
    other: Annotated[
        str, typer.Argument(help="Another one of the same kind, as 2026-10.", metavar="PERIOD")
    ],
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
    """Compare two stored months or longer periods, unit by unit.

    Both are measured by the rules of today. The earlier one is counted in the units of the later
    one, as reports do it.

    Example: mailaudit compare 2026-09 2026-10 --config mailaudit.toml

    Example: mailaudit compare 2025-10 2026-10 --audience public

    Example: mailaudit compare 2026-Q2 2026-Q3
    """
    from mailaudit import audit
    from mailaudit.cli import steps
    from mailaudit.cli.comparison_view import comparison_lines
    from mailaudit.cli.console import current_language, note, say
    from mailaudit.cli.months import MonthLine, longer_line, newest_editions, print_months
    from mailaudit.cli.reporting import lineage, note_concealed
    from mailaudit.cli.table import print_lines, terminal_width
    from mailaudit.publication.held import hold
    from mailaudit.report.sections.comparisons import comparison_notices
    from mailaudit.report.sections.inside import inside_notices
    from mailaudit.report.words import short_period

    settings = steps.load(config, lang)
    before, now = _in_order(one, other, settings.organisation.timezone)
    days = steps.calendar(settings, now, before)
    rules, language = settings.rules, current_language()
    note(N_("Measuring {count} months …"), count=len(_months(before)) + len(_months(now)))
    with steps.opened_store(settings) as store:
        steps.require_calendar_units(settings, days, store)
        events = lineage(settings)
        if isinstance(now, LongPeriod) and isinstance(before, LongPeriod):
            audited = audit.evaluate_longer(store, now, days, rules, events, against=before)
        else:
            audited = audit.evaluate(store, now, days, rules, events, against=before, sums=True)
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
    shown = {
        point.period: point.total
        for point in publication.trend
        if point.has_rates and (publication.has_mail or point.period != now)
    }
    snapshots = [one for one in (audited.before, audited.snapshot) if one is not None]
    if isinstance(now, LongPeriod):
        print_months([longer_line(one, shown.get(one.period)) for one in snapshots], compared=False)
        for each in snapshots:
            for notice in inside_notices(
                each, rules, language, sees_everything=audience.sees_everything
            ):
                say(
                    "{period}: {notice}",
                    period=short_period(each.period, language),
                    notice=notice,
                )
    else:
        pair = editions[before], editions[now]
        print_months([MonthLine(one, shown.get(one.period)) for one in pair], compared=False)
        if settings.rules.counts_reading:
            _note_late(*pair)
    for notice in comparison_notices(audited.ranking, language):
        say("{notice}", notice=notice)
    note_concealed(held.concealed, rules)
    print_lines(comparison_lines(publication, before, rules, terminal_width()))


def _in_order(one: str, other: str, timezone: str) -> tuple[Period, Period]:
    """The two, the earlier one first.

    Raises:
        UsageError: One is not a month or longer period, or has not begun; they are the same, are
            not of as many months, or have months in common.
    """
    from mailaudit.cli.periods import argument_of, named_period

    first, second = (named_period(text, timezone) for text in (one, other))
    if first == second:
        raise UsageError(
            N_("{period} is named twice."),
            N_("Name two different ones, as in mailaudit compare {before} {period}"),
            period=argument_of(first),
            before=argument_of(first.shifted(-1)),
        )
    earlier, later = sorted((first, second), key=lambda period: period.first_day)
    common = [month for month in _months(earlier) if month in _months(later)]
    if len(_months(earlier)) != len(_months(later)):
        text = N_("{one} and {other} can't be compared: one is longer than the other.")
    elif common:
        text = N_("{one} and {other} can't be compared: both have {months}.")
    else:
        return earlier, later
    raise UsageError(
        text,
        N_(
            "Name one as long that ends before the other begins, as in"
            " mailaudit compare {before} {other}"
        ),
        one=argument_of(earlier),
        other=argument_of(later),
        before=argument_of(later.shifted(-1)),
        months=", ".join(map(str, common)),
    )


def _months(period: Period) -> tuple[Period, ...]:
    """The months that it has most days of."""
    whole = period.published_as
    return whole.months() if isinstance(whole, LongPeriod) else (whole,)


def _note_late(*editions: Edition) -> None:
    """Warns where more of the mail of one month could have been read when it was collected."""
    from mailaudit.cli.console import current_language, say
    from mailaudit.report.words import short_period

    language = current_language()
    for late in editions:
        for early in editions:
            if late.is_much_later_than(early):
                say(
                    N_(
                        "{late} was collected {late_days} days after its end, {early}"
                        " {early_days} days after its own: more than {most} days later, so that"
                        " more of its mail may have been read."
                    ),
                    late=short_period(late.period, language),
                    late_days=late.days_after_end or 0,
                    early=short_period(early.period, language),
                    early_days=early.days_after_end or 0,
                    most=MUCH_LATER_DAYS,
                )
