"""Workbooks: rows by python-calamine; fonts and hidden rows, which it does not tell, by markup."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mailaudit.errors import N_, RosterError
from mailaudit.roster.faults import UnreadableText
from mailaudit.roster.legacy import ENCODINGS, are_unicode, doubted, is_surely_unicode, told
from mailaudit.roster.markup import Markup, farthest_cells, markup_of
from mailaudit.roster.places import column_letters
from mailaudit.roster.sheets import Row, Sheet

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook, SheetMetadata

MOST_CELLS = 20_000_000
WORKBOOKS = (".xlsx", ".xls", ".ods")
UNCOMPUTED = N_("the formula has never been computed; open the file in Excel and save it")
UNCOMPUTED_VALUE = "#CALC!"  # an error of Excel's own, so that it is none too when written down
Cells = list[list[object]]


def workbook_sheets(file: Path, content: bytes, encoding: str | None) -> tuple[Sheet, ...]:
    """The worksheets of a workbook, in its order.

    Raises:
        RosterError: It can't be read as a workbook.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    _check_size(file, content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        tabs = [tab for tab in workbook.sheets_metadata if tab.typ == SheetTypeEnum.WorkSheet]
        sheets = {tab.name: _cells(workbook, tab) for tab in tabs}
    except CalamineError:
        raise RosterError(
            N_("{file} is no workbook that can be read: damaged, or protected by a password."),
            N_("Open it in Excel and save it again as .xlsx, without a password."),
            file=file,
        ) from None
    doubtful = sum(map(_mark_doubtful, sheets.values())) > 0  # all of them are looked at
    markups = markup_of(file, content, fonts=doubtful)
    return tuple(
        _sheet(
            tab.name,
            file.name if len(tabs) == 1 else f"{file.name}:{tab.name}",
            sheets[tab.name],
            markups.get(tab.name, Markup()),
            encoding if doubtful and encoding in ENCODINGS else None,
            hidden=tab.visible != SheetVisibleEnum.Visible,
        )
        for tab in tabs
    )


def _check_size(file: Path, content: bytes) -> None:
    """Raises RosterError where a stray cell makes a sheet too large for memory.

    python-calamine keeps every cell up to the last one, and ends the process where it cannot.
    """
    for name, (rows, columns) in farthest_cells(content).items():
        if rows * columns > MOST_CELLS:
            raise RosterError(
                N_('The sheet "{sheet}" of {file} reaches to {cell}, far beyond any list.'),
                N_("Delete the rows and columns behind the list in Excel, and save."),
                sheet=name,
                file=file,
                cell=f"{column_letters(columns - 1)}{rows}",
            )


def _cells(workbook: "CalamineWorkbook", tab: "SheetMetadata") -> Cells:
    # With the empty area in front, positions are the row numbers Excel shows.
    rows = workbook.get_sheet_by_name(tab.name).to_python(skip_empty_area=False)
    return cast(Cells, rows)


def _mark_doubtful(rows: Cells) -> bool:
    """Puts DoubtfulText where text is most likely of a legacy font; whether there is any."""
    marked = {
        cell for cells in rows for cell in cells if isinstance(cell, str) and not cell.isascii()
    }
    among = are_unicode(marked)
    seen = {text: doubted(text, among_unicode=among) for text in marked}
    for cells in rows:
        for index, cell in enumerate(cells):
            if isinstance(cell, str) and cell in seen:
                cells[index] = seen[cell]
    return any(isinstance(text, UnreadableText) for text in seen.values())


def _sheet(
    name: str, place: str, rows: Cells, markup: Markup, encoding: str | None, *, hidden: bool
) -> Sheet:
    fonts: set[str] = set()
    if markup.fonts or encoding is not None:
        fonts = _turn_into_unicode(rows, markup, encoding)
    for (number, index), text in markup.errors.items():
        _put(rows, number, index, text)
    for number, index in markup.uncomputed:
        _put(rows, number, index, UnreadableText.because(UNCOMPUTED_VALUE, UNCOMPUTED))
    return Sheet(
        name,
        [
            Row(f"{place}:{number}", cells, number, number in markup.hidden)
            for number, cells in enumerate(rows, start=1)
        ],
        hidden=hidden,
        note=N_("text of the fonts {fonts} turned into Unicode") if fonts else "",
        note_values=(("fonts", ", ".join(sorted(fonts))),) if fonts else (),
    )


def _put(rows: Cells, number: int, index: int, text: str) -> None:
    """Writes what stands in a cell that calamine has read as empty, or has not read at all."""
    while len(rows) < number:
        rows.append([])
    cells = rows[number - 1]
    cells += [""] * (index + 1 - len(cells))
    cells[index] = text


def _turn_into_unicode(rows: Cells, markup: Markup, encoding: str | None) -> set[str]:
    """Reads each text as its font says, else as the configuration does; the fonts there were."""
    texts = [
        (cells, index, str(text), markup.fonts.get((number, index)))
        for number, cells in enumerate(rows, start=1)
        for index, text in enumerate(cells)
        if isinstance(text, str) and text
    ]
    both_ways = {font.name for *_, text, font in texts if font and is_surely_unicode(text)}
    among = are_unicode(text for *_, text, font in texts if font is None)
    for cells, index, text, font in texts:
        if font is not None:
            cells[index] = font.read(text, also_unicode=font.name in both_ways)
        elif encoding is not None:
            cells[index] = told(text, encoding, among_unicode=among)
    return {font.name for *_, font in texts if font is not None}
