"""CSV files: which letters the bytes are, which separator splits them, and their rows."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import normalize

from mailaudit.errors import N_, RosterError
from mailaudit.roster.errors import BadCsv
from mailaudit.roster.files.legacy_text import (
    ENCODINGS,
    NAMES,
    are_unicode,
    converted,
    is_syllable,
    marked_if_doubtful,
    marked_words,
    read_as,
)
from mailaudit.roster.files.sheet import Row, Sheet

SEPARATORS = (",", ";", "\t")
CP1258 = "cp1258"  # what Windows writes in Vietnam where it does not write Unicode
# Of the words with marks, this share has to be Vietnamese for a file to be taken as read rightly:
# a name from abroad is not a syllable, but a wrong encoding spoils nearly every word.
LEAST_SHARE = 0.9
SAMPLE = 4000  # words


def csv_sheets(file: Path, content: bytes, encoding: str | None) -> tuple[Sheet, ...]:
    """The file split at each separator; the right one is the one that finds a header.

    Raises:
        RosterError: The bytes are not text of any known encoding, or of one that has to be named.
    """
    text, name = _decoded(file, content, encoding)
    letters = _Letters(encoding if encoding in ENCODINGS else None, are_unicode(text.splitlines()))
    return tuple(
        Sheet(
            "",
            _CsvRows(file, text, separator, letters),
            ragged=True,
            note=N_("text as {encoding}"),
            note_values=(("encoding", name),),
        )
        for separator in SEPARATORS
    )


def _decoded(file: Path, content: bytes, encoding: str | None) -> tuple[str, str]:
    """The text, and what it was encoded in."""
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _strictly(file, content, codec), codec.removesuffix("-sig").upper()
    if encoding in (None, "utf-16", *ENCODINGS) and b"\0" in content:
        codec = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
        return _strictly(file, content, codec), "UTF-16"
    try:
        # Hardly any other text is valid UTF-8, and one setting serves several files.
        return content.decode("utf-8"), NAMES.get(encoding or "", "UTF-8")
    except UnicodeDecodeError:
        pass
    if encoding in ENCODINGS:
        return content.decode("latin-1"), NAMES[encoding]
    if encoding is not None:
        return _strictly(file, content, encoding), encoding.upper()
    return _recognised(file, content)


def _strictly(file: Path, content: bytes, codec: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RosterError(
            N_("Line {line} of the list {file} is not {encoding} text."),
            N_('Save it from Excel as "CSV UTF-8", or as .xlsx.'),
            line=line,
            file=file,
            encoding=codec.removesuffix("-sig").upper(),
        ) from None


def _recognised(file: Path, content: bytes) -> tuple[str, str]:
    """The text of 8-bit bytes, where nearly all its words are Vietnamese in cp1258.

    TCVN3 and VNI are only ever asked about.

    Raises:
        RosterError: They are not; it names the encoding in which most words are.
    """
    try:
        text = normalize("NFC", content.decode(CP1258))
    except UnicodeDecodeError:
        text = ""
    shares = {CP1258: _vietnamese_share(text)} if text else {}
    western = content.decode("latin-1")
    for encoding in ENCODINGS:
        words = [converted(word, encoding) for word in marked_words(western)[:SAMPLE]]
        right = sum(map(is_syllable, words))
        shares[encoding] = right / len(words) if words else 0.0
    likely = max(shares, key=lambda name: shares[name])
    if likely == CP1258 and shares[CP1258] >= LEAST_SHARE:
        return text, CP1258
    if shares[likely] >= LEAST_SHARE:
        example = next(w for w in marked_words(western) if is_syllable(converted(w, likely)))
        raise RosterError(
            N_('The list {file} looks like {font} text: "{text}" would say "{seen}".'),
            N_(
                'If so, write roster.encoding = "{encoding}" in the configuration; otherwise save'
                ' the list from Excel as "CSV UTF-8", or as .xlsx.'
            ),
            file=file,
            font=NAMES[likely],
            text=example,
            seen=converted(example, likely),
            encoding=likely,
        )
    raise RosterError(
        N_("The list {file} is not UTF-8 text."),
        N_('Save it from Excel as "CSV UTF-8", or as .xlsx.'),
        file=file,
    )


def _vietnamese_share(text: str) -> float:
    words = marked_words(text)[:SAMPLE]
    return sum(map(is_syllable, words)) / len(words) if words else 0.0


@dataclass(frozen=True, slots=True)
class _Letters:
    """Turns a cell's text into Unicode, or marks it as doubtful; remembers what it has seen."""

    encoding: str | None
    among_unicode: bool
    _seen: dict[str, str] = field(default_factory=dict)

    def cells(self, cells: list[str]) -> list[str]:
        return [cell if cell.isascii() else self._cell(cell) for cell in cells]

    def _cell(self, text: str) -> str:
        if text not in self._seen:
            among = self.among_unicode
            self._seen[text] = (
                marked_if_doubtful(text, among_unicode=among)
                if self.encoding is None
                else read_as(text, self.encoding, among_unicode=among)
            )
        return self._seen[text]


@dataclass(frozen=True, slots=True)
class _CsvRows:
    """A CSV text's rows, parsed anew at each iteration; a row's number is its first line's."""

    file: Path
    text: str
    separator: str
    letters: _Letters

    def __iter__(self) -> Iterator[Row]:
        # strict: a quotation mark that is never closed would swallow the rows after it.
        reader = csv.reader(
            io.StringIO(self.text, newline=""), delimiter=self.separator, strict=True
        )
        line = 1
        try:
            for cells in reader:
                yield Row(f"{self.file.name}:{line}", self.letters.cells(cells), line)
                line = reader.line_num + 1
        except csv.Error:
            raise BadCsv(
                N_("{row} of the list {file} is not valid CSV."),
                N_("Look for a quotation mark that is not closed, or save the list as .xlsx."),
                row=f"{self.file.name}:{line}",
                file=self.file,
            ) from None
