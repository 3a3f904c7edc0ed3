"""Where a Vietnamese tone mark stands: "hoà" and "hòa" are one word, written in two fashions."""

import re
from unicodedata import normalize

_MARKS = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
# Only syllables that end in oa, oe or uy are written both ways; after q, u belongs to the onset.
_ON_LAST = re.compile(
    rf"(?<![qQ])([oO])([aAeE])([{_MARKS}])(?!\w)|(?<![qQ])([uU])([yY])([{_MARKS}])(?!\w)"
)
_AFTER_Q = re.compile(rf"(?<=[qQ])([uU])([{_MARKS}])([yYaAeE])(?!\w)")


def with_tones_placed(text: str) -> str:
    """The text in NFC, tone marks where the older fashion puts them: "hoà, quí" -> "hòa, quí".

    Nothing else changes, so texts that are equal after it differ in no letter and no tone.
    """
    if text.isascii():
        return text
    apart = normalize("NFD", text)
    apart = _ON_LAST.sub(_to_first, apart)
    return normalize("NFC", _AFTER_Q.sub(r"\1\3\2", apart))


def _to_first(found: re.Match[str]) -> str:
    first, last, mark = (part for part in found.groups() if part is not None)
    return first + mark + last
