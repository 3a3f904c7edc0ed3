"""How words of staff lists and rules are compared, and shown."""

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import combining, normalize

from mailaudit.model.tones import with_tones_placed

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@lru_cache(maxsize=4096)  # a staff list of any length knows few categories and statuses
def folded(text: str) -> str:
    """The text as categories, job titles and statuses are compared: NFC, one case, single spaces.

    Accents and đ stay what they are: `" Thai  SẢN "` equals `"thai sản"`, not `"thai san"`. Where
    a tone mark stands does not matter: `"đi học khoá"` equals `"đi học khóa"`.
    """
    return " ".join(with_tones_placed(text).casefold().split())


def without_accents(text: str) -> str:
    """The text with base letters only: "Đỗ Ước" -> "Do Uoc"."""
    plain = normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in plain if not combining(letter))


def readable(text: str) -> str:
    """Text from people or servers with what no document can hold shown as U+FFFD."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def on_one_line(text: str) -> str:
    """The text without line ends and anything else that is not seen, which are single spaces."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def first_of(texts: Sequence[object], most: int) -> str:
    """The first of them in a row, with an ellipsis where there are more."""
    return ", ".join(map(str, texts[:most])) + (", …" if len(texts) > most else "")
