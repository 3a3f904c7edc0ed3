"""Builders of documents, and reading them back with other libraries than wrote them."""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO

import docx
from docx.document import Document
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph
from printed_values import lines_of, printed
from pypdf import PdfReader
from report_builders import a_report

from mailaudit.report.annex.compose import compose_annex, read_wording
from mailaudit.report.annex.content import Annex, Block, Letterhead
from mailaudit.report.annex.pdf import render_pdf
from mailaudit.report.annex.word import render_word
from mailaudit.report.annex.wording import Wording
from mailaudit.report.tables import Table
from mailaudit.report.value import Report
from mailaudit.roster.shipped import shipped

LETTERHEAD = Letterhead(
    superior="UBND tỉnh Lâm Đồng",
    issuer="Sở Khoa học và Công nghệ",
    symbol="BC-SKHCN",
    place="Lâm Đồng",
    signer=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
    recipients=("UBND tỉnh (b/c)", "Các sở, ban, ngành", "Lưu: VT, CĐS"),
)


def the_wording(lang: str = "vi") -> Wording:
    """The wording mailaudit brings along."""
    name = f"wording.{lang}.txt"
    return read_wording(name, shipped(name).read_text(encoding="utf-8"))


def an_annex(
    report: Report | None = None, letterhead: Letterhead = LETTERHEAD, source: str | None = None
) -> Annex:
    report = report or a_report()
    wording = the_wording(report.language) if source is None else read_wording("w.txt", source)
    return compose_annex(report, letterhead, wording)


def as_word(annex: Annex) -> Document:
    return docx.Document(BytesIO(render_word(annex)))


def word_texts(document: Document) -> Iterator[str]:
    """Every text of the body in reading order, those of tables cell by cell."""
    for block in document.iter_inner_content():
        yield from _texts(block)


def _texts(block: Paragraph | WordTable) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield block.text
        return
    for row in block.rows:
        seen = []
        for cell in row.cells:
            if cell._tc not in seen:
                seen.append(cell._tc)
                yield from (paragraph.text for paragraph in cell.paragraphs)


def as_pdf(annex: Annex) -> PdfReader:
    return PdfReader(BytesIO(render_pdf(annex)))


def pdf_text(reader: PdfReader, footer: str) -> str:
    """The pages' text without white space, page numbers and footers."""
    pages = (squeezed(page.extract_text()) for page in reader.pages)
    return "".join(
        re.sub(r"^\d+(?!\d*\.)", "", page, count=1).removesuffix(squeezed(footer)) for page in pages
    )


def squeezed(text: str) -> str:
    """The text without what a line break may change."""
    return re.sub(r"\s+", "", text)


def texts_of(annex: Annex) -> Iterator[str]:
    """Every text a document of this value must hold, worked out apart from the code under test."""
    head = annex.head
    yield from (head.superior, head.issuer, head.country, head.motto, head.number, head.dated)
    yield from annex.circulation
    yield from (annex.title, annex.subject)
    yield from _texts_of_blocks([*annex.blocks, *annex.closing], annex.language)
    yield annex.foot.recipients_label
    yield from annex.foot.recipients
    yield from annex.foot.signer
    for appendix in annex.appendices:
        yield from (appendix.label, appendix.title, appendix.reference)
        yield from _texts_of_blocks(appendix.blocks, annex.language)


def _texts_of_blocks(blocks: Iterable[Block], lang: str) -> Iterator[str]:
    for block in blocks:
        if not isinstance(block, Table):
            yield block.text
            continue
        yield block.caption
        if not block.has_rows:
            yield block.empty
            continue
        yield from (column.label for column in block.columns)
        for line in lines_of(block):
            if isinstance(line, str):
                yield line
            else:
                yield from (
                    printed(cell.value, column.kind, cell.decimals, lang) + cell.mark
                    for cell, column in zip(line.cells, block.columns, strict=True)
                )
        yield from block.notes


def missing(texts: Iterable[str], whole: str) -> list[str]:
    """The texts that do not stand in `whole` in this order, white space apart."""
    place, lost = 0, []
    for text in texts:
        wanted = squeezed(text)
        found = whole.find(wanted, place)
        if found < 0:
            lost.append(text)
        else:
            place = found + len(wanted)
    return lost
