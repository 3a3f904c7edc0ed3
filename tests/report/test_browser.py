"""The pages in a real browser: sorting, search, filter, keyboard, without script, on paper."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from annex_builders import squeezed
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, ViewportSize, sync_playwright
from pypdf import PdfReader
from report_builders import AGENCIES, DEPARTMENTS, a_group, a_ranking, a_report, departments

from debian import wanting
from mailaudit.model.audience import Audience
from mailaudit.model.ranking import Standing
from mailaudit.report.html import render_html, render_units

CHROMIUM = next(filter(None, map(which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=wanting("chromium"))

PHONE, LAPTOP, PROJECTOR = (390, 844), (1280, 800), (1920, 1080)
UNITS = "#ranking tbody tr.unit:not([hidden]) th"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report for IT, and all unit pages, as files."""
    made = tmp_path_factory.mktemp("pages")
    report = a_report(illustrative=True)
    (made / f"{report.stem}.html").write_text(render_html(report), encoding="utf-8")
    for audience in (Audience.IT, Audience.LEADER):
        report = a_report(audience=audience, names=True, illustrative=True)
        for name, text in render_units(report):
            path = made / report.stem / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return made


@pytest.fixture
def page(browser: Browser, folder: Path) -> Iterator[Page]:
    """The report on a laptop; whatever it asks of a host, or complains about, fails the test."""
    yield from opened(browser, folder / "mailaudit-2026-10-it.html")


def opened(browser: Browser, file: Path, **context: Any) -> Iterator[Page]:
    size = context.pop("size", LAPTOP)
    viewport = ViewportSize(width=size[0], height=size[1])
    made = browser.new_context(viewport=viewport, **context)
    requests: list[str] = []
    complaints: list[str] = []
    found = made.new_page()
    found.on("request", lambda request: requests.append(request.url))
    found.on("console", lambda message: complaints.append(message.text))
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.goto(file.as_uri())
    yield found
    assert [url for url in requests if not url.startswith("file:")] == []
    assert complaints == []
    made.close()


def names(page: Page) -> list[str]:
    return page.locator(UNITS).all_inner_texts()


def test_search_finds_units_without_accents(page: Page) -> None:
    """ "so tai chinh" finds Sở Tài chính; so do capitals, đ as d, and parts in any order."""
    box = page.get_by_role("searchbox", name="Tìm đơn vị")
    for text, wanted in (
        ("so tai chinh", ["Sở Tài chính"]),
        ("CHINH TAI", ["Sở Tài chính"]),
        ("doi xe", ["Đội xe"]),
        ("Quỹ Đầu", ["Quỹ Đầu tư"]),
        ("khong co", []),
    ):
        box.fill(text)
        assert names(page) == wanted
    assert page.get_by_role("status").inner_text() == "Hiện 0 trên 8 đơn vị"


def test_search_hides_totals_and_shows_them_again(page: Page) -> None:
    """A total beside a part of the units would mislead; resetting brings all of it back."""
    totals = page.locator("#ranking tr.subtotal, #ranking tr.total")
    assert [totals.nth(n).is_visible() for n in range(3)] == [True] * 3
    page.get_by_role("searchbox").fill("so")
    assert [totals.nth(n).is_visible() for n in range(3)] == [False] * 3
    page.get_by_role("button", name="Hiện tất cả").click()

    assert [totals.nth(n).is_visible() for n in range(3)] == [True] * 3
    assert len(names(page)) == 8
    assert page.get_by_role("status").inner_text() == ""


def test_filters_leave_one_group_or_grade(page: Page) -> None:
    """By group, by grade, and both."""
    page.get_by_role("combobox", name="Nhóm").select_option(label="I. Sở, ban, ngành")
    assert names(page) == ["Sở Nội vụ", "Sở Tài chính", "Sở Tư pháp", "Sở Y tế", "Thanh tra tỉnh"]
    page.get_by_role("combobox", name="Xếp loại").select_option(label="Khá")
    assert names(page) == ["Sở Tài chính", "Sở Tư pháp", "Sở Y tế"]


def test_sorting_keeps_groups_and_totals(page: Page) -> None:
    """Inside each group; once up, once down; Vietnamese letters in order; no value comes last."""
    head = page.locator("#ranking thead").get_by_role("button", name="Tên đơn vị")
    head.click()
    assert names(page)[:5] == [
        "Sở Nội vụ",
        "Sở Tài chính",
        "Sở Tư pháp",
        "Sở Y tế",
        "Thanh tra tỉnh",
    ]
    assert names(page)[5:] == ["Bảo tàng tỉnh", "Đội xe", "Quỹ Đầu tư"]
    head.click()
    assert names(page)[5:] == ["Bảo tàng tỉnh", "Quỹ Đầu tư", "Đội xe"]
    assert page.locator("#ranking th[aria-sort]").get_attribute("aria-sort") == "descending"
    page.locator("#ranking thead").get_by_role("button", name="Tỷ lệ thường xuyên").click()
    assert names(page)[:5] == [
        "Thanh tra tỉnh",
        "Sở Y tế",
        "Sở Tư pháp",
        "Sở Tài chính",
        "Sở Nội vụ",
    ]
    assert names(page)[5:] == ["Bảo tàng tỉnh", "Quỹ Đầu tư", "Đội xe"]
    kinds = (
        page.locator("#ranking tbody")
        .nth(0)
        .locator("tr")
        .evaluate_all("rows => rows.map(row => row.className)")
    )
    assert kinds == ["group", *["unit"] * 5, "subtotal"]


def test_everything_works_with_the_keyboard(page: Page) -> None:
    """The skip link comes first; a column sorts with Enter; a box switches columns with Space."""
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Đến phần kết quả"
    page.locator("#ranking thead").get_by_role("button", name="Tên đơn vị").focus()
    page.keyboard.press("Enter")
    assert page.locator("#ranking th[aria-sort]").count() == 1
    hidden = page.locator("#ranking th[data-key=provided]")
    assert hidden.is_visible() is False
    page.get_by_role("checkbox", name="Hiện đủ các cột").focus()
    page.keyboard.press("Space")
    assert hidden.is_visible()


def test_a_link_leads_to_a_unit_and_back(page: Page) -> None:
    """From the ranking to the unit's page, and from there to the unit's line."""
    page.locator("#ranking").get_by_role("link", name="Sở Tài chính").click()
    assert page.locator("h1").inner_text() == "Sở Tài chính"
    page.get_by_role("link", name="Tất cả đơn vị").click()

    assert page.url.endswith("mailaudit-2026-10-it.html#u-H02")
    assert page.locator("tr:target th").inner_text() == "Sở Tài chính"
    assert page.locator("tr:target").is_visible()


def test_report_is_whole_without_script(browser: Browser, folder: Path) -> None:
    """All rows, totals and links; no control that does nothing; columns can still be switched."""
    file = folder / "mailaudit-2026-10-it.html"
    for page in opened(browser, file, java_script_enabled=False):
        assert len(names(page)) == 8
        assert page.get_by_role("searchbox").count() == 0
        assert page.locator("thead button").count() == 0
        assert page.locator("#ranking tr.total").is_visible()
        page.get_by_role("checkbox").check()
        assert page.locator("#ranking th[data-key=provided]").is_visible()


def columns_shown(page: Page) -> list[str]:
    heads = page.locator("#ranking thead th")
    shown = [heads.nth(n) for n in range(heads.count()) if heads.nth(n).is_visible()]
    return [head.get_attribute("data-key") or "trend" for head in shown]


def test_paper_shows_the_columns_chosen_and_no_controls(page: Page) -> None:
    """A4 as a document: Times New Roman, black on white, nothing to click; the screen's columns,
    without remarks, which stand under what needs attention, or every column where so chosen."""
    page.emulate_media(media="print", color_scheme="dark")
    shown = columns_shown(page)
    page.emulate_media(media="screen")
    page.get_by_role("checkbox").check()
    page.emulate_media(media="print", color_scheme="dark")

    assert shown == [
        *("rank", "unit", "regular_share", "change", "trend", "trend", "grade"),
        *("in_scope", "unmeasured", "regular"),
    ]
    assert len(columns_shown(page)) == 19
    for unseen in (".tools", ".contents", ".skip", ".swipe"):
        assert not page.locator(unseen).first.is_visible()
    style = page.evaluate(
        "(({fontFamily, color}) => [fontFamily, color])(getComputedStyle(document.body))"
    )
    assert style[0].startswith('"Times New Roman"')
    assert style[1] == "rgb(0, 0, 0)"
    content = page.pdf(prefer_css_page_size=True)
    assert content.startswith(b"%PDF")


def numbered(standing: Standing, number: int) -> Standing:
    """The same unit under another name."""
    usage = standing.usage
    unit = replace(usage.unit, code=f"N{number:02}", name=f"Đơn vị số {number:02} của tỉnh")
    return replace(standing, usage=replace(usage, unit=unit))


def test_sixty_units_print_on_six_pages(browser: Browser, tmp_path: Path) -> None:
    """No page ends with the first line of a group, none begins with its last."""
    units = [numbered(departments()[n % 4], n) for n in range(60)]
    groups = [
        a_group(DEPARTMENTS, units[:15]),
        a_group(AGENCIES, units[15:48]),
        a_group("Đơn vị sự nghiệp", units[48:]),
    ]
    report = a_report(ranking=a_ranking(groups), audience=Audience.PUBLIC)
    file = tmp_path / "report.html"
    file.write_text(render_html(report), "utf-8")
    for page in opened(browser, file):
        content = page.pdf(prefer_css_page_size=True)
    pages = [squeezed(one.extract_text()) for one in PdfReader(BytesIO(content)).pages]

    assert len(pages) <= 6
    for first, second in (("00", "01"), ("15", "16"), ("48", "49"), ("13", "14"), ("58", "59")):
        names = [squeezed(f"Đơn vị số {number} của tỉnh") for number in (first, second)]
        together = [text for text in pages if all(name in text for name in names)]
        assert together, names


@pytest.mark.parametrize("size", [PHONE, LAPTOP, PROJECTOR])
def test_nothing_is_wider_than_the_screen(
    browser: Browser, folder: Path, size: tuple[int, int]
) -> None:
    """The page never scrolls sideways, and the ranking with its rate needs no scrolling at all."""
    for page in opened(browser, folder / "mailaudit-2026-10-it.html", size=size):
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width == size[0]
        frame = page.locator("#ranking .frame").bounding_box()
        table = page.locator("#ranking table").bounding_box()
        assert frame is not None
        assert table is not None
        assert table["width"] <= frame["width"] + 1
        assert page.locator("#ranking th[data-key=regular_share]").is_visible()


def test_a_units_list_is_read_on_a_phone_and_printed_on_two_pages(
    browser: Browser, folder: Path
) -> None:
    """Nothing of a person is cut or needs scrolling; other tables say that they scroll."""
    file = folder / "mailaudit-2026-10-leader/units/H01.html"
    for page in opened(browser, file, size=(360, 740)):
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        cells = page.locator(".of-staff :is(th, td):visible")
        wide = "cells => cells.filter(c => c.getBoundingClientRect().right > 348).length"
        assert cells.count() > 20
        assert cells.evaluate_all(wide) == 0
        cut = "cells => cells.filter(c => c.scrollWidth > c.clientWidth + 1).length"
        assert cells.evaluate_all(cut) == 0
        person = page.locator(".of-staff tr.unit").first
        name, address = (
            person.locator(".c-name").bounding_box(),
            person.locator("th").bounding_box(),
        )
        assert name is not None
        assert address is not None
        assert name["y"] < address["y"]
        assert page.locator(".of-staff .swipe").is_visible() is False
        for key in ("compare", "periods"):
            assert page.locator(f".of-{key} .swipe").is_visible()
        pages = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
        assert [squeezed("Danh sách của đơn vị") in squeezed(p.extract_text()) for p in pages] == [
            False,
            True,
        ]


@pytest.mark.parametrize("width", [320, 360, 390, 768])
def test_whatever_scrolls_sideways_says_so(browser: Browser, folder: Path, width: int) -> None:
    """A table that does not is whole, and so is the ranking with long names."""
    file = folder / "mailaudit-2026-10-it.html"
    found = """() => [...document.querySelectorAll(".frame")].map(frame => {
        const hint = frame.parentElement.querySelector(".swipe");
        return [frame.parentElement.className, frame.scrollWidth > frame.clientWidth + 1,
                hint !== null && getComputedStyle(hint).display !== "none"];
    })"""
    for page in opened(browser, file, size=(width, 800)):
        page.locator("#ranking tr.unit th a").first.evaluate(
            "link => link.textContent = 'Văn phòng Đoàn đại biểu Quốc hội và HĐND tỉnh'"
        )
        frames = page.evaluate(found)
        cut = [name for name, scrolls, says_so in frames if scrolls and not says_so]
        assert cut == []
        assert any(scrolls for _name, scrolls, _says_so in frames)
        assert ["block of-ranking", False, False] in frames
        page.get_by_role("checkbox", name="Hiện đủ các cột").check()
        assert ["block of-ranking", True, True] in page.evaluate(found)


def test_trend_on_a_phone_begins_at_the_newest_month(browser: Browser, tmp_path: Path) -> None:
    """Without JavaScript; earlier months are a pull away, the unit's name stays in sight."""
    ranking = a_ranking()
    *_, newest = ranking.trend
    months = tuple(replace(newest, period=newest.period.shifted(n)) for n in range(-11, 1))
    file = tmp_path / "report.html"
    file.write_text(render_html(a_report(ranking=replace(ranking, trend=months))), "utf-8")
    for page in opened(browser, file, size=(360, 740), java_script_enabled=False):
        frame = page.locator(".of-trend .frame")
        cells = page.locator(".of-trend tbody tr.unit").first.locator("th, td")
        newest_month, oldest_month = cells.last, cells.nth(2)
        within = frame.bounding_box()
        assert within is not None

        def is_in_sight(cell: Locator, left: float, width: float) -> bool:
            box = cell.bounding_box()
            assert box is not None
            return left - 1 <= box["x"] and box["x"] + box["width"] <= left + width + 1

        sight = (within["x"], within["width"])
        assert is_in_sight(newest_month, *sight)
        assert is_in_sight(page.locator(".of-trend tbody tr.unit th").first, *sight)
        assert not is_in_sight(oldest_month, *sight)
        assert newest_month.evaluate("cell => getComputedStyle(cell).direction") == "ltr"


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (LAPTOP, "light")])
@pytest.mark.parametrize(
    "file", ["mailaudit-2026-10-it.html", "mailaudit-2026-10-leader/units/H01.html"]
)
def test_axe_finds_nothing(
    browser: Browser, folder: Path, file: str, size: tuple[int, int], scheme: str
) -> None:
    """Contrast, names, headings, landmarks, tables, focus: axe-core has nothing to say."""
    for page in opened(browser, folder / file, size=size, color_scheme=scheme):
        found = [
            (violation["id"], [node["html"] for node in violation["nodes"]][:3])
            for violation in Axe().run(page).response["violations"]
        ]
        assert found == []
