"""The markup of OpenDocument spreadsheets (.ods)."""

from collections.abc import Mapping
from dataclasses import dataclass

from mailaudit.roster.errors import BrokenWorkbook
from mailaudit.roster.files.bounds import LONGEST_VALUE, Extent, Package, XmlAttributes, number_in
from mailaudit.roster.files.legacy_text import LegacyFont, legacy_font
from mailaudit.roster.files.sheet import ERROR, Markup, Merged

_HIDDEN = {"collapse", "filter"}
_MOST_COLUMNS = 16_384
_MOST_STYLES = 1_000_000
_MOST_INHERITED = 20  # styles above each other
_CELLS = {"table:table-cell", "table:covered-table-cell"}


def markup_of_ods(content: bytes) -> Mapping[str, Markup]:
    """The Markup of each sheet by its name.

    Raises:
        BrokenWorkbook: It can't be read.
        TooLarge: Its values would not fit into memory.
    """
    package = Package(content)
    reader = _ContentReader()
    if "styles.xml" in package:
        package.read_xml("styles.xml", reader.styles.start)
    package.read_xml("content.xml", reader.start, reader.end, reader.text)
    return reader.sheets


class _Styles:
    """Finds the font of each cell style, by itself or from the style above it."""

    def __init__(self) -> None:
        self._fonts: dict[str, str] = {}
        self._parents: dict[str, str] = {}
        self._style = ""

    def start(self, tag: str, attributes: XmlAttributes) -> None:
        if tag == "style:style":
            self._style = attributes.get("style:name", "")
            self._parents[self._style] = attributes.get("style:parent-style-name", "")
            if len(self._parents) > _MOST_STYLES:
                raise BrokenWorkbook("styles")
        elif tag == "style:text-properties" and self._style:
            font = attributes.get("style:font-name") or attributes.get("fo:font-family") or ""
            self._fonts[self._style] = font.strip("'\"")

    def legacy(self) -> dict[str, LegacyFont]:
        """The legacy font of each style that has one."""
        found = {}
        for name in self._parents:
            style = name
            for _ in range(_MOST_INHERITED):
                if self._fonts.get(style) or style not in self._parents:
                    break
                style = self._parents[style]
            if font := legacy_font(self._fonts.get(style, "")):
                found[name] = font
        return found


@dataclass(slots=True)
class _Cell:
    """A filled cell, standing `count` times from `column` on."""

    column: int
    count: int
    style: str
    is_error: bool
    rows: int
    columns: int
    characters: int = 0
    text: str = ""  # the beginning of it
    is_filled: bool = False


class _ContentReader:
    """Gathers the markup of every sheet while content.xml is read."""

    def __init__(self) -> None:
        self.styles = _Styles()
        self.sheets: dict[str, Markup] = {}
        self._extent = Extent()
        self._fonts: dict[str, LegacyFont] = {}
        self._sheet: Markup | None = None
        self._defaults: list[str] = []  # the style of each column
        self._row = 1
        self._row_count = 1
        self._is_hidden = False
        self._column = 0
        self._cells: list[_Cell] = []
        self._cell: _Cell | None = None

    def start(self, tag: str, attributes: XmlAttributes) -> None:
        if tag in _CELLS:
            self._start_cell(attributes)
        elif self._cell is not None:
            self._cell.is_filled = True  # what a cell says stands in paragraphs
        elif tag == "table:table-row":
            self._row_count = _count(attributes, "table:number-rows-repeated")
            self._is_hidden = attributes.get("table:visibility") in _HIDDEN
            self._column = 0
            self._cells = []
        elif tag == "table:table":
            self._start_sheet(attributes.get("table:name", ""))
        elif tag == "table:table-column":
            style = attributes.get("table:default-cell-style-name", "")
            count = _count(attributes, "table:number-columns-repeated")
            self._defaults += [style] * min(count, _MOST_COLUMNS - len(self._defaults))
        elif self._sheet is None:
            self.styles.start(tag, attributes)

    def end(self, tag: str) -> None:
        if tag in _CELLS:
            self._end_cell()
        elif tag == "table:table-row" and self._cell is None:
            self._end_row()
        elif tag == "table:table" and self._sheet is not None:
            self._extent.finish(self._sheet)

    def text(self, text: str) -> None:
        if self._cell is not None:
            self._extent.add_text(len(text))
            self._cell.characters += len(text)
            if len(self._cell.text) < LONGEST_VALUE:
                self._cell.text = (self._cell.text + text)[:LONGEST_VALUE]

    def _start_sheet(self, name: str) -> None:
        if name in self.sheets:
            raise BrokenWorkbook(name)
        if self._sheet is None:
            self._fonts = self.styles.legacy()
        self._sheet = self.sheets[name] = Markup(name)
        self._defaults = []
        self._row = 1

    def _start_cell(self, attributes: XmlAttributes) -> None:
        self._cell = _Cell(
            column=self._column,
            count=_count(attributes, "table:number-columns-repeated"),
            style=attributes.get("table:style-name", ""),
            is_error=attributes.get("calcext:value-type") == "error",
            rows=_count(attributes, "table:number-rows-spanned"),
            columns=_count(attributes, "table:number-columns-spanned"),
            is_filled="office:value-type" in attributes or "table:formula" in attributes,
        )

    def _end_cell(self) -> None:
        cell, self._cell = self._cell, None
        if cell is None or self._sheet is None:
            return
        self._column += cell.count
        if cell.is_filled:
            self._extent.reach(self._sheet, self._row + self._row_count - 1, self._column - 1)
            self._extent.add_text(cell.characters * (cell.count * self._row_count - 1))
            self._cells.append(cell)

    def _end_row(self) -> None:
        rows = range(self._row, self._row + self._row_count)
        self._row = rows.stop
        if self._sheet is None or not self._cells:
            return
        if self._is_hidden:
            self._sheet.hidden.update(rows)
        for cell in self._cells:
            for row in rows:
                self._mark(self._sheet, row, cell)

    def _mark(self, sheet: Markup, row: int, cell: _Cell) -> None:
        for column in range(cell.column, cell.column + cell.count):
            default = self._defaults[column] if column < len(self._defaults) else ""
            if font := self._fonts.get(cell.style or default):
                sheet.fonts[row, column] = font
            if cell.is_error:
                sheet.errors[row, column] = cell.text.strip() or ERROR
        if cell.rows > 1 or cell.columns > 1:
            last = (row + cell.rows - 1, cell.column + cell.columns - 1)
            self._extent.merge(sheet, Merged(row, last[0], cell.column, last[1]))


def _count(attributes: XmlAttributes, name: str) -> int:
    return number_in(attributes.get(name, "1"))
