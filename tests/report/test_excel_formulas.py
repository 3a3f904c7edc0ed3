"""Formulas are written where they give the Report's value; names and texts are what Excel takes."""

from fractions import Fraction
from io import BytesIO

import pytest
from openpyxl import load_workbook
from xlsxwriter import Workbook

from mailaudit.report.excel.charts import LONGEST_TITLE, chart_text
from mailaudit.report.excel.formulas import formula_of, sum_formula
from mailaudit.report.excel.grid import CUT_MARK, Grid
from mailaudit.report.excel.layout import page_breaks, page_room, paged, text_lines
from mailaudit.report.excel.names import Names, plain_name, sheet_name
from mailaudit.report.tables import Cell, Difference, Ratio

AT = {"part": "K5", "whole": "E5", "less": "H5", "share": "L5", "before": "M5"}


def cells(part: int | str | None, whole: int, less: int) -> dict[str, Cell]:
    return {"part": Cell(part), "whole": Cell(whole), "less": Cell(less)}


def test_ratio_is_live_where_it_gives_the_value() -> None:
    """44 of 50 without 2 is 44/48; with 2 more it is 46/50; nothing of nobody is no rate."""
    regular = Ratio("part", "whole", "less")
    upper = Ratio("part", "whole", plus="less")

    assert formula_of(regular, cells(44, 50, 2), AT, Fraction(44, 48)) == (
        '=IF((E5-H5)>0,K5/(E5-H5)*100,"–")'
    )
    assert formula_of(upper, cells(44, 50, 2), AT, Fraction(46, 50)) == (
        '=IF(E5>0,(K5+H5)/E5*100,"–")'
    )
    assert formula_of(regular, cells(0, 2, 2), AT, None) is not None


@pytest.mark.parametrize(
    ("part", "value"), [(44, Fraction(44, 50)), ("(ẩn)", Fraction(44, 48)), (None, None)]
)
def test_ratio_that_gives_another_value_is_none(part: int | str | None, value: object) -> None:
    """A wrong, withheld or missing count would be computed to something else than is printed."""
    assert formula_of(Ratio("part", "whole", "less"), cells(part, 50, 2), AT, value) is None


def test_difference_needs_both_shares() -> None:
    """Without a previous rate there is nothing to subtract."""
    change = Difference("share", "before")
    known = {"share": Cell(Fraction(3, 4)), "before": Cell(Fraction(1, 2))}
    unknown = known | {"before": Cell(None)}

    assert formula_of(change, known, AT, Fraction(1, 4)) == "=L5-M5"
    assert formula_of(change, known, AT, Fraction(1, 3)) is None
    assert formula_of(change, unknown, AT, None) is None


def test_sum_over_withheld_rows_is_no_formula() -> None:
    """The total counts them, the sum of what is printed would not; nor may it show their rest."""
    assert sum_formula("E5:E7", [40, 30, 9], 79) == "=SUM(E5:E7)"
    assert sum_formula("E5:E7", [40, 30], 79) is None
    assert sum_formula("E5:E7", [40, 30, "(ẩn)"], 70) is None
    assert sum_formula("", [], 0) is None


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Thuộc diện (1)", "Thuoc_dien"),
        ("Tỷ lệ thường xuyên % (4/(1−3))", "Ty_le_thuong_xuyen"),
        ("Đã cấp (2)", "Da_cap"),
        ("R", "_R"),
        ("PL1", "_PL1"),
        ("10/2026", "_10_2026"),
        ("R1C1", "_R1C1"),
        ("()", "_"),
    ],
)
def test_names_are_such_as_excel_takes(label: str, name: str) -> None:
    """Letters, digits and underscores, and nothing that reads as a cell's address."""
    assert plain_name(label) == name


def test_names_are_given_once() -> None:
    """Excel does not distinguish `Tong` from `TONG`."""
    names = Names(Workbook(BytesIO()))

    assert [names.unique(label) for label in ("Tổng", "TỔNG", "tong")] == [
        "Tong",
        "TONG_2",
        "tong_3",
    ]


def test_sheet_names_are_short_unique_and_without_signs() -> None:
    """31 characters, none of []:*?/\\, no two alike whatever their case."""
    long = "Danh sách cán bộ, công chức, viên chức"

    assert sheet_name("a/b:c", []) == "a b c"
    assert sheet_name(long, []) == long[:31]
    assert sheet_name(long, [long[:31]]) == long[:27] + " (2)"
    assert sheet_name("Đơn vị", ["đơn vị", "Đơn vị (2)"]) == "Đơn vị (3)"


def test_text_is_written_as_text_into_any_workbook() -> None:
    """Also into one whose settings would make formulas and links of it."""
    buffer = BytesIO()
    workbook = Workbook(buffer)
    grid = Grid(workbook.add_worksheet())
    for row, text in enumerate(("=1+1", "https://example.invalid/", "12")):
        grid.text(row, 0, text, workbook.add_format())
    workbook.close()
    written = load_workbook(BytesIO(buffer.getvalue())).active

    assert written is not None
    assert [cell.data_type for (cell,) in written.iter_rows()] == ["s", "s", "s"]
    assert not any(cell.hyperlink for (cell,) in written.iter_rows())


def test_titles_of_charts_are_text() -> None:
    """XlsxWriter would take a title that holds an address for a formula."""
    assert chart_text("I. Xã!A1") == "I. Xã!\N{WORD JOINER}A1"
    assert chart_text("Xã! Phường") == "Xã! Phường"
    assert chart_text("x" * 300) == "x" * (LONGEST_TITLE - len(CUT_MARK)) + CUT_MARK


def test_pages_end_between_blocks() -> None:
    """What would be cut begins a page; the header repeated there takes room as well."""
    heights = dict.fromkeys(range(12), 10.0)
    blocks = [(0, 3), (4, 7), (8, 11)]

    assert page_breaks(blocks, heights, room=120) == []
    assert page_breaks(blocks, heights, room=80) == [8]
    assert page_breaks(blocks, heights, room=79) == [4, 8]
    assert page_breaks([(row, row) for row in range(12)], heights, 50, repeated=20) == [5, 8, 11]


def test_text_is_measured_by_its_letters() -> None:
    """Narrow letters take less than wide ones, and a word that is too long is cut."""
    assert text_lines("i" * 30, 25) == 1
    assert text_lines("M" * 30, 25) == 2
    assert text_lines("một hai\nba", 25) == 2
    assert text_lines("", 25) == 1


def test_last_page_of_few_rows_is_saved_by_a_smaller_scale() -> None:
    """A page less than half full goes where 85 percent are enough and letters stay legible."""
    widths, landscape = (6, 40, 40), False
    room = page_room(widths, landscape=landscape)

    def pages(share: float, widths: tuple[int, ...] = widths) -> tuple[list[int], int | None]:
        heights = {0: room * 0.9, 1: room * share}
        return paged([(0, 0), (1, 1)], heights, widths, landscape=landscape)

    assert pages(0.05) == ([], None)
    assert pages(0.2)[0] == []
    assert pages(0.2)[1] in range(80, 96)
    assert pages(0.4) == ([1], None)
    assert pages(0.7) == ([1], None)


def test_letters_that_are_small_already_are_not_scaled_down() -> None:
    """A sheet of many columns keeps its last page, however empty."""
    widths = (16,) * 20
    room = page_room(widths, landscape=True)
    heights = {0: room * 0.9, 1: room * 0.12}

    assert paged([(0, 0), (1, 1)], heights, widths, landscape=True) == ([1], None)
