"""Builders for removals: months of planted people, and what of them is left in a file's bytes."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from store_builders import SOURCE, a_correction, outcomes_of

from mailaudit.model.correction import CorrectionKind
from mailaudit.model.period import Period
from mailaudit.model.removal import Alike, Sums
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.run_record import Made, Run
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import StaffState
from mailaudit.store import SnapshotStore

OCTOBER = Period(2026, 10)
NOW = datetime(2026, 11, 29, 3, tzinfo=UTC)
PLANTED = ("MaCan1", "can1@x.vn", "can1.cu@x.vn", "Nguyễn Văn Cần Xóa", "lãnh đạo phòng Cần")
OTHERS = ("MaKhac2", "khac2@x.vn", "Trần Thị Khác")


def planted_roster() -> Roster:
    """One to be removed, who is a head too; one who stays; and many."""
    units = (
        Unit("A", "Unit A", "G", None, "Nguyễn Văn Cần Xóa", "can1@x.vn"),
        Unit("B", "Unit B", "G", None, "Trần Thị Khác", "khac2@x.vn"),
        Unit("C", "Unit C", "G", None, "Lê Chỉ Làm Trưởng", "truong@x.vn"),
    )
    code, address, alias, name, title = PLANTED
    one = Staff(
        code, "A", address, name, "công chức", "ốm", None, None, "r:1", title, aliases=(alias,)
    )
    other = Staff("MaKhac2", "A", "khac2@x.vn", "Trần Thị Khác", row="r:2")
    many = tuple(Staff(f"K{n}", "B", f"{n}@x.vn", f"Người {n}", row=f"r:{n}") for n in range(60))
    return Roster(("G",), units, (one, other, *many), "d1")


def a_planted_store(file: Path, *months: Period) -> None:
    """Each month sealed, then corrected twice, with mails to the planted person and another."""
    with SnapshotStore.at(file) as store:
        for month in months or (OCTOBER,):
            at = month.end + timedelta(days=1)
            collection = store.begin(month, planted_roster(), SOURCE, now=at)
            collection.record(outcomes_of(collection.pending, month))
            collection.finish(at)
            for edition, person in enumerate(("MaCan1", "MaKhac2"), start=1):
                made = a_correction(person, CorrectionKind.JOB_TITLE, f"chức {person}", month=month)
                store.correct(month, edition, [made], now=at + timedelta(days=edition))


def sums_of(snapshot: Snapshot, keys: Collection[str] | None) -> Sums:
    """Everybody removed is regular: what the store keeps is not its own concern."""
    before = 0 if snapshot.removal is None else snapshot.removal.sums.people
    staff = snapshot.roster.staff
    gone = sum(keys is None or person.key in keys for person in staff) + before
    one = Alike("A", StaffState.MEASURED, regular=True, people=gone)
    return Sums("rules", None, (one,) if gone else ())


def run_of(period: str, edition: int, digest: str) -> Run:
    """The entry of the run record."""
    return Run(NOW.isoformat(), "officer", "forget", period, edition, Made.REMOVAL, digest, "0")


def traces(file: Path, texts: Collection[str] = PLANTED) -> list[str]:
    """Which of the texts stand in the bytes of the store, its log or its index."""
    found = []
    for path in file.parent.glob(f"{file.name}*"):
        content = path.read_bytes()
        found += [f"{path.name}: {text}" for text in texts if text.encode() in content]
    return found


def content_of(snapshot: Snapshot) -> Snapshot:
    """A snapshot without its seal."""
    return replace(snapshot, digest="", digest_version=2)
