"""The trend: each unit's rate in each Period, and the sums of the whole."""

from collections.abc import Mapping

from mailaudit.locale import Language
from mailaudit.model.ranking import GroupRanking, Ranking
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.report.value import Cell, Column, Kind, Ratio, Row, RowGroup, Section, Table
from mailaudit.report.words import readable, roman, short_period, threshold

LOW_COVERAGE_MARK = "*"
MOST_BARS = 6  # columns of bars a page has room for


def trend_section(ranking: Ranking, rules: Rules, language: Language) -> Section:
    """Every Period measured with today's definitions, oldest first."""
    _ = language.gettext
    return Section(
        key="trend",
        name=_("Trend"),
        title=_("Rate of regular use by period"),
        tables=(_units(ranking, rules, language),),
        wide=True,
    )


def _units(ranking: Ranking, rules: Rules, language: Language) -> Table:
    _ = language.gettext
    points = [dict(point.units) for point in ranking.trend]
    groups = tuple(
        _group(number, group, points, rules, language)
        for number, group in enumerate(ranking.groups, start=1)
    )
    totals = tuple(_rate(point.total, rules) for point in ranking.trend)
    return Table(
        key="trend",
        caption=_("Rate of regular use of each unit by period (%)"),
        columns=(
            Column("number", _("No."), Kind.ORDINAL, width=5),
            Column("unit", _("Unit"), Kind.TEXT, width=40, row_header=True),
            *(
                Column(
                    f"share-{point.period}",
                    short_period(point.period, language),
                    Kind.PERCENT,
                    width=10,
                    bar=len(ranking.trend) <= MOST_BARS,
                )
                for point in ranking.trend
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
            _("Group totals by period are of the units listed here."),
        ),
        empty=_("The staff list has no units."),
        target=rules.target,
    )


def _group(
    number: int,
    group: GroupRanking,
    points: list[dict[str, Counts]],
    rules: Rules,
    language: Language,
) -> RowGroup:
    codes = [standing.usage.unit.code for standing in group.standings]
    rows = tuple(
        Row(
            standing.usage.unit.code,
            (
                Cell(place),
                Cell(readable(standing.usage.unit.name)),
                *(_rate(units.get(standing.usage.unit.code), rules) for units in points),
            ),
        )
        for place, standing in enumerate(group.standings, start=1)
    )
    sums = (_rate(_sum(units, codes), rules) for units in points)
    return RowGroup(
        rows,
        title=f"{roman(number)}. {readable(group.name)}",
        total=Row("", (Cell(), Cell(language.gettext("Group total")), *sums)),
    )


def periods_table(ranking: Ranking, language: Language) -> Table:
    """The whole's sums, rate, bounds and coverage in each Period."""
    _ = language.gettext
    whole, share = Kind.INTEGER, Kind.PERCENT
    rows = tuple(
        Row(
            str(point.period),
            (
                Cell(place),
                Cell(short_period(point.period, language)),
                Cell(point.total.in_scope),
                Cell(point.total.provided),
                Cell(point.total.unmeasured),
                Cell(point.total.regular),
                Cell(point.total.regular_share),
                Cell(point.total.lower_bound),
                Cell(point.total.upper_bound),
                Cell(point.total.coverage),
            ),
        )
        for place, point in enumerate(ranking.trend, start=1)
    )
    return Table(
        key="periods",
        caption=_("The whole by period"),
        columns=(
            Column("number", _("No."), Kind.ORDINAL, width=5),
            Column("period", _("Period"), Kind.TEXT, width=40, row_header=True),
            Column("in_scope", _("In scope (1)"), whole),
            Column("provided", _("Provided (2)"), whole),
            Column("unmeasured", _("Not measured (3)"), whole),
            Column("regular", _("Regular use (4)"), whole),
            Column(
                "regular_share",
                _("Regular use % (4/(1−3))"),
                share,
                Ratio("regular", "in_scope", "unmeasured"),
                bar=True,
            ),
            Column("lower", _("Lower bound %"), share),
            Column("upper", _("Upper bound %"), share),
            Column("coverage", _("Coverage %"), share),
        ),
        groups=(RowGroup(rows),),
        empty=_("No period has been measured."),
    )


def _rate(counts: Counts | None, rules: Rules) -> Cell:
    if counts is None or counts.regular_share is None:
        return Cell(None)
    low = counts.coverage is not None and counts.coverage < rules.min_coverage
    return Cell(counts.regular_share, mark=LOW_COVERAGE_MARK if low else "")


def _sum(units: Mapping[str, Counts], codes: list[str]) -> Counts:
    return sum((units[code] for code in codes if code in units), Counts())
