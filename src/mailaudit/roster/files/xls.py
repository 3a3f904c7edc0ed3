"""The markup of workbooks of Excel 97 to 2003 (.xls)."""

import io
import struct
from collections.abc import Mapping
from typing import TYPE_CHECKING

from mailaudit.roster.errors import BrokenWorkbook
from mailaudit.roster.files.bounds import Extent
from mailaudit.roster.files.legacy_text import LegacyFont, legacy_font
from mailaudit.roster.files.sheet import ERROR, Markup, Merged

if TYPE_CHECKING:
    from xlrd.sheet import Sheet

# Of a workbook with a password, the package inside it.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# What xlrd raises where a file is not as it expects, besides errors of its own.
_UNEXPECTED = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError,
    ValueError, struct.error,
)  # fmt: skip


def markup_of_xls(content: bytes) -> Mapping[str, Markup]:
    """The Markup of each sheet by its name.

    Raises:
        BrokenWorkbook: xlrd can't read it.
        TooLarge: Its values would not fit into memory.
    """
    import xlrd
    from xlrd.biffh import XLRDError
    from xlrd.compdoc import CompDocError

    if _ENCRYPTED in content:
        raise BrokenWorkbook("password")
    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
        fonts = [legacy_font(book.font_list[style.font_index].name) for style in book.xf_list]
    except (XLRDError, CompDocError, *_UNEXPECTED) as error:
        raise BrokenWorkbook(str(error) or type(error).__name__) from None
    extent = Extent()
    return {sheet.name: _markup_of_sheet(sheet, fonts, extent) for sheet in book.sheets()}


def _markup_of_sheet(sheet: "Sheet", fonts: list[LegacyFont | None], extent: Extent) -> Markup:
    import xlrd

    markup = Markup(sheet.name)
    for row in range(sheet.nrows):
        values = sheet.row_values(row)
        for column, kind in enumerate(sheet.row_types(row)):
            if kind in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
                continue
            extent.reach(markup, row + 1, column)
            if kind == xlrd.XL_CELL_ERROR:
                code = int(values[column])
                markup.errors[row + 1, column] = xlrd.error_text_from_code.get(code, ERROR)
            elif kind == xlrd.XL_CELL_TEXT:
                extent.add_text(len(values[column]))
                font = fonts[sheet.cell_xf_index(row, column)]
                if font is not None:
                    markup.fonts[row + 1, column] = font
    markup.hidden.update(number + 1 for number, info in sheet.rowinfo_map.items() if info.hidden)
    for first_row, end_row, first_column, end_column in sheet.merged_cells:
        extent.merge(markup, Merged(first_row + 1, end_row, first_column, end_column - 1))
    extent.finish(markup)
    return markup
