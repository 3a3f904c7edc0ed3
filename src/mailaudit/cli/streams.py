"""The terminal's streams: whatever they can encode, printing never fails."""

import codecs
import io
import os
import sys
from unicodedata import normalize

_PLAIN = {"đ": "d", "Đ": "D", "–": "-", "…": "...", "‘": "'", "’": "'", "“": '"', "”": '"'}
_HANDLER = "mailaudit.plain"


def never_fail_to_print(*, system: str = sys.platform) -> None:
    """Lets letters that stdout or stderr can't encode lose their marks: "Sở Y tế" -> "So Y te".

    A file or a pipe on Windows gets UTF-8, unless PYTHONIOENCODING says otherwise: the code page
    that Python takes there has few Vietnamese letters.
    """
    codecs.register_error(_HANDLER, _plain)
    is_chosen = system != "win32" or "PYTHONIOENCODING" in os.environ
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = None if is_chosen or stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors=_HANDLER)


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
