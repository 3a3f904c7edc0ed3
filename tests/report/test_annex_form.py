"""The form: what Nghị định 30/2020/NĐ-CP, Phụ lục I, says of margins, letters and places.

The ranges are written out here once more on purpose: the form's own numbers must not vouch for
themselves.
"""

import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

import pytest
import typst
from annex_builders import an_annex, as_pdf, as_word
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import nsmap, qn
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph
from lxml.etree import _Element
from report_builders import a_report

from mailaudit.locale import language
from mailaudit.report.annex import form
from mailaudit.report.annex.content import Annex
from mailaudit.report.tables import Cell, Column, Kind, Row, RowGroup, Table
from mailaudit.report.typesetting import SERIF, fonts

PT_PER_MM = 72 / 25.4


@pytest.fixture(scope="module")
def annex() -> Annex:
    return an_annex()


@pytest.fixture(scope="module")
def document(annex: Annex) -> Document:
    return as_word(annex)


def paragraphs(document: Document) -> Iterator[Paragraph]:
    """Those of the body and of the tables without lines, in reading order."""
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield block
        else:
            yield from (p for row in block.rows for cell in row.cells for p in cell.paragraphs)


def the(document: Document, text: str) -> Paragraph:
    return next(p for p in paragraphs(document) if p.text == text)


def look(paragraph: Paragraph) -> tuple[float, bool, bool]:
    """Size in points, bold, italic of a paragraph's one run."""
    (run,) = paragraph.runs
    assert run.font.size is not None
    return run.font.size.pt, bool(run.font.bold), bool(run.font.italic)


def attribute(element: _Element | None, path: str, name: str) -> str:
    """The attribute `w:name` of the element at `path` below `element`."""
    assert element is not None
    found = element.find(path, nsmap)
    assert found is not None, path
    value = found.get(qn(f"w:{name}"))
    assert value is not None
    return str(value)


def measured(text: str, size: float) -> float:
    """How many millimetres the text is long in bold letters of the metric twin."""
    source = (
        f"#let width = measure(text(font: {json.dumps(SERIF)}, size: {size}pt, "
        f'weight: "bold", {json.dumps(text, ensure_ascii=False)})).width'
    )
    page = f"#context [{source}\n#metadata(width / 1mm)<width>]"
    compiler = typst.Compiler(page.encode(), font_paths=fonts(own_only=True))
    return float(json.loads(compiler.query("<width>", field="value", one=True)))


def mm(length: Length | None) -> float:
    assert length is not None
    return float(length.mm)


def test_paper_and_margins_are_those_of_the_decree(document: Document) -> None:
    """A4; top and bottom 20 to 25 mm, left 30 to 35, right 15 to 20, on every page."""
    for section in document.sections:
        sides = sorted((mm(section.page_width), mm(section.page_height)))
        assert sides == pytest.approx([210, 297], abs=0.1)
        assert 20 <= round(mm(section.top_margin), 1) <= 25
        assert 20 <= round(mm(section.bottom_margin), 1) <= 25
        assert 30 <= round(mm(section.left_margin), 1) <= 35
        assert 15 <= round(mm(section.right_margin), 1) <= 20


def test_text_of_the_pdf_keeps_inside_the_margins(annex: Annex) -> None:
    """Measured on the pages: letters begin right of 30 mm and end left of the right margin."""
    for page in as_pdf(annex).pages:
        starts: list[float] = []

        def visit(
            text: str, ctm: list[float], tm: list[float], *_: object, into: list[float] = starts
        ) -> None:
            if text.strip():
                into.append(tm[4] * ctm[0] + ctm[4])

        page.extract_text(visitor_text=visit)
        assert min(starts) >= 30 * PT_PER_MM - 0.5
        assert max(starts) <= float(page.mediabox.width) - 15 * PT_PER_MM


def test_letters_are_times_new_roman_and_black(document: Document) -> None:
    """Named for Latin, other and complex scripts; no style keeps another color."""
    for name in ("Normal", "Heading 1", "Heading 2", "Header", "Footer"):
        element = document.styles[name].element
        fonts = element.find(qn("w:rPr")).find(qn("w:rFonts"))
        assert {fonts.get(qn(f"w:{part}")) for part in ("ascii", "hAnsi", "eastAsia", "cs")} == {
            "Times New Roman"
        }
        assert not [key for key in fonts.attrib if key.lower().endswith("theme")]
        assert element.find(qn("w:rPr")).find(qn("w:color")).get(qn("w:val")) == "000000"
    assert not document.element.xpath("//w:body//w:color | //w:body//w:rFonts")


def test_sizes_and_faces_are_those_of_the_decree(document: Document, annex: Annex) -> None:
    """Each element as the decree gives it: its size inside the range, upright, bold, italic."""
    for text, smallest, largest, bold, italic in (
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, 13, True, False),
        ("Độc lập - Tự do - Hạnh phúc", 13, 14, True, False),
        ("UBND TỈNH LÂM ĐỒNG", 12, 13, False, False),
        ("SỞ KHOA HỌC VÀ CÔNG NGHỆ", 12, 13, True, False),
        (annex.head.number, 13, 13, False, False),
        (annex.head.dated, 13, 14, False, True),
        ("BÁO CÁO", 13, 14, True, False),
        (annex.subject, 13, 14, True, False),
        (annex.closing[0].text, 13, 14, False, False),
        ("KT. GIÁM ĐỐC", 13, 14, True, False),
        ("LƯU HÀNH NỘI BỘ", 13, 14, True, False),
        ("Nơi nhận:", 12, 12, True, True),
        ("- UBND tỉnh (b/c);", 11, 11, False, False),
        ("Phụ lục I", 14, 14, True, False),
        (annex.appendices[0].title, 13, 14, True, False),
        (annex.appendices[0].reference, 13, 14, False, True),
    ):
        size, is_bold, is_italic = look(the(document, text))
        assert smallest <= size <= largest, text
        assert (is_bold, is_italic) == (bold, italic), text


def test_text_is_justified_and_spaced_as_the_decree_says(document: Document, annex: Annex) -> None:
    """First line in by 10 or 12.7 mm, paragraphs 6 pt apart at least, lines single to 1.5."""
    shape = the(document, annex.closing[0].text).paragraph_format

    assert shape.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert round(mm(shape.first_line_indent), 1) in (10.0, 12.7)
    assert shape.space_before is not None and shape.space_before >= Pt(6)
    assert isinstance(shape.line_spacing, float) and 1.0 <= shape.line_spacing <= 1.5


def test_rules_are_as_long_as_the_decree_says(document: Document, annex: Annex) -> None:
    """As long as the motto; below the issuer and the subject a third to a half of their line."""
    for text, width, shares in (
        ("Độc lập - Tự do - Hạnh phúc", form.text_width(wide=False) * 0.6, (0.95, 1.05)),
        ("SỞ KHOA HỌC VÀ CÔNG NGHỆ", form.text_width(wide=False) * 0.4, (1 / 3, 1 / 2)),
        (annex.subject, form.text_width(wide=False), (1 / 3, 1 / 2)),
    ):
        rule = the(document, text)._p.getnext()
        aside = sum(int(attribute(rule, "w:pPr/w:ind", side)) for side in ("left", "right"))
        length = width - aside / 20 / PT_PER_MM
        share = length / measured(text, look(the(document, text))[0])
        assert shares[0] <= share <= shares[1], text
        assert attribute(rule, "w:pPr/w:pBdr/w:bottom", "val") == "single"


def test_pages_are_numbered_at_the_top_from_the_second_on(document: Document, annex: Annex) -> None:
    """In the middle of the top margin; each appendix begins anew; no number on first pages."""
    for section in document.sections:
        (number,) = section.header.paragraphs
        assert number.alignment == WD_ALIGN_PARAGRAPH.CENTER
        assert attribute(number._p, "w:fldSimple", "instr") == "PAGE"
        assert section.different_first_page_header_footer
        assert [p.text for p in section.first_page_header.paragraphs] == [""]
        assert attribute(section._sectPr, "w:pgNumType", "start") == "1"
        assert section.header_distance is not None and section.header_distance < Mm(20)
    firsts = [page.extract_text().split("\n")[0] for page in as_pdf(annex).pages]
    assert "1" not in firsts
    numbers = [int(line) if line.isdigit() else 1 for line in firsts]
    assert numbers[0] == 1
    assert all(now == before + 1 or now == 1 for before, now in pairwise(numbers))
    assert numbers.count(1) == 1 + len(annex.appendices)


def test_wide_appendix_lies_on_its_side(document: Document, annex: Annex) -> None:
    """The ranking has the long side of the paper, the letter itself stands upright."""
    wide = [mm(section.page_width) > mm(section.page_height) for section in document.sections]

    assert wide == [False, *(appendix.wide for appendix in annex.appendices)]
    assert wide[1]


def test_header_rows_repeat_and_rows_stay_whole(document: Document) -> None:
    """A reader of the third page still sees what the columns are."""
    ruled = [t for t in document.tables if t._tbl.tblPr.find(qn("w:tblBorders")) is not None]

    assert len(ruled) > 5
    for table in ruled:
        header, *others = table._tbl.tr_lst
        assert header.find("w:trPr/w:tblHeader", nsmap) is not None
        assert all(row.find("w:trPr/w:cantSplit", nsmap) is not None for row in others)


def test_empty_paragraphs_are_a_few_points_high(document: Document) -> None:
    """What keeps tables apart is not as high as a line of the text."""
    empty = [p.paragraph_format for p in document.paragraphs if not p.text]

    assert len(empty) > 10
    for shape in empty:
        assert shape.line_spacing_rule == WD_LINE_SPACING.EXACTLY
        assert isinstance(shape.line_spacing, Length) and shape.line_spacing <= Pt(8)


ORDER = {
    "tblPr": "tblStyle tblW jc tblBorders tblLayout tblCellMar tblLook",
    "trPr": "cantSplit tblHeader",
    "tcPr": "tcW gridSpan vAlign",
    "pPr": "pStyle keepNext pBdr spacing ind jc rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs color sz szCs lang",
    "sectPr": "headerReference footerReference type pgSz pgMar pgNumType cols titlePg docGrid",
}


def test_elements_stand_in_the_order_of_the_file_format(document: Document) -> None:
    """Word asks to repair a file whose properties stand in another order than ECMA-376 gives."""
    roots = [document.element, document.styles.element]
    for section in document.sections:
        roots += [section.header._element, section.footer._element]
    for root in roots:
        for name, order in ORDER.items():
            for element in root.iter(qn(f"w:{name}")):
                names = [str(child.tag).partition("}")[2] for child in element]
                known = [each for each in names if each in order.split()]
                assert known == sorted(known, key=order.split().index), (name, names)
                if root is document.element:
                    assert known == names, (name, names)


def test_signature_stays_with_the_last_sentence(document: Document, annex: Annex) -> None:
    """Nobody signs a page that holds nothing else."""
    assert the(document, annex.closing[0].text).paragraph_format.keep_with_next


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_language_of_the_document_is_declared(lang: str) -> None:
    """For spelling checkers and screen readers."""
    annex = an_annex(a_report(lang=lang))
    element = as_word(annex).styles["Normal"].element
    code = {"vi": "vi-VN", "en": "en-GB"}[lang]

    assert element.find(qn("w:rPr")).find(qn("w:lang")).get(qn("w:val")) == code


def a_ranking(*rows: tuple[str, Cell, str]) -> Table:
    """A table of a name, a rank and a remark a row."""
    return Table(
        key="t",
        caption="",
        columns=(
            Column("n", "STT", Kind.ORDINAL),
            Column("unit", "Đơn vị", Kind.TEXT, width=30, row_header=True),
            Column("share", "Tỷ lệ nghiêngngảngảnghiêng", Kind.PERCENT),
            Column("rank", "Hạng", Kind.RANK),
            Column("note", "Ghi chú", Kind.TEXT, width=10),
        ),
        groups=(
            RowGroup(
                tuple(
                    Row("", (Cell(n), Cell(name), Cell(Fraction(1, n)), rank, Cell(note)))
                    for n, (name, rank, note) in enumerate(rows, start=1)
                )
            ),
        ),
    )


def test_widths_of_columns_fill_the_page_and_hold_their_words() -> None:
    """Figures get room for the longest word of their label; a table of no rows has widths too."""
    for table in (a_ranking(), a_ranking(("Sở Y tế", Cell(1), ""))):
        widths = form.column_widths(table, 165, language("vi"))

        assert sum(widths) == pytest.approx(165)
        word = form.text_length("nghiêngngảngảnghiêng", form.letters(table), bold=True)
        assert widths[2] > word


def test_shared_rank_stands_on_one_line() -> None:
    """A rank and "(đồng hạng)" behind it are not divided, however long the remarks are."""
    table = a_ranking(("Sở Y tế", Cell(10, mark=" (đồng hạng)"), "lý do dài " * 30))
    widths = form.column_widths(table, 165, language("vi"))

    text = form.text_length("10 (đồng hạng)", form.letters(table))
    assert widths[3] >= text + 2 * form.CELL_MARGIN_MM


def test_remark_gets_the_room_that_names_do_not_need() -> None:
    """A name keeps its one line; a long remark has all the rest, so its row stays low."""
    name = "Sở Nông nghiệp và Môi trường"
    table = a_ranking((name, Cell(1), "lý do dài " * 30))
    widths = form.column_widths(table, 165, language("vi"))

    needed = form.text_length(name, form.letters(table)) + 2 * form.CELL_MARGIN_MM
    assert needed <= widths[1] < needed + 1
    assert widths[4] > widths[1]
