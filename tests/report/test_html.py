"""The page shows the Report and nothing else, needs nothing else, and lets no text act."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hostile_texts import HOSTILE_TEXTS
from lxml import html
from report_builders import a_ranking, a_report, a_report_of, a_snapshot, cells_of, table_of

from mailaudit.locale import LANGUAGES
from mailaudit.report.html import bar_width, render_html
from mailaudit.report.value import Cell, Kind, Report, Row, Table, Value


def page(report: Report) -> html.HtmlElement:
    return html.document_fromstring(render_html(report))


def text_of(element: html.HtmlElement) -> str:
    return str(element.text_content())


def blocks(document: html.HtmlElement, key: str) -> html.HtmlElement:
    (found,) = document.find_class(f"of-{key}")
    return found


def tables_of(report: Report) -> Iterator[Table]:
    return (table for section in report.sections for table in section.tables)


def expected(value: Value, kind: Kind, decimals: int, lang: str) -> str:
    """How a value must be printed, worked out apart from the code under test."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if kind in (Kind.PERCENT, Kind.POINTS):
        exact = Fraction(value) * 100
        quantum = Decimal(1).scaleb(-decimals)
        number = Decimal(exact.numerator) / Decimal(exact.denominator)
        rounded = number.quantize(quantum, rounding=ROUND_HALF_UP)
        sign = ""
        if kind is Kind.POINTS and exact:
            sign = "+" if exact > 0 else "−"
        text = sign + f"{abs(rounded):,}"
    else:
        text = f"{int(value):,}"
    swap = str.maketrans(",.", ".,") if lang == "vi" else {}
    return text.translate(swap)


def lines_of(table: Table) -> list[Row | str]:
    """Every line of a table: a group's title, or a row."""
    lines: list[Row | str] = []
    for group in table.groups:
        lines += [group.title] if group.title else []
        lines += group.rows
        lines += [group.total] if group.total else []
    return lines + ([table.total] if table.total else [])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_shows_every_cell_of_every_table(lang: str) -> None:
    """Read back, the page holds each label, value, mark and note, in order, and no other cell."""
    report = a_report(lang=lang)
    document = page(report)

    for table in tables_of(report):
        block = blocks(document, table.key)
        assert text_of(block.find("h3")) == table.caption
        labels = [text_of(cell) for cell in block.findall(".//thead/tr/th")]
        assert labels == [column.label for column in table.columns]
        printed = [
            [text_of(cell).strip() for cell in row.iterchildren("th", "td")]
            for row in block.findall(".//tbody/tr")
        ]
        wanted = [
            [line]
            if isinstance(line, str)
            else [
                expected(cell.value, column.kind, cell.decimals, lang) + cell.mark
                for cell, column in zip(line.cells, table.columns, strict=True)
            ]
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
            numbers = " – ".join(expected(v, figure.kind, 1, lang) for v in figure.values)
            unit = "%" if figure.kind is Kind.PERCENT else ""
            assert (label, value, explanation) == (
                figure.label,
                numbers + unit,
                figure.explanation,
            )
    facts = [tuple(text_of(e) for e in line) for line in document.find_class("facts")[0]]
    assert facts == [(fact.label, fact.text) for fact in report.facts]


def test_page_prints_different_rates_differently() -> None:
    """5/6 and 833/1000 print as 83,33 and 83,30; the tied units say so."""
    ranking = blocks(page(a_report()), "ranking")
    rows = {text_of(row[1]): row for row in ranking.findall(".//tbody/tr") if len(row) > 1}

    assert text_of(rows["Sở Tài chính"][11]) == "83,33"
    assert text_of(rows["Sở Y tế"][11]) == "83,30"
    assert text_of(rows["Sở Tư pháp"][14]) == "2 (đồng hạng)"
    assert text_of(rows["Đội xe"][11]) == "–"


def test_page_draws_bars_as_long_as_the_share() -> None:
    """The bar's length and the target's place are those of the figures."""
    report = a_report()
    ranking = blocks(page(report), "ranking")
    share = cells_of(table_of(report, "ranking"), "H01")["regular_share"].value

    bars = [cell.get("style") for cell in ranking.find_class("bar")]
    assert bars[0] == f"--share:{bar_width(share)}" == "--share:91.67%"
    assert ranking.find(".//table").get("style") == "--target:90.00%"
    assert (bar_width(Fraction(3, 2)), bar_width(Fraction(-1, 2))) == ("100.00%", "0.00%")


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_page_shows_hostile_text_as_text(text: str) -> None:
    """The same elements and attributes as with a harmless name, and the text itself, whole."""

    def skeleton(document: html.HtmlElement) -> list[tuple[str, list[str]]]:
        return [(str(e.tag), sorted(e.keys())) for e in document.iter()]

    harmless, hostile = page(a_report_of("Sở A")), page(a_report_of(text))

    assert skeleton(hostile) == skeleton(harmless)
    named = blocks(hostile, "ranking").findall(".//th[@scope='row']")
    assert [text_of(cell) for cell in named[:5]] == [text] * 5
    assert text_of(hostile.find_class("organisation")[0]) == text


def test_page_makes_no_request() -> None:
    """No address, no resource, no script: the file works alone and offline."""
    source = render_html(a_report())

    assert not re.search(r"https?:|//[a-z]|url\(|@import|\bsrc=|<script|<link|<iframe", source)
    targets = [a.get("href") for a in page(a_report()).iter("a")]
    assert all(target is not None and target.startswith("#") for target in targets)


def test_page_refers_only_to_what_it_has() -> None:
    """Links and labels lead to ids on the page, each given once."""
    document = page(a_report())
    ids = [e.get("id") for e in document.iter() if e.get("id")]
    used = {str(a.get("href"))[1:] for a in document.iter("a")}
    used |= {str(e.get("aria-labelledby")) for e in document.iter() if e.get("aria-labelledby")}

    assert len(ids) == len(set(ids))
    assert used <= set(ids)


def test_page_tells_a_screen_reader_what_heads_what() -> None:
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
    section = replace(report.sections[0], tables=(table,))
    row = page(replace(report, sections=(section,))).find(".//tbody/tr")
    assert row is not None
    assert [text_of(cell) for cell in row] == ["1", "x", "50,0", "33,3", "−16,7"]
