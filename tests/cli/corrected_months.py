"""A folder with a sealed month of named people, and lists of corrections to it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from audit_folder import an_audit
from stored_months import SOURCE

from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.roster import read_roster
from mailaudit.store import SnapshotStore

OCTOBER = Period(2026, 10)
AFTER = datetime(2026, 11, 2, 1, tzinfo=UTC)
HEADER = (
    "Tháng,Hộp thư hoặc mã CBCCVC,Nội dung sai,Giá trị đúng,Từ ngày,Đến ngày,Lý do,Văn bản,"
    "Người duyệt,Ngày duyệt"
)
SIZES = {"SNV": 20, "SYT": 24, "STC": 30, "BDT": 3}
UNITS = (
    "Mã đơn vị,Tên đơn vị,Nhóm\nSNV,Sở Nội vụ,Sở\nSYT,Sở Y tế,Sở\nSTC,Sở Tài chính,Sở\n"
    "BDT,Ban Dân tộc,Sở\n"
)


def code(unit: str, number: int) -> str:
    return f"{unit}{number:02}"


def address(unit: str, number: int) -> str:
    return f"{code(unit, number).lower()}@vidu.gov.vn"


def a_corrected_audit(folder: Path, *, report: str = "", at: datetime = AFTER) -> None:
    """October, sealed: of each unit every third person is silent, and one was not measured."""
    an_audit(folder, report=f'formats = ["html"]\n{report}')
    (folder / "units.csv").write_text(UNITS, "utf-8")
    lines = ["Mã CBCCVC,Họ và tên,Mã đơn vị,Loại,Hộp thư"]
    lines += [
        f"{code(unit, n)},Người Tên {unit}{n},{unit},công chức,{address(unit, n)}"
        for unit, size in SIZES.items()
        for n in range(size)
    ]
    (folder / "roster.csv").write_text("\n".join(lines) + "\n", "utf-8")
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        roster, _ = read_roster(folder / "roster.csv", folder / "units.csv", OCTOBER)
        collection = store.begin(OCTOBER, roster, SOURCE, now=at)
        collection.record([outcome_of(n, box, at) for n, box in enumerate(collection.pending)])
        collection.finish(at)


def outcome_of(number: int, mailbox: str, at: datetime) -> Outcome:
    if number % 25 == 7:
        return Unmeasured(mailbox, at, Reason.TIMED_OUT, "")
    days = tuple(DayActivity(day, sent=1) for day in OCTOBER.days())
    return Activity(mailbox, at, days if number % 3 else ())


def a_list(folder: Path, *rows: str, name: str = "corrections.csv") -> Path:
    file = folder / name
    file.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return file


def a_row(
    person: str,
    kind: str,
    value: str = "",
    *,
    month: str = "2026-10",
    dates: str = ",",
    reason: str = "Danh sách sai",
    document: str = "CV 12/SNV",
) -> str:
    return f"{month},{person},{kind},{value},{dates},{reason},{document},Giám đốc,10/11/2026"


def leaving(unit: str, numbers: Sequence[int]) -> list[str]:
    """Rows by which so many people are not staff."""
    return [a_row(code(unit, n), "không thuộc danh sách") for n in numbers]
