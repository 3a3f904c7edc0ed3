"""`mailaudit signs`: what it prints and writes, for IT alone, and what is in no other file."""

import re
import stat
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from audit_folder import an_audit
from command_line import mailaudit
from stored_months import SOURCE

import mailaudit as program
from mailaudit.model.outcome import Activity, DayActivity
from mailaudit.model.period import Period
from mailaudit.report.sections.signs import INNOCENT, NO_PROOF, SIGNS
from mailaudit.roster import read_roster
from mailaudit.store import SnapshotStore

MONTHS = (Period(2026, 8), Period(2026, 9), Period(2026, 10))
UNITS = "Mã đơn vị,Tên đơn vị,Nhóm\nSNV,Sở Nội vụ,Sở\nSYT,Sở Y tế,Sở\n"
HEADER = "Mã CBCCVC,Họ và tên,Mã đơn vị,Loại,Hộp thư,Trạng thái,Từ ngày,Đến ngày\n"
FEW, LATE, BUSY = (7, 14, 21, 28), (26, 27, 28, 29), (1, 7, 14, 15, 16, 21, 28)
# Days with a mail sent in October; whether it comes back; of whoever is not named here, BUSY.
DAYS = {"late": LATE, "away": LATE, "few": FEW, "self": BUSY}
FILE = "reports/mailaudit-2026-10-it-signs.xlsx"
LOOKING = "2026-10: looking for signs in the stored months …\n"
FOUND = [
    "2026-10, edition 1: to look at again: 7; in regular use: 26.",
    "All mail sent to oneself: 2",
    "Mail sent in the last days of the month only: 2",
    "Exactly the fewest days, month after month: 2",
    "A rule sends mail on to outside: 1",
    NO_PROOF,
    FILE,
]


def an_audit_with_signs(
    folder: Path, *, plants: bool = True, names: bool = True, months: tuple[Period, ...] = MONTHS
) -> Path:
    """Three months of two units in which somebody of each has each sign, and one is on leave.

    Args:
        plants: Whether the mails of "self" came back.
    """
    report = f'language = "en"\nnames = {str(names).lower()}\nformats = ["html", "xlsx"]'
    an_audit(folder, report=report)
    (folder / "units.csv").write_text(UNITS, "utf-8")
    roles = (*DAYS, *(f"busy{number}" for number in range(9)))
    rows = [
        f"{role}-{unit},Người {role} {unit},{unit},công chức,{role}.{unit.lower()}@vidu.gov.vn,"
        + ("nghỉ phép,05/10/2026,16/10/2026" if role == "away" else ",,")
        for unit in ("SNV", "SYT")
        for role in roles
    ]
    (folder / "roster.csv").write_text(HEADER + "\n".join(rows), "utf-8")
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        for month in months:
            collect(folder, store, month, plants=plants)
    return folder


def collect(folder: Path, store: SnapshotStore, month: Period, *, plants: bool) -> None:
    at = month.end + timedelta(days=2, hours=9)
    roster, problems = read_roster(folder / "roster.csv", folder / "units.csv", month)
    assert problems == ()
    collection = store.begin(month, roster, SOURCE, now=at)
    for box in collection.pending:
        role = box.partition(".")[0]
        is_october = month == MONTHS[-1]
        days = DAYS.get(role, BUSY) if is_october or role == "few" else BUSY
        comes_back = int(plants and role == "self" and is_october)
        done = tuple(
            DayActivity(date(month.year, month.month, day), 1, 1, 1, sent_to_self=comes_back)
            for day in days
        )
        forwards = {"busy3.snv": "thu.example", "busy4.snv": None}.get(box.partition("@")[0], "")
        collection.record([Activity(box, at, done, forwards_to=forwards if plants else None)])
    collection.finish(at)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three months."""
    return an_audit_with_signs(tmp_path_factory.mktemp("signs"))


def text_of(path: Path) -> str:
    """Everything in a file, of packs in the files in it that are not packed again."""
    if path.suffix not in (".xlsx", ".zip"):
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as package:
        return "".join(package.read(part).decode("utf-8", "ignore") for part in package.namelist())


def test_it_reads_who_is_to_be_looked_at_again(folder: Path) -> None:
    """How many have which sign, that it is no proof, where it stands; the workbook says why."""
    ran = mailaudit("signs", "--period", "2026-10", cwd=folder)

    assert (ran.code, ran.err) == (0, LOOKING)
    assert ran.out.splitlines() == FOUND
    book = openpyxl.load_workbook(folder / FILE)
    assert book.sheetnames == ["List", "Grounds"]
    rows = [[cell.value for cell in row] for row in book["List"].iter_rows()]
    people = [row for row in rows if isinstance(row[0], int)]
    assert [row[1:5] for row in people] == [
        [f"{role}.{unit.lower()}@vidu.gov.vn", f"{role}-{unit}", f"Người {role} {unit}", name]
        for unit, name in (("SNV", "Sở Nội vụ"), ("SYT", "Sở Y tế"))
        for role in (*(("busy3",) if unit == "SNV" else ()), "few", "late", "self")
    ]
    assert [row[5:8] for row in people[:4]] == [
        [
            "A rule sends mail on to outside",
            "Sent on to: thu.example; months in a row: 3",
            "forwarding that was agreed on; a system of another authority",
        ],
        [
            "Exactly the fewest days, month after month",
            "Working days with mail sent: 4, exactly as many as needed; months in a row: 3",
            "work that seldom needs mail",
        ],
        [
            "Mail sent in the last days of the month only",
            "Working days with mail sent: 4, all from 26 Oct 2026 on; months in a row: 1",
            "a monthly report; leave that the staff list lacks; a mailbox or server that was new,"
            " moved or out of order",
        ],
        [
            "All mail sent to oneself",
            "Mails sent: 7, each of which came to the mailbox itself; no mail received was"
            " answered; months in a row: 1",
            "a mail program that copies every mail to its sender; notes kept for one's own records",
        ],
    ]
    grounds = str([[cell.value for cell in row] for row in book["Grounds"].iter_rows()])
    for told in (
        NO_PROOF,
        "2026-08; 2026-09; 2026-10",
        "Who is not listed is not cleared by it.",
        "Rules not known of 1 people",
    ):
        assert told in grounds


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_only_its_owner_reads_the_workbook(folder: Path) -> None:
    assert mailaudit("signs", "-p", "2026-10", cwd=folder).code == 0
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600


def test_same_store_gives_the_same_bytes_and_the_run_is_recorded(folder: Path) -> None:
    assert mailaudit("signs", "-p", "2026-10", cwd=folder).code == 0
    assert mailaudit("signs", "-p", "2026-10", "--out", "again", cwd=folder).code == 0
    assert (folder / FILE).read_bytes() == (folder / "again" / Path(FILE).name).read_bytes()
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        runs = {(entry.run.command, entry.run.period) for entry in store.run_record()}
    assert ("signs", "2026-10") in runs


def test_no_other_file_has_any_of_it(folder: Path) -> None:
    """The reports for everybody, heads and IT, lists of accounts, exports and packs."""
    for command in (
        *(("report", "--audience", audience) for audience in ("public", "it")),
        ("signs",),
        ("accounts",),
        ("pack", "--audience", "leader"),
        ("export", "activity", "--out", "reports/activity.csv"),
    ):
        ran = mailaudit(*command, "-p", "2026-10", cwd=folder)
        assert ran.code == 0, ran
    words = (*SIGNS.values(), *INNOCENT.values(), NO_PROOF)
    files = [path for path in (folder / "reports").rglob("*.*") if path.suffix != ".sha256"]
    assert {path.suffix for path in files} == {".html", ".xlsx", ".zip", ".csv"}
    for path in files:
        found = [word for word in words if word in text_of(path)]
        assert bool(found) == (path.name == Path(FILE).name), path


def test_only_this_command_knows_signs() -> None:
    """No module of another report, of mails or of publication reads or names them."""
    source = Path(program.__file__).parent
    knowing = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if re.search(
            r"(model|metrics|sections|audit)\.signs|sign_document", path.read_text("utf-8")
        )
    }
    assert knowing == {
        "audit/__init__.py", "audit/signs.py", "cli/signs.py", "metrics/signs.py",
        "report/sections/signs.py", "report/sign_document.py",
    }  # fmt: skip
    users = [
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if re.search(r"\b(find|write)_signs\b", path.read_text("utf-8"))
    ]
    assert sorted(users) == ["audit/__init__.py", "audit/signs.py", "cli/signs.py"]


def test_without_names_nobody_is_named(tmp_path: Path) -> None:
    an_audit_with_signs(tmp_path, names=False)
    ran = mailaudit("signs", "-p", "2026-10", cwd=tmp_path)
    assert ran.err == LOOKING + (
        "People stand by staff code and address; report.names = true names them.\n"
    )
    text = text_of(tmp_path / FILE)
    assert "Người" not in text
    assert "late.snv@vidu.gov.vn" in text


def test_nothing_found_leaves_no_file(tmp_path: Path) -> None:
    """Nor that of an earlier run; one month alone can't show three in a row."""
    an_audit_with_signs(tmp_path, plants=False, months=MONTHS[-1:])
    assert mailaudit("signs", "-p", "2026-10", cwd=tmp_path).out.splitlines()[0] == (
        "2026-10, edition 1: to look at again: 2; in regular use: 26."
    )
    assert (tmp_path / FILE).exists()
    with (tmp_path / "mailaudit.toml").open("a", encoding="utf-8") as file:
        file.write('[rules]\nregular = "any-activity"\n')

    ran = mailaudit("signs", "-p", "2026-10", cwd=tmp_path)
    assert ran.code == 0
    untold = "not looked for, see docs/metrics.md, section 15"
    assert ran.out.splitlines() == [
        "2026-10, edition 1: to look at again: 0; in regular use: 26.",
        "All mail sent to oneself: 0",
        f"Mail sent in the last days of the month only: {untold}",
        f"Exactly the fewest days, month after month: {untold}",
        f"A rule sends mail on to outside: {untold}",
        "Nothing was found: no file was written.",
    ]
    assert not (tmp_path / FILE).exists()


def test_month_that_was_not_over_is_refused(tmp_path: Path) -> None:
    """A provisional month's last days are not its last days; nor does it count in a row."""
    an_audit_with_signs(tmp_path, months=MONTHS[:1])
    with SnapshotStore.at(tmp_path / "mailaudit.db") as store:
        month = MONTHS[1]
        roster, _ = read_roster(tmp_path / "roster.csv", tmp_path / "units.csv", month)
        at = month.start + timedelta(days=20)
        collection = store.begin(month, roster, SOURCE, now=at)
        collection.record([Activity(box, at) for box in collection.pending])
        collection.finish(at)
        collect(tmp_path, store, MONTHS[2], plants=True)

    ran = mailaudit("signs", "-p", "2026-09", cwd=tmp_path)
    assert ran.code == 5
    assert ran.err.splitlines()[1:] == [
        "Error: 2026-09 was not over when it was collected: signs are looked for in whole months."
        " Collect it again after its end, or name an earlier month."
    ]
    ran = mailaudit("signs", "-p", "2026-10", cwd=tmp_path)
    assert "Exactly the fewest days, month after month: 0" in ran.out


def test_vietnamese_says_to_look_again(folder: Path) -> None:
    """An office reads that it is no finding of fault."""
    ran = mailaudit(
        "signs", "-p", "2026-10", "--lang", "vi", "--out", "vi", cwd=folder, language="vi"
    )
    assert ran.out.splitlines()[:2] == [
        "2026-10, phiên bản 1: cần xem lại: 7 người; thường xuyên sử dụng: 26 người.",
        "Chỉ tự gửi thư cho mình: 2",
    ]
    text = text_of(folder / "vi" / Path(FILE).name)
    assert "không phải bằng chứng hay kết luận vi phạm" in text
