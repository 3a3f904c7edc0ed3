"""Canvas: a sheet, what is written onto it with, and where tables went on it."""

from dataclasses import dataclass, field

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from mailaudit.report.excel.formats import Formats
from mailaudit.report.excel.grid import Grid
from mailaudit.report.excel.layout import Columns
from mailaudit.report.excel.names import Names, quoted
from mailaudit.report.tables import Row


@dataclass(frozen=True, slots=True)
class Canvas:
    """One sheet to write on."""

    name: str
    grid: Grid
    formats: Formats
    columns: Columns
    names: Names

    @property
    def sheet(self) -> Worksheet:
        return self.grid.sheet


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a table went, rows and columns counted from 0.

    Attributes:
        header: None for a table without rows.
        keys: Of the table's columns, in order.
        columns: First sheet column by key, of columns beside the table too.
        lines: Each line of the table with its row, totals too.
        groups: First and last row of each group's lines.
        total: Row of the grand total, None without one.
        next: The first free row below.
    """

    sheet: str
    first: int
    header: int | None
    last: int
    next: int
    keys: tuple[str, ...] = ()
    columns: dict[str, int] = field(default_factory=dict)
    lines: tuple[tuple[int, Row], ...] = ()
    groups: tuple[tuple[int, int], ...] = ()
    total: int | None = None

    def cells(self, column: str, first: int, last: int) -> str:
        """The address of a column's cells in the rows `first` to `last`: `'Sheet'!$B$2:$B$9`."""
        name = xl_col_to_name(self.columns[column], col_abs=True)
        end = f":{name}${last + 1}" if last > first else ""
        return f"{quoted(self.sheet)}!{name}${first + 1}{end}"
