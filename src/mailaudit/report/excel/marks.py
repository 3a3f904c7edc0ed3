"""What is drawn into a table's cells: bars for rates, arrows for changes, comments on labels."""

from collections.abc import Sequence

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from mailaudit.report.excel.formats import BAR, FONT
from mailaudit.report.excel.grid import accept
from mailaudit.report.tables import Column, Kind, Table

_BAR: dict[str, object] = {
    "type": "data_bar",
    "data_bar_2010": True,
    "bar_solid": True,
    "bar_color": BAR,
    "bar_no_border": True,
    "min_type": "num",
    "max_type": "num",
    "min_value": 0,
    "max_value": 100,
}
_ARROWS: dict[str, object] = {
    "type": "icon_set",
    "icon_style": "3_arrows",
    "icons": [  # a change that prints as 0,0 points neither way
        {"criteria": ">=", "type": "number", "value": 0.05},
        {"criteria": ">=", "type": "number", "value": -0.049999},
    ],
}
_COMMENT = {"author": "mailaudit", "font_name": FONT, "font_size": 10, "width": 280}
_COMMENT_LINE = 44  # characters of a comment's line
_COMMENT_LINE_HEIGHT = 17  # pixels


def mark_columns(
    sheet: Worksheet, table: Table, firsts: Sequence[int], spans: Sequence[tuple[int, int]]
) -> None:
    """Draws bars and arrows beside the numbers of the rows of `spans`."""
    if not spans:
        return
    for column, at in zip(table.columns, firsts, strict=True):
        if (rule := _rule(column)) is not None:
            ranges = [f"{_a1(first, at)}:{_a1(last, at)}" for first, last in spans]
            options = rule | ({"multi_range": " ".join(ranges)} if len(ranges) > 1 else {})
            code = sheet.conditional_format(spans[0][0], at, spans[-1][1], at, options)
            accept(code, f"the marks of {column.key}")


def note_headers(sheet: Worksheet, table: Table, firsts: Sequence[int], row: int) -> None:
    """Hangs the definition of a column, where it has one, on its label."""
    for column, at in zip(table.columns, firsts, strict=True):
        if column.definition:
            lines = len(column.definition) // _COMMENT_LINE + 2
            options = _COMMENT | {"height": lines * _COMMENT_LINE_HEIGHT}
            code = sheet.write_comment(row, at, column.definition, options)
            accept(code, f"a comment on {column.key}")


def _rule(column: Column) -> dict[str, object] | None:
    if column.bar and column.kind is Kind.PERCENT:
        return _BAR
    return _ARROWS if column.kind is Kind.POINTS else None


def _a1(row: int, column: int) -> str:
    return str(xl_rowcol_to_cell(row, column))
