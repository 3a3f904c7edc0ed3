"""The markup of .xlsx and .xlsm workbooks."""

import re
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from posixpath import normpath

from mailaudit.errors import N_
from mailaudit.model.spreadsheet import column_index
from mailaudit.roster.errors import BrokenWorkbook, TooLarge
from mailaudit.roster.files.bounds import (
    LONGEST_VALUE,
    MOST_CELLS,
    Extent,
    Package,
    XmlAttributes,
    number_in,
)
from mailaudit.roster.files.legacy_text import LegacyFont, legacy_font
from mailaudit.roster.files.sheet import ERROR, Markup, Merged

_COLUMN = re.compile(r"\$?([A-Z]{1,3})\$?")
_MOST_DIGITS = 7  # of a row's number
_MOST_STYLES = 1_000_000
Targets = dict[str, tuple[str, str]]  # kind and part of a relation, by its id


def markup_of_xlsx(content: bytes) -> Mapping[str, Markup]:
    """The Markup of each sheet by its name.

    Raises:
        BrokenWorkbook: It can't be read.
        TooLarge: Its values would not fit into memory.
    """
    package = Package(content)
    workbook = _part_of(_relations(package, PurePosixPath("/")), "officeDocument")
    relations = _relations(package, workbook)
    extent = Extent()
    styles = _Styles()
    strings = _SharedStrings()
    for kind, part in relations.values():
        if kind == "styles" and part in package:
            package.read_xml(part, styles.start)
        if kind == "sharedStrings" and part in package:
            package.read_xml(part, strings.start, text=strings.text)
    found: dict[str, Markup] = {}
    for name, relation in _sheets(package, str(workbook)[1:]):
        if name in found or relation not in relations:
            raise BrokenWorkbook(name)
        kind, part = relations[relation]
        if kind == "worksheet":
            reader = _SheetReader(Markup(name), styles.fonts(), strings.lengths, extent)
            package.read_xml(part, reader.start, text=reader.text)
            found[name] = reader.finish()
    return found


def _relations(package: Package, source: PurePosixPath) -> Targets:
    """What a part of the package, or the package itself ("/"), refers to."""
    found: Targets = {}

    def start(tag: str, attributes: XmlAttributes) -> None:
        if _local(tag) != "Relationship" or attributes.get("TargetMode") == "External":
            return
        identity = attributes.get("Id", "")
        if identity in found:
            raise BrokenWorkbook(identity)
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "")
        # Relative to the folder of the part, or from the root of the package with a slash before
        # it, which some programs forget.
        candidates = [normpath(f"{folder}/{target}").lstrip("/") for folder in (source.parent, "")]
        candidates = candidates[1:] if target.startswith("/") else candidates
        found[identity] = (
            kind,
            next((part for part in candidates if part in package), candidates[0]),
        )

    package.read_xml(str(source.parent / "_rels" / f"{source.name}.rels")[1:], start)
    return found


def _part_of(relations: Targets, wanted: str) -> PurePosixPath:
    parts = [part for kind, part in relations.values() if kind == wanted]
    if len(parts) != 1:
        raise BrokenWorkbook(wanted)
    return PurePosixPath("/") / parts[0]


def _sheets(package: Package, workbook: str) -> list[tuple[str, str]]:
    """Name and relation of each sheet, in the order of the workbook."""
    found: list[tuple[str, str]] = []

    def start(tag: str, attributes: XmlAttributes) -> None:
        if _local(tag) == "sheet":
            relation = next((v for key, v in attributes.items() if key.endswith(":id")), "")
            found.append((attributes.get("name", ""), relation))

    package.read_xml(workbook, start)
    return found


class _Styles:
    """Finds the font of each cell style."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._used: list[int] = []  # the font of each style
        self._within = ""

    def start(self, tag: str, attributes: XmlAttributes) -> None:
        name = _local(tag)
        if name in {"fonts", "cellXfs", "cellStyleXfs", "dxfs"}:
            self._within = name
        elif name == "font" and self._within == "fonts":
            self._names.append("")
        elif name == "name" and self._within == "fonts" and self._names:
            self._names[-1] = attributes.get("val", "")
        elif name == "xf" and self._within == "cellXfs":
            self._used.append(number_in(attributes.get("fontId", "0")))
        if len(self._names) + len(self._used) > _MOST_STYLES:
            raise BrokenWorkbook("styles")

    def fonts(self) -> Mapping[str, LegacyFont]:
        """The legacy font of each cell style (its number as text) that has one."""
        legacy = {at: font for at, name in enumerate(self._names) if (font := legacy_font(name))}
        return {str(at): legacy[used] for at, used in enumerate(self._used) if used in legacy}


class _SharedStrings:
    """Measures the texts that cells share, each in characters."""

    def __init__(self) -> None:
        self.lengths = array("Q")

    def start(self, tag: str, _attributes: XmlAttributes) -> None:
        if _local(tag) == "si":
            self.lengths.append(0)
            if len(self.lengths) > MOST_CELLS:
                raise TooLarge(
                    N_("The workbook {file} has more than {most} million texts."),
                    most=MOST_CELLS // 10**6,
                )

    def text(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)


@dataclass(slots=True)
class _SheetReader:
    """Gathers the markup of one sheet while its XML is read."""

    _sheet: Markup
    _fonts: Mapping[str, LegacyFont]
    _lengths: Sequence[int]
    _extent: Extent
    _row: int = 0
    _column: int = -1
    _cell: XmlAttributes | None = None  # the one that is being read
    _is_filled: bool = False
    _has_formula: bool = False
    _has_value: bool = False
    _is_value: bool = False
    _value: str = ""  # the beginning of it
    _characters: int = 0  # of all its text

    def start(self, tag: str, attributes: XmlAttributes) -> None:
        name = _local(tag) if ":" in tag else tag
        self._is_value = False  # behind the last cell come texts of others: the printed footer
        if name == "c":
            self._end_cell()
            reference = attributes.get("r")
            if reference is None:
                self._column += 1
            else:
                self._row, self._column = _cell_at(reference)
            self._cell = attributes
        elif name in {"v", "f", "is"}:
            if self._cell is not None:
                self._is_filled = True
                self._has_formula |= name == "f"
                self._is_value = name == "v"
                self._has_value |= self._is_value
        elif name == "row":
            self._end_cell()
            self._row = number_in(attributes.get("r") or str(self._row + 1))
            self._column = -1
            if attributes.get("hidden") in {"1", "true"}:
                self._sheet.hidden.add(self._row)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def text(self, text: str) -> None:
        self._characters += len(text)
        if self._is_value and len(self._value) < LONGEST_VALUE:
            self._value = (self._value + text)[:LONGEST_VALUE]

    def finish(self) -> Markup:
        self._end_cell()
        self._extent.finish(self._sheet)
        return self._sheet

    def _end_cell(self) -> None:
        if not self._is_filled:
            self._cell = None
            return
        cell, value = self._cell or {}, self._value.strip()
        has_formula, has_value = self._has_formula, self._has_value
        self._cell, self._value = None, ""
        self._is_filled = self._has_formula = self._has_value = self._is_value = False
        sheet, row, column, kind = self._sheet, self._row, self._column, cell.get("t")
        if row > sheet.rows or column >= sheet.columns:
            self._extent.reach(sheet, row, column)
        if kind == "s":
            position = number_in(value or "0")
            if position >= len(self._lengths):
                raise BrokenWorkbook(f"sharedStrings {position}")
            self._characters += self._lengths[position]
        self._extent.add_text(self._characters)
        self._characters = 0
        if self._fonts and (font := self._fonts.get(cell.get("s") or "0")):
            sheet.fonts[row, column] = font
        if kind == "e":
            sheet.errors[row, column] = value or ERROR
        # A formula that gave "" was computed: t="str" and an empty value say so.
        elif has_formula and not value and not (kind == "str" and has_value):
            sheet.uncomputed.add((row, column))

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        (row, column), (last_row, last_column) = _cell_at(first), _cell_at(last or first)
        self._extent.merge(self._sheet, Merged(row, last_row, column, last_column))


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _cell_at(reference: str) -> tuple[int, int]:
    """Row from 1 and column from 0 of "AB12"."""
    letters = reference.rstrip("0123456789")
    number = reference[len(letters) :]
    if not number or len(number) > _MOST_DIGITS:
        raise BrokenWorkbook(reference)
    return int(number), _column_at(letters)


@lru_cache(maxsize=1024)
def _column_at(letters: str) -> int:
    found = _COLUMN.fullmatch(letters.upper())
    if found is None:
        raise BrokenWorkbook(letters)
    return column_index(found[1])
