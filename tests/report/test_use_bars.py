"""Bars and tables of how people use their mailboxes: they add up, and hide what they must."""

from dataclasses import replace

import pytest
from lxml import etree, html
from report_builders import (
    a_group,
    a_ranking,
    a_report,
    a_standing,
    counts,
    table_of,
    without_mail,
)
from workbook_reading import opened

from mailaudit.locale import language
from mailaudit.model.audience import Audience
from mailaudit.model.gaps import HIDDEN_GAPS, Gaps
from mailaudit.model.ranking import Ranking
from mailaudit.report.brief.uses import use_bar
from mailaudit.report.columns import HIDDEN
from mailaudit.report.excel import render_excel
from mailaudit.report.html.page import render_html, render_units
from mailaudit.report.sections.uses import LABELS, use_parts
from mailaudit.report.tables import Row
from mailaudit.report.value import Report

VI = language("vi")
FINE = {"unread", "few_days", "only_read", "unused"}
MERGED = {"sends", "sent_nothing"}


def a_province() -> Ranking:
    """Three groups: the last is of one unit, which the second hides where the whole is known."""
    groups = {
        "Sở": [(40, 20, 31, 5, 3), (50, 25, 40, 6, 2), (30, 15, 24, 4, 3), (20, 8, 14, 3, 2)],
        "Hội": [(20, 10, 13, 2, 2), (20, 10, 13, 1, 2), (20, 10, 13, 2, 1), (20, 10, 13, 1, 2)],
        "Xã": [(20, 14, 15, 1, 1)],
    }
    found = []
    for name, units in groups.items():
        standings = []
        for number, (in_scope, regular, sent, few_days, unused) in enumerate(units):
            sums = counts(in_scope, regular, provided=in_scope - 2, unmeasured=1)
            sums = replace(sums, sent=sent, read=in_scope - 3 - unused)
            one = a_standing(f"{name}{number}", f"{name} {number}", name, sums, rank=number + 1)
            usage = replace(one.usage, gaps=Gaps(few_days, unused))
            standings.append(replace(one, usage=usage))
        found.append(a_group(name, standings))
    return a_ranking(found)


def people_in(row: Row) -> dict[str, int]:
    return {part.key: part.people for part in row.uses}


def of_class(page: str, name: str) -> list[etree._Element]:
    everything = html.document_fromstring(page).iter()
    return [element for element in everything if name in str(element.get("class")).split()]


def bars_of(page: str, place: str) -> list[etree._Element]:
    """The bars within elements of a class."""
    spans = (span for element in of_class(page, place) for span in element.iter("span"))
    return [span for span in spans if span.get("class") == "uses"]


@pytest.mark.parametrize("audience", list(Audience))
def test_bars_add_up_to_those_in_scope(audience: Audience) -> None:
    """Of each unit, each group and the whole, in rows, bars and tables."""
    report = a_report(ranking=a_province(), audience=audience)
    ranking, uses = table_of(report, "ranking"), table_of(report, "uses")
    at = [column.key for column in ranking.columns].index("in_scope")
    lines = [line for group in ranking.groups for line in (*group.rows, group.total) if line]
    for line in [*lines, ranking.total]:
        assert line is not None
        assert sum(people_in(line).values()) == line.cells[at].value
    for bar, row in zip(report.uses, [uses.total, *uses.rows], strict=True):
        assert row is not None
        cells = dict(zip((c.key for c in uses.columns), (c.value for c in row.cells), strict=True))
        assert {part.key: cells[part.key] for part in bar.parts} == {
            part.key: part.people for part in bar.parts
        }
        assert sum(part.people for part in bar.parts) == cells["in_scope"]


def test_the_public_reads_states_of_sums_only_where_they_hide_every_unit() -> None:
    """In the rows of units two states stand as one, and in the group of one unit."""
    report = a_report(ranking=a_province(), audience=Audience.PUBLIC)
    whole, first, second, third = report.uses

    rows = table_of(report, "ranking").rows
    assert {key for row in rows for key in people_in(row)} & (FINE | MERGED) == MERGED
    for bar in (whole, first):
        assert {part.key for part in bar.parts} & (FINE | MERGED) == FINE
    for bar in (second, third):
        assert {part.key for part in bar.parts} & (FINE | MERGED) == MERGED
    table = table_of(report, "uses")
    hidden = VI.gettext(HIDDEN)
    by_key = [dict(zip((c.key for c in table.columns), r.cells, strict=True)) for r in table.rows]
    assert [by_key[n][key].value for n in (1, 2) for key in FINE] == [hidden] * 8
    assert by_key[0]["sends"].value == 41 and by_key[0]["few_days"].value == 18
    for page in (render_html(report), *(text for _, text in render_units(report))):
        for drawn in bars_of(page, "of-ranking"):
            if any(part.get("class") == "u-few_days" for part in drawn):
                row = next(drawn.iterancestors("tr"))
                assert row.get("class") in ("subtotal", "total")


def test_it_reads_every_state() -> None:
    """Each of a unit, and none of two together."""
    report = a_report(ranking=a_province())

    assert people_in(table_of(report, "ranking").rows[0]) == {
        "regular": 20, "unread": 6, "few_days": 5, "only_read": 3, "unused": 3,
        "not_provided": 2, "unmeasured": 1,
    }  # fmt: skip
    assert not MERGED & {column.key for column in table_of(report, "uses").columns}


def test_small_parts_have_no_number_but_are_read_out() -> None:
    """From 7 % on; unmeasured stands last."""
    report = a_report(ranking=a_province())
    [whole, *_] = bars_of(render_html(report), "why")
    printed = {part.get("class"): part.text for part in whole}
    people = {part.key: part.people for part in report.uses[0].parts}

    assert printed == {f"u-{key}": str(n) if n >= 0.07 * 240 else None for key, n in people.items()}
    assert None in printed.values()
    assert list(printed)[-1] == "u-unmeasured"
    words = "; ".join(f"{part.label}: {part.people}" for part in report.uses[0].parts)
    assert whole.get("aria-label") == words


def test_the_page_of_a_unit_says_how_many_are_in_which_state() -> None:
    """Beside what each part of the bar means."""
    report = a_report(ranking=a_province(), audience=Audience.LEADER)
    _, page = next(render_units(report))
    [bar] = bars_of(page, "why")
    [listed] = of_class(page, "reasons")
    rows = [(next(row.iter("b")).text, row.findall("td")) for row in list(listed.iter("tr"))[1:]]

    assert bar.get("aria-label", "").startswith("Thường xuyên: 20; Đọc chưa đủ: 6; Gửi ít ngày: 5;")
    assert bar.get("aria-label") == "; ".join(
        f"{state}: {number.text}" for state, (number, _) in rows
    )
    assert [do.text for _, (_, do) in rows][:2] == [None, "Nhắc đọc thư hằng ngày"]


def test_a_month_without_mail_has_no_bars() -> None:
    """It is a fault of the data that nobody sent or read anything, and says nothing of people."""
    report = a_report(ranking=without_mail())

    assert report.uses == ()
    assert 'class="uses"' not in render_html(report)
    assert use_bar(report, VI)["parts"] == []  # type: ignore[index]


def test_a_rate_that_is_not_printed_exactly_has_no_bar() -> None:
    """The bar would show what “≥ 90 %” hides."""
    assert use_parts(counts(8, 8).coarsened(), HIDDEN_GAPS, VI) == ()
    assert use_parts(counts(8, 8), HIDDEN_GAPS, VI)


def test_the_workbook_has_every_state_and_live_sums() -> None:
    """A sheet of its own: what units have adds up, by formula, to groups and the whole."""
    report = a_report(ranking=a_province())
    name = VI.gettext("Why")
    content = render_excel(report)
    formulas, values = (opened(content, values=values)[name] for values in (False, True))
    [head] = [row for row in values.iter_rows() if row[1].value == "Tên đơn vị"]
    labels = [cell.value for cell in head]
    assert labels[3:10] == [VI.gettext(LABELS[u]) for u in LABELS if str(u) not in MERGED]
    sums = 0
    for row in values.iter_rows(min_row=head[0].row + 1):
        if isinstance(row[2].value, int):
            assert row[2].value == sum(cell.value for cell in row[3:10])
            if row[1].value in ("Cộng nhóm", "TỔNG CỘNG"):
                sums += 1
                for cell in row[3:10]:
                    assert str(formulas[cell.coordinate].value).startswith("=SUM("), cell.coordinate
    assert sums == 4


def test_the_card_has_the_bar_of_the_whole() -> None:
    """All parts, in their order, with the numbers of those that have room."""
    report: Report = a_report(ranking=a_province())
    parts = use_bar(report, VI)["parts"]  # type: ignore[index]

    assert [(p["name"], p["people"]) for p in parts] == [
        (part.label, part.people) for part in report.uses[0].parts
    ]
    assert [p["label"] for p in parts] == [
        part.people >= 0.07 * 240 and part.key != "unmeasured" for part in report.uses[0].parts
    ]
