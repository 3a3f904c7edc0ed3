"""Codes of units that people type: what a message names where there is no such unit."""

from collections.abc import Mapping
from difflib import SequenceMatcher, get_close_matches

_SUGGESTED = 3  # those most like it
_SHOWN = 10  # enough to see how codes look


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
