"""What small lines of months share, on a page and in a workbook: movement compares, height not."""

from collections.abc import Iterable
from fractions import Fraction
from math import ceil

from mailaudit.locale import Language
from mailaudit.report.tables import Series

LEAST_HEIGHT = Fraction(10, 100)  # less than that is no movement to speak of
_STEP = Fraction(5, 100)


def spark_height(lines: Iterable[Series]) -> Fraction:
    """How much of the rate each line spans: the widest range of any, in steps of 5 points."""
    known = [[share for share in series if share is not None] for series in lines]
    widest = max((max(shares) - min(shares) for shares in known if shares), default=Fraction(0))
    return max(LEAST_HEIGHT, ceil(widest / _STEP) * _STEP)


def middle_of(series: Series) -> Fraction:
    """Halfway between the lowest and the highest share, around which a line is drawn."""
    known = [share for share in series if share is not None] or [Fraction(0)]
    return (min(known) + max(known)) / 2


def spark_note(lines: Iterable[Series], language: Language) -> str:
    """How the lines are to be read."""
    return language.gettext(
        "By month: every unit is drawn around the middle of its own rates, and each cell is"
        " {points} percentage points high; movement compares, height does not."
    ).format(points=language.percent(spark_height(lines), 0))
