"""render_tables(): the tables of a Report as CSV, for who wants to compute with them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from mailaudit.locale import language, rounded_percent
from mailaudit.model.spreadsheet import csv_for_people
from mailaudit.report.tables import Cell, Column, Kind, Row, Table
from mailaudit.report.value import Report

PERCENT_DECIMALS = 4  # more than any rendering prints

Line = list[object]


def render_tables(report: Report) -> Mapping[str, bytes]:
    """Every table of the Report by the name of its file, `ranking.csv` or `trend-whole.csv`.

    A table has a column more than the Report shows, for the group a row stands in. Shares are
    percent with a point (`62.5`); a value that is not there is empty. Notes are left out.
    """
    group_label = language(report.language).gettext("Group")
    return {
        f"{name}.csv": csv_for_people(_lines(table, group_label))
        for section in report.sections
        for name, table in _named(section.key, section.tables)
    }


def _named(section: str, tables: tuple[Table, ...]) -> Iterator[tuple[str, Table]]:
    for table in tables:
        yield (section if table.key == section else f"{section}-{table.key}"), table


def _lines(table: Table, group_label: str) -> Iterator[Line]:
    if not table.has_rows:
        yield [table.empty]
        return
    has_groups = any(group.title for group in table.groups)

    def line(row: Row, group: str = "") -> Line:
        cells = [_value(c, column) for c, column in zip(row.cells, table.columns, strict=True)]
        return [group, *cells] if has_groups else cells

    labels: Line = [column.label for column in table.columns]
    yield [group_label, *labels] if has_groups else labels
    for group in table.groups:
        yield from (line(row, group.title) for row in group.rows)
        if group.total is not None:
            yield line(group.total, group.title)
    if table.total is not None:
        yield line(table.total)


def _value(cell: Cell, column: Column) -> object:
    value = cell.value
    if isinstance(value, Fraction) or (column.kind in _SHARES and isinstance(value, int)):
        return _plain(rounded_percent(Fraction(value), PERCENT_DECIMALS))
    if cell.mark:
        return f"{'' if value is None else value}{cell.mark}"
    return "" if value is None else value


_SHARES = (Kind.PERCENT, Kind.POINTS)


def _plain(number: Decimal) -> int | float:
    """As few places as it has: a number, so that a minus sign is no formula."""
    return int(number) if number == number.to_integral_value() else float(number)
