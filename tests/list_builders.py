"""Builders of staff lists in every form human resources send them in."""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from unicodedata import normalize
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import xlwt
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from mailaudit.roster.files.legacy_text import _FROM_TCVN3, _FROM_VNI

Rows = Sequence[Sequence[object]]
TONES = "\u0300\u0309\u0303\u0301\u0323"

_TO = {
    "tcvn3": {letter: chr(code) for code, letter in _FROM_TCVN3.items()},
    "vni": {letter: text for text, letter in reversed(_FROM_VNI.items())},
}


def in_legacy(text: str, encoding: str) -> str:
    """Unicode text as a legacy font has it.

    TCVN3 has few capitals: its texts have those letters small, or a font of capitals draws them.
    """
    letters = _TO[encoding]
    return "".join(letters.get(letter, letter) for letter in text)


@dataclass
class SheetOf:
    """One sheet to be written.

    Attributes:
        fonts: The font of each row by its number; a row without one has `font`.
        merged: Ranges such as "B2:C2".
    """

    rows: Rows
    name: str = "Danh sách"
    font: str = ""
    fonts: Mapping[int, str] = field(default_factory=dict)
    merged: Sequence[str] = ()
    hidden_rows: Sequence[int] = ()
    is_hidden: bool = False


def xlsx(file: Path, *sheets: SheetOf) -> Path:
    """An .xlsx workbook."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for sheet in sheets:
        _fill(workbook.create_sheet(sheet.name), sheet)
    workbook.save(file)
    return file


def _fill(worksheet: Worksheet, sheet: SheetOf) -> None:
    for number, cells in enumerate(sheet.rows, start=1):
        font = sheet.fonts.get(number, sheet.font)
        for column, value in enumerate(cells, start=1):
            if value is not None and value != "":
                cell = worksheet.cell(number, column, value)
                if isinstance(value, date):
                    cell.number_format = "dd/mm/yyyy"
                if font:
                    cell.font = Font(name=font)
    for cells_range in sheet.merged:
        worksheet.merge_cells(cells_range)
    for number in sheet.hidden_rows:
        worksheet.row_dimensions[number].hidden = True
    if sheet.is_hidden:
        worksheet.sheet_state = "hidden"


def xls(file: Path, *sheets: SheetOf) -> Path:
    """An .xls workbook, as Excel 97 to 2003 wrote them."""
    workbook = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for sheet in sheets:
        worksheet = workbook.add_sheet(sheet.name)
        worksheet.visibility = int(sheet.is_hidden)
        for number, cells in enumerate(sheet.rows):
            font = sheet.fonts.get(number + 1, sheet.font)
            style = xlwt.easyxf(f"font: name {font}") if font else xlwt.Style.default_style
            for column, value in enumerate(cells):
                if value is not None and value != "":
                    worksheet.write(
                        number, column, value, day if isinstance(value, date) else style
                    )
        for number in sheet.hidden_rows:
            worksheet.row(number - 1).hidden = True
    workbook.save(str(file))
    return file


def ods(file: Path, *sheets: SheetOf) -> Path:
    """An OpenDocument spreadsheet, as LibreOffice writes them."""
    fonts = sorted(
        {font for sheet in sheets for font in (sheet.font, *sheet.fonts.values())} - {""}
    )
    styles = "".join(
        f'<style:style style:name="f{number}" style:family="table-cell"><style:text-properties'
        f" style:font-name={quoteattr(font)}/></style:style>"
        for number, font in enumerate(fonts)
    )
    tables = "".join(_ods_table(sheet, fonts) for sheet in sheets)
    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
        for name, full in (
            ("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"),
            ("fo", "xsl-fo-compatible"),
        )
    )  # fmt: skip
    content = (
        f'<?xml version="1.0"?><office:document-content {namespaces} office:version="1.3">'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("mimetype", kind)
        package.writestr("content.xml", content)
        package.writestr(
            "styles.xml", f"<office:document-styles {namespaces} office:version='1.3'/>"
        )
        package.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
            f' manifest:version="1.3"><manifest:file-entry manifest:full-path="/"'
            f' manifest:media-type="{kind}"/></manifest:manifest>',
        )
    return file


def _ods_table(sheet: SheetOf, fonts: list[str]) -> str:
    rows = []
    for number, cells in enumerate(sheet.rows, start=1):
        font = sheet.fonts.get(number, sheet.font)
        style = f' table:style-name="f{fonts.index(font)}"' if font else ""
        hidden = ' table:visibility="collapse"' if number in sheet.hidden_rows else ""
        rows.append(
            f"<table:table-row{hidden}>"
            + "".join(_ods_cell(value, style) for value in cells)
            + "</table:table-row>"
        )
    return f"<table:table table:name={quoteattr(sheet.name)}>{''.join(rows)}</table:table>"


def _ods_cell(value: object, style: str) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    return (
        f"<table:table-cell{style} {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"
    )


def as_csv(rows: Rows, separator: str = ",", end: str = "\r\n") -> str:
    """The rows as CSV text; every text with a separator, a quotation mark or a line is quoted."""

    def cell(value: object) -> str:
        text = (
            "" if value is None else f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
        )
        if any(mark in text for mark in (separator, '"', "\n")):
            return '"' + text.replace('"', '""') + '"'
        return text

    return "".join(separator.join(map(cell, row)) + end for row in rows)


def csv(file: Path, text: str, encoding: str = "utf-8") -> Path:
    """A CSV file of this text."""
    file.write_bytes(text.encode(encoding))
    return file


def cp1258_bytes(text: str) -> bytes:
    """The text as Windows writes it in Vietnam: base letters precomposed, tones behind them."""
    out = bytearray()
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            marks = normalize("NFD", letter)
            tone = next(mark for mark in marks if mark in TONES)
            base = normalize("NFC", marks.replace(tone, ""))
            out += base.encode("cp1258") + tone.encode("cp1258")
    return bytes(out)


def legacy_rows(rows: Rows, encoding: str) -> list[list[object]]:
    """The rows with every text in a legacy encoding."""
    return [
        [in_legacy(cell, encoding) if isinstance(cell, str) else cell for cell in row]
        for row in rows
    ]


def without(rows: Iterable[Sequence[object]], *columns: int) -> list[list[object]]:
    """The rows without some columns."""
    return [[cell for at, cell in enumerate(row) if at not in columns] for row in rows]
