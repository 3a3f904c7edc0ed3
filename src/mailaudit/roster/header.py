"""Which rows are the header and which column means what; and the table below it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path

from mailaudit.errors import N_, RosterError
from mailaudit.model.roster import Problem
from mailaudit.roster.cells import shown, text_of
from mailaudit.roster.columns import OFTEN_TWICE, Columns, Vocabulary
from mailaudit.roster.csvfile import BadCsv
from mailaudit.roster.faults import BadCell
from mailaudit.roster.legacy import NAMES, readings
from mailaudit.roster.sheets import Row, Sheet, read_bytes, sheets_of

SEARCHED_ROWS = 20  # titles and signatures of the issuing body stand above the header
DEEPEST = 3  # rows of one header

Required = tuple[tuple[str, ...], ...]


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


@dataclass(frozen=True, slots=True)
class Header:
    """The header of one sheet.

    Attributes:
        position: How many rows stand above it.
        rows: Its rows, one to DEEPEST.
        columns: The position of each column that was found.
        headings: What stands over each column, its rows joined.
        twice: Two headings that mean the same column, where there are such.
    """

    sheet: Sheet
    position: int
    rows: tuple[Row, ...]
    columns: Mapping[str, int]
    headings: tuple[str, ...]
    twice: tuple[str, str] | None = None

    @property
    def place(self) -> str:
        """Where its first row stands."""
        return self.rows[0].place

    @property
    def width(self) -> int:
        """How many cells a row may have; 0 where longer rows are no sign of a mistake."""
        return max(len(row.cells) for row in self.rows) if self.sheet.ragged else 0

    def is_better_than(self, other: "Header") -> bool:
        """Whether it names more columns, or as many without a title that stands above them."""
        if len(self.columns) != len(other.columns):
            return len(self.columns) > len(other.columns)
        within = self.position < other.position + len(other.rows)
        return within and len(self.rows) < len(other.rows)

    def missing(self, required: Required) -> list[tuple[str, ...]]:
        """The sets of which no column was found."""
        return [names for names in required if not any(name in self.columns for name in names)]

    def below(self) -> Iterator[Row]:
        """The rows below it, blank ones too."""
        return islice(iter(self.sheet.rows), self.position + len(self.rows), None)


@dataclass(slots=True)
class HeaderSearch:
    """Finds headers by what their cells say.

    Args:
        row: The number of the header's first row, where a person has named it.
    """

    columns: Columns
    vocabulary: Vocabulary
    row: int | None = None
    _unsplit: list[BadCsv] = field(default_factory=list)

    def headers(self, sheets: Sequence[Sheet]) -> list[Header]:
        """The header of each sheet that has one; of a CSV, that of the best split.

        Raises:
            BadCsv: No separator splits the file.
        """
        if not sheets or not sheets[0].ragged:
            return [header for sheet in sheets if (header := self.header(sheet)) is not None]
        found = []
        for sheet in sheets:
            try:
                header = self.header(sheet)
            except BadCsv as error:
                self._unsplit.append(error)
                continue
            if header is not None:
                found.append(header)
        if not found and self._unsplit:
            raise self._unsplit[0]
        return [max(found, key=lambda header: len(header.columns))] if found else []

    def header(self, sheet: Sheet) -> Header | None:
        """The rows among the first that name the most columns, the first of equals."""
        searched = SEARCHED_ROWS if self.row is None else self.row
        rows = list(islice(iter(sheet.rows), searched + DEEPEST - 1))
        best: Header | None = None
        for position in range(min(len(rows), searched)):
            if is_blank(rows[position]) or self.row not in (None, rows[position].number):
                continue
            for depth in range(1, DEEPEST + 1):
                part = rows[position : position + depth]
                if len(part) < depth or not all(map(_may_be_header, part[1:])):
                    break
                found = self._read(sheet, position, tuple(part))
                if found.columns and (best is None or found.is_better_than(best)):
                    best = found
        return None if best is None else self._with_sub_headings(best, rows)

    def _read(self, sheet: Sheet, position: int, rows: tuple[Row, ...]) -> Header:
        levels = _levels(rows)
        found: dict[str, int] = {}
        headings: list[str] = []
        twice: tuple[str, str] | None = None
        for index in range(len(levels[0])):
            texts = [level[index] for level in levels if level[index]]
            headings.append(" / ".join(dict.fromkeys(texts)))
            column = self._column(texts)
            if column in found:
                if column in OFTEN_TWICE:
                    continue
                twice = (headings[found[column]], headings[index])
            elif column is not None:
                found[column] = index
        return Header(sheet, position, rows, found, tuple(headings), twice)

    def _column(self, texts: list[str]) -> str | None:
        """The column that headings name, one above the other: "Đơn vị" over "Mã"."""
        if not texts:
            return None
        if len(texts) == 1:
            return self.vocabulary.column(texts[0])
        for text in (" ".join(reversed(texts)), " ".join(texts), texts[-1]):
            if (column := self.vocabulary.column(text)) is not None:
                return column
        return None

    def _with_sub_headings(self, header: Header, rows: Sequence[Row]) -> Header:
        """The header with the row below it, where that only divides columns that were not used.

        "Ngày sinh" over "Nam" and "Nữ": below the used columns nothing stands.
        """
        after = header.position + len(header.rows)
        if len(header.rows) == DEEPEST or after >= len(rows) or not _may_be_header(rows[after]):
            return header
        filled = [index for index, cell in enumerate(rows[after].cells) if shown(cell)]
        upper = header.headings
        divided = any(index >= len(upper) or not upper[index] for index in filled)
        if len(filled) < 2 or not divided or set(filled) & set(header.columns.values()):
            return header
        return self._read(header.sheet, header.position, (*header.rows, rows[after]))


def open_table(file: Path, columns: Columns, required: Required) -> Table:
    """The one list in a file, its columns found by the names of its header.

    Args:
        required: At least one column of each of these sets must be there.

    Raises:
        RosterError: No sheet, or more than one, has such a header.
    """
    content = read_bytes(file)
    sheets = sheets_of(file, content)
    headers = HeaderSearch(columns, Vocabulary(columns)).headers(sheets)
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


def check_width(row: Row, width: int) -> None:
    """Raises BadCell for a row longer than the header: a cell was split, the others shifted."""
    if width and len(row.cells) > width:
        raise BadCell(N_("the row has more cells than the header; quote texts with a separator"))


def is_blank(row: Row) -> bool:
    """Whether nothing visible stands in the row."""
    return not any(cell and shown(cell) for cell in row.cells if cell is not None)


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
        return legacy_header(file, *legacy)
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


def legacy_header(file: Path, row: Row, text: str, encoding: str) -> RosterError:
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


def _levels(rows: tuple[Row, ...]) -> list[list[str]]:
    """The texts of each row, a heading over several columns written over each of them."""
    width = max(len(row.cells) for row in rows)
    levels = [[shown(cell) for cell in row.cells] + [""] * (width - len(row.cells)) for row in rows]
    for upper, lower in pairwise(levels):
        for index in range(1, width):
            if lower[index] and not upper[index]:
                upper[index] = upper[index - 1]
    return levels


def _may_be_header(row: Row) -> bool:
    """Whether the row below a header's first may belong to it: some words, no data."""
    texts = [shown(cell) for cell in row.cells]
    return any(texts) and not any(
        "@" in text or any(letter.isdigit() for letter in text) for text in texts
    )
