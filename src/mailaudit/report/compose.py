"""compose(): one Period's Snapshot, Measurement and Ranking become a Report."""

from mailaudit.locale import Language
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.ranking import Ranking
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Measurement
from mailaudit.report.method import method_section
from mailaudit.report.scope import scope_notices
from mailaudit.report.standings import ranking_section
from mailaudit.report.summary import summary_section
from mailaudit.report.trend import trend_section
from mailaudit.report.unmeasured import unmeasured_section
from mailaudit.report.value import Fact, Report
from mailaudit.report.words import month_number, readable, threshold


def compose(
    organisation: str,
    snapshot: Snapshot,
    measurement: Measurement,
    ranking: Ranking,
    rules: Rules,
    calendar: WorkCalendar,
    *,
    language: Language,
) -> Report:
    """Everything the month's report shows, in `language`; the same arguments make equal Reports.

    Args:
        organisation: Whose units are ranked, as printed above the title.
        measurement: Of `snapshot`, by `rules`.
        ranking: Of `measurement`, with the Periods before it.
    """
    _ = language.gettext
    period = snapshot.period
    title = _("Use of official mailboxes, {year}-{month}").format(
        month=month_number(period, language), year=period.year
    )
    cut_off = language.instant(snapshot.cut_off_at.astimezone(period.tz))
    standing = _("final data") if snapshot.sealed_at else _("provisional data")
    return Report(
        language=language.code,
        organisation=readable(organisation),
        title=title,
        subtitle=_("Cut-off {instant}; {standing}; edition {number}").format(
            instant=cut_off, standing=standing, number=snapshot.edition
        ),
        period=period,
        cut_off_at=snapshot.cut_off_at,
        notices=(
            *_notices(snapshot, ranking, rules, calendar, language),
            *scope_notices(measurement, rules, language),
        ),
        facts=_facts(snapshot, language),
        sections=(
            summary_section(measurement, ranking, rules, language),
            ranking_section(ranking, rules, language),
            trend_section(ranking, rules, language),
            unmeasured_section(measurement, ranking, language),
            method_section(snapshot, measurement, rules, calendar, language),
        ),
        digest=snapshot.digest,
    )


def _facts(snapshot: Snapshot, language: Language) -> tuple[Fact, ...]:
    _ = language.gettext
    period, source = snapshot.period, snapshot.source
    days = _("{first} to {last}").format(
        first=language.date(period.first_day), last=language.date(period.last_day)
    )
    return (
        Fact(_("Reporting period"), days),
        Fact(_("Cut-off date"), language.instant(snapshot.cut_off_at.astimezone(period.tz))),
        Fact(
            _("Data"),
            (_("final data") if snapshot.sealed_at else _("provisional data"))
            + ", "
            + _("edition {number}").format(number=snapshot.edition),
        ),
        Fact(_("Source"), f"{source.kind.upper()} · {readable(source.server)}"),
        Fact(_("Collected by"), f"mailaudit {readable(snapshot.tool_version)}"),
        Fact(_("SHA-256 of the data"), snapshot.digest),
    )


def _notices(
    snapshot: Snapshot,
    ranking: Ranking,
    rules: Rules,
    calendar: WorkCalendar,
    language: Language,
) -> tuple[str, ...]:
    _ = language.gettext
    found = []
    if snapshot.sealed_at is None:
        found.append(
            _("Provisional data: the period was not over, or not every mailbox had been asked.")
        )
    coverage = ranking.total.coverage
    if coverage is not None and coverage < rules.min_coverage:
        found.append(
            _("Insufficient data: coverage {coverage}% is below {least}; read the bounds.").format(
                coverage=language.percent(coverage), least=threshold(rules.min_coverage, language)
            )
        )
    year = snapshot.period.year
    if year not in calendar.years or year in calendar.provisional_years:
        found.append(_("Estimated working days: the year's days off are not finally known."))
    return tuple(found)
