"""Headline figures as cards: label, large number, explanation, several cards side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from xlsxwriter.format import Format

from mailaudit.report.excel.canvas import Canvas
from mailaudit.report.excel.formats import CARD_LABEL, CARD_TEXT
from mailaudit.report.excel.layout import INDENT_WIDTH, Columns, row_height, text_lines
from mailaudit.report.tables import Cell, Kind
from mailaudit.report.value import Figure

CARD_ROWS = 3
CARD_COLUMNS = 2  # of the sheet, for one value where there is room
NUMBER_HEIGHT = 33.0  # points of the row with the numbers
_SMALL_TEXT = 1.15  # characters of the explanation in the room of one of a table's

PlacedFigure = tuple[int, Figure, int, int]  # number of the figure, first and last column


@dataclass(frozen=True, slots=True)
class CardCell:
    """Where one value of a headline figure stands; `figure` and `value` count from 0."""

    figure: int
    value: int
    row: int
    column: int
    kind: Kind
    cell: Cell
    look: Format


def card_rows(figures: Sequence[Figure], columns: Columns) -> list[list[PlacedFigure]]:
    """The cards of each row: the first over two columns, the others over two a value or one."""
    room = columns.last + 1
    values = sum(len(figure.values) for figure in figures[1:])
    each = CARD_COLUMNS if 2 + values * CARD_COLUMNS <= room else 1
    rows: list[list[PlacedFigure]] = []
    at = room
    for number, figure in enumerate(figures):
        span = max(CARD_COLUMNS, each * len(figure.values))
        if at + span > room:
            rows.append([])
            at, span = 0, CARD_COLUMNS
        rows[-1].append((number, figure, at, at + span - 1))
        at += span
    return rows


def write_card_row(canvas: Canvas, row: int, placed: Sequence[PlacedFigure]) -> list[CardCell]:
    """Writes cards side by side, CARD_ROWS high; returns where each value stands."""
    cells: list[CardCell] = []
    labels, texts = 1, 1
    label, text = canvas.formats.plain(CARD_LABEL), canvas.formats.plain(CARD_TEXT)
    for number, figure, begin, end in placed:
        width = canvas.columns.width(begin, end) - 2 - INDENT_WIDTH
        labels = max(labels, text_lines(figure.label, width))
        texts = max(texts, text_lines(figure.explanation, width * _SMALL_TEXT))
        canvas.grid.spanning_text(row, begin, end, figure.label, label)
        canvas.grid.spanning_text(row + 2, begin, end, figure.explanation, text)
        cells += _values(canvas, row + 1, (number, figure, begin, end))
    canvas.grid.height(row, row_height(labels))
    canvas.grid.height(row + 1, NUMBER_HEIGHT)
    canvas.grid.height(row + 2, row_height(texts, 14))
    return cells


def _values(canvas: Canvas, row: int, placed: PlacedFigure) -> list[CardCell]:
    number, figure, begin, end = placed
    found = []
    each = (end - begin + 1) // len(figure.values)
    for index, value in enumerate(figure.values):
        is_share = figure.kind is Kind.PERCENT and isinstance(value, int | Fraction)
        cell = Cell(value, mark="%" if is_share else "", tone=figure.tone)
        look = canvas.formats.card(figure.kind, cell)
        at = begin + index * each
        canvas.grid.merge(row, at, at + each - 1, look)
        canvas.grid.value(row, at, figure.kind, cell, look)
        found.append(CardCell(number, index, row, at, figure.kind, cell, look))
    return found
