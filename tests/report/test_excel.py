"""The workbooks hold the Report's figures as numbers and live formulas, and text as text."""

import re
import shutil
import subprocess
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hostile_texts import HOSTILE_TEXTS
from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.worksheet.worksheet import Worksheet
from printed_values import lines_of
from report_builders import (
    a_group,
    a_ranking,
    a_report,
    a_report_of,
    departments,
    section_of,
    table_of,
)
from workbook_reading import (
    assert_holds,
    columns_of,
    expected,
    opened,
    place_of,
)
from xlsxwriter import Workbook as NewWorkbook

from debian import wanting
from mailaudit.locale import LANGUAGES
from mailaudit.model.audience import Audience
from mailaudit.report.excel import render_excel, render_unit_excel
from mailaudit.report.excel.grid import CUT_MARK, LONGEST_TEXT, Grid, cell_text
from mailaudit.report.excel.workbook import render_sections
from mailaudit.report.tables import Cell, Kind
from mailaudit.report.value import Figure, Report

SUMMARY, RANKING, DATA = "Tổng hợp", "PL I Xếp hạng", "Dữ liệu"
CARD_ROWS = 40  # the headline stands in the first rows


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_workbook_holds_every_cell_of_every_table(lang: str, audience: Audience) -> None:
    """Read back, each table has its labels, values and notes, rates as percent numbers."""
    report = a_report(lang=lang, audience=audience)
    workbook = opened(render_excel(report))
    tables = [table for section in report.sections for table in section.tables]

    assert sum(assert_holds(workbook, table) for table in tables) > 300


@pytest.mark.parametrize("audience", Audience)
def test_units_workbooks_hold_every_cell_of_their_tables(audience: Audience) -> None:
    """So does each unit's own workbook, with its sentences, headline and facts."""
    report = a_report(audience=audience, illustrative=True)
    for unit in report.units:
        workbook = opened(render_unit_excel(report, unit))
        sheet = workbook.worksheets[0]
        texts = {cell.value for row in sheet.iter_rows() for cell in row}
        for table in unit.tables:
            if table.key != "staff" or table.has_rows:
                assert_holds(workbook, table)
        assert {unit.name, unit.group, *unit.actions, *unit.remarks} <= texts
        assert {report.mark, report.audience_note, report.organisation} <= texts
        assert headline_of(sheet, unit.figures) == headline(unit.figures)


def headline(figures: tuple[Figure, ...]) -> list[tuple[str, list[object], str]]:
    return [
        (figure.label, [expected(Cell(v), figure.kind) for v in figure.values], figure.explanation)
        for figure in figures
    ]


def headline_of(
    sheet: Worksheet, figures: tuple[Figure, ...]
) -> list[tuple[str, list[object], str]]:
    """Each figure's label, with the values and the explanation below it."""
    found: list[tuple[str, list[object], str]] = []
    for figure in figures:
        label = next(
            cell
            for row in sheet.iter_rows(max_row=CARD_ROWS)
            for cell in row
            if cell.value == figure.label
        )
        below = sheet[label.row + 1][label.column - 1 :]
        values = [cell.value for cell in below if cell.value is not None][: len(figure.values)]
        explanation = str(sheet.cell(label.row + 2, label.column).value)
        found.append((figure.label, values, explanation))
    return found


def test_summary_holds_headline_facts_and_marks() -> None:
    """The first sheet says what, for whom, and that the data are invented where they are."""
    report = a_report(illustrative=True)
    sheet = opened(render_excel(report))[SUMMARY]
    rows = [[value for value in row if value is not None] for row in sheet.values]
    figures = section_of(report, "summary").figures

    for text in (report.organisation, report.subtitle, report.audience_note, report.mark):
        assert [text] in rows
    assert headline_of(sheet, figures) == headline(figures)
    for fact in report.facts:
        assert [fact.label, fact.text] in rows


def test_series_and_funnel_stand_beside_their_charts() -> None:
    """The months of the whole and the steps of the funnel are cells, blank where nothing is."""
    report = a_report()
    workbook = opened(render_excel(report))
    numbers = [[value for value in row if value is not None] for row in workbook[SUMMARY].values]
    for place, (month, share) in enumerate(zip(report.axis, report.series, strict=True), start=1):
        rate = [] if share is None else [pytest.approx(float(share * 100))]
        assert [place, month, *rate, 90] in numbers
    for place, step in enumerate(report.funnel, start=1):
        assert [place, step.label, step.people] in numbers


def test_ranking_has_each_units_series_and_places_gained() -> None:
    """Right of the printed columns stand the numbers of the sparkline, month by month."""
    report = a_report()
    sheet = opened(render_excel(report))[RANKING]
    table = table_of(report, "ranking")
    _, header = place_of(opened(render_excel(report)), table)
    first = next(c.column for c in sheet[header] if c.value == report.axis[0])
    for row, line in enumerate(lines_of(table), start=header + 1):
        if isinstance(line, str) or not line.series:
            continue
        found = [sheet.cell(row, first + n).value for n in range(len(report.axis))]
        assert found == [
            None if share is None else pytest.approx(float(share * 100)) for share in line.series
        ]


PROTECTED = "Trang tính được bảo vệ, không đặt mật khẩu: không sửa số tại đây"


@pytest.mark.parametrize("audience", Audience)
def test_no_figure_can_be_changed_and_every_sheet_says_so(audience: Audience) -> None:
    """A count typed over would move the headline, not groups, ranks, grades and sentences."""
    report = a_report(audience=audience)
    contents = [render_excel(report), render_sections(report, numbered=True)]
    contents += [render_unit_excel(report, unit) for unit in report.units]
    for content in contents:
        for sheet in opened(content):
            cells = [cell for row in sheet.iter_rows() for cell in row]
            assert sheet.protection.sheet and sheet.protection.objects, sheet.title
            assert sheet.protection.password is None, sheet.title
            assert not [cell for cell in cells if not cell.protection.locked], sheet.title
            assert not sheet.protection.autoFilter, sheet.title  # filtering changes nothing
            assert any(PROTECTED in str(cell.value) for cell in cells), sheet.title


def test_rates_totals_and_headline_are_live_formulas() -> None:
    """A reviewer sees what counts the rates, the changes, all totals and R are made of."""
    report = a_report()
    workbook, table = opened(render_excel(report), values=False), table_of(report, "ranking")
    sheet, header = place_of(workbook, table)
    first, total = header + 2, header + 7
    at = columns_of(workbook, table)

    def formula(key: str, row: int) -> object:
        return sheet.cell(row, at[key]).value

    assert formula("provided_share", first) == f'=IF(E{first}>0,F{first}/E{first}*100,"–")'
    assert formula("regular_share", first) == (
        f'=IF((E{first}-H{first})>0,K{first}/(E{first}-H{first})*100,"–")'
    )
    assert formula("change", first) == f"=L{first}-M{first}"
    assert formula("in_scope", total) == f"=SUM(E{first}:E{total - 1})"
    last = total + 7  # two units of few people with a heading, not counted
    assert sheet.cell(last, 2).value == "TỔNG CỘNG"
    assert formula("in_scope", last) == f"=SUM(E{total},E{total + 3})"
    headline = [
        cell.value
        for row in workbook[SUMMARY].iter_rows(max_row=CARD_ROWS)
        for cell in row
        if cell.data_type == "f"
    ]
    name = f"'{RANKING}'!"
    assert headline[0] == (
        f"=IF(({name}$E${last}-{name}$H${last})>0,"
        f'{name}$K${last}/({name}$E${last}-{name}$H${last})*100,"–")'
    )
    assert len(headline) == 3  # rate, coverage, change


def test_sums_have_names() -> None:
    """`Thuong_xuyen / (Thuoc_dien - Chua_do_duoc)` can be written into any cell."""
    report = a_report()
    workbook = opened(render_excel(report))
    total = table_of(report, "ranking").total
    assert total is not None
    values = {}
    for name in ("Thuong_xuyen", "Thuoc_dien", "Chua_do_duoc", "Chi_tieu"):
        ((sheet, cell),) = workbook.defined_names[name].destinations
        values[name] = workbook[sheet][cell].value

    assert values == {
        "Thuong_xuyen": total.cells[10].value,
        "Thuoc_dien": total.cells[4].value,
        "Chua_do_duoc": total.cells[7].value,
        "Chi_tieu": 90,
    }
    ((sheet, cell),) = workbook.defined_names["Chi_tieu"].destinations
    live = opened(render_excel(report), values=False)[SUMMARY]
    assert [c.value for row in live.iter_rows() for c in row].count(f"='{sheet}'!{cell}") == len(
        report.axis
    )


def test_flat_table_points_at_the_ranking() -> None:
    """Filtered or sorted, each unit's line shows the figures the ranking has for it."""
    report = a_report()
    content = render_excel(report)
    values, live = opened(content), opened(content, values=False)
    table = table_of(report, "ranking")
    rows = [row for group in table.groups for row in group.rows]
    (name,) = live[DATA].tables
    labels, *lines = values[DATA][live[DATA].tables[name].ref]
    places = {cell.value: index for index, cell in enumerate(labels)}

    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        assert line[1].value == row.key
        for column, cell in zip(table.columns[1:], row.cells[1:], strict=True):
            found = line[places[column.label]]
            assert found.value == expected(cell, column.kind)
            if not isinstance(cell.value, str | None):
                assert re.fullmatch(
                    rf"='{RANKING}'!\$[A-Z]+\$\d+", live[DATA][found.coordinate].value
                )


def test_detailed_list_is_for_the_it_department_only() -> None:
    """Phụ lục V has everybody's line there; for others there is no such sheet."""
    report = a_report(audience=Audience.IT)
    workbook = opened(render_excel(report))
    listed = [
        (unit.name, row)
        for unit in report.units
        for table in unit.tables
        if table.key == "staff"
        for group in table.groups
        for row in group.rows
    ]
    sheet = workbook["PL V Danh sách chi tiết"]
    (ref,) = (table.ref for table in sheet.tables.values())
    found = [[cell.value for cell in line] for line in sheet[ref]][1:]

    assert [line[1:3] for line in found] == [[name, row.cells[1].value] for name, row in listed]
    for audience in (Audience.PUBLIC, Audience.LEADER):
        names = opened(render_excel(a_report(audience=audience))).sheetnames
        assert not any(name.startswith("PL V ") for name in names)


def test_units_of_few_people_are_on_no_sheet_for_the_public() -> None:
    """Neither a number nor a line: their names stand in a note below the ranking."""
    report = a_report(audience=Audience.PUBLIC)
    workbook = opened(render_excel(report), values=False)
    named = [
        (sheet.title, str(cell.value))
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if "Quỹ Đầu tư" in str(cell.value)
    ]

    assert {text for _, text in named} == {"Các đơn vị ít người (2 đơn vị): Quỹ Đầu tư; Đội xe."}
    assert workbook[DATA].max_row < workbook[RANKING].max_row


@pytest.mark.skipif(shutil.which("soffice") is None, reason=wanting("libreoffice-calc"))
def test_formulas_recomputed_by_libreoffice_give_the_cached_values(tmp_path: Path) -> None:
    """With every cached value removed, another program computes the same figures."""
    report = a_report()
    contents = {
        "province": render_excel(report),
        "public": render_excel(a_report(audience=Audience.PUBLIC)),
        "unit": render_unit_excel(report, report.units[0]),
    }
    formulas = {
        name: _without_cached_values(content, tmp_path / f"{name}.xlsx")
        for name, content in contents.items()
    }
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            *("--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "out"),
            *(tmp_path / f"{name}.xlsx" for name in contents),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    for name, content in contents.items():
        computed = opened((tmp_path / "out" / f"{name}.xlsx").read_bytes())
        cached, live = opened(content), opened(content, values=False)
        compared = 0
        for sheet in live:
            assert computed[sheet.title].protection.sheet  # it took the protection for one
            for cell in (c for row in sheet.iter_rows() for c in row if c.data_type == "f"):
                wanted = cached[sheet.title][cell.coordinate].value
                found = computed[sheet.title][cell.coordinate].value
                numeric = isinstance(wanted, int | float)
                assert found == (pytest.approx(wanted, abs=1e-9) if numeric else wanted), cell
                compared += 1
        assert compared == formulas[name] > 20


def _without_cached_values(content: bytes, target: Path) -> int:
    """Writes the workbook without the results of its formulas; gives their number."""
    removed = 0
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/"):
                text, number = re.subn(r"(</f>)<v>[^<]*</v>", r"\1", data.decode())
                data, removed = text.encode(), removed + number
            out.writestr(name, data)
    return removed


def test_numbers_print_in_the_reports_language_with_their_marks() -> None:
    """Percent with one decimal, two where rates look the same, the tie beside the rank.

    Right of figures stays room, so that the arrow in the next column does not touch them.
    """
    report = a_report()
    workbook, table = opened(render_excel(report)), table_of(report, "ranking")
    sheet, header = place_of(workbook, table)
    at, row = columns_of(workbook, table), header + 2

    assert sheet.cell(row, at["regular_share"]).number_format == "[$-42A]#,##0.0_)"
    assert sheet.cell(row + 1, at["regular_share"]).number_format == "[$-42A]#,##0.00_)"
    assert sheet.cell(row + 1, at["rank"]).number_format == '[$-42A]#,##0" (đồng hạng)"'
    assert sheet.cell(row, at["change"]).number_format == (
        '[$-42A]+#,##0.0_);[$-42A]"−"#,##0.0_);[$-42A]#,##0.0_)'
    )
    english = opened(render_excel(a_report(lang="en")))["App. I Ranking"]
    assert english.cell(row, at["regular_share"]).number_format == "[$-409]#,##0.0_)"


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_workbooks_hold_hostile_text_as_text(text: str) -> None:
    """No formula, no link, no markup: the cell is a string with exactly this text."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # XlsxWriter warns where it takes text for something else
        workbooks = _workbooks_of(text)
    found = {c.value for book in workbooks for c in _cells(book) if c.data_type == "s"}

    assert text in {str(value).removeprefix("\N{WORD JOINER}") for value in found}
    assert [_kinds(book) for book in workbooks] == _harmless_kinds()
    assert not any(cell.hyperlink for book in workbooks for cell in _cells(book))


def _workbooks_of(text: str) -> list[Workbook]:
    """The province's workbook and a unit's, with `text` wherever a text can stand."""
    report = a_report_of(text)
    contents = (render_excel(report), render_unit_excel(report, report.units[0]))
    return [opened(content, values=False) for content in contents]


@cache
def _harmless_kinds() -> list[Counter[str]]:
    return [_kinds(book) for book in _workbooks_of("Sở A")]


def _kinds(workbook: Workbook) -> Counter[str]:
    """How many formulas, numbers and the like there are; a text makes none and replaces none.

    Where they stand may differ: a table that long texts make longer than a page has its own sheet.
    """
    filled = (cell for cell in _cells(workbook) if cell.value is not None)
    return Counter(cell.data_type for cell in filled if cell.data_type != "s")


def _cells(workbook: Workbook) -> Iterator[SheetCell]:
    return (cell for sheet in workbook for row in sheet.iter_rows() for cell in row)


def test_text_too_long_for_a_cell_is_cut_visibly() -> None:
    """A cell holds 32,767 characters; what is cut says so."""
    name = opened(render_excel(a_report_of("ừ" * 40_000)))[SUMMARY].cell(1, 1).value

    assert name == "ừ" * (LONGEST_TEXT - len(CUT_MARK)) + CUT_MARK
    assert cell_text("ừ" * LONGEST_TEXT) == "ừ" * LONGEST_TEXT


def test_a_refused_write_is_an_error() -> None:
    """XlsxWriter returns a code for a cell outside the sheet; it must not pass unseen."""
    workbook = NewWorkbook(BytesIO())
    grid, look = Grid(workbook.add_worksheet()), workbook.add_format()

    with pytest.raises(RuntimeError, match="refused"):
        grid.text(1_048_576, 0, "x", look)
    with pytest.raises(RuntimeError, match="refused"):
        grid.value(0, 16_384, Kind.INTEGER, Cell(1), look)
    with pytest.raises(RuntimeError, match="refused"):
        grid.formula(1_048_576, 0, "=1", Kind.INTEGER, Cell(1), look)
    with pytest.raises(RuntimeError, match="refused"):
        grid.height(1_048_576, 15)


def test_sheets_are_set_up_for_paper_and_screen() -> None:
    """A4, one page wide, numbered; long tables keep their header on every page and in sight."""
    report = a_report()
    workbook = opened(render_excel(report))

    for sheet in workbook:
        assert sheet.page_setup.paperSize == 9
        fitted = sheet.sheet_properties.pageSetUpPr
        if fitted and fitted.fitToPage:
            assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        else:
            assert 55 <= sheet.page_setup.scale <= 95
        assert sheet.oddFooter.right.text == "&P/&N"
    assert workbook[RANKING].page_setup.orientation == "landscape"
    for key in ("ranking", "trend"):
        sheet, header = place_of(workbook, table_of(report, key))
        assert sheet.print_title_rows == f"${header}:${header}"
        assert sheet.freeze_panes == f"C{header + 1}"
    sheet, header = place_of(workbook, table_of(report, "ranking"))
    remarks = columns_of(workbook, table_of(report, "ranking"))["remarks"]
    below = 3 + len(table_of(report, "ranking").notes)  # a note on the lines too
    end = sheet.cell(header + len(lines_of(table_of(report, "ranking"))) + below, remarks)
    assert sheet.print_area.endswith(f":${end.column_letter}${end.row}")


def test_columns_explain_themselves() -> None:
    """A comment on the label says what a count means, in the words of the method."""
    report = a_report()
    workbook, table = opened(render_excel(report)), table_of(report, "ranking")
    sheet, header = place_of(workbook, table)
    at = columns_of(workbook, table)
    comments = {key: sheet.cell(header, column).comment for key, column in at.items()}
    defined = {str(row.cells[2].value) for row in table_of(report, "definitions").groups[0].rows}

    for key in ("staff", "in_scope", "provided", "unmeasured", "regular", "regular_share"):
        assert comments[key].text.split(": ", 1)[1] in defined
    assert comments["remarks"] is None


def test_workbook_is_dated_by_its_data_and_set_in_times() -> None:
    """The creation time is the cut-off, the title the report's, the font the regulation's."""
    report = a_report()
    for content in (render_excel(report), render_unit_excel(report, report.units[0])):
        workbook = opened(content)
        assert workbook.properties.created == datetime(2026, 11, 1, 1, 30)  # noqa: DTZ001
        assert "Tình hình sử dụng" in workbook.properties.title
        assert report.digest in workbook.properties.keywords
        fonts = {cell.font.name for sheet in workbook for row in sheet.iter_rows() for cell in row}
        assert fonts == {"Times New Roman"}


def test_an_empty_table_is_a_sentence() -> None:
    """No units: the sheet says so, without header, chart or filter."""
    report = a_report(ranking=a_ranking([]))
    workbook = opened(render_excel(report))
    texts = [cell.value for row in workbook[RANKING].iter_rows() for cell in row]

    assert table_of(report, "ranking").empty in texts
    assert not workbook["Biểu đồ"]._charts


def test_every_ranked_unit_is_in_a_chart() -> None:
    """However many a group has: charts hold as many as fit on a page."""
    units = [departments()[n % 4] for n in range(100)]
    report = a_report(ranking=a_ranking([a_group("Sở, ban, ngành", units)]))
    charts = opened(render_excel(report))["Biểu đồ"]._charts
    drawn = [re.findall(r"\d+", chart.series[1].val.numRef.f) for chart in charts]

    assert sum(int(last) - int(first) + 1 for first, last in drawn) == 100
    assert len(charts) == 3


def test_workbooks_of_all_languages_name_their_sheets() -> None:
    """Sheets follow the appendices, in either language."""
    assert opened(render_excel(a_report())).sheetnames[:3] == [SUMMARY, "Biểu đồ", RANKING]
    assert opened(render_excel(a_report(lang="en"))).sheetnames[2] == "App. I Ranking"
    names = opened(render_excel(a_report(audience=Audience.PUBLIC))).sheetnames
    numbers = [name.split()[1] for name in names if name.startswith("PL ")]
    assert list(dict.fromkeys(numbers)) == ["I", "II", "III", "IV"]
    names = opened(render_excel(a_report(audience=Audience.IT))).sheetnames
    assert [name for name in names if name.startswith("PL V ")] == ["PL V Danh sách chi tiết"]


def a_long_report() -> Report:
    """Sixty units that all miss the target: a list longer than a page."""
    units = [departments()[1] for _ in range(60)]
    return a_report(ranking=a_ranking([a_group("Sở, ban, ngành", units)]))


def test_a_table_longer_than_a_page_has_a_sheet_of_its_own() -> None:
    """So its header is repeated on every page, which Excel can do for one table a sheet."""
    report = a_long_report()
    workbook = opened(render_excel(report))
    sheet, header = place_of(workbook, table_of(report, "short"))

    assert sheet.title == "PL II Cần chú ý (2)"
    assert sheet.print_title_rows == f"${header}:${header}"
    assert sheet.row_breaks.count > 0


def test_short_tables_are_not_cut_by_a_page() -> None:
    """A page of the summary begins above a caption, never inside a table."""
    report = a_report()
    sheet = opened(render_excel(report))[SUMMARY]
    starts = {
        place_of(opened(render_excel(report)), t)[1] - 1
        for t in section_of(report, "summary").tables
        if t.key not in ("falls", "rises")
    }
    breaks = {brk.id + 1 for brk in sheet.row_breaks.brk}

    assert breaks
    assert breaks & starts
    captions = {c.row for (c,) in sheet.iter_rows(max_col=1) if c.font.b and c.font.sz == 12}
    facts = {c.row for (c,) in sheet.iter_rows(max_col=1) if c.value == report.facts[0].label}
    assert breaks <= captions | facts
