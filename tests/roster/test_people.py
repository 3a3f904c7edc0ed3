"""People on two rows: counted once, where they are paid, and reported."""

from collections.abc import Sequence
from pathlib import Path
from unicodedata import normalize

import pytest

from list_builders import SheetOf, csv, xlsx
from mailaudit.locale import language
from mailaudit.model.reading import RowKind
from mailaudit.model.roster import Staff
from mailaudit.roster import RosterFaults, read_lists, read_roster

HEADER = ["Mã CBCCVC", "Họ và tên", "Chức vụ", "Đơn vị", "Hộp thư", "Trạng thái"]
LAST = ["Đơn vị trả lương", "Ghi chú"]


def read(folder: Path, *rows: Sequence[object]) -> tuple[tuple[Staff, ...], list[str]]:
    """The staff, and the rows that are reported."""
    file = xlsx(folder / "ds.xlsx", SheetOf([[*HEADER, *LAST], *rows]))
    reading = read_lists([file])
    assert reading.roster is not None, reading.faults
    counts = reading.counts
    assert counts[RowKind.STAFF] == len(reading.roster.staff)
    assert counts[RowKind.STAFF] + counts[RowKind.REPEATED] == len(rows)
    return reading.roster.staff, [remark.row for remark in reading.remarks]


def an(
    unit: str, *, title: str = "", status: str = "", paid: str = "", note: str = ""
) -> list[object]:
    return ["CB1", "Lê An", title, unit, "an@x.vn", status, paid, note]


@pytest.mark.parametrize(
    ("first", "second", "unit"),
    [
        (an("A"), an("B"), "A"),
        (an("A", title="Phó Chủ tịch (kiêm nhiệm)"), an("B"), "B"),
        (an("A", note="Kiêm nhiệm"), an("B"), "B"),
        (an("A", status="biệt phái từ B"), an("B"), "B"),
        (an("A"), an("B", status="biệt phái"), "B"),
        (an("A", status="biệt phái"), an("B", status="biệt phái từ A"), "A"),
        (an("A", paid="B"), an("B", paid="B"), "B"),
        (an("A"), an("B", paid="B"), "B"),
        (an("A", paid="b"), an("B", note="kiêm nhiệm"), "B"),
        (an("A", title="Trưởng phòng, kiêm nhiệm Chánh Văn phòng"), an("B"), "A"),
    ],
)
def test_person_counts_where_they_are_paid(
    tmp_path: Path, first: list[object], second: list[object], unit: str
) -> None:
    """In either order of equal claims, the first; the other row is reported."""
    other = ["CB2", "Vũ Bình", "", "B", "binh@x.vn", "", "", ""]
    staff, reported = read(tmp_path, other, first, second)
    assert [person.key for person in staff] == ["CB2", "CB1"]
    assert staff[1].unit_code == unit
    assert len(reported) == 1


@pytest.mark.parametrize(
    ("first", "second", "says_pay"),
    [
        (an("A", note="Kiêm nhiệm"), an("B"), False),
        (an("A"), an("B", status="biệt phái"), False),
        (an("A"), an("B", paid="B"), True),
    ],
)
def test_remark_speaks_of_pay_only_where_the_list_does(
    tmp_path: Path, first: list[object], second: list[object], says_pay: bool
) -> None:
    """A note or a status says where somebody belongs, not who pays."""
    reading = read_lists([xlsx(tmp_path / "ds.xlsx", SheetOf([[*HEADER, *LAST], first, second]))])
    (remark,) = reading.remarks
    assert ("paid" in remark.message) == says_pay
    assert ("lương" in language("vi").gettext(remark.message)) == says_pay


def test_mailbox_of_either_row_is_the_person_s(tmp_path: Path) -> None:
    """The paying unit's list may lack the address that the other has."""
    staff, _ = read(
        tmp_path,
        ["CB1", "Lê An", "", "A", "an@x.vn", "", "", "kiêm nhiệm"],
        ["CB1", "Lê An", "", "B", "", "", "", ""],
    )
    assert [(person.unit_code, person.mailbox) for person in staff] == [("B", "an@x.vn")]


def test_address_is_asked_before_the_code(tmp_path: Path) -> None:
    """Without a code on one row, the address finds the person; with another code as well."""
    staff, reported = read(
        tmp_path,
        ["", "Lê An", "", "A", "an@x.vn", "", "", ""],
        ["CB9", "Lê An", "", "A", "AN@x.vn", "", "", ""],
        ["CB9", "LÊ AN", "", "B", "", "", "", ""],
    )
    assert (len(staff), len(reported)) == (1, 2)


@pytest.mark.parametrize(("first", "second"), [("", ""), ("Lê An", ""), ("", "Vũ Bình")])
def test_one_mailbox_of_two_staff_codes_is_a_fault_without_both_names(
    tmp_path: Path, first: str, second: str
) -> None:
    """Nothing says that the two rows are one person, even where a row between has no code."""
    header = [[*HEADER, *LAST]]
    one, other = (
        [code, name, "", "A", "chung@x.vn", "", "", ""]
        for code, name in (("CB1", first), ("CB2", second))
    )
    between = ["", "", "", "A", "chung@x.vn", "", "", ""]
    for rows in ([one, other], [one, between, other], [between, one, other]):
        with pytest.raises(RosterFaults, match=r"ds\.xlsx"):
            read_roster(xlsx(tmp_path / "ds.xlsx", SheetOf([*header, *rows])))


def test_one_mailbox_of_two_staff_codes_and_one_name_is_one_person(tmp_path: Path) -> None:
    """Units that give codes of their own to the same person."""
    staff, reported = read(
        tmp_path,
        ["CB1", "Lê An", "", "A", "an@x.vn", "", "", ""],
        ["NV7", "LÊ AN", "", "B", "an@x.vn", "", "", ""],
        ["NV7", "", "", "C", "an@x.vn", "", "", ""],
    )
    assert ([person.key for person in staff], len(reported)) == (["CB1"], 2)


@pytest.mark.parametrize("note", ["", "kiêm nhiệm"])
def test_second_mailbox_of_one_person_is_named(tmp_path: Path, note: str) -> None:
    """It is neither asked nor taken for an alias, whichever of the rows counts."""
    file = xlsx(
        tmp_path / "ds.xlsx",
        SheetOf(
            [
                [*HEADER, *LAST],
                ["CB1", "Lê An", "", "A", "an@x.vn", "", "", note],
                ["CB1", "Lê An", "", "B", "an.le@x.vn", "", "", ""],
            ]
        ),
    )
    roster, problems = read_roster(file)
    asked, dropped = ("an.le@x.vn", "an@x.vn") if note else ("an@x.vn", "an.le@x.vn")
    assert [(person.mailbox, person.aliases) for person in roster.staff] == [(asked, ())]
    reported = [dict(problem.values) for problem in problems if "dropped" in dict(problem.values)]
    assert [(values["dropped"], values["mailbox"]) for values in reported] == [(dropped, asked)]


@pytest.mark.parametrize(
    "rows",
    ["CB1,an@x.vn,an.cu@x.vn,A\nCB1,an.cu@x.vn,,A", "CB1,an@x.vn,,A\nCB1,an.cu@x.vn,an@x.vn,A"],
)
def test_other_address_of_the_same_mailbox_stays_an_alias(tmp_path: Path, rows: str) -> None:
    """Where either row names the other's address as its own, they are one mailbox."""
    head = "Mã CBCCVC,Hộp thư,Hộp thư khác,Đơn vị"
    roster, problems = read_roster(csv(tmp_path / "ds.csv", f"{head}\n{rows}\n"))
    (person,) = roster.staff
    assert (person.mailbox, person.aliases, len(problems)) == ("an@x.vn", ("an.cu@x.vn",), 1)


def test_aliases_keep_their_order_and_lose_the_mailbox(tmp_path: Path) -> None:
    """Of both rows, whichever sorts first."""
    rows = "CB1,m@x.vn,z@x.vn; a@x.vn,A\nCB1,z@x.vn,m@x.vn; b@x.vn,A"
    head = "Mã CBCCVC,Hộp thư,Hộp thư khác,Đơn vị"
    roster, _ = read_roster(csv(tmp_path / "ds.csv", f"{head}\n{rows}\n"))
    (person,) = roster.staff
    assert (person.mailbox, person.aliases) == ("m@x.vn", ("z@x.vn", "a@x.vn", "b@x.vn"))


@pytest.mark.parametrize(("again", "is_copy"), [(3, False), (4, True)])
def test_sheet_most_of_whose_people_stand_on_another_is_a_copy(
    tmp_path: Path, again: int, is_copy: bool
) -> None:
    """More than half of six people, not half of them."""
    first = [["", f"Lê {letter}", "", "A", f"{letter}@x.vn", "", "", ""] for letter in "abcdef"]
    second = first[:again] + [
        ["", f"Vũ {letter}", "", "A", f"{letter}@x.vn", "", "", ""]
        for letter in "uvwxyz"[: 6 - again]
    ]
    head = [*HEADER, *LAST]
    file = xlsx(tmp_path / "ds.xlsx", SheetOf([head, *first]), SheetOf([head, *second], "Cũ"))
    if is_copy:
        with pytest.raises(RosterFaults, match="4 of 6 people of this sheet"):
            read_roster(file)
    else:
        assert len(read_roster(file)[0].staff) == 9


def row_of(code: str, name: str, unit: str, mailbox: str = "") -> list[object]:
    return [code, name, "", unit, mailbox, "", "", ""]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # Codes that begin anew in each unit: other names, no names, a name on one row alone.
        (row_of("1", "Lê An", "A", "an@x.vn"), row_of("1", "Vũ Bình", "B", "binh@x.vn")),
        (row_of("1", "", "A", "an@x.vn"), row_of("1", "", "B", "binh@x.vn")),
        (row_of("1", "Lê An", "A", "an@x.vn"), row_of("1", "", "B", "binh@x.vn")),
        (row_of("1", "", "A", "an@x.vn"), row_of("1", "", "A", "binh@x.vn")),
        # The same where nobody, or one of the two, has a mailbox.
        (row_of("1", "Lê An", "A"), row_of("1", "Vũ Bình", "B", "binh@x.vn")),
        (row_of("1", "", "A", "an@x.vn"), row_of("1", "", "B")),
        (row_of("1", "", "A"), row_of("1", "Vũ Bình", "B")),
        (row_of("1", "Lê An", "A", "an@x.vn"), row_of("1", "Lê Ân", "B", "an2@x.vn")),
    ],
)
def test_one_code_of_two_people_is_a_fault_that_names_both_rows(
    tmp_path: Path, first: list[object], second: list[object]
) -> None:
    """In either order; merged, one of the two would be counted no more."""
    for one, other in ((first, second), (second, first)):
        rows: list[list[object]] = [
            [*HEADER, *LAST],
            row_of("9", "Hồ Chi", "A", "chi@x.vn"),
            one,
            other,
        ]
        with pytest.raises(RosterFaults) as caught:
            read_roster(xlsx(tmp_path / "ds.xlsx", SheetOf(rows)))
        (fault,) = caught.value.problems
        assert (fault.row, dict(fault.values)["first"]) == ("ds.xlsx:4", "ds.xlsx:3")
        assert "give two people two codes" in fault.message


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Đỗ Thị Hoà", normalize("NFD", "ĐỖ  THỊ HÒA")),
        ("H'Hen Niê", "H’HEN NIÊ"),
        ("Lê\u00a0An", "Lê An "),
        ("\u00d0ỗ An", "Đỗ An"),
    ],
)
def test_one_code_with_two_mailboxes_is_one_person_where_names_are_equal(
    tmp_path: Path, first: str, second: str
) -> None:
    """Whatever their Unicode form, case and spaces; the mailbox that is not asked is reported."""
    staff, reported = read(
        tmp_path, row_of("CB1", first, "A", "an@x.vn"), row_of("CB1", second, "B", "an2@x.vn")
    )
    assert ([person.mailbox for person in staff], len(reported)) == (["an@x.vn"], 2)


def test_code_that_stands_twice_in_one_unit_needs_no_name(tmp_path: Path) -> None:
    """A row copied; where only one has a mailbox, nobody is lost."""
    staff, reported = read(tmp_path, row_of("CB1", "", "A", "an@x.vn"), row_of("CB1", "Lê An", "A"))
    assert ([(one.mailbox, one.unit_code) for one in staff], len(reported)) == (
        [("an@x.vn", "A")],
        1,
    )


def test_same_name_is_no_identity(tmp_path: Path) -> None:
    """Two people called alike, in one unit, are two people."""
    staff, reported = read(
        tmp_path,
        ["", "Lê An", "", "A", "an@x.vn", "", "", ""],
        ["", "Lê An", "", "A", "", "", "", ""],
        ["", "Lê An", "", "A", "chưa có", "", "", ""],
    )
    assert (len(staff), reported) == (3, [])


@pytest.mark.parametrize(
    ("before", "again"), [("Đỗ Thị Hoà", "ĐỖ THỊ HÒA"), ("Vũ Thuỷ", "Vũ Thủy")]
)
def test_fashion_of_tone_marks_makes_no_other_person(
    tmp_path: Path, before: str, again: str
) -> None:
    """Hoà and Hòa are one name; Hoa would be another."""
    row: list[object] = ["CB1", before, "", "A", "h@x.vn", "", "", ""]
    staff, reported = read(tmp_path, row, [*row[:1], again, *row[2:]])
    assert (staff[0].name, len(reported)) == (before, 1)

    file = csv(
        tmp_path / "ds.csv", f"Hộp thư,Đơn vị,Họ và tên\nh@x.vn,A,{before}\nh@x.vn,A,Đỗ Hoa\n"
    )
    with pytest.raises(RosterFaults):
        read_roster(file)


@pytest.mark.parametrize("code", [68084001234, "68084001234", 1084001234])
def test_citizen_number_without_its_zero_is_no_key(tmp_path: Path, code: object) -> None:
    """Somebody else's may look the same; the mailbox identifies the person instead."""
    staff, reported = read(
        tmp_path,
        [code, "Lê An", "", "A", "an@x.vn", "", "", ""],
        [code, "Vũ Bình", "", "A", "binh@x.vn", "", "", ""],
    )
    assert [person.key for person in staff] == ["an@x.vn", "binh@x.vn"]
    assert len(reported) == 2


def test_units_that_differ_in_spelling_only_are_one(tmp_path: Path) -> None:
    """Case and the place of tone marks make no other unit; the first spelling is printed."""
    staff, _ = read(
        tmp_path,
        ["", "Lê An", "", "Phường Hoà Bình", "an@x.vn", "", "", ""],
        ["", "Vũ Bình", "", "PHƯỜNG HÒA BÌNH", "binh@x.vn", "", "", ""],
    )
    assert {person.unit_code for person in staff} == {"Phường Hoà Bình"}


def test_unit_is_found_by_its_name_in_the_unit_list(tmp_path: Path) -> None:
    """Where the staff list writes names and the unit list has codes."""
    units = csv(tmp_path / "units.csv", "Mã đơn vị,Tên đơn vị\nSNV,Sở Nội vụ\n")
    staff = csv(tmp_path / "ds.csv", "Hộp thư,Đơn vị\na@x.vn,sở nội vụ\nb@x.vn,SNV\nc@x.vn,snv\n")
    roster, _ = read_roster(staff, units)
    assert {person.unit_code for person in roster.staff} == {"SNV"}
