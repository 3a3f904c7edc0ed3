"""Workbooks: values by python-calamine; fonts, hidden rows, failed formulas and merged cells by us.

python-calamine reads values only, an error such as #N/A as an empty cell, and it keeps every cell
up to the last one: so each workbook is looked through first, whatever its name ends in.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mailaudit.errors import N_, RosterError
from mailaudit.roster.errors import BrokenWorkbook, TooLarge, UnreadableText
from mailaudit.roster.files.legacy_text import (
    ENCODINGS,
    are_unicode,
    is_surely_unicode,
    marked_if_doubtful,
    read_as,
)
from mailaudit.roster.files.ods import markup_of_ods
from mailaudit.roster.files.sheet import FileKind, Markup, Row, Sheet
from mailaudit.roster.files.xls import markup_of_xls
from mailaudit.roster.files.xlsx import markup_of_xlsx

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook, SheetMetadata


UNCOMPUTED = N_("the formula has never been computed; open the file in Excel and save it")
UNCOMPUTED_VALUE = "#CALC!"  # an error of Excel's own, so that it is one too when written down
Cells = list[list[object]]


def workbook_sheets(
    file: Path, kind: FileKind, content: bytes, encoding: str | None
) -> tuple[Sheet, ...]:
    """The worksheets of a workbook, in its order.

    Raises:
        RosterError: It can't be read as a workbook, or is too large for any list.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        markups = markup_of(kind, content)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        tabs = [tab for tab in workbook.sheets_metadata if tab.typ == SheetTypeEnum.WorkSheet]
        _check_same_sheets(tabs, markups)
        sheets = {tab.name: _cells(workbook, tab) for tab in tabs}
    except TooLarge as error:
        raise RosterError(
            error.message,
            N_(
                "In Excel, delete what does not belong to the list, also the rows and columns"
                " behind it, and save."
            ),
            file=file,
            **error.values,
        ) from None
    except (CalamineError, BrokenWorkbook):
        raise RosterError(
            N_("{file} is not a workbook that can be read: damaged, or protected by a password."),
            N_("Open it in Excel and save it again as .xlsx, without a password."),
            file=file,
        ) from None
    doubtful = sum(map(_mark_doubtful, sheets.values())) > 0  # all of them are looked at
    return tuple(
        _sheet(
            tab.name,
            file.name if len(tabs) == 1 else f"{file.name}:{tab.name}",
            sheets[tab.name],
            markups[tab.name],
            encoding if encoding in ENCODINGS else None,
            is_doubtful=doubtful,
            hidden=tab.visible != SheetVisibleEnum.Visible,
        )
        for tab in tabs
    )


def _check_same_sheets(tabs: "list[SheetMetadata]", markups: Mapping[str, Markup]) -> None:
    """Raises BrokenWorkbook where a sheet would be read that was not looked through."""
    for tab in tabs:
        if tab.name not in markups:
            raise BrokenWorkbook(tab.name)


def _cells(workbook: "CalamineWorkbook", tab: "SheetMetadata") -> Cells:
    # With the empty area in front, positions are the row numbers Excel shows.
    rows = workbook.get_sheet_by_name(tab.name).to_python(skip_empty_area=False)
    return cast(Cells, rows)


def _mark_doubtful(rows: Cells) -> bool:
    """Puts UnreadableText where text is most likely of a legacy font; whether there is any."""
    marked = {
        cell for cells in rows for cell in cells if isinstance(cell, str) and not cell.isascii()
    }
    among = are_unicode(marked)
    seen = {text: marked_if_doubtful(text, among_unicode=among) for text in marked}
    for cells in rows:
        for index, cell in enumerate(cells):
            if isinstance(cell, str) and cell in seen:
                cells[index] = seen[cell]
    return any(isinstance(text, UnreadableText) for text in seen.values())


def _sheet(
    name: str,
    place: str,
    rows: Cells,
    markup: Markup,
    encoding: str | None,
    *,
    is_doubtful: bool,
    hidden: bool,
) -> Sheet:
    fonts: set[str] = set()
    if is_doubtful and (markup.fonts or encoding is not None):
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
        merged=markup.merged,
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
            cells[index] = read_as(text, encoding, among_unicode=among)
    return {font.name for *_, font in texts if font is not None}


def markup_of(kind: FileKind, content: bytes) -> Mapping[str, Markup]:
    """The Markup of each sheet of a workbook, by its name.

    Raises:
        BrokenWorkbook: It can't be read.
        TooLarge: Its values would not fit into memory.
    """
    if kind is FileKind.XLS:
        return markup_of_xls(content)
    return markup_of_ods(content) if kind is FileKind.ODS else markup_of_xlsx(content)
