"""A Table on a sheet: header, groups with sub-totals, the grand total, live formulas."""

from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from mailaudit.report.excel.formats import CAPTION, GROUP, HEADER, NOTE, TOTAL, Formats
from mailaudit.report.excel.grid import Grid
from mailaudit.report.value import Cell, Column, Difference, Kind, Ratio, Row, RowGroup, Table

INDENT_WIDTH = 2  # what the indent of text takes of a column's width
LINE_HEIGHT = 15.0  # points
HIGHEST_ROW = 409.0
SPREAD_WIDTHS = (6, 40, *(12,) * 10)  # of a sheet whose tables share columns
NARROW_LETTERS = 1.12  # characters of text in the width of one digit, in the mean of
LONG_LINE = 60  # characters or more; on short lines a few wide letters count


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a table went, rows counted from 0; `header` is None for a table without rows."""

    header: int | None
    last: int
    next: int


class TableWriter:
    """Writes tables onto one sheet.

    Args:
        spread: Whether wide text takes several of the sheet's columns, because tables of
            different layouts share them; otherwise each column of a table is one of the sheet.
    """

    def __init__(self, grid: Grid, formats: Formats, *, spread: bool) -> None:
        self._grid = grid
        self._formats = formats
        self._spread = spread

    def write(self, table: Table, row: int) -> Placed:
        """Writes caption, table and notes from `row` on."""
        self._grid.text(row, 0, table.caption, self._formats.plain(CAPTION))
        row += 1
        if not table.has_rows:
            self._grid.text(row, 0, table.empty, self._formats.plain(NOTE | {"text_wrap": False}))
            return Placed(None, row, row + 2)
        header = row
        self._header(table, header)
        row, totals, spans = header + 1, [], []
        for group in table.groups:
            first, row = self._group(table, group, row)
            spans.append((first, first + len(group.rows) - 1))
            if group.total is not None:
                totals.append(row - 1)
        if table.total is not None:
            self._sums(table, table.total, row, _sum_of(spans, totals))
            row += 1
        last = row - 1
        end = self._places(table)[-1][1]
        for note in table.notes:
            self._grid.spanning_text(row, 0, end, note, self._formats.plain(NOTE))
            width = sum(self._width(*placed) for placed in self._placed(table))
            self._set_height(row, text_lines(note, width))
            row += 1
        return Placed(header, last, row + 1)

    def _header(self, table: Table, row: int) -> None:
        look, lines = self._formats.plain(HEADER), 1
        for column, first, last in self._placed(table):
            self._grid.spanning_text(row, first, last, column.label, look)
            width = self._width(column, first, last)
            lines = max(lines, text_lines(column.label, width))
        self._set_height(row, lines)

    def _group(self, table: Table, group: RowGroup, row: int) -> tuple[int, int]:
        """Writes a group; gives its first line's row, and the row after it."""
        if group.title:
            look, places = self._formats.plain(GROUP), self._places(table)
            self._grid.text(row, 0, group.title, look)
            for column in range(1, places[-1][1] + 1):
                self._grid.value(row, column, Kind.TEXT, Cell(), look)
            row += 1
        first = row
        for line in group.rows:
            self._line(table, line, row)
            row += 1
        if group.total is not None:
            self._sums(table, group.total, row, _sum_of([(first, row - 1)], []))
            row += 1
        return first, row

    def _line(self, table: Table, line: Row, row: int) -> None:
        lines = 1
        for column, cell, (first, last) in zip(
            table.columns, line.cells, self._places(table), strict=True
        ):
            look = self._formats.cell(column.kind, cell, {})
            self._grid.merge(row, first, last, look)
            if (formula := self._formula(table, column, cell, row)) is not None:
                self._grid.formula(row, first, formula, column.kind, cell, look)
            else:
                self._grid.value(row, first, column.kind, cell, look)
            if isinstance(cell.value, str):
                width = self._width(column, first, last)
                lines = max(lines, text_lines(cell.value, width - INDENT_WIDTH))
        self._set_height(row, lines)

    def _sums(self, table: Table, line: Row, row: int, sum_of: str | None) -> None:
        for column, cell, (first, last) in zip(
            table.columns, line.cells, self._places(table), strict=True
        ):
            look = self._formats.cell(column.kind, cell, TOTAL)
            formula = self._formula(table, column, cell, row)
            if column.summed and sum_of is not None:
                formula = f"=SUM({sum_of.replace('#', xl_col_to_name(first))})"
            self._grid.merge(row, first, last, look)
            if formula is not None:
                self._grid.formula(row, first, formula, column.kind, cell, look)
            else:
                self._grid.value(row, first, column.kind, cell, look)

    def _formula(self, table: Table, column: Column, cell: Cell, row: int) -> str | None:
        """The column's formula in this row; None where it has none, or nothing to work on."""
        at = {
            other.key: xl_rowcol_to_cell(row, first)
            for other, (first, _) in zip(table.columns, self._places(table), strict=True)
        }
        match column.formula:
            case Ratio(part, whole, less):
                base = f"({at[whole]}-{at[less]})" if less else at[whole]
                return f'=IF({base}>0,{at[part]}/{base}*100,"–")'
            case Difference(of, minus) if cell.value is not None:
                return f"={at[of]}-{at[minus]}"
        return None

    def _placed(self, table: Table) -> list[tuple[Column, int, int]]:
        """Each column with the first and last sheet column it takes."""
        pairs = zip(table.columns, self._places(table), strict=True)
        return [(column, first, last) for column, (first, last) in pairs]

    def _set_height(self, row: int, lines: int) -> None:
        """Gives a row room for so many lines; LibreOffice does not find out by itself."""
        height = min(lines * LINE_HEIGHT + 4, HIGHEST_ROW)
        self._grid.sheet.set_row(row, height)

    def _places(self, table: Table) -> list[tuple[int, int]]:
        """The first and last sheet column of each of the table's columns."""
        places, at = [], 0
        for index, column in enumerate(table.columns):
            wide = self._spread and index >= 2 and column.kind in (Kind.TEXT, Kind.CODE)
            span = max(1, round(column.width / SPREAD_WIDTHS[2])) if wide else 1
            places.append((at, at + span - 1))
            at += span
        return places

    def _width(self, column: Column, first: int, last: int) -> int:
        return sum(SPREAD_WIDTHS[first : last + 1]) if self._spread else column.width


def text_lines(text: str, width: int) -> int:
    """How many lines the text takes at `width` characters a line, words kept whole."""
    lines = 0
    if width > LONG_LINE:
        width = int(width * NARROW_LETTERS)
    for paragraph in text.split("\n"):
        lines, used = lines + 1, 0
        for word in paragraph.split(" "):
            if used and used + 1 + len(word) > width:
                lines, used = lines + 1, 0
            lines += (len(word) - 1) // width if len(word) > width else 0
            used += len(word) + (1 if used else 0)
    return lines


def _sum_of(spans: list[tuple[int, int]], totals: list[int]) -> str | None:
    """What a total adds up, `#` standing for the column: its groups' totals, else its rows."""
    if totals:
        return ",".join(f"#{row + 1}" for row in totals)
    ranges = [f"#{first + 1}:#{last + 1}" for first, last in spans if last >= first]
    return ",".join(ranges) or None
