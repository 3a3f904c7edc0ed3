"""Where a table's columns go on a sheet, how high rows must be, and where pages end."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mailaudit.report.tables import Column, Kind, Table

SPREAD_WIDTHS = (6, 40, *(12,) * 10)  # of a sheet whose tables share columns
LINE_HEIGHT = 15.0  # points
ROW_PADDING = 4.0
HIGHEST_ROW = 409.0
INDENT_WIDTH = 2  # what the indent of text takes of a column's width

_NARROW = "ijltfrI.,;:'|!()[]/-–"
_WIDE = "mwMW%@—"
_LATIN = 0x2FF  # letters after it are wide
_SPACE, _BOLDER = 0.5, 1.05  # widths in digits of the font
_NEVER_WIDER = 0.6  # characters a digit's width surely holds

A4 = 9  # as Excel numbers kinds of paper
MARGINS = {"left": 0.4, "right": 0.4, "top": 0.7, "bottom": 0.7}  # inches
_LONG_SIDE, _SHORT_SIDE = 11.69, 8.27  # inches of A4
_POINTS = 72.0  # an inch
_DIGIT, _CELL_PADDING = 5.25, 3.75  # points: a digit of the font, the room beside it
_LEAST_SCALE = 0.72  # of an upright page; below it the letters get too small
_LEAST_SQUEEZED = 0.55  # letters of six points
_SQUEEZES = (0.95, 0.9, 0.85)  # tried in turn where the last page is less than half full
_ROOM_USED = 0.96  # of a page; printers and programs differ a little


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a sheet, and which of them a table's columns take.

    Attributes:
        widths: Characters of each of the sheet's columns.
        shared: Whether tables of different layouts share them, so that wide text takes several.
    """

    widths: tuple[int, ...]
    shared: bool

    def places(self, table: Table) -> list[tuple[int, int]]:
        """The first and last sheet column of each of the table's columns."""
        places, at = [], 0
        for index, column in enumerate(table.columns):
            span = self._span(index, column)
            places.append((at, at + span - 1))
            at += span
        return places

    def width(self, first: int, last: int) -> int:
        return sum(self.widths[first : last + 1])

    @property
    def last(self) -> int:
        return len(self.widths) - 1

    def _span(self, index: int, column: Column) -> int:
        wide = self.shared and index >= 2 and column.kind in (Kind.TEXT, Kind.CODE)
        return max(1, round(column.width / SPREAD_WIDTHS[2])) if wide else 1


def columns_for(tables: Sequence[Table]) -> Columns:
    """The columns of a sheet with these tables: their own where all agree, else shared ones."""
    layouts = {tuple(column.width for column in table.columns) for table in tables}
    if len(layouts) == 1:
        return Columns(layouts.pop(), shared=False)
    return Columns(SPREAD_WIDTHS, shared=True)


def text_lines(text: str, width: float) -> int:
    """How many lines the text takes in the width of so many digits, words kept whole."""
    if len(text) <= width * _NEVER_WIDER and "\n" not in text:
        return 1
    lines = 0
    for paragraph in text.split("\n"):
        lines, used = lines + 1, 0.0
        for word in paragraph.split(" "):
            takes = _word_width(word)
            if used and used + _SPACE + takes > width:
                lines, used = lines + 1, 0.0
            lines += int(takes / width) if takes > width else 0
            used += takes + (_SPACE if used else 0.0)
    return lines


@lru_cache(maxsize=8192)
def _word_width(word: str) -> float:
    """The width of a word in digits of the font; a little more, for bold and other programs."""
    letters = (c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return sum(map(_letter_width, letters)) * _BOLDER


def _letter_width(letter: str) -> float:
    if letter in _NARROW:
        return 0.62
    if letter in _WIDE:
        return 1.55
    if ord(letter) > _LATIN and unicodedata.category(letter)[0] != "P":
        return 1.8
    return 1.4 if letter.isupper() else 0.92


def row_height(lines: int, line_height: float = LINE_HEIGHT) -> float:
    """The points a row of so many lines takes."""
    return min(lines * line_height + ROW_PADDING, HIGHEST_ROW)


def is_landscape(widths: Sequence[float]) -> bool:
    """Whether columns so wide would be scaled down too far on an upright page."""
    return _scale(widths, landscape=False) < _LEAST_SCALE


def page_room(widths: Sequence[float], *, landscape: bool) -> float:
    """The points of rows a page holds when the columns are scaled to its width."""
    down = (_SHORT_SIDE if landscape else _LONG_SIDE) - MARGINS["top"] - MARGINS["bottom"]
    return down * _POINTS / _scale(widths, landscape=landscape) * _ROOM_USED


def _scale(widths: Sequence[float], *, landscape: bool) -> float:
    across = (_LONG_SIDE if landscape else _SHORT_SIDE) - MARGINS["left"] - MARGINS["right"]
    return min(1.0, across * _POINTS / sum(w * _DIGIT + _CELL_PADDING for w in widths))


def paged(
    blocks: Sequence[tuple[int, int]],
    heights: dict[int, float],
    widths: Sequence[float],
    *,
    landscape: bool,
    repeated: float = 0.0,
) -> tuple[list[int], int | None]:
    """The rows that begin a page, and the percent all is scaled to so that the pages are so few.

    A last page less than half full is saved where letters stay large enough. No percent where the
    width of the paper alone decides.
    """
    room = page_room(widths, landscape=landscape)
    breaks = page_breaks(blocks, heights, room, repeated)
    fits = all(_taken(heights, first, last) <= room for first, last in blocks)
    if not breaks or not fits or _taken(heights, breaks[-1], blocks[-1][1]) > room / 2:
        return breaks, None
    scale = _scale(widths, landscape=landscape)
    for squeeze in (each for each in _SQUEEZES if each * scale >= _LEAST_SQUEEZED):
        closer = page_breaks(blocks, heights, room / squeeze, repeated)
        if len(closer) < len(breaks):
            return closer, int(100 * squeeze * scale)
    return breaks, None


def page_breaks(
    blocks: Iterable[tuple[int, int]],
    heights: dict[int, float],
    room: float,
    repeated: float = 0.0,
) -> list[int]:
    """The rows that begin a new page, so that no block that fits a page is cut.

    Args:
        blocks: First and last row of what belongs together, in order.
        heights: Points of each row; others are one line high.
        room: Points of a page.
        repeated: Points of the rows that are repeated at the top of every page but the first.
    """
    breaks: list[int] = []
    start, used_before = 0, 0.0
    for first, last in blocks:
        if first > start and used_before + _taken(heights, start, last) > room:
            breaks.append(first)
            start, used_before = first, repeated
    return breaks


def _taken(heights: dict[int, float], first: int, last: int) -> float:
    """The points of the rows from the first to the last."""
    return sum(heights.get(row, LINE_HEIGHT) for row in range(first, last + 1))
