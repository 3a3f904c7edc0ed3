"""`mailaudit pack`: one file with all a review needs, nobody in it who must not be."""

import csv
import json
import shutil
import stat
import subprocess
import sys
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from audit_folder import SECRET, an_audit
from command_line import mailaudit
from packed_months import OCTOBER, PACK, copy_of, members, pack, readable, two_months
from stored_months import SOURCE

from mailaudit.model.outcome import Activity, DayActivity, Reason, Unmeasured
from mailaudit.model.run_record import Made
from mailaudit.roster import read_roster
from mailaudit.store import SnapshotStore

ALL = 'formats = ["html", "xlsx", "docx", "pdf", "brief"]'
PLANTED = ("Đặng Ẩn Danh", "MẬT-", "bimat.", "Lò Thủ Trưởng", "truong.phong", "ỐmLiệt")


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_months(tmp_path_factory.mktemp("audited"))


def test_pack_is_checked_by_sha256sum_alone(audited: Path, tmp_path: Path) -> None:
    """Every file but the list itself is on it; README says what each is, in two languages."""
    folder = copy_of(audited, tmp_path / "a")
    ran = pack(folder, "--lang", "en")
    assert ran.code == 0, ran.err
    content = (folder / PACK).read_bytes()
    assert ran.out.splitlines()[-2:] == [
        f"{len(members(content))} files in {PACK}",
        f"SHA-256: {sha256(content).hexdigest()}",
    ]
    shutil.unpack_archive(folder / PACK, tmp_path / "unpacked")
    if tool := shutil.which("sha256sum"):
        command = [tool, "--strict", "-c", "SHA256SUMS"]
        done = subprocess.run(command, cwd=tmp_path / "unpacked", capture_output=True, text=True)
        assert done.returncode == 0
        assert done.stdout.count(": OK\n") == len(members(content)) - 1
        assert not done.stderr
    readme = (tmp_path / "unpacked" / "README.txt").read_text("utf-8")
    assert readme.startswith("Tình hình sử dụng hộp thư điện tử công vụ 2026-10, phiên bản 1:")
    assert "\nUse of official mailboxes in 2026-10, edition 1:" in readme
    for name in members(content):
        assert readme.count(f"\n{name.partition('/')[0]}") >= 2 or name == "README.txt", name


@pytest.mark.slow
def test_reports_in_it_are_those_that_report_writes(audited: Path, tmp_path: Path) -> None:
    """Byte by byte; the tables hold their figures; the newest entry of the run record is named."""
    folder = copy_of(audited, tmp_path / "a")
    assert mailaudit("report", "--period", "2026-10", "--out", "out", cwd=folder).code in (0, 6)
    assert pack(folder).code == 0
    files = members((folder / PACK).read_bytes())
    reports = {name: one for name, one in files.items() if name.startswith("reports/")}
    assert len(reports) == 3
    for name, content in reports.items():
        assert (folder / "out" / name.removeprefix("reports/")).read_bytes() == content

    rows = list(csv.reader(files["tables/ranking.csv"].decode("utf-8-sig").splitlines()))
    figures = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [(row["Nhóm"], row["Tên đơn vị"], row["Thuộc diện (1)"]) for row in figures] == [
        ("I. Sở", "Sở Nội vụ", "31"),
        ("I. Sở", "Sở Y tế", "20"),
        ("I. Sở", "Cộng nhóm", "51"),
        ("", "TỔNG CỘNG", "51"),
    ]
    assert [row["Chưa đo được (3)"] for row in figures] == ["0", "4", "4", "4"]
    assert figures[1]["Tỷ lệ thường xuyên % (4/(1−3))"] == "100"
    causes = files["tables/unmeasured-causes.csv"].decode("utf-8-sig")
    assert causes.splitlines()[1].startswith("1,Máy chủ không trả lời kịp,4,")
    data = json.loads(files["data.json"])
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        assert data["sha256"] == store.load(OCTOBER).digest
        (reported, _) = store.run_record()
    named = json.loads(files["run-record.json"])
    assert named == {"entry": 1, "sha256": reported.digest}
    assert data["earlier_months"] == [{"edition": 1, "period": "2026-09"}]
    assert json.loads(files["rules.json"])["min_read_share"] == "4/5"


@pytest.mark.slow
def test_same_store_gives_the_same_bytes(audited: Path, tmp_path: Path) -> None:
    """In another folder and with another name, and a second time of the store that recorded it."""
    first, second = copy_of(audited, tmp_path / "a"), copy_of(audited, tmp_path / "b")
    assert pack(first).code == pack(second, "--out", "other.zip").code == 0
    content = (first / PACK).read_bytes()
    assert (second / "other.zip").read_bytes() == content
    assert pack(first, "--out", "again.zip").code == 0
    assert (first / "again.zip").read_bytes() == content
    with SnapshotStore.at(first / "mailaudit.db") as store:
        made = [entry.run for entry in store.run_record()]
    digest = sha256(content).hexdigest()
    assert [(run.command, run.made, run.made_digest) for run in made] == [
        ("pack", Made.PACK, digest)
    ] * 2


@pytest.mark.slow
def test_pack_is_for_the_public_unless_asked(audited: Path, tmp_path: Path) -> None:
    """Whatever the configuration says; others are for their owner's eyes alone."""
    folder = copy_of(audited, tmp_path / "a")
    config = folder / "mailaudit.toml"
    text = config.read_text("utf-8").replace(
        'formats = ["html"]', 'formats = ["html"]\naudience = "it"'
    )
    config.write_text(text, "utf-8")
    assert pack(folder).code == 0
    assert (
        json.loads(members((folder / PACK).read_bytes())["settings.json"])["audience"] == "public"
    )
    assert pack(folder, "--audience", "it").code == 0
    private = folder / "reports" / "mailaudit-2026-10-it-pack.zip"
    assert b"vp1@vidu.gov.vn" in private.read_bytes()
    if sys.platform != "win32":
        assert stat.S_IMODE(private.stat().st_mode) == 0o600


def a_planted_province(folder: Path) -> None:
    """Staff, heads and absences with words that stand nowhere else."""
    an_audit(folder, report=ALL)
    (folder / "units.csv").write_text(
        "Mã đơn vị,Tên đơn vị,Nhóm,Thủ trưởng,Email thủ trưởng\n"
        + "".join(
            f"D{n},Sở số {n},Sở,Lò Thủ Trưởng {n},truong.phong{n}@vidu.gov.vn\n" for n in range(4)
        ),
        "utf-8",
    )
    rows = [
        f"MẬT-{n},Đặng Ẩn Danh {n},D{n % 4},công chức,bimat.{n}@vidu.gov.vn,{'ỐmLiệt' * (n == 9)}"
        for n in range(43)
    ]
    header = "Mã CBCCVC,Họ và tên,Mã đơn vị,Loại,Hộp thư,Trạng thái\n"
    (folder / "roster.csv").write_text(header + "\n".join(rows), "utf-8")
    at = OCTOBER.end + timedelta(days=1)
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        roster, _ = read_roster(folder / "roster.csv", folder / "units.csv", OCTOBER)
        assert [unit.head_name for unit in roster.units] == [f"Lò Thủ Trưởng {n}" for n in range(4)]
        collection = store.begin(OCTOBER, roster, SOURCE, now=at)
        days = tuple(DayActivity(day, sent=1) for day in OCTOBER.days())
        collection.record(
            [
                Unmeasured(box, at, Reason.TIMED_OUT, f"of {box}")
                if n % 9 == 0
                else Activity(box, at, days[: 3 + n % 20])
                for n, box in enumerate(collection.pending)
            ]
        )
        collection.finish(at)


@pytest.mark.slow
def test_public_pack_holds_nobody(tmp_path: Path) -> None:
    """No name, address or code of staff or heads, no absence, no secret, in any part of any file;
    the pack for the IT department has them, so the search finds what is there."""
    a_planted_province(tmp_path)
    ran = pack(tmp_path)
    assert ran.code in (0, 6), ran.err
    found = {name: readable(one) for name, one in members((tmp_path / PACK).read_bytes()).items()}
    assert {name.rpartition(".")[2] for name in found} >= {"html", "xlsx", "docx", "pdf", "png"}
    for name, text in found.items():
        for planted in (*PLANTED, SECRET, "svc"):
            assert planted.casefold() not in (name + text).casefold(), (name, planted)

    assert pack(tmp_path, "--audience", "it").code == 0
    private = tmp_path / "reports" / "mailaudit-2026-10-it-pack.zip"
    texts = "".join(readable(one) for one in members(private.read_bytes()).values())
    assert "bimat.9@" in texts
    assert SECRET not in texts


@pytest.mark.slow
def test_pack_that_differs_by_few_people_is_refused(audited: Path, tmp_path: Path) -> None:
    """Like the report it holds; no file, no entry in the run record."""
    folder = copy_of(audited, tmp_path / "a")
    assert pack(folder).code == 0
    before = (folder / PACK).read_bytes()
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        retry = store.retry(OCTOBER, SOURCE, now=OCTOBER.end + timedelta(days=2))
        assert retry is not None
        at = OCTOBER.end + timedelta(days=2)
        box, *others = retry.pending
        day = DayActivity(next(iter(OCTOBER.days())), sent=1)
        retry.record([Activity(box, at, (day,))])
        retry.record([Unmeasured(other, at, Reason.TIMED_OUT, "") for other in others])
        retry.finish(at)
    ran = pack(folder)
    assert ran.code == 2
    assert "Báo cáo này và số liệu đã công bố chênh nhau" in ran.err
    assert (folder / PACK).read_bytes() == before
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        assert len(store.run_record()) == 1
    assert pack(folder, "--despite-difference").code == 0
    assert json.loads(members((folder / PACK).read_bytes())["data.json"])["edition"] == 2
