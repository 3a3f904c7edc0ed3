"""Lists of corrections: what each row says, and every kind of row that can't be used."""

from datetime import date
from pathlib import Path

import pytest

from list_builders import SheetOf, xlsx
from mailaudit.errors import RosterError
from mailaudit.model.correction import AppliedCorrection, Correction, CorrectionKind
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.rules import Rules
from mailaudit.roster import check_corrections, read_corrections

HEADER = (
    "Tháng,Hộp thư hoặc mã CBCCVC,Nội dung sai,Giá trị đúng,Từ ngày,Đến ngày,Lý do,Văn bản,"
    "Người duyệt,Ngày duyệt"
)
TODAY = date(2026, 11, 29)
ROSTER = Roster(
    ("Sở",),
    (Unit("SNV", "Sở Nội vụ", "Sở"), Unit("SYT", "Sở Y tế", "Sở"), Unit("VP", "Văn phòng", "Sở")),
    (
        Staff("CB1", "SNV", "an@x.vn", "An", "công chức", row="roster.csv:2"),
        Staff("binh@x.vn", "SYT", "binh@x.vn", "Bình", "công chức", row="roster.csv:3"),
        Staff("CB3", "SYT", None, "Chi", "công chức", row="roster.csv:4"),
    ),
    "d",
)
GOOD = "2026-10,CB1,đơn vị,SYT,,,Đã chuyển,CV 12,Giám đốc,10/11/2026"


def a_list(folder: Path, *rows: str, header: str = HEADER) -> Path:
    file = folder / "c.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


def read(file: Path) -> list[Correction]:
    return [one.correction for one in read_corrections(file, TODAY)]


def checked(file: Path, *made: AppliedCorrection, roster: Roster = ROSTER) -> list[Correction]:
    listed = read_corrections(file, TODAY)
    return list(check_corrections(file, listed, roster, made, Rules()).new)


def test_row_says_what_is_wrong_and_right(tmp_path: Path) -> None:
    """Every column, by its Vietnamese heading; the unit by name or code."""
    rows = (
        "2026-10,an@x.vn,Trạng thái,Thai sản,01/10/2026,31/3/2027,Thiếu,CV 12,Giám đốc,10/11/2026",
        "10/2026,BINH@x.vn,đơn vị,sở nội vụ,,,Chuyển,,Giám đốc,2026-11-10",
        "tháng 10/2026,cb3,hộp thư,Chi@X.vn,,,Cấp mới,,Giám đốc,10/11/2026",
    )
    first, second, third = checked(a_list(tmp_path, *rows))
    assert first == Correction(
        "2026-10", "an@x.vn", CorrectionKind.STATUS, "Thai sản", date(2026, 10, 1),
        date(2027, 3, 31), "Thiếu", "CV 12", "Giám đốc", date(2026, 11, 10), "c.csv:2",
    )  # fmt: skip
    assert (second.person, second.value, second.document) == ("binh@x.vn", "SNV", "")
    assert (second.month, third.month) == ("2026-10", "2026-10")
    assert third.value == "chi@x.vn"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("trạng thái", CorrectionKind.STATUS),
        ("STATUS", CorrectionKind.STATUS),
        ("Loại", CorrectionKind.CATEGORY),
        ("category", CorrectionKind.CATEGORY),
        ("Chức vụ", CorrectionKind.JOB_TITLE),
        ("job title", CorrectionKind.JOB_TITLE),
        ("Đơn vị", CorrectionKind.UNIT),
        ("unit", CorrectionKind.UNIT),
        ("Hộp thư", CorrectionKind.MAILBOX),
        ("mailbox", CorrectionKind.MAILBOX),
    ],
)
def test_what_is_wrong_is_said_in_either_language(
    tmp_path: Path, text: str, kind: CorrectionKind
) -> None:
    value = "a@x.vn" if kind is CorrectionKind.MAILBOX else "x"
    row = f"2026-10,CB1,{text},{value},,,Sai,,Giám đốc,10/11/2026"
    assert read(a_list(tmp_path, row))[0].kind is kind


def test_who_left_or_is_no_staff_needs_no_value(tmp_path: Path) -> None:
    """The usual word of the rules stands for having left."""
    rows = (
        "2026-10,CB1,đã nghỉ,,15/10/2026,,Nghỉ,,Giám đốc,10/11/2026",
        "2026-10,binh@x.vn,left,nghỉ hưu,15/10/2026,,Nghỉ,,Giám đốc,10/11/2026",
        "2026-10,CB3,không thuộc danh sách,,,,Đã đi,,Giám đốc,10/11/2026",
    )
    left, retired, gone = checked(a_list(tmp_path, *rows))
    assert (left.value, retired.value) == ("thôi việc", "nghỉ hưu")
    assert (gone.kind, gone.value) == (CorrectionKind.NOT_STAFF, "")


def test_workbook_with_english_headings_and_true_dates(tmp_path: Path) -> None:
    """Excel makes a day of 10/2026: the month is meant."""
    header = "month person kind value from to reason document approved_by approved_on"
    days = date(2026, 10, 5), None, "ill", "", "Head", date(2026, 11, 10)
    row = [date(2026, 10, 1), "CB1", "status", "ốm", *days]
    file = xlsx(tmp_path / "c.xlsx", SheetOf([header.split(), row]))
    (one,) = read(file)
    assert (one.month, one.status_from, one.approved_on) == (
        "2026-10",
        date(2026, 10, 5),
        date(2026, 11, 10),
    )


WRONG = {
    "month missing": (",CB1,đơn vị,SYT,,,Sai,,GĐ,10/11/2026", "A2", "the correction has no month"),
    "no month": (
        "2026-13,CB1,đơn vị,SYT,,,Sai,,GĐ,10/11/2026",
        "A2",
        '"2026-13" is not a month; write it as 2026-10 or 10/2026',
    ),
    "month in words": (
        "tháng mười,CB1,đơn vị,SYT,,,Sai,,GĐ,10/11/2026",
        "A2",
        '"tháng mười" is not a month; write it as 2026-10 or 10/2026',
    ),
    "nobody": ("2026-10,,đơn vị,SYT,,,Sai,,GĐ,10/11/2026", "B2", "the correction names nobody"),
    "no address": (
        "2026-10,an@@x.vn,đơn vị,SYT,,,Sai,,GĐ,10/11/2026",
        "B2",
        '"an@@x.vn" is not a mail address',
    ),
    "kind missing": (
        "2026-10,CB1,,SYT,,,Sai,,GĐ,10/11/2026",
        "C2",
        "the correction does not say what is wrong",
    ),
    "unknown kind": (
        "2026-10,CB1,lương,SYT,,,Sai,,GĐ,10/11/2026",
        "C2",
        '"lương" is nothing that can be corrected; write one of: trạng thái, loại, chức vụ,'
        " đơn vị, hộp thư, đã nghỉ, không thuộc danh sách",
    ),
    "value missing": (
        "2026-10,CB1,đơn vị,,,,Sai,,GĐ,10/11/2026",
        "D2",
        "the correction has no right value",
    ),
    "value of nobody": (
        "2026-10,CB1,không thuộc danh sách,SYT,,,Sai,,GĐ,10/11/2026",
        "D2",
        "who is not staff has no right value: leave the cell empty",
    ),
    "mailbox without an at sign": (
        "2026-10,CB1,hộp thư,an.x.vn,,,Sai,,GĐ,10/11/2026",
        "D2",
        '"an.x.vn" is not a mail address',
    ),
    "dates of a unit": (
        "2026-10,CB1,đơn vị,SYT,01/10/2026,,Sai,,GĐ,10/11/2026",
        "E2",
        "only a status has dates: leave the cell empty",
    ),
    "bad date": (
        "2026-10,CB1,trạng thái,ốm,31/02/2026,,Sai,,GĐ,10/11/2026",
        "E2",
        '"31/02/2026" is not a date; write it as 31/12/2026',
    ),
    "year only": (
        "2026-10,CB1,trạng thái,ốm,,2026,Sai,,GĐ,10/11/2026",
        "F2",
        '"2026" is a year, not a date; write the day as 31/12/2026',
    ),
    "ends before it begins": (
        "2026-10,CB1,trạng thái,ốm,09/10/2026,01/10/2026,Sai,,GĐ,10/11/2026",
        "F2",
        "the status ends before it begins",
    ),
    "left without a day": (
        "2026-10,CB1,đã nghỉ,,,,Sai,,GĐ,10/11/2026",
        "E2",
        "who left needs the first day without work",
    ),
    "left until": (
        "2026-10,CB1,đã nghỉ,,01/10/2026,09/10/2026,Sai,,GĐ,10/11/2026",
        "F2",
        "who left has no last day: leave the cell empty",
    ),
    "no reason": ("2026-10,CB1,đơn vị,SYT,,,,,GĐ,10/11/2026", "G2", "the correction has no reason"),
    "not approved": (
        "2026-10,CB1,đơn vị,SYT,,,Sai,,,10/11/2026",
        "I2",
        "nobody approved the correction: write who decided",
    ),
    "approval without day": (
        "2026-10,CB1,đơn vị,SYT,,,Sai,,GĐ,",
        "J2",
        "the approval has no day",
    ),
    "approval to come": (
        "2026-10,CB1,đơn vị,SYT,,,Sai,,GĐ,30/11/2026",
        "J2",
        "the day of the approval, 30/11/2026, is still to come",
    ),
    "letters lost": (
        "2026-10,CB1,đơn vị,S? N?i v?,,,Sai,,GĐ,10/11/2026",
        "D2",
        '"S? N?i v?" lost letters when the file was saved; export it as .xlsx or UTF-8 again',
    ),
    "unknown person": (
        "2026-10,cb10,đơn vị,SYT,,,Sai,,GĐ,10/11/2026",
        "B2",
        '"cb10" is nobody on the staff list of the month',
    ),
    "unknown address": (
        "2026-10,ann@x.vn,đơn vị,SYT,,,Sai,,GĐ,10/11/2026",
        "B2",
        '"ann@x.vn" is nobody on the staff list of the month; did you mean an@x.vn, binh@x.vn?',
    ),
    "unknown unit": (
        "2026-10,CB1,đơn vị,SNVU,,,Sai,,GĐ,10/11/2026",
        "D2",
        'the month has no unit "SNVU"; did you mean SNV (Sở Nội vụ)?',
    ),
    "unit unlike any": (
        "2026-10,CB1,đơn vị,999,,,Sai,,GĐ,10/11/2026",
        "D2",
        'the month has no unit "999"',
    ),
    "unknown status": (
        "2026-10,CB1,trạng thái,bận,,,Sai,,GĐ,10/11/2026",
        "D2",
        'no rule names the status "bận"; write one of: biệt phái, chuyển công tác, không lương,'
        " mới tuyển, nghỉ hưu, thai sản, thôi việc, đang công tác, đang làm việc, đi học, ốm",
    ),
    "status that is not leaving": (
        "2026-10,CB1,đã nghỉ,ốm,01/10/2026,,Sai,,GĐ,10/11/2026",
        "D2",
        'no rule names the status "ốm"; write one of: chuyển công tác, nghỉ hưu, thôi việc',
    ),
    "unknown category": (
        "2026-10,CB1,loại,cộng tác viên,,,Sai,,GĐ,10/11/2026",
        "D2",
        'no rule names the category "cộng tác viên"; write one of: cán bộ, công chức,'
        " hợp đồng lao động, viên chức",
    ),
    "another person's mailbox": (
        "2026-10,CB3,hộp thư,an@x.vn,,,Sai,,GĐ,10/11/2026",
        "D2",
        '"an@x.vn" is the mailbox of another person: roster.csv:2',
    ),
    "changes nothing": (
        "2026-10,an@x.vn,đơn vị,SNV,,,Sai,,GĐ,10/11/2026",
        "D2",
        'the staff list says so of "an@x.vn" already: the row changes nothing',
    ),
}


@pytest.mark.parametrize(("row", "cell", "text"), WRONG.values(), ids=list(WRONG))
def test_row_that_cannot_be_used_is_named_with_its_cell(
    tmp_path: Path, row: str, cell: str, text: str
) -> None:
    """What is wrong, where, and how to put it right; 3 is the exit code of all."""
    file = a_list(tmp_path, row)
    with pytest.raises(RosterError) as refused:
        checked(file)
    assert str(refused.value) == (
        f"1 rows of {file} can't be used as they stand:\n  c.csv:2 ({cell}): {text}\n"
        "Correct them in the file and run again."
    )
    assert refused.value.exit_code == 3


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ((GOOD, GOOD), "c.csv:3 (B3): the row repeats c.csv:2"),
        (
            (GOOD, "2026-10,an@x.vn,đơn vị,VP,,,Khác,,GĐ,10/11/2026"),
            "c.csv:3 (B3): c.csv:2 says something else of the same person",
        ),
        (
            (GOOD, "2026-10,an@x.vn,không thuộc danh sách,,,,Khác,,GĐ,10/11/2026"),
            "c.csv:3 (B3): c.csv:2 says something else of the same person",
        ),
        (
            (
                "2026-10,CB1,trạng thái,ốm,,,Sai,,GĐ,10/11/2026",
                "2026-10,an@x.vn,đã nghỉ,,05/10/2026,,Sai,,GĐ,10/11/2026",
            ),
            "c.csv:3 (B3): c.csv:2 says something else of the same person",
        ),
        (
            (
                "2026-10,CB1,hộp thư,moi@x.vn,,,Sai,,GĐ,10/11/2026",
                "2026-10,CB3,hộp thư,moi@x.vn,,,Sai,,GĐ,10/11/2026",
            ),
            'c.csv:2 (D2): "moi@x.vn" is the mailbox of another person: c.csv:3',
        ),
    ],
)
def test_rows_that_contradict_each_other_are_named(
    tmp_path: Path, rows: tuple[str, ...], text: str
) -> None:
    """Of one person, whether named by code or by mailbox."""
    with pytest.raises(RosterError) as refused:
        checked(a_list(tmp_path, *rows))
    assert text in str(refused.value)


def test_two_things_of_one_person_are_corrected(tmp_path: Path) -> None:
    rows = (GOOD, "2026-10,an@x.vn,loại,viên chức,,,Sai,,GĐ,10/11/2026")
    assert len(checked(a_list(tmp_path, *rows))) == 2


def test_exchanged_mailboxes_are_no_fault(tmp_path: Path) -> None:
    rows = (
        "2026-10,CB1,hộp thư,binh@x.vn,,,Sai,,GĐ,10/11/2026",
        "2026-10,binh@x.vn,hộp thư,an@x.vn,,,Sai,,GĐ,10/11/2026",
    )
    assert len(checked(a_list(tmp_path, *rows))) == 2


def test_what_the_month_has_already_is_not_made_again(tmp_path: Path) -> None:
    """Though the person is known by another mailbox by now, and the row stands elsewhere."""
    row = "2026-10,binh@x.vn,hộp thư,moi@x.vn,,,Sai,,GĐ,10/11/2026"
    (first,) = read(a_list(tmp_path, row))
    binh = Staff("moi@x.vn", "SYT", "moi@x.vn", "Bình", row="roster.csv:3")
    roster = Roster(ROSTER.groups, ROSTER.units, (ROSTER.staff[0], binh), "d")
    file = a_list(tmp_path, GOOD, row)
    (new,) = checked(file, AppliedCorrection(first, 2), roster=roster)
    assert (new.person, new.row) == ("CB1", "c.csv:2")


def test_later_decision_goes_before_an_earlier_one(tmp_path: Path) -> None:
    """A second objection takes the first back: no contradiction, for the first is made."""
    (first,) = read(a_list(tmp_path, GOOD))
    an = Staff("CB1", "SYT", "an@x.vn", "An", "công chức", row="roster.csv:2")
    roster = Roster(ROSTER.groups, ROSTER.units, (an,), "d")
    back = "2026-10,CB1,đơn vị,SNV,,,Nhầm,,GĐ,12/11/2026"
    (new,) = checked(a_list(tmp_path, GOOD, back), AppliedCorrection(first, 2), roster=roster)
    assert new.value == "SNV"


THERE = "2026-10,an@x.vn,hộp thư,moi@x.vn,,,Sai,,GĐ,10/11/2026"
BACK = "2026-10,moi@x.vn,hộp thư,an@x.vn,,,Nhầm,,GĐ,11/11/2026"


@pytest.mark.parametrize(
    ("rows", "new"),
    [
        ((THERE,), ["moi@x.vn"]),  # a list of its own
        ((THERE, BACK), []),  # the same list again
        ((BACK,), []),  # it holds
    ],
)
@pytest.mark.parametrize("person", ["CB1", "an@x.vn"])
def test_correction_that_was_taken_back_is_made_once_more(
    tmp_path: Path, rows: tuple[str, ...], new: list[str], person: str
) -> None:
    """Where the list has it and not what took it back; whoever has no staff code, too."""
    there, back = read(a_list(tmp_path, THERE, BACK))
    an = Staff(person, "SNV", "an@x.vn", "An", row="roster.csv:2")
    roster = Roster(ROSTER.groups, ROSTER.units, (an,), "d")
    made = AppliedCorrection(there, 2), AppliedCorrection(back, 3)
    found = checked(a_list(tmp_path, *rows), *made, roster=roster)
    assert [each.value for each in found] == new


def test_correction_of_an_address_that_is_anothers_by_now_is_not_made_again(tmp_path: Path) -> None:
    """The first of these is of who had it before."""
    gone = "2026-10,an@x.vn,không thuộc danh sách,,,,Sai,,GĐ,10/11/2026"
    heir = "2026-10,binh@x.vn,hộp thư,an@x.vn,,,Sai,,GĐ,10/11/2026"
    file = a_list(tmp_path, gone, heir)
    binh = Staff("CB3", "SYT", "an@x.vn", "Bình", row="roster.csv:3")
    roster = Roster(ROSTER.groups, ROSTER.units, (binh,), "d")
    made = [AppliedCorrection(one, 2) for one in read(file)]
    assert checked(file, *made, roster=roster) == []


def test_list_without_rows_or_approval_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RosterError) as empty:
        read(a_list(tmp_path))
    assert str(empty.value) == (
        f"{tmp_path / 'c.csv'} has no correction. Write one in each row below the header;"
        " mailaudit init gives an example."
    )
    with pytest.raises(RosterError, match='has no column "Người duyệt"'):
        read(a_list(tmp_path, header=HEADER.replace("Người duyệt", "Ghi chú")))


def test_many_unknown_people_are_found_in_bounded_time(tmp_path: Path) -> None:
    """Near ones are looked up for the first few only: the list may name thousands."""
    staff = tuple(Staff(f"CB{n}", "SNV", f"p{n}@x.vn", row=f"r:{n}") for n in range(2000))
    rows = [GOOD.replace("CB1,", f"q{n}@x.vn,") for n in range(2000)]
    file = a_list(tmp_path, *rows)
    with pytest.raises(RosterError) as refused:
        checked(file, roster=Roster(ROSTER.groups, ROSTER.units, staff, "d"))
    text = str(refused.value)
    assert text.startswith("2000 rows")
    assert text.count("did you mean") == 5
