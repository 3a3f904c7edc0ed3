"""What compose() decides: totals, ties, units not ranked, remarks, notices, method."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from report_builders import (
    AGENCIES,
    DEPARTMENTS,
    PERIOD,
    a_calendar,
    a_group,
    a_measurement,
    a_person,
    a_ranking,
    a_report,
    a_snapshot,
    a_standing,
    agencies,
    cells_of,
    counts,
    departments,
    named,
    section_of,
    table_of,
)

from mailaudit.locale import LANGUAGES
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.knowledge import EXCHANGE, Knowledge
from mailaudit.model.roster import Unit
from mailaudit.model.rules import Grade, Rules
from mailaudit.model.snapshot import joined
from mailaudit.model.usage import StaffState, UnnamedWord, WordKind
from mailaudit.report.html import render_html, render_units
from mailaudit.report.sections.needs import MOST
from mailaudit.report.sections.ranking import distinct_decimals
from mailaudit.report.tables import Row, Table
from mailaudit.report.value import Report


def all_text(report: Report) -> str:
    return repr(report)


def total_of(table: Table, row: Row | None) -> dict[str, object]:
    assert row is not None
    return {key: cell.value for key, cell in named(table, row.cells).items()}


def test_compose_gives_equal_reports_for_equal_arguments() -> None:
    """Nothing outside the arguments, such as the clock, gets into a Report."""
    assert a_report() == a_report()


def test_compose_keeps_the_sections_in_their_order() -> None:
    """The sheets and chapters are those the readers know, what matters most first."""
    names = [section.name for section in a_report().sections]

    assert names == [
        "Tổng hợp",
        "Xếp hạng",
        "Cần chú ý",
        "Xu hướng",
        "Không thuộc diện",
        "Chưa đo được",
        "Phương pháp",
    ]


def test_ranking_has_the_columns_of_the_annex() -> None:
    """Seventeen columns, in the order and words of Phụ lục I."""
    labels = [column.label for column in table_of(a_report(), "ranking").columns]

    assert labels == [
        "STT",
        "Tên đơn vị",
        "Tổng số CBCCVC",
        "Không thuộc diện",
        "Thuộc diện (1)",
        "Đã cấp (2)",
        "Tỷ lệ cấp % (2/1)",
        "Chưa đo được (3)",
        "Có truy cập",
        "Có gửi",
        "Thường xuyên (4)",
        "Tỷ lệ thường xuyên % (4/(1−3))",
        "Kỳ trước %",
        "Tăng/giảm (điểm %)",
        "Xếp hạng",
        "Xếp loại",
        "Ghi chú",
    ]


def test_ranking_shows_a_units_sums_and_rates() -> None:
    """Every cell of a unit is its own figure, exact."""
    cells = cells_of(table_of(a_report(), "ranking"), "H01")

    assert {key: cell.value for key, cell in cells.items()} == {
        "number": 1,
        "unit": "Sở Nội vụ",
        "staff": 60,
        "out_of_scope": 10,
        "in_scope": 50,
        "provided": 48,
        "provided_share": Fraction(48, 50),
        "unmeasured": 2,
        "read": 44,
        "sent": 44,
        "regular": 44,
        "regular_share": Fraction(44, 48),
        "previous": Fraction(7, 8),
        "change": Fraction(44, 48) - Fraction(7, 8),
        "rank": 1,
        "grade": "Tốt",
        "remarks": "",
    }


def test_ranking_totals_are_rates_of_sums() -> None:
    """A total's rate is that of its sums: 919/(1106 − 6), not the mean of five rates."""
    table = table_of(a_report(), "ranking")
    group = total_of(table, table.groups[0].total)
    whole = total_of(table, table.total)

    assert (group["unit"], group["regular"], group["in_scope"]) == ("Cộng nhóm", 919, 1106)
    assert group["regular_share"] == Fraction(919, 1100)
    assert group["change"] == Fraction(919, 1100) - Fraction(52, 62)
    assert (whole["unit"], whole["regular"], whole["unmeasured"]) == ("TỔNG CỘNG", 923, 6)
    assert whole["regular_share"] == Fraction(923, 1108)
    assert table.total is not None
    assert named(table, table.total.cells)["regular_share"].decimals == 1


def test_ranking_numbers_groups_in_roman() -> None:
    """Groups stand as I, II with their names as configured."""
    titles = [group.title for group in table_of(a_report(), "ranking").groups]

    assert titles == [f"I. {DEPARTMENTS}", f"II. {AGENCIES}", "Các đơn vị ít người (2 đơn vị)"]


def test_ranking_marks_ties_and_only_ties() -> None:
    """A shared rank says so."""
    table = table_of(a_report(), "ranking")

    assert [
        (cells_of(table, code)["rank"].value, cells_of(table, code)["rank"].mark)
        for code in ("H01", "H02", "H03", "H04")
    ] == [(1, ""), (2, " (đồng hạng)"), (2, " (đồng hạng)"), (4, "")]


def test_ranking_prints_more_decimals_where_different_rates_look_the_same() -> None:
    """5/6 and 833/1000 both round to 83.3; the tied units keep one common form."""
    table = table_of(a_report(), "ranking")

    assert [
        cells_of(table, code)["regular_share"].decimals for code in ("H01", "H02", "H03", "H04")
    ] == [1, 2, 2, 2]


def test_decimals_grow_until_shares_differ() -> None:
    """Two shares that differ in the third decimal only get three."""
    near, nearer, far = Fraction(83331, 100000), Fraction(83334, 100000), Fraction(1, 2)

    assert distinct_decimals([near, nearer, far, near]) == {near: 3, nearer: 3, far: 1}


def test_ranking_leaves_units_unranked_with_the_reason() -> None:
    """Low coverage, too few and nobody in scope each say so where the rank would stand."""
    table = table_of(a_report(), "ranking")
    low, few, nobody = (cells_of(table, code) for code in ("H05", "H07", "H08"))

    assert (low["rank"].value, low["grade"].value) == (None, "Chưa đủ dữ liệu")
    assert str(low["remarks"].value).startswith(
        "Chưa đủ dữ liệu: độ phủ 80,0%, tỷ lệ từ 60,0% đến 80,0%"
    )
    assert (few["rank"].value, few["grade"].value) == (None, "Không xếp hạng")
    assert "Dưới 5 người thuộc diện" in str(few["remarks"].value)
    assert (nobody["rank"].value, nobody["regular_share"].value) == (None, None)
    assert nobody["provided_share"].value is None
    assert "Không có người thuộc diện" in str(nobody["remarks"].value)


def test_ranking_remarks_small_units_and_many_exempt() -> None:
    """One of eight people weighs 12.5 points; five of 25 exempt are 20 %."""
    table = table_of(a_report(), "ranking")

    assert "Một người = 12,5 điểm phần trăm" in str(cells_of(table, "H06")["remarks"].value)
    assert "5/25 người (20,0%) không thuộc diện theo đối tượng, chức danh, 0 người loại trừ" in str(
        cells_of(table, "H05")["remarks"].value
    )


def test_ranking_says_what_cannot_be_compared_only_where_there_is_a_month_before() -> None:
    """Without any previous period the remark would stand at every unit."""
    first = replace(a_ranking(), previous_total=None, trend=a_ranking().trend[-1:])
    phrase = "Không so sánh được với kỳ trước"

    assert phrase in str(cells_of(table_of(a_report(), "ranking"), "H03")["remarks"].value)
    assert phrase not in all_text(a_report(ranking=first))


def test_headline_gives_the_rate_its_bounds_coverage_and_change() -> None:
    """The first figures are the whole's, exact."""
    figures = {f.key: f.values for f in section_of(a_report(), "summary").figures}

    assert figures == {
        "regular": (Fraction(923, 1108),),
        "doubt": (
            Fraction(923, 1114) - Fraction(923, 1108),
            Fraction(929, 1114) - Fraction(923, 1108),
        ),
        "coverage": (Fraction(1106, 1112),),
        "change": (Fraction(923, 1108) - Fraction(700, 900),),
        "met": (1,),
        "everyone": (Fraction(926, 1111),),
    }


def test_funnel_counts_everybody_with_the_base_of_each_rate() -> None:
    """From all staff to regular use; the parts out of scope add up."""
    table = table_of(a_report(), "funnel")
    lines = {
        row.key: tuple(cell.value for cell in row.cells[2:])
        for group in table.groups
        for row in group.rows
    }

    assert lines["Tổng số CBCCVC trong danh sách"] == (1129, "", "")
    assert lines["Không thuộc diện theo đối tượng, chức danh"] == (10, Fraction(10, 1129), "B")
    assert lines["Loại trừ trong kỳ"] == (5, Fraction(5, 1129), "B")
    assert lines["Thuộc diện"] == (1114, Fraction(1114, 1129), "B")
    assert lines["Được cấp hộp thư"] == (1112, Fraction(1112, 1114), "(1)")
    assert lines["Chưa đo được"] == (6, Fraction(6, 1112), "(2)")
    assert lines["Thường xuyên"] == (923, Fraction(923, 1108), "(1) − (3)")


def test_no_second_rate_stands_beside_the_headline() -> None:
    """Doubt is a shift; the way to regular use counts people, whose share would be another rate.

    The bars of use say on the page what the way to regular use says, and why.
    """
    report = a_report()
    (doubt,) = (f for f in section_of(report, "summary").figures if f.key == "doubt")
    first = render_html(report).partition('id="ranking"')[0]
    unit = next(iter(render_units(report)))[1]

    assert doubt.explanation == (
        "điểm phần trăm, nếu cả 6 hộp thư chưa đo được đều không / đều sử dụng thường xuyên"
    )
    assert "−0,4 / +0,1" in re.sub("<[^>]*>", "", first)
    for other in ("82,9", "83,4"):  # the bounds
        assert other not in first
    way = "Từ thuộc diện đến thường xuyên sử dụng: số người"
    assert way in unit
    assert way in render_html(replace(report, uses=()))
    assert way not in render_html(report)


def test_attention_lists_what_is_needed_and_not_the_ranking_again() -> None:
    """A few units of each kind, under what they need, where the page listed all that are short."""
    table = table_of(a_report(), "needs")
    found = {
        group.title: [tuple(cell.value for cell in row.cells[1:]) for row in group.rows]
        for group in table.groups
    }
    page = render_html(a_report())

    assert found == {
        "Tỷ lệ thấp nhất": [
            ("Bảo tàng tỉnh", Fraction(1, 2), 4, 0, 0),
            ("Sở Y tế", Fraction(833, 1000), 67, 0, 0),
            ("Sở Tài chính", Fraction(5, 6), 2, 0, 0),
            ("Sở Tư pháp", Fraction(5, 6), 1, 0, 0),
        ],
        "Chỉ thiếu một người để đạt chỉ tiêu": [("Sở Tư pháp", Fraction(5, 6), 1, 0, 0)],
        "Nhiều người chưa có hộp thư nhất": [("Sở Nội vụ", Fraction(11, 12), 0, 2, 2)],
        "Nhiều hộp thư chưa đo được nhất": [
            ("Thanh tra tỉnh", Fraction(3, 4), None, 0, 4),  # not ranked
            ("Sở Nội vụ", Fraction(11, 12), 0, 2, 2),
        ],
    }
    assert "Đơn vị chưa đạt chỉ tiêu" not in page
    units = [departments()[1] for _ in range(60)]
    many = table_of(a_report(ranking=a_ranking([a_group(DEPARTMENTS, units)])), "needs")
    assert len(many.groups[0].rows) == MOST


def test_attention_names_no_unit_before_its_equals() -> None:
    """Of units with equally many people without a mailbox all are named or none, but not nobody."""
    for without, shown in (((4, 3, 2, 2, 1, 1, 1), 4), ((5, 5, 4, 3, 2), 5), ((2,) * 8, MOST)):
        standings = [
            a_standing(f"H{n}", f"Đơn vị {n}", DEPARTMENTS, counts(20, 9, provided=20 - count))
            for n, count in enumerate(without)
        ]
        table = table_of(a_report(ranking=a_ranking([a_group(DEPARTMENTS, standings)])), "needs")
        (found,) = [g for g in table.groups if g.title == "Nhiều người chưa có hộp thư nhất"]
        assert [row.cells[4].value for row in found.rows] == list(without[:shown])


def test_grades_count_every_unit_once() -> None:
    """Graded and unranked units together are all units."""
    table = table_of(a_report(), "grades")
    lines = {row.key: row.cells[3].value for group in table.groups for row in group.rows}

    assert lines == {
        "Tốt": 1,
        "Khá": 3,
        "Trung bình": 0,
        "Yếu": 1,
        "Không xếp hạng: Chưa đủ dữ liệu": 1,
        "Đơn vị ít người": 2,
    }
    assert total_of(table, table.total)["units"] == 8


def test_movers_list_ranked_units_by_the_size_of_their_change() -> None:
    """H02 fell, H04 and H01 rose, and who can't be compared is on neither list."""
    report = a_report()

    def moved(key: str) -> list[str]:
        return [row.key for group in table_of(report, key).groups for row in group.rows]

    assert moved("falls") == ["H02"]
    assert moved("rises") == ["H04", "H01"]


def test_short_of_target_lists_ranked_units_below_it_with_the_people_needed() -> None:
    """Every ranked unit below the target, and none at or above it."""
    table = table_of(a_report(), "short")
    keys = [row.key for group in table.groups for row in group.rows]

    assert keys == ["H02", "H03", "H04", "H06"]
    assert cells_of(table, "H02")["gap"].value == Fraction(5, 6) - Fraction(9, 10)
    assert cells_of(table, "H02")["next"].value == "Thêm 2 người để đạt “Tốt”"
    assert cells_of(table, "H06")["next"].value == "Thêm 1 người để đạt “Trung bình”"


def test_a_unit_exactly_at_the_target_met_it() -> None:
    """Nine of ten is 90 %, so met."""
    unit = a_standing("A", "Sở A", DEPARTMENTS, counts(10, 9), rank=1, grade="Tốt")
    report = a_report(ranking=a_ranking([a_group(DEPARTMENTS, [unit])]))

    assert not table_of(report, "short").has_rows
    assert {f.key: f.values for f in section_of(report, "summary").figures}["met"] == (1,)


def test_trend_has_every_unit_in_every_period() -> None:
    """Rates by period; no data is None, low coverage is marked, totals are of sums."""
    table = table_of(a_report(), "trend")

    assert [column.label for column in table.columns[2:]] == ["09/2026", "10/2026"]
    first = cells_of(table, "H01")["share-2026-09"]
    second = cells_of(table, "H01")["share-2026-10"]
    assert (first.value, second.value) == (Fraction(42, 48), Fraction(44, 48))
    assert cells_of(table, "H02")["share-2026-09"].value is None
    assert cells_of(table, "H05")["share-2026-09"].mark == "*"
    assert total_of(table, table.groups[0].total)["share-2026-09"] == Fraction(52, 62)
    assert total_of(table, table.total)["share-2026-09"] == Fraction(700, 900)


def test_unmeasured_lists_addresses_with_cause_code_and_remedy() -> None:
    """In the order of the ranking, then of the staff list."""
    table = table_of(a_report(), "unmeasured")
    rows = [row for group in table.groups for row in group.rows]

    assert [row.key for row in rows] == [
        *("d1@lamdong.example", "d2@lamdong.example"),
        *(f"u{n}@lamdong.example" for n in range(4)),
    ]
    assert cells_of(table, "d1@lamdong.example")["detail"].value == "ErrorAccessDenied"
    assert cells_of(table, "d1@lamdong.example")["reason"].value == "Bị từ chối truy cập hộp thư"
    assert "impersonation" in str(cells_of(table, "d1@lamdong.example")["remedy"].value)
    causes = table_of(a_report(), "causes")
    assert total_of(causes, causes.total)["mailboxes"] == 6


def test_report_names_no_person_and_not_the_reading_account() -> None:
    """Addresses are needed for repair; names of people and the account are not."""
    text = all_text(a_report())

    assert "Người thứ" not in text
    assert "svc-audit" not in text


def test_exclusions_are_counted_by_reason_in_one_spelling() -> None:
    """Two spellings of one status are one reason."""
    table = table_of(a_report(), "exclusions")
    lines = {row.cells[1].value: row.cells[2].value for group in table.groups for row in group.rows}

    assert lines == {"hợp đồng lao động": 1, "thai sản": 2, "đi học": 1}
    sums = total_of(table, table.total)
    assert (sums["people"], sums["undated"]) == (4, 2)


def test_exclusions_by_unit_give_exempt_and_excluded_apart() -> None:
    """Each unit with somebody out of scope, its reasons, and a mark above the limit."""
    table = table_of(a_report(), "exclusions_by_unit")
    assert [row.key for row in table.groups[0].rows] == ["H01", "H05", "H08"]
    first, fifth = cells_of(table, "H01"), cells_of(table, "H05")

    assert (first["exempt"].value, first["excluded"].value) == (5, 5)
    assert first["exempt_share"].value == Fraction(1, 12)
    assert first["reasons"].value == "thai sản: 2; hợp đồng lao động: 1; đi học: 1"
    assert (first["exempt_share"].mark, fifth["exempt_share"].mark) == ("", " !")
    sums = total_of(table, table.total)
    assert (sums["staff"], sums["exempt"], sums["excluded"]) == (1136, 14, 5)


def test_report_reports_words_that_no_rule_names() -> None:
    """Their number before any figure, for every audience; the words where all is shown."""
    ranking = a_ranking()
    words = [UnnamedWord(WordKind.CATEGORY, f"loại {n}", 9 - n) for n in range(6)]
    report = a_report(ranking=ranking, measurement=a_measurement(ranking, [], words))
    table = table_of(report, "unnamed")

    assert "Danh sách có 6 loại" in report.notices[-1]
    assert "(39 lượt ghi)" in report.notices[-1]
    assert "loại 0" not in "".join(report.notices)
    assert [row.cells[2].value for row in table.groups[0].rows] == [9, 8, 7, 6, 5, 4]
    nothing = a_report(ranking=ranking, measurement=a_measurement(ranking, [], []))
    assert table_of(nothing, "unnamed").has_rows is False
    assert nothing.notices == ()


def test_report_begins_with_many_exempt_in_the_whole() -> None:
    """14 of 1136 are few; with a limit of 1 % they are many."""
    few = Rules(max_exempt_share=Fraction(1, 100))

    assert "14" not in "".join(a_report().notices)
    assert any("14" in notice and "1.136" in notice for notice in a_report(rules=few).notices)


@pytest.mark.parametrize(
    "other",
    [
        Rules(min_sent_days=7),
        Rules(min_read_share=Fraction(71, 100)),
        Rules(read_grace_working_days=9),
        Rules(read_waived_below=17),
        Rules(min_coverage=Fraction(87, 100)),
        Rules(min_in_scope=6),
        Rules(small_unit=23),
        Rules(target=Fraction(93, 100)),
        Rules(grades=(Grade("Đạt", Fraction(1, 2)), Grade("Không đạt", Fraction(0)))),
        Rules(exempt_categories=frozenset({"lái xe"})),
        Rules(in_scope_categories=frozenset({"lái xe"})),
        Rules(exempt_job_titles=frozenset({"lái xe"})),
        Rules(in_scope_job_titles=frozenset({"lái xe"})),
        Rules(excluded_statuses=frozenset({"nghỉ phép"})),
        Rules(joined_statuses=frozenset({"nghỉ phép"})),
        Rules(min_joined_working_days=11),
        Rules(left_statuses=frozenset({"nghỉ phép"})),
        Rules(in_scope_statuses=frozenset({"nghỉ phép"})),
        Rules(min_excluded_share=Fraction(3, 4)),
        Rules(max_exempt_share=Fraction(17, 100)),
    ],
)
def test_method_prints_every_threshold(other: Rules) -> None:
    """A report made with another threshold says so in its method."""
    nobody = a_ranking([a_group(AGENCIES, agencies()[1:])])
    usual = section_of(a_report(ranking=nobody), "method")

    assert section_of(a_report(ranking=nobody, rules=other), "method") != usual


def test_method_gives_digests_and_working_days() -> None:
    """What a reviewer needs to find the same data again; October 2026 has 22 days less one off."""
    table = table_of(a_report(), "provenance")
    lines = {row.key: row.cells[2].value for group in table.groups for row in group.rows}

    assert lines["Mã SHA-256 của số liệu"] == "0f" * 32
    assert lines["Mã SHA-256 của danh sách CBCCVC"] == "aa" * 32
    assert lines["Số ngày làm việc của kỳ"] == "21"
    assert lines["Ngày chốt số liệu"] == "08:30 01/11/2026"


def test_method_names_an_old_seal_and_what_it_covers() -> None:
    """Wherever the digest is printed."""
    report = a_report(snapshot=replace(a_snapshot(), digest_version=1))
    note = "dấu niêm phong kiểu cũ: chỉ bao gồm kỳ báo cáo, danh sách CBCCVC"
    table = table_of(report, "provenance")
    lines = {row.key: row.cells[2].value for group in table.groups for row in group.rows}

    assert note in str(lines["Mã SHA-256 của số liệu"])
    assert note in report.digest
    assert any(note in fact.text for fact in report.facts)
    assert note not in a_report().digest


def test_method_gives_the_version_that_the_server_said() -> None:
    """The schema asked for is no version of the server."""
    snapshot = a_snapshot()
    said = replace(
        snapshot, source=replace(snapshot.source, reported="Exchange Server 2019 (15.2)")
    )

    def source(report: Report) -> object:
        rows = [row for g in table_of(report, "provenance").groups for row in g.rows]
        return rows[0].cells[2].value

    assert str(source(a_report(snapshot=said))).endswith("phiên bản Exchange Server 2019 (15.2)")
    unknown = str(source(a_report(snapshot=snapshot)))
    assert unknown.endswith("máy chủ không cho biết (đã hỏi theo lược đồ Exchange2016)")


def test_method_names_each_server_and_what_it_does_not_know() -> None:
    """So that a reader sees where a break lies."""
    snapshot = a_snapshot()
    logs = replace(
        snapshot.source, name="binhthuan", server="b.vn", knows=EXCHANGE - {Knowledge.READ_FLAGS}
    )
    source = joined([replace(snapshot.source, name="lamdong"), logs])
    report = a_report(snapshot=replace(snapshot, source=source))
    rows = [row for g in table_of(report, "provenance").groups for row in g.rows]
    found = {str(row.cells[1].value): str(row.cells[2].value) for row in rows}

    assert "không cho biết" not in found["Nguồn lamdong"].partition("phiên bản")[0]
    assert found["Nguồn binhthuan"].startswith("EWS, máy chủ b.vn")
    assert found["Nguồn binhthuan"].endswith("nguồn này không cho biết: thư đã đọc hay chưa")


def test_report_within_a_unit_reports_its_own_line_from_the_unit() -> None:
    """The whole unit has the name, and other figures than those who are in no unit below it."""
    ranking = replace(a_ranking(), within=Unit("H01", "Sở Nội vụ", DEPARTMENTS))
    report = a_report(ranking=ranking)

    assert cells_of(table_of(report, "ranking"), "H01")["unit"].value == (
        "Sở Nội vụ (không kể đơn vị trực thuộc)"
    )
    assert cells_of(table_of(report, "ranking"), "H02")["unit"].value == "Sở Tài chính"
    named = {unit.code: unit.name for unit in report.units}
    assert named["H01"] == "Sở Nội vụ (không kể đơn vị trực thuộc)"


def test_report_warns_of_provisional_data() -> None:
    """An open snapshot is called provisional at the top and in the subtitle."""
    report = a_report(snapshot=a_snapshot(sealed=False))

    assert report.notices[0].startswith("Số liệu tạm thời: việc thu thập chưa hoàn tất")
    early = replace(a_snapshot(sealed=False), cut_off_at=PERIOD.start)
    assert a_report(snapshot=early).notices[0].endswith("kỳ báo cáo chưa kết thúc.")
    assert "số liệu tạm thời" in report.subtitle
    nothing_odd = a_measurement(a_ranking(), unnamed=())
    assert a_report(measurement=nothing_odd).notices == ()


@pytest.mark.parametrize("calendar", [a_calendar(known=False), a_calendar(provisional=True)])
def test_report_warns_of_an_estimated_calendar(calendar: WorkCalendar) -> None:
    """Working days of a year that is unknown or not final are estimates."""
    report = a_report(calendar=calendar)

    assert "ước tính" in report.notices[0]
    assert "ước tính" in all_text(replace(report, notices=()))


@pytest.mark.parametrize(
    ("lang", "name", "text"),
    [
        (
            "vi",
            "Lịch riêng của một số đơn vị: Trực thứ Bảy",
            "{units}, kể cả các đơn vị trực thuộc; số ngày làm việc: 26; theo QĐ 15",
        ),
        (
            "en",
            "Calendar of some units: Trực thứ Bảy",
            "{units}, with the units below them; working days: 26; by QĐ 15",
        ),
    ],
)
def test_method_names_units_with_a_calendar_of_their_own(lang: str, name: str, text: str) -> None:
    """What it is called, who decided it, and how many working days they had: 21 and 5 Saturdays."""
    general = a_calendar()
    own = replace(general, weekdays=frozenset(range(6)), name="Trực thứ Bảy", source="QĐ 15")
    units = tuple(Unit(code, f"Phường {code}", DEPARTMENTS) for code in ("A", "B", "C"))
    snapshot = replace(a_snapshot(), roster=replace(a_snapshot().roster, units=units))
    ended = replace(own, name="Cũ")
    calendar = replace(general, units=(("B", own), ("A", own), ("ended", ended)))

    def provenance(calendar: WorkCalendar) -> dict[str, str]:
        sections = {
            each.key: each
            for each in a_report(lang=lang, snapshot=snapshot, calendar=calendar).sections
        }
        tables = {table.key: table for table in sections["method"].tables}
        rows = tables["provenance"].groups[0].rows
        return {str(row.cells[1].value): str(row.cells[2].value) for row in rows}

    added = provenance(calendar).items() - provenance(general).items()
    assert (name, text.format(units="Phường A, Phường B")) in added
    assert not any("Cũ" in named for named, _ in added)


def test_report_warns_of_low_coverage_of_the_whole() -> None:
    """Half of the mailboxes unmeasured: the rate alone must not be read."""
    unit = a_standing("A", "Sở A", DEPARTMENTS, counts(10, 4, unmeasured=5))
    report = a_report(ranking=a_ranking([a_group(DEPARTMENTS, [unit])]))

    assert report.notices[0].startswith("Chưa đủ dữ liệu: độ phủ 50,0%")


def test_english_translates_default_grades_and_keeps_configured_ones() -> None:
    """ "Khá" is a word of the program, "Xuất sắc" one of the configuration."""
    own = Rules(grades=(Grade("Xuất sắc", Fraction(9, 10)), Grade("Khá", Fraction(0))))
    units = [
        a_standing("A", "Sở A", DEPARTMENTS, counts(10, 10), rank=1, grade="Xuất sắc"),
        a_standing("B", "Sở B", DEPARTMENTS, counts(10, 8), rank=2, grade="Khá", short_of=1),
    ]
    report = a_report(lang="en", ranking=a_ranking([a_group(DEPARTMENTS, units)]), rules=own)
    table = table_of(report, "ranking")

    assert cells_of(table, "A")["grade"].value == "Xuất sắc"
    assert cells_of(table, "B")["grade"].value == "Fair"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_report_of_no_units_still_composes(lang: str) -> None:
    """An empty month has no rate, no rank and no division by zero."""
    ranking = replace(a_ranking([]), previous_total=None)
    report = a_report(lang=lang, ranking=ranking, measurement=a_measurement(ranking, ()))

    assert not table_of(report, "ranking").has_rows
    assert section_of(report, "summary").figures == ()


def test_readable_text_replaces_what_no_document_can_hold() -> None:
    """Control characters and lone surrogates become the replacement character."""
    unit = a_standing("A", "Sở\x00 \ud800A", DEPARTMENTS, counts(10, 9), rank=1, grade="Tốt")
    report = a_report(ranking=a_ranking([a_group(DEPARTMENTS, [unit])]))

    assert cells_of(table_of(report, "ranking"), "A")["unit"].value == "Sở\ufffd \ufffdA"


def test_unmeasured_person_of_an_unknown_unit_is_still_listed() -> None:
    """Nobody is lost because a unit is not among those ranked."""
    ranking = a_ranking([a_group(DEPARTMENTS, departments()[:1])])
    stray = a_person("s", "GONE", StaffState.UNMEASURED)
    report = a_report(ranking=ranking, measurement=a_measurement(ranking, (stray,)))

    assert cells_of(table_of(report, "unmeasured"), "s@lamdong.example")["unit"].value == "GONE"
