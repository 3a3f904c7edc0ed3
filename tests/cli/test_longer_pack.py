"""`mailaudit pack` and `verify` of a longer period: its months are in it, to check sums by."""

import csv
import json
import re
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from command_line import Ran, mailaudit
from looking_back import an_audit_to_look_back_on, collect
from packed_months import copy_of, members, verify
from test_longer_compare import MONTHS

from mailaudit.audit import Audited
from mailaudit.cli import packing
from mailaudit.cli.reporting import composed
from mailaudit.errors import UsageError
from mailaudit.evidence.archive import archive_of
from mailaudit.evidence.checksums import CHECKSUMS, checksums_of
from mailaudit.locale import language
from mailaudit.model.audience import Audience
from mailaudit.model.period import LongPeriod
from mailaudit.settings import load_settings
from mailaudit.store import SnapshotStore

PACK = "reports/mailaudit-2026-Q3-pack.zip"
CONFIG = ("--config", "mailaudit.toml", "--lang", "en")
SUMMED = (
    "In scope (1)",
    "Provided (2)",
    "Not measured (3)",
    "Accessed",
    "Sent mail",
    "Regular use (4)",
)


def pack(folder: Path, *arguments: str) -> Ran:
    return mailaudit("pack", "--lang", "en", *(arguments or ("--period", "2026-Q3")), cwd=folder)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quarter's store, its months published, and a pack of it."""
    folder = tmp_path_factory.mktemp("packed")
    an_audit_to_look_back_on(folder, *MONTHS[3:])
    ran = pack(folder)
    assert ran.code == 0, ran.err
    return folder


def table(content: bytes) -> list[dict[str, str]]:
    header, *rows = csv.reader(content.decode("utf-8-sig").splitlines())
    return [dict(zip(header, row, strict=True)) for row in rows]


def require_sums(rows: list[dict[str, str]]) -> dict[str, str]:
    """The whole of a ranking, of which groups and whole are the sums of their lines."""
    units = [row for row in rows if row["No."]]
    totals = [row for row in rows if row["Unit"] == "Group total"]
    [whole] = [row for row in rows if row["Unit"] == "GRAND TOTAL"]
    for column in SUMMED:
        for total in totals:
            own = [row for row in units if row["Group"] == total["Group"]]
            assert int(total[column]) == sum(int(row[column]) for row in own), column
        assert int(whole[column]) == sum(int(total[column]) for total in totals), column
    return whole


def test_sums_are_checked_with_the_pack_alone(packed: Path) -> None:
    """Of the quarter and of each month; the digest of the data is that of a file in it."""
    files = members((packed / PACK).read_bytes())
    require_sums(table(files["tables/ranking.csv"]))
    by_period = (
        {row["Period"]: row for row in table(files["tables/trend-periods.csv"])}
        if ("tables/trend-periods.csv" in files)
        else {row["Period"]: row for row in table(files["tables/summary-periods.csv"])}
    )
    data = json.loads(files["data.json"])
    assert sha256(files["months.txt"]).hexdigest() == data["sha256"]
    assert len(data["months"]) == 3
    lines = files["months.txt"].decode().splitlines()[1:]
    for month, line in zip(data["months"], lines, strict=True):
        own = f"months/{month['period']}"
        whole = require_sums(table(files[f"{own}/tables/ranking.csv"]))
        of_month = json.loads(files[f"{own}/data.json"])
        assert by_period[month["period"]]["Regular use (4)"] == whole["Regular use (4)"]
        assert (of_month["sha256"], of_month["edition"]) == (month["sha256"], month["edition"])
        assert line == f"{month['period']} 1 {month['cut_off_at']} {month['sha256']}"
    readme = files["README.txt"].decode()
    assert "Use of official mailboxes in 2026-Q3: pack for a review" in readme
    for name in files:
        assert readme.count(f"\n{name.partition('/')[0]}") >= 2 or name == "README.txt", name


def test_nobody_is_in_it(packed: Path) -> None:
    """Neither an address nor the figures of the unit of three."""
    for name, content in members((packed / PACK).read_bytes()).items():
        assert b"@vidu.gov.vn" not in content, name
        if name.endswith("ranking.csv"):
            assert "Trạm Kiểm định" not in content.decode("utf-8-sig"), name


def test_store_makes_it_again(packed: Path, tmp_path: Path) -> None:
    """In another folder the same bytes; verify bears it out, and says what the digest covers."""
    other = copy_of(packed, tmp_path / "other")
    assert pack(other, "--from", "2026-07-01", "--to", "2026-09-30", "--out", "again.zip").code == 0
    content = (packed / PACK).read_bytes()
    record = members(content)["run-record.json"], members((other / "again.zip").read_bytes())
    assert record[0] == record[1]["run-record.json"]
    assert (other / "again.zip").read_bytes() == content
    ran = verify(packed, PACK, *CONFIG)
    assert ran.code == 0, ran.out + ran.err
    assert (
        "  covers the editions that months.txt names for 2026-Q3, each by its own SHA-256, which"
        " only the store can show: --config"
    ) in ran.out.splitlines()
    assert ran.out.splitlines()[-1] == (
        "RESULT: the pack is untouched, and the store makes it again."
    )


def test_editions_of_then_are_used(packed: Path, tmp_path: Path) -> None:
    """A month collected anew since is named, and the pack is borne out nevertheless."""
    folder = copy_of(packed, tmp_path / "other")
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        collect(folder, store, MONTHS[4], renew=True, without="snv.0@vidu.gov.vn")
    ran = verify(folder, PACK, *CONFIG)
    assert "Edition 2 of 2026-08 has replaced edition 1, which the pack is of." in ran.out
    assert ran.code == 0, ran.out + ran.err


def test_flipped_byte_of_any_file_shows(packed: Path, tmp_path: Path) -> None:
    """One byte of each file, in turn, is one changed file."""
    shutil.copytree(packed / "reports", tmp_path / "reports")
    files = members((packed / PACK).read_bytes())
    for name in ("months.txt", "months/2026-08/data.json", "months/2026-09/tables/ranking.csv"):
        content = files[name]
        changed = {**files, name: content[:-2] + bytes([content[-2] ^ 1]) + content[-1:]}
        (tmp_path / PACK).write_bytes(archive_of(changed))
        ran = verify(tmp_path, PACK, "--lang", "en")
        assert ran.code == 7
        assert f"Changed: 1 files\n  {name}\n" in ran.out


@pytest.mark.parametrize(
    "change",
    [
        {"period": "2026-Q5"},
        {"period": "0001"},
        {"period": "2020-01-01–2026-09-30"},
        {"period": "2026-09"},
        {"months": []},
        {"months": [{"period": "2026-10", "edition": 1}]},
        {"months": [{"period": "2026-09", "edition": True}]},
        {"months": [{"period": "2026-09", "edition": 1}] * 4},
        {"months": ["2026-09"]},
        {"months": {"2026-09": 1}},
    ],
    ids=str,
)
def test_pack_that_says_nonsense_is_refused(
    packed: Path, tmp_path: Path, change: dict[str, object]
) -> None:
    """Its checksums fit, and yet it is none of ours."""
    files = members((packed / PACK).read_bytes())
    del files[CHECKSUMS]
    files["data.json"] = json.dumps(json.loads(files["data.json"]) | change).encode()
    files[CHECKSUMS] = checksums_of(files)
    (tmp_path / "pack.zip").write_bytes(archive_of(files))
    ran = verify(tmp_path, "pack.zip", "--lang", "en")
    assert ran.code == 7
    assert "it does not say of which month and for whom it is" in ran.err


def test_other_fault_of_a_month_leaves_none_out(
    packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A month is left out because it would give few people away, for no other reason."""
    folder = copy_of(packed, tmp_path / "other")

    def fails(settings: Any, register: Any, audited: Audited, *others: Any, **keys: Any) -> Any:
        if not audited.snapshot.months:
            raise UsageError("another fault")
        return composed(settings, register, audited, *others, **keys)

    monkeypatch.setattr(packing, "composed", fails)
    settings = load_settings(folder / "mailaudit.toml")
    with pytest.raises(UsageError, match="another fault"):
        packing.packed(
            settings,
            LongPeriod.part_of_year(2026, 3, 4, settings.organisation.timezone),
            Audience.PUBLIC,
            language("en"),
            despite_difference=False,
            record=b"",
        )


def test_unit_that_would_give_few_away_is_withheld_in_the_month(tmp_path: Path) -> None:
    """The quarter has its figures; one of it came in September, and so that month has none."""
    an_audit_to_look_back_on(tmp_path, *MONTHS[3:5])
    with SnapshotStore.at(tmp_path / "mailaudit.db") as store:
        collect(tmp_path, store, MONTHS[5], without="syt.19@vidu.gov.vn")
    ran = pack(tmp_path)
    assert ran.code == 0, ran.err
    files = members((tmp_path / PACK).read_bytes())
    for month in ("2026-07", "2026-08", "2026-09"):
        units = {row["Unit"] for row in table(files[f"months/{month}/tables/ranking.csv"])}
        assert ("Sở Y tế" in units) == (month != "2026-09"), month
    assert verify(tmp_path, PACK, *CONFIG).code == 0


@pytest.mark.slow
def test_unit_that_differs_by_few_from_what_was_published_is_left_out(tmp_path: Path) -> None:
    """September was corrected by one person after it was published: the figures of the person's
    unit are in no table of it."""
    an_audit_to_look_back_on(tmp_path, *MONTHS[3:])
    assert mailaudit("report", "--period", "2026-09", cwd=tmp_path).code == 0
    with SnapshotStore.at(tmp_path / "mailaudit.db") as store:
        collect(tmp_path, store, MONTHS[5], renew=True, without="snv.0@vidu.gov.vn")
    ran = pack(tmp_path)
    assert ran.code == 0, ran.err
    names = members((tmp_path / PACK).read_bytes())
    for month, is_shown in (("2026-08", True), ("2026-09", False)):
        tables = [
            names[name].decode("utf-8-sig")
            for name in names
            if name.startswith(f"months/{month}/tables/")
        ]
        lines = [line for table in tables for line in table.splitlines() if "Sở Nội vụ" in line]
        assert tables
        assert any(re.search(r",\d", line) for line in lines) is is_shown, lines
    assert verify(tmp_path, PACK, *CONFIG).code == 0
