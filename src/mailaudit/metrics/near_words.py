"""Which word of the rules a category or status of a staff list most likely means.

A suggestion for people to decide on; it takes nobody out of scope.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from mailaudit.model.rules import Rules
from mailaudit.model.usage import UnnamedWord, WordKind
from mailaudit.model.wording import without_accents

_LISTS = {
    WordKind.CATEGORY: ("exempt_categories", "in_scope_categories"),
    WordKind.STATUS: (
        "excluded_statuses", "joined_statuses", "left_statuses", "in_scope_statuses",
    ),
}  # fmt: skip
# Contracts by Nghị định 68/2000, 161/2018 and 111/2022; "hợp đồng làm việc" is a viên chức's.
_CONTRACT = re.compile(
    r"(ld ?)?hd( ?ld)?( theo)?(( ?nd)?( ?cp)?( so)? ?(68|111|161)( \d{4})?( nd)?( cp)?)?"
    r"|(nguoi|n) ?ld"
)
_SHORT = {"hop dong": "hd", "lao dong": "ld", "nghi dinh": "nd"}
_MEANT = {  # what offices write, without accents, for words of the rules as they ship
    "cb": "cán bộ", "cc": "công chức", "vc": "viên chức", "cbcc": "công chức", "ccvc": "viên chức",
    "cbccvc": "viên chức", "ts": "thai sản", "sinh con": "thai sản", "nghi de": "thai sản",
    "khong huong luong": "không lương", "du hoc": "đi học", "dao tao": "đi học",
    "huu tri": "nghỉ hưu", "ve huu": "nghỉ hưu", "huu": "nghỉ hưu", "nghi viec": "thôi việc",
    "cham dut hop dong": "thôi việc", "chuyen di": "chuyển công tác",
    "da chuyen": "chuyển công tác", "tuyen moi": "mới tuyển", "moi nhan viec": "mới tuyển",
    "dang lam": "đang làm việc", "lam viec": "đang làm việc", "di lam": "đang làm việc",
    "binh thuong": "đang làm việc", "cong tac": "đang công tác",
}  # fmt: skip
_CLOSE = 0.85  # of difflib's ratio: a letter or two mistyped
_LEAST_WORDS = 2  # of a beginning: "nghỉ" begins too many words


@dataclass(frozen=True, slots=True)
class NearWord:
    """A word of the rules that another most likely means, and the key of its list."""

    word: str
    key: str


def near_word(unnamed: UnnamedWord, rules: Rules) -> NearWord | None:
    """The one the unnamed word is short for, contains, begins or misspells; None if there is none.

    "nghỉ thai sản" contains "thai sản", "HĐ 111" is short for "hợp đồng lao động".
    """
    keys = {word: key for key in _LISTS[unnamed.kind] for word in getattr(rules, key)}
    plain = {_plain(word): word for word in sorted(keys)}
    text = _plain(unnamed.word)
    words = _short_for(text, unnamed.kind) + _containing(text, plain) + _close_to(text, plain)
    word = next((word for word in words if word in keys), None)
    return None if word is None else NearWord(word, f"rules.{keys[word]}")


def _short_for(text: str, kind: WordKind) -> list[str]:
    short = text
    for long, brief in _SHORT.items():
        short = short.replace(long, brief)
    if kind is WordKind.CATEGORY and _CONTRACT.fullmatch(short):
        return ["hợp đồng lao động"]
    return [_MEANT[text]] if text in _MEANT else []


def _containing(text: str, plain: dict[str, str]) -> list[str]:
    """Words of the rules that the text has in it, the longest first; then those it begins."""
    longest = sorted(plain, key=len, reverse=True)
    within = [plain[word] for word in longest if word and f" {word} " in f" {text} "]
    meant = [_MEANT[short] for short in _MEANT if " " in short and f" {short} " in f" {text} "]
    begun = [plain[word] for word in longest if word.startswith(f"{text} ")]
    return within + meant + (begun if len(text.split()) >= _LEAST_WORDS else [])


def _close_to(text: str, plain: dict[str, str]) -> list[str]:
    return [plain[word] for word in get_close_matches(text, plain, n=1, cutoff=_CLOSE)]


def _plain(word: str) -> str:
    """The words in lower case, without accents and punctuation: "HĐ-111" -> "hd 111"."""
    text = re.sub(r"(?<=[a-z])(?=\d)|[^a-z0-9]+", " ", without_accents(word.lower()))
    return " ".join(text.split())
