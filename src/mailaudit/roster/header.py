"""Which row is the header, which column means what, and the table below it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from mailaudit.errors import N_, RosterError
from mailaudit.model.roster import Problem
from mailaudit.roster.cells import text_of
from mailaudit.roster.columns import Columns, Vocabulary
from mailaudit.roster.faults import BadCell
from mailaudit.roster.sheets import Row, Sheet, read_bytes, sheets_of

SEARCHED_ROWS = 20  # titles and signatures of the issuing body stand above the header


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
        if self.width and len(row.cells) > self.width:
            raise BadCell(
                N_("the row has more cells than the header; quote texts with a separator")
            )


@dataclass(frozen=True, slots=True)
class _Header:
    sheet: Sheet
    position: int
    row: Row
    columns: Mapping[str, int]
    twice: tuple[str, str] | None


def open_table(file: Path, columns: Columns, required: tuple[tuple[str, ...], ...]) -> Table:
    """The list in a file, its columns found by the names of its header.

    Args:
        required: At least one column of each of these sets must be there.

    Raises:
        RosterError: No sheet, or more than one, has such a header.
    """
    content = read_bytes(file)
    headers = [
        header for sheet in sheets_of(file, content) if (header := _find_header(sheet, columns))
    ]
    if headers and headers[0].sheet.ragged:  # one list, split in several ways
        headers = [max(headers, key=lambda header: len(header.columns))]
    usable = [header for header in headers if not _missing(header, required)]
    shown = [header for header in usable if not header.sheet.hidden]
    if not shown:
        raise _no_header(file, columns, required, headers)
    if len(shown) > 1:
        raise RosterError(
            N_("The workbook {file} has more than one list: sheets {sheets}."),
            N_("Keep the one sheet that counts, or put all rows on one sheet."),
            file=file,
            sheets=", ".join(header.sheet.name for header in shown),
        )
    header = shown[0]
    if header.twice is not None:
        raise RosterError(
            N_('The columns "{first}" and "{second}" at {row} of {file} mean the same.'),
            N_("Rename or remove one of them."),
            row=header.row.place,
            file=file,
            first=header.twice[0],
            second=header.twice[1],
        )
    return Table(
        file=file,
        content=content,
        columns=header.columns,
        rows=_rows_below(header),
        width=len(header.row.cells) if header.sheet.ragged else 0,
        problems=tuple(
            Problem(other.row.place, N_("this sheet is hidden and was not read"))
            for other in usable
            if other.sheet.hidden
        ),
    )


def _find_header(sheet: Sheet, columns: Columns) -> _Header | None:
    """The row among the first that names the most columns, the first of equals."""
    vocabulary = Vocabulary(columns)
    best: _Header | None = None
    for position, row in enumerate(islice(sheet.rows, SEARCHED_ROWS)):
        found: dict[str, int] = {}
        twice: tuple[str, str] | None = None
        for index, cell in enumerate(row.cells):
            column = vocabulary.column(text_of(cell))
            if column in found:
                twice = (text_of(row.cells[found[column]]), text_of(cell))
            elif column is not None:
                found[column] = index
        if found and (best is None or len(found) > len(best.columns)):
            best = _Header(sheet, position, row, found, twice)
    return best


def _missing(header: _Header, required: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
    return [names for names in required if not any(name in header.columns for name in names)]


def _no_header(
    file: Path,
    columns: Columns,
    required: tuple[tuple[str, ...], ...],
    headers: list[_Header],
) -> RosterError:
    """Says which column the best header lacks, or that there is no header at all."""
    examples = ", ".join(f'"{columns[names[0]][0]}"' for names in required)
    nearest = max(headers, key=lambda header: len(header.columns), default=None)
    if nearest is None:
        return RosterError(
            N_("No header row was found in the first {rows} rows of {file}."),
            N_("Name at least the columns {examples}."),
            rows=SEARCHED_ROWS,
            file=file,
            examples=examples,
        )
    lacking = _missing(nearest, required)
    if not lacking:  # a header without fault, but on a hidden sheet
        return RosterError(
            N_("The list in {file} is on a hidden sheet: {row}."),
            N_("Show the sheet in Excel and save."),
            file=file,
            row=nearest.row.place,
        )
    return RosterError(
        N_('The header at {row} of {file} has no column "{column}".'),
        N_("Name at least the columns {examples}."),
        row=nearest.row.place,
        file=file,
        column=columns[lacking[0][0]][0],
        examples=examples,
    )


def _rows_below(header: _Header) -> Iterator[Row]:
    for row in islice(header.sheet.rows, header.position + 1, None):
        if any(text_of(cell) for cell in row.cells):
            yield row
