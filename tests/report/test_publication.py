"""What each audience gets: in the Report there is nothing that is not for it."""

from dataclasses import replace
from fractions import Fraction

import pytest
from annex_builders import an_annex
from report_builders import (
    AGENCIES,
    DEPARTMENTS,
    SEPTEMBER,
    a_group,
    a_measurement,
    a_month,
    a_person,
    a_ranking,
    a_report,
    a_standing,
    cells_of,
    counts,
    departments,
    named,
    section_of,
    table_of,
)

from mailaudit.model.audience import Audience
from mailaudit.model.ranking import NotRanked, Ranking
from mailaudit.model.rules import Rules
from mailaudit.model.usage import StaffState
from mailaudit.report.annex.content import Line
from mailaudit.report.html import render_html
from mailaudit.report.tables import Kind, Row
from mailaudit.report.value import Report

SMALL = a_standing(
    "H09", "Ban Dân tộc tí hon", DEPARTMENTS, counts(3, 2), not_ranked=NotRanked.TOO_FEW
)


def with_small_unit() -> Ranking:
    """The departments with a unit of three; the agencies left out."""
    return a_ranking((a_group(DEPARTMENTS, (*departments(), SMALL), counts(1000, 700)),))


def published(audience: Audience = Audience.PUBLIC, *, names: bool = False) -> Report:
    return a_report(ranking=with_small_unit(), audience=audience, names=names)


def row_of(report: Report, table: str, code: str) -> Row:
    rows = (row for group in table_of(report, table).groups for row in group.rows)
    return next(row for row in rows if row.key == code)


def test_public_report_has_no_figure_of_a_unit_of_few_people() -> None:
    """The unit of three: named in a note and nothing else; all others are there."""
    report = published()

    everything = repr(replace(report, sections=()))
    for table in (table for section in report.sections for table in section.tables):
        assert "H09" not in {row.key for group in table.groups for row in group.rows}
        without_note = repr(replace(table, notes=()))
        assert "tí hon" not in without_note
    assert "tí hon" not in everything
    assert "H09" not in everything
    (note,) = (n for n in table_of(report, "ranking").notes if n.startswith("Các đơn vị ít người"))
    assert note == "Các đơn vị ít người (1 đơn vị): Ban Dân tộc tí hon."
    for code in ("H01", "H02", "H03", "H04", "H05"):
        assert row_of(report, "ranking", code).withheld is False


def test_totals_are_the_sums_of_the_lines_printed() -> None:
    """In every edition; the IT department reads of all units beside it."""
    for audience in Audience:
        report = published(audience)
        table = table_of(report, "ranking")
        assert table.total is not None
        assert named(table, table.total.cells)["in_scope"].value == 1106
        figures = {f.key: f for f in section_of(report, "summary").figures}
        assert figures["regular"].values == (Fraction(919, 1100),)
        assert ("everyone" in figures) is (audience is Audience.IT)
        assert report.official.startswith("Số liệu chung chính thức là của ")
        assert "1 đơn vị ít người (dưới 5 người) không nằm trong tổng nào" in report.official
    assert figures["everyone"].values == (Fraction(921, 1103),)


def test_units_of_few_people_stand_in_one_line_where_it_reports_nothing_of_one() -> None:
    """It counts in the whole and in no group, has no rank, and the IT department reads each."""
    small = tuple(
        a_standing(f"S{n}", f"Ban {n}", DEPARTMENTS, counts(4, 2), not_ranked=NotRanked.FEW_PEOPLE)
        for n in range(3)
    )
    ranking = a_ranking((a_group(DEPARTMENTS, (*departments(), *small)),))
    for audience in Audience:
        report = a_report(ranking=ranking, audience=audience)
        table, groups = table_of(report, "ranking"), table_of(report, "groups")
        line = table.groups[-1].total
        assert line is not None
        cells = named(table, line.cells)
        assert cells["unit"].value == "Các đơn vị ít người (3 đơn vị)"
        assert (cells["in_scope"].value, cells["regular"].value) == (12, 6)
        assert (cells["rank"].value, cells["grade"].value) == ("", "")
        assert len(table.groups[-1].rows) == (3 if audience is Audience.IT else 0)
        assert table.total is not None
        assert named(table, table.total.cells)["in_scope"].value == 1118
        assert [row.cells[2].value for row in groups.groups[0].rows] == [5, 3]
        assert [f.key for f in section_of(report, "summary").figures][-1] == "met"
        assert "dòng “Các đơn vị ít người (3 đơn vị)”" in report.official


def test_every_report_counts_units_of_few_people_apart() -> None:
    """They are in no grade and not among the ranked units that met the target."""
    for audience in Audience:
        report = published(audience)
        rows = table_of(report, "grades").groups[0].rows
        lines = {row.cells[1].value: row.cells[3].value for row in rows}
        (met,) = (f for f in section_of(report, "summary").figures if f.key == "met")

        assert lines["Đơn vị ít người"] == 1
        assert sum(value for value in lines.values() if isinstance(value, int)) == 6
        assert met.explanation.startswith("trên 4 đơn vị")


def test_document_accounts_for_units_of_few_people() -> None:
    """How many they are, and whether the whole has them."""
    for audience in Audience:
        document = an_annex(published(audience))
        text = " ".join(block.text for block in document.blocks if isinstance(block, Line))

        assert "Trong 6 đơn vị có 4 đơn vị được xếp hạng" in text
        assert (
            "Có 1 đơn vị ít người không có số liệu riêng để bảo vệ thông tin cá nhân, không được"
            " tính trong số liệu của toàn tổ chức."
        ) in text


def test_nobody_else_reads_how_many_of_a_unit_are_out_of_scope() -> None:
    """Neither a number, nor the list's length, nor that they are many: one in eight may be ill."""
    sums = counts(8, 5, exempt=2, excluded=9)
    one = a_standing("H01", "Sở Nội vụ", DEPARTMENTS, sums, rank=1, many_exempt=True)
    ranking = a_ranking((a_group(DEPARTMENTS, (one,), sums),))
    for audience in Audience:
        report = a_report(ranking=ranking, audience=audience)
        everything = audience is Audience.IT
        keys = {column.key for column in table_of(report, "ranking").columns}
        assert ({"staff", "out_of_scope"} <= keys) is everything
        assert (not {"staff", "out_of_scope"} & keys) is not everything
        remark = "2/19 người (10,5%) không thuộc diện theo đối tượng, chức danh, 9 người loại trừ"
        for table in ("ranking", "remarked"):
            remarks = str(cells_of(table_of(report, table), "H01")["remarks"].value)
            assert (remark in remarks) is everything
            assert ("diện theo đối tượng" in remarks) is everything
        (page,) = report.units
        assert (remark in "; ".join(page.remarks)) is (audience is not Audience.PUBLIC)


def test_public_report_shows_no_month_in_which_a_unit_was_small() -> None:
    """A unit of four last month has no previous rate and no change this month."""
    standings = (
        a_standing("H01", "A", DEPARTMENTS, counts(30, 20), rank=1, previous=Fraction(3, 4)),
        a_standing("H02", "B", DEPARTMENTS, counts(40, 20), rank=2, previous=Fraction(1, 2)),
        a_standing("H03", "C", DEPARTMENTS, counts(50, 20), rank=3, previous=Fraction(1, 2)),
    )
    ranking = a_ranking((a_group(DEPARTMENTS, standings, counts(100, 50)),))
    then = (("H01", counts(4, 3)), ("H02", counts(40, 20)), ("H03", counts(50, 25)))
    september = a_month(SEPTEMBER, counts(94, 48), then)
    ranking = replace(ranking, trend=(september, ranking.trend[1]))
    report = a_report(ranking=ranking, audience=Audience.PUBLIC)
    cells = cells_of(table_of(report, "ranking"), "H01")

    assert (cells["previous"].value, cells["change"].value) == (None, None)
    assert cells["regular_share"].value == Fraction(2, 3)
    assert row_of(report, "trend", "H01").cells[2].value == "(ẩn)"
    assert any(note.startswith("(ẩn)") for note in table_of(report, "trend").notes)
    assert report.units[0].series == (None, Fraction(2, 3))


def test_nothing_is_explained_that_is_not_there() -> None:
    """A unit of few people has no line for the public, so no rate of the trend is withheld."""
    trend = table_of(published(Audience.PUBLIC), "trend")

    assert "(ẩn)" not in [cell.value for row in trend.rows for cell in row.cells]
    assert not any(note.startswith("(ẩn)") for note in trend.notes)


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.LEADER])
def test_only_the_it_department_gets_lists_of_mailboxes(audience: Audience) -> None:
    """Addresses to be repaired, small units and words of the staff list are for IT."""
    report = published(audience)
    tables = {table.key for section in report.sections for table in section.tables}

    assert not tables & {"unmeasured", "exclusions_by_unit", "unnamed"}
    assert "@" not in repr(report.sections)
    assert "nghỉ phép" not in repr(report.notices)
    everything = published(Audience.IT)
    assert "u1@lamdong.example" in repr(section_of(everything, "unmeasured"))


def test_unit_pages_list_staff_for_heads_and_it_only() -> None:
    """The public's page has neither addresses nor what keeps people from regular use."""
    for audience, keys in (
        (Audience.PUBLIC, {"compare", "periods"}),
        (Audience.LEADER, {"compare", "periods", "staff"}),
        (Audience.IT, {"compare", "periods", "staff"}),
    ):
        (unit,) = (unit for unit in published(audience).units if unit.code == "H01")
        assert {table.key for table in unit.tables} == keys
        assert ("@" in repr(unit)) is (audience is not Audience.PUBLIC)


def test_only_the_it_department_reads_why_a_person_is_out_of_scope() -> None:
    """A head reads that somebody is out of scope; the illness is not the head's business."""
    heads, everything = published(Audience.LEADER), published(Audience.IT)

    assert "Không thuộc diện" in repr(heads.units)
    assert "Thai sản" not in repr(heads.units)
    assert "Thai sản" in repr(everything.units)


def test_a_head_sees_the_own_unit_however_small() -> None:
    """Its figures stand on its own page only; beside them those of others as the public sees."""
    report = published(Audience.LEADER)
    (unit,) = (unit for unit in report.units if unit.code == "H09")

    assert unit.figures[0].values == (Fraction(2, 3),)
    assert "H09" not in repr(report.sections)


@pytest.mark.parametrize(
    ("audience", "names", "named_people"),
    [
        (Audience.PUBLIC, True, False),
        (Audience.LEADER, False, False),
        (Audience.LEADER, True, True),
        (Audience.IT, False, False),
        (Audience.IT, True, True),
    ],
)
def test_people_are_named_only_where_asked_for_and_never_in_public(
    audience: Audience, names: bool, named_people: bool
) -> None:
    """Names are off unless switched on."""
    assert ("Người thứ" in repr(published(audience, names=names))) is named_people


def a_ranking_with_people_away(*away: int) -> Ranking:
    """A department for each number, with so many people on leave."""
    standings = [
        a_standing(f"H0{n}", f"Sở {n}", DEPARTMENTS, counts(30, 20, excluded=number))
        for n, number in enumerate(away, start=1)
    ]
    return a_ranking((a_group(DEPARTMENTS, standings),))


def reasons_of(report: Report) -> list[tuple[object, object]]:
    table = table_of(report, "exclusions")
    return [(row.cells[1].value, row.cells[2].value) for g in table.groups for row in g.rows]


def test_rare_reasons_of_exclusion_are_put_together_for_the_public() -> None:
    """One person's illness is nobody's business; the total stays what it is."""
    ranking = a_ranking_with_people_away(5, 3, 1)
    people = [
        a_person(f"p{number}", "H01", StaffState.EXCLUDED, status=status)
        for number, status in enumerate(["thai sản"] * 6 + ["đi học"] * 2 + ["ốm"])
    ]
    measurement = a_measurement(ranking, people)
    report = a_report(ranking=ranking, measurement=measurement, audience=Audience.PUBLIC)

    assert reasons_of(report) == [("Các lý do khác, mỗi lý do dưới 5 người", 9)]


@pytest.mark.parametrize(
    ("away", "is_printed"),
    [((5, 3, 1), True), ((2, 1, 1), False), ((6, 1, 0), False), ((9, 9), False)],
)
def test_people_out_of_scope_are_counted_for_the_public_where_many_units_have_them(
    away: tuple[int, ...], *, is_printed: bool
) -> None:
    """Five people in three units, two of them elsewhere than in any one: else no number at all."""
    ranking = a_ranking_with_people_away(*away)
    people = [
        a_person(f"p{unit}-{n}", f"H0{unit}", StaffState.EXCLUDED, status="ốm")
        for unit, number in enumerate(away, start=1)
        for n in range(number)
    ]
    for audience in Audience:
        report = a_report(
            ranking=ranking, measurement=a_measurement(ranking, people), audience=audience
        )
        seen = is_printed or audience is Audience.IT
        steps = {row.key for row in table_of(report, "funnel").groups[0].rows}
        document = an_annex(report)
        text = " ".join(block.text for block in document.blocks if isinstance(block, Line))
        assert bool(reasons_of(report)) is seen
        assert ("Tổng số CBCCVC trong danh sách" in steps) is seen
        assert (f"Danh sách có {30 * len(away) + sum(away)} người" in text) is seen
        assert f"{30 * len(away)} người thuộc diện sử dụng" in text


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.LEADER])
def test_where_nothing_of_the_whole_is_printed_no_table_or_notice_has_its_sums(
    audience: Audience,
) -> None:
    """A province of three: neither who is out of scope, nor what was not measured, nor coverage."""
    unit = a_standing("H01", "A", DEPARTMENTS, counts(3, 1, unmeasured=1, exempt=2))
    ranking = a_ranking((a_group(DEPARTMENTS, (unit,)),))
    report = a_report(ranking=ranking, audience=audience)

    assert not any(table_of(report, key).has_rows for key in ("exclusions", "causes"))
    assert table_of(report, "causes").total is table_of(report, "exclusions").total is None
    assert report.notices == ()
    shown = a_report(ranking=ranking)
    assert all(table_of(shown, key).has_rows for key in ("exclusions", "causes"))


@pytest.mark.parametrize("audience", list(Audience))
def test_every_audience_learns_how_many_words_no_rule_names(audience: Audience) -> None:
    """Those people count in scope, which moves every rate; the words themselves are for IT."""
    assert "1 loại" in published(audience).notices[-1]


def test_every_report_says_whom_it_is_for() -> None:
    """Each audience has a sentence of its own, in each language."""
    notes = {
        a_report(audience=a, lang=lang).audience_note for a in Audience for lang in ("vi", "en")
    }

    assert len(notes) == 6


def test_a_group_of_small_units_only_is_no_group_of_the_report() -> None:
    """There is nothing to print of it; its units are named in the note."""
    lone = a_standing("H07", "Quỹ Đầu tư", AGENCIES, counts(3, 3))
    ranking = a_ranking((a_group(DEPARTMENTS, departments()), a_group(AGENCIES, (lone,))))
    for audience in Audience:
        report = a_report(audience=audience, ranking=ranking)
        rows = table_of(report, "groups").groups[0].rows
        assert [row.key for row in rows] == [DEPARTMENTS]
        assert "Quỹ Đầu tư" in " ".join(table_of(report, "groups").notes)


# All or none of a few people


def test_coarse_rates_are_coarse_wherever_they_are_printed() -> None:
    """Table, trend, page, chart and workbook; sums and ranks stay."""
    few = (
        a_standing("H01", "Sở Không", DEPARTMENTS, counts(7, 0), rank=3, grade="Yếu", short_of=5),
        a_standing("H02", "Sở Tất cả", DEPARTMENTS, counts(8, 8), rank=1, grade="Tốt", short_of=0),
        a_standing("H03", "Sở Một", DEPARTMENTS, counts(9, 8), rank=2, grade="Khá", short_of=1),
    )
    ranking = a_ranking((a_group(DEPARTMENTS, few),))
    report = a_report(ranking=ranking, audience=Audience.PUBLIC, rules=Rules(coarse_extremes=True))
    table = table_of(report, "ranking")
    for code, text in (("H01", "≤ 10 %"), ("H02", "≥ 90 %")):
        cells = cells_of(table, code)
        assert (cells["regular_share"].value, cells["regular"].value) == (text, None)
        assert cells["change"].value is None
        assert row_of(report, "trend", code).cells[-1].value == text
        assert code not in {point.code for point in report.points}
        assert code not in {unit.code for unit in report.units}
        assert row_of(report, "ranking", code).series[-1:] == (None,)
    short = cells_of(table_of(report, "short"), "H01")
    assert (short["share"].value, short["gap"].value, short["next"].value) == ("≤ 10 %", None, "")
    assert cells_of(table, "H03")["regular_share"].value == Fraction(8, 9)
    (met,) = (f for f in section_of(report, "summary").figures if f.key == "met")
    assert met.values == (1,)
    page, exact = render_html(report), a_report(ranking=ranking, audience=Audience.PUBLIC)
    assert "≥ 90 %" in page
    assert "8 trên 8 người" not in page
    for table in (table for section in report.sections for table in section.tables):
        shares = {c.key for c in table.columns if c.kind is Kind.PERCENT} - {"provided_share"}
        for row in (row for group in table.groups for row in group.rows if row.key == "H02"):
            cells = named(table, row.cells)
            assert Fraction(1) not in {cells[key].value for key in shares}
    assert cells_of(table_of(exact, "ranking"), "H02")["regular_share"].value == 1
