"""A plain list as a workbook: a header and rows of text on one sheet, ready to print."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from xlsxwriter import Workbook

from mailaudit.report.excel.corrections import MADE_AT
from mailaudit.report.excel.grid import Grid
from mailaudit.report.excel.layout import A4

LONGEST_COLUMN = 60  # characters


def render_list(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows, the first of them the header, as a workbook; equal rows give the same bytes."""
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"created": MADE_AT})
    sheet = workbook.add_worksheet()
    grid = Grid(sheet)
    header = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell:
                grid.text(number, column, cell, header if number == 0 else None)
    for column, width in enumerate(_widths(rows)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, max(len(rows) - 1, 1), len(rows[0]) - 1)
    workbook.close()
    return buffer.getvalue()


def _widths(rows: Iterable[Sequence[str]]) -> list[int]:
    """As wide as the longest text, within reason."""
    columns = zip(*rows, strict=True)
    return [min(max(map(len, cells)) + 2, LONGEST_COLUMN) for cells in columns]
