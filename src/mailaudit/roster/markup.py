"""What a workbook says beside its values: legacy fonts, hidden rows, formulas that went wrong.

python-calamine reads values only, and an error such as #N/A as an empty cell. The markup is parsed
where it matters: most lists have none of it, and a look at the bytes tells so.
"""

import io
import logging
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from lxml import etree

from mailaudit.roster.legacy import LegacyFont, legacy_font
from mailaudit.roster.places import column_index

Place = tuple[int, int]  # row from 1, column from 0
ERROR = "#N/A"  # stands for an error the file does not name
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_TELLING = re.compile(rb' hidden="| t="e"|<(\w+:)?f[ >/]')
_DIMENSION = re.compile(rb'dimension ref="[A-Z]+\d+:(?P<column>[A-Z]+)(?P<row>\d+)"')
_HEAD = 4096  # bytes; a sheet says how large it is before its first row
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Markup:
    """One sheet's: the legacy font of cells that have one, hidden rows, wrong formulas.

    Attributes:
        errors: What Excel shows in a cell whose formula failed ("#N/A").
        uncomputed: Cells whose formula has no value yet.
    """

    fonts: Mapping[Place, LegacyFont] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    errors: Mapping[Place, str] = field(default_factory=dict)
    uncomputed: frozenset[Place] = frozenset()


def markup_of(file: Path, content: bytes, *, fonts: bool) -> Mapping[str, Markup]:
    """The Markup of each sheet; a sheet without any may be missing.

    A workbook that was read but whose markup can't be has none: without fonts, text that may be
    of one is asked about.

    Args:
        fonts: Whether fonts are wanted; hidden rows and formulas always are.
    """
    try:
        if file.suffix.lower() == ".xls":
            return _markup_of_xls(content, fonts=fonts)
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if file.suffix.lower() == ".ods":
                from mailaudit.roster.opendocument import markup_of_ods

                return markup_of_ods(package, fonts=fonts)
            return _markup_of_xlsx(package, fonts=fonts)
    except Exception as error:  # noqa: BLE001 - xlrd and broken XML raise what they like
        _log.warning("%s: fonts and hidden rows can't be read: %s", file, error)
        return {}


def farthest_cells(content: bytes) -> Mapping[str, tuple[int, int]]:
    """How many rows and columns each sheet of an .xlsx says it has; those that say it."""
    found = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for name, part in _parts(package):
                with package.open(part) as sheet:
                    said = _DIMENSION.search(sheet.read(_HEAD))
                if said is not None:
                    found[name] = int(said["row"]), column_index(said["column"].decode()) + 1
    except (zipfile.BadZipFile, KeyError, OSError, etree.XMLSyntaxError):
        return {}  # whoever reads the workbook says what is wrong with it
    return found


def _markup_of_xlsx(package: zipfile.ZipFile, *, fonts: bool) -> Mapping[str, Markup]:
    by_style = _fonts_by_style(package) if fonts else {}
    found = {}
    for name, part in _parts(package):
        content = package.read(part)
        if by_style or _TELLING.search(content):
            found[name] = _markup_of_sheet(content, by_style)
    return found


def parsed(content: bytes) -> etree._Element:
    """The root of an XML part; no entities, no network."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _parts(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name and part of each sheet."""
    relations = {
        relation.get("Id"): str(relation.get("Target"))
        for relation in parsed(package.read("xl/_rels/workbook.xml.rels"))
    }
    for sheet in parsed(package.read("xl/workbook.xml")).iter("{*}sheet"):
        target = relations[sheet.get(_RELATION) or sheet.get(_STRICT_RELATION)]
        # Relative to xl/, or from the root of the package with a slash before it.
        yield str(sheet.get("name")), str(PurePosixPath("/xl") / target)[1:]


def _fonts_by_style(package: zipfile.ZipFile) -> Mapping[str, LegacyFont]:
    """The legacy font of each cell style (its number as text) that has one."""
    styles = parsed(package.read("xl/styles.xml"))
    fonts = [
        next((str(name.get("val")) for name in font.iter("{*}name")), "")
        for font in styles.iterfind("{*}fonts/{*}font")
    ]
    found = {}
    for number, style in enumerate(styles.iterfind("{*}cellXfs/{*}xf")):
        font = legacy_font(fonts[int(style.get("fontId") or 0)])
        if font is not None:
            found[str(number)] = font
    return found


def _markup_of_sheet(content: bytes, by_style: Mapping[str, LegacyFont]) -> Markup:
    fonts: dict[Place, LegacyFont] = {}
    hidden: set[int] = set()
    errors: dict[Place, str] = {}
    uncomputed: set[Place] = set()
    number = 0
    rows = etree.iterparse(
        io.BytesIO(content), tag="{*}row", resolve_entities=False, no_network=True
    )
    for _, row in rows:
        number = int(row.get("r") or number + 1)
        if row.get("hidden") in {"1", "true"}:
            hidden.add(number)
        index = -1
        for cell in row.iterchildren("{*}c"):
            reference = cell.get("r")
            index = column_index(reference.rstrip("0123456789")) if reference else index + 1
            font = by_style.get(cell.get("s") or "0")
            if font is not None:
                fonts[number, index] = font
            if cell.get("t") == "e":
                errors[number, index] = cell.findtext("{*}v") or ERROR
            elif cell.find("{*}f") is not None and not cell.findtext("{*}v"):
                # A formula that gave "" was computed: t="str" and an empty value say so.
                if cell.get("t") == "str" and cell.find("{*}v") is not None:
                    continue
                uncomputed.add((number, index))
        row.clear()
    return Markup(fonts, frozenset(hidden), errors, frozenset(uncomputed))


def _markup_of_xls(content: bytes, *, fonts: bool) -> Mapping[str, Markup]:
    import xlrd

    book = xlrd.open_workbook(
        file_contents=content, formatting_info=True, logfile=io.StringIO(), on_demand=False
    )
    by_style = [legacy_font(book.font_list[style.font_index].name) for style in book.xf_list]
    found = {}
    for sheet in book.sheets():
        placed: dict[Place, LegacyFont] = {}
        errors: dict[Place, str] = {}
        for row in range(sheet.nrows):
            for column, kind in enumerate(sheet.row_types(row)):
                if kind == xlrd.XL_CELL_ERROR:
                    code = int(sheet.cell_value(row, column))
                    errors[row + 1, column] = xlrd.error_text_from_code.get(code, ERROR)
                if fonts and kind == xlrd.XL_CELL_TEXT:
                    font = by_style[sheet.cell_xf_index(row, column)]
                    if font is not None:
                        placed[row + 1, column] = font
        hidden = (number + 1 for number, info in sheet.rowinfo_map.items() if info.hidden)
        found[sheet.name] = Markup(placed, frozenset(hidden), errors)
    return found
