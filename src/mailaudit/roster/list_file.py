"""A file that is one list, such as a unit list: the table below its header."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from mailaudit.errors import N_, RosterError
from mailaudit.model.roster import Problem
from mailaudit.roster.cells import text_of
from mailaudit.roster.columns import Columns, Vocabulary
from mailaudit.roster.errors import BadCell, BadCsv
from mailaudit.roster.files.legacy_text import NAMES, readings
from mailaudit.roster.files.open import read_bytes, sheets_of
from mailaudit.roster.files.sheet import Row, Sheet
from mailaudit.roster.header import (
    SEARCHED_ROWS,
    Header,
    HeaderSearch,
    Required,
    check_width,
    is_blank,
)

HIDDEN = N_("this sheet is hidden and was not read")
Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list below its header.

    Attributes:
        content: The file's bytes.
        columns: The position of each column that was found.
        rows: The rows below the header that are not blank.
        width: How many cells the header has; 0 where longer rows are not a sign of a mistake.
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
        return row.cell(self.columns.get(column))

    def text(self, row: Row, column: str) -> str:
        """A column's text; "" where there is none."""
        return text_of(self.cell(row, column))

    def read(
        self, entry_of: Callable[[Row], Entry]
    ) -> tuple[tuple[Entry, ...], tuple[tuple[Row, Problem], ...]]:
        """What each row says, and the rows that can't be understood, each with what is wrong.

        Args:
            entry_of: Reads one row; raises BadCell.
        """
        entries: list[Entry] = []
        faults: list[tuple[Row, Problem]] = []
        for row in self.rows:
            try:
                check_width(row, self.width)
                entries.append(entry_of(row))
            except BadCell as fault:
                faults.append((row, fault.at(row.place)))
        return tuple(entries), tuple(faults)


def open_list(
    file: Path, columns: Columns, required: Required, encoding: str | None = None
) -> ListFile:
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
    return ListFile(
        file=file,
        content=content,
        columns=header.columns,
        rows=(row for row in header.below() if not is_blank(row)),
        width=header.width,
        problems=tuple(Problem(other.place, HIDDEN) for other in usable if other.sheet.hidden),
    )


def check_columns(file: Path, header: Header) -> None:
    """Raises RosterError where two columns of the header mean the same."""
    if header.twice is not None:
        raise RosterError(
            N_('The columns "{first}" and "{second}" at {row} of {file} mean the same.'),
            N_(
                "Rename or remove one of them, or name the right one in the configuration under"
                " [roster.columns]."
            ),
            row=header.place,
            file=file,
            first=header.twice[0],
            second=header.twice[1],
        )


def lacks_heading(file: Path, header: Header, column: str, named: Sequence[str]) -> RosterError:
    """Says that no heading is one of those a person has named for a column."""
    return RosterError(
        N_('The header at {row} of {file} has no "{heading}" ({key}).'),
        N_("Its headings are: {headings}."),
        row=header.place,
        file=file,
        heading='", "'.join(named),
        key=f"roster.columns.{column}",
        headings=", ".join(text for text in header.headings if text),
    )


def no_header(
    file: Path,
    sheets: Sequence[Sheet],
    columns: Columns,
    required: Required,
    headers: Sequence[Header],
) -> RosterError:
    """Says which column the best header lacks, or that there is no header at all."""
    legacy = _legacy_heading(sheets, columns)
    if legacy is not None:
        return _legacy_header(file, *legacy)
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
    lacking = nearest.missing(required)
    if not lacking:  # a header without fault, but on a hidden sheet
        return RosterError(
            N_("The list in {file} is on a hidden sheet: {row}."),
            N_("Show the sheet in Excel and save."),
            file=file,
            row=nearest.place,
        )
    return RosterError(
        N_('The header at {row} of {file} has no column "{column}".'),
        N_("Name at least the columns {examples}."),
        row=nearest.place,
        file=file,
        column=columns[lacking[0][0]][0],
        examples=examples,
    )


def _legacy_header(file: Path, row: Row, text: str, encoding: str) -> RosterError:
    """Asks whether a header is in a legacy encoding."""
    return RosterError(
        N_('The header at {row} of {file} looks like {font} text: "{text}" would say "{seen}".'),
        N_('If so, write roster.encoding = "{encoding}" in the configuration.'),
        row=row.place,
        file=file,
        font=NAMES[encoding],
        text=text,
        seen=readings(text)[encoding],
        encoding=encoding,
    )


def _legacy_heading(sheets: Sequence[Sheet], columns: Columns) -> tuple[Row, str, str] | None:
    """The first heading that names a column once a legacy encoding is read: row, text, encoding."""
    vocabulary = Vocabulary(columns)
    for sheet in sheets:
        try:
            rows = list(islice(iter(sheet.rows), SEARCHED_ROWS))
        except BadCsv:
            continue
        for row in rows:
            for cell in row.cells:
                text = "" if cell is None else str(cell)
                for encoding, seen in readings(text).items():
                    if vocabulary.column(seen) is not None:
                        return row, text, encoding
    return None
