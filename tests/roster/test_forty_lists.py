"""Forty files that differ as human resources' files do, and read to the same Roster."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from unicodedata import normalize

import pytest

from list_builders import (
    Rows,
    SheetOf,
    as_csv,
    cp1258_bytes,
    csv,
    legacy_rows,
    ods,
    without,
    xls,
    xlsx,
)
from mailaudit.model.layout import DateOrder, Layout, UnitFrom
from mailaudit.model.reading import RowKind
from mailaudit.model.roster import Staff
from mailaudit.roster import read_lists

HEADER: list[object] = [
    "Mã CBCCVC",
    "Họ và tên",
    "Chức vụ",
    "Đơn vị",
    "Hộp thư",
    "Trạng thái",
    "Từ ngày",
]
BORN, ILL = date(2026, 9, 1), date(2026, 10, 5)
PEOPLE: list[list[object]] = [
    ["CB01", "Nguyễn Văn Ân", "Giám đốc", "Sở Nội vụ", "annv@tinh.gov.vn", "", ""],
    ["CB02", "Đỗ Thị Hoà", "Văn thư", "Sở Nội vụ", "hoadt@tinh.gov.vn", "thai sản", BORN],
    ["CB03", "Huỳnh Thị Thuỷ", "Lái xe", "Sở Nội vụ", "", "", ""],
    ["CB04", "Trần Đình Ước", "Chuyên viên", "Phường Lâm Viên", "uoctd@tinh.gov.vn", "", ""],
    ["CB05", "Lê Ngọc Mỹ", "Kế toán", "Phường Lâm Viên", "myln@tinh.gov.vn", "ốm", ILL],
    ["CB06", "Vũ Quý", "Bảo vệ", "Phường Lâm Viên", "chưa có", "", ""],
]  # fmt: skip
TABLE: list[list[object]] = [[*HEADER], *PEOPLE]
EXPECTED = tuple(
    Staff(
        key=str(code),
        unit_code=str(unit),
        mailbox=None if mailbox in ("", "chưa có") else str(mailbox),
        name=str(name),
        status=str(status),
        status_from=since if isinstance(since, date) else None,
        job_title=str(title),
    )
    for code, name, title, unit, mailbox, status, since in PEOPLE
)
BLANK: list[object] = []
TITLES: list[list[object]] = [
    ["UBND TỈNH LÂM ĐỒNG"],
    ["SỞ NỘI VỤ"],
    BLANK,
    ["DANH SÁCH CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC"],
    ["(Kèm theo Công văn số 12/SNV ngày 05 tháng 10 năm 2026)"],
]
SIGNATURE: list[list[object]] = [
    BLANK,
    ["", "", "", "", "Lâm Đồng, ngày 05 tháng 10 năm 2026"],
    ["", "NGƯỜI LẬP BIỂU", "", "", "THỦ TRƯỞNG ĐƠN VỊ"],
    ["", "(Ký, ghi rõ họ tên)", "", "", "(Ký tên, đóng dấu)"],
    BLANK,
    ["", "Phạm Thị Mai", "", "", "Nguyễn Văn Ân"],
]


UNKNOWN = Layout()


@dataclass(frozen=True)
class Sent:
    """Files as they were sent, and what the configuration says of their form."""

    files: tuple[Path, ...]
    layout: Layout = UNKNOWN


Builder = Callable[[Path], Sent]
BUILDERS: dict[str, Builder] = {}


def form(builder: Builder) -> Builder:
    BUILDERS[builder.__name__] = builder
    return builder


def sent(*files: Path, **layout: object) -> Sent:
    return Sent(files, replace(Layout(), **layout))  # type: ignore[arg-type]


def numbered(rows: list[list[object]]) -> list[list[object]]:
    """The rows with a running number before them."""
    return [[number, *row] for number, row in enumerate(rows, start=1)]


# CSV: encodings, separators, line ends


@form
def utf_8_with_commas(folder: Path) -> Sent:
    return sent(csv(folder / "a.csv", as_csv(TABLE)))


@form
def utf_8_with_bom_and_semicolons(folder: Path) -> Sent:
    return sent(csv(folder / "a.csv", as_csv(TABLE, ";"), "utf-8-sig"))


@form
def utf_8_with_tabs_and_line_feeds(folder: Path) -> Sent:
    return sent(csv(folder / "a.csv", as_csv(TABLE, "\t", "\n")))


@form
def utf_16_as_excel_saves_unicode_text(folder: Path) -> Sent:
    return sent(csv(folder / "a.csv", as_csv(TABLE, "\t"), "utf-16"))


@form
def utf_16_big_endian_without_a_mark(folder: Path) -> Sent:
    return sent(csv(folder / "a.csv", as_csv(TABLE), "utf-16-be"))


@form
def cp1258_with_semicolons(folder: Path) -> Sent:
    file = folder / "a.csv"
    file.write_bytes(cp1258_bytes(as_csv(TABLE, ";")))
    return sent(file)


@form
def cp1258_as_configured(folder: Path) -> Sent:
    file = folder / "a.csv"
    file.write_bytes(cp1258_bytes(as_csv(TABLE)))
    return sent(file, encoding="cp1258")


@form
def decomposed_letters(folder: Path) -> Sent:
    return sent(csv(folder / "a.csv", normalize("NFD", as_csv(TABLE))))


@form
def tcvn3_bytes_as_configured(folder: Path) -> Sent:
    text = as_csv(legacy_rows(TABLE, "tcvn3"), ";")
    return sent(csv(folder / "a.csv", text, "latin-1"), encoding="tcvn3")


@form
def tcvn3_in_utf_8_as_configured(folder: Path) -> Sent:
    return sent(csv(folder / "a.csv", as_csv(legacy_rows(TABLE, "tcvn3"))), encoding="tcvn3")


@form
def vni_bytes_as_configured(folder: Path) -> Sent:
    text = as_csv(legacy_rows(TABLE, "vni"))
    return sent(csv(folder / "a.csv", text, "latin-1"), encoding="vni")


@form
def titles_and_signature_in_a_csv(folder: Path) -> Sent:
    rows: Rows = [row + [""] * (7 - len(row)) for row in (*TITLES, *TABLE, *SIGNATURE)]
    return sent(csv(folder / "a.csv", as_csv(rows, ";")))


# Workbooks of each kind


@form
def plain_xlsx(folder: Path) -> Sent:
    return sent(xlsx(folder / "a.xlsx", SheetOf(TABLE)))


@form
def plain_xls(folder: Path) -> Sent:
    return sent(xls(folder / "a.xls", SheetOf(TABLE)))


@form
def plain_ods(folder: Path) -> Sent:
    return sent(ods(folder / "a.ods", SheetOf(TABLE)))


# Around the list


@form
def titles_numbers_and_signature(folder: Path) -> Sent:
    rows: Rows = [*TITLES, HEADER, [f"({n})" for n in range(1, 8)], *PEOPLE, *SIGNATURE]
    return sent(xlsx(folder / "a.xlsx", SheetOf(rows, merged=["A4:G4"])))


@form
def groups_subtotals_and_a_total(folder: Path) -> Sent:
    rows: Rows = [
        ["STT", *HEADER],
        ["I", "Lãnh đạo Sở"],
        [1, *PEOPLE[0]],
        ["", "Cộng nhóm I: 1 người"],
        ["II. Phòng Hành chính - Tổng hợp"],
        *([number, *row] for number, row in enumerate(PEOPLE[1:3], start=2)),
        ["", "Cộng", 2],
        ["B. PHƯỜNG"],
        *([number, *row] for number, row in enumerate(PEOPLE[3:], start=4)),
        ["", "Tổng cộng", "6 người"],
        ["", "Ghi chú: số liệu đến hết tháng 10 năm 2026"],
    ]
    return sent(xlsx(folder / "a.xlsx", SheetOf(rows, merged=["A5:H5"])))


@form
def groups_in_an_ods(folder: Path) -> Sent:
    rows: Rows = [
        ["TT", *HEADER], ["", "Lãnh đạo"], *numbered(PEOPLE[:3]), ["UBND phường"],
        *numbered(PEOPLE[3:]),
    ]  # fmt: skip
    return sent(ods(folder / "a.ods", SheetOf(rows)))


@form
def header_on_every_page(folder: Path) -> Sent:
    rows: Rows = [*TABLE[:4], HEADER, *TABLE[4:]]
    return sent(xlsx(folder / "a.xlsx", SheetOf(rows)))


@form
def hidden_rows(folder: Path) -> Sent:
    return sent(xlsx(folder / "a.xlsx", SheetOf(TABLE, hidden_rows=[3, 5])))


@form
def hidden_rows_of_an_ods_and_an_xls(folder: Path) -> Sent:
    """Two files that are one list in parts."""
    first = ods(folder / "a.ods", SheetOf(TABLE[:4], hidden_rows=[2]))
    return sent(first, xls(folder / "b.xls", SheetOf([HEADER, *PEOPLE[3:]], hidden_rows=[3])))


@form
def last_month_on_a_hidden_sheet(folder: Path) -> Sent:
    old: Rows = [HEADER, ["CB99", "Đã Nghỉ", "", "Sở Nội vụ", "nghi@tinh.gov.vn", "", ""]]
    return sent(
        xlsx(folder / "a.xlsx", SheetOf(old, "Tháng 9", is_hidden=True), SheetOf(TABLE, "Tháng 10"))
    )


@form
def last_month_left_out_by_configuration(folder: Path) -> Sent:
    old = SheetOf([HEADER, *PEOPLE[:5]], "Tháng 9")
    file = xlsx(folder / "a.xlsx", old, SheetOf(TABLE, "Tháng 10"))
    return sent(file, sheets=("Tháng 10",))


@form
def summary_and_notes_on_other_sheets(folder: Path) -> Sent:
    summary: Rows = [["STT", "Đơn vị", "Số lượng", "Ghi chú"], [1, "Sở Nội vụ", 3, ""]]
    notes: Rows = [["Cập nhật ngày 05/10/2026"], ["Liên hệ: phòng Tổ chức"]]
    return sent(
        xlsx(
            folder / "a.xlsx",
            SheetOf(summary, "Tổng hợp"),
            SheetOf(TABLE),
            SheetOf(notes, "Ghi chú"),
        )
    )


# Units


def sheets_by_unit() -> list[SheetOf]:
    header = [heading for heading in HEADER if heading != "Đơn vị"]
    return [
        SheetOf([["DANH SÁCH"], [*header], *without(people, 3)], str(people[0][3]))
        for people in (PEOPLE[:3], PEOPLE[3:])
    ]


@form
def one_sheet_a_unit(folder: Path) -> Sent:
    return sent(xlsx(folder / "a.xlsx", *sheets_by_unit()))


@form
def one_sheet_a_unit_in_an_xls(folder: Path) -> Sent:
    return sent(xls(folder / "a.xls", *sheets_by_unit()), unit_from=UnitFrom.SHEET)


@form
def units_as_group_rows(folder: Path) -> Sent:
    header = [heading for heading in HEADER if heading != "Đơn vị"]
    rows: Rows = [
        ["STT", *header],
        ["I", "Sở Nội vụ"],
        *numbered(without(PEOPLE[:3], 3)),
        ["II. Phường Lâm Viên"],
        *numbered(without(PEOPLE[3:], 3)),
    ]
    return sent(xlsx(folder / "a.xlsx", SheetOf(rows)), unit_from=UnitFrom.GROUP)


@form
def somebody_with_two_posts(folder: Path) -> Sent:
    """The one who is paid in the ministry stands at the commune first."""
    again = [*PEOPLE[0][:2], "Phó Chủ tịch (kiêm nhiệm)", "Phường Lâm Viên", *PEOPLE[0][4:]]
    return sent(xlsx(folder / "a.xlsx", SheetOf([HEADER, again, *PEOPLE])))


@form
def somebody_seconded(folder: Path) -> Sent:
    header = [*HEADER, "Đơn vị trả lương"]
    again = [*PEOPLE[3][:3], "Sở Nội vụ", *PEOPLE[3][4:], "Phường Lâm Viên"]
    rows = [header, *PEOPLE, again]
    return sent(xlsx(folder / "a.xlsx", SheetOf(rows)))


# Headers


@form
def header_of_two_rows(folder: Path) -> Sent:
    rows: Rows = [
        ["Mã", "Họ và tên", "", "Công tác", "", "Hộp thư", "Tình trạng", ""],
        ["CBCCVC", "Họ đệm", "Tên", "Chức vụ", "Đơn vị", "", "Trạng thái", "Từ ngày"],
        *(
            [row[0], *str(row[1]).rsplit(" ", 1), row[2], row[3], row[4], row[5], row[6]]
            for row in PEOPLE
        ),
    ]
    merged = ["B1:C1", "D1:E1", "F1:F2", "G1:H1"]
    return sent(xlsx(folder / "a.xlsx", SheetOf(rows, merged=merged)))


@form
def header_over_columns_nobody_needs(folder: Path) -> Sent:
    rows: Rows = [
        [*HEADER[:2], "Ngày sinh", "", *HEADER[2:]],
        ["", "", "Nam", "Nữ"],
        *([*row[:2], "1980", "", *row[2:]] for row in PEOPLE),
    ]
    return sent(ods(folder / "a.ods", SheetOf(rows)))


@form
def other_words_in_another_order(folder: Path) -> Sent:
    header = [
        "Thư điện tử công vụ (nếu có)", "Tình trạng công tác", "Từ ngày", "Cơ quan, đơn vị",
        "Vị trí việc làm", "HỌ VÀ TÊN", "Số hiệu CBCCVC", "Số điện thoại", "CCCD", "Ghi chú",
    ]  # fmt: skip
    rows = [
        [row[4], row[5], row[6], row[3], row[2], row[1], row[0], "0912345678", 68084001234, "x"]
        for row in PEOPLE
    ]
    return sent(xlsx(folder / "a.xlsx", SheetOf([header, *rows])))


@form
def english_headings(folder: Path) -> Sent:
    header = ["staff_id", "full_name", "title", "department", "email", "status", "from"]
    return sent(csv(folder / "a.csv", as_csv([header, *PEOPLE])))


@form
def columns_named_in_the_configuration(folder: Path) -> Sent:
    header = ["Số", "Nhân sự", "", "Thuộc", "Tài khoản", "Trạng thái", "Từ ngày"]
    columns = {
        "staff_code": "Số", "name": "Nhân sự", "job_title": "C", "unit_name": "Thuộc",
        "mailbox": "Tài khoản",
    }  # fmt: skip
    file = xlsx(folder / "a.xlsx", SheetOf([BLANK, ["Biểu 2"], header, *PEOPLE]))
    return sent(file, header_row=3, columns=columns)


# Letters and fonts


@form
def tcvn3_fonts_in_an_xlsx(folder: Path) -> Sent:
    """Headings in capitals, titles in Unicode between them."""
    rows = legacy_rows([["Danh sách"], *TABLE], "tcvn3")
    rows[0] = ["DANH SÁCH CÁN BỘ"]
    fonts = {1: "Times New Roman", 2: ".VnTimeH"}
    return sent(xlsx(folder / "a.xlsx", SheetOf(rows, font=".VnTime", fonts=fonts)))


@form
def tcvn3_fonts_in_an_xls(folder: Path) -> Sent:
    return sent(xls(folder / "a.xls", SheetOf(legacy_rows(TABLE, "tcvn3"), font=".VnArial")))


@form
def vni_fonts_in_an_ods(folder: Path) -> Sent:
    return sent(ods(folder / "a.ods", SheetOf(legacy_rows(TABLE, "vni"), font="VNI-Times")))


@form
def vni_fonts_in_half_of_an_xlsx(folder: Path) -> Sent:
    rows = [*TABLE[:4], *legacy_rows(TABLE[4:], "vni")]
    fonts = dict.fromkeys(range(5, 8), "VNI-Helve")
    return sent(xlsx(folder / "a.xlsx", SheetOf(rows, font="Arial", fonts=fonts)))


@form
def tcvn3_without_fonts_as_configured(folder: Path) -> Sent:
    rows = legacy_rows(TABLE, "tcvn3")
    return sent(xlsx(folder / "a.xlsx", SheetOf(rows, font="Calibri")), encoding="tcvn3")


@form
def eth_and_invisible_letters(folder: Path) -> Sent:
    rows = [
        [
            f"\u00a0 {cell}\u200b ".replace("Đ", "\u00d0")
            if isinstance(cell, str) and cell
            else cell
            for cell in row
        ]
        for row in TABLE
    ]
    return sent(xlsx(folder / "a.xlsx", SheetOf(rows)))


# Addresses and dates


@form
def addresses_as_people_type_them(folder: Path) -> Sent:
    def typed(text: object) -> object:
        return f"<{str(text).upper().replace('@', ' @')}>.; " if "@" in str(text) else text

    rows = [[*row[:4], typed(row[4]), *row[5:]] for row in PEOPLE]
    return sent(xlsx(folder / "a.xlsx", SheetOf([HEADER, *rows])))


@form
def private_addresses_beside_the_official_ones(folder: Path) -> Sent:
    rows = [
        [*row[:4], f"toi{row[0]}@gmail.com\n{row[4]}" if "@" in str(row[4]) else row[4], *row[5:]]
        for row in PEOPLE
    ]
    file = xlsx(folder / "a.xlsx", SheetOf([HEADER, *rows]))
    return sent(file, domains=frozenset({"tinh.gov.vn"}))


@form
def dates_in_text_and_as_numbers(folder: Path) -> Sent:
    rows = [list(row) for row in PEOPLE]
    rows[1][6] = "ngày 01 tháng 9 năm 2026"
    rows[4][6] = 46300
    return sent(xlsx(folder / "a.xlsx", SheetOf([HEADER, *rows])))


@form
def months_before_days_as_configured(folder: Path) -> Sent:
    rows = [[*row[:6], f"{row[6]:%m/%d/%Y}" if isinstance(row[6], date) else ""] for row in PEOPLE]
    return sent(csv(folder / "a.csv", as_csv([HEADER, *rows])), date_order=DateOrder.MONTH_FIRST)


def test_there_are_forty_forms() -> None:
    """As many as promised."""
    assert len(BUILDERS) >= 40


@pytest.mark.parametrize("name", BUILDERS)
def test_every_form_reads_to_the_same_roster(name: str, tmp_path: Path) -> None:
    """The same people, units and order, whatever the file looks like; every row is explained."""
    form = BUILDERS[name](tmp_path)
    reading = read_lists(form.files, layout=form.layout)

    assert [error.text() for error in reading.errors] == []
    assert [fault.message.format_map(dict(fault.values)) for fault in reading.faults] == []
    assert reading.roster is not None
    staff = tuple(replace(person, row="") for person in reading.roster.staff)
    by_key = sorted(staff, key=lambda person: person.key)
    assert tuple(by_key) == EXPECTED
    assert {unit.code for unit in reading.roster.units} == {"Sở Nội vụ", "Phường Lâm Viên"}
    assert reading.counts[RowKind.STAFF] == len(EXPECTED)
    for sheet in reading.sheets:
        assert {number for number, _ in sheet.rows} == set(sheet.kinds)
