"""The comparison before and after corrections, as a workbook and a document, for each audience."""

import zipfile
from dataclasses import replace
from datetime import UTC, date, timedelta
from fractions import Fraction
from io import BytesIO

import docx
import openpyxl
import pytest
from hostile_texts import HOSTILE_TEXTS
from report_builders import DEPARTMENTS as GROUP
from report_builders import PERIOD as OCTOBER
from report_builders import counts

from mailaudit.locale import language
from mailaudit.model.audience import Audience
from mailaudit.model.correction import AppliedCorrection, Correction, CorrectionKind
from mailaudit.model.ranking import GroupRanking, Line, Ranking, Standing, TrendPoint
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot, SourceInfo
from mailaudit.model.usage import Counts, UnitUsage
from mailaudit.publication.comparison import compare
from mailaudit.report.annex.content import Letterhead
from mailaudit.report.correction_document import Corrections, compose_document, render_document
from mailaudit.report.sections.provenance import corrections_made
from mailaudit.report.tables import Table
from mailaudit.report.value import Report

BEFORE = {"A": counts(40, 30), "B": counts(30, 15), "x": counts(3, 1)}
AFTER = BEFORE | {"A": counts(34, 25)}
STAFF = tuple(Staff(f"k{n}", "A", f"p{n}@x.vn", f"Tên {n}", "công chức") for n in range(12))


def a_ranking(units: dict[str, Counts]) -> Ranking:
    """October; units are ranked as they stand, small ones not."""
    total = sum(units.values(), Counts())
    lines = tuple(Line(code, sums, frozenset({code})) for code, sums in units.items())
    standings = tuple(
        Standing(UnitUsage(Unit(code, code, GROUP), sums), None if sums.is_few(5) else rank)
        for rank, (code, sums) in enumerate(units.items(), start=1)
    )
    point = TrendPoint(OCTOBER, total, tuple(units.items()), lines=lines)
    return Ranking(OCTOBER, (GroupRanking(GROUP, standings, total),), total, None, (point,))


def a_made(person: str, kind: CorrectionKind, value: str = "", **more: str) -> AppliedCorrection:
    texts = {"reason": "Lý do", "document": "CV 1", "approved_by": "Giám đốc"} | more
    correction = Correction(
        month="2026-10",
        person=person,
        kind=kind,
        value=value,
        status_from=date(2026, 10, 1) if kind is CorrectionKind.STATUS else None,
        status_to=None,
        approved_on=date(2026, 11, 10),
        **texts,
    )
    return AppliedCorrection(correction, 2)


def a_snapshot(made: tuple[AppliedCorrection, ...]) -> Snapshot:
    at = OCTOBER.end.astimezone(UTC) + timedelta(days=1)
    source = SourceInfo("ews", "mail.x.vn", "Exchange2016", "svc")
    roster = Roster((GROUP,), (Unit("A", "A", GROUP),), STAFF, "d")
    return Snapshot(OCTOBER, 2, at, at, roster, {}, source, "0.1", "f" * 64, corrections=made)


def a_document(
    *made: AppliedCorrection,
    audience: Audience = Audience.IT,
    names: bool = False,
    code: str = "vi",
    rankings: tuple[Ranking, Ranking] | None = None,
) -> Report:
    rankings = rankings or (a_ranking(BEFORE), a_ranking(AFTER))
    snapshot = a_snapshot(made)
    return compose_document(
        "Tỉnh",
        Corrections(snapshot.roster, snapshot, made),
        compare(*rankings, (1, 2), audience, Rules()),
        Rules(),
        language=language(code),
        names=names,
        illustrative=False,
    )


def tables_of(report: Report) -> list[Table]:
    """The one table of each section."""
    return [table for section in report.sections for table in section.tables]


def cells(table: Table) -> list[list[object]]:
    return [[cell.value for cell in row.cells] for row in table.rows]


MANY = [a_made(f"k{n}", CorrectionKind.NOT_STAFF) for n in range(6)]
ILL = a_made("k7", CorrectionKind.STATUS, "ốm")


def test_public_reads_what_was_wrong_of_five_people_or_more() -> None:
    """How many, not who."""
    (table,) = a_document(*MANY, audience=Audience.PUBLIC).sections[1].tables
    assert cells(table) == [[1, "không thuộc danh sách CBCCVC", 6]]


def test_public_reads_nothing_of_it_where_some_is_of_fewer() -> None:
    """The others' numbers would show what became of the few."""
    for made in ([*MANY, ILL], [ILL]):
        (table,) = a_document(*made, audience=Audience.PUBLIC).sections[1].tables
        assert not table.has_rows
        assert table.empty == "Không nêu, vì có nội dung sai của dưới 5 người."


def test_public_reads_units_but_no_small_one_and_nobody_listed() -> None:
    table, _, others = tables_of(a_document(*MANY, audience=Audience.PUBLIC))
    assert [row[1] for row in cells(table)] == ["A"]
    assert cells(others) == [[1, "B", 30, 30, 15, Fraction(1, 2), 2]]
    assert "staff_before" not in {column.key for column in table.columns}
    assert table.total is not None
    assert [cell.value for cell in table.total.cells][2:4] == [70, 64]


def test_it_reads_every_unit_and_each_correction() -> None:
    """With what was wrong and is right; names only where they may be printed."""
    effects, what, others = tables_of(a_document(ILL, names=True))
    assert [row[1] for row in cells(effects)] == ["A"]
    assert [row[1] for row in cells(others)] == ["B", "x"]
    (line,) = cells(what)
    assert line == [
        1, "k7", "Tên 7", "A", "trạng thái", "–", "ốm, từ 01/10/2026", "Lý do", "CV 1",
        "Giám đốc, 10/11/2026",
    ]  # fmt: skip
    assert "Tên 7" not in cells(a_document(ILL).sections[1].tables[0])[0]


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.IT])
def test_units_whose_figures_or_ranks_changed_stand_first(audience: Audience) -> None:
    """Every unit is in one of the two tables; one whose rank alone moved is among the changed."""
    moved = {"B": counts(30, 27), "A": BEFORE["A"], "x": BEFORE["x"], "C": counts(20, 9)}
    before = a_ranking(BEFORE | {"C": counts(20, 9)})
    rankings = (before, a_ranking(moved))
    changed, _, others = tables_of(a_document(*MANY, audience=audience, rankings=rankings))
    assert [row[1] for row in cells(changed)] == ["B", "A"]
    assert [row[1] for row in cells(others)] == (
        ["C"] if audience is Audience.PUBLIC else ["C", "x"]
    )
    assert any("0,1" in note for note in changed.notes)

    same = tables_of(a_document(*MANY, audience=audience, rankings=(before, before)))
    assert [table.has_rows for table in same] == [False, True, True]
    assert same[0].empty == "Không có số liệu của đơn vị nào thay đổi."


def test_document_says_which_editions_it_compares() -> None:
    report = a_document(ILL)
    assert report.stem == "mailaudit-2026-10-it-corrections-2"
    assert report.subtitle == "Phiên bản 2 thay cho phiên bản 1; số đính chính: 1"
    assert ("Đính chính", "1; đính chính từ phiên bản 1") in {
        (fact.label, fact.text) for fact in report.facts
    }
    content = render_document(report, Letterhead(symbol="BC-SKHCN"))[".docx"]
    document = docx.Document(BytesIO(content))
    footer = document.sections[0].first_page_footer.paragraphs[0].text
    assert footer == report.audience_note
    assert "thông tin về từng người" in footer
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "BẢNG ĐỐI CHIẾU" in texts
    assert (
        "Trước và sau đính chính số liệu sử dụng hộp thư điện tử công vụ tháng 10 năm 2026" in texts
    )
    assert not any("BC-SKHCN" in text for text in texts)  # it is no report


@pytest.mark.parametrize(("audience", "goes_out"), [(Audience.PUBLIC, True), (Audience.IT, False)])
def test_recipients_of_reports_do_not_get_what_names_people(
    audience: Audience, goes_out: bool
) -> None:
    """The comparison for the IT department is filed, and names no recipient."""
    letterhead = Letterhead(recipients=("Các sở", "Lưu: VT"))
    report = a_document(*MANY, audience=audience)
    content = render_document(report, letterhead)[".docx"]
    with zipfile.ZipFile(BytesIO(content)) as parts:
        text = parts.read("word/document.xml").decode()
    assert ("Các sở" in text, "Lưu: VT" in text) == (goes_out, True)


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.IT])
@pytest.mark.parametrize("code", ["vi", "en"])
def test_same_comparison_gives_the_same_bytes(audience: Audience, code: str) -> None:
    once, again = (
        render_document(a_document(*MANY, audience=audience, code=code), Letterhead())
        for _ in range(2)
    )
    assert once == again


def test_hostile_texts_stay_texts() -> None:
    """In the workbook no formula and no link; in the document what was written."""
    kind = CorrectionKind.CATEGORY
    made = [
        a_made(f"k{n % 12}", kind, text, reason=text, document=text, approved_by=text)
        for n, text in enumerate(HOSTILE_TEXTS)
    ]
    contents = render_document(a_document(*made, names=True), Letterhead())
    book = openpyxl.load_workbook(BytesIO(contents[".xlsx"]))
    sheet = book.worksheets[1]
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in found if cell.data_type == "f" or cell.hyperlink]
    values = {str(cell.value).removeprefix("\u2060") for cell in found}  # keeps off markup
    assert {text for text in HOSTILE_TEXTS if text.isprintable()} <= values
    table = docx.Document(BytesIO(contents[".docx"])).tables[-2]
    assert len(table.rows) == len(HOSTILE_TEXTS) + 1


def test_unit_that_had_no_figures_before_has_none_printed() -> None:
    """It was small, and is not any more."""
    rankings = (
        a_ranking(BEFORE),
        a_ranking(AFTER | {"x": counts(9, 4)}),
    )
    report = a_document(*MANY, audience=Audience.PUBLIC, rankings=rankings)
    lines = {row[1]: row for row in cells(report.sections[0].tables[0])}
    assert lines["x"][2:4] == [None, 9]


def test_made_earlier_or_not_fitting_is_said() -> None:
    """In the provenance of every report."""
    snapshot = a_snapshot((replace(ILL, edition=3), replace(MANY[0], edition=4, fits=False)))
    assert corrections_made(snapshot, language("en"), counted=True) == (
        "2; corrected from edition 2; 1 of them no longer fit the staff list and change nothing"
    )
    assert corrections_made(snapshot, language("en"), counted=False) == "corrected from edition 2"


def test_nobody_else_reads_how_many_corrections_there_are() -> None:
    """One in a month in which no unit changed is of somebody in a small unit."""
    report, *others = (
        a_document(*made, audience=Audience.PUBLIC) for made in ([ILL], [ILL, MANY[0]], MANY[:4])
    )
    for other in others:
        assert (other.subtitle, other.facts) == (report.subtitle, report.facts)
        assert other.sections == report.sections
