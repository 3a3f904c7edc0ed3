"""Files to rows of cells: CSV by the standard library, workbooks by python-calamine."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mailaudit.errors import N_, RosterError

WORKBOOKS = (".xlsx", ".xls", ".ods")
SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands ("roster.csv:12"), and its cells as the file has them."""

    place: str
    cells: Sequence[object]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One way to see a file as rows: a sheet of a workbook, or a CSV split at one separator.

    Attributes:
        ragged: A row longer than the header means that a cell was split by mistake.
    """

    name: str
    rows: Iterable[Row]
    hidden: bool = False
    ragged: bool = False


def read_bytes(file: Path) -> bytes:
    """The file's content. Raises RosterError where there is none to be had."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise RosterError(
            N_("The list {file} can't be read: {why}."),
            N_("Correct its name in the configuration, under [roster]."),
            file=file,
            why=error.strerror or type(error).__name__,
        ) from None
    if not content.strip():
        raise RosterError(
            N_("The list {file} is empty."), N_("Export the staff list again."), file=file
        )
    return content


def sheets_of(file: Path, content: bytes) -> tuple[Sheet, ...]:
    """The sheets the file may be read as.

    Raises:
        RosterError: The file is of no known kind, or is not what its name says.
    """
    kind = file.suffix.lower()
    if kind == ".csv":
        return _csv_sheets(file, content)
    if kind in WORKBOOKS:
        return _workbook_sheets(file, content)
    raise RosterError(
        N_("{file} is of a kind that can't be read as a list."),
        N_("Use .csv, .xlsx, .xls or .ods."),
        file=file,
    )


def _csv_sheets(file: Path, content: bytes) -> tuple[Sheet, ...]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RosterError(
            N_("The list {file} is not UTF-8 text."),
            N_('Save it from Excel as "CSV UTF-8", or as .xlsx.'),
            file=file,
        ) from None
    return tuple(
        Sheet("", _CsvRows(file, text, separator), ragged=True) for separator in SEPARATORS
    )


@dataclass(frozen=True, slots=True)
class _CsvRows:
    """A CSV text's rows, parsed anew at each iteration; a row's number is its first line's."""

    file: Path
    text: str
    separator: str

    def __iter__(self) -> Iterator[Row]:
        # strict: a quotation mark that is never closed would swallow the rows after it.
        reader = csv.reader(
            io.StringIO(self.text, newline=""), delimiter=self.separator, strict=True
        )
        line = 1
        try:
            for cells in reader:
                yield Row(f"{self.file.name}:{line}", cells)
                line = reader.line_num + 1
        except csv.Error as error:
            raise RosterError(
                N_("{row} of the list {file} is not valid CSV: {why}."),
                N_("Look for a quotation mark that is not closed, or save the list as .xlsx."),
                row=f"{self.file.name}:{line}",
                file=self.file,
                why=error,
            ) from None


def _workbook_sheets(file: Path, content: bytes) -> tuple[Sheet, ...]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        tabs = [tab for tab in workbook.sheets_metadata if tab.typ == SheetTypeEnum.WorkSheet]
        return tuple(
            Sheet(
                tab.name,
                _numbered(
                    file.name if len(tabs) == 1 else f"{file.name}:{tab.name}",
                    # With the empty area in front, positions are the row numbers Excel shows.
                    workbook.get_sheet_by_name(tab.name).to_python(skip_empty_area=False),
                ),
                hidden=tab.visible != SheetVisibleEnum.Visible,
            )
            for tab in tabs
        )
    except CalamineError as error:
        raise RosterError(
            N_("The workbook {file} can't be read: {why}."),
            N_("Open it in Excel and save it again as .xlsx, without a password."),
            file=file,
            why=error,
        ) from None


def _numbered(place: str, rows: Iterable[Sequence[object]]) -> list[Row]:
    return [Row(f"{place}:{number}", cells) for number, cells in enumerate(rows, start=1)]
