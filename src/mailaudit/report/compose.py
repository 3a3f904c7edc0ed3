"""compose(): one Period's Snapshot, Measurement and Ranking become a Report for one audience."""

from collections import Counter
from collections.abc import Sequence

from mailaudit.locale import Language
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.objections import NO_OBJECTIONS, Objections
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.ranking import Ranking
from mailaudit.model.reconciliation import Reconciled
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Measurement
from mailaudit.model.wording import readable
from mailaudit.publication.values import Publication
from mailaudit.report.filenames import report_stem
from mailaudit.report.sections.attention import attention_section
from mailaudit.report.sections.comparisons import comparison_notices
from mailaudit.report.sections.exclusions import exclusions_section
from mailaudit.report.sections.headline import funnel_steps
from mailaudit.report.sections.inside import definition_text
from mailaudit.report.sections.method import method_section
from mailaudit.report.sections.notices import (
    audience_note,
    edition_text,
    mark,
    notices,
    objections_sentence,
    superseded_notices,
)
from mailaudit.report.sections.provenance import facts, printed_digest
from mailaudit.report.sections.ranking import ranking_section
from mailaudit.report.sections.regular import regular_sentence
from mailaudit.report.sections.results import results_of
from mailaudit.report.sections.series import axis, series_of_whole
from mailaudit.report.sections.small_units import official_text
from mailaudit.report.sections.summary import summary_section
from mailaudit.report.sections.trend import trend_section
from mailaudit.report.sections.unit_page import unit_reports
from mailaudit.report.sections.unmeasured import unmeasured_section
from mailaudit.report.sections.uses import use_bars, use_key
from mailaudit.report.tables import Tone
from mailaudit.report.value import GradeBand, Point, Report
from mailaudit.report.words import grade_name, grade_tone, longer_name, month_number, short_period


def compose(
    organisation: str,
    snapshot: Snapshot,
    measurement: Measurement,
    ranking: Ranking,
    publication: Publication,
    rules: Rules,
    calendar: WorkCalendar,
    *,
    language: Language,
    names: bool = False,
    illustrative: bool = False,
    superseded_by: int | None = None,
    objections: Objections = NO_OBJECTIONS,
    reconciled: Sequence[Reconciled] = (),
) -> Report:
    """Everything the month's report shows, in `language`; the same arguments make equal Reports.

    What the audience may not see is not in the Report, so that no rendering can show it.

    Args:
        organisation: Whose units are ranked; printed above the title, with the unit reported on.
        measurement: Of `snapshot`, by `rules`.
        ranking: Of `measurement`, with the Periods before it.
        publication: What the audience may see of `ranking`.
        names: Whether people's names stand beside their addresses; never for the public.
        illustrative: Whether the data are invented, which every file then says.
        superseded_by: The newest complete edition, where `snapshot` is an earlier one, which every
            file then says.
        objections: Whom units' pages name for them.
        reconciled: What second sources said of the Period.
    """
    _ = language.gettext
    period, within = snapshot.period, ranking.within
    audience, counted = publication.audience, publication.counted_of(measurement)
    names = names and audience.sees_own_staff
    uses = use_bars(publication, language)
    ranked = ranking_section(publication, rules, language)
    definition = definition_text(snapshot, rules, language)
    cut_off = language.written_instant(snapshot.cut_off_at.astimezone(period.tz))
    return Report(
        language=language.code,
        audience=audience,
        stem=report_stem(
            period,
            audience,
            within.code if within else None,
            edition=None if superseded_by is None else snapshot.edition,
        ),
        audience_note=audience_note(audience, language),
        mark=mark(illustrative=illustrative, superseded_by=superseded_by, language=language),
        organisation=readable(
            organisation if within is None else f"{organisation} – {within.name}"
        ),
        title=_title(period, language),
        subtitle=_("Cut-off {instant}; {standing}; {edition}").format(
            instant=cut_off,
            standing=_("final data") if snapshot.sealed_at else _("provisional data"),
            edition=edition_text(snapshot, superseded_by, language),
        )
        + (f"; {definition}" if definition else ""),
        period=period,
        cut_off_at=snapshot.cut_off_at,
        notices=(
            *superseded_notices(snapshot, superseded_by, language),
            *notices(
                snapshot, counted, publication, rules, calendar, language, reconciled=reconciled
            ),
            *comparison_notices(ranking, language),
        ),
        facts=facts(snapshot, language, sees_everything=audience.sees_everything),
        sections=(
            summary_section(publication, rules, language),
            ranked,
            attention_section(publication, rules, language),
            trend_section(publication, rules, language),
            exclusions_section(counted, publication, rules, language),
            unmeasured_section(counted, publication, language),
            method_section(
                snapshot, rules, calendar, language, sees_everything=audience.sees_everything
            ),
        ),
        target=rules.target,
        axis=tuple(short_period(month, language) for month in axis(publication)),
        series=series_of_whole(publication),
        funnel=()
        if publication.total is None
        else funnel_steps(publication.total, rules, language),
        uses=uses,
        use_key=use_key([bar.parts for bar in uses], rules, language),
        unit_use_key=use_key([row.uses for row in ranked.tables[0].rows], rules, language),
        results=results_of(publication, rules),
        grades=_grades(publication, rules, language),
        points=_points(publication, rules),
        units=unit_reports(ranking, publication, measurement, rules, language, names=names),
        digest=printed_digest(snapshot, language),
        definition=definition,
        regular=regular_sentence(rules, language, longer=bool(snapshot.months)),
        objections=objections_sentence(objections, audience, language),
        official=official_text(publication, rules, language),
    )


def _title(period: Period, language: Language) -> str:
    if isinstance(period, LongPeriod):
        text = language.gettext("Use of official mailboxes, {period}")
        return text.format(period=longer_name(period, language))
    text = language.gettext("Use of official mailboxes, {year}-{month}")
    return text.format(month=month_number(period, language), year=period.year)


def _grades(publication: Publication, rules: Rules, language: Language) -> tuple[GradeBand, ...]:
    given = Counter(standing.grade for standing in publication.standings())
    return tuple(
        GradeBand(
            grade_name(grade.name, language),
            grade.from_share,
            given[grade.name],
            grade_tone(grade.name, rules),
        )
        for grade in rules.grades
    )


def _points(publication: Publication, rules: Rules) -> tuple[Point, ...]:
    return tuple(
        Point(
            code=standing.usage.unit.code,
            name=readable(standing.usage.unit.name),
            group=readable(group.name),
            share=standing.share,
            ranked=standing.rank is not None,
            tone=grade_tone(standing.grade, rules) if standing.grade else Tone.PLAIN,
        )
        for group in publication.groups
        for standing in group.standings
        if standing.share is not None and publication.has_mail
    )
