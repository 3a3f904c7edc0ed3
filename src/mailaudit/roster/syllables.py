"""What a Vietnamese syllable can look like: tells text from text read in a wrong encoding."""

import re
from functools import lru_cache
from unicodedata import normalize

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
