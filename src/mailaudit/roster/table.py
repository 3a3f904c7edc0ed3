"""A file that is one list, such as a unit list: the table below its header."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mailaudit.errors import N_, RosterError
from mailaudit.model.roster import Problem
from mailaudit.roster.cells import text_of
from mailaudit.roster.columns import Columns, Vocabulary
from mailaudit.roster.header import HeaderSearch, Required, check_width
from mailaudit.roster.header_faults import check_columns, no_header
from mailaudit.roster.merging import is_blank
from mailaudit.roster.sheets import Row, read_bytes, sheets_of


@dataclass(frozen=True, slots=True)
class Table:
    """A list below its header.

    Attributes:
        content: The file's bytes.
        columns: The position of each column that was found.
        rows: The rows below the header that are not blank.
        width: How many cells the header has; 0 where longer rows are no sign of a mistake.
        problems: What a person should know about the choice of the sheet.
    """

    file: Path
    content: bytes
    columns: Mapping[str, int]
    rows: Iterator[Row]
    width: int
    problems: tuple[Problem, ...]

    def cell(self, row: Row, column: str) -> object:
        """A column's cell; None where the list has no such column or the row ends before it."""
        index = self.columns.get(column)
        return row.cells[index] if index is not None and index < len(row.cells) else None

    def text(self, row: Row, column: str) -> str:
        """A column's text; "" where there is none."""
        return text_of(self.cell(row, column))

    def check_width(self, row: Row) -> None:
        """Raises BadCell for a row longer than the header: a cell was split, the others shifted."""
        check_width(row, self.width)


def open_table(
    file: Path, columns: Columns, required: Required, encoding: str | None = None
) -> Table:
    """The one list in a file, its columns found by the names of its header.

    Args:
        required: At least one column of each of these sets must be there.
        encoding: What text that is not Unicode is written in, where a person has said so.

    Raises:
        RosterError: No sheet, or more than one, has such a header.
    """
    content = read_bytes(file)
    sheets = sheets_of(file, content, encoding)
    headers = HeaderSearch(Vocabulary(columns)).headers(sheets)
    usable = [header for header in headers if not header.missing(required)]
    visible = [header for header in usable if not header.sheet.hidden]
    if not visible:
        raise no_header(file, sheets, columns, required, headers)
    if len(visible) > 1:
        raise RosterError(
            N_("The workbook {file} has more than one list: sheets {sheets}."),
            N_("Keep the one sheet that counts, or put all rows on one sheet."),
            file=file,
            sheets=", ".join(header.sheet.name for header in visible),
        )
    header = visible[0]
    check_columns(file, header)
    return Table(
        file=file,
        content=content,
        columns=header.columns,
        rows=(row for row in header.below() if not is_blank(row)),
        width=header.width,
        problems=tuple(
            Problem(other.place, N_("this sheet is hidden and was not read"))
            for other in usable
            if other.sheet.hidden
        ),
    )
