"""One page for each unit, for its head: where it stands, what moved, what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.ranking import GroupRanking, Ranking, Standing
from mailaudit.model.roster import Unit
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts, Measurement, StaffUsage
from mailaudit.model.wording import readable
from mailaudit.publication.publish import publish
from mailaudit.publication.values import Publication
from mailaudit.report.columns import NUMBER, ColumnOf, table_of
from mailaudit.report.filenames import file_stems
from mailaudit.report.results import Sums
from mailaudit.report.sections.actions import actions
from mailaudit.report.sections.counts import COMPARED, Line, change_tone, line_of, name_of, sums_of
from mailaudit.report.sections.headline import (
    change_figure,
    coverage_figure,
    doubt_figure,
    funnel_steps,
    rate_figure,
)
from mailaudit.report.sections.ranking import grade_column, remarks, standing_of, tied_mark
from mailaudit.report.sections.series import series_of_group, series_of_units
from mailaudit.report.sections.staff import gaps_table, staff_table
from mailaudit.report.sections.trend import periods_table
from mailaudit.report.sections.uses import parts_of_unit, use_key
from mailaudit.report.tables import Column, Kind, Series, Table
from mailaudit.report.value import Figure, UnitReport
from mailaudit.report.words import threshold


def unit_reports(
    ranking: Ranking,
    publication: Publication,
    measurement: Measurement,
    rules: Rules,
    language: Language,
    *,
    names: bool,
) -> tuple[UnitReport, ...]:
    """A page for every unit the audience may see; heads see their own unit, however small.

    Units whose rate is not printed exactly have none: a page is about nothing else.

    Args:
        ranking: Everything, for a unit's own figures where its head reads them.
        publication: What may be shown of all others.
    """
    detail = publication.audience.sees_own_staff
    own = publish(ranking, publication.audience, rules, own=True) if detail else publication
    standings = [s for s in own.standings() if not s.usage.counts.is_coarse] + [*own.few_standings]
    people: dict[str, list[StaffUsage]] = {}
    for usage in measurement.staff if detail else ():
        people.setdefault(usage.unit_code, []).append(usage)
    stems = file_stems([standing.usage.unit.code for standing in standings])
    series = series_of_units(own)
    writer = _UnitWriter(own, publication, rules, language, names)
    return tuple(
        writer.page(
            standing,
            stem=stems[standing.usage.unit.code],
            series=series[standing.usage.unit.code],
            people=people.get(standing.usage.unit.code, []),
        )
        for standing in standings
    )


@dataclass(frozen=True, slots=True)
class _UnitWriter:
    """Makes the pages: `own` has the units' own figures, `publication` those of all others."""

    own: Publication
    publication: Publication
    rules: Rules
    language: Language
    names: bool

    def page(
        self,
        standing: Standing,
        *,
        stem: str,
        series: Series,
        people: Sequence[StaffUsage],
    ) -> UnitReport:
        unit, rules, language = standing.usage.unit, self.rules, self.language
        nobody = GroupRanking(unit.group, (), Counts(), None)
        group = next((g for g in self.publication.groups if g.name == unit.group), nobody)
        tables = [self._compared(standing, group), self._periods(unit)]
        uses = parts_of_unit(standing.usage, self.own, language)
        audience = self.publication.audience
        if audience.sees_own_staff:
            tables.append(gaps_table(people, rules, language))
            scope = audience.sees_everything
            tables.append(staff_table(people, rules, language, names=self.names, scope=scope))
        return UnitReport(
            code=unit.code,
            stem=stem,
            name=readable(unit.name),
            group=readable(group.name),
            head=readable(unit.head_name) if self.names else "",
            figures=self._figures(standing, group),
            sums=Sums(
                standing.usage.counts,
                None,
                audience.sees_own_staff,
                self.own.has_mail,
                rules.target,
            ),
            actions=actions(standing, rules, language),
            remarks=remarks(standing, self.publication, rules, language, own=True),
            funnel=funnel_steps(standing.usage.counts, language),
            uses=uses,
            use_key=use_key([uses], rules, language),
            series=series,
            group_series=series_of_group(self.publication, group.name),
            tables=tuple(tables),
        )

    def _figures(self, standing: Standing, group: GroupRanking) -> tuple[Figure, ...]:
        counts, language = standing.usage.counts, self.language
        return (
            rate_figure(counts, self.rules, language, has_mail=self.own.has_mail),
            self._rank_figure(standing, group),
            self._gap_figure(standing),
            change_figure(standing.change, standing.previous_share, language),
            doubt_figure(counts, language, has_mail=self.own.has_mail),
            coverage_figure(counts, language),
        )

    def _rank_figure(self, standing: Standing, group: GroupRanking) -> Figure:
        _, language = self.language.gettext, self.language
        if standing.rank is None:
            sentence = _("not ranked")
        elif standing.previous_rank is None:
            sentence = _("of {number} ranked units of the group")
        else:
            sentence = _("of {number} ranked units of the group; previous period {before}")
        ranked = sum(other.rank is not None for other in group.standings)
        text = sentence.format(number=language.number(ranked), before=standing.previous_rank)
        if standing.tied:
            text = f"{tied_mark(standing, language).strip()} {text}"
        return Figure("rank", _("Rank"), Kind.RANK, (standing.rank,), text)

    def _gap_figure(self, standing: Standing) -> Figure:
        _ = self.language.gettext
        share = standing.share if self.own.has_mail else None
        gap = None if share is None else share - self.rules.target
        target = threshold(self.rules.target, self.language)
        return Figure(
            "gap",
            _("Against the target"),
            Kind.POINTS,
            (gap,),
            _("percentage points; target {target}").format(target=target),
            tone=change_tone(gap),
        )

    def _compared(self, standing: Standing, group: GroupRanking) -> Table:
        _, everyone = self.language.gettext, self.publication
        name = Column("name", N_("Unit, group, whole"), Kind.TEXT, width=40, row_header=True)
        grade = grade_column(self.rules, self.language).about(standing_of)
        columns: tuple[ColumnOf[Line], ...] = (
            NUMBER,
            ColumnOf(name, name_of),
            *COMPARED,
            grade,
        )
        lines = (
            line_of(standing),
            sums_of(readable(group.name), group.total, group.previous_total),
            sums_of(_("GRAND TOTAL"), everyone.total, everyone.previous_total),
        )
        return table_of(
            "compare",
            _("The unit beside its group and the whole"),
            columns,
            lines,
            self.language,
            rules=self.rules,
            target=self.rules.target,
        )

    def _periods(self, unit: Unit) -> Table:
        caption = self.language.gettext("The unit by period")
        months = [
            (point, point.units[unit.code]) for point in self.own.trend if unit.code in point.units
        ]
        return periods_table(caption, months, self.rules, self.language)
