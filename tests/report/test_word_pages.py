"""The DOCX against the schema of its format, and its pages against those of the PDF."""

import os
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

import pytest
from annex_builders import LETTERHEAD, an_annex, as_pdf, squeezed
from hostile_texts import HOSTILE_TEXTS
from lxml import etree
from pypdf import PdfReader
from report_builders import a_report

from debian import wanting
from mailaudit.locale import LANGUAGES
from mailaudit.model.audience import Audience
from mailaudit.report.annex.compose import compose_sections
from mailaudit.report.annex.content import Annex, Letterhead
from mailaudit.report.annex.word import render_word
from mailaudit.report.typesetting import FONT_FOLDER, SERIF

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("wordprocessing.xsd")))
READ = ("document", "styles", "settings", "header", "footer")  # parts that the schema knows
OPEN = """[title] T
[subject] S
{lines}
Hết.

[appendix wide] A
[table] ranking
"""
FONTS = f"""<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{FONT_FOLDER}</dir><cachedir prefix="xdg">fontconfig</cachedir>
<match target="pattern"><edit name="family" mode="assign" binding="strong">
<string>{SERIF}</string></edit></match></fontconfig>"""


def faults(content: bytes) -> Iterator[str]:
    """What the schema does not allow in the parts of a DOCX."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        for name in package.namelist():
            part = Path(name)
            if part.parent.name != "word" or part.stem.rstrip("0123456789") not in READ:
                continue
            if not SCHEMA.validate(etree.fromstring(package.read(name))):
                yield f"{name}: {SCHEMA.error_log}"


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_parts_keep_to_the_schema(lang: str, audience: Audience) -> None:
    """Order, number and values of elements; Word offers to repair a file that breaks it."""
    report = a_report(lang=lang, audience=audience, illustrative=True)

    assert list(faults(render_word(an_annex(report)))) == []
    assert list(faults(render_word(compose_sections(report, LETTERHEAD)))) == []


def test_hostile_texts_keep_to_the_schema() -> None:
    """No text makes an element that the schema does not have."""
    letterhead = Letterhead(signer=tuple(HOSTILE_TEXTS), recipients=tuple(HOSTILE_TEXTS))

    assert list(faults(render_word(an_annex(letterhead=letterhead)))) == []


def test_schema_sees_what_is_wrong() -> None:
    """A second pgNumType, an element out of place and a section that ends with a table."""
    content = render_word(an_annex())
    with zipfile.ZipFile(BytesIO(content)) as package:
        whole = package.read("word/document.xml").decode()
    number = '<w:pgNumType w:start="1"/>'
    for right, wrong in (
        (number, number * 2),
        ("<w:cols", "<w:titlePg/><w:cols"),
        ("<w:cantSplit/>", "<w:cantSplit/><w:splitNot/>"),
        ("</w:tbl><w:p>", "</w:tbl><w:tbl/><w:p>"),
    ):
        assert right in whole
        assert not SCHEMA.validate(etree.fromstring(whole.replace(right, wrong, 1).encode()))


def pages_of(annexes: Mapping[str, Annex], folder: Path) -> dict[str, list[str]]:
    """The text of each page of each DOCX, without white space, as LibreOffice sets them.

    In the letters of the PDF: those of Times New Roman may be missing on this machine.
    """
    (folder / "fonts.conf").write_text(FONTS, encoding="utf-8")
    for name, annex in annexes.items():
        (folder / f"{name}.docx").write_bytes(render_word(annex))
    environment = os.environ | {
        "FONTCONFIG_FILE": str(folder / "fonts.conf"),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--convert-to", "pdf", "--outdir", folder / "out"),
            *(folder / f"{name}.docx" for name in annexes),
        ],
        check=True,
        capture_output=True,
        timeout=300,
        env=environment,
    )
    return {name: pages(PdfReader(folder / "out" / f"{name}.pdf")) for name in annexes}


def pages(reader: PdfReader) -> list[str]:
    return [squeezed(page.extract_text()) for page in reader.pages]


def differing(one: str, other: str) -> int:
    """How many letters stand in only one of the texts, whatever the order of table cells."""
    return ((Counter(one) - Counter(other)) + (Counter(other) - Counter(one))).total()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason=wanting("libreoffice-writer"))
def test_pages_are_those_of_the_pdf(tmp_path: Path) -> None:
    """As many, and on each the same text; nothing moves to another page than in the PDF."""
    reports = {
        f"{lang}-{audience}": a_report(lang=lang, audience=audience)
        for lang in LANGUAGES
        for audience in Audience
    }
    annexes = {name: an_annex(report) for name, report in reports.items()}
    for name, found in pages_of(annexes, tmp_path).items():
        wanted = pages(as_pdf(annexes[name]))

        assert len(found) == len(wanted) >= 6, name
        for number, (one, other) in enumerate(zip(found, wanted, strict=True), start=1):
            assert differing(one, other) <= len(other) * 0.02, (name, number)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason=wanting("libreoffice-writer"))
def test_signature_stands_with_the_last_sentence_wherever_the_page_ends(tmp_path: Path) -> None:
    """Line by line the text grows over the end of the page: no page is empty, none holds a part
    of the signature alone, and the PDF has as many."""
    counts = range(18, 38)
    annexes = {
        str(count): an_annex(source=OPEN.format(lines="\n\nMột dòng." * count)) for count in counts
    }
    places = set()
    for name, found in pages_of(annexes, tmp_path).items():
        signed = next(page for page in found if "Nơinhận" in page)
        places.add(found.index(signed))
        footer = squeezed(annexes[name].footer)

        assert "Hết." in signed, name
        assert "Lưu:VT,CĐS." in signed and "PHÓGIÁMĐỐC" in signed, name
        assert all(page.replace(footer, "").strip("0123456789") for page in found), name
        assert len(found) == len(pages(as_pdf(annexes[name]))), name
    assert places == {0, 1}
