"""What each audience gets: in the Report there is nothing that is not for it."""

from dataclasses import replace
from fractions import Fraction

import pytest
from annex_builders import an_annex
from report_builders import (
    AGENCIES,
    DEPARTMENTS,
    a_group,
    a_measurement,
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

from mailaudit.errors import UsageError
from mailaudit.model.audience import Audience
from mailaudit.model.ranking import NotRanked, Ranking
from mailaudit.model.usage import StaffState
from mailaudit.report.annex.content import Line
from mailaudit.publication.publish import publish
from mailaudit.report.value import Report, Row

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


def test_public_report_has_no_figure_of_a_withheld_unit() -> None:
    """The unit of three and the two next to it: named in the ranking, and nothing else of them."""
    report = published()

    for code in ("H09", "H03", "H05"):
        cells = cells_of(table_of(report, "ranking"), code)
        assert row_of(report, "ranking", code).withheld
        assert {cells[key].value for key in ("staff", "in_scope", "regular", "change")} == {"(ẩn)"}
        assert (cells["rank"].value, cells["grade"].value) == (None, "Không công bố")
        assert row_of(report, "ranking", code).series == ()
        trend = row_of(report, "trend", code).cells[-1]
        assert trend.value == "(ẩn)"
        assert code not in {point.code for point in report.points}
        assert code not in {unit.code for unit in report.units}
    assert row_of(report, "ranking", "H01").withheld is False


def test_public_report_keeps_the_totals_over_all_units() -> None:
    """Totals are those of the whole, and say that they are not the sum of the lines printed."""
    table = table_of(published(), "ranking")

    assert table.total is not None
    assert named(table, table.total.cells)["in_scope"].value == 1109
    assert table.is_whole is False
    assert table_of(published(Audience.IT), "ranking").is_whole is True


def test_public_report_counts_withheld_units_apart() -> None:
    """They are in no grade and not among the ranked units that met the target."""
    report = published()
    lines = {r.cells[1].value: r.cells[3].value for r in table_of(report, "grades").groups[0].rows}
    (met,) = (f for f in section_of(report, "summary").figures if f.key == "met")

    assert lines["Không công bố"] == 3
    assert sum(value for value in lines.values() if isinstance(value, int)) == 6
    assert met.explanation.startswith("trên 3 đơn vị")


def test_count_of_units_that_met_the_target_says_when_some_are_not_published() -> None:
    """8 of 56 for the public and 9 of 58 for the IT department do not contradict each other."""
    of_published = "trong số đơn vị được công bố"
    for audience, is_said in ((Audience.PUBLIC, True), (Audience.IT, False)):
        report = published(audience)
        (met,) = (f for f in section_of(report, "summary").figures if f.key == "met")
        document = an_annex(report)
        paragraphs = " ".join(block.text for block in document.blocks if isinstance(block, Line))

        assert (of_published in met.explanation) is is_said
        assert (of_published in " ".join(table_of(report, "groups").notes)) is is_said
        assert paragraphs.count("công bố số liệu và xếp hạng") == (2 if is_said else 0)


def test_public_remarks_give_no_number_of_few_exempt_or_excluded() -> None:
    """That one person of 28 is on sick leave is not for everybody; of five and more it is a sum."""
    few = "Hơn 10% không thuộc diện theo vị trí việc làm"
    for exempt, excluded, is_hidden in ((3, 1, True), (12, 4, True), (3, 9, True), (12, 9, False)):
        sums = counts(40, 30, exempt=exempt, excluded=excluded)
        one = a_standing("H01", "Sở Nội vụ", DEPARTMENTS, sums, rank=1, many_exempt=True)
        ranking = a_ranking((a_group(DEPARTMENTS, (one,), sums),))
        for audience in Audience:
            report = a_report(ranking=ranking, audience=audience)
            (page,) = report.units
            told = (
                str(cells_of(table_of(report, "ranking"), "H01")["remarks"].value),
                str(cells_of(table_of(report, "remarked"), "H01")["remarks"].value),
                "; ".join(page.remarks),
            )
            hidden = is_hidden and audience is Audience.PUBLIC
            assert [few in text for text in told] == [hidden] * 3
            assert [f"{excluded} người loại trừ" in text for text in told] == [not hidden] * 3


def test_public_unit_page_counts_a_rank_among_all_that_have_one() -> None:
    """A rank is one of those of the whole group, so no unit is the 5th of 3."""
    among = {
        audience: {
            unit.code: next(f.explanation for f in unit.figures if f.key == "rank")
            for unit in published(audience).units
        }
        for audience in (Audience.PUBLIC, Audience.IT)
    }
    assert among[Audience.PUBLIC]
    assert among[Audience.PUBLIC].items() <= among[Audience.IT].items()


def test_public_report_shows_no_month_in_which_a_unit_was_small() -> None:
    """A unit of four last month has no previous rate and no change this month."""
    standings = (
        a_standing("H01", "A", DEPARTMENTS, counts(30, 20), rank=1, previous=Fraction(3, 4)),
        a_standing("H02", "B", DEPARTMENTS, counts(40, 20), rank=2, previous=Fraction(1, 2)),
        a_standing("H03", "C", DEPARTMENTS, counts(50, 20), rank=3, previous=Fraction(1, 2)),
    )
    ranking = a_ranking((a_group(DEPARTMENTS, standings, counts(100, 50)),))
    then = (("H01", counts(4, 3)), ("H02", counts(40, 20)), ("H03", counts(50, 25)))
    september = replace(ranking.trend[0], units=then, total=counts(94, 48))
    ranking = replace(ranking, trend=(september, ranking.trend[1]))
    report = a_report(ranking=ranking, audience=Audience.PUBLIC)
    cells = cells_of(table_of(report, "ranking"), "H01")

    assert (cells["previous"].value, cells["change"].value) == (None, None)
    assert cells["regular_share"].value == Fraction(2, 3)
    assert row_of(report, "trend", "H01").cells[2].value == "(ẩn)"
    assert report.units[0].series == (None, Fraction(2, 3))


def test_public_report_does_not_give_away_a_small_unit_that_was_dissolved() -> None:
    """Three people of then are in no unit of today; the total less the units is not theirs."""
    standings = tuple(
        a_standing(code, code, DEPARTMENTS, counts(size, 20), rank=rank)
        for rank, (code, size) in enumerate((("H01", 30), ("H02", 40), ("H03", 50)), 1)
    )
    ranking = a_ranking((a_group(DEPARTMENTS, standings, counts(123, 62)),))
    then = tuple((standing.usage.unit.code, standing.usage.counts) for standing in standings)
    september = replace(ranking.trend[0], units=then, total=counts(123, 62))
    ranking = replace(ranking, trend=(september, ranking.trend[1]))
    point = publish(ranking, Audience.PUBLIC).trend[0]

    assert point.total == counts(123, 62)
    assert [code for code, sums in point.units.items() if sums is None] == ["H01", "H02"]
    assert point.groups == {DEPARTMENTS: None}
    assert None not in publish(ranking, Audience.IT).trend[0].units.values()


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
        (Audience.LEADER, {"compare", "periods", "gaps", "staff"}),
        (Audience.IT, {"compare", "periods", "gaps", "staff"}),
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
    assert row_of(report, "ranking", "H09").withheld


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


def test_rare_reasons_of_exclusion_are_put_together_for_the_public() -> None:
    """One person's illness is nobody's business; the total stays what it is."""
    ranking = a_ranking()
    people = [
        a_person(f"p{number}", "H01", StaffState.EXCLUDED, status=status)
        for number, status in enumerate(["thai sản"] * 6 + ["đi học"] * 2 + ["ốm"])
    ]
    measurement = a_measurement(ranking, people)
    table = table_of(
        a_report(ranking=ranking, measurement=measurement, audience=Audience.PUBLIC), "exclusions"
    )
    lines = [(row.cells[1].value, row.cells[2].value) for row in table.groups[0].rows]

    assert lines == [("Các lý do khác, mỗi lý do dưới 5 người", 9)]


def within_a_unit(code: str) -> Ranking:
    """Two parts of 30 people, of a unit that the departments with a unit of three list so."""
    parts = tuple(a_standing(f"{code}/{n}", f"{n}", DEPARTMENTS, counts(15, 8)) for n in (1, 2))
    ranking = a_ranking((a_group(DEPARTMENTS, parts),))
    then = tuple((part.usage.unit.code, part.usage.counts) for part in parts)
    september = replace(ranking.trend[0], units=then, total=counts(30, 16))
    outer = with_small_unit()
    return replace(
        ranking,
        within=replace(parts[0].usage.unit, code=code),
        trend=(september, ranking.trend[1]),
        above=((code, outer),),
    )


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.LEADER])
def test_report_of_a_unit_that_the_whole_withholds_is_refused(audience: Audience) -> None:
    """However large its parts are: with its figures those of the unit of three can be computed."""
    with pytest.raises(UsageError, match=r"unit H03 in 2026-10 .* Leave out --unit"):
        publish(within_a_unit("H03"), audience)
    assert publish(within_a_unit("H03"), Audience.IT).total == counts(30, 16)
    assert publish(within_a_unit("H01"), audience).total == counts(30, 16)


def test_report_of_a_unit_has_no_month_in_which_the_whole_withheld_it() -> None:
    """In September the unit was next to one of three; in October it is not."""
    ranking = within_a_unit("H01")
    small = (("H01", counts(30, 16)), ("H02", counts(40, 20)), ("H03", counts(3, 1)))
    ((line, outer),) = ranking.above
    september = replace(outer.trend[0], units=small, total=counts(73, 37))
    outer = replace(outer, trend=(september, outer.trend[1]))
    then, now = publish(replace(ranking, above=((line, outer),)), Audience.PUBLIC).trend

    assert (then.total, set(then.units.values()), set(then.groups.values())) == (
        None,
        {None},
        {None},
    )
    assert now.total == counts(30, 16)


def test_the_only_reason_of_exclusion_is_not_named_where_it_is_rare() -> None:
    """One person ill and nobody else away: the public reads of one person, and not why."""
    measurement = a_measurement(
        a_ranking(), [a_person("p", "H01", StaffState.EXCLUDED, status="ốm")]
    )
    table = table_of(a_report(measurement=measurement, audience=Audience.PUBLIC), "exclusions")

    assert [(row.cells[1].value, row.cells[2].value) for row in table.groups[0].rows] == [
        ("Các lý do khác, mỗi lý do dưới 5 người", 1)
    ]


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.LEADER])
def test_where_the_whole_is_withheld_no_table_or_notice_has_its_sums(audience: Audience) -> None:
    """A province of three: neither who is out of scope, nor what was not measured, nor coverage."""
    unit = a_standing("H01", "A", DEPARTMENTS, counts(3, 1, unmeasured=1, exempt=2))
    ranking = a_ranking((a_group(DEPARTMENTS, (unit,)),))
    report = a_report(ranking=ranking, audience=audience)

    assert not any(table_of(report, key).has_rows for key in ("exclusions", "causes"))
    assert table_of(report, "causes").total is table_of(report, "exclusions").total is None
    assert report.notices == ()
    shown = a_report(ranking=ranking)
    assert all(table_of(shown, key).has_rows for key in ("exclusions", "causes"))
    assert len(shown.notices) == 3


@pytest.mark.parametrize("audience", list(Audience))
def test_every_audience_is_told_how_many_words_no_rule_names(audience: Audience) -> None:
    """Those people count in scope, which moves every rate; the words themselves are for IT."""
    assert "1 loại" in published(audience).notices[-1]


def test_every_report_says_whom_it_is_for() -> None:
    """Each audience has a sentence of its own, in each language."""
    notes = {
        a_report(audience=a, lang=lang).audience_note for a in Audience for lang in ("vi", "en")
    }

    assert len(notes) == 6


def test_a_group_that_cannot_be_protected_has_no_total() -> None:
    """Neither in the ranking nor in the results by group, and totals are no sums of lines."""
    report = a_report(audience=Audience.PUBLIC)
    lines = {row.key: row for row in table_of(report, "groups").groups[0].rows}

    assert [lines[name].withheld for name in (DEPARTMENTS, AGENCIES)] == [True, True]
    assert {unit.code for unit in report.units} == {"H01", "H02", "H04", "H05"}
