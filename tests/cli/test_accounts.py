"""`mailaudit accounts`: what it prints and writes, for whom, and what is in no file."""

import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from accounts_months import (
    AUGUST,
    OCTOBER,
    PROPOSED,
    ROLES,
    SEPTEMBER,
    address,
    an_audit_of_accounts,
    code,
    collect,
    name,
    text_of,
)
from command_line import mailaudit
from pypdf import PdfReader

from mailaudit.store import SnapshotStore

COUNTS = "2026-10, edition 1: to create 3, to lock 3, to delete 6."
EVERY = ("xlsx", "html", "docx", "pdf", "brief")
IT = "reports/mailaudit-2026-10-it-accounts"
LEADER = "reports/mailaudit-2026-10-leader-accounts"
SIGN = (
    "Sign of use: a mail sent, or a mail received in the span that was marked as read when the"
    " mailbox was collected; logins do not count, for EWS does not show them"
)
READING = "2026-10: reading the stored months, and writing the lists …\n"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in which the lists were made for IT and for heads, with names."""
    folder = tmp_path_factory.mktemp("accounts")
    an_audit_of_accounts(folder, formats=EVERY)
    for audience in ("it", "leader"):
        made = mailaudit("accounts", "-p", "2026-10", "--audience", audience, cwd=folder)
        assert made.code == 0, made
    yield folder
    shutil.rmtree(folder)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_it_reads_how_many_there_are_and_where(written: Path) -> None:
    """And what was looked for, on which days."""
    ran = mailaudit("accounts", "--period", "2026-10", cwd=written)

    assert ran.code == 0
    assert ran.err == READING
    assert ran.out.splitlines() == [
        COUNTS,
        SIGN,
        "Span looked at: 17 Sep 2026 to 31 Oct 2026 (45 days), every day of it collected",
        *(f"{IT}{ending}" for ending in (".xlsx", ".docx", ".pdf")),
    ]


def test_heads_get_a_set_of_files_each(written: Path) -> None:
    ran = mailaudit("accounts", "--period", "2026-10", "--audience", "leader", cwd=written)

    assert ran.code == 0
    assert ran.out.splitlines()[-1] == f"2 units: {LEADER}"
    assert {path.name for path in (written / LEADER).iterdir()} == {
        f"{unit}{ending}" for unit in ("SNV", "SYT") for ending in (".xlsx", ".docx", ".pdf")
    }


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_only_their_owner_reads_the_files(written: Path) -> None:
    files = [path for path in (written / "reports").rglob("*") if path.is_file()]

    assert len(files) == 11
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_form_has_everybody_once_with_what_is_requested(written: Path) -> None:
    """As in Nghệ An's Phụ lục 1, by unit, numbered through; nobody else."""
    document = docx.Document(str(written / f"{IT}.docx"))
    form = next(table for table in document.tables if len(table.columns) == 6)
    rows = [[cell.text.strip() for cell in row.cells] for row in form.rows]

    assert rows[0] == [
        "No.", "Name", "Job title", "Office or unit", "Telephone", "What is requested",
    ]  # fmt: skip
    people = [row for row in rows[1:] if row[0].isdigit()]
    assert [row[0] for row in people] == [str(n) for n in range(1, 13)]
    asked = {
        "none": "Create a mailbox",
        "silent": "Lock the mailbox {box}",
        "gone": "Delete the mailbox {box}",
        "left": "Delete the mailbox {box}",
    }
    units = {"SNV": "Sở Nội vụ", "SNV-CC": "Chi cục Văn thư", "SYT": "Sở Y tế"}
    assert sorted(row[1:] for row in people) == sorted(
        [name(unit, role), "Chuyên viên", units[unit], "", text.format(box=address(unit, role))]
        for unit in units
        for role, text in asked.items()
    )
    assert [row[0] for row in rows if not row[0].isdigit()] == ["No.", "Sở Nội vụ", "Sở Y tế"]


def test_letter_is_laid_out_as_a_letter(written: Path) -> None:
    """No title; what it is about below the number; whom it is sent to (Nghị định 30/2020)."""
    ran = mailaudit("accounts", "-p", "2026-10", "--lang", "vi", "--out", "vi", cwd=written)
    assert ran.code == 0
    stem = written / "vi" / "mailaudit-2026-10-it-accounts"
    document = docx.Document(f"{stem}.docx")
    number = document.tables[0].rows[1].cells[0]
    about = "V/v đề nghị cấp mới, tạm khóa, xóa hộp thư điện tử công vụ"
    texts = [paragraph.text for paragraph in document.paragraphs if paragraph.text]

    assert [paragraph.text for paragraph in number.paragraphs][1:] == [about]
    assert number.paragraphs[0].text.startswith("Số:")
    assert texts[0] == "Kính gửi: Đơn vị quản lý, vận hành hệ thống thư điện tử công vụ"
    assert "1. Cấp mới hộp thư cho 3 người thuộc diện sử dụng nhưng chưa có hộp thư." in texts
    printed = squeezed(PdfReader(f"{stem}.pdf").pages[0].extract_text())
    assert squeezed(texts[0]) in printed
    assert squeezed(about) in printed
    assert "BÁOCÁO" not in printed
    assert "-Nhưtrên;-Lưu:VT." in printed


def test_workbook_counts_by_unit_and_says_what_it_rests_on(written: Path) -> None:
    book = openpyxl.load_workbook(written / f"{IT}.xlsx", data_only=True)
    assert book.sheetnames == ["Summary", "List", "Grounds"]
    summary = [[cell.value for cell in row] for row in book["Summary"].iter_rows()]

    assert [1, "Sở Nội vụ", 2, 2, 4, 8] in summary
    assert [2, "Sở Y tế", 1, 1, 2, 4] in summary
    grounds = str([[cell.value for cell in row] for row in book["Grounds"].iter_rows()])
    assert "logins do not count, for EWS does not show them" in grounds
    assert "not measured in each month of the span: 3" in grounds
    people = str([[cell.value for cell in row] for row in book["List"].iter_rows()])
    assert "No sign of use from 17 Sep 2026 to 31 Oct 2026; mails received: 2" in people
    assert "Left, first day without work 5 Oct 2026; the mailbox answered on 2 Nov 2026" in people
    assert "Last on the list of 2026-09; the mailbox answered then, on 2 Oct 2026" in people


def test_no_head_reads_of_people_of_another_unit(written: Path) -> None:
    """In no part of any of their files."""
    mine = {"SNV": ("SNV", "SNV-CC"), "SYT": ("SYT",)}
    for head, units in mine.items():
        for path in (written / LEADER).glob(f"{head}.*"):
            text = text_of(path)
            for unit in ("SNV", "SNV-CC", "SYT"):
                for role in PROPOSED:
                    assert (squeezed(name(unit, role)) in text) == (unit in units), (path, unit)
                if unit not in units:
                    assert unit.lower() + "@vidu.gov.vn" not in text
                    assert code(unit, "") not in text


def test_nobody_else_is_in_any_file(written: Path) -> None:
    """Those who are busy, on leave, or were not measured."""
    others = [role for role in ROLES if role not in (*PROPOSED, "busy")]
    for path in (written / "reports").rglob("mailaudit-*/*.*"):
        text = text_of(path)
        for unit in ("SNV", "SNV-CC", "SYT"):
            for role in (*others, *(f"busy{n}" for n in range(6, 12))):
                assert squeezed(name(unit, role)) not in text
                assert address(unit, role) not in text


def test_without_names_no_file_has_one(tmp_path: Path) -> None:
    """The form has staff codes and addresses, and the command says how to have names."""
    an_audit_of_accounts(tmp_path, names=False, formats=EVERY)
    for audience in ("it", "leader"):
        ran = mailaudit("accounts", "-p", "2026-10", "--audience", audience, cwd=tmp_path)
        assert ran.code == 0
        assert ran.err == READING + (
            "People stand by staff code and address; report.names = true names them.\n"
        )
    files = list((tmp_path / "reports").rglob("*.*x")) + list(tmp_path.rglob("*.pdf"))
    assert len(files) == 9
    for path in files:
        assert "NguyễnThị" not in text_of(path)
    assert code("SNV", "none") in text_of(tmp_path / f"{IT}.docx")
    assert address("SNV", "silent") in text_of(tmp_path / f"{IT}.docx")


def test_missing_month_is_named_and_nothing_is_locked(tmp_path: Path) -> None:
    an_audit_of_accounts(tmp_path, AUGUST, OCTOBER, formats=EVERY)
    ran = mailaudit("accounts", "-p", "2026-10", cwd=tmp_path)
    said = (
        "No mailbox is proposed for a lock: of the span from 17 Sep 2026 to 31 Oct 2026 (45 days)"
        " these days were not collected: 17 Sep 2026 to 30 Sep 2026."
    )

    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[:2] == ["2026-10, edition 1: to create 3, to lock 0, to delete 6.", said]
    for ending in (".docx", ".pdf", ".xlsx"):
        assert squeezed(said) in text_of(tmp_path / f"{IT}{ending}")


def test_months_without_people_are_named(tmp_path: Path) -> None:
    """Who left in one of them is found in none: the list says that somebody may be missing."""
    today = datetime.now(UTC).astimezone(SEPTEMBER.tz)
    kept = (today.year - SEPTEMBER.year) * 12 + today.month - SEPTEMBER.month
    an_audit_of_accounts(tmp_path, retention=f"months = {kept}")
    assert mailaudit("prune", "--apply", cwd=tmp_path).code == 0
    ran = mailaudit("accounts", "-p", "2026-10", cwd=tmp_path)
    said = (
        "People were removed from 2026-08: who has been on no list since, and whose mailbox is"
        " still there, is not proposed for deletion."
    )

    assert ran.out.splitlines()[:2] == [COUNTS, said]
    assert squeezed(said) in text_of(tmp_path / f"{IT}.xlsx")


def test_span_is_a_setting(tmp_path: Path) -> None:
    an_audit_of_accounts(tmp_path, accounts='dormant_after = "3 tháng"')
    ran = mailaudit("accounts", "-p", "2026-10", cwd=tmp_path)

    assert COUNTS in ran.out
    assert (
        "Span looked at: 1 Aug 2026 to 31 Oct 2026 (3 months), every day of it collected" in ran.out
    )


def test_later_month_and_a_thin_list_are_warned_of(tmp_path: Path) -> None:
    an_audit_of_accounts(tmp_path, SEPTEMBER)
    with SnapshotStore.at(tmp_path / "mailaudit.db") as store:
        collect(tmp_path, store, OCTOBER, ("SNV", "SNV-CC"))
    ran = mailaudit("accounts", "-p", "2026-10", "--audience", "leader", cwd=tmp_path)
    assert (
        "Sở Y tế: 12 of the 12 people listed in 2026-09 are no longer listed. Check that its list"
        " is complete before anything is deleted."
    ) in ran.out.splitlines()

    ran = mailaudit("accounts", "-p", "2026-09", cwd=tmp_path)
    assert (
        "A later month is stored: 2026-10. These lists are those of 2026-09; people may have come,"
        " gone, or used their mailboxes since."
    ) in ran.out.splitlines()


def test_files_of_units_that_nothing_is_proposed_of_any_more_go(tmp_path: Path) -> None:
    """And all of them where nothing is proposed of anybody."""
    an_audit_of_accounts(tmp_path)
    command = ("accounts", "-p", "2026-10", "--audience", "leader")
    ran = mailaudit(*command, cwd=tmp_path)
    assert {path.stem for path in (tmp_path / LEADER).iterdir()} == {"SNV", "SYT"}

    (tmp_path / "mailaudit.db").unlink()
    with SnapshotStore.at(tmp_path / "mailaudit.db") as store:
        for month in (AUGUST, SEPTEMBER, OCTOBER):
            collect(tmp_path, store, month, ("SYT",))
    ran = mailaudit(*command, cwd=tmp_path)
    assert ran.code == 0
    assert {path.stem for path in (tmp_path / LEADER).iterdir()} == {"SYT"}

    with SnapshotStore.at(tmp_path / "one.db") as store:
        collect(tmp_path, store, OCTOBER, ("SYT",))
    (tmp_path / "one.db").replace(tmp_path / "mailaudit.db")
    with (tmp_path / "mailaudit.toml").open("a", encoding="utf-8") as file:
        file.write("[rules]\nexempt_categories = ['công chức']\nin_scope_categories = []\n")
        file.write("left_statuses = []\n")
    ran = mailaudit(*command, cwd=tmp_path)
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "Nothing is proposed: no file was written."
    assert not (tmp_path / LEADER).exists()


def test_same_store_and_settings_give_the_same_bytes(written: Path) -> None:
    ran = mailaudit("accounts", "-p", "2026-10", "--out", "again", cwd=written)
    assert ran.code == 0
    for ending in (".xlsx", ".docx", ".pdf"):
        one, other = (written / folder / Path(f"{IT}{ending}").name for folder in
                      ("reports", "again"))  # fmt: skip
        assert one.read_bytes() == other.read_bytes()


def test_run_is_recorded(written: Path) -> None:
    with SnapshotStore.at(written / "mailaudit.db") as store:
        runs = [entry.run for entry in store.run_record()]

    assert {(run.command, run.period, run.made) for run in runs} == {
        ("accounts", "2026-10", "reports")
    }
    assert all(run.made_digest for run in runs)
