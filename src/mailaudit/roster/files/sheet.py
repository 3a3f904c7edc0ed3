"""A file as sheets of rows: one shape for CSV files and workbooks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from mailaudit.roster.files.legacy_text import LegacyFont

Place = tuple[int, int]  # row from 1, column from 0
ERROR = "#N/A"  # stands for an error the file does not name


class FileKind(Enum):
    """The kinds of files that are read as lists."""

    TEXT = "CSV"
    XLSX = "XLSX"  # .xlsm too
    XLS = "XLS"
    ODS = "ODS"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands ("roster.csv:12"), its number, and its cells as the file has them.

    Attributes:
        hidden: Whether Excel hides it.
    """

    place: str
    cells: Sequence[object]
    number: int
    hidden: bool = False

    def cell(self, index: int | None) -> object:
        """The cell at a position; None for no position, or where the row ends before it."""
        return self.cells[index] if index is not None and index < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells joined to one, which shows what the first of them says.

    Attributes:
        first_row, last_row: From 1; the last one is within.
        first_column, last_column: From 0; the last one is within.
    """

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One way to see a file as rows: a sheet of a workbook, or a CSV split at one separator.

    Attributes:
        ragged: A row longer than the header means that a cell was split by mistake.
        note: How its text was read, as a message id; `note_values` fills it.
        merged: Its joined cells; their values stand in the first one only.
    """

    name: str
    rows: Iterable[Row]
    hidden: bool = False
    ragged: bool = False
    note: str = ""
    note_values: tuple[tuple[str, str], ...] = ()
    merged: Sequence[Merged] = ()


@dataclass(slots=True)
class Markup:
    """One sheet's markup, gathered while the sheet is looked through.

    Attributes:
        rows, columns: How far its filled cells reach.
        fonts: The legacy font of cells that have one.
        errors: What Excel shows in a cell whose formula failed ("#N/A").
        uncomputed: Cells whose formula has no value yet.
    """

    name: str = ""
    rows: int = 0
    columns: int = 0
    fonts: dict[Place, LegacyFont] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    errors: dict[Place, str] = field(default_factory=dict)
    uncomputed: set[Place] = field(default_factory=set)
    merged: list[Merged] = field(default_factory=list)
