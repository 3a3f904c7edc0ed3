"""Typesetting: which letters are used, that they hold Vietnamese, and that data stay data."""

import json

import pytest
import typst
from annex_builders import an_annex, as_pdf
from pypdf.generic import DictionaryObject, PdfObject

from mailaudit.report import typesetting
from mailaudit.report.typesetting import FONT_FOLDER, SANS, SERIF, SERIFS, fonts, serif, text_widths

VIETNAMESE = "".join(
    chr(code) for code in (*range(0xC0, 0x180), 0x1A0, 0x1A1, 0x1AF, 0x1B0, *range(0x1EA0, 0x1EFA))
)


class Machine:
    """A machine that has these fonts beside those brought along."""

    def __init__(self, *families: str) -> None:
        self._families = [*families, SERIF, SANS]

    def families(self) -> list[str]:
        return self._families


def the_object(reference: PdfObject) -> DictionaryObject:
    found = reference.get_object()
    assert isinstance(found, DictionaryObject)
    return found


@pytest.mark.parametrize(
    ("families", "used"),
    [
        (("Arial", "Liberation Serif", "Times New Roman"), "Times New Roman"),
        (("Arial", "Liberation Serif"), "Liberation Serif"),
        (("Arial",), SERIF),
    ],
)
def test_serif_is_the_nearest_to_times_new_roman(
    monkeypatch: pytest.MonkeyPatch, families: tuple[str, ...], used: str
) -> None:
    """The form's own letter where it is installed, else its metric twins in turn."""
    monkeypatch.setattr(typesetting, "fonts", lambda: Machine(*families))

    assert serif.__wrapped__() == used


def test_pdf_says_which_letter_it_is_set_in() -> None:
    """Among its keywords; and the letters embedded are of that family."""
    reader = as_pdf(an_annex())
    assert reader.metadata is not None
    used = str(reader.metadata["/Keywords"])
    embedded = the_object(the_object(reader.pages[0]["/Resources"])["/Font"])
    names = [str(font["/BaseFont"]) for font in map(the_object, embedded.values())]

    assert used in SERIFS
    assert names and all(used.replace(" ", "") in name for name in names)


def test_letters_brought_along_hold_vietnamese() -> None:
    """Every letter of the alphabet with each tone, upright, bold and italic, is in the fonts."""
    upright = ('weight: "regular"', 'weight: "bold"')
    for family, styles in ((SERIF, (*upright, 'style: "italic"')), (SANS, upright)):
        for style in styles:
            source = (
                f"#set text(font: {json.dumps(family)}, fallback: false, {style})\n"
                f"#{json.dumps(VIETNAMESE, ensure_ascii=False)}"
            )
            compiler = typst.Compiler(source.encode(), font_paths=fonts(own_only=True))
            # This standard refuses a letter that the font does not have.
            assert compiler.compile(pdf_standards=["a-2b"])


def test_metric_twin_is_as_wide_as_times_new_roman() -> None:
    """Widths of Times New Roman's own tables, in thousandths of the size."""
    for text, thousandths in (("H", 722), ("a", 444), ("0", 500), ("W", 944), ("i", 278)):
        assert text_widths((text,))[0] == pytest.approx(thousandths / 1000, abs=0.002)
    assert text_widths(("H",), bold=True)[0] == pytest.approx(0.778, abs=0.002)


def test_license_of_the_letters_is_brought_along() -> None:
    """The SIL Open Font License asks for it."""
    text = (FONT_FOLDER / "OFL.txt").read_text(encoding="utf-8")

    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "Google" in text


def test_date_of_a_pdf_is_that_of_its_data() -> None:
    """A clock would make each file different."""
    annex = an_annex()
    metadata = as_pdf(annex).metadata

    assert metadata is not None
    assert metadata.creation_date == annex.at.replace(microsecond=0)
