"""render_excel(): a sheet a section, set up for reading on screen and on A4."""

from datetime import UTC
from io import BytesIO

from xlsxwriter import Workbook

from mailaudit.report.excel.formats import (
    CAPTION,
    FONT,
    FONT_SIZE,
    LABEL,
    NOTICE,
    ORGANISATION,
    SUBTITLE,
    TEXT,
    TITLE,
    Formats,
)
from mailaudit.report.excel.grid import Grid
from mailaudit.report.excel.table import SPREAD_WIDTHS, TableWriter
from mailaudit.report.value import Cell, Figure, Kind, Report, Section

LAST_SPREAD = len(SPREAD_WIDTHS) - 1
A4 = 9


def render_excel(report: Report) -> bytes:
    """The report as an Excel workbook; equal Reports give the same bytes."""
    buffer = BytesIO()
    workbook = Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE},
        },
    )
    workbook.set_properties(
        {
            "title": report.title,
            "subject": report.subtitle,
            "author": report.organisation[:255],
            "company": report.organisation[:255],
            "keywords": f"SHA-256 {report.digest}",
            "comments": "mailaudit",
            "created": report.cut_off_at.astimezone(UTC).replace(tzinfo=None),
        }
    )
    formats = Formats(workbook, report.language)
    for section in report.sections:
        _SectionSheet(workbook, formats, report, section).write()
    workbook.close()
    return buffer.getvalue()


class _SectionSheet:
    """One section on its sheet."""

    def __init__(
        self, workbook: Workbook, formats: Formats, report: Report, section: Section
    ) -> None:
        self._sheet = workbook.add_worksheet(section.name)
        self._grid = Grid(self._sheet)
        self._formats = formats
        self._report = report
        self._section = section

    def write(self) -> None:
        section, sheet = self._section, self._sheet
        widths: tuple[int, ...] = SPREAD_WIDTHS
        if section.wide:
            widths = tuple(column.width for column in section.tables[0].columns)
        for index, width in enumerate(widths):
            sheet.set_column(index, index, width)
        self._set_up_page()
        row = self._heading()
        if section.figures:
            row = self._facts(self._figures(row))
        writer = TableWriter(self._grid, self._formats, spread=not section.wide)
        for table in section.tables:
            placed = writer.write(table, row)
            if section.wide and placed.header is not None:
                sheet.freeze_panes(placed.header + 1, 2)
                sheet.autofilter(placed.header, 0, placed.last, len(table.columns) - 1)
                sheet.repeat_rows(placed.header)
            row = placed.next

    def _set_up_page(self) -> None:
        sheet = self._sheet
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.hide_gridlines(2)
        footer = f"&L&9{self._report.title}&C&9{self._section.name}&R&9&P/&N"
        sheet.set_footer(footer)

    def _heading(self) -> int:
        """Who, what, when and what to mind; gives the next free row."""
        report, plain = self._report, self._formats.plain
        lines = [
            (report.organisation, ORGANISATION),
            (self._section.title, TITLE),
            (report.title, CAPTION),
            (report.subtitle, SUBTITLE),
            *((notice, NOTICE) for notice in report.notices),
        ]
        for row, (text, look) in enumerate(lines):
            self._grid.text(row, 0, text, plain(look))
        return len(lines) + 1

    def _figures(self, row: int) -> int:
        for figure in self._section.figures:
            self._figure(figure, row)
            row += 1
        return row + 1

    def _figure(self, figure: Figure, row: int) -> None:
        formats = self._formats
        self._grid.spanning_text(row, 0, 1, figure.label, formats.plain(LABEL))
        for index in range(2):
            cell = Cell()
            if index < len(figure.values):
                mark = "%" if figure.kind is Kind.PERCENT else ""
                cell = Cell(figure.values[index], mark=mark, tone=figure.tone)
            look = formats.cell(figure.kind, cell, {"bold": True})
            self._grid.value(row, 2 + index, figure.kind, cell, look)
        self._grid.spanning_text(row, 4, LAST_SPREAD, figure.explanation, formats.plain(TEXT))

    def _facts(self, row: int) -> int:
        for fact in self._report.facts:
            self._grid.spanning_text(row, 0, 1, fact.label, self._formats.plain(LABEL))
            self._grid.spanning_text(row, 2, LAST_SPREAD, fact.text, self._formats.plain(TEXT))
            row += 1
        return row + 1
