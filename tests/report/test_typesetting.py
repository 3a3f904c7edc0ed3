"""Typesetting: which letters are used, that they hold Vietnamese, and that data stay data."""

import json
from io import BytesIO

import pytest
import typst
from annex_builders import an_annex, as_pdf
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, PdfObject

from mailaudit.report.annex.pdf import render_pdf
from mailaudit.report.typesetting import FONT_FOLDER, SANS, SERIF, fonts, text_widths, typeface

VIETNAMESE = "".join(
    chr(code) for code in (*range(0xC0, 0x180), 0x1A0, 0x1A1, 0x1AF, 0x1B0, *range(0x1EA0, 0x1EFA))
)


def the_object(reference: PdfObject) -> DictionaryObject:
    found = reference.get_object()
    assert isinstance(found, DictionaryObject)
    return found


@pytest.mark.parametrize(
    ("named", "text", "used"),
    [
        (None, "Báo cáo", SERIF),
        (SANS, "Báo cáo tỷ lệ sử dụng", SANS),
        (SANS, "Báo cáo 報告", SERIF),
        (SANS, 'quotes " \\ and #marks', SANS),
        ("Not On This Machine", "Báo cáo", SERIF),
    ],
)
def test_typeface_named_is_used_where_it_has_every_letter(
    named: str | None, text: str, used: str
) -> None:
    """A document never mixes two typefaces because the one named lacks letters."""
    assert typeface(named, text) == used


@pytest.mark.parametrize(("named", "used"), [(None, SERIF), (SANS, SANS)])
def test_pdf_is_set_in_one_typeface_and_says_which(named: str | None, used: str) -> None:
    """Among its keywords; all letters embedded are of that family."""
    reader = PdfReader(BytesIO(render_pdf(an_annex(), named)))
    assert reader.metadata is not None
    embedded = the_object(the_object(reader.pages[0]["/Resources"])["/Font"])
    names = [str(font["/BaseFont"]) for font in map(the_object, embedded.values())]

    assert str(reader.metadata["/Keywords"]) == used
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
