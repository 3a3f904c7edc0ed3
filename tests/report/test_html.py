"""The page shows the Report and nothing else, needs nothing else, and lets no text act."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from hashlib import sha256
from itertools import pairwise

import pytest
from hostile_texts import HOSTILE_TEXTS
from lxml import etree, html
from printed_values import lines_of
from printed_values import printed as expected
from report_builders import a_ranking, a_report, a_report_of, a_snapshot, cells_of, table_of

from mailaudit.locale import LANGUAGES, language
from mailaudit.model.audience import Audience
from mailaudit.report.html import render_html, render_units
from mailaudit.report.html.months import MonthsCharts, sparklines
from mailaudit.report.html.page import bar_width
from mailaudit.report.html.trend import trend_chart
from mailaudit.report.sparklines import spark_height
from mailaudit.report.tables import Cell, Kind, Row, Table
from mailaudit.report.value import Report


def page(report: Report) -> html.HtmlElement:
    return parsed(render_html(report))


def parsed(source: str) -> html.HtmlElement:
    document: html.HtmlElement = html.document_fromstring(source)
    return document


def text_of(element: html.HtmlElement) -> str:
    return str(element.text_content())


def shown_text(cell: html.HtmlElement) -> str:
    """What a cell prints of its own value: without the places gained or lost."""
    moved = "".join(text_of(part) for part in cell.find_class("moved"))
    return text_of(cell).removesuffix(moved).strip()


def blocks(document: html.HtmlElement, key: str) -> html.HtmlElement:
    (found,) = document.find_class(f"of-{key}")
    return found


def tables_of(report: Report) -> Iterator[Table]:
    return (table for section in report.sections for table in section.tables)


def in_order_of(heads: Iterable[str], line: Row, table: Table, lang: str) -> list[str]:
    """The line's cells as they must be printed, in the order of the page's columns."""
    cells = {
        column.key: expected(cell.value, column.kind, cell.decimals, lang) + cell.mark
        for cell, column in zip(line.cells, table.columns, strict=True)
    }
    return [cells[key] for key in heads]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_shows_every_cell_of_every_table(lang: str) -> None:
    """Read back, the page holds each label, value, mark and note, in order, and no other cell."""
    report = a_report(lang=lang)
    document = page(report)

    for table in tables_of(report):
        if table.key == "short":  # it repeats the ranking, and is for workbook and document
            assert not document.find_class("of-short")
            continue
        block = blocks(document, table.key)
        assert text_of(block.find("h3")) == table.caption
        heads = {
            str(cell.get("data-key")): text_of(cell)
            for cell in block.findall(".//thead/tr/th")
            if "k-series" not in str(cell.get("class"))
        }
        assert heads == {column.key: column.label for column in table.columns}
        printed = [
            [shown_text(cell) for cell in row if "k-series" not in str(cell.get("class"))]
            for row in block.findall(".//tbody/tr")
        ]
        wanted = [
            [line] if isinstance(line, str) else in_order_of(heads, line, table, lang)
            for line in lines_of(table)
        ]
        assert printed == wanted, table.key
        notes = [text_of(note) for note in block.findall(".//ul[@class='notes']/li")]
        assert notes == list(table.notes)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_shows_headline_facts_and_notices(lang: str) -> None:
    """Title, notices, headline figures with their explanations, and the facts."""
    report = a_report(lang=lang, snapshot=a_snapshot(sealed=False))
    document = page(report)

    assert document.get("lang") == lang
    assert text_of(document.find(".//h1")) == report.title
    assert [text_of(e) for e in document.find_class("notices")[0]] == list(report.notices)
    for section in report.sections:
        for figure in section.figures:
            (shown,) = document.find_class(f"figure-{figure.key}")
            label, value, explanation = (text_of(child).strip() for child in shown)
            numbers = " / ".join(expected(v, figure.kind, 1, lang) for v in figure.values)
            unit = "%" if figure.kind is Kind.PERCENT else ""
            assert (label, value, explanation) == (
                figure.label,
                numbers + unit,
                figure.explanation,
            )
    facts = [tuple(text_of(e) for e in line) for line in document.find_class("facts")[0]]
    assert facts == [(fact.label, fact.text) for fact in report.facts]


@pytest.mark.parametrize("audience", list(Audience))
def test_numbers_of_columns_stand_in_order(audience: Audience) -> None:
    """(1) (2) (3) (4), on pages, and in the tables of workbook and document."""
    report = a_report(audience=audience)
    heads = [
        " ".join(text_of(cell) for cell in table.findall(".//thead/tr/th"))
        for table in parsed(render_html(report)).findall(".//table")
    ]
    heads += [
        " ".join(column.label for column in table.columns)
        for section in report.sections
        for table in section.tables
    ]
    found = [re.findall(r"\(([1-4])\)", head) for head in heads]

    assert found.count(["1", "2", "3", "4"]) > 3
    assert all(numbers == sorted(numbers) for numbers in found)


def test_page_prints_different_rates_differently() -> None:
    """5/6 and 833/1000 print as 83,33 and 83,30; the tied units say so."""
    ranking = blocks(page(a_report()), "ranking")
    keys = [str(cell.get("data-key")) for cell in ranking.findall(".//thead/tr/th")]

    def printed(unit: str, key: str) -> str:
        (row,) = (
            row
            for row in ranking.findall(".//tbody/tr")
            if [text_of(cell) for cell in row.findall("th")] == [unit]
        )
        return shown_text(row[keys.index(key)])

    assert printed("Sở Tài chính", "regular_share") == "83,33"
    assert printed("Sở Y tế", "regular_share") == "83,30"
    assert printed("Sở Tư pháp", "rank") == "2 (đồng hạng)"
    assert printed("Đội xe", "regular_share") == "–"


def test_page_draws_bars_as_long_as_the_share() -> None:
    """The bar's length and the target's place are those of the figures."""
    report = a_report()
    ranking = blocks(page(report), "ranking")
    share = cells_of(table_of(report, "ranking"), "H01")["regular_share"].value

    bars = [cell.get("style") for cell in ranking.find_class("bar")]
    assert bars[0] == f"--share:{bar_width(share)}" == "--share:91.67%"
    assert ranking.find(".//table").get("style") == "--target:90.00%"
    assert (bar_width(Fraction(3, 2)), bar_width(Fraction(-1, 2))) == ("100.00%", "0.00%")


def skeleton(source: str) -> list[tuple[str, list[str]]]:
    """Every element and the names of its attributes."""
    return [(str(e.tag), sorted(map(str, e.keys()))) for e in parsed(source).iter()]


@cache
def harmless() -> dict[str, list[tuple[str, list[str]]]]:
    """The elements of each page where every name is an ordinary one."""
    return {name: skeleton(source) for name, source in pages(a_report_of("Sở A")).items()}


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_page_shows_hostile_text_as_text(text: str) -> None:
    """The same elements and attributes as with a harmless name, and the text itself, whole."""

    report = a_report_of(text)
    files = pages(report)
    hostile = parsed(files["report.html"])

    assert {name: skeleton(source) for name, source in files.items()} == harmless()
    named = blocks(hostile, "ranking").findall(".//th[@scope='row']")
    assert [text_of(cell) for cell in named[:5]] == [text] * 5
    assert text_of(hostile.find_class("organisation")[0]) == text
    for unit in report.units:
        document = parsed(files[f"units/{unit.stem}.html"])
        assert text_of(document.find(".//h1")) == text


def pages(report: Report) -> dict[str, str]:
    """The report and its unit pages, by file name."""
    return {"report.html": render_html(report), **dict(render_units(report))}


def test_pages_make_no_request() -> None:
    """No address, no resource: each file works alone and offline, and a policy forbids the rest."""
    for name, source in pages(a_report(audience=Audience.LEADER, names=True)).items():
        assert not re.search(r"https?:|//[a-z]|url\(|@import|\bsrc=|<link|<iframe", source), name
        document = parsed(source)
        (policy,) = (str(m.get("content")) for m in document.iter("meta") if m.get("http-equiv"))
        assert policy.startswith("default-src 'none'")
        (script,) = document.iter("script")
        digest = b64encode(sha256(text_of(script).encode()).digest()).decode()
        assert f"script-src 'sha256-{digest}'" in policy
        assert "unsafe" not in policy.replace("style-src 'unsafe-inline'", "")


def test_pages_link_to_each_other_and_nowhere_else() -> None:
    """The ranking leads to each unit's page, and that back to the unit's line."""
    report = a_report()
    files = pages(report)
    home = parsed(files.pop("report.html"))
    targets = {str(a.get("href")) for a in home.iter("a")}

    assert {t for t in targets if not t.startswith("#")} == {
        f"mailaudit-2026-10-it/{name}" for name in files
    }
    anchors = {f"../../mailaudit-2026-10-it.html#{e.get('id')}" for e in home.iter("tr")}
    for source in files.values():
        links = [str(a.get("href")) for a in parsed(source).iter("a")]
        assert [link in anchors for link in links if not link.startswith("#")] == [True]


def test_heads_pages_link_to_nothing() -> None:
    """A head gets one file, so that neither it nor the report leads to files that are not there."""
    for source in pages(a_report(audience=Audience.LEADER)).values():
        targets = [str(a.get("href")) for a in parsed(source).iter("a")]
        assert all(target.startswith("#") for target in targets)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_unit_page_shows_all_of_its_unit(lang: str) -> None:
    """Name, group, figures, what is asked, remarks, the way to regular use and every table."""
    report = a_report(lang=lang, audience=Audience.LEADER, names=True)
    files = dict(render_units(report))

    assert list(files) == [f"units/{unit.stem}.html" for unit in report.units]
    for unit in report.units:
        document = parsed(files[f"units/{unit.stem}.html"])
        whole = text_of(document)
        assert text_of(document.find(".//h1")) == unit.name
        said = (*unit.actions, *unit.remarks, report.regular, *(key.asked for key in unit.use_key))
        for text in (unit.group, *said, report.audience_note):
            assert text in whole
        steps = [
            [text_of(cell) for cell in row]
            for row in blocks_of_class(document, "steps").findall(".//tbody/tr")
        ]
        assert steps == [
            [
                step.label,
                expected(step.people, Kind.INTEGER, 0, lang),
            ]
            for step in unit.funnel
        ]
        for table in unit.tables:
            block = blocks(document, table.key)
            heads = [str(cell.get("data-key")) for cell in block.findall(".//thead/tr/th")]
            printed = [[shown_text(cell) for cell in row] for row in block.findall(".//tbody/tr")]
            wanted = [
                [line] if isinstance(line, str) else in_order_of(heads, line, table, lang)
                for line in lines_of(table)
            ]
            assert printed == wanted


def blocks_of_class(document: html.HtmlElement, name: str) -> html.HtmlElement:
    (found,) = document.find_class(name)
    return found


def test_every_page_of_invented_data_says_so() -> None:
    """The mark stands before anything else, and nowhere where the data are real."""
    for source in pages(a_report(illustrative=True)).values():
        assert text_of(blocks_of_class(parsed(source), "mark")) == "SỐ LIỆU MINH HỌA"
    assert "MINH HỌA" not in render_html(a_report())


def test_charts_report_what_they_show() -> None:
    """Each drawing is an image with a text; where no bar says why, the steps stand as a table."""
    report = a_report()
    document = page(replace(report, uses=()))
    drawings = document.findall(".//svg")

    assert {str(svg.get("role")) for svg in drawings} == {"img"}
    assert all(svg.get("aria-label") for svg in drawings)
    steps = blocks_of_class(document, "steps").findall(".//tbody/tr")
    assert [[text_of(cell) for cell in row] for row in steps] == [
        [step.label, expected(step.people, Kind.INTEGER, 0, "vi")] for step in report.funnel
    ]
    assert page(report).find_class("steps") == []


def test_first_month_is_drawn() -> None:
    """A line needs two ends: a month alone is a dash as long as its share is high."""
    report = a_report()
    for series in ((Fraction(3, 4),), (None, Fraction(3, 4), None)):
        axis = tuple(f"{month:02d}/2026" for month in range(1, len(series) + 1))
        unit = replace(report.units[0], series=series, group_series=())
        charts = MonthsCharts(replace(report, axis=axis, units=(unit,)), language("vi"))
        root = etree.fromstring(charts.of(0, series, ""))
        (line,) = (path.get("d") for path in root.iter("{*}path") if path.get("class") == "line")
        assert re.fullmatch(r"M[\d.]+,([\d.]+)L[\d.]+,\1", str(line)), line


def test_a_units_months_have_points_and_their_first_and_last_value() -> None:
    """A value stands above its point, but below where the target is written; others have none."""
    report = a_report()
    axis = ("07/2026", "08/2026", "09/2026", "10/2026")
    first, second = (
        replace(report.units[0], series=tuple(map(Fraction, shares)), group_series=())
        for shares in (("1/2", "5/8", "5/8", "4/5"), ("1/4", "1/4", "1/4", "9/10"))
    )
    shown = replace(report, axis=axis, units=(first, second), target=Fraction(9, 10))
    charts = MonthsCharts(shown, language("vi"))
    found = []
    for index, unit in enumerate(shown.units):
        root = etree.fromstring(charts.of(index, unit.series, unit.group))
        points = [float(str(circle.get("cy"))) for circle in root.iter("{*}circle")]
        values = [text for text in root.iter("{*}text") if text.get("class") == "value"]
        assert len(points) == 4
        heights = [float(str(value.get("y"))) for value in values]
        found += [
            (str(value.text), height < point)
            for value, height, point in zip(values, heights, (points[0], points[-1]), strict=True)
        ]

    assert found == [("50,0", True), ("80,0", False), ("25,0", True), ("90,0", False)]


def texts_of(chart: str) -> list[str]:
    return [str(text.text) for text in etree.fromstring(chart).iter("{*}text")]


def test_trend_has_a_point_and_a_value_for_each_month() -> None:
    """The newest value ends the line; a month without data is no point and no value."""
    report = a_report()
    series = (Fraction(5, 8), None, Fraction(3, 4))
    axis = ("08/2026", "09/2026", "10/2026")
    units = tuple(replace(unit, group_series=()) for unit in report.units)
    chart = trend_chart(replace(report, axis=axis, series=series, units=units), language("vi"))
    points = [
        path
        for group in etree.fromstring(chart).iter("{*}g")
        if "mark-symbol" in str(group.get("class"))
        for path in group.iter("{*}path")
    ]

    assert [text for text in texts_of(chart) if "," in text] == ["62,5", "75,0"]
    assert len(points) == 2


def test_trend_has_a_line_for_each_group_numbered_as_in_the_tables() -> None:
    """Where all end at one rate their numbers stand apart; many groups are left out."""
    report = a_report()
    (one, two), same = (group.name for group in report.results.groups), (Fraction(3, 4),) * 2
    units = tuple(replace(unit, group_series=same) for unit in report.units)
    alike = replace(report, axis=report.axis[-2:], series=same, units=units)
    root = etree.fromstring(trend_chart(alike, language("vi")))
    ends = {
        str(text.text): float(str(text.get("transform")).partition(",")[2].rstrip(")"))
        for text in root.iter("{*}text")
        if str(text.text) in ("75,0", "I 75,0", "II 75,0")
        and "start" in str(text.get("text-anchor"))
    }
    heights = sorted(ends.values())

    assert set(ends) == {"75,0", "I 75,0", "II 75,0"}
    assert min(b - a for a, b in pairwise(heights)) >= 12
    assert f"I {one}; II {two}." in text_of(page(report).find_class("chart-trend")[0])
    many = replace(report.results, groups=report.results.groups * 4)
    assert texts_of(trend_chart(replace(alike, results=many), language("vi"))).count("I 75,0") == 0


def test_sparklines_show_slopes_on_one_scale() -> None:
    """Ten points up at 20 % look like ten points up at 80 %, and less than five points up."""
    lines = {
        "low": (Fraction(20, 100), Fraction(30, 100)),
        "high": (Fraction(80, 100), Fraction(90, 100)),
        "half": (Fraction(50, 100), Fraction(55, 100)),
    }
    drawn = sparklines(lines, language("vi"), ("09/2026", "10/2026"))
    paths = {key: str(etree.fromstring(svg)[0].get("d")) for key, svg in drawn.items()}
    heights = {
        key: float(path.split(",")[1].split("L")[0]) - float(path.rpartition(",")[2])
        for key, path in paths.items()
    }

    assert spark_height(lines.values()) == Fraction(10, 100)
    assert paths["low"] == paths["high"]
    assert heights["low"] == pytest.approx(16)  # all of the room
    assert heights["half"] == pytest.approx(8)
    assert "ô nào cũng cao 10 điểm phần trăm" in render_html(a_report())


def test_grades_beside_the_dots_are_those_of_the_table() -> None:
    """Names and counts of the key are the table's; hollow dots are counted with it."""
    document, table = page(a_report()), table_of(a_report(), "grades")
    (key,) = document.find_class("dot-key")
    shown = [" ".join(text_of(item).split()) for item in key.findall("li")]
    counts = [(str(row.cells[1].value), row.cells[3].value) for row in table.rows]

    assert shown[:4] == [f"{name}: {units}" for name, units in counts[:4]]
    hollow = sum(not point.ranked for point in a_report().points)
    assert shown[4:] == [f"Không xếp hạng: {hollow}"]


def test_units_chart_has_a_dot_for_each_unit() -> None:
    """Each with its name and rate, in its group, filled only where ranked."""
    report = a_report()
    (chart,) = page(report).find_class("units-chart")
    dots = [text_of(title) for title in chart.iter("title")]

    assert sorted(dots) == sorted(
        f"{point.name}: {expected(point.share, Kind.PERCENT, 1, 'vi')}%" for point in report.points
    )
    hollow = [e for e in chart.iter("path") if e.get("fill") == "var(--paper)"]
    assert len(hollow) == sum(not point.ranked for point in report.points)


def test_page_refers_only_to_what_it_has() -> None:
    """Links and labels lead to ids on the page, each given once."""
    document = page(a_report())
    ids = [e.get("id") for e in document.iter() if e.get("id")]
    links = [str(a.get("href")) for a in document.iter("a")]
    used = {link[1:] for link in links if link.startswith("#")}
    used |= {str(e.get("aria-labelledby")) for e in document.iter() if e.get("aria-labelledby")}

    assert len(ids) == len(set(ids))
    assert used <= set(ids)


def test_page_reports_a_screen_reader_what_heads_what() -> None:
    """Every table has a caption; every header cell a scope; one h1; the grades are words."""
    document = page(a_report())

    assert len(document.findall(".//h1")) == 1
    for table in document.iter("table"):
        assert text_of(table.find("caption"))
        assert all(cell.get("scope") for cell in table.iter("th"))
    assert {text_of(chip) for chip in document.find_class("chip")} <= {
        "Tốt",
        "Khá",
        "Trung bình",
        "Yếu",
    }


def test_page_says_so_where_a_table_is_empty() -> None:
    """No units: a sentence stands in place of each empty table."""
    ranking = replace(a_ranking([]), previous_total=None)
    report = a_report(ranking=ranking)
    block = blocks(page(report), "ranking")

    assert block.find(".//table") is None
    assert text_of(block.find_class("empty")[0]) == table_of(report, "ranking").empty


def test_equal_reports_give_the_same_page() -> None:
    """Rendering adds nothing of its own."""
    assert render_html(a_report()) == render_html(a_report())


def test_points_carry_their_sign() -> None:
    """A rise, a fall and no change read as such, rounding away from zero."""
    report = a_report()
    columns = table_of(report, "falls").columns
    cells = tuple(
        Cell(value) for value in (1, "x", Fraction(1, 2), Fraction(1, 3), Fraction(-1, 6))
    )
    group = replace(table_of(report, "falls").groups[0], rows=(Row("r", cells),))
    table = replace(table_of(report, "falls"), groups=(group,), columns=columns)
    sections = [replace(s, tables=(table,)) if s.key == "attention" else s for s in report.sections]
    document = page(replace(report, sections=tuple(sections)))
    row = document.get_element_by_id("attention").findall(".//table")[-1].find(".//tbody/tr")
    assert row is not None
    assert [text_of(cell) for cell in row] == ["1", "x", "50,0", "33,3", "−16,7"]
