"""The form of an administrative document: sizes and places that every kind of file keeps to.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I (mục I to III) and Mục V, which give ranges; one
value of each range is chosen here. Lengths are millimetres, sizes of letters points.
"""

from collections.abc import Sequence
from heapq import nlargest

from mailaudit.locale import Language
from mailaudit.report.printing import shown_cell
from mailaudit.report.tables import Column, Kind, Row, Table
from mailaudit.report.typesetting import text_widths

MM_PER_PT = 25.4 / 72
PAGE_MM = (210.0, 297.0)  # A4
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 20.0, 20.0, 30.0, 15.0
PAGE_NUMBER_FROM_EDGE_MM = 10.0
FIRST_LINE_MM = 12.7
PARAGRAPH_SPACE_PT = 6.0
LINE_SPACING = 1.0
RULE_SHARE = 0.4  # of the line above: a rule is from a third to a half as long
NAME_COLUMN_SHARE = 0.40  # of the page between the margins; the country stands in the rest

COUNTRY_PT, MOTTO_PT, ISSUER_PT, NUMBER_PT, DATED_PT = 12, 13, 12, 13, 13
TITLE_PT, TEXT_PT, SIGNER_PT, CIRCULATION_PT = 14, 13, 13, 13
ABOUT_PT, ADDRESSEE_PT = 12, 13
RECIPIENTS_LABEL_PT, RECIPIENTS_PT = 12, 11
APPENDIX_PT, PAGE_NUMBER_PT, FOOTER_PT = 14, 13, 11
TABLE_CAPTION_PT, TABLE_PT, WIDE_TABLE_PT, TABLE_NOTE_PT = 13, 9.5, 8.5, 9
AFTER_TABLE_PT = 6.0
BEFORE_SIGNING_PT = 14.0
SIGNATURE_LINES = 4  # of the signer's letters, to sign on
WHOLE_UP_TO = 14  # lines of a table that is not divided between pages
WIDE_FROM = 12  # columns from which a table wants small letters

CELL_MARGIN_MM, SLACK_MM = 0.6, 0.9  # the latter for programs that lack the font
LINE_MARGIN_MM = 0.5  # above and below the text of a table's line
_WIDEST_EM = {  # that a figure may have; a longer one breaks over lines
    Kind.ORDINAL: 4.0,
    Kind.INTEGER: 6.0,
    Kind.PERCENT: 4.5,
    Kind.POINTS: 4.5,
    Kind.RANK: 8.0,
    Kind.GRADE: 5.2,
}
_LEAST_TEXT_EM = 5.0
_LABEL_LINES = 3.5  # that a label is long at most; words do not fill their lines
_MEASURED = 8  # of a column's texts, those of most characters: the widest is among them
_CENTRED = frozenset({Kind.ORDINAL, Kind.RANK, Kind.GRADE})


def text_width(*, wide: bool) -> float:
    """Millimetres between the left and right margins."""
    return PAGE_MM[1 if wide else 0] - LEFT_MM - RIGHT_MM


def column_widths(table: Table, available: float, spoken: Language) -> list[float]:
    """Millimetres for each column; together `available`.

    Figures get what the longest of them and their label, on a few lines, need. Texts get what
    they need on one line, and where that is too much, equal shares of the rest. What is left over,
    or lacking, all columns share alike.
    """
    em = letters(table) * MM_PER_PT
    labels, cells = _labels(table), _longest_cells(table, spoken)
    widths = [
        max(label, min(cell, _WIDEST_EM.get(column.kind, _LEAST_TEXT_EM) * em))
        for column, label, cell in zip(table.columns, labels, cells, strict=True)
    ]
    texts = [place for place, column in enumerate(table.columns) if is_text(column)]
    room = available - sum(width for n, width in enumerate(widths) if n not in texts)
    for done, place in enumerate(sorted(texts, key=cells.__getitem__)):
        share = room / (len(texts) - done)
        widths[place] = max(min(cells[place], share), widths[place])
        room -= widths[place]
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


def letters(table: Table) -> float:
    """The size of a table's letters."""
    return WIDE_TABLE_PT if len(table.columns) >= WIDE_FROM else TABLE_PT


def alignment(column: Column) -> str:
    """Texts to the left, marks in the middle, figures that are compared to the right."""
    if is_text(column):
        return "left"
    return "center" if column.kind in _CENTRED else "right"


def _labels(table: Table) -> list[float]:
    """Millimetres in which each column's label keeps its words whole and its lines few."""
    size = letters(table)
    words = _needed([column.label.split() for column in table.columns], size)
    wholes = _needed([[column.label] for column in table.columns], size)
    return [max(word, whole / _LABEL_LINES) for word, whole in zip(words, wholes, strict=True)]


def _longest_cells(table: Table, spoken: Language) -> list[float]:
    """Millimetres that each column's longest cell needs on one line; sums are bold."""
    sums = [row for row in (*(group.total for group in table.groups), table.total) if row]
    size = letters(table)
    plain = _needed(_longest_texts(table, table.rows, spoken), size, bold=False)
    return list(map(max, plain, _needed(_longest_texts(table, sums, spoken), size)))


def _longest_texts(table: Table, rows: Sequence[Row], spoken: Language) -> list[list[str]]:
    """Each column's texts of most characters; equal ones never in an order of chance."""
    return [
        nlargest(
            _MEASURED,
            {shown_cell(row.cells[place], column, spoken) for row in rows},
            key=lambda text: (len(text), text),
        )
        for place, column in enumerate(table.columns)
    ]


def _needed(columns: Sequence[Sequence[str]], size: float, *, bold: bool = True) -> list[float]:
    """Millimetres of each column for the longest of its texts, with margins."""
    widths = iter(text_widths(tuple(text for texts in columns for text in texts), bold=bold))
    return [
        max((next(widths) for _text in texts), default=0.0) * size * MM_PER_PT
        + 2 * CELL_MARGIN_MM
        + SLACK_MM
        for texts in columns
    ]
