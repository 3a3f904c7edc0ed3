"""The document and the card are PDF/A-2b, the form in which archives keep files."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest
import typst
from annex_builders import an_annex
from archival_pdf import breaches
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from report_builders import a_report

from mailaudit.locale import LANGUAGES
from mailaudit.model.audience import Audience
from mailaudit.report.annex.pdf import render_pdf
from mailaudit.report.brief import render_brief_pdf
from mailaudit.report.typesetting import (
    NO_LETTER,
    PDF_STANDARD,
    SANS,
    SERIF,
    _compiled,
    _with_known_letters,
    fonts,
)

ANY_TEXT = b"""
#let data = json(bytes(sys.inputs.data))
#set document(title: data.text)
#set text(font: data.font)
#data.text #strong(data.text) #emph(data.text)
"""
PLAIN = b"#set document(date: none)\nplain"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("audience", Audience)
def test_documents_keep_the_standard(lang: str, audience: Audience) -> None:
    """In each language and for each audience."""
    report = a_report(lang=lang, audience=audience)
    assert breaches(render_pdf(an_annex(report))) == []
    assert breaches(render_brief_pdf(report)) == []


def test_document_in_a_typeface_of_the_machine_keeps_the_standard() -> None:
    """The one named is embedded as well."""
    assert breaches(render_pdf(an_annex(), SANS)) == []


def test_pdf_without_the_standard_breaks_it() -> None:
    """The same letters without an output intent, and without saying what it is."""
    plain = typst.Compiler(PLAIN, font_paths=fonts(own_only=True)).compile()
    assert isinstance(plain, bytes)
    found = " ".join(breaches(plain))
    assert "6.2.3" in found
    assert "6.6.4" in found


def _with_script(writer: PdfWriter) -> None:
    action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    script = DictionaryObject({NameObject(name): value for name, value in action.items()})
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(script)


def _with_attachment(writer: PdfWriter) -> None:
    writer.add_attachment("list.csv", b"a,b")


def _without_letters(writer: PdfWriter) -> None:
    for item in list(writer._objects):
        if isinstance(item, DictionaryObject) and item.get("/Type") == "/FontDescriptor":
            for name in ("/FontFile", "/FontFile2", "/FontFile3"):
                item.pop(NameObject(name), None)


def _with_another_title(writer: PdfWriter) -> None:
    writer.add_metadata({"/Title": "Another"})


def _without_intent(writer: PdfWriter) -> None:
    del writer.root_object["/OutputIntents"]


@pytest.mark.parametrize(
    ("damage", "clause"),
    [
        (_with_script, "6.5.1 action /JavaScript"),
        (_with_attachment, "/EmbeddedFiles"),
        (_without_letters, "6.2.11.4"),
        (_with_another_title, "6.6.3 /Title"),
        (_without_intent, "6.2.3"),
    ],
)
def test_what_breaks_the_standard_is_found(
    damage: Callable[[PdfWriter], None], clause: str
) -> None:
    """The check of these tests sees it in the document itself, in which it finds nothing else."""
    writer = PdfWriter(clone_from=BytesIO(render_pdf(an_annex())))
    damage(writer)
    out = BytesIO()
    writer.write(out)
    assert clause in " ".join(breaches(out.getvalue()))


def test_letter_that_no_typeface_has_is_replaced() -> None:
    """The others stay; the standard allows no gap, and a report must come all the same."""
    assert _with_known_letters("Sở 報 Nội vụ 👩") == f"Sở {NO_LETTER} Nội vụ {NO_LETTER}"
    assert _with_known_letters("Nghị định “30” – ≥ 90 %") == "Nghị định “30” – ≥ 90 %"


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=40))
def test_any_text_can_be_set(text: str) -> None:
    """Whatever stands in a name, marks without a letter and joined signs too.

    Control characters are in no text of a report (`readable`).
    """
    content = _compiled(
        ANY_TEXT,
        own_fonts_only=True,
        sys_inputs={"data": json.dumps({"text": text, "font": SERIF}, ensure_ascii=False)},
        format="pdf",
        pdf_standards=[PDF_STANDARD],
        timestamp=datetime(2026, 11, 2, tzinfo=UTC),
    )
    assert isinstance(content, bytes)
    assert breaches(content) == []
