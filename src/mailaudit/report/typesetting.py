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
from typing import Any, Literal

import typst

from mailaudit.report.child_process import draw_in_child

FONT_FOLDER = Path(__file__).parent / "fonts"
SERIF = "Mailaudit Serif"  # brought along: metric twin of Times New Roman
SANS = "Mailaudit Sans"  # brought along


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
        typst.Compiler(source, font_paths=fonts()).compile(pdf_standards=["a-2b"])
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
    """The pages of a template of `templates/`; PNG gives one page.

    The same arguments and fonts give the same bytes.

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
    )
    if not isinstance(content, bytes):
        raise TypeError(f"{template} must be one page")
    return content


def _compiled(source: bytes, *, own_fonts_only: bool, **options: Any) -> object:  # noqa: ANN401
    compiler = typst.Compiler(source, font_paths=fonts(own_only=own_fonts_only))
    return compiler.compile(**options)
