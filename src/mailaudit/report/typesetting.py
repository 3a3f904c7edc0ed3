"""Typesetting with Typst: a template of this package and its data become PDF or PNG.

Everything a template prints reaches it as data (JSON in `sys.inputs`), never as Typst markup, so
no text can act.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal
from unicodedata import category, normalize

import typst

from mailaudit.report.child_process import draw_in_child

FONT_FOLDER = Path(__file__).parent / "fonts"
SERIF = "Mailaudit Serif"  # brought along: metric twin of Times New Roman
SANS = "Mailaudit Sans"  # brought along
# What archives ask for (ISO 19005-2, level B). Typst refuses what it does not allow.
PDF_STANDARD: Final = "a-2b"
NO_LETTER = "\N{REPLACEMENT CHARACTER}"  # stands for one that no typeface has


@cache
def fonts(*, own_only: bool = False) -> typst.Fonts:
    """The fonts brought along and, unless `own_only`, those of this machine."""
    return typst.Fonts(
        include_system_fonts=not own_only,
        include_embedded_fonts=False,
        font_paths=[FONT_FOLDER],
    )


def typeface(named: str | None, text: str) -> str:
    """The family to set `text` in: the one named where it has every letter, else SERIF.

    Some versions of a typeface lack most Vietnamese letters, and a document in two typefaces is
    not fit to be signed.

    Args:
        named: A family of this machine; None for the one that is the same on every machine.
    """
    if named is None or named not in fonts().families():
        return SERIF
    letters = "".join(sorted(set(text)))
    source = _LETTERS.format(font=_quoted(named), letters=_quoted(letters)).encode()
    try:  # this standard refuses a letter that the typeface does not have
        typst.Compiler(source, font_paths=fonts()).compile(pdf_standards=[PDF_STANDARD])
    except typst.TypstError:
        return SERIF
    return named


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


_LETTERS = """
#set text(font: {font}, fallback: false)
#let letters = {letters}
#letters #strong(letters) #emph(letters)
"""


@cache
def text_widths(texts: tuple[str, ...], *, bold: bool = False) -> tuple[float, ...]:
    """How long each text is on one line in Times New Roman, in multiples of the letters' size.

    Measured in the metric twin that is brought along, so it is the same on every machine.
    """
    weight = "bold" if bold else "regular"
    data = json.dumps({"texts": texts, "font": SERIF, "weight": weight}, ensure_ascii=False)
    return tuple(json.loads(draw_in_child(_measured, data)))


def _measured(data: str) -> str:
    compiler = typst.Compiler(_MEASURE, sys_inputs={"data": data}, font_paths=fonts(own_only=True))
    return str(compiler.query("<widths>", field="value", one=True))


_MEASURE = b"""
#let data = json(bytes(sys.inputs.data))
#set text(font: data.font, weight: data.weight, size: 100pt)
#context [#metadata(data.texts.map(it => measure(text(it)).width / 100pt))<widths>]
"""


def typeset(
    template: str,
    data: object,
    *,
    at: datetime,
    kind: Literal["pdf", "png"] = "pdf",
    pixels_per_inch: float | None = None,
    own_fonts_only: bool = False,
    inputs: Mapping[str, str] | None = None,
) -> bytes:
    """The pages of a template of `templates/`, as PDF/A-2b or PNG; PNG gives one page.

    The same arguments and fonts give the same bytes. A letter that no typeface has is replaced in
    PDF by NO_LETTER, for the standard allows no gap.

    Args:
        data: What the template reads as `json(bytes(sys.inputs.data))`.
        at: The age the document gives itself.
        own_fonts_only: Leaves out the fonts of the machine, so that every machine makes the same.
        inputs: Further texts for `sys.inputs`.
    """
    source = files("mailaudit.report").joinpath("templates", template).read_bytes()
    content = draw_in_child(
        _compiled,
        source,
        own_fonts_only=own_fonts_only,
        format=kind,
        ppi=pixels_per_inch,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False), **(inputs or {})},
        timestamp=at.astimezone(UTC).replace(microsecond=0),
        pdf_standards=[PDF_STANDARD] if kind == "pdf" else [],
    )
    if not isinstance(content, bytes):
        raise TypeError(f"{template} must be one page")
    return content


def _compiled(
    source: bytes,
    *,
    own_fonts_only: bool,
    sys_inputs: Mapping[str, str],
    **options: Any,  # noqa: ANN401
) -> object:
    def compiled() -> object:
        compiler = typst.Compiler(source, font_paths=fonts(own_only=own_fonts_only))
        return compiler.compile(sys_inputs=dict(sys_inputs), **options)

    # The standard refuses a letter that no typeface has; a report is made all the same.
    for shown in (_with_known_letters, _with_known_letters_alone):
        try:
            return compiled()
        except typst.TypstError:
            sys_inputs = {name: shown(text) for name, text in sys_inputs.items()}
    return compiled()


def _with_known_letters(text: str) -> str:
    """The text with NO_LETTER for each letter that none of the fonts brought along has."""
    letters = "".join(sorted(letter for letter in set(text) if not letter.isascii()))
    unknown = _unknown(letters)
    return "".join(NO_LETTER if letter in unknown else letter for letter in text)


def _with_known_letters_alone(text: str) -> str:
    """The same without marks and signs that join letters, which need one font with both."""
    composed = normalize("NFC", text)
    return _with_known_letters("".join(one for one in composed if category(one) not in _JOINING))


_JOINING = frozenset({"Mn", "Mc", "Me", "Cf"})


def _unknown(letters: str) -> set[str]:
    """Those of the letters that none of the fonts brought along has, found by halves."""
    source = _LETTERS_BROUGHT.format(font=_quoted(SERIF), letters=_quoted(" ".join(letters)))
    try:
        compiler = typst.Compiler(source.encode(), font_paths=fonts(own_only=True))
        compiler.compile(pdf_standards=[PDF_STANDARD])
    except typst.TypstError:
        middle = len(letters) // 2
        if not middle:
            return {letters}
        return _unknown(letters[:middle]) | _unknown(letters[middle:])
    return set()


_LETTERS_BROUGHT = """
#set text(font: {font})
#{letters}
"""
