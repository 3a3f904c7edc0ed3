"""Text of the fonts from before Unicode: TCVN3 (".VnTime") and VNI ("VNI-Times").

Such fonts draw Vietnamese letters in the places of Western European ones, so a file holds
"NguyÔn V¨n An" where a person sees "Nguyễn Văn An".
"""

import re
from dataclasses import dataclass

from mailaudit.errors import N_
from mailaudit.roster.faults import UnreadableText
from mailaudit.roster.syllables import is_vietnamese

TCVN3 = "tcvn3"
VNI = "vni"
ENCODINGS = (TCVN3, VNI)
NAMES = {TCVN3: "TCVN3", VNI: "VNI"}

_TCVN3_LETTERS = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
_FROM_TCVN3 = {
    first + offset: letter
    for first, letters in _TCVN3_LETTERS.items()
    for offset, letter in enumerate(letters)
}
# VNI writes a letter and its mark one after the other.
_VNI_MARKS = {
    **{base: dict(zip("ùøûõï", toned, strict=True)) for base, toned in {
        "e": "éèẻẽẹ", "o": "óòỏõọ", "u": "úùủũụ", "ô": "ớờởỡợ", "ö": "ứừửữự",
    }.items()},
    "a": dict(zip("ùøûõïêéèúüëâáàåãä", "áàảãạăắằẳẵặâấầẩẫậ", strict=True)),
    "y": dict(zip("ùøûõ", "ýỳỷỹ", strict=True)),
}  # fmt: skip
_VNI_MARKS["e"] |= dict(zip("âáàåãä", "êếềểễệ", strict=True))
_VNI_MARKS["o"] |= dict(zip("âáàåãä", "ôốồổỗộ", strict=True))
_VNI_SINGLE = dict(zip("íìæóòîñôö", "íìỉĩịỵđơư", strict=True))
_VNI_PAIRS = {
    base + mark: letter for base, marks in _VNI_MARKS.items() for mark, letter in marks.items()
}
_FROM_VNI = _VNI_PAIRS | _VNI_SINGLE
_FROM_VNI |= {text.upper(): letter.upper() for text, letter in _FROM_VNI.items()}
# A capital with the mark of a small letter, as "Shift" let go too early types it.
_FROM_VNI |= {text[0].upper() + text[1:]: letter.upper() for text, letter in _VNI_PAIRS.items()}
_VNI_TOKEN = re.compile(
    "|".join(sorted(map(re.escape, _FROM_VNI), key=len, reverse=True)) + r"|[\x80-\xff]"
)
_BEYOND_LATIN_1 = re.compile(r"[^\W\d_\x00-\xff]")  # a letter no legacy text has
_LEGACY_FONT = re.compile(r"(?P<tcvn3>\.Vn.*?(?P<capitals>H)?)|(?P<vni>VNI[- ].*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LegacyFont:
    """A font from before Unicode. Its capitals draw small letters as capitals."""

    name: str
    encoding: str
    capitals: bool

    def read(self, text: str) -> str:
        """The text a person sees in this font; unreadable where it only makes sense in another."""
        if not _may_be_legacy(text):
            return text.upper() if self.capitals and text.isascii() else text
        seen = converted(text, self.encoding)
        if (seen is None or not is_vietnamese(seen)) and is_vietnamese(text):
            return UnreadableText.because(
                text,
                N_(
                    '"{text}" is set in the font {font}, but reads as Unicode;'
                    " set the cell in another font if the text is right"
                ),
                text=text,
                font=self.name,
            )
        if seen is None:
            return text
        return seen.upper() if self.capitals else seen


def legacy_font(name: str) -> LegacyFont | None:
    """The legacy font of this name; None for a font of Unicode text."""
    found = _LEGACY_FONT.fullmatch(name.strip())
    if found is None:
        return None
    encoding = TCVN3 if found["tcvn3"] else VNI
    return LegacyFont(name, encoding, capitals=bool(found["capitals"]))


def converted(text: str, encoding: str) -> str | None:
    """The Unicode text of a legacy one; None where it has a character the encoding has not."""
    if encoding == TCVN3:
        if any(
            "\x80" <= letter <= "\xff" and ord(letter) not in _FROM_TCVN3 and letter != "\xa0"
            for letter in text
        ):
            return None
        return text.translate(_FROM_TCVN3)
    known = True

    def letter(found: re.Match[str]) -> str:
        nonlocal known
        known = known and (found[0] in _FROM_VNI or found[0] == "\xa0")
        return _FROM_VNI.get(found[0], found[0])

    seen = _VNI_TOKEN.sub(letter, text)
    return seen if known else None


def readings(text: str) -> dict[str, str]:
    """What text that is no Vietnamese says in each encoding that makes Vietnamese of it."""
    if not _may_be_legacy(text) or is_vietnamese(text):
        return {}
    return {
        encoding: seen
        for encoding in ENCODINGS
        if (seen := converted(text, encoding)) is not None and is_vietnamese(seen)
    }


def doubted(text: str) -> str:
    """The text itself, but unreadable where it is most likely of a legacy encoding.

    Nothing is converted: "Hoà" may be "Hồ" of a VNI font, and only a person can tell. Reading it
    asks for the configuration key that decides.
    """
    found = readings(text)
    if not found:
        return text
    return UnreadableText.because(
        text,
        N_(
            '"{text}" looks like {font} text that says "{seen}"; if so, write'
            ' roster.encoding = "{encoding}" in the configuration, or convert it to Unicode'
        ),
        text=text,
        font=" / ".join(NAMES[encoding] for encoding in found),
        seen=" / ".join(dict.fromkeys(found.values())),
        encoding=next(iter(found)),
    )


def told(text: str, encoding: str) -> str:
    """The text as the configuration says it is encoded; what is Unicode already stays."""
    if not _may_be_legacy(text):
        return text
    seen = converted(text, encoding)
    if seen is None or (is_vietnamese(text) and not is_vietnamese(seen)):
        return text
    return seen


def _may_be_legacy(text: str) -> bool:
    return not text.isascii() and _BEYOND_LATIN_1.search(text) is None
