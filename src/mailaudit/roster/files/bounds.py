"""How large a list may be: the bytes of a file and of its package, its sheets' cells and text."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

from mailaudit.errors import N_
from mailaudit.model.spreadsheet import column_letters
from mailaudit.roster.errors import BrokenWorkbook, TooLarge
from mailaudit.roster.files.sheet import Markup, Merged

MOST_BYTES = 256 * 2**20  # of a file, and of all that is packed in one
MOST_CELLS = 5_000_000  # of all sheets, blank ones between others too: 100,000 people, 50 columns
MOST_CHARACTERS = 100_000_000  # of all cells, a text as often as cells have it
MOST_MERGED = 1_000_000
LONGEST_VALUE = 255  # characters of a value that is looked at itself, such as "#N/A"
# What zipfile raises where a package is not as it expects.
BAD_PACKAGE = (zipfile.BadZipFile, NotImplementedError, ValueError, OSError)
PIECE = 2**18  # bytes
_ENCRYPTED = 0x1
XmlAttributes = dict[str, str]


class Package:
    """A zip package that is known to be small enough to be read.

    Raises:
        BrokenWorkbook: It is not a whole package, or has parts that could be read in two ways.
        TooLarge: It unpacks to more than MOST_BYTES, whatever it says of its size.
    """

    def __init__(self, content: bytes) -> None:
        self._unread = MOST_BYTES
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except BAD_PACKAGE as error:
            raise BrokenWorkbook(str(error)) from None
        self._parts: dict[str, zipfile.ZipInfo] = {}
        for part in self._zip.infolist():
            name = part.filename.lower()
            if name in self._parts or part.compress_type not in {
                zipfile.ZIP_STORED,
                zipfile.ZIP_DEFLATED,
            }:
                raise BrokenWorkbook(part.filename)
            if part.flag_bits & _ENCRYPTED:
                raise BrokenWorkbook("password")
            self._parts[name] = part
        for name in self._parts:
            for _ in self._pieces(name):
                pass
        self._unread = MOST_BYTES  # a part may be read by several sheets, but not endlessly

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def read_xml(
        self,
        name: str,
        start: Callable[[str, XmlAttributes], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Calls `start`, `end` and `text` for what a part of XML has, in its order.

        Names have the prefix the part gives them.

        Raises:
            BrokenWorkbook: There is no such part, or it is not XML in UTF-8 without a DTD.
            TooLarge: Parts were read again and again.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.XmlDeclHandler = _check_declaration
        parser.StartDoctypeDeclHandler = _refuse_dtd
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        try:
            for piece in self._pieces(name.lower()):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise BrokenWorkbook(f"{name}: {error}") from None

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            part = self._parts[name]
            # What a package says of its sizes may be wrong: it is read until its data end.
            part.file_size = MOST_BYTES + 1
            with self._zip.open(part) as stream:
                while piece := stream.read(PIECE):
                    self._unread -= len(piece)
                    if self._unread < 0:
                        raise TooLarge(
                            N_("The workbook {file} unpacks to more than {most} MB."),
                            most=MOST_BYTES // 2**20,
                        )
                    yield piece
        except KeyError:
            raise BrokenWorkbook(name) from None
        except (*BAD_PACKAGE, zlib.error, EOFError) as error:
            raise BrokenWorkbook(f"{name}: {error}") from None


def number_in(text: str) -> int:
    """The number in an attribute. Raises BrokenWorkbook for anything else, or a far greater one."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BrokenWorkbook(text)
    return int(text)


def _check_declaration(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in {"utf-8", "us-ascii"}:
        raise BrokenWorkbook(encoding)


def _refuse_dtd(name: str, *_: object) -> None:
    raise BrokenWorkbook(f"<!DOCTYPE {name}>")


class Extent:
    """Adds up what the values of a workbook take; see MOST_CELLS and MOST_CHARACTERS."""

    def __init__(self) -> None:
        self._cells = 0  # of the sheets that are done
        self._characters = 0

    def reach(self, sheet: Markup, row: int, column: int) -> None:
        """Counts a filled cell (row from 1, column from 0) of the sheet. Raises TooLarge."""
        if row <= sheet.rows and column < sheet.columns:
            return
        sheet.rows, sheet.columns = max(sheet.rows, row), max(sheet.columns, column + 1)
        if self._cells + sheet.rows * sheet.columns > MOST_CELLS:
            raise TooLarge(
                N_('The sheet "{sheet}" of {file} reaches to {cell}, far beyond any list.'),
                sheet=sheet.name,
                cell=f"{column_letters(sheet.columns - 1)}{sheet.rows}",
            )

    def add_text(self, characters: int) -> None:
        """Counts the text of cells. Raises TooLarge."""
        self._characters += characters
        if self._characters > MOST_CHARACTERS:
            raise TooLarge(
                N_("The workbook {file} has more than {most} million characters of text."),
                most=MOST_CHARACTERS // 10**6,
            )

    def merge(self, sheet: Markup, merged: Merged) -> None:
        """Keeps joined cells of the sheet. Raises TooLarge."""
        sheet.merged.append(merged)
        if len(sheet.merged) > MOST_MERGED:
            raise TooLarge(
                N_('The sheet "{sheet}" of {file} has more than {most} million merged cells.'),
                sheet=sheet.name,
                most=MOST_MERGED // 10**6,
            )

    def finish(self, sheet: Markup) -> None:
        """Counts a sheet that was looked through to its end."""
        self._cells += sheet.rows * sheet.columns
