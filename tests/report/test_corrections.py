"""The workbook that human resources correct and send back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from list_builders import Rows, SheetOf, csv, legacy_rows, xlsx
from mailaudit.model.layout import Layout
from mailaudit.model.reading import ListReading, RowKind
from mailaudit.model.roster import Staff
from mailaudit.report.excel.corrections import render_corrections
from mailaudit.roster import read_lists, read_roster

HEADER: list[object] = [
    "STT",
    "Mã CBCCVC",
    "Họ và tên",
    "Đơn vị",
    "Hộp thư",
    "Trạng thái",
    "Từ ngày",
]
ROWS: Rows = [
    ["DANH SÁCH"],
    [],
    HEADER,
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
    ["I", "Lãnh đạo"],
    [1, 11, "Nguyễn Văn Ân", "Sở Nội vụ", "annv", "", ""],
    [2, "CB2", "Đỗ Thị Hoà", "Sở Nội vụ", "hoadt@x.vn", "thai sản", "09/2026"],
    [3, "CB3", "Huỳnh Th?y", "", "chưa có", "", ""],
    [4, "CB4", "Lê Mỹ", "Sở Nội vụ", "my@x.vn", "ốm", date(2026, 10, 5)],
    [5, 11, "Nguyễn Văn Ân", "Phường 1", "", "", ""],
    ["", "", "Vũ Bình"],
    ["", "Cộng", 5],
]


def a_broken_list(folder: Path) -> Path:
    return xlsx(folder / "ds.xlsx", SheetOf(ROWS, "Tháng 10"))


def opened(reading: ListReading) -> Workbook:
    return openpyxl.load_workbook(BytesIO(render_corrections(reading)))


def people(staff: Sequence[Staff]) -> list[Staff]:
    """The staff without where they stand, which is the key of those who have no other."""
    return [
        replace(person, row="", key="" if person.key == person.row else person.key)
        for person in staff
    ]


def sent_back(folder: Path, reading: ListReading, sheet: str, cells: Mapping[str, object]) -> Path:
    """The workbook with these cells corrected."""
    workbook = opened(reading)
    for name, value in cells.items():
        workbook[sheet][name] = value
    file = folder / "sua.xlsx"
    workbook.save(file)
    return file


def test_corrected_workbook_reads_as_the_right_list(tmp_path: Path) -> None:
    """What was wrong is corrected in it; everything else comes back as it was."""
    reading = read_lists([a_broken_list(tmp_path)])
    assert reading.roster is None
    corrections = {
        "E6": "annv@x.vn",
        "G7": "01/09/2026",
        "C8": "Huỳnh Thuỷ",
        "D8": "Sở Nội vụ",
        "D11": "Phường 1",
    }
    again, remarks = read_roster(sent_back(tmp_path, reading, "Tháng 10", corrections))

    right = [list(row) for row in ROWS]
    right[10] += ["", "", "", ""]
    right[5][4], right[6][6], right[7][2], right[7][3], right[10][3] = corrections.values()
    expected, _ = read_roster(xlsx(tmp_path / "dung.xlsx", SheetOf(right)))
    assert people(again.staff) == people(expected.staff)
    assert [remark.row for remark in remarks] == ["sua.xlsx:Tháng 10:10"]


def test_workbook_that_comes_back_uncorrected_has_the_same_faults(tmp_path: Path) -> None:
    """Neither the added sheet nor the added column becomes a fault, a person or a heading."""
    first = read_lists([a_broken_list(tmp_path)])
    again = read_lists([sent_back(tmp_path, first, "Tháng 10", {})])
    assert [(fault.cell, fault.message) for fault in again.faults] == [
        (fault.cell, fault.message) for fault in first.faults
    ]
    assert again.sheets[0].counts == first.sheets[0].counts
    assert not again.errors

    file = tmp_path / "thrice.xlsx"
    file.write_bytes(render_corrections(again))
    third = read_lists([file])
    assert len(third.faults) == len(first.faults)
    assert [column.heading for column in third.sheets[0].columns].count("Vấn đề") == 1


def test_problems_stand_beside_their_cells(tmp_path: Path) -> None:
    """The rows stay where they were; the cell is coloured and says why, the row as well."""
    sheet = opened(read_lists([a_broken_list(tmp_path)]))["Tháng 10"]
    original = openpyxl.load_workbook(tmp_path / "ds.xlsx").active

    for row in original.iter_rows():
        for cell in row:
            assert sheet[cell.coordinate].value == cell.value or cell.is_date, cell.coordinate
    assert sheet["H3"].value == "Vấn đề"
    assert sheet["E6"].fill.fgColor.rgb == "FFF8C9C4"
    assert "không phải" in sheet["E6"].comment.text
    assert "E6:" in sheet["H6"].value
    assert "G7:" in sheet["H7"].value
    assert sheet["D8"].fill.fgColor.rgb == "FFF8C9C4"
    assert sheet["H9"].value is None
    assert "ds.xlsx" not in str(sheet["H9"].value)


def test_text_never_becomes_a_formula(tmp_path: Path) -> None:
    """A name such as =1+1 stays text, in the list and in the summary."""
    file = csv(tmp_path / "ds.csv", "Hộp thư,Mã đơn vị,Họ và tên\n=1+1,U,=2+2\nan@x.vn,U,An\n")
    workbook = opened(read_lists([file]))
    assert workbook["ds"]["A2"].data_type == "s"
    assert all(
        cell.data_type != "f" for sheet in workbook for row in sheet.iter_rows() for cell in row
    )


def test_text_that_looks_like_markup_stays_text(tmp_path: Path) -> None:
    """XlsxWriter would write it into the file as markup, which then can't be opened."""
    text = "<r><t>x</r>"
    file = csv(tmp_path / "ds.csv", f"Hộp thư,Mã đơn vị,Họ và tên\nan,U,{text}\n")
    value = opened(read_lists([file]))["ds"]["C2"].value
    assert value == "\N{WORD JOINER}" + text


def test_summary_lists_everything_with_links(tmp_path: Path) -> None:
    """Errors of whole files, faults, remarks; those of a cell lead to it."""
    broken = csv(tmp_path / "hong.csv", "a,b\n1,2\n")
    reading = read_lists([a_broken_list(tmp_path), broken])
    sheet = opened(reading)["Vấn đề"]
    rows = list(sheet.iter_rows(min_row=7, values_only=True))
    assert len(rows) == len(reading.errors) + len(reading.faults) + len(reading.remarks)
    assert "hong.csv" in str(rows[0][3])
    links = [cell.hyperlink.location for cell in sheet["C"] if cell.hyperlink]
    assert "'Tháng 10'!E6" in links


def test_sheets_named_after_units_keep_their_units(tmp_path: Path) -> None:
    """The unit is written out, so that a sheet may change its name on the way."""
    header = ["Họ và tên", "Hộp thư"]
    file = xlsx(
        tmp_path / "ds.xlsx",
        SheetOf([header, ["An", "an@x.vn"]], "Sở Nội vụ"),
        SheetOf([header, ["Bình", "binh"], ["Chi", "chi@x.vn"]], "Sở Y tế"),
    )
    reading = read_lists([file])
    workbook = opened(reading)
    workbook["Sở Y tế"]["B2"] = "binh@x.vn"
    workbook["Sở Y tế"].title = "Trang 2"
    workbook.save(tmp_path / "sua.xlsx")
    roster, _ = read_roster(tmp_path / "sua.xlsx")
    assert [(person.name, person.unit_code) for person in roster.staff] == [
        ("An", "Sở Nội vụ"), ("Bình", "Sở Y tế"), ("Chi", "Sở Y tế"),
    ]  # fmt: skip


def test_sheets_of_several_files_have_names_of_their_own(tmp_path: Path) -> None:
    """Long names are cut, equal ones numbered, and none is taken for the summary."""
    header = ["Họ và tên", "Hộp thư", "Đơn vị"]
    files = [
        xlsx(tmp_path / f"{n}.xlsx", SheetOf([header, [f"A{n}", f"a{n}@x.vn", "U"]], name))
        for n, name in enumerate(["Vấn đề", "x" * 31, "x" * 31])
    ]
    file = tmp_path / "all.xlsx"
    file.write_bytes(render_corrections(read_lists(files)))
    workbook = openpyxl.load_workbook(file)
    assert workbook.sheetnames == ["Vấn đề", "Vấn đề (2)", "x" * 31, "x" * 27 + " (2)"]
    assert len(read_roster(file)[0].staff) == 3


def test_text_of_legacy_fonts_comes_back_as_unicode(tmp_path: Path) -> None:
    """The workbook is set in a Unicode font, so its text has to be Unicode."""
    rows = legacy_rows([["Họ và tên", "Đơn vị", "Hộp thư"], ["Đỗ Ân", "Sở Y tế", "a"]], "tcvn3")
    reading = read_lists([xlsx(tmp_path / "ds.xlsx", SheetOf(rows, "DS", font=".VnTime"))])
    assert opened(reading)["DS"]["A2"].value == "Đỗ Ân"


def test_equal_lists_give_the_same_bytes(tmp_path: Path) -> None:
    """Nothing of the moment is in the file."""
    reading = read_lists([a_broken_list(tmp_path)])
    assert render_corrections(reading) == render_corrections(reading)


@pytest.mark.parametrize("layout", [Layout(), Layout(header_row=3)])
def test_large_numbers_stay_numbers(tmp_path: Path, layout: Layout) -> None:
    """Numbers of identity cards are neither rounded nor shown with an exponent."""
    rows: Rows = [
        [],
        [],
        ["CCCD", "Họ và tên", "Đơn vị", "Hộp thư"],
        [68084001234, "An", "U", "an"],
    ]
    reading = read_lists([xlsx(tmp_path / "ds.xlsx", SheetOf(rows, "DS"))], layout=layout)
    cell = opened(reading)["DS"]["A4"]
    assert (cell.value, cell.number_format) == (68084001234, "0")
    assert reading.counts[RowKind.FAULTY] == 1
