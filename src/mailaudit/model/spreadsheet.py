"""CSV for people, who open it in a spreadsheet program."""

import csv
import io
from collections.abc import Iterable

# What spreadsheet programs take for a formula where a cell begins with it. A word joiner in front
# of it is seen by nobody, and the readers of lists drop it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
GUARD = "\u2060"


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
