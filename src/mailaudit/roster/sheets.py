"""Files to sheets of rows: one shape for CSV files and workbooks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mailaudit.errors import N_, RosterError, cause
from mailaudit.roster.filekind import FileKind, kind_of

MOST_BYTES = 256 * 2**20  # of a file, and of all that is packed in one


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
class Merged:
    """Cells joined to one, which shows what the first of them says.

    Attributes:
        first_row, last_row: From 1; the last one is within.
        first_column, last_column: From 0; the last one is within.
    """

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One way to see a file as rows: a sheet of a workbook, or a CSV split at one separator.

    Attributes:
        ragged: A row longer than the header means that a cell was split by mistake.
        note: How its text was read, as a message id; `note_values` fills it.
        merged: Its joined cells; their values stand in the first one only.
    """

    name: str
    rows: Iterable[Row]
    hidden: bool = False
    ragged: bool = False
    note: str = ""
    note_values: tuple[tuple[str, str], ...] = ()
    merged: Sequence[Merged] = ()


def read_bytes(file: Path) -> bytes:
    """The file's content. Raises RosterError where there is none to be had, or far too much."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
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
    if len(content) > MOST_BYTES:
        raise RosterError(
            N_("The list {file} is larger than {most} MB, far beyond any list."),
            N_("Name the staff list, or export it again."),
            file=file,
            most=MOST_BYTES // 2**20,
        )
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
        RosterError: Its content is of no known kind, or is written in an encoding that has to be
            named.
    """
    from mailaudit.roster.csvfile import csv_sheets
    from mailaudit.roster.workbook import workbook_sheets

    kind = kind_of(file, content)
    if kind is FileKind.TEXT:
        return csv_sheets(file, content, encoding)
    return workbook_sheets(file, kind, content, encoding)
