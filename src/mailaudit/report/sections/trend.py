"""The trend: each unit's rate in each Period, and the sums of the whole."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from mailaudit.locale import Language
from mailaudit.model.period import Period
from mailaudit.model.ranking import GroupRanking, Incomparable, Standing
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.publication.values import Publication, PublishedPoint
from mailaudit.report.columns import (
    COVERAGE,
    LOWER_BOUND,
    UPPER_BOUND,
    in_scope_columns,
    number_column,
    rate_value,
    regular_cells,
    regular_columns,
    unit_columns,
    unmeasured_column,
    withheld_cells,
    withheld_note,
)
from mailaudit.report.sections.small_units import few_label
from mailaudit.report.value import Cell, Column, Kind, Row, RowGroup, Section, Series, Table
from mailaudit.report.words import readable, roman, short_period, threshold

LOW_COVERAGE_MARK = "*"
PREDECESSORS_MARK = "‡"
INCOMPARABLE_MARK = "†"
NOTABLE = (None, Incomparable.NOT_LISTED)  # a new unit needs no mark: the dash is explained
MOST_BARS = 6  # columns of bars a page has room for


def axis(publication: Publication) -> tuple[Period, ...]:
    """Every month from the first stored to this one, those not stored too."""
    months, month = [publication.period], publication.period
    first = publication.trend[0].period if publication.trend else month
    while (month.year, month.month) > (first.year, first.month):
        month = month.shifted(-1)
        months.append(month)
    return tuple(reversed(months))


def series_of_units(publication: Publication) -> dict[str, Series]:
    """Each unit's rate in each month of the axis, by code; None where there is none to show."""
    points = {point.period: _comparable_units(point) for point in publication.trend}
    codes = dict.fromkeys(
        s.usage.unit.code for s in (*publication.standings(), *publication.few_standings)
    )
    return {
        code: tuple(_share(points.get(period, {}).get(code)) for period in axis(publication))
        for code in codes
    }


def series_of_group(publication: Publication, name: str) -> Series:
    """A group's rate in each month of the axis."""
    points = {
        point.period: point.groups.get(name)
        for point in publication.trend
        if name not in point.partial_groups
    }
    return tuple(_share(points.get(period)) for period in axis(publication))


def series_of_whole(publication: Publication) -> Series:
    """The whole's rate in each month of the axis."""
    points = {point.period: point.total for point in publication.trend if point.comparable}
    return tuple(_share(points.get(period)) for period in axis(publication))


def trend_section(publication: Publication, rules: Rules, language: Language) -> Section:
    """Every Period measured with today's definitions, oldest first."""
    _ = language.gettext
    return Section(
        key="trend",
        name=_("Trend"),
        title=_("Rate of regular use by period"),
        tables=(_units(publication, rules, language),),
        wide=True,
    )


def _units(publication: Publication, rules: Rules, language: Language) -> Table:
    _ = language.gettext
    trend = publication.trend
    groups = tuple(
        _group(number, group, trend, rules, language)
        for number, group in enumerate(publication.groups, start=1)
    )
    if publication.few_standings:
        rows = _rows(publication.few_standings, trend, rules, language)
        groups += (RowGroup(rows, title=few_label(publication, language)),)
    totals = tuple(_whole_cell(point, rules, language) for point in trend)
    hidden = any(counts is None for point in trend for counts in point.units.values())
    return Table(
        key="trend",
        caption=_("Rate of regular use of each unit by period (%)"),
        columns=(
            *unit_columns(language),
            *(
                Column(
                    f"share-{point.period}",
                    short_period(point.period, language),
                    Kind.PERCENT,
                    width=10,
                    bar=len(trend) <= MOST_BARS,
                )
                for point in trend
            ),
        ),
        groups=groups,
        total=Row("", (Cell(), Cell(_("GRAND TOTAL")), *totals)),
        notes=(
            _("Every period is measured with the definitions of this report."),
            _("* Coverage below {coverage}: for reference only.").format(
                coverage=threshold(rules.min_coverage, language)
            ),
            _("– No data: the unit had nobody in scope, or was not on the staff list."),
            _(
                "Group totals by period are of the units that count in the group today and had"
                " figures of their own then."
            ),
            *_marks(trend, language),
            *((withheld_note(language),) if hidden else ()),
        ),
        empty=_("The staff list has no units."),
        target=rules.target,
    )


def _group(
    number: int,
    group: GroupRanking,
    trend: tuple[PublishedPoint, ...],
    rules: Rules,
    language: Language,
) -> RowGroup:
    sums = (
        Cell(None, mark=INCOMPARABLE_MARK)
        if group.name in point.partial_groups
        else rate_cell(point.groups[group.name], rules, language)
        for point in trend
    )
    return RowGroup(
        _rows(group.standings, trend, rules, language),
        title=f"{roman(number)}. {readable(group.name)}",
        total=Row("", (Cell(), Cell(language.gettext("Group total")), *sums)),
    )


def _rows(
    standings: Iterable[Standing],
    trend: tuple[PublishedPoint, ...],
    rules: Rules,
    language: Language,
) -> tuple[Row, ...]:
    return tuple(
        Row(
            unit.code,
            (
                Cell(place),
                Cell(readable(unit.name)),
                *(_unit_cell(point, unit.code, rules, language) for point in trend),
            ),
        )
        for place, unit in enumerate((s.usage.unit for s in standings), start=1)
    )


def periods_table(publication: Publication, language: Language) -> Table:
    """The whole's sums, rate, bounds and coverage in each Period."""
    _ = language.gettext
    rows = tuple(
        Row(
            str(point.period),
            (
                Cell(place),
                Cell(short_period(point.period, language)),
                *period_cells(point.total, language, silent=is_silent(point)),
            ),
            withheld=point.total is None,
        )
        for place, point in enumerate(publication.trend, start=1)
    )
    return Table(
        key="periods",
        caption=_("The whole by period"),
        columns=(
            number_column(language),
            Column("period", _("Period"), Kind.TEXT, width=40, row_header=True),
            *period_columns(language),
        ),
        groups=(RowGroup(rows),),
        notes=(withheld_note(language),) if any(row.withheld for row in rows) else (),
        empty=_("No period has been measured."),
    )


def period_columns(language: Language) -> tuple[Column, ...]:
    """Sums, rate, bounds and coverage of one Period; nothing is summed over Periods."""
    _ = language.gettext
    share = Kind.PERCENT
    return (
        *in_scope_columns(language),
        unmeasured_column(language),
        *regular_columns(language),
        Column("lower", _("Lower bound %"), share, LOWER_BOUND),
        Column("upper", _("Upper bound %"), share, UPPER_BOUND),
        Column("coverage", _("Coverage %"), share, COVERAGE),
    )


def period_cells(
    counts: Counts | None, language: Language, *, silent: bool = False
) -> tuple[Cell, ...]:
    """The cells of `period_columns`; no rate of a Period in which nobody had any mail."""
    if counts is None:
        return withheld_cells(8, language)
    regular, rate = regular_cells(counts)
    rates = (rate, Cell(counts.lower_bound), Cell(counts.upper_bound))
    return (
        Cell(counts.in_scope),
        Cell(counts.provided),
        Cell(counts.unmeasured),
        regular,
        *(Cell(None) if silent else rate for rate in rates),
        Cell(counts.coverage),
    )


def rate_cell(counts: Counts | None, rules: Rules, language: Language) -> Cell:
    """The rate, marked where too little was measured; None is withheld."""
    if counts is None:
        return withheld_cells(1, language)[0]
    if rate_value(counts) is None:
        return Cell(None)
    low = counts.coverage is not None and counts.coverage < rules.min_coverage
    return Cell(rate_value(counts), mark=LOW_COVERAGE_MARK if low else "")


def _unit_cell(point: PublishedPoint, code: str, rules: Rules, language: Language) -> Cell:
    """A unit's rate then, marked where it is that of its predecessors, or can't be compared."""
    origin = point.origins.get(code)
    if origin is not None and origin.why_not not in NOTABLE:
        return Cell(None, mark=INCOMPARABLE_MARK)
    cell = rate_cell(point.units.get(code, Counts()), rules, language)
    if origin is not None and origin.why_not is None:
        return replace(cell, mark=cell.mark + PREDECESSORS_MARK)
    return cell


def _whole_cell(point: PublishedPoint, rules: Rules, language: Language) -> Cell:
    if is_silent(point):
        return Cell(None, mark=INCOMPARABLE_MARK)
    cell = rate_cell(point.total, rules, language)
    return cell if point.comparable else replace(cell, mark=cell.mark + INCOMPARABLE_MARK)


def is_silent(point: PublishedPoint) -> bool:
    """Whether nobody had any mail then."""
    return any(origin.why_not is Incomparable.NO_MAIL for origin in point.origins.values())


def _comparable_units(point: PublishedPoint) -> Mapping[str, Counts | None]:
    """The sums of the units that can be compared with those of other months."""
    lost = {code for code, origin in point.origins.items() if origin.why_not is not None}
    return {code: counts for code, counts in point.units.items() if code not in lost}


def _marks(trend: tuple[PublishedPoint, ...], language: Language) -> tuple[str, ...]:
    """What the marks mean that occur."""
    _ = language.gettext
    origins = [origin for point in trend for origin in point.origins.values()]
    found = []
    if any(origin.why_not is None for origin in origins):
        found.append(_("‡ Before its reorganisation: its predecessors together."))
    silent = [point for point in trend if is_silent(point)]
    if any(origin.why_not not in (*NOTABLE, Incomparable.NO_MAIL) for origin in origins) or any(
        point not in silent and (not point.comparable or point.partial_groups) for point in trend
    ):
        found.append(
            _(
                "† Not comparable: too little was measured then of the unit or of its"
                " predecessors, or too few of their staff can be told apart."
            )
        )
    if silent:
        months = ", ".join(short_period(point.period, language) for point in silent)
        found.append(_("† Nobody had any mail: {months}.").format(months=months))
    provisional = [short_period(p.period, language) for p in trend if p.provisional]
    if provisional:
        found.append(_("Provisional data: {months}.").format(months=", ".join(provisional)))
    return tuple(found)


def _share(counts: Counts | None) -> Fraction | None:
    return counts.regular_share if counts is not None else None
