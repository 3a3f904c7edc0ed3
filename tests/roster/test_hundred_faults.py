"""A hundred broken lists, each with the exact message and the exact place it names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from list_builders import Rows, SheetOf, csv, in_legacy, xls, xlsx
from mailaudit.errors import RosterError
from mailaudit.model.layout import DateOrder, Layout, UnitFrom
from mailaudit.roster import RosterFaults, read_roster

COLUMNS = {
    "staff_code": "Mã CBCCVC",
    "name": "Họ và tên",
    "job_title": "Chức vụ",
    "unit_code": "Mã đơn vị",
    "mailbox": "Hộp thư",
    "aliases": "Hộp thư khác",
    "category": "Loại",
    "status": "Trạng thái",
    "status_from": "Từ ngày",
    "status_to": "Đến ngày",
    "paying_unit": "Đơn vị trả lương",
    "note": "Ghi chú",
}
LETTER = dict(zip(COLUMNS, "ABCDEFGHIJKL", strict=True))
GOOD = {"staff_code": "CB1", "name": "Lê An", "unit_code": "SNV", "mailbox": "an@x.vn"}
OTHER = {"staff_code": "CB2", "name": "Vũ Bình", "unit_code": "SNV", "mailbox": "binh@x.vn"}
UNITS = "Mã đơn vị,Tên đơn vị\nSNV,Sở Nội vụ\nSYT,Sở Y tế\nVP1,Văn phòng\nVP2,Văn phòng\n"
NONE = Layout()


def a_row(**cells: object) -> list[object]:
    """A row of the list with these cells."""
    return [cells.get(column) for column in COLUMNS]


def a_table(*rows: Mapping[str, object]) -> Rows:
    """A list with these rows below its header."""
    return [list(COLUMNS.values()), *(a_row(**row) for row in rows)]


def messages_of(caught: RosterError) -> list[str]:
    """Each fault with its place; or the error itself, without its folder."""
    if isinstance(caught, RosterFaults):
        return [
            f"{fault.place}: {fault.message.format_map(dict(fault.values))}"
            for fault in caught.problems
        ]
    values = {
        name: Path(str(value)).name if name == "file" else value
        for name, value in caught.values.items()
    }
    return [caught.message.format_map(values)]


# One cell of the second person is wrong: the column, what stands there, and what is said of it.
ADDRESS = '"{}" is not a mail address'
NOT_A_DATE = '"{}" is not a date; write it as 31/12/2026'
YEAR = '"{}" is a year, not a date; write the day as 31/12/2026'
TWO = (
    '"{}" is 2 addresses; keep the official one, others of the same mailbox belong in a column'
    ' "Hộp thư khác"'
)
ACCENT = '"{}" is not a mail address: it has accents; is it binh@x.vn?'
LOST = '"{}" lost letters when the file was saved; export it as .xlsx or UTF-8 again'
EXCEL = "the cell holds Excel's error {}"
TCVN3 = (
    '"{}" looks like TCVN3 text that says "%s"; if so, write roster.encoding = "tcvn3" in the'
    " configuration, or convert it to Unicode"
)
VNI = TCVN3.replace("TCVN3", "VNI").replace("tcvn3", "vni")
ROUNDED = '"{}" is a number that Excel rounded; format the column as text'
CELLS: list[tuple[str, object, str]] = [
    ("mailbox", "binh", ADDRESS),
    ("mailbox", "binh@", ADDRESS),
    ("mailbox", "@x.vn", ADDRESS),
    ("mailbox", "binh@x", ADDRESS),
    ("mailbox", "binh@@x.vn", ADDRESS),
    ("mailbox", "binh.x.vn", ADDRESS),
    ("mailbox", "vu binh@x.vn", ADDRESS),
    ("mailbox", "binh..vu@x.vn", ADDRESS),
    ("mailbox", ".binh@x.vn", ADDRESS),
    ("mailbox", "binh.@x.vn", ADDRESS),
    ("mailbox", "binh@-x.vn", ADDRESS),
    ("mailbox", "binh@x_y.vn", ADDRESS),
    ("mailbox", "binh(at)x.vn", ADDRESS),
    ("mailbox", "có", ADDRESS),
    ("mailbox", "đang cấp", ADDRESS),
    ("mailbox", "#N/A", ADDRESS),
    ("mailbox", "0", ADDRESS),
    ("mailbox", 912345678, ADDRESS),
    ("mailbox", True, ADDRESS),
    ("mailbox", "?", ADDRESS),
    ("mailbox", ";", ADDRESS),
    ("mailbox", "bình@x.vn", ACCENT),
    ("mailbox", "BÌNH@x.vn", ACCENT),
    ("mailbox", "binh@x.vn; binh@gmail.com", TWO),
    ("mailbox", "binh@x.vn/vu.binh@x.vn", TWO),
    ("mailbox", "binh@x.vn, đang cấp", ADDRESS),
    ("aliases", "cũ", ADDRESS),
    ("aliases", "cu@x.vn; khác", ADDRESS),
    ("aliases", "cũ@x.vn", '"{}" is not a mail address: it has accents; is it cu@x.vn?'),
    ("name", "Nguy?n V?n B", LOST),
    ("name", "Vũ B\ufffdnh", LOST),
    ("name", "#REF!", EXCEL),
    ("name", "Vò ThÞ B×nh", TCVN3 % "Vũ Thị Bình"),
    ("name", "Vuõ Thò Bình", VNI % "Vũ Thị Bình"),
    ("job_title", "Chuyªn viªn", TCVN3 % "Chuyên viên"),
    ("job_title", "#NAME?", EXCEL),
    ("category", "C«ng chøc", TCVN3 % "Công chức"),
    ("category", "Vi?n ch?c", LOST),
    ("status", "thai s¶n", TCVN3 % "thai sản"),
    ("status", "thai saûn", VNI % "thai sản"),
    ("status", "#VALUE!", EXCEL),
    ("staff_code", "1,23457E+11", ROUNDED),
    ("staff_code", "6.8E+10", ROUNDED),
    ("staff_code", "#N/A", EXCEL),
    ("staff_code", "CB?2", LOST),
    ("unit_code", None, "the row has no unit"),
    ("unit_code", "-X-", 'the unit "{}" is not in the unit list'),
    ("unit_code", "Sở Nội vu", 'the unit "{}" is not in the unit list'),
    ("unit_code", "Văn phòng", '"{}" may be several units: VP1, VP2; write the code'),
    ("unit_code", "#REF!", EXCEL),
    ("unit_code", "S? N?i v?", LOST),
    ("paying_unit", "Sở Tư pháp", 'the unit "{}" is not in the unit list'),
    ("paying_unit", "văn phòng", '"{}" may be several units: VP1, VP2; write the code'),
    ("status_from", "2026", YEAR),
    ("status_from", 1999, YEAR),
    ("status_from", "tháng 9", NOT_A_DATE),
    ("status_from", "9/2026", NOT_A_DATE),
    ("status_from", "31/02/2026", NOT_A_DATE),
    ("status_from", "29/02/2026", NOT_A_DATE),
    ("status_from", "32/01/2026", NOT_A_DATE),
    ("status_from", "01/13/26", NOT_A_DATE),
    ("status_from", "5/10/26", NOT_A_DATE),
    ("status_from", "2026-13-01", NOT_A_DATE),
    ("status_from", "00/00/2026", NOT_A_DATE),
    ("status_from", 7, NOT_A_DATE),
    ("status_from", 46300.5, NOT_A_DATE),
    ("status_from", "#VALUE!", NOT_A_DATE),
    ("status_from", "từ 01/09/2026", NOT_A_DATE),
    ("status_from", "01/09/2026 - 28/02/2027", NOT_A_DATE),
    ("status_to", "chưa rõ", NOT_A_DATE),
    ("status_to", "2027", YEAR),
    ("status_to", "10/25/2026", NOT_A_DATE),
]


@pytest.mark.parametrize(("column", "cell", "message"), CELLS)
def test_fault_of_one_cell_names_the_cell(
    tmp_path: Path, column: str, cell: object, message: str
) -> None:
    """The file, the row, the cell, what stands there, and what to do."""
    file = xlsx(tmp_path / "ds.xlsx", SheetOf(a_table(GOOD, {**OTHER, column: cell})))
    units = csv(tmp_path / "units.csv", UNITS)
    with pytest.raises(RosterFaults) as caught:
        read_roster(file, units)
    place = f"ds.xlsx:3 ({LETTER[column]}3)"
    assert messages_of(caught.value) == [f"{place}: {message.format(cell)}"]


@dataclass(frozen=True)
class Broken:
    """Files that can't be used, and all that is said of them."""

    said: tuple[str, ...]
    build: Callable[[Path], Path]
    layout: Layout = NONE


def of_rows(*rows: Mapping[str, object]) -> Callable[[Path], Path]:
    """A workbook of one list."""
    return lambda folder: xlsx(folder / "ds.xlsx", SheetOf(a_table(*rows)))


def of_sheets(*sheets: SheetOf) -> Callable[[Path], Path]:
    return lambda folder: xlsx(folder / "ds.xlsx", *sheets)


def of_text(text: str, encoding: str = "utf-8") -> Callable[[Path], Path]:
    return lambda folder: csv(folder / "ds.csv", text, encoding)


def a_word_document(folder: Path) -> Path:
    Document().save(str(folder / "ds.docx"))
    return folder / "ds.docx"


TWO_COLUMNS = "Hộp thư,Mã đơn vị\n"
STALE = [{**OTHER, "staff_code": f"C{n}", "mailbox": f"a{n}@x.vn"} for n in range(4)]
WHOLE: dict[str, Broken] = {
    "two people with one code": Broken(
        (
            'ds.xlsx:3: the staff code "CB1" is also at ds.xlsx:2, and the names do not show that'
            " both rows are one person: write the same name in both, or give two people two codes;"
            " where codes begin anew in each unit, put the unit's code in front",
        ),
        of_rows(GOOD, {**OTHER, "staff_code": "CB1"}),
    ),
    "two people with one mailbox": Broken(
        (
            'ds.xlsx:3: the mailbox "an@x.vn" is also at ds.xlsx:2, with another name or staff'
            " code: correct the row that is wrong, or write the same name in both if they are one"
            " person",
        ),
        of_rows(GOOD, {**OTHER, "mailbox": "AN@x.vn"}),
    ),
    "one row that is two people": Broken(
        ('ds.xlsx:4: "an@x.vn" stands at ds.xlsx:2, but "CB2" at ds.xlsx:3: two people, or one?',),
        of_rows(GOOD, OTHER, {**GOOD, "staff_code": "CB2"}),
    ),
    "status that ends before it begins": Broken(
        ("ds.xlsx:2 (J2): the status ends before it begins",),
        of_rows({**GOOD, "status_from": date(2026, 9, 2), "status_to": date(2026, 9, 1)}),
    ),
    "row with a status only": Broken(
        ("ds.xlsx:3: the row has neither a mailbox nor a name or code",),
        of_rows(GOOD, {"status": "thai sản", "unit_code": "SNV"}),
    ),
    "name alone in its row": Broken(
        (
            'ds.xlsx:3 (B3): "Vũ Bình" stands alone: if it is a person, fill in the unit or write'
            ' "chưa có" as the mailbox; if it is a heading, number it as in "I. Vũ Bình"',
        ),
        of_rows(GOOD, {"name": "Vũ Bình"}, OTHER),
    ),
    "months before days in text": Broken(
        (
            'ds.xlsx:2 (I2): "05/10/2026" may be day/month or month/day, because the column also'
            ' has "10/25/2026"; write roster.date_order = "dmy" or "mdy" in the configuration',
            'ds.xlsx:3 (I3): "10/25/2026" is not a date; write it as 31/12/2026',
        ),
        of_rows({**GOOD, "status_from": "05/10/2026"}, {**OTHER, "status_from": "10/25/2026"}),
    ),
    "months before days in true dates": Broken(
        (
            'ds.xlsx:2 (I2): "10/05/2026" may be day/month or month/day, because the column also'
            ' has "25/10/2026"; write roster.date_order = "dmy" or "mdy" in the configuration',
        ),
        of_rows({**GOOD, "status_from": date(2026, 5, 10)}, {**OTHER, "status_from": "25/10/2026"}),
    ),
    "days before months where months are said to come first": Broken(
        ('ds.xlsx:2 (I2): "25/10/2026" is not a date with the month first',),
        of_rows({**GOOD, "status_from": "25/10/2026"}),
        Layout(date_order=DateOrder.MONTH_FIRST),
    ),
    "row with a separator too many": Broken(
        ("ds.csv:3: the row has more cells than the header; quote texts with a separator",),
        of_text(TWO_COLUMNS + "an@x.vn,SNV\nbinh@x.vn,Sở, ban\n"),
    ),
    "quotation mark that is not closed": Broken(
        ("ds.csv:2 of the list ds.csv is not valid CSV.",),
        of_text(TWO_COLUMNS + '"an@x.vn,SNV\nbinh@x.vn,SNV\n'),
    ),
    "no header": Broken(
        ("No header row was found in the first 20 rows of ds.csv.",),
        of_text("an@x.vn,SNV\nbinh@x.vn,SNV\n"),
    ),
    "no mailbox column": Broken(
        ('The header at ds.csv:1 of ds.csv has no column "Hộp thư".',),
        of_text("Họ và tên,Mã đơn vị\nLê An,SNV\n"),
    ),
    "no unit column": Broken(
        ('The header at ds.csv:2 of ds.csv has no column "Mã đơn vị".',),
        of_text("Danh sách,\nHọ và tên,Hộp thư\nLê An,an@x.vn\n"),
    ),
    "two columns that mean the same": Broken(
        ('The columns "Hộp thư" and "Email công vụ" at ds.csv:1 of ds.csv mean the same.',),
        of_text("Hộp thư,Email công vụ,Mã đơn vị\nan@x.vn,an@x.vn,SNV\n"),
    ),
    "people above the header": Broken(
        ("Mail addresses stand at ds.csv:1 of ds.csv, above the header at ds.csv:3.",),
        of_text("Lê An,an@x.vn\nVũ Bình,binh@x.vn\nĐơn vị,Hộp thư\nSNV,chi@x.vn\n"),
    ),
    "nobody has a mailbox": Broken(
        ("The staff list ds.csv has no mail address at all.",),
        of_text("Họ và tên,Hộp thư,Mã đơn vị\nLê An,,SNV\n"),
    ),
    "no person": Broken(
        ("The staff list ds.csv has no mail address at all.",), of_text(TWO_COLUMNS)
    ),
    "empty file": Broken(("The list ds.csv is empty.",), of_text(" \n")),
    "TCVN3 without a font": Broken(
        ('The list ds.csv looks like TCVN3 text: "Hép" would say "Hộp".',),
        of_text(in_legacy("Hộp thư,Mã đơn vị,Họ và tên\na@x.vn,SNV,Đỗ Ân\n", "tcvn3"), "latin-1"),
    ),
    "VNI without a font": Broken(
        ('The list ds.csv looks like VNI text: "Hoäp" would say "Hộp".',),
        of_text(in_legacy("Hộp thư,Mã đơn vị,Họ và tên\na@x.vn,SNV,Đỗ Ân\n", "vni"), "latin-1"),
    ),
    "TCVN3 header without a font": Broken(
        ('The header at ds.csv:1 of ds.csv looks like TCVN3 text: "Hép th­" would say "Hộp thư".',),
        of_text(in_legacy("Hộp thư,Mã đơn vị\na@x.vn,SNV\n", "tcvn3")),
    ),
    "cut off UTF-16": Broken(
        ("Line 2 of the list ds.csv is not UTF-16 text.",),
        lambda folder: _cut(csv(folder / "ds.csv", TWO_COLUMNS + "a@x.vn,SNV", "utf-16")),
    ),
    "not UTF-8 where it is said to be": Broken(
        ("Line 2 of the list ds.csv is not UTF-8 text.",),
        of_text("Ma don vi,Hop thu\nS\xf2,a@x.vn\n", "latin-1"),
        Layout(encoding="utf-8"),
    ),
    "Western European CSV": Broken(
        ("The list ds.csv is not UTF-8 text.",),
        of_text("mailbox,unit\na@x.vn,Müller\nb@x.vn,Größe\n", "latin-1"),
    ),
    "no workbook": Broken(
        ("ds.xls is not a workbook that can be read: damaged, or protected by a password.",),
        lambda folder: _cut(xls(folder / "ds.xls", SheetOf(a_table(GOOD))), 600),
    ),
    "document": Broken(
        ("ds.docx can't be read as a list: its content is Word, whatever its name ends in.",),
        a_word_document,
    ),
    "list on a hidden sheet only": Broken(
        ("The list in ds.xlsx is on a hidden sheet: ds.xlsx:Danh sách:1.",),
        of_sheets(SheetOf([["x"]], "A"), SheetOf(a_table(GOOD), is_hidden=True)),
    ),
    "sheet with people but no header": Broken(
        (
            'The sheet "Phường" of ds.xlsx has mail addresses, the first at B1, but no header of a'
            " staff list.",
        ),
        of_sheets(SheetOf(a_table(GOOD)), SheetOf([["Vũ Bình", "binh@x.vn"]], "Phường")),
    ),
    "sheet whose mailboxes are called otherwise": Broken(
        ('The header at ds.xlsx:Phường:1 of ds.xlsx has no column "Hộp thư".',),
        of_sheets(
            SheetOf(a_table(GOOD)),
            SheetOf(
                [["Họ và tên", "Mã đơn vị", "Tài khoản"], ["Vũ Bình", "P1", "b@x.vn"]], "Phường"
            ),
        ),
    ),
    "copy of a sheet": Broken(
        (
            "ds.xlsx:Cũ:1: 4 of 4 people of this sheet stand on the sheet at ds.xlsx:Mới:1 too;"
            " keep the one that counts, or name it in roster.sheets",
        ),
        of_sheets(SheetOf(a_table(*STALE), "Mới"), SheetOf(a_table(*STALE), "Cũ")),
    ),
    "sheets that are not there": Broken(
        ("No file has the sheets Tháng 10 of roster.sheets.",),
        of_rows(GOOD),
        Layout(sheets=("Tháng 10",)),
    ),
    "one of two sheets that is not there": Broken(
        ("No file has the sheets Khác of roster.sheets.",),
        of_rows(GOOD),
        Layout(sheets=("Danh sách", "Khác")),
    ),
    "sheet that is named but has no header": Broken(
        ("No header row was found in the first 20 rows of ds.xlsx.",),
        of_sheets(SheetOf(a_table(GOOD), "A"), SheetOf([["Ghi chú tháng 10"]], "B")),
        Layout(sheets=("A", "B")),
    ),
    "mailbox alone with its unit above the header": Broken(
        ("Mail addresses stand at ds.csv:1 of ds.csv, above the header at ds.csv:2.",),
        of_text("an@x.vn,SNV\nHộp thư,Mã đơn vị\nb@x.vn,SNV\n"),
    ),
    "group in a legacy font": Broken(
        (
            'ds.xlsx:3: "I. Phßng §µo t¹o" looks like TCVN3 text that says "I. Phòng Đào tạo";'
            ' if so, write roster.encoding = "tcvn3" in the configuration, or convert it to'
            " Unicode",
        ),
        of_sheets(
            SheetOf([["TT", "Họ và tên", "Hộp thư"], ["I. Phßng §µo t¹o"], [1, "Lê An", "an@x.vn"]])
        ),
        Layout(unit_from=UnitFrom.GROUP),
    ),
    "heading that is not there": Broken(
        ('The header at ds.xlsx:1 of ds.xlsx has no "Tài khoản" (roster.columns.mailbox).',),
        of_rows(GOOD),
        Layout(columns={"mailbox": "Tài khoản"}),
    ),
    "header in another row than said": Broken(
        ("No header row was found in the first 20 rows of ds.xlsx.",),
        of_rows(GOOD, OTHER),
        Layout(header_row=2),
    ),
    "people above the first group": Broken(
        ("ds.csv:2: the row has no unit: no group row stands above it",),
        of_text("STT,Họ và tên,Hộp thư\n1,Lê An,an@x.vn\nI,Sở Y tế,\n2,Vũ Bình,b@x.vn\n"),
        Layout(unit_from=UnitFrom.GROUP),
    ),
    "formula that was never computed": Broken(
        (
            "ds.xlsx:2 (E2): the formula has never been computed; open the file in Excel and save"
            " it",
        ),
        of_rows({**GOOD, "mailbox": '=A2&"@x.vn"'}),
    ),
    "text half of one encoding, half of another": Broken(
        ('ds.xlsx:2 (B2): "NguyÔn Ước" is part Unicode, part TCVN3 text; type it anew',),
        of_sheets(SheetOf(a_table({**GOOD, "name": "NguyÔn Ước"}), font=".VnTime")),
    ),
    "font that is used for both": Broken(
        (
            'ds.xlsx:2 (B2): "Tó" may say "Tú": its font .VnTime is used for both; type it'
            " anew in another font",
        ),
        of_sheets(
            SheetOf(
                a_table({**GOOD, "name": "Tó"}, {**OTHER, "name": "Vâ B×nh", "note": "Ước"}),
                fonts={2: ".VnTime", 3: ".VnTime"},
            )
        ),
    ),
    "faults of several rows": Broken(
        (
            'ds.xlsx:2 (E2): "an" is not a mail address',
            "ds.xlsx:3 (D3): the row has no unit",
            'ds.xlsx:5 (I5): "2026" is a year, not a date; write the day as 31/12/2026',
        ),
        of_rows(
            {**GOOD, "mailbox": "an"},
            {**OTHER, "unit_code": None},
            {**GOOD},
            {"name": "Chi", "unit_code": "SNV", "mailbox": "chi@x.vn", "status_from": "2026"},
        ),
    ),
}


def _cut(file: Path, size: int = -1) -> Path:
    file.write_bytes(file.read_bytes()[:size])
    return file


@pytest.mark.parametrize("name", WHOLE)
def test_fault_of_a_list_names_its_place(tmp_path: Path, name: str) -> None:
    """All that is said of a broken list, and nothing else."""
    broken = WHOLE[name]
    with pytest.raises(RosterError) as caught:
        read_roster(broken.build(tmp_path), layout=broken.layout)
    assert tuple(messages_of(caught.value)) == broken.said
    assert caught.value.remedy


def test_there_are_a_hundred_broken_lists() -> None:
    """As many as promised, each different."""
    assert len({(column, str(cell)) for column, cell, _ in CELLS}) + len(WHOLE) >= 100
