"""How a report's values are written out, for the renderings that print text."""

from fractions import Fraction

from mailaudit.locale import NO_VALUE, Language
from mailaudit.report.tables import Cell, Column, Kind, Value


def shown_value(value: Value, kind: Kind, decimals: int = 1, *, spoken: Language) -> str:
    """The value in the language's form: 7/8 is `87,5` as percent, `+87,5` as points."""
    if value is None:
        return NO_VALUE
    if isinstance(value, str):
        return value
    if kind is Kind.PERCENT:
        return spoken.percent(Fraction(value), decimals)
    if kind is Kind.POINTS:
        sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
        return sign + spoken.percent(abs(Fraction(value)), decimals)
    return spoken.number(int(value))


def shown_cell(cell: Cell, column: Column, spoken: Language) -> str:
    """The cell's value and its mark."""
    return shown_value(cell.value, column.kind, cell.decimals, spoken=spoken) + cell.mark
