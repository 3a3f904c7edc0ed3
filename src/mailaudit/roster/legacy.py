"""Text of the fonts from before Unicode: TCVN3 (".VnTime") and VNI ("VNI-Times").

Such fonts draw Vietnamese letters in the places of Western European ones, so a file holds
"NguyÔn V¨n An" where a person sees "Nguyễn Văn An".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mailaudit.errors import N_
from mailaudit.roster.faults import UnreadableText
from mailaudit.roster.syllables import (
    is_highland_syllable,
    is_syllable,
    is_vietnamese,
    marked_words,
)

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
_VNI_TOKEN = re.compile("|".join(sorted(map(re.escape, _FROM_VNI), key=len, reverse=True)))
_BEYOND_LATIN_1 = re.compile(r"[^\W\d_\x00-\xff]|[\u0300-\u036f]")  # no legacy text has these
_ONLY_LEGACY = re.compile(  # letters and signs no Vietnamese word has, a capital inside a word
    "[^\x00-\x7fàáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ]|(?<=[a-zß-ÿ])[À-Þ]"
)
_LEGACY_FONT = re.compile(r"(?P<tcvn3>\.Vn.*?(?P<capitals>H)?)|(?P<vni>VNI[- ].*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LegacyFont:
    """A font from before Unicode. Its capitals draw small letters as capitals."""

    name: str
    encoding: str
    capitals: bool

    def read(self, text: str, *, also_unicode: bool) -> str:
        """The text a person sees in this font.

        Args:
            also_unicode: Whether other cells in this font are Unicode; text that makes sense both
                ways is unreadable then.
        """
        if text.isascii():
            return text.upper() if self.capitals else text
        seen = told(text, self.encoding)
        if seen == text:
            return seen
        if also_unicode and is_vietnamese(text):
            return UnreadableText.because(
                text,
                N_(
                    '"{text}" may say "{seen}": its font {font} is used for both; type it anew in'
                    " another font"
                ),
                text=text,
                seen=seen,
                font=self.name,
            )
        return seen.upper() if self.capitals else seen


def legacy_font(name: str) -> LegacyFont | None:
    """The legacy font of this name; None for a font of Unicode text."""
    found = _LEGACY_FONT.fullmatch(name.strip())
    if found is None:
        return None
    encoding = TCVN3 if found["tcvn3"] else VNI
    return LegacyFont(name, encoding, capitals=bool(found["capitals"]))


def converted(text: str, encoding: str) -> str:
    """The Unicode text of a legacy one; what the encoding has no letter for stays as it is."""
    if encoding == TCVN3:
        return text.translate(_FROM_TCVN3)
    return _VNI_TOKEN.sub(lambda found: _FROM_VNI[found[0]], text)


def readings(text: str, *, among_unicode: bool = False) -> dict[str, str]:
    """What text with words that are no Vietnamese says in each encoding that makes them so.

    Args:
        among_unicode: Whether the text around it is Unicode, as `are_unicode` says.
    """
    surely = is_surely_unicode(text)
    doubtful = [
        word
        for word in marked_words(text)
        if not is_syllable(word)
        and _BEYOND_LATIN_1.search(word) is None
        and not (surely and _ONLY_LEGACY.search(word) is None)
        and not (among_unicode and is_highland_syllable(word))
    ]
    return {
        encoding: converted(text, encoding)
        for encoding in (ENCODINGS if doubtful else ())
        if all(is_syllable(converted(word, encoding)) for word in doubtful)
    }


def doubted(text: str, *, among_unicode: bool = False) -> str:
    """The text itself, but unreadable where it is most likely of a legacy encoding.

    Nothing is converted: "Hoà" may be "Hồ" of a VNI font, and only a person can tell. Reading it
    asks for the configuration key that decides.
    """
    found = readings(text, among_unicode=among_unicode)
    if not found:
        return text
    return UnreadableText.because(
        text,
        N_(
            '"{text}" looks like {font} text that says "{seen}"; if so, write'
            " roster.encoding = {choice} in the configuration, or convert it to Unicode"
        ),
        text=text,
        font=" / ".join(NAMES[encoding] for encoding in found),
        seen=" / ".join(dict.fromkeys(found.values())),
        choice=" / ".join(f'"{encoding}"' for encoding in found),
    )


def told(text: str, encoding: str, *, among_unicode: bool = False) -> str:
    """The text as a person or its font says it is encoded; what is Unicode already stays.

    Unreadable where one half is legacy text and the other is Unicode.
    """
    if text.isascii():
        return text
    surely = is_surely_unicode(text)
    if (surely or among_unicode) and not readings(text, among_unicode=among_unicode):
        return text
    if surely:
        return UnreadableText.because(
            text,
            N_('"{text}" is part Unicode, part {font} text; type it anew'),
            text=text,
            font=NAMES[encoding],
        )
    seen = converted(text, encoding)
    return text if is_vietnamese(text) and not is_vietnamese(seen) else seen


def are_unicode(texts: Iterable[str]) -> bool:
    """Whether most of these texts, of those with marks, have a letter that no legacy text has.

    Then what could be either in a text between them is Unicode: "Púch", "xã".
    """
    marked = [is_surely_unicode(text) for text in set(texts) if not text.isascii()]
    return sum(marked) > len(marked) / 2


def is_surely_unicode(text: str) -> bool:
    """Whether the text has a letter that no legacy text has."""
    return not text.isascii() and _BEYOND_LATIN_1.search(text) is not None
