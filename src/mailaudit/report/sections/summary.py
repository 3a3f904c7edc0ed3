"""The summary: headline figures, the way to regular use, grades, groups, the whole by month."""

from fractions import Fraction

from mailaudit.locale import Language
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.publication.values import Publication
from mailaudit.report.columns import number_column
from mailaudit.report.sections.attention import mover_tables
from mailaudit.report.sections.groups import groups_table
from mailaudit.report.sections.headline import headline
from mailaudit.report.sections.trend import periods_table
from mailaudit.report.value import Cell, Column, Kind, Row, RowGroup, Section, Table
from mailaudit.report.words import NOT_RANKED, grade_name, grade_tone


def summary_section(publication: Publication, rules: Rules, language: Language) -> Section:
    """The month in one page."""
    _ = language.gettext
    total = publication.total
    return Section(
        key="summary",
        name=_("Summary"),
        title=_("Overall results"),
        figures=headline(publication, rules, language),
        tables=(
            *((_funnel(total, publication, language),) if total is not None else ()),
            _grades(publication, rules, language),
            *mover_tables(publication, language),
            groups_table(publication, rules, language),
            periods_table(publication, language),
        ),
    )


def _funnel(total: Counts, publication: Publication, language: Language) -> Table:
    _ = language.gettext
    judged, out = total.judged, total.out_of_scope
    first: tuple[tuple[str, str, int, int | None, str], ...]
    in_scope = ("(1)", _("In scope"), total.in_scope, total.staff, "B")
    listed = ("B", _("Staff on the list"), total.staff, None, "")
    if publication.audience.sees_everything:
        first = (
            listed,
            ("", _("Out of scope by job"), total.exempt, total.staff, "B"),
            ("", _("Excluded in this period"), total.excluded, total.staff, "B"),
            in_scope,
        )
    elif publication.shows_listed:
        first = (listed, ("", _("Out of scope"), out, total.staff, "B"), in_scope)
    else:
        first = (("(1)", _("In scope"), total.in_scope, None, ""),)
    steps = (
        *first,
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
            Column("symbol", _("Symbol"), Kind.ORDINAL, width=8),
            Column("step", _("Step"), Kind.TEXT, width=40, row_header=True),
            Column("people", _("People"), Kind.INTEGER),
            Column("share", _("Rate %"), Kind.PERCENT, bar=True),
            Column("base", _("Out of"), Kind.TEXT, width=10),
        ),
        groups=(RowGroup(rows),),
        notes=(
            _(
                "Accessed, sent mail and regular use are shares of those in scope without those"
                " not measured: (1) − (3). “From in scope to regular use” takes all in scope,"
                " measured or not: (1), so that its last rate is the lower bound."
            ),
        ),
    )


def _grades(publication: Publication, rules: Rules, language: Language) -> Table:
    _ = language.gettext
    standings = list(publication.standings())
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
    if publication.few:
        lines.append((Cell(_("Units with few people")), Cell(), len(publication.few)))
    units = len(standings) + len(publication.few)
    rows = tuple(
        Row(str(name.value), (Cell(place), name, low, Cell(n), Cell(_share(n, units))))
        for place, (name, low, n) in enumerate(lines, start=1)
    )
    whole = (Cell(units), Cell(_share(units, units)))
    return Table(
        key="grades",
        caption=_("Units by grade"),
        columns=(
            number_column(language),
            Column("grade", _("Grade"), Kind.GRADE, width=40, row_header=True),
            Column("from", _("From %"), Kind.PERCENT),
            Column("units", _("Units"), Kind.INTEGER, summed=True),
            Column("share", _("Of all units %"), Kind.PERCENT, bar=True),
        ),
        groups=(RowGroup(rows),),
        total=Row("", (Cell(), Cell(_("Total")), Cell(), *whole)),
    )


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole > 0 else None
