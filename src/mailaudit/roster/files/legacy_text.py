"""Text of the fonts from before Unicode: TCVN3 (".VnTime") and VNI ("VNI-Times").

Such fonts draw Vietnamese letters in the places of Western European ones, so a file holds
"NguyÔn V¨n An" where a person sees "Nguyễn Văn An".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

from mailaudit.errors import N_
from mailaudit.roster.errors import UnreadableText

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
        seen = read_as(text, self.encoding)
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


def marked_if_doubtful(text: str, *, among_unicode: bool = False) -> str:
    """The text itself, but unreadable where it is most likely of a legacy encoding.

    Nothing is converted: "Hoà" may be "Hồ" of a VNI font, and only a person knows. Reading it
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


def read_as(text: str, encoding: str, *, among_unicode: bool = False) -> str:
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


_MARKS = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
_NO_MARKS = dict.fromkeys(map(ord, _MARKS))
_ONSETS = "b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x|y"
# Every rhyme of the language, tones left away; -k is how names of the highlands end.
_RHYMES = """
a ac ach ai ak am an ang anh ao ap at au ay ăc ăk ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec ek em en eng eo ep et ê êc êch êk êm ên êng ênh êp êt êu
i ia iê iêc iêm iên iêng iêp iêt iêu ich ik im in inh ip it iu
y ya yêm yên yêng yêt yêu ych yn ynh yt yu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt
oc oe oen oeo oet oi ok om on ong ooc oong op ot ô ôc ôi ôk ôm ôn ông ôp ôt ơ ơi ơk ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui uk um un ung uơ uôc uôi uôm uôn uông uôt up ut
uy uya uych uyên uyêt uynh uyt uyu
ư ưa ưc ưi ưk ưm ưn ưng ươ ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
""".split()  # noqa: SIM905 - a list of quoted words would be a page long
_SYLLABLE = re.compile(f"(?:{_ONSETS})?(?:{'|'.join(sorted(_RHYMES, key=len, reverse=True))})")
# In a diphthong the tone stands on its first letter ("chào"), but for uy ("thuý"); gi and qu are
# onsets ("giò", "quý").
_TONE_TOO_LATE = re.compile(f"(?!gi|qu).*[aeiouy][\u0302\u0306\u031b]?(?:(?<!u)y|[oiu])[{_MARKS}]")
# Before a stop there is no huyền, hỏi or ngã: "púch" can be one, "pỳch" can't.
_TONE_BEFORE_STOP = re.compile(r".*[\u0300\u0309\u0303](?:ch|[ckpt])")
# What syllables of the highlands' languages have beyond those of Vietnamese: Krông, Púch, Mlô, Dơr.
_HIGHLAND = re.compile(
    "[bcdđghjklmnpqrstvwxyz]{0,4}"
    "(?:[aăâeêioôơuưy]|ia|iê|ua|uê|uô|uơ|uâ|ưa|ươ|oa|oă|oe|êê|ôô|oo)"
    "(?:ch|ng|nh|[chjklmnprst])?"
)
_CAPITAL_INSIDE = re.compile(r"[a-zß-ÿ][À-Þ]")  # as TCVN3 has them: "NguyÔn"
_BETWEEN_WORDS = re.compile(r"[\s\x00-\x26\x28-\x40\x5b-\x60\x7b-\x7f\u2010-\u2026]+")


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Whether the word is built like a Vietnamese syllable with at most one tone."""
    return _is_built(word, _SYLLABLE)


def is_highland_syllable(word: str) -> bool:
    """Whether the word is built like a syllable of the languages of the Central Highlands."""
    return _CAPITAL_INSIDE.search(word) is None and _is_built(word, _HIGHLAND)


def _is_built(word: str, syllable: re.Pattern[str]) -> bool:
    apart = normalize("NFD", word.lower())
    if sum(letter in _MARKS for letter in apart) > 1 or _TONE_TOO_LATE.fullmatch(apart):
        return False
    if _TONE_BEFORE_STOP.fullmatch(apart):
        return False
    return syllable.fullmatch(normalize("NFC", apart.translate(_NO_MARKS))) is not None


def marked_words(text: str) -> list[str]:
    """The words of the text that have other letters than ASCII ones."""
    return [word for word in _BETWEEN_WORDS.split(text) if not word.isascii()]


def is_vietnamese(text: str) -> bool:
    """Whether every word with a mark is a Vietnamese syllable; true of text without marks."""
    return all(is_syllable(word) for word in marked_words(text))
