"""The zip packages that workbooks are: their parts, read piece by piece and never without end."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

from mailaudit.errors import N_
from mailaudit.roster.faults import BrokenWorkbook, TooLarge
from mailaudit.roster.filekind import BAD_PACKAGE
from mailaudit.roster.sheets import MOST_BYTES

PIECE = 2**18  # bytes
_ENCRYPTED = 0x1
Attributes = dict[str, str]


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
        start: Callable[[str, Attributes], None],
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


def _check_declaration(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in {"utf-8", "us-ascii"}:
        raise BrokenWorkbook(encoding)


def _refuse_dtd(name: str, *_: object) -> None:
    raise BrokenWorkbook(f"<!DOCTYPE {name}>")
