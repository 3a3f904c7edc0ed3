"""The summary: headline figures, the way to regular use, groups, grades, who needs attention."""

from collections.abc import Iterable
from fractions import Fraction

from mailaudit.locale import Language
from mailaudit.model.ranking import Ranking, Standing
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts, Measurement
from mailaudit.report.attention import attention_tables
from mailaudit.report.standings import change_tone, share_change
from mailaudit.report.trend import periods_table
from mailaudit.report.unmeasured import causes_table
from mailaudit.report.value import (
    Cell,
    Column,
    Difference,
    Figure,
    Kind,
    Ratio,
    Row,
    RowGroup,
    Section,
    Table,
    Tone,
)
from mailaudit.report.words import NOT_RANKED, grade_name, grade_tone, readable, roman, threshold


def summary_section(
    measurement: Measurement, ranking: Ranking, rules: Rules, language: Language
) -> Section:
    """The month in one page."""
    _ = language.gettext
    return Section(
        key="summary",
        name=_("Summary"),
        title=_("Overall results"),
        figures=headline(ranking, rules, language),
        tables=(
            _funnel(ranking.total, language),
            _grades(ranking, rules, language),
            _groups(ranking, rules, language),
            periods_table(ranking, language),
            *attention_tables(ranking, rules, language),
            causes_table(measurement, language),
        ),
    )


def headline(ranking: Ranking, rules: Rules, language: Language) -> tuple[Figure, ...]:
    """R with its bounds, coverage, change, and how many units meet the target."""
    _ = language.gettext
    total, previous = ranking.total, ranking.previous_total
    change = share_change(total, previous)
    ranked = [s for s in _standings(ranking) if s.rank is not None]
    before = previous.regular_share if previous is not None else None
    no_change = _("No previous period to compare with")
    met = total.regular_share is not None and total.regular_share >= rules.target
    return (
        Figure(
            "regular",
            _("Rate of regular use"),
            Kind.PERCENT,
            (total.regular_share,),
            _(
                "{part} of {whole} staff in scope (those not measured left out); target {target}"
            ).format(
                part=language.number(total.regular),
                whole=language.number(total.in_scope - total.unmeasured),
                target=threshold(rules.target, language),
            ),
            tone=Tone.GOOD if met else Tone.PLAIN,
        ),
        Figure(
            "bounds",
            _("Lower and upper bound"),
            Kind.PERCENT,
            (total.lower_bound, total.upper_bound),
            _("if none, or all, of the {number} mailboxes not measured were in regular use").format(
                number=language.number(total.unmeasured)
            ),
        ),
        Figure(
            "coverage",
            _("Coverage"),
            Kind.PERCENT,
            (total.coverage,),
            _("{part} of {whole} mailboxes provided were measured").format(
                part=language.number(total.provided - total.unmeasured),
                whole=language.number(total.provided),
            ),
        ),
        Figure(
            "change",
            _("Change from the previous period"),
            Kind.POINTS,
            (change,),
            no_change
            if change is None
            else _("percentage points; previous period {share}%").format(
                share=language.percent(before)
            ),
            tone=change_tone(change),
        ),
        Figure(
            "met",
            _("Units that met the target"),
            Kind.INTEGER,
            (sum(1 for s in ranked if _meets(s, rules)),),
            _("of {number} ranked units; target {target}").format(
                number=language.number(len(ranked)), target=threshold(rules.target, language)
            ),
        ),
    )


def _funnel(total: Counts, language: Language) -> Table:
    _ = language.gettext
    judged = total.in_scope - total.unmeasured
    steps = (
        ("B", _("Staff on the list"), total.staff, None, ""),
        ("", _("Out of scope by job"), total.exempt, total.staff, "B"),
        ("", _("Excluded in this period"), total.excluded, total.staff, "B"),
        ("(1)", _("In scope"), total.in_scope, total.staff, "B"),
        ("(2)", _("Provided with a mailbox"), total.provided, total.in_scope, "(1)"),
        ("(3)", _("Not measured"), total.unmeasured, total.provided, "(2)"),
        ("", _("Accessed"), total.read, judged, "(1) − (3)"),
        ("", _("Sent mail"), total.sent, judged, "(1) − (3)"),
        ("(4)", _("Regular use"), total.regular, judged, "(1) − (3)"),
    )
    rows = tuple(
        Row(
            label,
            (
                Cell(symbol),
                Cell(label),
                Cell(count),
                Cell("" if whole is None else _share(count, whole)),
                Cell(base),
            ),
        )
        for symbol, label, count, whole, base in steps
    )
    return Table(
        key="funnel",
        caption=_("From the staff list to regular use"),
        columns=(
            Column("symbol", _("Symbol"), Kind.ORDINAL, width=7),
            Column("step", _("Step"), Kind.TEXT, width=40, row_header=True),
            Column("people", _("People"), Kind.INTEGER),
            Column("share", _("Rate %"), Kind.PERCENT, bar=True),
            Column("base", _("Out of"), Kind.TEXT, width=10),
        ),
        groups=(RowGroup(rows),),
    )


def _grades(ranking: Ranking, rules: Rules, language: Language) -> Table:
    _ = language.gettext
    standings = list(_standings(ranking))
    lines = [
        (
            Cell(grade_name(grade.name, language), tone=grade_tone(grade.name, rules)),
            Cell(grade.from_share, decimals=0 if (grade.from_share * 100).denominator == 1 else 1),
            sum(1 for s in standings if s.grade == grade.name),
        )
        for grade in rules.grades
    ]
    lines += [
        (Cell(_("Not ranked") + ": " + _(text)), Cell(), count)
        for reason, text in NOT_RANKED.items()
        if (count := sum(1 for s in standings if s.not_ranked is reason))
    ]
    rows = tuple(
        Row(str(name.value), (Cell(place), name, low, Cell(n), Cell(_share(n, len(standings)))))
        for place, (name, low, n) in enumerate(lines, start=1)
    )
    whole = (Cell(len(standings)), Cell(_share(len(standings), len(standings))))
    return Table(
        key="grades",
        caption=_("Units by grade"),
        columns=(
            Column("number", _("No."), Kind.ORDINAL, width=5),
            Column("grade", _("Grade"), Kind.GRADE, width=40, row_header=True),
            Column("from", _("From %"), Kind.PERCENT),
            Column("units", _("Units"), Kind.INTEGER, summed=True),
            Column("share", _("Rate %"), Kind.PERCENT, bar=True),
        ),
        groups=(RowGroup(rows),),
        total=Row("", (Cell(), Cell(_("Total")), Cell(), *whole)),
    )


def _groups(ranking: Ranking, rules: Rules, language: Language) -> Table:
    _ = language.gettext
    rows = tuple(
        Row(
            group.name,
            (
                Cell(roman(number)),
                Cell(readable(group.name)),
                *_group_cells(group.standings, group.total, group.previous_total, rules),
            ),
        )
        for number, group in enumerate(ranking.groups, start=1)
    )
    everyone = _group_cells(
        tuple(_standings(ranking)), ranking.total, ranking.previous_total, rules
    )
    whole, share = Kind.INTEGER, Kind.PERCENT
    return Table(
        key="groups",
        caption=_("Results by group"),
        columns=(
            Column("number", _("No."), Kind.ORDINAL, width=5),
            Column("group", _("Group"), Kind.TEXT, width=40, row_header=True),
            Column("units", _("Units"), whole, summed=True),
            Column("met", _("Met the target"), whole, summed=True),
            Column("in_scope", _("In scope (1)"), whole, summed=True),
            Column("provided", _("Provided (2)"), whole, summed=True),
            Column("provided_share", _("Provided % (2/1)"), share, Ratio("provided", "in_scope")),
            Column("unmeasured", _("Not measured (3)"), whole, summed=True),
            Column("regular", _("Regular use (4)"), whole, summed=True),
            Column(
                "regular_share",
                _("Regular use % (4/(1−3))"),
                share,
                Ratio("regular", "in_scope", "unmeasured"),
                bar=True,
            ),
            Column("previous", _("Previous period %"), share),
            Column(
                "change",
                _("Change (points)"),
                Kind.POINTS,
                Difference("regular_share", "previous"),
            ),
        ),
        groups=(RowGroup(rows),),
        total=Row("", (Cell(), Cell(_("GRAND TOTAL")), *everyone)),
        target=rules.target,
    )


def _group_cells(
    standings: tuple[Standing, ...], total: Counts, previous: Counts | None, rules: Rules
) -> tuple[Cell, ...]:
    change = share_change(total, previous)
    return (
        Cell(len(standings)),
        Cell(sum(1 for s in standings if s.rank is not None and _meets(s, rules))),
        Cell(total.in_scope),
        Cell(total.provided),
        Cell(total.provided_share),
        Cell(total.unmeasured),
        Cell(total.regular),
        Cell(total.regular_share),
        Cell(previous.regular_share if previous is not None else None),
        Cell(change, tone=change_tone(change)),
    )


def _standings(ranking: Ranking) -> Iterable[Standing]:
    return (standing for group in ranking.groups for standing in group.standings)


def _meets(standing: Standing, rules: Rules) -> bool:
    return standing.share is not None and standing.share >= rules.target


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole > 0 else None
