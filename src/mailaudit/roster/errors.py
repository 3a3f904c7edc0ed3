"""What makes a staff or unit list unusable: every place of it, in one error."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from mailaudit.errors import N_, RosterError
from mailaudit.model.roster import Problem
from mailaudit.model.spreadsheet import column_letters

SHOWN = 5  # enough to see the pattern; `problems` holds them all


class BadCell(Exception):
    """A cell that can't be understood; the reader of its row adds the place.

    Attributes:
        column: The position of the cell in its row, once it is known.
    """

    def __init__(self, message: str, /, **values: str) -> None:
        super().__init__(message)
        self.message = message
        self.values = tuple(values.items())
        self.column: int | None = None

    def at(self, place: str, number: int = 0) -> Problem:
        """This fault at a row of a file, and at the cell of that row where one is known."""
        cell = "" if self.column is None else f"{column_letters(self.column)}{number}"
        return Problem(place, self.message, self.values, cell)


class UnreadableText(str):
    """What a cell holds, and why it can't be taken for what it seems to say."""

    __slots__ = ("message", "values")
    message: str
    values: dict[str, str]

    @classmethod
    def because(cls, text: str, message: str, /, **values: str) -> Self:
        """The text with the reason, a message id whose fields `values` fills."""
        unreadable = cls(text)
        unreadable.message = message
        unreadable.values = values
        return unreadable

    def fault(self) -> BadCell:
        """What reading it raises."""
        return BadCell(self.message, **self.values)


class RosterFaults(RosterError):
    """A list was read, and rows of it can't be used; nobody is left out in silence.

    Attributes:
        problems: All of them, in the order of the file.
    """

    def __init__(self, file: Path | str, problems: Sequence[Problem]) -> None:
        super().__init__(
            N_("{count} rows of {file} can't be used as they stand:"),
            N_("Correct them in the file and run again."),
            file=file,
            count=len(problems),
        )
        self.problems = tuple(problems)

    def text(self, gettext: Callable[[str], str] = str) -> str:
        """The first faults, one a line, and how many more there are."""
        first = gettext(self.message).format_map(self.values)
        lines = [f"  {problem.place}: {problem.text(gettext)}" for problem in self.problems[:SHOWN]]
        more = len(self.problems) - SHOWN
        if more > 0:
            lines.append("  " + gettext(N_("and {more} more")).format(more=more))
        return "\n".join([first, *lines, gettext(self.remedy).format_map(self.values)])


class BrokenWorkbook(Exception):
    """A workbook that can't be read, with the reason in a library's words."""


class TooLarge(Exception):
    """A workbook that would need more memory than any list does.

    Attributes:
        message: A message id; `values` fills it, and whoever knows the file adds it.
    """

    def __init__(self, message: str, /, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


class BadCsv(RosterError):
    """A file that is no CSV when split at one separator; it may be at another."""
