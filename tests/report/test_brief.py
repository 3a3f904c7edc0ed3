"""The brief: one card that shows the Report's headline, in both kinds of file."""

import struct
from dataclasses import replace
from fractions import Fraction
from io import BytesIO

import pytest
from annex_builders import missing, squeezed
from hostile_texts import HOSTILE_TEXTS
from lxml import etree
from printed_values import printed
from pypdf import PdfReader
from report_builders import a_ranking, a_report, a_report_of, a_snapshot, section_of

from mailaudit.locale import LANGUAGES, language
from mailaudit.model.audience import Audience
from mailaudit.model.usage import Counts
from mailaudit.report.brief import render_brief_pdf, render_brief_png
from mailaudit.report.brief.chart import trend_chart
from mailaudit.report.value import Report

SVG = "{http://www.w3.org/2000/svg}"


def read(report: Report) -> str:
    reader = PdfReader(BytesIO(render_brief_pdf(report)))
    (page,) = reader.pages
    return str(page.extract_text())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_card_shows_the_headline(lang: str) -> None:
    """Every headline figure with its words, best and weakest group, period, target and digest."""
    report = a_report(lang=lang)
    whole = squeezed(read(report))
    results = report.results
    assert results.best_group is not None and results.weakest_group is not None

    figures = section_of(report, "summary").figures
    for figure in figures:
        if figure.key == "everyone":  # a second rate would be read as another headline
            assert squeezed(figure.label) not in whole
            continue
        for value in figure.values:
            assert squeezed(printed(value, figure.kind, 1, lang)) in whole, figure.key
        assert squeezed(figure.explanation) in whole, figure.key
        if figure.key != "change":  # shown by its sign and words
            assert squeezed(figure.label) in whole, figure.key
    for text in (
        report.organisation,
        report.title,
        report.subtitle,
        results.best_group.name,
        results.weakest_group.name,
        report.digest,
        *report.notices,
        report.official,
        *report.axis,
    ):
        assert squeezed(text) in whole
    shares = [
        printed(group.rate, figures[0].kind, 1, lang)
        for group in (results.best_group, results.weakest_group)
    ]
    assert missing(shares, whole) == []


def test_card_is_one_picture_for_a_slide() -> None:
    """PNG of 1920 by 1080; the PDF's one page has the same shape."""
    content = render_brief_png(a_report())
    (page,) = PdfReader(BytesIO(render_brief_pdf(a_report()))).pages

    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">II", content[16:24]) == (1920, 1080)
    assert float(page.mediabox.width) / float(page.mediabox.height) == pytest.approx(16 / 9)


def test_card_says_the_target_once() -> None:
    """With how many people are missing, none where it is met, and no number of a coarse rate."""
    report = a_report()
    results, sums = report.results, report.results.total
    assert sums is not None
    text = read(report)
    few = Counts(staff=6, in_scope=6, provided=6).coarsened()
    met, coarse = replace(sums, target=Fraction(1, 2)), replace(sums, counts=few)
    others = [replace(report, results=replace(results, total=one)) for one in (met, coarse)]
    missing_people = sums.counts.short_of(report.target)

    assert text.count("90%") == 1
    assert missing_people > 0
    assert f"Còn thiếu {missing_people} người để đạt chỉ tiêu" in text
    assert few.is_coarse
    assert ["Đã đạt chỉ tiêu" in read(other) for other in others] == [True, False]
    assert not any("Còn thiếu" in read(other) for other in others)


def test_card_says_whom_it_is_for() -> None:
    """Each audience's card names it, and no other."""
    words = {Audience.PUBLIC: "Bản công bố", Audience.LEADER: "thủ trưởng", Audience.IT: "bộ phận"}
    for audience in Audience:
        text = read(a_report(audience=audience))
        assert [other for other, word in words.items() if word in text] == [audience]


def test_card_of_invented_data_says_so() -> None:
    """The mark of a demonstration stands beside the title."""
    assert "SỐ LIỆU MINH HỌA" in read(a_report(illustrative=True))
    assert "MINH HỌA" not in read(a_report())


def test_card_without_figures_shows_dashes() -> None:
    """Nobody in scope, or sums not for this audience: no figure is made up."""
    empty = read(a_report(ranking=a_ranking(())))
    report = a_report()
    hidden = replace(
        report,
        sections=tuple(replace(section, figures=()) for section in report.sections),
        results=replace(report.results, total=None, best_group=None, weakest_group=None),
        series=(None,) * len(report.axis),
        notices=(),
    )

    assert "–" in empty
    headline = read(hidden).split("Tỷ lệ thường xuyên sử dụng chung theo tháng")[0]
    assert not any(character.isdigit() for character in headline[-40:])
    assert "Không công bố trong bản này" in read(hidden)


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_hostile_text_fits_the_card(text: str) -> None:
    """However long or odd a name is, the card stays one page and keeps its figures."""
    report = a_report_of(text)
    whole = squeezed(read(report))

    assert "83,5%" in whole
    assert squeezed(report.digest) in whole


def test_card_names_an_old_seal() -> None:
    """On the same page."""
    report = a_report(snapshot=replace(a_snapshot(), digest_version=1))

    assert "dấuniêmphongkiểucũ" in squeezed(read(report))


def test_chart_draws_each_month_and_leaves_gaps() -> None:
    """A month that was not measured is no zero: its point is missing and the line is broken."""
    report = a_report()
    series = (*report.series, None, *report.series)
    axis = tuple(f"{month:02d}/2026" for month in range(1, len(series) + 1))
    drawn = trend_chart(series, axis, report.target, "Chỉ tiêu 90%", language("vi"))
    root = etree.fromstring(drawn.encode())
    (line,) = (
        path.get("d")
        for group in root.iter(f"{SVG}g")
        if "mark-line" in str(group.get("class"))
        for path in group.iter(f"{SVG}path")
    )
    points = [
        path
        for group in root.iter(f"{SVG}g")
        if "mark-symbol" in str(group.get("class"))
        for path in group.iter(f"{SVG}path")
    ]

    assert line is not None and line.count("M") == 2
    assert len(points) == len(series) - 1
