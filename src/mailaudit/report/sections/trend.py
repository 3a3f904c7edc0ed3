"""The trend: each unit's rate in each Period, and the sums of the whole."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.ranking import GroupRanking, Incomparable, Standing
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.model.wording import readable
from mailaudit.publication.values import Publication, PublishedPoint
from mailaudit.report.columns import (
    HIDDEN,
    NUMBER,
    ColumnOf,
    cells_of,
    columns_of,
    rows_of,
    table_of,
    withheld_note,
)
from mailaudit.report.sections.counts import BY_PERIOD, Line, name_of, rate_value
from mailaudit.report.sections.kinds import is_beside_a_break
from mailaudit.report.sections.small_units import few_label
from mailaudit.report.tables import Cell, Column, Kind, Row, RowGroup, Table
from mailaudit.report.value import Section
from mailaudit.report.words import roman, short_period, threshold

LOW_COVERAGE_MARK = "*"
PREDECESSORS_MARK = "‡"
INCOMPARABLE_MARK = "†"
NOTABLE = (None, Incomparable.NOT_LISTED)  # a new unit needs no mark: the dash is explained
MOST_BARS = 6  # columns of bars a page has room for


def trend_section(publication: Publication, rules: Rules, language: Language) -> Section:
    """Every Period measured with today's definitions, oldest first."""
    _ = language.gettext
    return Section(
        key="trend",
        name=_("Trend"),
        title=_("Rate of regular use by period"),
        tables=(_TrendWriter(publication, rules, language).table(),),
        wide=True,
    )


@dataclass(frozen=True, slots=True)
class _Months:
    """A line of the trend: its rate in each month."""

    name: str
    rate: Callable[[PublishedPoint], Cell]


@dataclass(frozen=True, slots=True)
class _TrendWriter:
    """The table of every unit's rate by period."""

    publication: Publication
    rules: Rules
    language: Language

    def table(self) -> Table:
        _, publication, trend = self.language.gettext, self.publication, self.publication.points
        groups = [self._group(number, group) for number, group in enumerate(publication.groups, 1)]
        if publication.few_standings:
            rows = self._rows(publication.few_standings)
            groups.append(RowGroup(rows, title=few_label(publication, self.language)))
        return Table(
            key="trend",
            caption=_("Rate of regular use of each unit by period (%)"),
            columns=columns_of(self._columns(), self.language),
            groups=tuple(groups),
            total=self._sums(_Months(_("GRAND TOTAL"), self._whole_rate)),
            notes=self._notes(trend, groups),
            empty=_("The staff list has no units."),
            target=self.rules.target,
        )

    def _columns(self) -> tuple[ColumnOf[_Months], ...]:
        unit = Column("unit", N_("Unit"), Kind.TEXT, width=40, row_header=True)
        months = map(self._month, self.publication.points)
        return (NUMBER, ColumnOf(unit, lambda line: line.name), *months)

    def _month(self, point: PublishedPoint) -> ColumnOf[_Months]:
        column = Column(
            f"share-{point.period}",
            short_period(point.period, self.language),
            Kind.PERCENT,
            width=10,
            bar=len(self.publication.points) <= MOST_BARS,
        )
        return ColumnOf(column, lambda line: line.rate(point))

    def _group(self, number: int, group: GroupRanking) -> RowGroup:
        def rate(point: PublishedPoint) -> Cell:
            if group.name in point.partial_groups:
                return Cell(None, mark=INCOMPARABLE_MARK)
            return self._rate(point.groups[group.name])

        return RowGroup(
            self._rows(group.standings),
            title=f"{roman(number)}. {readable(group.name)}",
            total=self._sums(_Months(self.language.gettext("Group total"), rate)),
        )

    def _rows(self, standings: Iterable[Standing]) -> tuple[Row, ...]:
        units = [standing.usage.unit for standing in standings]
        lines = [_Months(readable(unit.name), self._rate_of_unit(unit.code)) for unit in units]
        rows = rows_of(self._columns(), lines, self.language)
        return tuple(replace(row, key=unit.code) for row, unit in zip(rows, units, strict=True))

    def _sums(self, line: _Months) -> Row:
        return Row("", cells_of(self._columns(), line, self.language))

    def _rate_of_unit(self, code: str) -> Callable[[PublishedPoint], Cell]:
        """Its rate, marked where it is that of its predecessors, or can't be compared."""

        def rate(point: PublishedPoint) -> Cell:
            origin = point.origins.get(code)
            if origin is not None and origin.why_not not in NOTABLE:
                return Cell(None, mark=INCOMPARABLE_MARK)
            cell = self._rate(point.units.get(code, Counts()))
            if origin is not None and origin.why_not is None:
                return replace(cell, mark=cell.mark + PREDECESSORS_MARK)
            return cell

        return rate

    def _whole_rate(self, point: PublishedPoint) -> Cell:
        if not point.has_rates or point.other_kind:
            return Cell(None, mark=INCOMPARABLE_MARK)
        cell = self._rate(point.total)
        return cell if point.comparable else replace(cell, mark=cell.mark + INCOMPARABLE_MARK)

    def _rate(self, counts: Counts | None) -> Cell:
        """The rate, marked where too little was measured; None is withheld."""
        if counts is None:
            return Cell(self.language.gettext(HIDDEN))
        if rate_value(counts) is None:
            return Cell(None, mark=INCOMPARABLE_MARK if counts.is_mixed else "")
        sufficient = self.rules.is_sufficient(counts.coverage)
        return Cell(rate_value(counts), mark="" if sufficient else LOW_COVERAGE_MARK)

    def _notes(
        self, trend: tuple[PublishedPoint, ...], groups: Sequence[RowGroup]
    ) -> tuple[str, ...]:
        _ = self.language.gettext
        lines = [line for group in groups for line in (*group.rows, group.total) if line]
        hidden = any(cell.value == _(HIDDEN) for line in lines for cell in line.cells)
        return (
            _("Every period is measured with the definitions of this report."),
            _("* Coverage below {coverage}: for reference only.").format(
                coverage=threshold(self.rules.min_coverage, self.language)
            ),
            _("– No data: the unit had nobody in scope, or was not on the staff list."),
            _(
                "Group totals by period are of the units that count in the group today and had"
                " figures of their own then."
            ),
            *_marks(trend, self.language),
            *((withheld_note(self.language),) if hidden else ()),
        )


def _marks(trend: tuple[PublishedPoint, ...], language: Language) -> tuple[str, ...]:
    """What the marks mean that occur."""
    _ = language.gettext
    origins = [origin for point in trend for origin in point.origins.values()]
    found = []
    if any(origin.why_not is None for origin in origins):
        found.append(_("‡ Before its reorganisation: its predecessors together."))
    silent = [point for point in trend if not point.has_mail]
    outdated = [point for point in trend if point.is_outdated]
    broken = [point for point in trend if is_beside_a_break(point)]
    explained = (
        *(*NOTABLE, Incomparable.NO_MAIL, Incomparable.OTHER_RULES),
        Incomparable.OTHER_KIND,
    )
    if any(origin.why_not not in explained for origin in origins) or any(
        point not in (*silent, *outdated, *broken)
        and (not point.comparable or point.partial_groups)
        for point in trend
    ):
        found.append(
            _(
                "† Not comparable: too little was measured then of the unit or of its"
                " predecessors, or too few of their staff can be distinguished."
            )
        )
    if silent:
        months = ", ".join(short_period(point.period, language) for point in silent)
        found.append(_("† Nobody had any mail: {months}.").format(months=months))
    if outdated:
        months = ", ".join(short_period(point.period, language) for point in outdated)
        found.append(
            _(
                "† Not comparable: the people of {months} were removed, and the sums that are left"
                " were made by other rules or another calendar."
            ).format(months=months)
        )
    if broken:
        months = ", ".join(short_period(point.period, language) for point in broken)
        found.append(
            _(
                "† Break: {months}. Another kind of source than today's measured then, or several"
                " together; no line is drawn across it."
            ).format(months=months)
        )
    provisional = [short_period(p.period, language) for p in trend if p.provisional]
    if provisional:
        found.append(_("Provisional data: {months}.").format(months=", ".join(provisional)))
    return tuple(found)


def whole_by_period(publication: Publication, rules: Rules, language: Language) -> Table:
    """The whole's sums, rate, bounds and coverage in each Period."""
    months = [(point, point.total) for point in publication.points]
    table = periods_table(language.gettext("The whole by period"), months, rules, language)
    is_withheld = [total is None for _point, total in months]
    rows = (replace(row, withheld=w) for row, w in zip(table.rows, is_withheld, strict=True))
    return replace(
        table,
        groups=(RowGroup(tuple(rows)),),
        notes=(withheld_note(language),) if any(is_withheld) else (),
    )


def periods_table(
    caption: str,
    months: Sequence[tuple[PublishedPoint, Counts | None]],
    rules: Rules,
    language: Language,
) -> Table:
    """Somebody's sums, rate, bounds and coverage in each Period; nothing is summed over Periods."""
    lines = [
        Line(
            short_period(point.period, language),
            counts,
            has_mail=point.has_rates,
            other_kind=point.other_kind and counts is point.total,
        )
        for point, counts in months
    ]
    period = Column("period", N_("Period"), Kind.TEXT, width=40, row_header=True)
    columns = (NUMBER, ColumnOf(period, name_of), *BY_PERIOD)
    empty = language.gettext("No period has been measured.")
    return table_of("periods", caption, columns, lines, language, rules=rules, empty=empty)
