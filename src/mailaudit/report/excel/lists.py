"""Tables that stand flat in a workbook: every unit in one, every person in one."""

from dataclasses import replace

from mailaudit.locale import Language
from mailaudit.report.value import Cell, Column, Kind, Report, RowGroup, Section, Table

CODE, GROUP = "code", "group"


def units_table(ranking: Table, language: Language) -> Table:
    """The ranking without groups and totals, each unit with its code and its group."""
    _ = language.gettext
    numbered = [(group.title, row) for group in ranking.groups for row in group.rows]
    return Table(
        key="data",
        caption=_("All units"),
        columns=(
            Column("number", _("No."), Kind.ORDINAL, width=5),
            Column(CODE, _("Unit code"), Kind.TEXT, width=10),
            replace(_column(ranking, "unit"), row_header=True),
            Column(GROUP, _("Group"), Kind.TEXT, width=24),
            *(replace(c, formula=None) for c in ranking.columns[2:]),
        ),
        groups=(
            RowGroup(
                tuple(
                    replace(
                        row,
                        cells=(
                            Cell(place),
                            Cell(row.key),
                            row.cells[1],
                            Cell(title),
                            *row.cells[2:],
                        ),
                    )
                    for place, (title, row) in enumerate(numbered, start=1)
                )
            ),
        ),
        empty=ranking.empty,
    )


def staff_section(report: Report, language: Language) -> Section | None:
    """Everybody's line of the units' own lists; None where the audience may not see them all."""
    if not report.audience.sees_everything:
        return None
    lists = [
        (unit.name, table) for unit in report.units for table in unit.tables if table.key == "staff"
    ]
    lines = [(name, row) for name, table in lists for group in table.groups for row in group.rows]
    if not lines:
        return None
    _ = language.gettext
    first = lists[0][1]
    table = Table(
        key="staff",
        caption=_("Staff of all units"),
        columns=(
            first.columns[0],
            Column("unit", _("Unit"), Kind.TEXT, width=30),
            *first.columns[1:],
        ),
        groups=(
            RowGroup(
                tuple(
                    replace(row, cells=(Cell(place), Cell(name), *row.cells[1:]))
                    for place, (name, row) in enumerate(lines, start=1)
                )
            ),
        ),
    )
    return Section(
        key="staff",
        name=_("Detailed list"),
        title=_("Detailed list of staff (restricted)"),
        tables=(table,),
        wide=True,
    )


def _column(table: Table, key: str) -> Column:
    return next(column for column in table.columns if column.key == key)
