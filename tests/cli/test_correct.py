"""mailaudit correct: the effect shown, the next edition, its documents; and what is refused."""

import sqlite3
import stat
import sys
import zipfile
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from command_line import Ran, mailaudit
from corrected_months import (
    OCTOBER,
    SIZES,
    a_corrected_audit,
    a_list,
    a_row,
    address,
    code,
    leaving,
)
from stored_months import SOURCE

from mailaudit.model.outcome import Activity, Reason, Unmeasured
from mailaudit.model.roster import Staff
from mailaudit.model.snapshot import Snapshot
from mailaudit.store import SnapshotStore

EVERY_KIND = (
    a_row(code("SYT", 1), "trạng thái", "thai sản", dates="01/09/2026,"),
    a_row(code("SYT", 2), "trạng thái", "ốm", dates="01/10/2026,09/10/2026"),
    a_row(code("SYT", 3), "đơn vị", "Sở Nội vụ"),
    a_row(address("SNV", 1), "hộp thư", "moi@vidu.gov.vn"),
    a_row(address("SNV", 2), "hộp thư", "chưa có"),
    a_row(code("SNV", 4), "không thuộc danh sách"),
    a_row(code("STC", 1), "loại", "Hợp đồng lao động"),
    a_row(code("STC", 2), "đã nghỉ", dates="12/10/2026,"),
    a_row(code("STC", 4), "đã nghỉ", "nghỉ hưu", dates="01/12/2026,"),
    a_row(code("BDT", 1), "chức vụ", "Lái xe"),
)


def stored(folder: Path, edition: int | None = None) -> Snapshot:
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        return store.load(OCTOBER, edition)


def correct(folder: Path, *arguments: str, language: str = "en") -> Ran:
    return mailaudit("correct", "corrections.csv", "--lang", language, *arguments, cwd=folder)


def counted(snapshot: Snapshot, *, exempt_titles: tuple[str, ...] = ()) -> dict[str, Counter[str]]:
    """Staff, in scope, measured and regular of each unit, counted one by one by the plain rules.

    October has 22 working days; eleven of them away exclude, and the cut-off was 2 November.
    """

    def is_out(person: Staff) -> bool:
        since, until = person.status_from or date.min, person.status_to or date.max
        if person.category.casefold() == "hợp đồng lao động":
            return True
        if person.job_title.casefold() in exempt_titles:
            return True
        if person.status in ("thai sản", "ốm"):
            away = [d for d in OCTOBER.days() if d.weekday() < 5 and since <= d <= until]
            return len(away) >= 11
        return person.status in ("thôi việc", "nghỉ hưu") and since <= OCTOBER.last_day

    found = {unit.code: Counter[str]() for unit in snapshot.roster.units}
    for person in snapshot.roster.staff:
        counts = found[person.unit_code]
        counts["staff"] += 1
        if is_out(person):
            continue
        counts["in_scope"] += 1
        outcome = snapshot.outcomes.get(person.mailbox or "")
        if isinstance(outcome, Activity):
            counts["measured"] += 1
            counts["regular"] += bool(outcome.days)
        elif isinstance(outcome, Unmeasured):
            counts["unmeasured"] += 1
    return found


def printed(file: Path) -> dict[str, dict[str, object]]:
    """The cells of each unit in the first sheet of a comparison, by the labels of its columns."""
    book = openpyxl.load_workbook(file, data_only=True)
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    header = next(row for row in rows if row[0] in ("No.", "STT"))
    return {
        str(row[1]): dict(zip(map(str, header), row, strict=True))
        for row in rows[rows.index(header) + 1 :]
        if row[1] is not None
    }


def texts_of(file: Path) -> str:
    """Everything in a package of Office, markup included."""
    with zipfile.ZipFile(file) as package:
        return "\n".join(
            package.read(name).decode("utf-8", "replace") for name in package.namelist()
        )


def test_effect_is_shown_and_nothing_changed(tmp_path: Path) -> None:
    """Every unit that changes, before and after; the whole; how to go on."""
    a_corrected_audit(tmp_path)
    a_list(tmp_path, *EVERY_KIND, a_row("x", "loại", "y", month="2026-09"))
    before, content = stored(tmp_path), (tmp_path / "mailaudit.db").read_bytes()
    ran = correct(tmp_path, "--period", "2026-10")
    assert ran.code == 0, ran.err
    lines = [line.split() for line in ran.out.splitlines()]
    assert ran.out.startswith(
        "corrections.csv: 10 corrections to make in 2026-10, 0 made already, 1 of other months.\n"
    )
    assert lines[3][:7] == ["Sở", "Tài", "chính", "30", "30", "→", "28"]
    assert lines[4][:9] == ["Sở", "Y", "tế", "24", "→", "23", "24", "→", "22"]
    assert lines[5][:5] == ["Sở", "Nội", "vụ", "20", "20"]
    assert lines[6] == ["too", "little", "data"]  # of the unit above
    assert lines[7][:8] == ["ALL", "UNITS", "77", "→", "76", "77", "→", "73"]
    assert ran.out.splitlines()[8] == "Units that do not change: 1."
    assert (
        "1 corrected mailboxes were never asked, and count as not measured. To ask them once the"
        " corrections are made: mailaudit collect --period 2026-10 --retry-unmeasured"
    ) in ran.err
    assert (
        "Nothing was changed. To make edition 2: mailaudit correct corrections.csv"
        " --period 2026-10 --apply"
    ) in ran.err
    assert stored(tmp_path) == before
    assert (tmp_path / "mailaudit.db").read_bytes() == content
    assert not (tmp_path / "reports").exists()


def test_every_kind_counts_as_it_should(tmp_path: Path) -> None:
    """The documents print what one counts by hand in both editions, of every unit."""
    a_corrected_audit(tmp_path, report="names = true")
    a_list(tmp_path, *EVERY_KIND)
    ran = correct(tmp_path, "--apply", language="vi")
    assert ran.code == 0, ran.err
    before, after = counted(stored(tmp_path, 1)), counted(stored(tmp_path))
    assert after["SYT"] - before["SYT"] == Counter()
    assert {unit: (counts["staff"], counts["in_scope"]) for unit, counts in after.items()} == {
        "SNV": (20, 20),  # one came, one went
        "SYT": (23, 22),  # one on leave; seven days of illness exclude nobody
        "STC": (30, 28),  # a contract, one left; who leaves in December is still there
        "BDT": (3, 3),  # a driver is exempt only where the rules say so
    }
    rows = printed(tmp_path / "reports" / "mailaudit-2026-10-it-corrections-2.xlsx")
    for name, unit in (("Sở Nội vụ", "SNV"), ("Sở Y tế", "SYT"), ("Sở Tài chính", "STC")):
        for label, figure in (
            ("Tổng số CBCCVC", "staff"),
            ("Thuộc diện", "in_scope"),
            ("Đo được", "measured"),
            ("Thường xuyên", "regular"),
        ):
            line = rows[name]
            found = (line[f"{label}, trước"], line[f"{label}, sau"])
            assert found == (before[unit][figure], after[unit][figure]), (name, label)
        judged = after[unit]["in_scope"] - after[unit]["unmeasured"]
        rate = Fraction(after[unit]["regular"], judged) * 100
        assert rows[name]["Tỷ lệ %, sau"] == pytest.approx(float(rate))
    whole = rows["TẤT CẢ ĐƠN VỊ"]
    assert (whole["Tổng số CBCCVC, trước"], whole["Tổng số CBCCVC, sau"]) == (77, 76)
    assert sum(SIZES.values()) == 77
    assert stored(tmp_path).outcomes["moi@vidu.gov.vn"] == Unmeasured(
        "moi@vidu.gov.vn", stored(tmp_path).sealed_at or pytest.fail("sealed"), Reason.NOT_ASKED
    )


@pytest.mark.slow
def test_documents_name_people_to_those_who_may_know(tmp_path: Path) -> None:
    """The IT department's have each row; names only with report.names; for their owner alone."""
    a_corrected_audit(tmp_path)
    a_list(tmp_path, *EVERY_KIND)
    ran = correct(tmp_path, "--apply", language="vi")
    files = sorted(path.name for path in (tmp_path / "reports").iterdir())
    assert files == [
        "mailaudit-2026-10-it-corrections-2.docx",
        "mailaudit-2026-10-it-corrections-2.xlsx",
    ]
    assert "Không lập bảng đối chiếu công khai" in ran.err
    for name in files:
        file = tmp_path / "reports" / name
        text = texts_of(file)
        assert all(part in text for part in ("moi@vidu.gov.vn", "CV 12/SNV", "thai sản"))
        assert "Người Tên" not in text
        if sys.platform != "win32":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    config = tmp_path / "mailaudit.toml"
    config.write_text(
        config.read_text("utf-8").replace("[report]", "[report]\nnames = true"), "utf-8"
    )
    assert correct(tmp_path, "--apply", language="vi").code == 0
    assert all("Người Tên SYT1" in texts_of(tmp_path / "reports" / name) for name in files)


@pytest.mark.slow
def test_same_list_again_changes_nothing_and_says_so(tmp_path: Path) -> None:
    """The same edition, the same bytes of the same documents; new rows make the next edition."""
    a_corrected_audit(tmp_path)
    a_list(tmp_path, *EVERY_KIND)
    assert correct(tmp_path, "--apply").code == 0
    after = stored(tmp_path)
    contents = {path: path.read_bytes() for path in (tmp_path / "reports").iterdir()}
    for path in contents:
        path.unlink()
    ran = correct(tmp_path, "--apply")
    assert ran.code == 0, ran.err
    assert "0 corrections to make in 2026-10, 10 made already" in ran.out
    assert "Everything in the list is made already: nothing changes." in ran.out
    assert stored(tmp_path) == after
    assert {path: path.read_bytes() for path in (tmp_path / "reports").iterdir()} == contents
    a_list(tmp_path, *EVERY_KIND, a_row(code("SYT", 9), "loại", "hợp đồng lao động"))
    ran = correct(tmp_path, "--apply")
    assert "1 corrections to make in 2026-10, 10 made already" in ran.out
    third = stored(tmp_path)
    assert (third.edition, len(third.corrections)) == (3, 11)
    assert third.corrections[:10] == after.corrections
    assert stored(tmp_path, 2) == after


@pytest.mark.slow
def test_comparison_of_a_replaced_edition_says_so(tmp_path: Path) -> None:
    """Made again after another list made the next edition."""
    a_corrected_audit(tmp_path)
    for number, mark in ((1, False), (2, False), (1, True)):
        a_list(tmp_path, *leaving("BDT", [number]))
        assert correct(tmp_path, "--apply").code == 0
        document = tmp_path / "reports" / f"mailaudit-2026-10-it-corrections-{number + 1}.docx"
        with zipfile.ZipFile(document) as package:
            text = package.read("word/document.xml").decode()
        assert ("REPLACED BY EDITION 3" in text) is mark
        for file in (tmp_path / "reports").iterdir():
            file.unlink()


@pytest.mark.slow
def test_reports_say_what_the_month_was_corrected_by(tmp_path: Path) -> None:
    """Everybody reads from which edition; the IT department each of them, and how many."""
    a_corrected_audit(tmp_path)
    a_list(tmp_path, *EVERY_KIND)
    assert correct(tmp_path, "--apply").code == 0
    pages = {}
    for audience in ("public", "it"):
        given = ("--period", "2026-10", "--audience", audience, "--lang", "en")
        ran = mailaudit("report", *given, cwd=tmp_path)
        assert ran.code in (0, 6), ran.err
        name = "mailaudit-2026-10.html" if audience == "public" else "mailaudit-2026-10-it.html"
        pages[audience] = (tmp_path / "reports" / name).read_text("utf-8")
    assert "10; corrected from edition 1" in pages["it"]
    assert "corrected from edition 1" in pages["public"]
    assert "10; corrected" not in pages["public"]
    assert "Corrections of the staff list" in pages["it"]
    assert "moi@vidu.gov.vn" in pages["it"]
    for secret in ("moi@vidu.gov.vn", "Corrections of the staff list", "CV 12/SNV"):
        assert secret not in pages["public"]


def test_comparison_of_many_people_is_for_the_public_without_people(tmp_path: Path) -> None:
    """Units before and after, and how many were corrected in what; what somebody wrote is not."""
    planted = "Nguyễn Thị Bí Mật"
    a_corrected_audit(tmp_path)
    rows = [
        a_row(code("STC", n), "loại", "hợp đồng lao động", reason=planted, document=planted)
        for n in range(8, 20)
    ]
    moved = [a_row(code("SYT", n), "đơn vị", "SNV", reason=planted) for n in (1, 2, 3, 4, 5, 6)]
    a_list(tmp_path, *rows, *moved)
    ran = correct(tmp_path, "--apply", language="vi")
    assert ran.code == 0, ran.err
    assert "công khai" not in ran.err
    reports = tmp_path / "reports"
    assert {path.name for path in reports.iterdir()} == {
        f"mailaudit-2026-10{it}-corrections-2.{kind}"
        for it in ("", "-it")
        for kind in ("xlsx", "docx")
    }
    for kind in ("xlsx", "docx"):
        public = texts_of(reports / f"mailaudit-2026-10-corrections-2.{kind}")
        assert planted in texts_of(reports / f"mailaudit-2026-10-it-corrections-2.{kind}")
        for secret in (planted, "@vidu", "STC08", "Người Tên", "Giám đốc", "Tổng số CBCCVC"):
            assert secret not in public, secret
        assert "Nội dung được đính chính" in public
    before, after = counted(stored(tmp_path, 1)), counted(stored(tmp_path))
    lines = printed(reports / "mailaudit-2026-10-corrections-2.xlsx")
    for name, unit in (("Sở Nội vụ", "SNV"), ("Sở Y tế", "SYT"), ("Sở Tài chính", "STC")):
        for label, figure in (("Thuộc diện", "in_scope"), ("Thường xuyên", "regular")):
            line = lines[name]
            found = (line[f"{label}, trước"], line[f"{label}, sau"])
            assert found == (before[unit][figure], after[unit][figure])
    assert "Ban Dân tộc" not in lines  # three people
    with SnapshotStore.at(tmp_path / "mailaudit.db") as store:
        assert [record.edition for record in store.published(OCTOBER)] == [1, 2]


@pytest.mark.slow
def test_comparison_of_few_people_is_for_the_public_only_where_it_is_asked_for(
    tmp_path: Path,
) -> None:
    a_corrected_audit(tmp_path)
    a_list(tmp_path, *leaving("STC", [8]))
    ran = correct(tmp_path, "--apply")
    assert (
        "No comparison for the public: the editions differ in the figures of fewer than 5 people,"
        " who could be identified. --despite-difference writes it."
    ) in ran.err
    public = tmp_path / "reports" / "mailaudit-2026-10-corrections-2.xlsx"
    assert not public.exists()
    with SnapshotStore.at(tmp_path / "mailaudit.db") as store:
        assert store.published(OCTOBER) == []
    assert correct(tmp_path, "--apply", "--despite-difference").code == 0
    assert public.exists()


def test_help_has_an_example_and_init_a_list(tmp_path: Path) -> None:
    """The list that init writes fits the staff list that init writes."""
    ran = mailaudit("correct", "--help", cwd=tmp_path)
    assert "Example: mailaudit correct corrections.csv --config mailaudit.toml" in ran.out
    assert mailaudit("init", ".", cwd=tmp_path).code == 0
    text = (tmp_path / "corrections.csv").read_text("utf-8-sig").splitlines()
    assert text[0].startswith("Tháng,Hộp thư hoặc mã CBCCVC,Nội dung sai")
    assert text[1].split(",")[1] in (tmp_path / "roster.csv").read_text("utf-8")


WRONG = {
    "no file": (
        (),
        ("none.csv",),
        3,
        "There is no list none.csv. Check the name and the folder",
    ),
    "several months": (
        (a_row("SNV01", "loại", "viên chức"), a_row("x", "loại", "y", month="2026-09")),
        ("corrections.csv",),
        2,
        "corrections.csv has corrections of several months: 2026-09, 2026-10. Name one of them with"
        " --period; one month is corrected at a time.",
    ),
    "another month": (
        (a_row("SNV01", "loại", "viên chức"),),
        ("corrections.csv", "--period", "2026-09"),
        2,
        "corrections.csv has no correction of 2026-09. It has some of 2026-10: name one of them"
        " with --period.",
    ),
    "no month": (
        (a_row("SNV01", "loại", "viên chức"),),
        ("corrections.csv", "--period", "10-2026"),
        2,
        "--period 10-2026 is not a month. Write year and month as in",
    ),
    "month that has not begun": (
        (a_row("SNV01", "loại", "viên chức"),),
        ("corrections.csv", "--period", "2999-01"),
        2,
        "--period 2999-01 has not begun yet.",
    ),
    "month not stored": (
        (a_row("SNV01", "loại", "viên chức", month="2026-08"),),
        ("corrections.csv",),
        5,
        "has no snapshot of 2026-08. Collect it first: mailaudit collect --period 2026-08",
    ),
    "unknown person": (
        (a_row("snv00@vidu.gov.v", "loại", "viên chức"),),
        ("corrections.csv", "--apply"),
        3,
        "1 rows of corrections.csv can't be used as they stand:\n  corrections.csv:2 (B2): \""
        'snv00@vidu.gov.v" is nobody on the staff list of the month; did you mean'
        " snv00@vidu.gov.vn",
    ),
    "one of two rows": (
        (a_row("SNV01", "loại", "viên chức"), a_row("SNV02", "đơn vị", "SNVV")),
        ("corrections.csv", "--apply"),
        3,
        'corrections.csv:3 (D3): the month has no unit "SNVV"; did you mean SNV (Sở Nội vụ)?',
    ),
    "no list": ((), (), 2, "FILE is missing."),
    "no configuration": (
        (a_row("SNV01", "loại", "viên chức"),),
        ("corrections.csv", "--config", "none.toml"),
        3,
        "none.toml",
    ),
}


@pytest.fixture(scope="module")
def october(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month that no test changes."""
    folder = tmp_path_factory.mktemp("october")
    a_corrected_audit(folder)
    return folder


@pytest.mark.parametrize(
    ("rows", "arguments", "exit_code", "text"), WRONG.values(), ids=list(WRONG)
)
def test_wrong_input_is_named_and_changes_nothing(
    october: Path, rows: tuple[str, ...], arguments: tuple[str, ...], exit_code: int, text: str
) -> None:
    a_list(october, *rows)
    ran = mailaudit("correct", *arguments, "--lang", "en", cwd=october)
    assert (ran.code, ran.out) == (exit_code, "")
    assert text in ran.err
    assert stored(october).edition == 1
    assert not (october / "reports").exists()


def test_changed_edition_is_not_corrected(tmp_path: Path) -> None:
    """5, by the seal."""
    a_corrected_audit(tmp_path)
    with closing(sqlite3.connect(tmp_path / "mailaudit.db")) as connection:
        connection.execute("DROP TRIGGER staff_update_sealed")
        connection.execute("UPDATE staff SET category = 'x' WHERE key = 'SNV03'")
        connection.commit()
    a_list(tmp_path, a_row("SNV01", "loại", "viên chức"))
    ran = correct(tmp_path, "--apply")
    assert ran.code == 5
    assert "was changed after it was sealed" in ran.err


def test_wrong_wording_stops_before_anything_is_made(tmp_path: Path) -> None:
    """3, and not after the edition is sealed."""
    a_corrected_audit(tmp_path)
    with (tmp_path / "mailaudit.toml").open("a", encoding="utf-8") as config:
        config.write('[annex]\nwording = "none.txt"\n')
    a_list(tmp_path, a_row("SNV01", "loại", "viên chức"))
    ran = correct(tmp_path, "--apply", language="vi")
    assert ran.code == 3
    assert "none.txt" in ran.err
    assert stored(tmp_path).edition == 1


def test_effect_is_shown_but_not_made_while_another_process_collects(tmp_path: Path) -> None:
    """5: one writer at a time."""
    a_corrected_audit(tmp_path)
    a_list(tmp_path, a_row("SNV01", "loại", "hợp đồng lao động"))
    november = OCTOBER.shifted(1)
    with SnapshotStore.at(tmp_path / "mailaudit.db") as store:
        store.begin(november, store.load(OCTOBER).roster, SOURCE, now=november.end)
        assert correct(tmp_path).code == 0
        ran = correct(tmp_path, "--apply")
        assert ran.code == 5
        assert "Another mailaudit is collecting into mailaudit.db" in ran.err
        assert store.load(OCTOBER).edition == 1


def test_made_correction_that_no_longer_fits_is_named_again(tmp_path: Path) -> None:
    """The month was counted with a list without the person."""
    a_corrected_audit(tmp_path)
    a_list(tmp_path, a_row("SNV01", "loại", "hợp đồng lao động"))
    assert correct(tmp_path, "--apply").code == 0
    with SnapshotStore.at(tmp_path / "mailaudit.db") as store:
        roster = store.load(OCTOBER).roster
        staff = tuple(person for person in roster.staff if person.key != "SNV01")
        now = OCTOBER.shifted(1).end
        collection = store.renew(OCTOBER, replace(roster, staff=staff), SOURCE, now=now)
        collection.record([Unmeasured(box, now, Reason.TIMED_OUT) for box in collection.pending])
        collection.finish(now)
    ran = correct(tmp_path)
    assert ran.code == 0
    assert "0 corrections to make in 2026-10, 1 made already" in ran.out
    assert "The correction of SNV01 (corrections.csv:2) does not fit today's staff list" in ran.err
