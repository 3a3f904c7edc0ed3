"""A folder with three stored months in which somebody is to be proposed for each list."""

import zipfile
from datetime import date, timedelta
from pathlib import Path

from audit_folder import an_audit
from pypdf import PdfReader
from stored_months import SOURCE

from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.roster import read_roster
from mailaudit.store import SnapshotStore

AUGUST, SEPTEMBER, OCTOBER = (Period(2026, month) for month in (8, 9, 10))
UNITS = (
    "Mã đơn vị,Tên đơn vị,Nhóm,Mã đơn vị cấp trên\n"
    "SNV,Sở Nội vụ,Sở,\nSNV-CC,Chi cục Văn thư,Sở,SNV\nSYT,Sở Y tế,Sở,\nSTC,Sở Tài chính,Sở,\n"
)
HEADER = "Mã CBCCVC,Họ và tên,Mã đơn vị,Loại,Chức vụ,Hộp thư,Trạng thái,Từ ngày,Đến ngày\n"
# Of each unit: somebody without a mailbox, silent, gone, left, away and silent, not measured once.
ROLES = ("none", "silent", "gone", "left", "away", "failed", *(["busy"] * 6))
PROPOSED = ("none", "silent", "gone", "left")


def name(unit: str, role: str) -> str:
    return f"Nguyễn Thị {role.title()} {unit.title().replace('-', '')}"


def address(unit: str, role: str) -> str:
    return f"{role}.{unit.lower()}@vidu.gov.vn"


def code(unit: str, role: str) -> str:
    return f"CB-{unit}-{role}"


def an_audit_of_accounts(
    folder: Path,
    *months: Period,
    units: tuple[str, ...] = ("SNV", "SNV-CC", "SYT"),
    names: bool = True,
    formats: tuple[str, ...] = ("xlsx",),
    **tables: str,
) -> None:
    """A configuration, and a store with these months, or all three; nobody is in STC."""
    report = f'language = "en"\nnames = {str(names).lower()}\nformats = {list(formats)}'
    an_audit(folder, report=report, **tables)
    (folder / "units.csv").write_text(UNITS, "utf-8")
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        for month in months or (AUGUST, SEPTEMBER, OCTOBER):
            collect(folder, store, month, units)


def collect(folder: Path, store: SnapshotStore, month: Period, units: tuple[str, ...]) -> None:
    """Stores one month, cut off a day after its end."""
    at = month.end + timedelta(days=1, hours=9)
    rows = [row for unit in units for row in _rows(unit, month)]
    (folder / "roster.csv").write_text(HEADER + "\n".join(rows), "utf-8")
    roster, problems = read_roster(folder / "roster.csv", folder / "units.csv", month)
    assert problems == ()
    collection = store.begin(month, roster, SOURCE, now=at)
    outcomes: list[Outcome] = []
    for box in collection.pending:
        role = box.partition(".")[0]
        if role == "failed" and month == SEPTEMBER:
            outcomes.append(Unmeasured(box, at, Reason.TIMED_OUT))
            continue
        first = date(month.year, month.month, 5)
        day = DayActivity(first, received=2)
        if role in ("busy", "left"):
            day = DayActivity(first, sent=1, received=2, read=2)
        outcomes.append(Activity(box, at, (day,)))
    collection.record(outcomes)
    collection.finish(at)


def _rows(unit: str, month: Period) -> list[str]:
    rows = []
    for place, role in enumerate(ROLES):
        if role == "gone" and month == OCTOBER:
            continue
        status = {"left": "nghỉ hưu,05/10/2026,", "away": "thai sản,,"}.get(role, ",,")
        if role == "left" and month != OCTOBER:
            status = ",,"
        own = f"{role}{place}" if role == "busy" else role
        box = "" if role == "none" else f"{role}.{place}.{unit.lower()}@vidu.gov.vn"
        box = address(unit, role) if box and role != "busy" else box
        who = name(unit, own)
        rows.append(f"{code(unit, own)},{who},{unit},công chức,Chuyên viên,{box},{status}")
    return rows


def text_of(path: Path) -> str:
    """Everything a reader or a program finds in a file, white space left out."""
    if path.suffix == ".pdf":
        reader = PdfReader(path)
        found = "".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
    else:
        with zipfile.ZipFile(path) as package:
            found = "".join(package.read(part).decode() for part in package.namelist())
    return "".join(found.split())
