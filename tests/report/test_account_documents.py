"""Lists of accounts as files: hostile texts do nothing, and each file is what its kind demands."""

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import docx
from archival_pdf import breaches
from hostile_texts import HOSTILE_TEXTS
from lxml import etree
from report_builders import DEPARTMENTS, a_snapshot
from report_builders import PERIOD as OCTOBER
from workbook_reading import assert_holds, opened

from mailaudit.locale import language
from mailaudit.model.accounts import (
    AccountLists,
    Answered,
    Dormancy,
    Ground,
    LookedAt,
    PassedOver,
    Proposal,
    Span,
    Thinned,
)
from mailaudit.model.roster import Staff, Unit
from mailaudit.model.wording import readable
from mailaudit.report.account_documents import (
    FORMATS,
    AccountDocument,
    compose_accounts,
    render_accounts,
)
from mailaudit.report.annex.content import Letterhead

AT = datetime(2026, 11, 1, 1, 30, tzinfo=UTC)
SPAN = Span(date(2026, 9, 17), date(2026, 10, 31))
UNITS = (Unit("A", "Sở A", DEPARTMENTS), Unit("B", "Sở B", DEPARTMENTS))
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def a_proposal(ground: Ground, number: int, line: str | None = "A", text: str = "") -> Proposal:
    box = None if ground is Ground.NO_MAILBOX else f"p{number}@x.vn"
    person = Staff(f"k{number}", "A", box, text or f"Tên {number}", job_title=text or "Văn thư")
    return Proposal(
        ground,
        person,
        text or "Sở A",
        line,
        received=1234,
        last_sign=date(2026, 8, number) if number % 2 else None,
        answered=Answered(OCTOBER, AT) if ground.request == "delete" else None,
        left_on=date(2026, 10, 5) if ground is Ground.LEFT else None,
    )


def some_lists(*proposals: Proposal, missing: tuple[Span, ...] = ()) -> AccountLists:
    looked_at = LookedAt(OCTOBER, 1, AT, OCTOBER.last_day, had_mail=True)
    return AccountLists(
        period=OCTOBER,
        edition=1,
        cut_off_at=AT,
        dormancy=Dormancy(45),
        span=SPAN,
        lines=UNITS,
        missing=missing,
        months=(looked_at,),
        proposals=proposals,
        passed_over={("A", PassedOver.AWAY): 2, ("B", PassedOver.AWAY): 5},
        thinned=(Thinned("Sở B", "B", 5, 9, OCTOBER.shifted(-1)),),
    )


def a_document(
    lists: AccountLists, line: Unit | None = None, *, names: bool = True, code: str = "vi"
) -> AccountDocument:
    return compose_accounts(
        "Tỉnh",
        lists,
        a_snapshot(),
        Letterhead("UBND tỉnh", "Sở KHCN", "BC-SKHCN", "Đà Lạt", ("GIÁM ĐỐC",), ("UBND (b/c)",)),
        line,
        language(code),
        names=names,
        illustrative=True,
        newer=None,
    )


EACH = tuple(a_proposal(ground, number) for number, ground in enumerate(Ground, start=1))


def test_every_kind_of_file_is_made_of_the_same_lists() -> None:
    document = a_document(some_lists(*EACH))
    files = render_accounts(document, FORMATS, None)

    assert set(files) == {".xlsx", ".docx", ".pdf"}
    workbook = opened(files[".xlsx"])
    assert sum(assert_holds(workbook, s.tables[0]) for s in document.report.sections) > 20
    assert breaches(files[".pdf"]) == []
    assert render_accounts(document, FORMATS, None) == files
    assert set(render_accounts(document, {"docx", "html"}, None)) == {".docx"}


def test_units_own_document_has_nothing_of_others() -> None:
    """Neither people nor counts; it is signed by the unit, and its place left open."""
    other = a_proposal(Ground.NO_SIGN, 9, "B")
    document = a_document(some_lists(*EACH, other, a_proposal(Ground.LEFT, 8, None)), UNITS[0])
    text = str(document)

    assert document.letterhead == Letterhead(issuer="Sở A")
    for gone in ("Tên 9", "p9@x.vn", "Tên 8", "p8@x.vn", "Sở B", "UBND tỉnh"):
        assert gone not in text
    assert "có thời gian nghỉ, vắng mặt: 2" in text
    assert "có thời gian nghỉ, vắng mặt: 7" in str(a_document(some_lists(*EACH)))


def test_names_are_printed_only_where_they_may_be() -> None:
    text = str(a_document(some_lists(*EACH), names=False))

    assert "Tên 1" not in text
    assert "k1" in text
    assert "p2@x.vn" in text


def test_person_of_a_unit_that_is_gone_stands_apart() -> None:
    document = a_document(some_lists(*EACH, a_proposal(Ground.NOT_LISTED, 8, None)))
    form = document.letter.appendices[0][1][0]

    assert [group.title for group in form.groups] == [
        "Sở A", "Đơn vị không còn trong danh sách tháng 10/2026",
    ]  # fmt: skip
    assert [row.cells[0].value for row in form.rows] == [1, 2, 3, 4, 5]


def test_days_that_were_not_collected_are_in_the_letter() -> None:
    """And nothing is said of locks that are not asked for."""
    missing = (Span(date(2026, 9, 17), date(2026, 9, 30)), Span(*(date(2026, 10, 4),) * 2))
    document = a_document(some_lists(EACH[0], missing=missing))

    assert document.letter.lines[1:] == (
        "1. Cấp mới hộp thư cho 1 người thuộc diện sử dụng nhưng chưa có hộp thư.",
        "Không đề nghị tạm khóa hộp thư nào: trong thời gian xét từ 17/09/2026 đến 31/10/2026"
        " (45 ngày), những ngày sau chưa được thu thập: 17/09/2026 đến 30/09/2026; 04/10/2026.",
    )


def test_hostile_texts_do_nothing() -> None:
    """No formula, no markup, no field of a message: they stand as they were written."""
    people = [
        a_proposal(Ground.LEFT, 10 + number, text=text) for number, text in enumerate(HOSTILE_TEXTS)
    ]
    document = a_document(some_lists(*people))
    files = render_accounts(document, FORMATS, None)

    workbook = opened(files[".xlsx"], values=False)
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    formulas = [cell for cell in cells if cell.data_type == "f"]
    assert all(str(cell.value).startswith("=SUM(") for cell in formulas)
    table = docx.Document(BytesIO(files[".docx"])).tables[-2]
    names = {row.cells[1].text for row in table.rows}
    assert {readable(text) for text in HOSTILE_TEXTS} <= names
    assert breaches(files[".pdf"]) == []


def test_word_file_has_each_property_of_a_paragraph_once() -> None:
    """Word repairs, or refuses, a file that repeats one."""
    content = render_accounts(a_document(some_lists(*EACH)), {"docx"}, None)[".docx"]
    with zipfile.ZipFile(BytesIO(content)) as package:
        body = etree.fromstring(package.read("word/document.xml"))
    for properties in body.iter(f"{WORD}pPr", f"{WORD}rPr", f"{WORD}tcPr"):
        tags = [child.tag for child in properties]
        assert len(tags) == len(set(tags))
