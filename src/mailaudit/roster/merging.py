"""What joined cells say, for each of their rows."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mailaudit.roster.cells import shown
from mailaudit.roster.sheets import Merged, Row


def spread_down(rows: Iterable[Row], merged: Sequence[Merged]) -> Iterator[Row]:
    """The rows, with what cells joined downwards say in each of their rows that is not blank.

    A person sees it there, whatever the cells behind hold. Cells joined to the right only, such as
    those of headings, say it once.
    """
    below = (cells for cells in merged if cells.last_row > cells.first_row)
    waiting = deque(sorted(below, key=lambda cells: cells.first_row))
    current: dict[int, tuple[int, object]] = {}  # by column: the last row, and what they say
    for row in rows:
        current = {at: said for at, said in current.items() if said[0] >= row.number}
        while waiting and waiting[0].first_row <= row.number:
            cells = waiting.popleft()
            at = cells.first_column
            if cells.first_row == row.number and at < len(row.cells) and row.cells[at]:
                current[at] = (cells.last_row, row.cells[at])
        yield _with_cells(row, current) if current and not is_blank(row) else row


def _with_cells(row: Row, said: dict[int, tuple[int, object]]) -> Row:
    cells = [*row.cells, *[None] * (max(said) + 1 - len(row.cells))]
    for at, (_, value) in said.items():
        cells[at] = value
    return replace(row, cells=cells)


def is_blank(row: Row) -> bool:
    """Whether nothing visible stands in the row."""
    return not any(cell and shown(cell) for cell in row.cells if cell is not None)
