"""What the workbook's ranking has beside its columns: sparklines, places gained, the target."""

from dataclasses import replace

from xlsxwriter.utility import xl_col_to_name

from mailaudit.locale import Language
from mailaudit.report.excel.canvas import Canvas, Placed
from mailaudit.report.excel.extra_tables import TARGET_COLUMN, blank_or, with_column
from mailaudit.report.excel.formats import DATA, LINE, TARGET
from mailaudit.report.excel.grid import accept
from mailaudit.report.excel.names import quoted
from mailaudit.report.sparklines import middle_of, spark_height, spark_note
from mailaudit.report.tables import Cell, Column, Kind, Table
from mailaudit.report.value import Report

TREND, MOVED = "trend", "moved"


def with_history(table: Table, language: Language) -> Table:
    """The ranking with a column for sparklines after the change and one for places gained."""
    _ = language.gettext
    trend = Column(TREND, _("By month"), Kind.TEXT, width=11)
    moved = Column(MOVED, _("Places gained"), Kind.INTEGER, width=8)
    if any(row.moved is not None for row in table.rows):
        table = with_column(table, "rank", moved, lambda row: Cell(row.moved if row.key else ""))
    if any(share is not None for row in table.rows for share in row.series):
        table = with_column(table, "change", trend, lambda row: Cell())
        note = spark_note([row.series for row in table.rows], language)
        table = replace(table, notes=(*table.notes, note))
    return table


def write_history(canvas: Canvas, placed: Placed, report: Report, language: Language) -> Placed:
    """Draws the sparklines; their numbers, and the target, stand right of what is printed.

    Gives the table with the target among its columns.
    """
    if placed.header is None:
        return placed
    _ = language.gettext
    begin = canvas.columns.last + 2
    label, small = canvas.formats.plain(DATA), canvas.formats.data()
    title = _("Numbers that lines and charts are drawn from (%)")
    left = canvas.formats.plain(DATA | {"align": "left"})
    canvas.grid.text(placed.first, begin + 1, title, left)
    for index, text in enumerate((_("Target %"), *report.axis)):
        canvas.grid.text(placed.header, begin + index, text, label)
    placed = replace(placed, columns={**placed.columns, TARGET_COLUMN: begin})
    target = Cell(report.target)
    canvas.grid.value(placed.first, begin, Kind.PERCENT, target, small)
    name = canvas.names.define(
        _("Target %"), placed.cells(TARGET_COLUMN, placed.first, placed.first)
    )
    height = spark_height(line.series for _row, line in placed.lines)
    for row, line in placed.lines:
        if line.key:
            canvas.grid.formula(row, begin, f"={name}", Kind.PERCENT, target, small)
        for index, share in enumerate(line.series, start=1):
            canvas.grid.value(row, begin + index, Kind.PERCENT, blank_or(share), small)
        if sum(share is not None for share in line.series) > 1:
            low = float(middle_of(line.series) - height / 2) * 100
            ends = (low, low + float(height) * 100)
            _draw(canvas, placed, row, (begin + 1, begin + len(line.series)), ends)
        if line.moved is not None:
            look = canvas.formats.moved(line.moved)
            canvas.grid.value(row, placed.columns[MOVED], Kind.INTEGER, Cell(line.moved), look)
    return placed


def _draw(
    canvas: Canvas, placed: Placed, row: int, columns: tuple[int, int], scale: tuple[float, float]
) -> None:
    first, last = map(xl_col_to_name, columns)
    options = {
        "range": f"{quoted(canvas.name)}!{first}{row + 1}:{last}{row + 1}",
        "type": "column",  # LibreOffice 7.4 loses lines on paper
        "min": round(scale[0], 4),
        "max": round(scale[1], 4),
        "series_color": LINE,
        "last_point": True,
        "last_color": TARGET,
    }
    code = canvas.sheet.add_sparkline(row, placed.columns[TREND], options)
    accept(code, f"the sparkline at row {row}")
