"""The workbook holds the Report's figures as numbers and live formulas, and text as text."""

import re
import shutil
import subprocess
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from hostile_texts import HOSTILE_TEXTS
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.worksheet.worksheet import Worksheet
from report_builders import a_ranking, a_report, a_report_of, section_of, table_of
from xlsxwriter import Workbook as NewWorkbook

from mailaudit.locale import LANGUAGES
from mailaudit.report.excel import render_excel
from mailaudit.report.excel.grid import CUT_MARK, LONGEST_TEXT, Grid, cell_text
from mailaudit.report.value import Cell, Kind, Report, Row, Section, Table

RANKING, TREND, UNMEASURED = "Xếp hạng", "Xu hướng", "Chưa đo được"


def opened(report: Report, *, values: bool = True) -> Workbook:
    """The workbook with the cached values, or with its formulas."""
    return load_workbook(BytesIO(render_excel(report)), data_only=values)


def lines_of(table: Table) -> list[Row | str]:
    lines: list[Row | str] = []
    for group in table.groups:
        lines += [group.title] if group.title else []
        lines += group.rows
        lines += [group.total] if group.total else []
    return lines + ([table.total] if table.total else [])


def header_of(sheet: Worksheet, table: Table) -> int:
    """The row number of the table's header, which follows its caption."""
    captions = [
        row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == table.caption
    ]
    return captions[-1] + 1


def cells_of_line(sheet: Worksheet, table: Table, row: int) -> list[SheetCell]:
    """The cells under the table's labels; merged labels stand at their first column."""
    header = header_of(sheet, table)
    places = [c.column for c in sheet[header] if c.value is not None][: len(table.columns)]
    return [sheet.cell(row, place) for place in places]


def expected(cell: Cell, kind: Kind) -> object:
    if cell.value is None:
        return "–"
    if isinstance(cell.value, str):
        return cell.value + cell.mark if cell.value else None
    if kind in (Kind.PERCENT, Kind.POINTS):
        return pytest.approx(float(cell.value * 100), rel=1e-14, abs=1e-14)
    return int(cell.value)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_workbook_holds_every_cell_of_every_table(lang: str) -> None:
    """Read back, each table has its labels, values and notes, rates as percent numbers."""
    report = a_report(lang=lang)
    workbook = opened(report)

    assert workbook.sheetnames == [section.name for section in report.sections]
    for section in report.sections:
        sheet = workbook[section.name]
        for table in section.tables:
            header = header_of(sheet, table)
            labels = [cell.value for cell in cells_of_line(sheet, table, header)]
            assert labels == [column.label for column in table.columns]
            for row, line in enumerate(lines_of(table), start=header + 1):
                if isinstance(line, str):
                    assert sheet.cell(row, 1).value == line
                    continue
                found = [cell.value for cell in cells_of_line(sheet, table, row)]
                pairs = zip(line.cells, table.columns, strict=True)
                assert found == [expected(cell, column.kind) for cell, column in pairs]
            after = header + len(lines_of(table)) + 1
            notes = [sheet.cell(after + i, 1).value for i in range(len(table.notes))]
            assert notes == list(table.notes)


def test_workbook_holds_headline_and_facts() -> None:
    """The summary begins with the headline figures and what the report is of."""
    report = a_report()
    rows = [
        [value for value in row if value is not None]
        for row in opened(report)["Tổng hợp"].iter_rows(values_only=True)
    ]

    assert [report.organisation] in rows
    assert [report.subtitle] in rows
    for figure in section_of(report, "summary").figures:
        values = [expected(Cell(value), figure.kind) for value in figure.values]
        assert [figure.label, *values, figure.explanation] in rows
    for fact in report.facts:
        assert [fact.label, fact.text] in rows


def test_rates_and_totals_are_live_formulas() -> None:
    """A reviewer who changes a count sees the rates, the changes and all totals follow."""
    report = a_report()
    table, sheet = table_of(report, "ranking"), opened(report, values=False)[RANKING]
    first = header_of(sheet, table) + 2
    total = first + 5
    by_key = dict(
        zip(
            (column.key for column in table.columns),
            cells_of_line(sheet, table, first),
            strict=True,
        )
    )

    assert by_key["provided_share"].value == f'=IF(E{first}>0,F{first}/E{first}*100,"–")'
    assert by_key["regular_share"].value == (
        f'=IF((E{first}-H{first})>0,K{first}/(E{first}-H{first})*100,"–")'
    )
    assert by_key["change"].value == f"=L{first}-M{first}"
    assert sheet.cell(total, 5).value == f"=SUM(E{first}:E{total - 1})"
    last = total + 6
    assert sheet.cell(last, 2).value == "TỔNG CỘNG"
    assert sheet.cell(last, 5).value == f"=SUM(E{total},E{last - 1})"
    assert str(sheet.cell(last, 12).value).startswith("=IF((E")


@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"
)
def test_formulas_recomputed_by_libreoffice_give_the_cached_values(tmp_path: Path) -> None:
    """With every cached value removed, another program computes the same figures."""
    report = a_report()
    content = render_excel(report)
    bare = tmp_path / "bare.xlsx"
    formulas = _without_cached_values(content, bare)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            *("--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "out", bare),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    computed = load_workbook(tmp_path / "out" / "bare.xlsx", data_only=True)
    cached = load_workbook(BytesIO(content), data_only=True)
    live = load_workbook(BytesIO(content))

    compared = 0
    for sheet in live:
        for cell in (c for row in sheet.iter_rows() for c in row if c.data_type == "f"):
            wanted = cached[sheet.title][cell.coordinate].value
            found = computed[sheet.title][cell.coordinate].value
            numeric = isinstance(wanted, int | float)
            assert found == (pytest.approx(wanted, abs=1e-9) if numeric else wanted), cell
            compared += 1
    assert compared == formulas > 70


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
    """Percent with one decimal, two where rates look the same, the tie beside the rank."""
    report = a_report()
    table, sheet = table_of(report, "ranking"), opened(report)[RANKING]
    row = header_of(sheet, table) + 2
    formats = [sheet.cell(row + n, 12).number_format for n in range(2)]

    assert formats == ["[$-42A]#,##0.0", "[$-42A]#,##0.00"]
    assert sheet.cell(row + 1, 15).number_format == '[$-42A]#,##0" (đồng hạng)"'
    assert sheet.cell(row, 14).number_format == ('[$-42A]+#,##0.0;[$-42A]"−"#,##0.0;[$-42A]#,##0.0')
    english = opened(a_report(lang="en"))["Ranking"]
    assert english.cell(row, 12).number_format == "[$-409]#,##0.0"


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_workbook_holds_hostile_text_as_text(text: str) -> None:
    """No formula, no link, no markup: the cell is a string with exactly this text."""
    report = a_report_of(text)
    workbook, harmless = opened(report, values=False), opened(a_report_of("Sở A"), values=False)
    table, sheet = table_of(report, "ranking"), workbook[RANKING]
    row = header_of(sheet, table) + 2

    assert sheet.cell(row, 2).data_type == "s"
    assert str(sheet.cell(row, 2).value).removeprefix("\N{WORD JOINER}") == text
    for title in workbook.sheetnames:
        assert _kinds(workbook[title]) == _kinds(harmless[title])
        assert not any(cell.hyperlink for line in workbook[title].iter_rows() for cell in line)


def _kinds(sheet: Worksheet) -> list[tuple[str, str]]:
    return [(c.coordinate, c.data_type) for row in sheet.iter_rows() for c in row]


def test_text_too_long_for_a_cell_is_cut_visibly() -> None:
    """A cell holds 32,767 characters; what is cut says so."""
    name = opened(a_report_of("ừ" * 40_000))["Tổng hợp"].cell(1, 1).value

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


def test_sheets_are_set_up_for_paper_and_screen() -> None:
    """A4 landscape, one page wide, numbered; long tables keep their header on every page."""
    report = a_report()
    workbook = opened(report)

    for sheet in workbook:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter.right.text == "&P/&N"
    for key, name, last in (("ranking", RANKING, "Q"), ("trend", TREND, "D")):
        sheet, table = workbook[name], table_of(report, key)
        header = header_of(sheet, table)
        assert sheet.print_title_rows == f"${header}:${header}"
        assert sheet.freeze_panes == f"C{header + 1}"
        assert sheet.auto_filter.ref == f"A{header}:{last}{header + len(lines_of(table))}"


def test_workbook_is_dated_by_its_data_and_set_in_times() -> None:
    """The creation time is the cut-off, the title the report's, the font the regulation's."""
    workbook = opened(a_report())

    assert workbook.properties.created == datetime(2026, 11, 1, 1, 30)  # noqa: DTZ001
    assert workbook.properties.title.startswith("Tình hình sử dụng")
    fonts = {cell.font.name for sheet in workbook for row in sheet.iter_rows() for cell in row}
    assert fonts == {"Times New Roman"}


def test_an_empty_table_is_a_sentence() -> None:
    """No units: the sheet says so, without header or filter."""
    report = a_report(ranking=a_ranking([]))
    sheet = opened(report)[RANKING]
    texts = [cell.value for row in sheet.iter_rows() for cell in row]

    assert table_of(report, "ranking").empty in texts
    assert sheet.auto_filter.ref is None


def test_a_section_is_a_sheet_of_a_valid_name() -> None:
    """Excel refuses names over 31 characters or with these signs, in any language."""
    for lang in LANGUAGES:
        sections: tuple[Section, ...] = a_report(lang=lang).sections
        assert all(len(s.name) <= 31 and not re.search(r"[\[\]:*?/\\]", s.name) for s in sections)
