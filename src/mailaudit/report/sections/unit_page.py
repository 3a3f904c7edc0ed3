"""One page for each unit, for its head: where it stands, what moved, what to do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.period import LongPeriod
from mailaudit.model.ranking import GroupRanking, Incomparable, Ranking, Standing
from mailaudit.model.roster import Unit
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts, Measurement, StaffState, StaffUsage
from mailaudit.model.use import Use
from mailaudit.model.wording import readable
from mailaudit.publication.publish import publish
from mailaudit.publication.values import Publication
from mailaudit.report.columns import NUMBER, ColumnOf, table_of
from mailaudit.report.filenames import file_stems
from mailaudit.report.results import Sums
from mailaudit.report.sections.actions import ASKED, actions, better_grade, is_unknown
from mailaudit.report.sections.counts import COMPARED, Line, line_of, name_of, sums_of
from mailaudit.report.sections.headline import (
    change_figure,
    coverage_figure,
    doubt_figure,
    funnel_steps,
    rate_figure,
)
from mailaudit.report.sections.ranking import (
    grade_cell,
    grade_column,
    remarks,
    standing_of,
    tied_mark,
)
from mailaudit.report.sections.series import series_of_group, series_of_units
from mailaudit.report.sections.staff import gaps_table, staff_table
from mailaudit.report.sections.trend import periods_table
from mailaudit.report.sections.uses import parts_of_unit, use_key
from mailaudit.report.tables import Column, Kind, Series, Table, Tone
from mailaudit.report.value import Figure, UnitReport
from mailaudit.report.words import BEYOND_REPAIR, NOT_RANKED, grade_name, short_period, threshold


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
    own = (
        publish(ranking, publication.audience, rules, own=True, withheld=publication.withheld)
        if detail
        else publication
    )
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
        audience, states = self.publication.audience, None
        if audience.sees_own_staff:
            is_mixed = standing.usage.counts.is_mixed  # then no number of people is of both kinds
            states = gaps_table(people, rules, language) if people and not is_mixed else None
            if states and not uses:  # which say the same
                tables.append(states)
            scope = audience.sees_everything
            tables.append(
                staff_table(
                    people,
                    rules,
                    language,
                    names=self.names,
                    scope=scope,
                    by_month=isinstance(self.own.period, LongPeriod),
                )
            )
        repairable = sum(
            usage.state is StaffState.UNMEASURED
            and usage.reason not in BEYOND_REPAIR
            and not usage.is_removed
            for usage in people
        )
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
            actions=actions(standing, rules, language, repairable=repairable),
            remarks=remarks(standing, self.publication, rules, language, own=True),
            funnel=funnel_steps(standing.usage.counts, rules, language),
            uses=uses,
            use_key=tuple(
                replace(key, asked=self._asked(Use(key.key), repairable))
                for key in use_key([uses], rules, language)
            ),
            share=standing.share if self._is_judged(standing.usage.counts) else None,
            previous=standing.previous_share,
            series=series,
            group_series=series_of_group(self.publication, group.name),
            tables=tuple(tables),
            states=states,
        )

    def _asked(self, use: Use, repairable: int) -> str:
        """What to do about those who use their mailboxes so; "" where nothing is asked."""
        is_asked = use in ASKED and (use is not Use.UNMEASURED or repairable)
        return self.language.gettext(ASKED[use]) if is_asked else ""

    def _figures(self, standing: Standing, group: GroupRanking) -> tuple[Figure, ...]:
        counts, language = standing.usage.counts, self.language
        doubt = doubt_figure(counts, language, has_mail=self.own.has_mail)
        if is_unknown(counts):
            nothing = (
                language.gettext("no mailbox of the unit could be judged")
                if counts.kinds
                else language.gettext("no mailbox of the unit was measured")
            )
            doubt = replace(doubt, values=(None,), explanation=nothing)
        return (
            rate_figure(counts, self.rules, language, has_mail=self._is_judged(counts)),
            self._grade_figure(standing),
            self._rank_figure(standing, group),
            self._needed_figure(standing),
            change_figure(standing.change, standing.previous_share, language),
            doubt,
            coverage_figure(counts, language),
        )

    def _rank_figure(self, standing: Standing, group: GroupRanking) -> Figure:
        _, language = self.language.gettext, self.language
        if standing.rank is None:
            why = standing.not_ranked
            sentence = _("not ranked") if why is None else _(NOT_RANKED[why])
        elif standing.previous_rank is None:
            sentence = _("of {number} ranked units of the group")
        else:
            sentence = _("of {number} ranked units of the group; previous period {before}")
        ranked = sum(other.rank is not None for other in group.standings)
        text = sentence.format(number=language.number(ranked), before=standing.previous_rank)
        if standing.tied:
            text = f"{tied_mark(standing, language).strip()} {text}"
        return Figure("rank", _("Rank"), Kind.RANK, (standing.rank,), text)

    def _is_judged(self, counts: Counts) -> bool:
        """Whether the rate says something: not where nobody had mail or nothing was measured."""
        is_known = not is_unknown(counts) and not counts.is_mixed
        return self.own.has_mail and counts.judged > 0 and is_known

    def _grade_figure(self, standing: Standing) -> Figure:
        _, cell = self.language.gettext, grade_cell(standing, self.rules, self.language)
        sentence = ""
        if (grade := better_grade(standing, self.rules)) is not None:
            sentence = _("{number} more in regular use are enough for “{grade}”").format(
                number=self.language.number(standing.short_of or 0),
                grade=grade_name(grade, self.language),
            )
        return Figure("grade", _("Grade"), Kind.GRADE, (cell.value,), sentence, tone=cell.tone)

    def _needed_figure(self, standing: Standing) -> Figure:
        """How many people are missing to the target; nothing where nothing is known of them."""
        _, counts = self.language.gettext, standing.usage.counts
        missing = counts.short_of(self.rules.target) if self._is_judged(counts) else None
        sentence = _("people; target {target}")
        if not missing:
            sentence = _("target {target}") if missing is None else _("target {target} met")
        return Figure(
            "needed",
            _("Needed for the target"),
            Kind.INTEGER,
            (missing,),
            sentence.format(target=threshold(self.rules.target, self.language)),
            tone=Tone.GOOD if missing == 0 else Tone.PLAIN,
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
        sums = (
            (readable(group.name), group.total, group.previous_total),
            (_("GRAND TOTAL"), everyone.total, everyone.previous_total),
        )
        own = standing.usage.counts
        lines = [line_of(standing)] + [
            sums_of(*one) for one in sums if one[1] is None or own.is_like(one[1])
        ]
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
            (point, point.units[unit.code]) for point in self.own.points if unit.code in point.units
        ]
        table = periods_table(caption, months, self.rules, self.language)
        broken = [
            short_period(point.period, self.language)
            for point in self.own.points
            if (origin := point.origins.get(unit.code)) is not None
            and origin.why_not is Incomparable.OTHER_KIND
        ]
        text = self.language.gettext(
            "Break: {months} are not shown. One and the same kind of source did not measure the"
            " unit then and now."
        ).format(months=", ".join(broken))
        return replace(table, notes=(*table.notes, text)) if broken else table
