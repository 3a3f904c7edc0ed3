"""Staff and unit lists: what they mean, and that no person is lost in silence."""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

import openpyxl
import pytest

from mailaudit.errors import RosterError
from mailaudit.model.layout import Layout
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.roster import RosterFaults, read_roster

VIETNAMESE = "Mã CBCCVC,Họ và tên,Mã đơn vị,Loại,Hộp thư,Trạng thái,Từ ngày,Đến ngày"
UNIT_HEADER = "Mã đơn vị,Tên đơn vị,Nhóm,Mã đơn vị cấp trên,Thủ trưởng,Hộp thư thủ trưởng"


def a_list(folder: Path, *lines: str, name: str = "roster.csv", encoding: str = "utf-8") -> Path:
    """A CSV file of these lines."""
    file = folder / name
    file.write_bytes("\r\n".join(lines).encode(encoding))
    return file


def a_workbook(folder: Path, *rows: Sequence[object], name: str = "roster.xlsx") -> Path:
    """A workbook with one sheet of these rows."""
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(folder / name)
    return folder / name


def read(staff: Path, units: Path | None = None) -> Roster:
    """The Roster of lists in which nothing is odd."""
    roster, problems = read_roster(staff, units)
    assert problems == ()
    return roster


def faults_of(staff: Path, units: Path | None = None) -> list[str]:
    """What makes the lists unusable, as "row: message"."""
    with pytest.raises(RosterFaults) as caught:
        read_roster(staff, units)
    return [
        f"{fault.row}: {fault.message.format_map(dict(fault.values))}"
        for fault in caught.value.problems
    ]


def test_roster_reads_the_full_vietnamese_lists(tmp_path: Path) -> None:
    """Every column of both lists reaches its field, and orders are kept."""
    staff = a_list(
        tmp_path,
        VIETNAMESE,
        "CB2,Trần Thị Bình,SNV,Công chức,BinhTT@Tinh.gov.vn,thai sản,01/09/2026,28/02/2027",
        "CB1,Lê Văn An,P1,Hợp đồng lao động,,,,",
    )
    units = a_list(
        tmp_path,
        UNIT_HEADER,
        'P1,UBND phường 1,"UBND xã, phường",,,',
        'SNV,Sở Nội vụ,"Sở, ban, ngành",,Trần Thị Bình,binhtt@tinh.gov.vn',
        "VP,Văn phòng,,SNV,,",
        name="units.csv",
    )
    roster = read(staff, units)

    assert roster.groups == ("UBND xã, phường", "Sở, ban, ngành")
    assert roster.units == (
        Unit("P1", "UBND phường 1", "UBND xã, phường"),
        Unit("SNV", "Sở Nội vụ", "Sở, ban, ngành", None, "Trần Thị Bình", "binhtt@tinh.gov.vn"),
        Unit("VP", "Văn phòng", "Sở, ban, ngành", "SNV"),
    )
    assert roster.staff == (
        Staff(
            key="CB2",
            unit_code="SNV",
            mailbox="binhtt@tinh.gov.vn",
            name="Trần Thị Bình",
            category="Công chức",
            status="thai sản",
            status_from=date(2026, 9, 1),
            status_to=date(2027, 2, 28),
            row="roster.csv:2",
        ),
        Staff("CB1", "P1", None, "Lê Văn An", "Hợp đồng lao động", row="roster.csv:3"),
    )


def test_roster_reads_a_list_of_mailboxes_and_units(tmp_path: Path) -> None:
    """Two columns are enough: codes are names, in order of appearance, in one group."""
    file = a_list(tmp_path, "mailbox,unit_code", "b@x.test,U2", "a@x.test,U1", "c@x.test,U2")
    roster, _ = read_roster(file, default_group="Everyone")

    assert roster.groups == ("Everyone",)
    assert roster.units == (Unit("U2", "U2", "Everyone"), Unit("U1", "U1", "Everyone"))
    assert [(person.key, person.unit_code) for person in roster.staff] == [
        ("b@x.test", "U2"), ("a@x.test", "U1"), ("c@x.test", "U2"),
    ]  # fmt: skip


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_roster_finds_separator_and_encoding(tmp_path: Path, separator: str, encoding: str) -> None:
    """What Excel writes in any language setting reads the same."""
    file = a_list(
        tmp_path,
        separator.join(["Đơn vị", "Hộp thư", "Họ và tên"]),
        separator.join(["Sở Nội vụ", "an@x.vn", '"Nguyễn, Văn; An"']),
        encoding=encoding,
    )
    (person,) = read(file).staff
    assert (person.unit_code, person.mailbox) == ("Sở Nội vụ", "an@x.vn")
    assert person.name == "Nguyễn, Văn; An"


@pytest.mark.parametrize(
    "header",
    [
        "HỘP THƯ ĐIỆN TỬ CÔNG VỤ,MÃ ĐƠN VỊ",
        "Hop thu,Ma don vi",
        "  Thư  điện tử ,Mã đơn vị",
        "E-mail,Unit code",
        "Hộp thư,Mã Ðơn vị",  # eth, as some keyboards write it
        "Hộp thư,Mã đơn vị",  # decomposed
    ],
)
def test_roster_finds_columns_however_they_are_written(tmp_path: Path, header: str) -> None:
    """Case, diacritics, spaces and punctuation of a header do not matter."""
    (person,) = read(a_list(tmp_path, header, "an@x.vn,SNV")).staff
    assert (person.mailbox, person.unit_code) == ("an@x.vn", "SNV")


def test_roster_does_not_take_a_team_for_a_date(tmp_path: Path) -> None:
    """ "Tổ" (a team) is not the English "to", the end of a status."""
    file = a_list(tmp_path, "Hộp thư,Mã đơn vị,Tổ", "an@x.vn,SNV,Tổ 3")
    assert read(file).staff[0].status_to is None


def test_roster_header_may_stand_below_titles(tmp_path: Path) -> None:
    """Rows above the header, up to the twentieth, are skipped; row numbers stay the file's."""
    titles = ["UBND TỈNH,", "DANH SÁCH CÁN BỘ,"] + [","] * 17
    file = a_list(tmp_path, *titles, "Hộp thư,Mã đơn vị", "an@x.vn,SNV")
    assert read(file).staff[0].row == "roster.csv:21"

    file = a_list(tmp_path, ",", *titles, "Hộp thư,Mã đơn vị", "an@x.vn,SNV")
    with pytest.raises(RosterError, match="No header row"):
        read_roster(file)


def test_roster_passes_over_a_repeated_header(tmp_path: Path) -> None:
    """A header repeated on the second page hides nobody, of neither page."""
    file = a_list(tmp_path, "mailbox,unit", "a@x.vn,U", "mailbox,unit", "b@x.vn,U")
    assert [person.row for person in read(file).staff] == ["roster.csv:2", "roster.csv:4"]


def test_roster_composes_vietnamese_letters(tmp_path: Path) -> None:
    """Decomposed letters, as some systems export them, are stored composed."""
    file = a_list(
        tmp_path,
        "mailbox,unit,name,status",
        *(normalize("NFD", row) for row in ("a@x.vn,Sở,Đỗ Thị Ẩn,ốm", "b@x.vn,Sở,Bùi,")),
    )
    roster = read(file)
    assert [unit.code for unit in roster.units] == ["Sở"]
    assert (roster.staff[0].name, roster.staff[0].status) == ("Đỗ Thị Ẩn", "ốm")


def test_roster_knows_a_status_of_one_day(tmp_path: Path) -> None:
    """A status may end on the day it begins."""
    file = a_list(tmp_path, "mailbox,unit,status,from,to", "a@x.vn,U,ốm,05/10/2026,05/10/2026")
    assert read(file).staff[0].status_to == date(2026, 10, 5)


def test_roster_skips_blank_rows_and_counts_lines(tmp_path: Path) -> None:
    """Blank rows mean nothing; a name broken over two lines does not shift the rows after it."""
    file = a_list(
        tmp_path,
        "Hộp thư,Mã đơn vị,Họ và tên",
        "",
        " ,\u00a0,",
        'an@x.vn,SNV,"Nguyễn\r\nVăn An"',
        "binh@x.vn,SNV,",
    )
    assert [(person.row, person.name) for person in read(file).staff] == [
        ("roster.csv:4", "Nguyễn Văn An"),
        ("roster.csv:6", ""),
    ]


def test_roster_joins_names_in_two_columns(tmp_path: Path) -> None:
    """Family and middle names in one column, the given name in the next."""
    file = a_list(tmp_path, "Họ đệm,Tên,Hộp thư,Mã đơn vị", "Nguyễn Văn,An,an@x.vn,SNV")
    assert read(file).staff[0].name == "Nguyễn Văn An"


def test_roster_cleans_addresses(tmp_path: Path) -> None:
    """Case, outer spaces, NBSP and zero-width characters are no part of an address."""
    file = a_list(tmp_path, "mailbox,unit", "\u00a0\u200bAn.NV@Tinh.GOV.vn\ufeff ,U")
    assert read(file).staff[0].mailbox == "an.nv@tinh.gov.vn"


@pytest.mark.parametrize("cell", ["", "-", "Chưa có", "không", "chưa cấp"])
def test_roster_knows_who_has_no_mailbox(tmp_path: Path, cell: str) -> None:
    """An empty cell, or one that says so, is a person without a mailbox."""
    file = a_list(tmp_path, "name,mailbox,unit", f"An,{cell},U", "Bình,b@x.vn,U")
    assert [person.mailbox for person in read(file).staff] == [None, "b@x.vn"]


@pytest.mark.parametrize(
    "cell",
    [
        "annv", "annv@", "@x.vn", "an nv@x.vn", "a@b@x.vn", "a..b@x.vn", ".a@x.vn", "a@-x.vn",
        "a@x", "#N/A", "0",
    ],
)  # fmt: skip
def test_roster_refuses_what_is_no_address(tmp_path: Path, cell: str) -> None:
    """An unreadable address must not become "no mailbox": it stops the reading, with its row."""
    file = a_list(tmp_path, "mailbox,unit", "b@x.vn,U", f"{cell},U")
    assert faults_of(file) == [f'roster.csv:3: "{cell}" is not a mail address']


@pytest.mark.parametrize(
    "cell", ["An@X.vn.", "<an@x.vn>", "mailto:an@x.vn", "an @ x.vn", "an@x. vn", "an@x.vn; AN@x.vn"]
)
def test_roster_mends_addresses_that_can_mean_only_one(tmp_path: Path, cell: str) -> None:
    """Trailing dots, spaces beside "@" and dots, brackets, and the same address twice."""
    file = a_list(tmp_path, "mailbox,unit", "b@x.vn,U", f"{cell},U")
    assert read(file).staff[1].mailbox == "an@x.vn"


def test_roster_does_not_take_accents_off_an_address(tmp_path: Path) -> None:
    """ "á" may be "a" or what "as" becomes on a Vietnamese keyboard: it asks."""
    file = a_list(tmp_path, "mailbox,unit", "b@x.vn,U", "ánnv@x.vn,U")
    assert faults_of(file) == [
        'roster.csv:3: "ánnv@x.vn" is not a mail address: it has accents; is it annv@x.vn?'
    ]


def test_roster_takes_the_organisation_address_of_several(tmp_path: Path) -> None:
    """With the organisation's domains known, a private address beside it is reported."""
    file = a_list(tmp_path, "mailbox,unit", "an@gmail.com; an@x.vn,U")
    (fault,) = faults_of(file)
    assert "is 2 addresses" in fault

    roster, (remark,) = read_roster(file, layout=Layout(domains=frozenset({"x.vn"})))
    assert roster.staff[0].mailbox == "an@x.vn"
    assert (remark.cell, dict(remark.values)["others"]) == ("A2", "an@gmail.com")


def test_roster_counts_a_repeated_person_once(tmp_path: Path) -> None:
    """The first row of a mailbox or staff code counts; the others are reported, with both rows."""
    file = a_list(
        tmp_path,
        "Mã cán bộ,Hộp thư,Mã đơn vị,Họ tên",
        "CB1,an@x.vn,A,Lê An",
        "CB2,AN@x.vn,B,Lê An",
        "CB1,,B,Lê An",
        "CB3,binh@x.vn,B,Vũ Bình",
    )
    roster, problems = read_roster(file)

    assert [person.key for person in roster.staff] == ["CB1", "CB3"]
    assert [(problem.row, dict(problem.values)) for problem in problems] == [
        ("roster.csv:3", {"identity": "an@x.vn", "first": "roster.csv:2"}),
        ("roster.csv:4", {"identity": "CB1", "first": "roster.csv:2"}),
    ]


def test_roster_lists_every_fault_and_shows_the_first(tmp_path: Path) -> None:
    """All rows are looked at; the message names the file, the first rows and how many more."""
    file = a_list(tmp_path, "mailbox,unit", "ok@x.vn,U", *(f"bad{n},U" for n in range(12)))
    with pytest.raises(RosterFaults) as caught:
        read_roster(file)
    message = caught.value.text()

    assert [fault.row for fault in caught.value.problems] == [
        f"roster.csv:{row}" for row in range(3, 15)
    ]
    assert f"12 rows of {file}" in message
    assert "roster.csv:3 (A3):" in message
    assert "and 7 more" in message


def test_roster_faults_are_reported_in_the_reader_language(tmp_path: Path) -> None:
    """Each part of the message goes through the catalog before its fields are filled."""
    file = a_list(tmp_path, "mailbox,unit", "bad,U")
    with pytest.raises(RosterFaults) as caught:
        read_roster(file)
    assert '"BAD' not in caught.value.text()
    assert "is not a mail address" in caught.value.text()
    assert caught.value.text(lambda message: f"<{message}>").count("<") == 3


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",,,,,thai sản,,", "neither a mailbox nor a name"),
        ("CB9,An,,,a@x.vn,,,", "no unit"),
        ("CB9,An,U9,,a@x.vn,,,", '"U9" is not in the unit list'),
        ("CB9,An,U,,a@x.vn,ốm,31/02/2026,", '"31/02/2026" is not a date'),
        ("CB9,An,U,,a@x.vn,ốm,2026,", '"2026" is a year, not a date'),
        ("CB9,An,U,,a@x.vn,ốm,02/10/2026,01/10/2026", "ends before it begins"),
        ("CB9,Nguyễn, Văn An,U,,a@x.vn,,,", "more cells than the header"),
    ],
)
def test_roster_stops_at_rows_it_does_not_understand(tmp_path: Path, row: str, words: str) -> None:
    """No row below the header is left out without a word."""
    staff = a_list(tmp_path, VIETNAMESE, "CB1,B,U,,b@x.vn,,,", row)
    units = a_list(tmp_path, "unit_code", "U", name="units.csv")
    (fault,) = faults_of(staff, units)
    assert fault.startswith("roster.csv:3: ")
    assert words in fault


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("05/10/2026", date(2026, 10, 5)),
        ("5-10-2026", date(2026, 10, 5)),
        ("5.10.2026", date(2026, 10, 5)),
        ("2026-10-05", date(2026, 10, 5)),
        ("46300", date(2026, 10, 5)),  # Excel's serial number
    ],
)
def test_roster_reads_dates_day_first(tmp_path: Path, cell: str, day: date) -> None:
    """d/m/Y, ISO and Excel's serials; never month first."""
    file = a_list(tmp_path, "mailbox,unit,status,from", f"a@x.vn,U,ốm,{cell}")
    assert read(file).staff[0].status_from == day


def test_roster_reads_a_workbook(tmp_path: Path) -> None:
    """Cells of a workbook have types: dates are dates, a code 7 is "7", rows are Excel's."""
    afternoon = datetime(2026, 10, 9, 12, 30)  # noqa: DTZ001 - a workbook knows no time zones
    file = a_workbook(
        tmp_path,
        [],
        ["DANH SÁCH"],
        ["Mã cán bộ", "Hộp thư", "Mã đơn vị", "Trạng thái", "Từ ngày", "Đến ngày"],
        [7, "An@x.vn", 12, "ốm", date(2026, 10, 5), afternoon],
        [],
        ["CB8", None, "12", None, None, None],
    )
    roster = read(file)
    assert roster.staff == (
        Staff(
            key="7",
            unit_code="12",
            mailbox="an@x.vn",
            status="ốm",
            status_from=date(2026, 10, 5),
            status_to=date(2026, 10, 9),
            row="roster.xlsx:4",
        ),
        Staff("CB8", "12", None, row="roster.xlsx:6"),
    )


def test_roster_names_the_sheet_of_a_row(tmp_path: Path) -> None:
    """With several sheets, a row is named with its own; sheets that are no list do not matter."""
    file = a_workbook(tmp_path, ["mailbox", "unit"], ["a@x.vn", "U"])
    workbook = openpyxl.load_workbook(file)
    workbook.create_sheet("Ghi chú").append(["Cập nhật tháng 10"])
    workbook.save(file)
    assert read(file).staff[0].row == "roster.xlsx:Sheet:2"


def test_roster_reads_one_sheet_after_the_other(tmp_path: Path) -> None:
    """A unit a sheet: the people of all visible ones count, hidden lists are reported."""
    file = a_workbook(tmp_path, ["mailbox", "unit"], ["a@x.vn", "U"])
    workbook = openpyxl.load_workbook(file)
    second = workbook.copy_worksheet(workbook.active)
    second.title = "Phường"
    second["A2"] = "b@x.vn"
    workbook.save(file)
    assert [person.row for person in read(file).staff] == [
        "roster.xlsx:Sheet:2",
        "roster.xlsx:Phường:2",
    ]

    second.sheet_state = "hidden"
    workbook.save(file)
    roster, problems = read_roster(file)
    assert len(roster.staff) == 1
    assert [problem.row for problem in problems] == ["roster.xlsx:Phường:1"]


def test_roster_refuses_a_copy_of_a_sheet(tmp_path: Path) -> None:
    """Last month's sheet beside this month's would count who has left."""
    people = [[f"{letter}@x.vn", "U"] for letter in "abcd"]
    file = a_workbook(tmp_path, ["mailbox", "unit"], *people)
    workbook = openpyxl.load_workbook(file)
    copy = workbook.copy_worksheet(workbook.active)
    copy.title = "Tháng 9"
    copy.append(["left@x.vn", "U"])
    workbook.save(file)
    (fault,) = faults_of(file)
    assert fault.startswith("roster.xlsx:Tháng 9:1: 4 of 5 people of this sheet stand on")

    roster, _ = read_roster(file, layout=Layout(sheets=("Sheet",)))
    assert len(roster.staff) == 4


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        (["A,,,,,", "A,,,,,"], ['units.csv:3: the unit code "A" stands at units.csv:2 already']),
        (["A,,,B,,"], ['units.csv:2: the unit above, "B", is not in the list']),
        (["A,,,A,,"], ['units.csv:2: the unit "A" is above itself']),
        (
            ["A,,,B,,", "B,,,C,,", "C,,,B,,"],
            [
                'units.csv:3: the unit "B" is above itself',
                'units.csv:4: the unit "C" is above itself',
            ],
        ),
        ([",Sở Nội vụ,,,,"], ["units.csv:2: the unit has no code"]),
        (["A,,,,An,an"], ['units.csv:2: "an" is not a mail address']),
    ],
)
def test_roster_refuses_units_that_do_not_form_a_tree(
    tmp_path: Path, rows: list[str], faults: list[str]
) -> None:
    """Codes are unique, parents known, and nothing stands above itself; rows are named."""
    staff = a_list(tmp_path, "mailbox,unit", "a@x.vn,A")
    units = a_list(tmp_path, UNIT_HEADER, *rows, name="units.csv")
    assert faults_of(staff, units) == faults


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("roster.csv", b"", "is empty"),
        ("roster.csv", b" \r\n", "is empty"),
        ("roster.csv", b"a,b\n1,2", "No header row"),
        (
            "roster.csv",
            b"mailbox,x\na@x.vn,U",
            'no column "Mã đơn vị"',
        ),
        ("roster.csv", b"mailbox,unit\n,U\n", "neither a mailbox"),
        ("roster.csv", b"mailbox,unit,name\n,U,An\n", "no mail address at all"),
        ("roster.csv", b"mailbox,unit\n", "no mail address at all"),
        ("roster.csv", b'mailbox,unit,name\na@x.vn,U,"An\nb@x.vn,U,B\n', "not valid CSV"),
        ("roster.csv", b"mailbox,email,unit\na@x.vn,b@x.vn,U", '"mailbox" and "email"'),
        ("roster.csv", b"\xff\xfea", "not UTF-16"),
        ("roster.csv", b"H\xe3p,\x8a\x8d", "not UTF-8"),
        ("roster.xlsx", b"PK\x03\x04 mailbox,unit\n", "content is ZIP"),
        ("roster.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
    ],
)
def test_roster_refuses_files_that_are_no_list(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    """One error names the file, what is wrong with it, and the remedy."""
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(RosterError) as caught:
        read_roster(file)
    assert words in str(caught.value)
    assert name in str(caught.value)
    assert caught.value.remedy


def test_roster_names_a_missing_file(tmp_path: Path) -> None:
    """Each of the two lists is named by its own path."""
    staff = a_list(tmp_path, "mailbox,unit", "a@x.vn,A")
    for arguments in ((tmp_path / "none.csv", None), (staff, tmp_path / "none.csv")):
        with pytest.raises(RosterError, match=r"none\.csv"):
            read_roster(*arguments)


def test_roster_digest_is_that_of_the_files(tmp_path: Path) -> None:
    """One file: what sha256sum prints. Two: both count."""
    staff = a_list(tmp_path, "mailbox,unit", "a@x.vn,A")
    units = a_list(tmp_path, "code,name", "A,Sở A", name="units.csv")
    alone, both = read(staff).digest, read(staff, units).digest
    assert alone == sha256(staff.read_bytes()).hexdigest()

    a_list(tmp_path, "code,name", "A,Sở B", name="units.csv")
    assert len({alone, both, read(staff, units).digest}) == 3


def test_roster_of_many_thousands_loses_nobody(tmp_path: Path) -> None:
    """Staff and explained rows add up to the rows of the list."""
    rows = [f"cb{n % 4500}@x.vn,U{n % 50}" for n in range(5000)]
    roster, problems = read_roster(a_list(tmp_path, "mailbox,unit", *rows))
    assert (len(roster.staff), len(problems), len(roster.units)) == (4500, 500, 50)


def test_codes_that_begin_anew_in_each_unit_drop_nobody(tmp_path: Path) -> None:
    """Two people with one code are reported, not counted as one."""
    file = tmp_path / "roster.csv"
    file.write_text(
        "staff_code,name,mailbox,unit_code\n1,An,a@x.vn,U1\n2,Ba,b@x.vn,U1\n1,Chi,c@x.vn,U2\n",
        encoding="utf-8",
    )
    with pytest.raises(RosterError, match=r'the staff code "1" is also at .*csv:2'):
        read_roster(file)


def test_aliases_are_other_addresses_of_one_mailbox(tmp_path: Path) -> None:
    """Several in a cell; the mailbox itself is none of them."""
    rows = ("an@moi.vn,A,AN@cu.vn; an2@cu.vn  an@moi.vn", "binh@moi.vn,A,-", "chi@moi.vn,A,")
    roster, problems = read_roster(a_list(tmp_path, "mailbox,unit,Hộp thư cũ", *rows))
    assert problems == ()
    assert [p.aliases for p in roster.staff] == [("an@cu.vn", "an2@cu.vn"), (), ()]


def test_mailbox_that_is_an_alias_of_another_row_is_counted_once(tmp_path: Path) -> None:
    """The same mailbox under its old and its new address is one mailbox."""
    rows = ("an@moi.vn,A,an@cu.vn", "an@cu.vn,A,")
    roster, problems = read_roster(a_list(tmp_path, "mailbox,unit,aliases", *rows))
    assert [p.mailbox for p in roster.staff] == ["an@moi.vn"]
    assert [dict(p.values)["identity"] for p in problems] == ["an@cu.vn"]


def test_unit_of_one_letter_is_no_number_of_a_group(tmp_path: Path) -> None:
    """A person with a unit "I" or "B" and no mailbox is a person."""
    rows = ("an@x.vn,I,Lê An", ",I,Vũ Bình", ",B,Chi")
    roster = read(a_list(tmp_path, "mailbox,unit,name", *rows))
    assert [person.name for person in roster.staff] == ["Lê An", "Vũ Bình", "Chi"]


def test_quoted_cells_do_not_hide_the_separator(tmp_path: Path) -> None:
    """Split at a comma, such a file is no CSV at all; at a semicolon it is a list."""
    file = a_list(tmp_path, '"Hộp thư";"Đơn vị"', '"an@x.vn";"Sở Nội vụ"')
    assert [person.mailbox for person in read(file).staff] == ["an@x.vn"]
