"""What spreadsheet programs make of a file: the letters over its columns, CSV for people."""

import csv
import io
from collections.abc import Iterable

# What spreadsheet programs take for a formula where a cell begins with it. A word joiner in front
# of it is seen by nobody, and the readers of lists drop it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
GUARD = "\u2060"


def column_letters(index: int) -> str:
    """The letters over a column: 0 -> "A", 27 -> "AB"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The position of the column under these letters: "A" -> 0, "AB" -> 27."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def csv_for_people(rows: Iterable[Iterable[object]]) -> bytes:
    """The rows as CSV that Excel opens as what they are: UTF-8 with its mark, no text a formula.

    Numbers stay numbers: `-5` is -5, while the text "-5" is guarded.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _guarded(cell: object) -> object:
    is_risky = isinstance(cell, str) and cell.startswith(FORMULA_STARTS)
    return f"{GUARD}{cell}" if is_risky else cell
