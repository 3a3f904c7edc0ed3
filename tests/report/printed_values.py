"""How values must be printed, worked out apart from the code under test."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from mailaudit.report.tables import Kind, Row, Table, Value


def printed(value: Value, kind: Kind, decimals: int, lang: str) -> str:
    """A value in the form of its language."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if kind in (Kind.PERCENT, Kind.POINTS):
        exact = Fraction(value) * 100
        quantum = Decimal(1).scaleb(-decimals)
        number = Decimal(exact.numerator) / Decimal(exact.denominator)
        rounded = number.quantize(quantum, rounding=ROUND_HALF_UP)
        sign = ""
        if kind is Kind.POINTS and exact:
            sign = "+" if exact > 0 else "−"
        text = sign + f"{abs(rounded):,}"
    else:
        text = f"{int(value):,}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def lines_of(table: Table) -> list[Row | str]:
    """Every line of a table: a group's title, or a row."""
    lines: list[Row | str] = []
    for group in table.groups:
        lines += [group.title] if group.title else []
        lines += group.rows
        lines += [group.total] if group.total else []
    return lines + ([table.total] if table.total else [])
