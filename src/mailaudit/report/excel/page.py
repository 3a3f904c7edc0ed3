"""Page: a sheet that is filled from top to bottom and prints on A4."""

from collections.abc import Sequence
from fractions import Fraction

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart

from mailaudit.locale import Language
from mailaudit.report.excel.canvas import Canvas, Placed
from mailaudit.report.excel.cards import CARD_ROWS, CardCell, card_rows, write_card_row
from mailaudit.report.excel.charts import funnel_chart, history_chart
from mailaudit.report.excel.formats import (
    CAPTION,
    LABEL,
    TEXT,
    Look,
)
from mailaudit.report.excel.grid import accept
from mailaudit.report.excel.layout import (
    A4,
    INDENT_WIDTH,
    LINE_HEIGHT,
    MARGINS,
    is_landscape,
    paged,
    row_height,
    text_lines,
)
from mailaudit.report.excel.table import write_table
from mailaudit.report.tables import Kind, Table
from mailaudit.report.value import Fact, Figure

PIXELS_A_POINT = 4 / 3
# What a protected sheet lets its readers do.
PERMITTED = {"autofilter": True, "format_columns": True, "format_rows": True}
LONGEST_FOOTER = 80  # of 255 characters, with what else stands in it


class Page:
    """One sheet, its next free row, and what must not be cut by the end of a page."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._landscape = is_landscape(canvas.columns.widths)
        self._blocks: list[tuple[int, int]] = []
        self._titles: int | None = None
        self.row = 0
        for index, width in enumerate(canvas.columns.widths):
            canvas.sheet.set_column(index, index, width)

    @property
    def canvas(self) -> Canvas:
        return self._canvas

    def heading(self, lines: Sequence[tuple[str, Look]]) -> None:
        """Writes lines across the sheet, and leaves one free."""
        last = self._canvas.columns.last
        first = self.row
        for text, look in lines:
            size = float(str(look.get("font_size", 11)))
            width = int(self._canvas.columns.width(0, last) * 11 / size)
            self._text(0, last, text, look)
            height = row_height(text_lines(text, width), LINE_HEIGHT * size / 11)
            self._canvas.grid.height(self.row, height)
            self.row += 1
        self._end_block(first)

    def table(self, table: Table) -> Placed:
        """Writes a table that no page's end should cut."""
        placed = write_table(self._canvas, table, self.row)
        self._blocks.append((placed.first, placed.next - 1))
        self.row = placed.next
        return placed

    def long_table(self, table: Table, *, frozen: int = 2) -> Placed:
        """Writes the sheet's only table: its header is on every page and always in sight.

        Args:
            frozen: How many columns stay in sight too.
        """
        placed = write_table(self._canvas, table, self.row)
        self._blocks += _line_blocks(placed)
        self._titles = placed.header
        if placed.header is not None:
            self._canvas.sheet.freeze_panes(placed.header + 1, frozen)
        self.row = placed.next
        return placed

    def facts(self, facts: Sequence[Fact]) -> None:
        """Writes what is known of the report itself."""
        first = self.row
        for fact in facts:
            self._text(0, 1, fact.label, LABEL)
            self._wrapped(2, fact.text)
        self._end_block(first)

    def sentences(self, sentences: Sequence[str], title: str = "") -> None:
        """Writes sentences, one a line, under a title where there is one."""
        first = self.row
        if title:
            self._text(0, self._canvas.columns.last, title, CAPTION)
            self._canvas.grid.height(self.row, row_height(1))
            self.row += 1
        for sentence in sentences:
            self._wrapped(0, sentence)
        self._end_block(first)

    def reserve(self, pixels: int) -> None:
        """Keeps room for charts, which are put there once the cells they show are written."""
        first = self.row
        rows = round(pixels / PIXELS_A_POINT / LINE_HEIGHT) + 1
        for row in range(first, first + rows):
            self._canvas.grid.height(row, LINE_HEIGHT)
        self.row = first + rows
        self._end_block(first)

    def put(self, charts: Sequence[tuple[Chart, int, int, str]], row: int, pixels: int) -> None:
        """Puts charts side by side: each with its first and last column and a text alternative."""
        for chart, begin, end, text in charts:
            width = self._canvas.columns.width(begin, end) * 7 + (end - begin + 1) * 5
            chart.set_size({"width": width - 8, "height": pixels})
            options = {"object_position": 2, "x_offset": 2, "y_offset": 4, "description": text}
            code = self._canvas.sheet.insert_chart(row, begin, chart, options)
            accept(code, f"the chart at row {row}")

    def history_charts(
        self,
        workbook: Workbook,
        steps: Placed | None,
        months: Placed,
        row: int,
        pixels: int,
        language: Language,
    ) -> None:
        """Puts the way to regular use, where it may be shown, beside the rate by month."""
        _, formats = language.gettext, self._canvas.formats
        way = _("From in scope to regular use (people)")
        title = _("Rate of regular use by month (%)")
        history = history_chart(workbook, months, title, formats)
        last = self._canvas.columns.last
        if steps is None:
            self.put([(history, 0, last, title)], row, pixels)
            return
        funnel = funnel_chart(workbook, steps, way, formats)
        self.put([(funnel, 0, 3, way), (history, 4, last, title)], row, pixels)

    def mark_met(self, placed: Placed, column: str, target: str) -> None:
        """Makes the rates that meet the target bold and green, as long as they do."""
        for first, last in placed.groups:
            at = placed.columns[column]
            options = {
                "type": "cell",
                "criteria": ">=",
                "value": f"={target}",
                "format": self._canvas.formats.met(),
            }
            if last >= first:
                code = self._canvas.sheet.conditional_format(first, at, last, at, options)
                accept(code, f"the mark of column {column}")

    def point(self, placed: Placed, column: str, source: str) -> None:
        """Makes every cell of a column the cell `source`, which has the same value."""
        index, look = placed.keys.index(column), self._canvas.formats
        for row, line in placed.lines:
            cell = line.cells[index]
            form = look.cell(Kind.PERCENT, cell, {})
            at = placed.columns[column]
            self._canvas.grid.formula(row, at, f"={source}", Kind.PERCENT, cell, form)

    def link(self, table: Table, placed: Placed, source: Placed) -> None:
        """Makes the numbers of `placed` those of `source`, whose lines have the same keys.

        The addresses are absolute: rows may be sorted.
        """
        rows = {line.key: row for row, line in source.lines if line.key}
        for row, line in placed.lines:
            for column, cell in zip(table.columns, line.cells, strict=True):
                if isinstance(cell.value, int | Fraction) and column.key in source.columns:
                    if column.key == "number":
                        continue
                    look = self._canvas.formats.cell(column.kind, cell, {})
                    at = source.cells(column.key, rows[line.key], rows[line.key])
                    self._canvas.grid.formula(
                        row, placed.columns[column.key], f"={at}", column.kind, cell, look
                    )

    def cards(self, figures: Sequence[Figure]) -> list[CardCell]:
        """Writes headline figures as cards, side by side; returns where each value stands."""
        cells: list[CardCell] = []
        for placed in card_rows(figures, self._canvas.columns):
            first = self.row
            cells += write_card_row(self._canvas, first, placed)
            self.row = first + CARD_ROWS
            self._end_block(first)
        return cells

    def make_live(
        self, cells: Sequence[CardCell], formulas: Sequence[Sequence[str | None]]
    ) -> None:
        """Turns headline figures into formulas over the tables, where there is one."""
        for at in cells:
            formula = formulas[at.figure][at.value]
            if formula is not None:
                grid = self._canvas.grid
                grid.formula(at.row, at.column, formula, at.kind, at.cell, at.look)

    def finish(self, footer: tuple[str, str], *, last: int | None = None) -> None:
        """Sets the sheet up for paper, and protects it from changes.

        Args:
            footer: What stands left and in the middle of each page's foot.
            last: The last row printed, where the sheet has more columns than are printed.
        """
        sheet, heights = self._canvas.sheet, self._canvas.grid.heights
        if self._landscape:
            sheet.set_landscape()
        sheet.protect("", PERMITTED)
        sheet.set_paper(A4)
        sheet.set_margins(**MARGINS)
        sheet.center_horizontally()
        sheet.hide_gridlines(2)
        left, middle = (text[:LONGEST_FOOTER].replace("&", "&&") for text in footer)
        sheet.set_footer(f"&L&9 {left}&C&9 {middle}&R&9 &P/&N")
        repeated = 0.0
        if self._titles is not None:
            sheet.repeat_rows(self._titles)
            repeated = heights[self._titles]
        breaks, percent = paged(
            self._blocks,
            heights,
            self._canvas.columns.widths,
            landscape=self._landscape,
            repeated=repeated,
        )
        if percent is None:
            sheet.fit_to_pages(1, 0)
        else:
            sheet.set_print_scale(percent)  # fitting to a number of pages would drop the breaks
        sheet.set_h_pagebreaks(breaks)
        if last is not None:
            sheet.print_area(0, 0, last, self._canvas.columns.last)

    def _text(self, first: int, last: int, text: str, look: Look) -> None:
        form = self._canvas.formats.plain(look)
        self._canvas.grid.spanning_text(self.row, first, last, text, form)

    def _wrapped(self, first: int, text: str) -> None:
        """Writes text from a column to the last one, and gives its row the height it needs."""
        last = self._canvas.columns.last
        self._text(first, last, text, TEXT)
        lines = text_lines(text, self._canvas.columns.width(first, last) - INDENT_WIDTH)
        self._canvas.grid.height(self.row, row_height(lines))
        self.row += 1

    def _end_block(self, first: int) -> None:
        """Ends what began in row `first`, and leaves a row free."""
        self._blocks.append((first, self.row - 1))
        self.row += 1


def _line_blocks(placed: Placed) -> list[tuple[int, int]]:
    """What of a long table belongs together: a title and what follows, a sum and what it ends."""
    blocks: list[tuple[int, int]] = []
    start = placed.first
    for row, line in placed.lines:
        if line.key or not blocks:
            blocks.append((start, row))
        else:
            blocks[-1] = (blocks[-1][0], row)
        start = row + 1
    return [*blocks, (start, placed.next - 1)]
