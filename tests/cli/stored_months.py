"""A folder with months already collected, for commands that report on them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

from audit_folder import an_audit

from mailaudit.model.outcome import Activity, DayActivity, Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.snapshot import SourceInfo
from mailaudit.roster import read_roster
from mailaudit.store import SnapshotStore

SOURCE = SourceInfo("ews", "mail.vidu.gov.vn", "Exchange2016", "svc")
UNITS = (
    "Mã đơn vị,Tên đơn vị,Nhóm,Mã đơn vị cấp trên\n"
    "SNV,Sở Nội vụ,Sở,\nSNV/VP,Văn phòng Sở,Sở,SNV\nSNV-CC,Chi cục,Sở,SNV\nSYT,Sở Y tế,Sở,\n"
)
LAST_QUIET_DAY = 8
SIZES = {"SNV": 5, "SNV/VP": 12, "SNV-CC": 14, "SYT": 20}


def an_audit_of(
    folder: Path,
    *months: tuple[Period, datetime],
    mail: bool = True,
    measured: int | None = None,
    quiet: Collection[str] = (),
    sizes: Mapping[str, int] = SIZES,
    units: str = UNITS,
    report: str = 'formats = ["html"]',
    **tables: str,
) -> None:
    """A configuration and a store with these months, each collected at its instant.

    Everybody sent mail on every day, the mailboxes `quiet` on the first five working days only.

    Args:
        mail: Whether anybody sent any.
        measured: How many mailboxes are measured; None for all.
    """
    an_audit(folder, report=report, **tables)
    (folder / "units.csv").write_text(units, "utf-8")
    rows = [
        f"{code[-2:]}{n}@vidu.gov.vn,{code}" for code, size in sizes.items() for n in range(size)
    ]
    (folder / "roster.csv").write_text("mailbox,Mã đơn vị\n" + "\n".join(rows), "utf-8")
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        for month, at in months:
            roster, _ = read_roster(folder / "roster.csv", folder / "units.csv", month)
            collection = store.begin(month, roster, SOURCE, now=at)
            days = tuple(DayActivity(day, sent=1) for day in month.days()) if mail else ()
            few = tuple(day for day in days if day.day.day <= LAST_QUIET_DAY)
            boxes = collection.pending
            collection.record(
                [
                    Activity(box, at, few if box.casefold() in quiet else days)
                    for box in boxes[:measured]
                ]
            )
            collection.record(
                [
                    Unmeasured(box, at, Reason.TIMED_OUT, "")
                    for box in boxes[len(boxes[:measured]) :]
                ]
            )
            collection.finish(at)
