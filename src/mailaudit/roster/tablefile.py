"""Rows of text as a file that Excel and the readers of lists open: .csv or .xlsx."""

import io
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from mailaudit.errors import N_, UsageError
from mailaudit.model.spreadsheet import GUARD, csv_for_people

Rows = tuple[tuple[str, ...], ...]  # the first one is the header

KINDS = (".csv", ".xlsx")
LONGEST_COLUMN = 60  # characters
_A4 = 9
_ALWAYS_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - so that equal rows are equal bytes


def require_kind(file: Path) -> None:
    """Raises UsageError unless rows can be written to a file of this name."""
    if file.suffix.lower() not in KINDS:
        raise UsageError(
            N_("{file} is of a kind that can't be written as a list."),
            N_("Name a file that ends in .csv or .xlsx."),
            file=file,
        )


def render_rows(rows: Rows, file: Path) -> bytes:
    """The rows as the content of a file of this name; every value stays the text it is.

    Raises:
        UsageError: The name ends in none of KINDS.
    """
    require_kind(file)
    return csv_for_people(rows) if file.suffix.lower() == ".csv" else _xlsx(rows)


def _xlsx(rows: Rows) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    workbook.set_properties({"created": _ALWAYS_CREATED})
    sheet = workbook.add_worksheet()
    header = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell:
                # XlsxWriter takes text in this tag for markup of its own.
                text = GUARD + cell if cell.startswith("<r>") else cell
                sheet.write_string(number, column, text, header if number == 0 else None)
    for column, width in enumerate(_widths(rows)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, max(len(rows) - 1, 1), len(rows[0]) - 1)
    workbook.close()
    return content.getvalue()


def _widths(rows: Iterable[tuple[str, ...]]) -> list[int]:
    """As wide as the longest text, within reason."""
    columns = zip(*rows, strict=True)
    return [min(max(map(len, cells)) + 2, LONGEST_COLUMN) for cells in columns]
