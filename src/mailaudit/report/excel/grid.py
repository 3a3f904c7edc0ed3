"""Writing onto a sheet: text as text, numbers as numbers, and no write lost without a word."""

import re
from fractions import Fraction

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from mailaudit.locale import NO_VALUE
from mailaudit.report.tables import Cell, Kind, Value

LONGEST_TEXT = 32_767  # characters a cell holds
CUT_MARK = " […]"
_MARKUP = re.compile(r"<r>.*</r>\Z", re.DOTALL)


class Grid:
    """A sheet that text and numbers are written to. Raises RuntimeError when a write is refused.

    Rows and columns count from 0.
    """

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.heights: dict[int, float] = {}

    def height(self, row: int, points: float, *, level: int = 0) -> None:
        """Gives a row a height; LibreOffice does not find out by itself. `level` is its outline."""
        _accept(self.sheet.set_row(row, points, None, {"level": level}), row, 0)
        self.heights[row] = points

    def text(self, row: int, column: int, text: str, look: Format | None) -> None:
        """Writes text as text, whatever it looks like."""
        _accept(self.sheet.write_string(row, column, cell_text(text), look), row, column)

    def spanning_text(self, row: int, first: int, last: int, text: str, look: Format) -> None:
        """Writes text over the columns `first` to `last`."""
        self.merge(row, first, last, look)
        self.text(row, first, text, look)

    def merge(self, row: int, first: int, last: int, look: Format) -> None:
        """Makes one cell of the columns `first` to `last`, if they are several."""
        if last > first:
            _accept(self.sheet.merge_range(row, first, row, last, "", look), row, first)

    def value(self, row: int, column: int, kind: Kind, cell: Cell, look: Format) -> None:
        """Writes a cell's value: a share as percent, None as a dash."""
        value = shown_value(kind, cell.value)
        if isinstance(value, str):
            if value:
                self.text(row, column, value + cell.mark, look)
            else:
                _accept(self.sheet.write_blank(row, column, None, look), row, column)
        else:
            _accept(self.sheet.write_number(row, column, value, look), row, column)

    def formula(
        self, row: int, column: int, formula: str, kind: Kind, cell: Cell, look: Format
    ) -> None:
        """Writes a formula with the cell's exact value as its result."""
        value = shown_value(kind, cell.value)
        _accept(self.sheet.write_formula(row, column, formula, look, value), row, column)


def shown_value(kind: Kind, value: Value) -> str | int | float:
    """The value as the sheet holds it: 7/8 in a percent column is 87.5."""
    if value is None:
        return NO_VALUE
    if isinstance(value, str):
        return value
    if kind in (Kind.PERCENT, Kind.POINTS):
        return float(Fraction(value) * 100)
    return int(value)


def cell_text(text: str) -> str:
    """The text as a cell can hold it, cut visibly where it is too long.

    XlsxWriter takes text between `<r>` and `</r>` for markup of its own; a word joiner in front
    makes it text again.
    """
    if _MARKUP.match(text):
        text = "\N{WORD JOINER}" + text
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT - len(CUT_MARK)] + CUT_MARK
    return text


def accept(code: object, what: str) -> None:
    """Raises RuntimeError where XlsxWriter refused: it reports that by its return value only."""
    if isinstance(code, int) and code != 0:
        raise RuntimeError(f"the workbook refused {what}: {code}")


def _accept(code: object, row: int, column: int) -> None:
    accept(code, f"a write at row {row}, column {column}")
