"""Codes of units that people type: which is meant, what a message names where there is none."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches
from unicodedata import normalize

_SUGGESTED = 3  # those most like it
_SHOWN = 10  # enough to see how codes look


def meant_code(typed: str, known: Iterable[str]) -> str | None:
    """The known code that was typed, in whatever case: H01 for h01. None where it is none, or where
    codes differ in case alone and none is exactly this one.
    """
    codes = tuple(known)
    if typed in codes:
        return typed
    alike = [code for code in codes if _folded(code) == _folded(typed)]
    return alike[0] if len(alike) == 1 else None


def _folded(code: str) -> str:
    return normalize("NFC", code).casefold()


def similar_codes(code: str, names: Mapping[str, str]) -> str:
    """The known codes most like this one, with their units' names; "" where none is like it.

    Args:
        names: The names of the units, by code.
    """
    known = {text.casefold(): known for known, name in names.items() for text in (name, known)}
    likeness = SequenceMatcher(b=code.casefold())

    def unlike(text: str) -> float:
        likeness.set_seq1(text)
        return -likeness.ratio()

    # Those equally like it in the order of the alphabet: H01 before H51, to whoever types H1.
    close = sorted(get_close_matches(code.casefold(), known, n=len(known) or 1))
    close = sorted(close, key=unlike)[:_SUGGESTED]
    return ", ".join(dict.fromkeys(f"{known[text]} ({names[known[text]]})" for text in close))


def first_codes(names: Mapping[str, str]) -> str:
    """The first of the known codes."""
    return ", ".join(list(names)[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
