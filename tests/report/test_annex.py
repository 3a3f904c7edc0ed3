"""DOCX and PDF hold the same sentences and tables, figure by figure those of the Report."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from annex_builders import (
    an_annex,
    as_pdf,
    as_word,
    missing,
    pdf_text,
    squeezed,
    texts_of,
    word_texts,
)
from hostile_texts import HOSTILE_TEXTS
from printed_values import printed
from report_builders import (
    DEPARTMENTS,
    a_group,
    a_ranking,
    a_report,
    a_report_of,
    a_snapshot,
    departments,
    table_of,
    without_mail,
)

from mailaudit.locale import LANGUAGES
from mailaudit.model.audience import Audience
from mailaudit.report.annex.content import Letterhead, Line
from mailaudit.report.annex.variables import TABLES
from mailaudit.report.excel.province import APPENDICES, MOVERS
from mailaudit.report.tables import Cell, Kind, RowGroup, Table
from mailaudit.report.value import Report

SHORT = """[title] T
[subject] {{ organisation }}
{{ issuer }}: {{ groups[0].name }} {{ total.rate }}%.
{% for unit in groups[0].first %}
{{ unit.name }} ({{ unit.rate }}%);
{% endfor %}
[appendix wide] {{ organisation }}
[table] ranking
"""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_word_holds_every_text_in_order(lang: str) -> None:
    """Each sentence, label, figure, mark and note, and no other."""
    annex = an_annex(a_report(lang=lang))

    texts = [text for text in word_texts(as_word(annex)) if text]

    assert texts == [text for text in texts_of(annex) if text]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pdf_holds_every_text_in_order(lang: str) -> None:
    """Set on pages, nothing is lost or out of place."""
    annex = an_annex(a_report(lang=lang))

    assert missing(texts_of(annex), pdf_text(as_pdf(annex), annex.footer)) == []


def test_sentences_state_the_reports_figures() -> None:
    """Counts and rates of the text are those of the tables, worked out from the cells."""
    report = a_report()
    text = " ".join(block.text for block in an_annex(report).blocks if isinstance(block, Line))
    ranking = table_of(report, "ranking")
    assert ranking.total is not None
    total = {
        column.key: printed(cell.value, column.kind, cell.decimals, "vi")
        for column, cell in zip(ranking.columns, ranking.total.cells, strict=True)
    }

    assert f"Danh sách có {total['staff']} người" in text
    assert f"{total['in_scope']} người thuộc diện" in text
    assert f"{total['provided']} người, đạt {total['provided_share']}%" in text
    assert f"đạt {total['regular_share']}% ({total['regular']}/1.108 người)" in text
    assert f"tăng {total['change'].removeprefix('+')} điểm phần trăm so với kỳ trước" in text
    assert f"còn {total['unmeasured']} hộp thư chưa đo được" in text
    rate, low, high = Fraction(923, 1108), Fraction(923, 1114), Fraction(929, 1114)
    less, more = (printed(shift, Kind.PERCENT, 1, "vi") for shift in (rate - low, high - rate))
    assert f"tỷ lệ giảm {less} / tăng {more} điểm phần trăm" in text
    assert "còn 2 người chưa được cấp" in text


def a_sentence_of(report: Report) -> str:
    return " ".join(block.text for block in an_annex(report).blocks if isinstance(block, Line))


@pytest.mark.parametrize("audience", list(Audience))
def test_sentences_account_for_every_unit(audience: Audience) -> None:
    """Those ranked, those that are not by each cause, and those withheld are all there are."""
    results = a_report(audience=audience).results
    parts = (
        results.ranked, results.low_coverage, results.too_few, results.nobody, results.no_mail,
        results.withheld,
    )  # fmt: skip

    assert sum(parts) == results.units == 8


def test_sentences_of_a_month_without_mail_praise_and_blame_nobody() -> None:
    """It is a fault of the data: there is no rate, no verdict and nothing to keep up."""
    ranking = without_mail()
    report = a_report(ranking=ranking)
    text = a_sentence_of(report)

    assert "Trong cả kỳ không có ai gửi hoặc nhận thư" in text
    assert "Có 5 đơn vị không xếp hạng vì cả kỳ không có thư nào" in text
    assert "Kỳ này không có đơn vị nào được xếp hạng" in text
    for wrong in ("0,0%", "chưa đạt chỉ tiêu 90", "đều đạt chỉ tiêu", "tiếp tục duy trì", "–%"):
        assert wrong not in text
    figures = {f.key: f.values for section in report.sections for f in section.figures}
    assert figures["regular"] == (None,)
    assert figures["doubt"] == (None,)
    assert report.series[-1] is None
    assert report.points == ()
    assert all(len(unit.actions) == 1 for unit in report.units)


def test_sentences_know_whether_there_is_a_month_before() -> None:
    """Nothing is left open that the program knows."""
    units = [replace(one, previous_share=None, change=None) for one in departments()]
    ranking = a_ranking([a_group(DEPARTMENTS, units)])
    first = replace(ranking, trend=ranking.trend[-1:], previous_total=None)

    assert "Chưa có kỳ trước để so sánh." in a_sentence_of(a_report(ranking=first))
    assert "chưa có kỳ trước" not in a_sentence_of(a_report()).lower()


def test_all_tables_that_a_wording_can_name_exist() -> None:
    """The list of known tables is the Report's, without those of single mailboxes and people."""
    report = a_report(audience=Audience.IT)
    keys = {table.key for section in report.sections for table in section.tables}

    assert keys | {"kinds"} >= TABLES  # that one is of a month of several kinds of sources
    assert keys - TABLES == {"unmeasured"}


@pytest.mark.parametrize("audience", list(Audience))
def test_document_shows_no_address(audience: Audience) -> None:
    """It is passed on, so even the IT department's copy names no mailbox and no person."""
    texts = list(word_texts(as_word(an_annex(a_report(audience=audience)))))

    assert not [text for text in texts if "@" in text or "Người thứ" in text]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_appendices_have_the_numbers_of_the_workbook(lang: str) -> None:
    """A reader of both finds the same matter under the same number, as far as both have it."""
    report = a_report(lang=lang, audience=Audience.IT)
    numbers = {
        table.key: APPENDICES.get("attention" if table.key in MOVERS else section.key)
        for section in report.sections
        for table in section.tables
    }
    appendices = an_annex(report).appendices
    assert [one.label.split()[-1] for one in appendices] == ["I", "II", "III", "IV"]
    for appendix in appendices:
        held = {block.key for block in appendix.blocks if isinstance(block, Table)}
        found = {numbers[key] for key in held} - {None}  # of the workbook's first sheet
        assert found == {appendix.label.split()[-1]}, appendix.title
    assert APPENDICES["staff"] == "V"  # which the document does not have


@pytest.mark.parametrize("audience", list(Audience))
def test_document_says_whom_it_is_for(audience: Audience) -> None:
    """On each page below the text; what is internal also in the frame that the form knows."""
    annex = an_annex(a_report(audience=audience), source=SHORT)
    footers = {p.footer.paragraphs[0].text for p in as_word(annex).sections}
    footers |= {p.first_page_footer.paragraphs[0].text for p in as_word(annex).sections}

    words = {Audience.PUBLIC: "Bản công bố", Audience.LEADER: "thủ trưởng", Audience.IT: "bộ phận"}
    assert [each for each, word in words.items() if word in annex.footer] == [audience]
    assert footers == {annex.footer}
    assert all(
        squeezed(annex.footer) in squeezed(page.extract_text()) for page in as_pdf(annex).pages
    )
    assert ("LƯU HÀNH NỘI BỘ" in list(word_texts(as_word(annex)))) == (
        audience is not Audience.PUBLIC
    )


def test_documents_of_the_public_hold_no_withheld_figure() -> None:
    """The unit of three people is named in a note, and in no line of a table."""
    annex = an_annex(a_report(audience=Audience.PUBLIC))
    texts = list(word_texts(as_word(annex)))

    assert "Quỹ Đầu tư" not in texts
    assert "Các đơn vị ít người (2 đơn vị): Quỹ Đầu tư; Đội xe." in texts


def test_number_day_and_signature_stay_open() -> None:
    """What a clerk and a head fill in is not made up."""
    annex = an_annex()

    assert re.fullmatch(r"Số:\s+/BC-SKHCN", annex.head.number)
    assert re.fullmatch(r"Lâm Đồng, ngày\s+tháng\s+năm 2026", annex.head.dated)
    assert annex.foot.signer == ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
    assert annex.foot.recipients[-1] == "- Lưu: VT, CĐS."
    assert all(line.endswith(";") for line in annex.foot.recipients[:-1])


def test_letterhead_left_out_is_filled_with_what_is_known() -> None:
    """The organisation issues it; symbol and place are marked as missing."""
    annex = an_annex(letterhead=Letterhead())

    assert annex.head.issuer == "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG"
    assert annex.head.superior == ""
    assert "/BC-…" in annex.head.number
    assert annex.head.dated.startswith("…………, ngày")
    assert annex.foot.signer == ("THỦ TRƯỞNG CƠ QUAN",)


def test_recipients_left_out_are_offices() -> None:
    """The superior where there is one, the units, the file; never the organisation, a place."""
    alone = an_annex(letterhead=Letterhead(), source=SHORT)
    below = an_annex(letterhead=Letterhead(superior="UBND tỉnh Lâm Đồng"), source=SHORT)
    rest = ("- Các cơ quan, đơn vị có tên tại Phụ lục I;", "- Lưu: VT.")

    assert alone.foot.recipients == rest
    assert below.foot.recipients == ("- UBND tỉnh Lâm Đồng (để b/c);", *rest)


def test_invented_data_say_so() -> None:
    """The mark of a demonstration stands in a frame on the first page."""
    annex = an_annex(a_report(illustrative=True), source=SHORT)

    assert "SỐ LIỆU MINH HỌA" in list(word_texts(as_word(annex)))
    assert "SỐLIỆUMINHHỌA" in squeezed(as_pdf(annex).pages[0].extract_text())


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_hostile_text_changes_only_the_text(text: str) -> None:
    """Wherever people's texts stand they are text; structure and figures stay the same."""
    tame = an_annex(a_report_of("Sở A"), source=SHORT)
    letterhead = Letterhead(text, text, text, text, signer=(text,), recipients=(text, text))
    hostile = an_annex(a_report_of(text), letterhead, source=SHORT)

    assert [type(block) for block in hostile.blocks] == [type(block) for block in tame.blocks]
    assert len(hostile.appendices) == len(tame.appendices) == 1
    document = as_word(hostile)
    assert [t for t in word_texts(document) if t] == [t for t in texts_of(hostile) if t]
    assert not document.element.xpath("//w:hyperlink | //w:instrText")


def test_hostile_texts_are_set_as_text() -> None:
    """In the PDF each figure still stands in its row, whatever its name, and nothing acts."""
    annex = an_annex(source=SHORT)
    (table,) = annex.appendices[0].blocks
    assert isinstance(table, Table)
    plain = table.groups[0].rows[0]
    rows = tuple(
        replace(plain, cells=(Cell(number), Cell(text), Cell(7000 + number), *plain.cells[3:]))
        for number, text in enumerate(HOSTILE_TEXTS, start=1)
    )
    groups = tuple(RowGroup((row,), title=str(row.cells[1].value)) for row in rows)
    appendix = replace(annex.appendices[0], blocks=(replace(table, groups=groups),))
    reader = as_pdf(replace(annex, appendices=(appendix,)))
    figures = [printed(row.cells[2].value, Kind.INTEGER, 1, "vi") for row in rows]

    assert missing(figures, pdf_text(reader, annex.footer)) == []
    assert [notes for page in reader.pages if (notes := page.annotations)] == []


def test_notice_of_provisional_data_is_part_of_the_text() -> None:
    """A document made before the month was over says so in its first lines."""
    report = a_report(snapshot=a_snapshot(sealed=False))
    texts = [block.text for block in an_annex(report).blocks if isinstance(block, Line)]

    assert report.notices[0] in texts[:3]
