"""Tables that only the workbook has: all units in one, all people in one, what charts show."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.use import Use
from mailaudit.report.columns import NUMBER, ColumnOf, table_of
from mailaudit.report.tables import Cell, Column, Kind, Row, RowGroup, Series, Table
from mailaudit.report.value import Report, Section, Step, UnitReport, UseKey

TARGET_COLUMN = "target"


def units_table(ranking: Table, language: Language) -> Table:
    """The ranking without groups and totals, each unit with its code and its group."""
    _ = language.gettext
    titles = {row.key: group.title for group in ranking.groups for row in group.rows}
    code = Column("code", _("Unit code"), Kind.TEXT, width=10)
    group = Column("group", _("Group"), Kind.TEXT, width=24)
    table = with_column(ranking, "number", code, lambda row: Cell(row.key))
    table = with_column(table, "unit", group, lambda row: Cell(titles.get(row.key, "")))
    return Table(
        key="data",
        caption=_("All units"),
        columns=tuple(replace(column, formula=None) for column in table.columns),
        groups=(_one_group([table]),),
        empty=ranking.empty,
    )


def uses_by_unit(ranking: Table, language: Language) -> Table:
    """How the people in scope of each unit use their mailboxes, as the bars of the ranking show.

    States that stand as one for some units stand so for all.
    """
    _ = language.gettext
    lines = [line for group in ranking.groups for line in group.rows]
    labels = {part.key: part.label for line in lines for part in line.uses}
    order = [str(use) for use in Use if str(use) in labels]
    kept = {column.key: place for place, column in enumerate(ranking.columns)}
    first = ("number", "unit", "in_scope")

    def row(line: Row) -> Row:
        people = _together({part.key: part.people for part in line.uses}, labels)
        cells = [line.cells[kept[key]] for key in first]
        hidden = not line.uses and cells[-1].value != 0
        states = (Cell(None if hidden else people.get(key, 0)) for key in order)
        return replace(line, cells=(*cells, *states))

    return Table(
        key="uses_by_unit",
        caption=_("How people in scope use their mailboxes, by unit"),
        columns=(
            *(replace(ranking.columns[kept[key]], formula=None) for key in first),
            *(Column(key, labels[key], Kind.INTEGER, summed=True) for key in order),
        ),
        groups=tuple(
            replace(
                group,
                rows=tuple(map(row, group.rows)),
                total=row(group.total) if group.total is not None else None,
            )
            for group in ranking.groups
        )
        if order
        else (),
        total=row(ranking.total) if ranking.total is not None else None,
        empty=_("Nobody had any mail in the period."),
    )


_AS_ONE = {Use.SENDS: (Use.UNREAD, Use.FEW_DAYS), Use.SENT_NOTHING: (Use.ONLY_READ, Use.UNUSED)}


def _together(people: Mapping[str, int], labels: Container[str]) -> Mapping[str, int]:
    """The numbers, of sums too, with states as one that no unit has apart."""
    found = dict(people)
    for one, parts in _AS_ONE.items():
        if one in labels:
            found[one] = found.get(one, 0) + sum(found.pop(part, 0) for part in parts)
    return found


def staff_section(report: Report, language: Language) -> Section | None:
    """Everybody's line of the units' own lists; None where the audience may not see them all."""
    if not report.audience.sees_everything:
        return None
    _ = language.gettext
    unit = Column("unit", _("Unit"), Kind.TEXT, width=30)
    lists = [
        with_column(table, "number", unit, _always(one.name))
        for one in report.units
        for table in one.tables
        if table.key == "staff"
    ]
    everybody = _one_group(lists)
    if not everybody.rows:
        return None
    columns = lists[0].columns
    return Section(
        key="staff",
        name=_("Detailed list"),
        title=_("Detailed list of staff (restricted)"),
        tables=(Table("staff", _("Staff of all units"), columns, (everybody,)),),
        wide=True,
    )


def months_table(
    axis: tuple[str, ...],
    own: tuple[str, Series],
    group: tuple[str, Series] | None,
    target: Fraction,
    language: Language,
) -> Table:
    """The rate in each month beside the target, and beside the group's; months without are blank.

    Args:
        own, group: What the column is called, and its rates.
    """
    _ = language.gettext
    lines = {"own": own} if group is None else {"own": own, "group": group}
    columns: tuple[ColumnOf[int], ...] = (
        NUMBER,
        ColumnOf(
            Column("period", N_("Month"), Kind.TEXT, width=40, row_header=True), axis.__getitem__
        ),
        *(_rates(Column(key, label, Kind.PERCENT), rates) for key, (label, rates) in lines.items()),
        ColumnOf(Column(TARGET_COLUMN, N_("Target %"), Kind.PERCENT), lambda _month: target),
    )
    return table_of(
        "months",
        _("Rate of regular use by month (%)"),
        columns,
        range(len(axis)),
        language,
        empty=_("No period has been measured."),
    )


def _rates(column: Column, series: Series) -> ColumnOf[int]:
    return ColumnOf(column, lambda month: blank_or(series[month]))


_STEPS: tuple[ColumnOf[Step], ...] = (
    NUMBER,
    ColumnOf(
        Column("step", N_("Step"), Kind.TEXT, width=40, row_header=True), lambda step: step.label
    ),
    ColumnOf(Column("people", N_("People"), Kind.INTEGER), lambda step: step.people),
)


def steps_table(steps: tuple[Step, ...], language: Language) -> Table:
    """The way from those in scope to regular use, a line a step."""
    caption = language.gettext("From in scope to regular use")
    return table_of("steps", caption, _STEPS, steps, language, row_key=lambda step: step.key)


def unit_uses_table(unit: UnitReport, language: Language) -> Table:
    """How the unit's people in scope use their mailboxes, and what to do about it."""
    people = {part.key: part.people for part in unit.uses}
    columns: tuple[ColumnOf[UseKey], ...] = (
        NUMBER,
        ColumnOf(
            Column("state", N_("State"), Kind.TEXT, width=40, row_header=True),
            lambda key: key.label,
        ),
        ColumnOf(
            Column("people", N_("People"), Kind.INTEGER, summed=True), lambda key: people[key.key]
        ),
        ColumnOf(Column("asked", N_("What to do"), Kind.TEXT, width=46), lambda key: key.asked),
    )
    _ = language.gettext
    caption = _("How the people in scope use their mailboxes")
    return table_of("uses", caption, columns, unit.use_key, language, total=_("Total"))


def with_column(table: Table, after: str, column: Column, cell_of: Callable[[Row], Cell]) -> Table:
    """The table with one column more, after the column `after`."""
    at = [other.key for other in table.columns].index(after) + 1

    def extended(row: Row) -> Row:
        return replace(row, cells=(*row.cells[:at], cell_of(row), *row.cells[at:]))

    return replace(
        table,
        columns=(*table.columns[:at], column, *table.columns[at:]),
        groups=tuple(
            replace(
                group,
                rows=tuple(map(extended, group.rows)),
                total=extended(group.total) if group.total is not None else None,
            )
            for group in table.groups
        ),
        total=extended(table.total) if table.total is not None else None,
    )


def blank_or(share: Fraction | None) -> Cell:
    """A month without a rate stays blank: a chart would draw a dash as zero."""
    return Cell("" if share is None else share)


def _always(name: str) -> Callable[[Row], Cell]:
    return lambda _row: Cell(name)


def _one_group(tables: Iterable[Table]) -> RowGroup:
    """All rows of the tables, numbered anew."""
    rows = (row for table in tables for row in table.rows)
    return RowGroup(
        tuple(
            replace(row, cells=(Cell(number), *row.cells[1:]))
            for number, row in enumerate(rows, start=1)
        )
    )
