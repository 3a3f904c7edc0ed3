"""Live formulas: written only where they give exactly the value the Report has.

A reviewer sees which counts a rate or a sum is made of, and a program that computes the workbook
anew finds what is printed. Ranks, grades and sentences do not follow a count, so the sheets are
protected from changes. Where a value can't be had from what is printed, because part of it is
withheld, it stands as a number.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from mailaudit.locale import NO_VALUE
from mailaudit.report.tables import Cell, Difference, Ratio

Cells = Mapping[str, Cell]  # by column


def formula_of(
    formula: Ratio | Difference | None, cells: Cells, at: Mapping[str, str], value: object
) -> str | None:
    """The formula over cells of the same line, or None.

    Args:
        at: The address of each column's cell.
        value: What the formula must give.
    """
    match formula:
        case Ratio():
            part = _terms((formula.part, formula.plus), (formula.minus,))
            whole = _terms((formula.whole,), (formula.less,))
            over, under = _sum(part, cells), _sum(whole, cells)
            if over is None or under is None:
                return None
            if value != (over / under if under > 0 else None):
                return None
            base = _text(whole, at)
            return f'=IF({base}>0,{_text(part, at)}/{base}*100,"{NO_VALUE}")'
        case Difference(of, minus):
            terms = _terms((of,), (minus,))
            found = _sum(terms, cells)
            return None if found is None or value != found else f"={at[of]}-{at[minus]}"
    return None


def sum_formula(ranges: str, values: Iterable[object], total: object) -> str | None:
    """The sum over `ranges` where the values there add up to `total`, else None."""
    found = list(values)
    if not found or not all(isinstance(value, int) for value in found):
        return None
    return f"=SUM({ranges})" if sum(v for v in found if isinstance(v, int)) == total else None


def _terms(plus: Iterable[str], minus: Iterable[str]) -> list[tuple[int, str]]:
    return [(1, key) for key in plus if key] + [(-1, key) for key in minus if key]


def _sum(terms: list[tuple[int, str]], cells: Cells) -> Fraction | None:
    found = Fraction(0)
    for sign, key in terms:
        value = cells[key].value
        if value is None or isinstance(value, str):
            return None
        found += sign * Fraction(value)
    return found


def _text(terms: list[tuple[int, str]], at: Mapping[str, str]) -> str:
    text = "".join(("+" if sign > 0 else "-") + at[key] for sign, key in terms)
    return text[1:] if len(terms) == 1 else f"({text[1:]})"
