"""A Table on a sheet: header, groups with sub-totals, the grand total, live formulas."""

from collections.abc import Sequence

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from mailaudit.report.excel.canvas import Canvas, Placed
from mailaudit.report.excel.formats import (
    CAPTION,
    GROUP,
    GROUP_BEGIN,
    GROUP_END,
    HEADER,
    NOTE,
    TOTAL,
    Look,
)
from mailaudit.report.excel.formulas import formula_of, sum_formula
from mailaudit.report.excel.grid import accept
from mailaudit.report.excel.layout import INDENT_WIDTH, Columns, row_height, text_lines
from mailaudit.report.excel.marks import mark_columns, note_headers
from mailaudit.report.tables import Cell, Kind, Row, RowGroup, Table

FILTERED_FROM = 12  # rows; on a shorter table the buttons only hide its labels


def write_table(canvas: Canvas, table: Table, row: int) -> Placed:
    """Writes caption, table and notes from `row` on."""
    return _Writer(canvas, table).write(row)


def table_height(columns: Columns, table: Table) -> float:
    """The points a table takes, caption and notes included."""
    return _Measure(columns, table).height()


class _Measure:
    """How much room a table takes in the columns of a sheet."""

    def __init__(self, columns: Columns, table: Table) -> None:
        self._columns = columns
        self._table = table
        self._places = columns.places(table)
        self._end = self._places[-1][1]

    def height(self) -> float:
        table = self._table
        lines = [line for group in table.groups for line in (*group.rows, group.total) if line]
        titles = sum(1 for group in table.groups if group.title)
        return (
            sum(row_height(self._lines_of(line)) for line in lines)
            + row_height(1) * (3 + titles)
            + sum(row_height(self._note_lines(note)) for note in table.notes)
            + row_height(self._header_lines())
        )

    def _header_lines(self) -> int:
        return max(
            text_lines(column.label, self._columns.width(first, last) - 1)
            for column, (first, last) in zip(self._table.columns, self._places, strict=True)
        )

    def _lines_of(self, line: Row) -> int:
        """How many lines of text the line's longest cell takes."""
        return max(
            text_lines(cell.value, self._columns.width(first, last) - INDENT_WIDTH)
            if isinstance(cell.value, str)
            else 1
            for cell, (first, last) in zip(line.cells, self._places, strict=True)
        )

    def _note_lines(self, note: str) -> int:
        return text_lines(note, self._columns.width(0, self._end))


class _Writer(_Measure):
    """Writes one table."""

    def __init__(self, canvas: Canvas, table: Table) -> None:
        super().__init__(canvas.columns, table)
        self._canvas = canvas
        self._grid = canvas.grid
        self._formats = canvas.formats
        self._lines: list[tuple[int, Row]] = []

    def write(self, row: int) -> Placed:
        table, first = self._table, row
        self._grid.text(row, 0, table.caption, self._formats.plain(CAPTION))
        self._grid.height(row, row_height(1))
        if not table.has_rows:
            look = self._formats.plain(NOTE | {"text_wrap": False})
            self._grid.text(row + 1, 0, table.empty, look)
            return Placed(self._canvas.name, first, None, row + 1, row + 3)
        header = row + 1
        self._header(header)
        row, spans, totals = header + 1, [], []
        for group in table.groups:
            begin, row = self._group(group, row)
            spans.append((begin, begin + len(group.rows) - 1))
            if group.total is not None:
                totals.append((row - 1, row - 1))
        if table.total is not None:
            self._total(table.total, row, totals or spans)
            row += 1
        last = row - 1
        self._decorate(header, spans)
        return Placed(
            sheet=self._canvas.name,
            first=first,
            header=header,
            last=last,
            next=self._notes(row) + 1,
            keys=tuple(column.key for column in table.columns),
            columns={
                column.key: place[0]
                for column, place in zip(table.columns, self._places, strict=True)
            },
            lines=tuple(self._lines),
            groups=tuple(spans),
            total=last if table.total is not None else None,
        )

    def _header(self, row: int) -> None:
        look = self._formats.plain(HEADER)
        for column, (first, last) in zip(self._table.columns, self._places, strict=True):
            self._grid.spanning_text(row, first, last, column.label, look)
        self._grid.height(row, row_height(self._header_lines()))

    def _group(self, group: RowGroup, row: int) -> tuple[int, int]:
        """Writes a group; gives its first line's row, and the row after it."""
        if group.title:
            self._grid.text(row, 0, group.title, self._formats.plain(GROUP_BEGIN))
            for column in range(1, self._end + 1):
                look = self._formats.plain(GROUP_END if column == self._end else GROUP)
                self._grid.value(row, column, Kind.TEXT, Cell(), look)
            self._grid.height(row, row_height(1))
            row += 1
        first = row
        for line in group.rows:
            self._line(line, row, level=1 if group.total is not None else 0)
            row += 1
        if group.total is not None:
            self._total(group.total, row, [(first, row - 1)])
            row += 1
        return first, row

    def _line(self, line: Row, row: int, *, level: int) -> None:
        formulas = self._formulas(line, row)
        self._cells(line, row, formulas, {})
        self._grid.height(row, row_height(self._lines_of(line)), level=level)

    def _total(self, line: Row, row: int, spans: Sequence[tuple[int, int]]) -> None:
        """Writes a line of sums over the rows of `spans`."""
        formulas = self._formulas(line, row)
        summed = [
            earlier for at, earlier in self._lines for first, last in spans if first <= at <= last
        ]
        for index, column in enumerate(self._table.columns):
            if column.summed:
                name = xl_col_to_name(self._places[index][0])
                ranges = ",".join(
                    f"{name}{first + 1}" + (f":{name}{last + 1}" if last > first else "")
                    for first, last in spans
                    if last >= first
                )
                values = (earlier.cells[index].value for earlier in summed)
                formulas[index] = sum_formula(ranges, values, line.cells[index].value)
        self._cells(line, row, formulas, TOTAL)
        self._grid.height(row, row_height(self._lines_of(line)))

    def _cells(self, line: Row, row: int, formulas: Sequence[str | None], look: Look) -> None:
        for column, cell, (first, last), formula in zip(
            self._table.columns, line.cells, self._places, formulas, strict=True
        ):
            form = self._formats.cell(column.kind, cell, look)
            self._grid.merge(row, first, last, form)
            if formula is not None:
                self._grid.formula(row, first, formula, column.kind, cell, form)
            else:
                self._grid.value(row, first, column.kind, cell, form)
        self._lines.append((row, line))

    def _formulas(self, line: Row, row: int) -> list[str | None]:
        """The formula of each of the line's cells, None where it has none."""
        keys = [column.key for column in self._table.columns]
        cells = dict(zip(keys, line.cells, strict=True))
        at = {
            key: xl_rowcol_to_cell(row, first)
            for key, (first, _) in zip(keys, self._places, strict=True)
        }
        return [
            formula_of(column.formula, cells, at, cells[column.key].value)
            for column in self._table.columns
        ]

    def _notes(self, row: int) -> int:
        for note in self._table.notes:
            self._grid.spanning_text(row, 0, self._end, note, self._formats.plain(NOTE))
            self._grid.height(row, row_height(self._note_lines(note)))
            row += 1
        return row

    def _decorate(self, header: int, spans: Sequence[tuple[int, int]]) -> None:
        """Bars, icons, comments; and where it is one plain list, an Excel table."""
        table, sheet = self._table, self._canvas.sheet
        firsts = [first for first, _ in self._places]
        mark_columns(sheet, table, firsts, [span for span in spans if span[1] >= span[0]])
        note_headers(sheet, table, firsts, header)
        if not self._is_list():
            return
        form = self._formats.plain(HEADER)
        _, last_line = spans[0]
        code = sheet.add_table(
            *(header, 0, last_line, self._end),
            {
                "name": self._canvas.names.unique(table.caption),
                "title": table.caption,
                "columns": [{"header": c.label, "header_format": form} for c in table.columns],
                "style": None,
                "banded_rows": False,
                "autofilter": last_line - header >= FILTERED_FROM,
            },
        )
        accept(code, f"the table {table.key}")

    def _is_list(self) -> bool:
        """Whether it has one header row, no groups, and no merged cells."""
        whole = len(self._table.groups) == 1 and not self._table.groups[0].title
        return whole and all(first == last for first, last in self._places)
