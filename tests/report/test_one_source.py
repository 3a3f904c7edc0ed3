"""Page, workbook, DOCX and PDF are one Report: every figure is read back and compared."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from io import BytesIO

import docx
import pytest
from annex_builders import LETTERHEAD, an_annex, as_word, missing, pdf_text, word_texts
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph
from lxml import html
from printed_values import lines_of, printed
from pypdf import PdfReader
from report_builders import a_report
from workbook_reading import columns_of, opened, place_of

from mailaudit.locale import LANGUAGES
from mailaudit.model.audience import Audience
from mailaudit.report.annex.compose import compose_annex, read_wording
from mailaudit.report.annex.variables import TABLES
from mailaudit.report.brief import render_brief_pdf
from mailaudit.report.excel import render_excel
from mailaudit.report.html import render_html
from mailaudit.report.rendering import Documents, render_documents
from mailaudit.report.tables import Kind, Row, Table
from mailaudit.report.value import Report

Place = tuple[str, int, str]  # a table's key, the number of its line, a column's key
Figures = dict[Place, str]

# Every table a document can show, one after the other, wherever the report has it.
EVERY_TABLE = "[title] T\n[subject] S\n" + "".join(
    f"[appendix wide] {key}\n[table] {key}\n" for key in sorted(TABLES)
)


@cache
def the_report(lang: str, audience: Audience) -> Report:
    return a_report(lang=lang, audience=audience)


def tables_of(report: Report) -> list[Table]:
    """The tables that all four files can show."""
    tables = (table for section in report.sections for table in section.tables)
    return [table for table in tables if table.key in TABLES and table.has_rows]


def figures_of(report: Report) -> Iterator[tuple[Place, int | Fraction, Kind, int, str]]:
    """Each figure of the Report with its place, kind, decimals and mark."""
    for table in tables_of(report):
        for number, line in enumerate(lines_of(table)):
            if isinstance(line, Row):
                for column, cell in zip(table.columns, line.cells, strict=True):
                    if isinstance(cell.value, int | Fraction):
                        place = (table.key, number, column.key)
                        yield place, cell.value, column.kind, cell.decimals, cell.mark


def on_the_page(report: Report) -> Figures:
    document: html.HtmlElement = html.document_fromstring(render_html(report))
    found: Figures = {}
    for table in tables_of(report):
        if table.key == "short":  # the page has it in the ranking
            continue
        (block,) = document.find_class(f"of-{table.key}")
        keys = [str(cell.get("data-key")) for cell in block.findall(".//thead/tr/th")]
        for number, row in enumerate(block.findall(".//tbody/tr")):
            cells = list(row)
            if len(cells) == len(keys):
                for key, cell in zip(keys, cells, strict=True):
                    for moved in cell.find_class("moved"):
                        moved.drop_tree()
                    found[table.key, number, key] = str(cell.text_content()).strip()
    return found


def in_word(report: Report, content: bytes) -> Figures:
    document, found = docx.Document(BytesIO(content)), Figures()
    captions = {table.caption: table for table in tables_of(report)}
    table: Table | None = None
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            table = captions.get(block.text, table)
        elif table is not None and block._tbl.tblPr.find(qn("w:tblBorders")) is not None:
            found |= of_one_table(table, block)
            table = None
    return found


def of_one_table(table: Table, block: WordTable) -> Figures:
    found: Figures = {}
    for number, row in enumerate(block._tbl.tr_lst[1:]):
        texts = ["".join(t.text or "" for t in cell.iter(qn("w:t"))) for cell in row.tc_lst]
        if len(texts) == len(table.columns):
            for column, text in zip(table.columns, texts, strict=True):
                found[table.key, number, column.key] = text
    return found


def in_the_workbook(report: Report) -> dict[Place, object]:
    workbook = opened(render_excel(report))
    found: dict[Place, object] = {}
    for table in tables_of(report):
        sheet, header = place_of(workbook, table)
        columns = columns_of(workbook, table)
        for number in range(len(lines_of(table))):
            for key, place in columns.items():
                found[table.key, number, key] = sheet.cell(header + 1 + number, place).value
    return found


def documents_of(report: Report) -> dict[str, bytes]:
    wording = read_wording("all.txt", EVERY_TABLE)
    wanted = Documents(frozenset({"docx", "pdf"}), LETTERHEAD, wording)
    return dict(render_documents(report, wanted))


@pytest.mark.parametrize(
    ("lang", "audience"), [(lang, Audience.IT) for lang in LANGUAGES] + [("vi", Audience.PUBLIC)]
)
def test_every_figure_is_the_same_in_every_file(lang: str, audience: Audience) -> None:
    """Page, DOCX and PDF print it alike, the workbook holds the number that rounds to it."""
    report = the_report(lang, audience)
    documents = documents_of(report)
    page, word = on_the_page(report), in_word(report, documents["-annex.docx"])
    workbook = in_the_workbook(report)
    annex = compose_annex(report, LETTERHEAD, read_wording("all.txt", EVERY_TABLE))
    whole = pdf_text(PdfReader(BytesIO(documents["-annex.pdf"])), annex.footer)
    compared = 0

    for place, value, kind, decimals, mark in figures_of(report):
        text = printed(value, kind, decimals, lang) + mark
        assert word[place] == text, place
        assert page.get(place, text) == text and (place in page or place[0] == "short"), place
        number = workbook[place]
        assert isinstance(number, int | float), place
        scale = 100 if kind in (Kind.PERCENT, Kind.POINTS) else 1
        assert number == pytest.approx(float(value * scale), rel=1e-14, abs=1e-14), place
        if scale == 100:
            assert printed(rounded(number, decimals), kind, decimals, lang) + mark == text
        compared += 1

    rows = rows_of(report, lang)
    assert missing(rows, whole) == []
    assert compared > 200 and len(rows) > 50


def rows_of(report: Report, lang: str) -> list[str]:
    """Each line of the tables with all its cells in one, in the order of the appendices."""
    return [
        "".join(
            printed(cell.value, column.kind, cell.decimals, lang) + cell.mark
            for cell, column in zip(line.cells, table.columns, strict=True)
        )
        for table in sorted(tables_of(report), key=lambda table: table.key)
        for line in lines_of(table)
        if isinstance(line, Row)
    ]


def rounded(number: float, decimals: int) -> Fraction:
    """A percentage of the workbook as the share it prints."""
    exact = Decimal(repr(number)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return Fraction(exact) / 100


@pytest.mark.parametrize("lang", LANGUAGES)
def test_headline_is_the_same_in_every_file(lang: str) -> None:
    """The page's headline figures stand in the sentences of the DOCX, on the card and in sums."""
    report = the_report(lang, Audience.IT)
    card = PdfReader(BytesIO(render_brief_pdf(report))).pages[0].extract_text()
    sentences = " ".join(word_texts(as_word(an_annex(report))))
    document: html.HtmlElement = html.document_fromstring(render_html(report))
    sums = report.results.total
    figures = {figure.key: figure for section in report.sections for figure in section.figures}

    assert sums is not None
    assert figures["regular"].values == (sums.rate,)
    low, high = sums.counts.lower_bound, sums.counts.upper_bound
    assert sums.rate is not None and low is not None and high is not None
    assert figures["doubt"].values == (low - sums.rate, high - sums.rate)
    assert figures["coverage"].values == (sums.counts.coverage,)
    assert figures["change"].values == (sums.change,)
    for key, figure in figures.items():
        (shown,) = document.find_class(f"figure-{key}")
        for value in figure.values:
            text = printed(value, figure.kind, 1, lang)
            assert text in shown.text_content(), key
            assert text in card, key
            assert text.lstrip("+−") in sentences, key
