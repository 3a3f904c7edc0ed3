"""The form of an administrative document: sizes and places that every kind of file keeps to.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I (mục I to III) and Mục V, which give ranges; one
value of each range is chosen here. Lengths are millimetres, sizes of letters points.
"""

from mailaudit.report.typesetting import text_widths
from mailaudit.report.value import Column, Kind, Table

MM_PER_PT = 25.4 / 72
PAGE_MM = (210.0, 297.0)  # A4
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 20.0, 20.0, 30.0, 15.0
PAGE_NUMBER_FROM_EDGE_MM = 10.0
FIRST_LINE_MM = 12.7
PARAGRAPH_SPACE_PT = 6.0
LINE_SPACING = 1.15
RULE_SHARE = 0.4  # of the line above: a rule is from a third to a half as long
NAME_COLUMN_SHARE = 0.40  # of the page between the margins; the country stands in the rest

COUNTRY_PT, MOTTO_PT, ISSUER_PT, NUMBER_PT, DATED_PT = 12, 13, 12, 13, 13
TITLE_PT, TEXT_PT, SIGNER_PT, CIRCULATION_PT = 14, 14, 14, 13
RECIPIENTS_LABEL_PT, RECIPIENTS_PT = 12, 11
APPENDIX_PT, PAGE_NUMBER_PT, FOOTER_PT = 14, 13, 11
TABLE_CAPTION_PT, TABLE_PT, WIDE_TABLE_PT, TABLE_NOTE_PT = 13, 11, 9, 10
WHOLE_UP_TO = 14  # lines of a table that is not divided between pages
WIDE_FROM = 12  # columns from which a table wants small letters

CELL_MARGIN_MM, SLACK_MM = 0.8, 0.3
_WIDTHS_EM = {  # of the table's letters, margins included
    Kind.ORDINAL: 2.4,
    Kind.INTEGER: 3.3,
    Kind.PERCENT: 3.3,
    Kind.POINTS: 3.6,
    Kind.RANK: 4.1,
    Kind.GRADE: 5.2,
}
_CENTRED = frozenset({Kind.ORDINAL, Kind.RANK, Kind.GRADE})


def text_width(*, wide: bool) -> float:
    """Millimetres between the left and right margins."""
    return PAGE_MM[1 if wide else 0] - LEFT_MM - RIGHT_MM


def column_widths(table: Table, available: float) -> list[float]:
    """Millimetres for each column; together `available`.

    Figures get what their kind and the longest word of their label need, texts share the rest by
    how much they hold. Where that leaves texts too little, all columns shrink alike.
    """
    em = letters(table) * MM_PER_PT
    narrow = [
        0.0 if is_text(column) else max(_WIDTHS_EM[column.kind] * em, word)
        for column, word in zip(table.columns, _longest_words(table), strict=True)
    ]
    characters = sum(column.width for column in table.columns if is_text(column))
    a_character = max((available - sum(narrow)) / characters, em / 5) if characters else 0.0
    widths = [
        width or a_character * column.width
        for width, column in zip(narrow, table.columns, strict=True)
    ]
    return [width * available / sum(widths) for width in widths]


def text_length(text: str, size: float, *, bold: bool = False) -> float:
    """How many millimetres the text takes on one line."""
    (width,) = text_widths((text,), bold=bold)
    return width * size * MM_PER_PT


def is_text(column: Column) -> bool:
    """Whether the column holds words, which take the room there is."""
    return column.row_header or column.kind in (Kind.TEXT, Kind.CODE)


def stays_whole(table: Table) -> bool:
    """Whether a table is so short that it goes to the next page rather than over two."""
    lines = sum(len(group.rows) + 2 for group in table.groups)
    return lines <= WHOLE_UP_TO and len(table.columns) <= WIDE_FROM


def letters(table: Table) -> int:
    """The size of a table's letters."""
    return WIDE_TABLE_PT if len(table.columns) >= WIDE_FROM else TABLE_PT


def alignment(column: Column) -> str:
    """Texts to the left, marks in the middle, figures that are compared to the right."""
    if is_text(column):
        return "left"
    return "center" if column.kind in _CENTRED else "right"


def _longest_words(table: Table) -> list[float]:
    """Millimetres that the longest word of each column's label needs between its lines."""
    words = [column.label.split() or [""] for column in table.columns]
    widths = text_widths(tuple(word for of_label in words for word in of_label), bold=True)
    em, found = letters(table) * MM_PER_PT, iter(widths)
    return [
        max(next(found) for _word in of_label) * em + 2 * CELL_MARGIN_MM + SLACK_MM
        for of_label in words
    ]
