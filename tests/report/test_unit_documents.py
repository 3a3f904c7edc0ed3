"""The report a unit hands in: its own figures and nothing of others, in an office's words."""

import re
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import docx
import pytest
from annex_builders import missing, pdf_text, squeezed, texts_of, word_texts
from archival_pdf import breaches
from hostile_texts import HOSTILE_TEXTS
from printed_values import printed
from pypdf import PdfReader
from report_builders import (
    DEPARTMENTS,
    PERIOD,
    a_group,
    a_measurement,
    a_person,
    a_ranking,
    a_report,
    a_snapshot,
    a_standing,
    counts,
    named,
    without_mail,
)
from test_word_pages import faults

from mailaudit.errors import ConfigurationError
from mailaudit.locale import LANGUAGES
from mailaudit.model.audience import Audience
from mailaudit.model.period import LongPeriod
from mailaudit.model.ranking import Ranking
from mailaudit.model.rules import ANY_ACTIVITY, SENT_ALONE, Rules
from mailaudit.model.usage import Counts, StaffState, StaffUsage
from mailaudit.report.annex.content import Annex, Letterhead, Line
from mailaudit.report.annex.pdf import render_pdf
from mailaudit.report.annex.unit_variables import UNIT_TABLES, known_unit_variables
from mailaudit.report.annex.word import render_word
from mailaudit.report.rendering import Documents
from mailaudit.report.tables import Kind
from mailaudit.report.unit_documents import (
    compose_unit_document,
    read_unit_wording,
    render_unit_document,
    unit_report_stem,
)
from mailaudit.report.value import Report
from mailaudit.roster.shipped import shipped

OPERATOR = "Sở Khoa học và Công nghệ"
LETTERHEAD = Letterhead("UBND tỉnh", OPERATOR, "BC-SKHCN", "Đà Lạt", ("GIÁM ĐỐC",), ("UBND (b/c)",))
HEAD = "[title] T\n[subject] S\n"
YEAR = LongPeriod.part_of_year(2025, 1, 1)


def people_of(**numbers: int) -> tuple[StaffUsage, ...]:
    """So many people of H01 in each state, as a month decides them."""
    measured: dict[str, dict[str, Any]] = {
        "regular": {"has_sent": True, "has_read": True, "sent_enough": True, "regular": True},
        "unread": {"has_sent": True, "sent_enough": True},
        "few_days": {"has_sent": True, "has_read": True},
        "few_months": {"has_sent": True, "months_judged": 9},
        "only_read": {"has_read": True},
        "unused": {},
        "sent_nothing": {"has_read": None},
        "removed": {"is_removed": True},
    }
    states = {"none": StaffState.NOT_PROVIDED, "unmeasured": StaffState.UNMEASURED}
    return tuple(
        replace(
            a_person(f"{role}{n}", "H01", states.get(role, StaffState.MEASURED)),
            **measured.get(role, {}),
        )
        for role, number in numbers.items()
        for n in range(number)
    )


def ranking_of(sums: Counts, name: str = "Sở Nội vụ") -> Ranking:
    """H01 with these sums beside a unit of others."""
    other = a_standing("H02", "Sở Tài chính", DEPARTMENTS, counts(24, 20), rank=1)
    return a_ranking([a_group(DEPARTMENTS, [a_standing("H01", name, DEPARTMENTS, sums), other])])


def heads_report(ranking: Ranking, people: Sequence[StaffUsage] = (), **options: object) -> Report:
    measurement = a_measurement(ranking, people, ())
    return a_report(
        ranking=ranking,
        measurement=measurement,
        audience=Audience.LEADER,
        **options,  # type: ignore[arg-type]
    )


MIXED = Counts(
    staff=30, in_scope=30, provided=28, unmeasured=2, read=20, sent=18, regular=12
)  # fmt: skip
STATES = {"regular": 12, "unread": 2, "few_days": 4, "only_read": 5, "unused": 3}
SOME = people_of(**STATES, none=2, unmeasured=2)


def documents(lang: str = "vi", source: str | None = None) -> Documents:
    name = f"unit-report.{lang}.txt"
    text = shipped(name).read_text("utf-8") if source is None else HEAD + source
    return Documents(frozenset({"docx", "pdf"}), LETTERHEAD, read_unit_wording("w.txt", text))


def a_document(
    report: Report | None = None,
    *,
    unit: str = "H01",
    rules: Rules | None = None,
    source: str | None = None,
    notices: tuple[str, ...] = (),
    names: bool = False,
    letterhead: Letterhead = LETTERHEAD,
) -> Annex:
    report = report or heads_report(ranking_of(MIXED), SOME, names=names)
    (own,) = (one for one in report.units if one.code == unit)
    wanted = replace(documents(report.language, source), letterhead=letterhead)
    return compose_unit_document(report, own, rules or Rules(), wanted, notices, names=names)


def said(annex: Annex) -> list[str]:
    return [block.text for block in (*annex.blocks, *annex.closing) if isinstance(block, Line)]


@pytest.mark.parametrize(("lang", "names"), [("vi", True), ("en", False)])
def test_word_and_pdf_hold_every_text_and_keep_to_their_standards(lang: str, names: bool) -> None:
    """Each sentence, label and figure in order and no other; OOXML's schema, PDF/A; same bytes."""
    report = heads_report(ranking_of(MIXED), SOME, lang=lang, names=names, illustrative=True)
    annex = a_document(report, names=names, notices=("Lưu ý.",))
    files = render_unit_document(annex, documents(lang))
    texts = [text for text in texts_of(annex) if text]

    word = docx.Document(BytesIO(files[".docx"]))
    assert [text for text in word_texts(word) if text] == texts
    assert missing(texts, pdf_text(PdfReader(BytesIO(files[".pdf"])), annex.footer)) == []
    assert list(faults(files[".docx"])) == []
    assert breaches(files[".pdf"]) == []
    assert render_unit_document(annex, documents(lang)) == files


def test_sentences_are_those_of_the_form() -> None:
    """Phụ lục 2: a/b and the rate of each, what is lacking, what is asked for."""
    assert said(a_document(notices=("Số liệu tạm thời.",))) == [
        "Sở Nội vụ báo cáo tình hình quản lý, sử dụng hộp thư điện tử công vụ trong kỳ từ ngày"
        " 01/10/2026 đến ngày 31/10/2026; số liệu chốt lúc 08 giờ 30 phút ngày 01/11/2026, thu thập"
        " tự động từ máy chủ thư điện tử.",
        "Số liệu tạm thời.",
        "I. KẾT QUẢ THỰC HIỆN",
        "1. Tỷ lệ cán bộ, công chức, viên chức và người lao động thuộc diện đã được cấp tài khoản"
        " thư điện tử công vụ: 28/30 người, đạt tỷ lệ 93,3%.",
        "2. Tỷ lệ cán bộ, công chức, viên chức và người lao động thường xuyên sử dụng hệ thống thư"
        " điện tử trong công việc: 12/28 người, đạt tỷ lệ 42,9%; chưa đạt chỉ tiêu 90%. Tỷ lệ này"
        " không tính 2 người có hộp thư chưa đo được. Thường xuyên sử dụng là có gửi thư trong ít"
        " nhất 4 ngày làm việc và đã đọc ít nhất 80% số thư đến hạn.",
        "3. Trong 28 người được đánh giá, có 20 người truy cập (đọc thư) và 18 người gửi thư qua"
        " hộp thư điện tử công vụ.",
        "4. Công khai danh bạ thư điện tử công vụ của đơn vị: …………………………",
        "II. TỒN TẠI, VƯỚNG MẮC",
        "- Tỷ lệ sử dụng thường xuyên chưa đạt chỉ tiêu 90%: còn thiếu 14 người sử dụng thường"
        " xuyên.",
        "- Chưa được cấp hộp thư: 2 người thuộc diện.",
        "- Có hộp thư nhưng trong cả kỳ không gửi, không đọc thư nào: 3 người.",
        "- Chỉ đọc thư, không gửi thư nào: 5 người.",
        "- Có gửi thư nhưng trong quá ít ngày làm việc: 4 người.",
        "- Gửi thư đủ số ngày nhưng chưa đọc đủ thư đến: 2 người.",
        "- Chưa đo được: 2 hộp thư, không tính là đã sử dụng hay chưa sử dụng; độ phủ của số liệu"
        " là 92,9%. Nếu các hộp thư này đều không / đều sử dụng thường xuyên thì tỷ lệ giảm 2,9 /"
        " tăng 3,8 điểm phần trăm.",
        "- Khó khăn, vướng mắc khác: ……………………………………………",
        "III. ĐỀ XUẤT",
        f"- Đề nghị {OPERATOR} cấp mới 2 hộp thư cho những người thuộc diện chưa có.",
        f"- Đề nghị {OPERATOR} hướng dẫn, hỗ trợ 3 người chưa sử dụng hộp thư.",
        f"- Đề nghị {OPERATOR} phối hợp với đơn vị kiểm tra, khắc phục 2 hộp thư chưa đo được.",
        "- Đề xuất khác (cấp mới, thay đổi thông tin, tạm khóa, hủy bỏ): ……………",
        "Trên đây là báo cáo tình hình quản lý, sử dụng hộp thư điện tử công vụ tháng 10 năm 2026"
        " của Sở Nội vụ./.",
    ]


def test_figures_are_those_of_the_unit_s_page() -> None:
    """The page's steps, its rate with both numbers, the line of the unit, its states."""
    report = heads_report(ranking_of(MIXED), SOME)
    unit = next(one for one in report.units if one.code == "H01")
    steps = {step.key: step.people for step in unit.funnel}
    tables = {table.key: table for table in unit.tables}
    line = named(tables["compare"], tables["compare"].rows[0].cells)
    text = " ".join(said(a_document(report)))

    assert f": {steps['provided']}/{steps['in_scope']} người" in text
    assert f"có {steps['read']} người truy cập (đọc thư) và {steps['sent']} người gửi thư" in text
    rate = printed(line["regular_share"].value, Kind.PERCENT, 1, "vi")
    assert f": {steps['regular']}/28 người, đạt tỷ lệ {rate}%" in text
    assert unit.figures[0].explanation.startswith(f"{steps['regular']} trên 28 người")
    assert unit.states is not None
    states = {row.key: row.cells[-1].value for row in unit.states.rows}
    assert states == {
        "Regular use": 12, "Reads too little": 2, "Sends on few days": 4, "Only reads": 5,
        "Never used": 3, "No mailbox provided": 2, "Not measured": 2,
    }  # fmt: skip


@pytest.mark.parametrize("rules", [Rules(), Rules(regular=ANY_ACTIVITY)], ids=["usual", "any"])
def test_every_person_in_scope_is_in_one_sentence(rules: Rules) -> None:
    """Regular, in a state, without a mailbox, not measured or removed: together they are D."""
    source = (
        "{{ total.in_scope }} {{ total.regular + total.without_mailbox + total.unmeasured"
        " + states.few_months + states.unread + states.few_days + states.only_read + states.unused"
        " + states.sent_nothing + states.removed }}"
    )
    report = heads_report(ranking_of(MIXED), people_of(
        regular=12, unread=1, few_days=2, few_months=3, only_read=4, unused=3, removed=1,
        none=2, unmeasured=2,
    ), rules=rules)  # fmt: skip
    assert said(a_document(report, source=source)) == ["30 30"]


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ({"sent_nothing": 3}, "- Có hộp thư nhưng trong cả kỳ không gửi thư nào: 3 người."),
        ({"few_months": 4}, "- Có gửi thư nhưng sử dụng thường xuyên ở quá ít tháng: 4 người."),
        (
            {"removed": 1},
            "- Dữ liệu của 1 người đã được xóa theo yêu cầu; những người này chỉ còn được tính"
            " trong tổng số.",
        ),
    ],
)
def test_states_that_few_units_have_are_said(states: dict[str, int], sentence: str) -> None:
    report = heads_report(ranking_of(MIXED), people_of(**states))
    assert sentence in said(a_document(report))


def test_longer_period_is_named_and_what_regular_means_in_it() -> None:
    """A year; as one that runs from 10/12, whose days are named."""
    ranking = replace(ranking_of(MIXED), period=YEAR)
    report = heads_report(ranking, SOME, snapshot=replace(a_snapshot(), period=YEAR))
    annex = a_document(report)
    text = " ".join(said(annex))

    assert annex.subject == "Tình hình quản lý, sử dụng hộp thư điện tử công vụ năm 2025"
    assert "trong kỳ từ ngày 01/01/2025 đến ngày 31/12/2025" in text
    assert (
        "Thường xuyên sử dụng là trong ít nhất 2/3 số tháng được đánh giá, mỗi tháng có gửi thư"
        " trong ít nhất 4 ngày làm việc và đã đọc ít nhất 80% số thư đến hạn."
    ) in text


def test_definition_and_target_say_what_they_rest_on() -> None:
    rules = Rules(
        regular=ANY_ACTIVITY, regular_basis="Công văn 1/CV", target_basis="Kế hoạch 2/KH-UBND"
    )
    text = " ".join(said(a_document(rules=rules)))

    assert "chưa đạt chỉ tiêu 90% (theo Kế hoạch 2/KH-UBND)." in text
    assert (
        "Thường xuyên sử dụng là có gửi hoặc đọc ít nhất một thư trong kỳ (theo Công văn 1/CV)."
    ) in text


@pytest.mark.parametrize(("code", "word"), [("vi", "đọc"), ("en", "read")])
def test_mail_sent_alone_is_said_and_nothing_of_reading(code: str, word: str) -> None:
    """In the definition, in the numbers and among the shortcomings."""
    ranking = ranking_of(replace(MIXED, reads=False, read=0))
    people = people_of(regular=12, few_days=6, sent_nothing=8, none=2, unmeasured=2)
    people = tuple(replace(one, has_read=None) for one in people)
    rules = Rules(regular=SENT_ALONE)
    report = heads_report(ranking, people, rules=rules, lang=code)
    text = " ".join(said(a_document(report, rules=rules)))

    assert word not in text
    sentences = {
        "vi": (
            "Thường xuyên sử dụng là có gửi thư trong ít nhất 4 ngày làm việc.",
            "Trong 28 người được đánh giá, có 18 người gửi thư qua hộp thư điện tử công vụ.",
            "trong cả kỳ không gửi thư nào: 8 người",
        ),
        "en": (
            "Regular use means mail sent on at least 4 working days.",
            "Of the 28 people judged, 18 sent mail from their official mailbox.",
            "nothing sent in the whole period: 8 people",
        ),
    }
    for sentence in sentences[code]:
        assert sentence in text


def test_unit_that_meets_the_target_lacks_nothing() -> None:
    report = heads_report(ranking_of(counts(20, 20)), people_of(regular=20))
    texts = said(a_document(report))

    assert "20/20 người, đạt tỷ lệ 100,0%; đạt chỉ tiêu 90%." in texts[3]
    start = texts.index("II. TỒN TẠI, VƯỚNG MẮC")
    assert [text[:20] for text in texts[start:-1]] == [
        "II. TỒN TẠI, VƯỚNG MẮC"[:20], "- Khó khăn, vướng mắ", "III. ĐỀ XUẤT",
        "- Đề xuất khác (cấp ",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ranking", "sentence"),
    [
        (without_mail(), "2. Trong cả kỳ không có ai gửi hoặc nhận thư."),
        (ranking_of(counts(9, 0, unmeasured=9)), "2. Chưa hộp thư nào đo được, nên không tính"),
        (ranking_of(counts(0, 0, exempt=4)), "Trong kỳ không có người nào thuộc diện sử dụng"),
    ],
    ids=["no mail", "all unmeasured", "nobody"],
)
def test_where_there_is_no_rate_none_is_printed(ranking: Ranking, sentence: str) -> None:
    """Neither 0 % nor a dash, no verdict, and nobody is called unused."""
    annex = a_document(heads_report(ranking, people_of(unmeasured=9)))
    text = " ".join(said(annex))

    assert sentence in text
    for wrong in ("–%", "chưa đạt", "còn thiếu", "không đọc thư nào", "0/0"):
        assert wrong not in text


def test_document_is_issued_and_signed_by_the_unit() -> None:
    """Whatever the configuration says of the organisation; number, day and place stay open."""
    annex = a_document()

    assert annex.head.issuer == "SỞ NỘI VỤ"
    assert (annex.head.superior, annex.author) == ("", "Sở Nội vụ")
    assert re.fullmatch(r"Số:\s+/BC-…", annex.head.number)
    assert annex.head.dated.startswith("…………, ngày")
    assert annex.foot.signer == ("THỦ TRƯỞNG ĐƠN VỊ",)
    assert annex.foot.recipients == (f"- {OPERATOR} (để b/c);", "- Lưu: VT.")
    for gone in ("UBND", "BC-SKHCN", "Đà Lạt", "GIÁM ĐỐC", "Lâm Đồng"):
        assert gone not in str(replace(annex, provenance=""))


@pytest.mark.parametrize("issuer", ["", "Sở Nội vụ"])
def test_operator_without_a_name_or_the_unit_itself_is_described(issuer: str) -> None:
    """Nobody asks himself for mailboxes."""
    annex = a_document(letterhead=Letterhead(issuer=issuer))

    text = "- Đề nghị đơn vị quản lý, vận hành hệ thống thư điện tử công vụ cấp mới 2 hộp thư"
    assert any(one.startswith(text) for one in said(annex))
    assert annex.foot.recipients[0] == (
        "- Đơn vị quản lý, vận hành hệ thống thư điện tử công vụ (để b/c);"
    )


def test_document_has_nothing_of_another_unit_or_of_the_whole() -> None:
    """Neither a name nor, in any table, a sum."""
    annex = a_document(heads_report(ranking_of(MIXED), SOME, names=True), names=True)
    parts = str(annex)

    assert "Tài chính" not in parts
    assert DEPARTMENTS not in parts
    tables = [block.key for one in annex.appendices for block in one.blocks
              if not isinstance(block, Line)]  # fmt: skip
    assert tables == ["gaps", "periods", "staff"]


def test_people_are_listed_only_where_names_may_be() -> None:
    """Not even where the wording asks for the list; the foot of each page says for whom it is."""
    source = "x\n\n[appendix] A\n[table] staff\n"
    listing = a_document(source=source, names=True)
    without = a_document(source=source)

    assert "Người thứ regular0" in str(listing)
    assert listing.footer.startswith("Có danh sách cá nhân: chỉ dành cho thủ trưởng đơn vị")
    for text in ("Người thứ", "@lamdong.example"):
        assert text not in str(without)
        assert text not in str(a_document())
    assert without.footer.startswith("Báo cáo của một đơn vị: chỉ có số liệu của đơn vị này")
    assert a_document(source="x", names=True).footer == without.footer


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_hostile_names_stay_names(text: str) -> None:
    """In the letterhead, the sentences, the properties; the DOCX keeps to its schema."""
    report = heads_report(ranking_of(MIXED, text), SOME)
    annex = a_document(report, letterhead=Letterhead(issuer=text + " B"), rules=Rules(
        target_basis=text, regular_basis=text))  # fmt: skip
    content = render_word(annex)

    assert list(faults(content)) == []
    assert len(said(annex)) == len(said(a_document()))
    shown = [one for one in word_texts(docx.Document(BytesIO(content))) if one]
    assert shown == [one for one in texts_of(annex) if one]


def test_hostile_names_in_the_pdf() -> None:
    text = " ".join(HOSTILE_TEXTS[4:12])
    annex = a_document(heads_report(ranking_of(MIXED, text), SOME))

    assert breaches(render_pdf(annex)) == []
    pages = PdfReader(BytesIO(render_pdf(annex))).pages
    assert squeezed("<script>alert(1)</script>") in squeezed(pages[0].extract_text())


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{{ totall }}", "The wording w.txt, line 3, names totall, which is not a variable of a"),
        ("{{ total.ratte }}", "The wording w.txt, line 3, names ratte, which is not a variable"),
        ("{{ groups }}", "The wording w.txt, line 3, names groups, which is not a variable of a"),
        ("{% if total %}", "The wording w.txt, line 3: a tag is not closed, or has a word"),
        ("{{ period.month }}", "The wording w.txt, line 3, prints what this report does not have"),
        ("{{ total.staff / 0 }}", "The wording w.txt, line 3, computes with or repeats what can't"),
        ("{% include 'x' %}", "The wording w.txt, line 3: a tag is not closed, or has a word"),
        ("{{ unit.__class__ }}", "The wording w.txt, line 3, names __class__, which is not a"),
        ("x\n[tabel] gaps", "The wording w.txt, line 4: [tabel] gaps is not a directive."),
        ("[table] ranking", "The wording w.txt, line 3: ranking is not a table of a document."),
        ("[table] compare", "The wording w.txt, line 3: compare is not a table of a document."),
    ],
)
def test_mistakes_in_the_wording_are_reported_with_their_line(body: str, message: str) -> None:
    ranking = replace(ranking_of(MIXED), period=YEAR)
    report = heads_report(ranking, SOME, snapshot=replace(a_snapshot(), period=YEAR))
    with pytest.raises(ConfigurationError) as caught:
        a_document(report, source=body)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_shipped_wording_explains_every_variable_and_table(lang: str) -> None:
    """What can be named is what the file's first lines list."""
    source = shipped(f"unit-report.{lang}.txt").read_text("utf-8")
    comment = source[: source.index("#}")]
    words = set(re.findall(r"[a-z_]+", comment))
    attributes = frozenset().union(*known_unit_variables().values())

    assert known_unit_variables().keys() - words == set()
    assert attributes - words == set()
    assert words >= UNIT_TABLES


def test_files_say_of_what_and_for_whom_they_are() -> None:
    unit = next(one for one in heads_report(ranking_of(MIXED)).units if one.code == "H01")

    assert unit_report_stem(PERIOD, None) == "mailaudit-2026-10-leader-unit-reports"
    assert unit_report_stem(PERIOD, unit) == "mailaudit-2026-10-leader-unit-report-H01"
