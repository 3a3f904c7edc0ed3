"""The order of Vietnamese names: CLDR's for the letters, given name first for people.

Letters: a ă â b c d đ e ê … o ô ơ … u ư … y, as in CLDR's collation "vi". Two words that differ in
tones alone follow the tones: none, huyền, hỏi, ngã, sắc, nặng (`là` before `lả` before `lã` before
`lá` before `lạ`). Two that differ in capitals alone: small letters first.

People stand by given name, then middle names, then family name, as in every Vietnamese list:
`Trần Thị An`, `Lê Văn An`, `Phạm Bình`.
"""

from unicodedata import category, normalize

_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
# The marks that make another letter of a letter, in the order of the letters they make.
_LETTER_MARKS = {"\u0306": 1, "\u0302": 2, "\u031b": 3}
_BARRED = 1  # đ, which has no decomposition, comes right after d

TextOrder = tuple[tuple[tuple[str, int], ...], tuple[int, ...], tuple[bool, ...]]


def text_order(text: str) -> TextOrder:
    """A key that sorts texts in CLDR's Vietnamese order."""
    letters: list[tuple[str, int]] = []
    tones: list[int] = []
    capitals: list[bool] = []
    for character in normalize("NFD", text):
        small = character.lower()
        if character in _TONES and tones:
            tones[-1] = _TONES[character]
        elif character in _LETTER_MARKS and letters:
            letters[-1] = (letters[-1][0], _LETTER_MARKS[character])
        elif small == "đ":
            letters.append(("d", _BARRED))
        elif category(character) not in {"Mn", "Cf"}:
            letters.append((small, 0))
        else:
            continue
        if len(tones) < len(letters):
            tones.append(0)
            capitals.append(character != small)
    return tuple(letters), tuple(tones), tuple(capitals)


def person_order(name: str) -> tuple[TextOrder, TextOrder, TextOrder]:
    """A key that sorts people by given name, middle names, family name."""
    words = name.split()
    family, middle, given = words[:1], words[1:-1], words[-1:]
    if len(words) == 1:
        family = []
    return text_order(" ".join(given)), text_order(" ".join(middle)), text_order(" ".join(family))
