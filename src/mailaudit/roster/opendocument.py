"""The markup of an OpenDocument spreadsheet: legacy fonts, hidden rows, formulas that failed."""

import zipfile
from collections.abc import Iterator, Mapping

from lxml import etree

from mailaudit.roster.legacy import LegacyFont, legacy_font
from mailaudit.roster.markup import ERROR, Markup, Place, parsed

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_KIND = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_NAME = f"{_TABLE}name"
_HIDDEN = {"collapse", "filter"}
Fonts = Mapping[str, LegacyFont]


def markup_of_ods(package: zipfile.ZipFile, *, fonts: bool) -> Mapping[str, Markup]:
    """The Markup of each sheet by its name."""
    content = package.read("content.xml")
    if not fonts and b"visibility=" not in content and b'"error"' not in content:
        return {}
    root = parsed(content)
    by_style = _fonts_by_style(root, parsed(package.read("styles.xml"))) if fonts else {}
    return {
        str(table.get(_NAME)): _markup_of_table(table, by_style)
        for table in root.iter(f"{_TABLE}table")
    }


def _fonts_by_style(*roots: etree._Element) -> Fonts:
    """The legacy font of each cell style that has one, by itself or from the style above it."""
    fonts: dict[str, str] = {}
    parents: dict[str, str] = {}
    for root in roots:
        for style in root.iter(f"{_STYLE}style"):
            name = str(style.get(f"{_STYLE}name"))
            parents[name] = str(style.get(f"{_STYLE}parent-style-name") or "")
            for text in style.iter(f"{_STYLE}text-properties"):
                fonts[name] = str(
                    text.get(f"{_STYLE}font-name") or text.get(f"{_FO}font-family") or ""
                ).strip("'\"")
    found = {}
    for name in parents:
        style_name, steps = name, 0
        while not fonts.get(style_name) and style_name in parents and steps < len(parents):
            style_name, steps = parents[style_name], steps + 1
        if font := legacy_font(fonts.get(style_name, "")):
            found[name] = font
    return found


def _markup_of_table(table: etree._Element, by_style: Fonts) -> Markup:
    defaults = [
        str(column.get(f"{_TABLE}default-cell-style-name") or "")
        for column, count in _repeated(table, "table-column", "columns")
        for _ in range(min(count, 256))
    ]
    fonts: dict[Place, LegacyFont] = {}
    hidden: set[int] = set()
    errors: dict[Place, str] = {}
    number = 1
    for row, count in _repeated(table, "table-row", "rows"):
        cells = list(_repeated(row, "*", "columns"))
        filled = any(len(cell) for cell, _ in cells)  # what a cell says stands in paragraphs
        if not filled:
            number += count
            continue
        for row_number in range(number, number + count):
            if row.get(f"{_TABLE}visibility") in _HIDDEN:
                hidden.add(row_number)
            fonts.update(_fonts_of_row(row_number, cells, defaults, by_style))
            errors.update(_errors_of_row(row_number, cells))
        number += count
    return Markup(fonts, frozenset(hidden), errors)


def _fonts_of_row(
    number: int, cells: list[tuple[etree._Element, int]], defaults: list[str], by_style: Fonts
) -> Iterator[tuple[Place, LegacyFont]]:
    index = 0
    for cell, count in cells:
        if len(cell):
            for position in range(index, index + count):
                default = defaults[position] if position < len(defaults) else ""
                font = by_style.get(str(cell.get(f"{_TABLE}style-name") or default))
                if font is not None:
                    yield (number, position), font
        index += count


def _errors_of_row(
    number: int, cells: list[tuple[etree._Element, int]]
) -> Iterator[tuple[Place, str]]:
    index = 0
    for cell, count in cells:
        if cell.get(_KIND) == "error":
            text = "".join(map(str, cell.itertext(f"{_TEXT}p"))) or ERROR
            for position in range(index, index + count):
                yield (number, position), text
        index += count


def _repeated(parent: etree._Element, name: str, axis: str) -> Iterator[tuple[etree._Element, int]]:
    """The rows, columns or cells of an element in order, and how often each one stands there."""
    elements = parent.iter(f"{_TABLE}{name}") if name != "*" else parent.iterchildren(f"{_TABLE}*")
    for element in elements:
        yield element, int(element.get(f"{_TABLE}number-{axis}-repeated") or 1)
