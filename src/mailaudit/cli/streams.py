"""The terminal's streams: whatever they can encode, printing never fails."""

import codecs
import io
import sys
from unicodedata import normalize

_PLAIN = {"đ": "d", "Đ": "D", "–": "-", "…": "...", "‘": "'", "’": "'", "“": '"', "”": '"'}
_HANDLER = "mailaudit.plain"


def never_fail_to_print() -> None:
    """Lets letters that stdout or stderr can't encode lose their marks: "Sở Y tế" -> "So Y te".

    A console or a pipe on Windows may have a code page without Vietnamese letters.
    """
    codecs.register_error(_HANDLER, _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def _plain(error: UnicodeError) -> tuple[str | bytes, int]:
    """What stands for the letters that can't be encoded: ASCII."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    return "".join(map(_plain_letter, letters)), error.end


def _plain_letter(letter: str) -> str:
    base = normalize("NFD", _PLAIN.get(letter, letter))
    kept = "".join(part for part in base if part.isascii())
    # A mark by itself belongs to the letter before it.
    return kept or ("" if normalize("NFC", "a" + letter) != "a" + letter else "?")
