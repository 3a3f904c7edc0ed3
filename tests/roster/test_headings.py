"""What headings say: words in brackets, names in several columns, joined cells, several layouts."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt
from test_workbook import saved_by_libreoffice

from list_builders import Rows, SheetOf, as_csv, csv, xlsx
from mailaudit.errors import RosterError
from mailaudit.model.layout import Layout
from mailaudit.roster import RosterFaults, read_lists, read_roster, read_unit_list, units_of
from mailaudit.roster.columns import STAFF_COLUMNS, Vocabulary

Writer = Callable[[Path, SheetOf], Path]


def an_xls(file: Path, sheet: SheetOf) -> Path:
    """An .xls workbook with joined cells."""
    workbook = xlwt.Workbook()
    worksheet = workbook.add_sheet(sheet.name)
    joined = {bounds(cells)[:2]: bounds(cells) for cells in sheet.merged}
    for row, cells in enumerate(sheet.rows):
        for column, value in enumerate(cells):
            if (row, column) in joined:
                top, left, bottom, right = joined[row, column]
                worksheet.write_merge(top, bottom, left, right, value)
            elif value != "":
                worksheet.write(row, column, value)
    workbook.save(str(file.with_suffix(".xls")))
    return file.with_suffix(".xls")


def an_ods(file: Path, sheet: SheetOf) -> Path:
    return saved_by_libreoffice(xlsx(file, sheet), "ods")


def bounds(cells: str) -> tuple[int, int, int, int]:
    """First row and column, last row and column of "B2:C3", from 0."""
    left, top, right, bottom = openpyxl.utils.range_boundaries(cells)
    return top - 1, left - 1, bottom - 1, right - 1


WRITERS = pytest.mark.parametrize("write", [xlsx, an_xls, an_ods])


def names(*files: Path, layout: Layout = Layout()) -> list[str]:  # noqa: B008
    return [person.name for person in read_roster(files, layout=layout)[0].staff]


def a_csv(folder: Path, *rows: str, name: str = "ds.csv") -> Path:
    return csv(folder / name, "\n".join(rows) + "\n")


@pytest.mark.parametrize(
    "heading",
    [
        "Email (cá nhân)", "Email (ca nhan)", "Thư điện tử (riêng)", "Email (CÁ NHÂN, nếu có)",
        "Hộp thư (nếu có) (cá nhân)", "Email (vợ/chồng)", "Email (phụ huynh)", "mailbox (private)",
        "Email (trước sắp xếp)", "Địa chỉ thư (người thân)",
    ],
)  # fmt: skip
def test_words_in_brackets_make_it_another_column(tmp_path: Path, heading: str) -> None:
    """A private address is not measured as the official one, alone or beside it."""
    alone = a_csv(tmp_path, f'Họ và tên,Đơn vị,"{heading}"', "Lê An,U,an@gmail.com")
    with pytest.raises(RosterError, match='no column "Hộp thư"'):
        read_roster(alone)
    both = a_csv(
        tmp_path, f'Họ và tên,"{heading}",Đơn vị,Hộp thư công vụ', "Lê An,an@gmail.com,U,an@x.vn"
    )
    assert read_roster(both)[0].staff[0].mailbox == "an@x.vn"


@pytest.mark.parametrize(
    "heading",
    [
        "Hộp thư (nếu có)", "Hộp thư (*)", "Email (công vụ)", "Hộp thư (ghi rõ tên miền)",
        "Thư điện tử (cụ thể)", "Hộp thư (1) (nếu có)", "Hộp thư ()",
    ],
)  # fmt: skip
def test_other_words_in_brackets_change_nothing(tmp_path: Path, heading: str) -> None:
    """They say how the column is filled in."""
    file = a_csv(tmp_path, f'Họ và tên,Đơn vị,"{heading}"', "Lê An,U,an@x.vn")
    assert read_roster(file)[0].staff[0].mailbox == "an@x.vn"


def test_unit_of_before_is_not_the_unit(tmp_path: Path) -> None:
    """After a reorganisation lists name both; an address of before is another of the mailbox."""
    file = a_csv(
        tmp_path,
        "Họ và tên,Đơn vị (cũ),Đơn vị công tác sau sắp xếp,Email,Hộp thư (cũ)",
        "Lê An,Sở TTTT,Sở KHCN,an@x.vn,an@cu.vn",
    )
    (person,) = read_roster(file)[0].staff
    assert (person.unit_code, person.mailbox, person.aliases) == (
        "Sở KHCN",
        "an@x.vn",
        ("an@cu.vn",),
    )
    with pytest.raises(RosterError, match='no column "Mã đơn vị"'):
        read_roster(a_csv(tmp_path, "Họ và tên,Đơn vị (trước 1/7/2025),Email", "Lê An,A,a@x.vn"))


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("Họ và tên,Họ,Tên", "Nguyễn Văn An,Nguyễn Văn,An", "Nguyễn Văn An"),
        ("Họ và tên,Tên", "Nguyễn Văn An,An", "Nguyễn Văn An"),
        ("Tên,Họ và tên", "AN,Nguyễn Văn An", "Nguyễn Văn An"),
        ("Họ và tên,Tên", "Đỗ Thị Hoà,Hòa", "Đỗ Thị Hoà"),
        ("Họ và tên,Họ đệm,Tên", ",Nguyễn Văn,An", "Nguyễn Văn An"),
        ("Họ,Tên đệm,Tên", "Nguyễn,Văn,An", "Nguyễn Văn An"),
        ("Họ và tên,Tên", "Nguyễn Văn,An", "Nguyễn Văn An"),
        ("Họ và tên,Tên", "Trần Văn Anh,An", "Trần Văn Anh An"),
        ("Họ và tên,Họ", "Nguyễn Văn An,Nguyễn", "Nguyễn Văn An"),
    ],
)
def test_full_name_stands_once(tmp_path: Path, header: str, row: str, name: str) -> None:
    """Parts of the name are joined where no full name is, and none of them is lost."""
    assert names(a_csv(tmp_path, f"{header},Đơn vị,Hộp thư", f"{row},U,an@x.vn")) == [name]


@pytest.mark.slow
@WRITERS
@pytest.mark.parametrize("columns", [2, 3])
def test_heading_over_several_columns_is_the_whole_name(
    tmp_path: Path, write: Writer, columns: int
) -> None:
    """Given names are not lost, so that two people with one code are not taken for one."""
    parts = ["Nguyễn", "Thị"] if columns == 3 else ["Nguyễn Thị"]
    rows = [
        ["Mã cán bộ", "Họ và tên", *[""] * (columns - 1), "Đơn vị", "Hộp thư"],
        ["CB1", *parts, "An", "Phường A", "an@x.vn"],
        ["CB2", *parts, "Bình", "Phường A", "chưa có"],
    ]
    end = "D" if columns == 3 else "C"
    file = write(tmp_path / "a.xlsx", SheetOf(rows, merged=[f"B1:{end}1"]))
    assert names(file) == ["Nguyễn Thị An", "Nguyễn Thị Bình"]
    again = [*rows, ["CB1", *parts, "Chi", "Phường B", "chưa có"]]
    with pytest.raises(RosterFaults, match="the names do not show"):
        read_roster(write(tmp_path / "b.xlsx", SheetOf(again, merged=[f"B1:{end}1"])))


def test_heading_over_two_rows_and_two_columns_is_the_whole_name(tmp_path: Path) -> None:
    """Other headings are divided below it."""
    rows = [
        ["Họ và tên", "", "Đơn vị", "", "Hộp thư"],
        ["", "", "Mã", "Tên"],
        ["Nguyễn Thị", "An", "U", "Sở Nội vụ", "an@x.vn"],
    ]
    merged = ["A1:B2", "C1:D1", "E1:E2"]
    assert names(xlsx(tmp_path / "a.xlsx", SheetOf(rows, merged=merged))) == ["Nguyễn Thị An"]


def test_texts_beside_the_name_under_no_heading_are_asked_about(tmp_path: Path) -> None:
    """A CSV file has lost the joined cells of its heading; anything else may stand there too."""
    rows: Rows = [
        ["Họ và tên", "", "Đơn vị", "Hộp thư"],
        ["Nguyễn Thị", "An", "U", "an@x.vn"],
        ["Trần Văn", "Bình", "U", "b@x.vn"],
    ]
    file = a_csv(tmp_path, as_csv(rows))
    with pytest.raises(
        RosterError,
        match=r'Column B of .*ds\.csv, beside "Họ và tên", has no heading at ds\.csv:1',
    ) as caught:
        read_roster(file)
    assert "An" in str(caught.value) and '"Tên"' in str(caught.value.remedy)
    assert names(file, layout=Layout(columns={"given_name": "B"})) == [
        "Nguyễn Thị An", "Trần Văn Bình",
    ]  # fmt: skip
    sexes = a_csv(tmp_path, "Họ và tên,,Đơn vị,Hộp thư", "Lê An,Nữ,U,an@x.vn", "Vũ Ba,Nam,U,b@x.vn")
    reading = read_lists([sexes])
    assert [person.name for person in reading.staff] == ["Lê An", "Vũ Ba"]
    assert [(one.index, one.heading, one.key) for one in reading.sheets[0].columns][1] == (
        1,
        "",
        "",
    )


@WRITERS
def test_unit_joined_downwards_is_the_unit_of_all_its_rows(tmp_path: Path, write: Writer) -> None:
    """And of no other: a blank cell that is not joined stays a fault."""
    rows: Rows = [
        ["STT", "Họ và tên", "Đơn vị", "Loại", "Hộp thư"],
        [1, "Lê An", "Sở Nội vụ", "Viên chức", "an@x.vn"],
        [2, "Vũ Bình", "", "", "b@x.vn"],
        ["", "", "", "", ""],
        [3, "Đỗ Chi", "Sở Y tế", "Công chức", "c@x.vn"],
        [4, "Hồ Dung", "", "", "d@x.vn"],
        [5, "Cao Ích", "", "", "e@x.vn"],
    ]
    merged = ["C2:C4", "D2:D3", "C5:C6", "D5:D7"]
    file = write(tmp_path / "a.xlsx", SheetOf(rows, merged=merged))
    reading = read_lists([file])
    assert [(one.name, one.unit_code, one.category) for one in reading.staff] == [
        ("Lê An", "Sở Nội vụ", "Viên chức"),
        ("Vũ Bình", "Sở Nội vụ", "Viên chức"),
        ("Đỗ Chi", "Sở Y tế", "Công chức"),
        ("Hồ Dung", "Sở Y tế", "Công chức"),
    ]
    (fault,) = reading.faults
    assert fault.message == "the row has no unit"
    assert fault.row.endswith(":7")


def test_joined_cell_says_what_is_seen_not_what_lies_behind_it(tmp_path: Path) -> None:
    """Copying a format over cells joins them and keeps their values, which nobody sees."""
    rows = [["Hộp thư", "Đơn vị"], ["an@x.vn", "Sở A"], ["b@x.vn", "Sở B"]]
    workbook = openpyxl.load_workbook(xlsx(tmp_path / "a.xlsx", SheetOf(rows)))
    workbook.active.merged_cells.add("B2:B3")
    workbook.save(tmp_path / "a.xlsx")
    staff = read_roster(tmp_path / "a.xlsx")[0].staff
    assert [person.unit_code for person in staff] == ["Sở A", "Sở A"]


def test_group_joined_downwards_in_a_unit_list_is_that_of_all_its_units(tmp_path: Path) -> None:
    """Its units do not fall into the group of those that have none."""
    rows = [
        ["Nhóm", "Mã", "Tên đơn vị"],
        ["Sở", "A", "Sở A"],
        ["", "B", "Sở B"],
        ["Xã", "C", "Xã C"],
    ]
    file = xlsx(tmp_path / "units.xlsx", SheetOf(rows, merged=["A2:A3"]))
    units = units_of(read_unit_list(file), None, "Khác")
    assert [unit.group for unit in units] == ["Sở", "Sở", "Xã"]


def test_columns_named_for_one_file_leave_the_others_alone(tmp_path: Path) -> None:
    """A heading applies to the lists that have it; one that no list has is an error."""
    first = a_csv(tmp_path, "Họ và tên,Hộp thư,Tài khoản,Đơn vị", "An,-,an@x.vn,U", name="a.csv")
    second = a_csv(tmp_path, "Đơn vị,Hộp thư,Họ và tên", "U,b@x.vn,Bình", name="b.csv")
    third = a_csv(tmp_path, "Account,Đơn vị,Họ và tên", "c@x.vn,U,Chi", name="c.csv")
    layout = Layout(columns={"mailbox": ("Tài khoản", "Account")})
    roster, _ = read_roster([first, second, third], layout=layout)
    assert [person.mailbox for person in roster.staff] == ["an@x.vn", "b@x.vn", "c@x.vn"]
    with pytest.raises(RosterError, match=r'a\.csv:1 .* has no "Nhóm việc" \(roster.columns.cat'):
        read_roster([first, second], layout=Layout(columns={"category": "Nhóm việc"}))
    with pytest.raises(RosterError, match=r'c\.csv has no "Tài khoản" \(roster.columns.mailbox\)'):
        read_roster([first, third], layout=Layout(columns={"mailbox": "Tài khoản"}))


def test_letter_that_is_another_column_in_another_file_is_refused(tmp_path: Path) -> None:
    """Else job titles of one file would be units."""
    first = a_csv(tmp_path, "Họ và tên,Hộp thư,Tổ", "An,an@x.vn,U", name="a.csv")
    second = a_csv(tmp_path, "Họ và tên,Hộp thư,Chức vụ,Tổ", "B,b@x.vn,Giám đốc,U", name="b.csv")
    layout = Layout(columns={"unit_name": "C"})
    assert read_roster([first], layout=layout)[0].staff[0].unit_code == "U"
    with pytest.raises(
        RosterError,
        match=r'Column C \(roster.columns.unit_name\) is "Tổ" at a.csv:1, but "Chức vụ" at b.csv:1',
    ):
        read_roster([first, second], layout=layout)
    roster, _ = read_roster([first, second], layout=Layout(columns={"unit_name": "Tổ"}))
    assert [person.unit_code for person in roster.staff] == ["U", "U"]


def test_letter_settles_which_of_two_columns_counts(tmp_path: Path) -> None:
    """As the remedy of the error about two columns says."""
    file = a_csv(tmp_path, "Hộp thư,Email công vụ,Đơn vị", "a@x.vn,b@x.vn,U")
    with pytest.raises(RosterError, match="mean the same"):
        read_roster(file)
    layout = Layout(columns={"mailbox": "B"})
    assert read_roster(file, layout=layout)[0].staff[0].mailbox == "b@x.vn"


@pytest.mark.parametrize("cell", ["x" + "(" * 3000 + ")" * 3000, "x" + "()" * 16_000])
def test_cell_that_no_heading_is_as_long_as_names_no_column(cell: str) -> None:
    """Brackets in brackets without end are not followed."""
    assert Vocabulary(STAFF_COLUMNS).column(cell) is None
    assert Vocabulary(STAFF_COLUMNS).column("Hộp thư (nếu có (ghi rõ))") == "mailbox"
