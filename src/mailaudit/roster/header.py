"""Which rows are the header, and which column means what."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise

from mailaudit.errors import N_
from mailaudit.roster.cells import shown
from mailaudit.roster.columns import NAME_PARTS, OFTEN_TWICE, Vocabulary
from mailaudit.roster.errors import BadCell, BadCsv
from mailaudit.roster.files.sheet import Merged, Row, Sheet

SEARCHED_ROWS = 20  # titles and signatures of the issuing body stand above the header
DEEPEST = 3  # rows of one header

Required = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Header:
    """The header of one sheet.

    Attributes:
        position: How many rows stand above it.
        rows: Its rows, one to DEEPEST.
        columns: The position of each column that was found.
        headings: What stands over each column, its rows joined.
        twice: Two headings that mean the same column, where there are such.
        named: The columns that were found by a heading a person has named.
    """

    sheet: Sheet
    position: int
    rows: tuple[Row, ...]
    columns: Mapping[str, int]
    headings: tuple[str, ...]
    twice: tuple[str, str] | None = None
    named: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        """Where its first row stands."""
        return self.rows[0].place

    @property
    def width(self) -> int:
        """How many cells a row may have; 0 where longer rows are not a sign of a mistake."""
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
        """The rows below it, blank ones too; what joined cells say stands in all their rows."""
        rows = islice(iter(self.sheet.rows), self.position + len(self.rows), None)
        return spread_down(rows, self.sheet.merged)


@dataclass(slots=True)
class HeaderSearch:
    """Finds headers by what their cells say.

    Args:
        row: The number of the header's first row, where a person has named it.
        settled: The columns a person has named by their letters.
    """

    vocabulary: Vocabulary
    row: int | None = None
    settled: frozenset[str] = frozenset()
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
        met: dict[str, list[int]] = {}
        named: set[str] = set()
        headings: list[str] = []
        for index in range(len(levels[0])):
            texts = [level[index] for level in levels if level[index]]
            headings.append(" / ".join(dict.fromkeys(texts)))
            column, is_named = self._column(texts)
            if column is None or (column in named and not is_named):
                continue
            if is_named and column not in named:  # it goes before those found so far
                named.add(column)
                met[column] = []
            met.setdefault(column, []).append(index)
        twice = next(
            (
                (headings[indexes[0]], headings[indexes[1]])
                for column, indexes in met.items()
                if len(indexes) > 1 and column not in OFTEN_TWICE | self.settled
            ),
            None,
        )
        found = {column: indexes[0] for column, indexes in met.items()}
        if parts := _name_parts(found, headings, rows, sheet.merged):
            del found["name"]
            found |= parts
        return Header(sheet, position, rows, found, tuple(headings), twice, frozenset(named))

    def _column(self, texts: list[str]) -> tuple[str | None, bool]:
        """The column that headings name, one above the other: "Đơn vị" over "Mã".

        And whether by a heading that a person has named.
        """
        if len(texts) > 1:
            texts = [" ".join(reversed(texts)), " ".join(texts), texts[-1]]
        named = [text for text in texts if self.vocabulary.is_named(text)]
        found = (self.vocabulary.column(text) for text in named or texts)
        return next((column for column in found if column is not None), None), bool(named)

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


def check_width(row: Row, width: int) -> None:
    """Raises BadCell for a row longer than the header: a cell was split, the others shifted."""
    if width and len(row.cells) > width:
        raise BadCell(N_("the row has more cells than the header; quote texts with a separator"))


def _name_parts(
    found: Mapping[str, int], headings: list[str], rows: tuple[Row, ...], merged: Sequence[Merged]
) -> dict[str, int]:
    """The columns under one heading of the name whose cell is joined with those beside it.

    Writes that heading over all of them.
    """
    first = found.get("name")
    last = max(
        (
            cells.last_column
            for cells in merged
            if cells.first_column == first and rows[0].number <= cells.first_row <= rows[-1].number
        ),
        default=first,
    )
    if first is None or last is None or not 1 <= last - first < len(NAME_PARTS):
        return {}
    headings += [""] * (last + 1 - len(headings))
    if any(headings[first + 1 : last + 1]):
        return {}
    headings[first + 1 : last + 1] = [headings[first]] * (last - first)
    keys = (NAME_PARTS[0], *NAME_PARTS[1:-1][: last - first - 1], NAME_PARTS[-1])
    return dict(zip(keys, range(first, last + 1), strict=True))


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


def spread_down(rows: Iterable[Row], merged: Sequence[Merged]) -> Iterator[Row]:
    """The rows, with what cells joined downwards say in each of their rows that is not blank.

    A person sees it there, whatever the cells behind hold. Cells joined to the right only, such as
    those of headings, say it once.
    """
    below = (cells for cells in merged if cells.last_row > cells.first_row)
    waiting = deque(sorted(below, key=lambda cells: cells.first_row))
    current: dict[int, tuple[int, object]] = {}  # by column: the last row, and what they say
    for row in rows:
        current = {at: said for at, said in current.items() if said[0] >= row.number}
        while waiting and waiting[0].first_row <= row.number:
            cells = waiting.popleft()
            at = cells.first_column
            if cells.first_row == row.number and at < len(row.cells) and row.cells[at]:
                current[at] = (cells.last_row, row.cells[at])
        yield _with_cells(row, current) if current and not is_blank(row) else row


def _with_cells(row: Row, said: dict[int, tuple[int, object]]) -> Row:
    cells = [*row.cells, *[None] * (max(said) + 1 - len(row.cells))]
    for at, (_, value) in said.items():
        cells[at] = value
    return replace(row, cells=cells)


def is_blank(row: Row) -> bool:
    """Whether nothing visible stands in the row."""
    return not any(cell and shown(cell) for cell in row.cells if cell is not None)
