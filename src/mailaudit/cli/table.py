"""A table on the terminal: numbers under each other, names wrapped, no wider than asked."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from mailaudit.cli.console import current_language

_ROOMY = 100  # columns from which there are two spaces between figures
_LEAST_NAME = 12
_LEAST_FIGURE = 5  # "100,0", and a part of a heading

Row = tuple[str, ...]


def print_lines(lines: Iterable[Text]) -> None:
    """Prints lines as they are, in color where a terminal shows it."""
    console = Console(soft_wrap=True, highlight=False)
    for line in lines:
        console.print(line)


def terminal_width() -> int | None:
    """How many columns the terminal has; None for a pipe, which gets lines of any length."""
    return Console().width if sys.stdout.isatty() else None


class Table:
    """Rows of one table, laid out: numbers right, texts left, names wrapped between words.

    Args:
        name: The column that is wrapped where room is short.
        texts: The other columns aligned left, and those as narrow as their content lets them be.
        width: In terminal columns; None for as wide as needed.
    """

    def __init__(
        self,
        headings: Row,
        rows: Sequence[Row],
        width: int | None,
        *,
        name: int,
        left: Sequence[int] = (),
        narrow: Sequence[int] = (),
    ) -> None:
        self.headings = headings
        self._left = {name, *left}
        is_narrow = width is not None and width < _ROOMY
        self._gap = " " * (1 if is_narrow else 2)
        heading_lines = 3 if is_narrow else 2
        columns = zip(*rows, strict=True) if rows else [()] * len(headings)
        self._widths = [max(map(cell_len, column), default=0) for column in columns]
        for index, heading in enumerate(headings):
            longest_word = max(map(cell_len, _words(heading)), default=0)
            least = 0 if index == name or index in narrow else _LEAST_FIGURE
            self._widths[index] = max(self._widths[index], longest_word, least)
            while len(wrapped(heading, self._widths[index])) > heading_lines:
                self._widths[index] += 1
        if width is not None:
            others = sum(self._widths) - self._widths[name] + len(self._gap) * (len(headings) - 1)
            self._widths[name] = min(self._widths[name], max(width - others, _LEAST_NAME))

    def lines(self, row: Row, style: str = "") -> Iterator[Text]:
        """One row in as many lines as its longest cell needs; its numbers stand in the first."""
        cells = [wrapped(cell, width) for cell, width in zip(row, self._widths, strict=True)]
        for number in range(max(map(len, cells))):
            parts = []
            for index, cell in enumerate(cells):
                text = cell[number] if number < len(cell) else ""
                blank = " " * (self._widths[index] - cell_len(text))
                parts.append(text + blank if index in self._left else blank + text)
            yield Text(self._gap.join(parts).rstrip(), style=style)

    def below(self, text: str, column: int, width: int | None) -> Iterator[Text]:
        """A remark below a row, from where `column` begins on."""
        indent = sum(self._widths[:column]) + len(self._gap) * column
        room = None if width is None else max(width - indent, _LEAST_NAME)
        lines = [text] if room is None else wrapped(text, room)
        for line in lines:
            yield Text(" " * indent + line, style="dim")


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns, broken between words where that is possible."""
    lines = [""]
    for word in _words(text):
        between = " " if lines[-1] and not lines[-1].endswith("/") else ""
        if cell_len(lines[-1] + between + word) <= width:
            lines[-1] += between + word
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if cell_len(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return lines


def _words(text: str) -> list[str]:
    """What a line may break between; "Tăng/giảm" is two, "10/2026" one."""
    return re.sub(r"/(?=\D)", "/ ", text).split()


def change_text(change: Fraction | None) -> str:
    """A difference in percentage points with its sign; a dash where there is none."""
    text = current_language().percent(change)
    return f"+{text}" if change is not None and change > 0 else text
