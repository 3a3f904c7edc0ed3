"""Book: a workbook while it is written, and the headings its sheets share."""

from collections.abc import Sequence

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from mailaudit.locale import language
from mailaudit.report.excel.canvas import Canvas, Placed
from mailaudit.report.excel.formats import (
    CAPTION,
    MARK,
    NOTICE,
    ORGANISATION,
    SUBTITLE,
    TITLE,
    Formats,
    Look,
)
from mailaudit.report.excel.formulas import formula_of
from mailaudit.report.excel.grid import Grid
from mailaudit.report.excel.layout import Columns
from mailaudit.report.excel.names import Names, sheet_name
from mailaudit.report.excel.page import Page
from mailaudit.report.value import Figure, Report


class Book:
    """One workbook, its sheets in the order they were added."""

    def __init__(self, workbook: Workbook, report: Report) -> None:
        self.workbook = workbook
        self.report = report
        self.language = language(report.language)
        self.names = Names(workbook)
        self.formats = Formats(workbook, report.language)
        self._sheets: list[str] = []

    def sheet(self, name: str) -> Worksheet:
        """Adds an empty sheet; what is added first stands first."""
        self._sheets.append(sheet_name(name, self._sheets))
        return self.workbook.add_worksheet(self._sheets[-1])

    def page(self, sheet: Worksheet, columns: Columns) -> Page:
        """Begins to fill a sheet."""
        name = sheet.get_name()
        return Page(Canvas(name, Grid(sheet), self.formats, columns, self.names))

    def appendix(self, number: str) -> str:
        """What an appendix is called: "Phụ lục IV"."""
        return self.language.gettext("Appendix {number}").format(number=number)

    def appendix_sheet(self, number: str, name: str) -> str:
        """What a sheet of an appendix is called: "PL IV Xu hướng"."""
        return self.language.gettext("App. {number} {name}").format(number=number, name=name)

    def heading(self, title: str, above: str = "") -> list[tuple[str, Look]]:
        """Who, what, for whom, and what to mind: the first lines of a page of figures."""
        report = self.report
        return [
            (report.organisation, ORGANISATION),
            *([(report.mark, MARK)] if report.mark else []),
            *([(above, CAPTION)] if above else []),
            (title, TITLE),
            (report.title, CAPTION),
            (report.subtitle, SUBTITLE),
            (report.audience_note, SUBTITLE),
            (self._protected(), SUBTITLE),
            *((notice, NOTICE) for notice in report.notices),
        ]

    def list_heading(self, title: str) -> list[tuple[str, Look]]:
        """The same in few lines, for a sheet whose first rows stay in sight."""
        report = self.report
        return [
            (report.organisation, ORGANISATION),
            (title, TITLE),
            (f"{report.title}. {report.subtitle}", SUBTITLE),
            (f"{report.audience_note} {self._protected()}", SUBTITLE),
            *([(report.mark, NOTICE)] if report.mark else []),
        ]

    def _protected(self) -> str:
        """Why nothing can be typed in: ranks, grades and sentences are no formulas."""
        return self.language.gettext(
            "Protected, without a password: change no figure here, for ranks, grades and remarks "
            "would not follow; for a wrong one, ask for a correction."
        )

    def figure_formulas(
        self, figures: Sequence[Figure], table: Placed, row: int | None
    ) -> list[list[str | None]]:
        """A formula for each value of each figure over a line of a table; None where none is."""
        line = next((line for at, line in table.lines if at == row), None)
        cells, at = {}, {}
        if line is not None:
            cells = dict(zip(table.keys, line.cells, strict=True))
            at = {key: table.cells(key, row or 0, row or 0) for key in table.keys}
        return [
            [
                formula_of(formula, cells, at, value) if cells else None
                for formula, value in zip(
                    figure.formulas or (None,) * len(figure.values), figure.values, strict=True
                )
            ]
            for figure in figures
        ]
