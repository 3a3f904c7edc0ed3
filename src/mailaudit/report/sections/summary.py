"""The summary: headline figures, the way to regular use, grades, groups, the whole by month."""

from dataclasses import replace

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.ranking import NotRanked
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts, share_of
from mailaudit.publication.values import Publication
from mailaudit.report.columns import NUMBER, ColumnOf, cells_of, table_of
from mailaudit.report.sections.attention import mover_tables
from mailaudit.report.sections.counts import deed
from mailaudit.report.sections.groups import groups_table
from mailaudit.report.sections.headline import headline
from mailaudit.report.sections.kinds import kinds_tables
from mailaudit.report.sections.trend import whole_by_period
from mailaudit.report.sections.uses import uses_table
from mailaudit.report.tables import Cell, Column, Kind, Row, Table
from mailaudit.report.value import Section
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
            *((_funnel(total, publication, rules, language),) if total is not None else ()),
            _grades(publication, rules, language),
            *mover_tables(publication, language),
            *kinds_tables(publication, rules, language),
            groups_table(publication, rules, language),
            *((uses_table(publication, rules, language),) if publication.has_uses else ()),
            whole_by_period(publication, rules, language),
        ),
    )


_Step = tuple[str, str, int | None, int | None, str]  # symbol, name, people, of whom, their symbol
_Grade = tuple[Cell, Cell, int]  # name, from which share, units


def _funnel(total: Counts, publication: Publication, rules: Rules, language: Language) -> Table:
    _ = language.gettext
    judged, out = total.judged, total.out_of_scope
    first: tuple[_Step, ...]
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
        *(
            (("", _("Accessed"), deed(lambda c: c.read)(total), judged, "(1) − (3)"),)
            if rules.counts_reading
            else ()
        ),
        ("", _("Sent mail"), deed(lambda c: c.sent)(total), judged, "(1) − (3)"),
        ("(4)", _("Regular use"), deed(lambda c: c.regular)(total), judged, "(1) − (3)"),
    )
    return table_of(
        "funnel",
        _("From the staff list to regular use"),
        _FUNNEL,
        steps,
        language,
        notes=(
            _(
                "Accessed, sent mail and regular use are shares of those in scope without those"
                " not measured: (1) − (3)."
            )
            if rules.counts_reading
            else _(
                "Sent mail and regular use are shares of those in scope without those not measured:"
                " (1) − (3)."
            ),
        ),
    )


_FUNNEL: tuple[ColumnOf[_Step], ...] = (
    ColumnOf(Column("symbol", N_("Symbol"), Kind.ORDINAL, width=8), lambda step: step[0]),
    ColumnOf(
        Column("step", N_("Step"), Kind.TEXT, width=40, row_header=True), lambda step: step[1]
    ),
    ColumnOf(Column("people", N_("People"), Kind.INTEGER), lambda step: step[2]),
    ColumnOf(
        Column("share", N_("Rate %"), Kind.PERCENT, bar=True),
        lambda step: (
            "" if step[3] is None else None if step[2] is None else share_of(step[2], step[3])
        ),
    ),
    ColumnOf(Column("base", N_("Out of"), Kind.TEXT, width=10), lambda step: step[4]),
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
    withheld = len(publication.withheld_here)
    if small := len(publication.few) - withheld:
        lines.append((Cell(_("Units with few people")), Cell(), small))
    if withheld:
        lines.append((Cell(_(NOT_RANKED[NotRanked.WITHHELD])), Cell(), withheld))
    units = len(standings) + len(publication.few)
    columns: tuple[ColumnOf[_Grade], ...] = (
        NUMBER,
        ColumnOf(
            Column("grade", N_("Grade"), Kind.GRADE, width=40, row_header=True),
            lambda line: line[0],
        ),
        ColumnOf(Column("from", N_("From %"), Kind.PERCENT), lambda line: line[1]),
        ColumnOf(Column("units", N_("Units"), Kind.INTEGER, summed=True), lambda line: line[2]),
        ColumnOf(
            Column("share", N_("Of all units %"), Kind.PERCENT, bar=True),
            lambda line: share_of(line[2], units),
        ),
    )
    whole = (Cell(_("Total")), Cell(), units)
    table = table_of("grades", _("Units by grade"), columns, lines, language)
    return replace(table, total=Row("", cells_of(columns, whole, language)))
