"""The problems of staff lists as a workbook that human resources can correct and send back.

Each list stands as it came, row for row, with a column of problems behind it. It is in Vietnamese,
whoever asked for it. Read back, the added sheet and column are passed over.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from math import ceil
from pathlib import PurePath

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

from mailaudit.errors import N_
from mailaudit.locale import Language, language
from mailaudit.model.reading import PROBLEM_HEADING, ListReading, ListSheet, RowKind
from mailaudit.model.roster import Problem
from mailaudit.report.excel.formats import new_workbook
from mailaudit.report.excel.grid import cell_text
from mailaudit.report.excel.layout import A4
from mailaudit.report.excel.names import NOT_IN_SHEET_NAMES, quoted, sheet_name

LARGEST_WIDTH = 45
PROBLEM_WIDTH = 70
SUMMARY_WIDTH = 100
LINE_HEIGHT = 15  # points
UNIT_HEADING = "Đơn vị"
MADE_AT = datetime(2000, 1, 1)  # noqa: DTZ001 - equal lists give the same bytes
LOOKS = {
    "plain": {"valign": "top"},
    "number": {"num_format": "0", "valign": "top"},
    "date": {"num_format": "dd/mm/yyyy", "valign": "top"},
    "header": {"bold": True, "bg_color": "#E7ECF2", "border": 1, "valign": "top"},
    "wrong": {"bg_color": "#F8C9C4", "border": 1, "valign": "top"},
    "odd": {"bg_color": "#FBE8B5", "border": 1, "valign": "top"},
    "problem": {"text_wrap": True, "font_color": "#9B1C1C", "valign": "top"},
    "remark": {"text_wrap": True, "font_color": "#7A5200", "valign": "top"},
    "title": {"bold": True, "font_size": 15},
    "link": {"font_color": "#1D4E7E", "underline": 1},
    "wrapped": {"text_wrap": True, "valign": "top"},
}


@dataclass(frozen=True, slots=True)
class _Note:
    """One problem as it is shown."""

    text: str
    cell: str
    is_fault: bool


def render_corrections(reading: ListReading) -> bytes:
    """The lists as a workbook; equal readings give the same bytes."""
    buffer = BytesIO()
    workbook = new_workbook(buffer)
    workbook.set_properties({"comments": "mailaudit", "created": MADE_AT})
    formats = {name: workbook.add_format(look) for name, look in LOOKS.items()}
    lists = [sheet for sheet in reading.sheets if sheet.header_rows]
    names = _names(lists)
    summary = workbook.add_worksheet(PROBLEM_HEADING)
    notes = _notes_by_row(reading)
    for sheet, name in zip(lists, names, strict=True):
        _ListWriter(workbook.add_worksheet(name), formats, sheet, notes).write()
    _Summary(summary, formats, reading, dict(zip(map(_place, lists), names, strict=True))).write()
    workbook.close()
    return buffer.getvalue()


def _place(sheet: ListSheet) -> tuple[str, str]:
    return sheet.file, sheet.name


def _names(lists: Sequence[ListSheet]) -> list[str]:
    """A sheet name for each list, as Excel allows them: its own where no other has it."""
    names = [PROBLEM_HEADING]
    for sheet in lists:
        wanted = sheet.name or PurePath(sheet.file).stem
        names.append(sheet_name(NOT_IN_SHEET_NAMES.sub("-", wanted), names))
    return names[1:]


def _notes_by_row(reading: ListReading) -> Mapping[str, list[_Note]]:
    """What is said of each row, by its place."""
    vietnamese = language("vi")
    notes: dict[str, list[_Note]] = defaultdict(list)
    for problems, is_fault in ((reading.faults, True), (reading.remarks, False)):
        for problem in problems:
            notes[problem.row].append(
                _Note(_text(problem, vietnamese), problem.cell, is_fault=is_fault)
            )
    return notes


def _text(problem: Problem, vietnamese: Language) -> str:
    return problem.text(vietnamese.gettext)


def _set_up_page(worksheet: Worksheet) -> None:
    worksheet.set_landscape()
    worksheet.set_paper(A4)
    worksheet.fit_to_pages(1, 0)


class _ListWriter:
    """Writes one list, its problems behind and upon it."""

    def __init__(
        self,
        worksheet: Worksheet,
        formats: Mapping[str, Format],
        sheet: ListSheet,
        notes: Mapping[str, list[_Note]],
    ) -> None:
        self._worksheet = worksheet
        self._formats = formats
        self._sheet = sheet
        self._notes = notes
        width = max((len(cells) for _, cells in sheet.rows), default=0)
        old = [column.index for column in sheet.columns if column.key == "problem"]
        self._problem_column = old[0] if old else width
        self._unit_column = max(width, self._problem_column + 1) if sheet.unit else None

    def write(self) -> None:
        """Writes every row where it was."""
        _set_up_page(self._worksheet)
        widths: dict[int, int] = defaultdict(int)
        for number, cells in self._sheet.rows:
            notes = self._notes.get(self._row_place(number), [])
            marked = {
                xl_cell_to_rowcol(note.cell)[1]: note for note in reversed(notes) if note.cell
            }
            for column in sorted({*range(len(cells)), *marked}):
                cell = cells[column] if column < len(cells) else None
                if column == self._problem_column:
                    continue
                self._write_cell(number, column, cell, marked.get(column))
                if self._is_person(number) or number in self._sheet.header_rows:
                    widths[column] = max(widths[column], len(str(cell or "")))
            self._write_notes(number, notes)
            if self._unit_column is not None and self._is_person(number):
                self._text(number, self._unit_column, self._sheet.unit, self._formats["plain"])
        self._write_header()
        for column, width in widths.items():
            self._worksheet.set_column(column, column, min(max(width + 3, 8), LARGEST_WIDTH))
        self._worksheet.set_column(self._problem_column, self._problem_column, PROBLEM_WIDTH)

    def _row_place(self, number: int) -> str:
        return f"{self._sheet.place}:{number}"

    def _is_person(self, number: int) -> bool:
        return self._sheet.kinds.get(number) in {RowKind.STAFF, RowKind.REPEATED, RowKind.FAULTY}

    def _write_cell(self, number: int, column: int, cell: object, note: _Note | None) -> None:
        look = "plain"
        if note is not None:
            look = "wrong" if note.is_fault else "odd"
        elif number in self._sheet.header_rows:
            look = "header"
        row, shape = number - 1, self._formats[look]
        if isinstance(cell, bool):
            self._worksheet.write_boolean(row, column, cell, shape)
        elif isinstance(cell, int | float):
            shape = self._formats["number"] if look == "plain" and cell == int(cell) else shape
            self._worksheet.write_number(row, column, cell, shape)
        elif isinstance(cell, date):
            shape = self._formats["date"] if look == "plain" else shape
            self._worksheet.write_datetime(row, column, cell, shape)
        elif cell is None or str(cell) == "":
            if look != "plain":
                self._worksheet.write_blank(row, column, None, shape)
        else:
            self._text(number, column, str(cell), shape)
        if note is not None:
            self._worksheet.write_comment(
                row, column, note.text, {"x_scale": 2, "author": "mailaudit"}
            )

    def _write_notes(self, number: int, notes: Sequence[_Note]) -> None:
        if notes and number not in self._sheet.header_rows:
            look = "problem" if any(note.is_fault for note in notes) else "remark"
            text = "\n".join(
                f"{note.cell}: {note.text}" if note.cell else note.text for note in notes
            )
            self._text(number, self._problem_column, text, self._formats[look])
            lines = sum(ceil(len(line) / PROBLEM_WIDTH) for line in text.split("\n"))
            self._worksheet.set_row(number - 1, LINE_HEIGHT * lines)

    def _write_header(self) -> None:
        first, last = self._sheet.header_rows[0], self._sheet.header_rows[-1]
        header = self._formats["header"]
        self._text(first, self._problem_column, PROBLEM_HEADING, header)
        if self._unit_column is not None:
            self._text(first, self._unit_column, UNIT_HEADING, header)
        numbers = [number for number, _ in self._sheet.rows]
        rightmost = max(self._problem_column, self._unit_column or 0)
        self._worksheet.autofilter(last - 1, 0, max(numbers) - 1, rightmost)
        self._worksheet.freeze_panes(last, 0)

    def _text(self, number: int, column: int, text: str, shape: Format) -> None:
        self._worksheet.write_string(number - 1, column, cell_text(text), shape)


class _Summary:
    """The first sheet: what to do, and every problem with a link to its cell."""

    def __init__(
        self,
        worksheet: Worksheet,
        formats: Mapping[str, Format],
        reading: ListReading,
        names: Mapping[tuple[str, str], str],
    ) -> None:
        self._worksheet = worksheet
        self._formats = formats
        self._reading = reading
        self._gettext = language("vi").gettext
        self._sheets = {
            sheet.place: names[_place(sheet)] for sheet in reading.sheets if _place(sheet) in names
        }
        self._row = 0

    def write(self) -> None:
        """Writes it."""
        sheet, formats = self._worksheet, self._formats
        _set_up_page(sheet)
        for column, width in enumerate((6, 14, 30, SUMMARY_WIDTH)):
            sheet.set_column(column, column, width)
        # Its first cell is how a sheet of ours is known when the workbook comes back.
        sheet.write_string(0, 0, PROBLEM_HEADING, formats["title"])
        self._row = 1
        for line in (
            N_("Correct the coloured cells on the sheets that follow, save, and send it back."),
            N_("Red has to be corrected; yellow should be looked at. Nothing else was changed."),
            N_("This sheet and the column of problems may stay; they are passed over."),
        ):
            sheet.write_string(self._row, 0, self._gettext(line))
            self._row += 1
        self._row += 1
        headings = (N_("No."), N_("Severity"), N_("Place"), N_("What is wrong, and what to do"))
        for column, heading in enumerate(headings):
            sheet.write_string(self._row, column, self._gettext(heading), formats["header"])
        sheet.freeze_panes(self._row + 1, 0)
        for error in self._reading.errors:
            self._line(N_("To correct"), "", error.text(self._gettext), "")
        for kind, problems in (
            (N_("To correct"), self._reading.faults),
            (N_("To look at"), self._reading.remarks),
        ):
            for problem in problems:
                text = problem.text(self._gettext)
                self._line(kind, problem.place, text, self._link(problem))

    def _line(self, kind: str, place: str, text: str, link: str) -> None:
        self._row += 1
        sheet, wrapped = self._worksheet, self._formats["wrapped"]
        sheet.write_number(self._row, 0, self._row - 5, wrapped)
        sheet.write_string(self._row, 1, self._gettext(kind), wrapped)
        if link:
            sheet.write_url(self._row, 2, link, self._formats["link"], place)
        else:
            sheet.write_string(self._row, 2, place, wrapped)
        sheet.write_string(self._row, 3, cell_text(text), wrapped)
        lines = sum(ceil(len(line) / SUMMARY_WIDTH) for line in text.split("\n"))
        sheet.set_row(self._row, LINE_HEIGHT * max(lines, 1))

    def _link(self, problem: Problem) -> str:
        place, _, number = problem.row.rpartition(":")
        name = self._sheets.get(place)
        if name is None:
            return ""
        return f"internal:{quoted(name)}!{problem.cell or f'A{number}'}"
