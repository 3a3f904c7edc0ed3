"""Files to sheets of rows: one shape for CSV files and workbooks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mailaudit.errors import N_, RosterError, cause


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands ("roster.csv:12"), its number, and its cells as the file has them.

    Attributes:
        hidden: Whether Excel hides it.
    """

    place: str
    cells: Sequence[object]
    number: int
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One way to see a file as rows: a sheet of a workbook, or a CSV split at one separator.

    Attributes:
        note: How its text was read, as a message id; `note_values` fills it.
        ragged: A row longer than the header means that a cell was split by mistake.
    """

    name: str
    rows: Iterable[Row]
    hidden: bool = False
    ragged: bool = False
    note: str = ""
    note_values: tuple[tuple[str, str], ...] = ()


def read_bytes(file: Path) -> bytes:
    """The file's content. Raises RosterError where there is none to be had."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise RosterError(
            N_("There is no list {file}."),
            N_(
                "Check the name and the folder; where the configuration names the file, correct it"
                " there under [roster]."
            ),
            file=file,
        ) from None
    except OSError as error:
        raise RosterError(
            N_("The list {file} can't be read: {why}."),
            N_("Name a file that this account may read."),
            file=file,
            why=cause(error),
        ) from None
    if not content.strip():
        raise RosterError(
            N_("The list {file} is empty."), N_("Export the staff list again."), file=file
        )
    return content


def sheets_of(file: Path, content: bytes, encoding: str | None = None) -> tuple[Sheet, ...]:
    """The sheets the file may be read as.

    Args:
        encoding: What text that is not Unicode is written in, where a person has said so.

    Raises:
        RosterError: The file is of no known kind, is not what its name says, or is written in an
            encoding that has to be named.
    """
    from mailaudit.roster.csvfile import csv_sheets
    from mailaudit.roster.workbook import WORKBOOKS, workbook_sheets

    kind = file.suffix.lower()
    if kind == ".csv":
        return csv_sheets(file, content, encoding)
    if kind in WORKBOOKS:
        return workbook_sheets(file, content, encoding)
    raise RosterError(
        N_("{file} is of a kind that can't be read as a list."),
        N_("Use .csv, .xlsx, .xls or .ods."),
        file=file,
    )
