"""A store of several months to look back on: a merger, a gap, editions, a month that goes on.

Who is regular is planned here, by unit; what is expected of it is counted from the plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from audit_folder import an_audit
from stored_months import SOURCE

from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster
from mailaudit.roster import read_roster
from mailaudit.store import SnapshotStore

MAY, JUNE, AUGUST, SEPTEMBER, OCTOBER = (Period(2026, month) for month in (5, 6, 8, 9, 10))
BEFORE, AFTER = ",30/06/2026", "01/07/2026,"
UNITS = f"""Mã đơn vị,Tên đơn vị,Nhóm,Mã đơn vị cấp trên,Hiệu lực từ,Hiệu lực đến
SNV,Sở Nội vụ,Sở,,,
SNV-CC,Chi cục Văn thư,Sở,SNV,,
SYT,Sở Y tế,Sở,,,
STC,Sở Tài chính,Sở,,,
XA1,Xã Đông,Xã,,{BEFORE}
XA2,Xã Tây,Xã,,{BEFORE}
XA,Xã Đông Tây,Xã,,{AFTER}
XB,Xã Bắc,Xã,,,
K1,Trạm Kiểm định,Xã,,,
"""
EVENTS = (
    "Ngày hiệu lực,Sự kiện,Đơn vị trước,Đơn vị sau,Văn bản\n01/07/2026,sáp nhập,XA1;XA2,XA,QĐ 1\n"
)
PEOPLE = {
    "SNV": 20, "SNV-CC": 8, "SYT": 20, "STC": 20, "XA1": 10, "XA2": 10, "XA": 20, "XB": 20,
    "K1": 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """One collection of a month.

    Attributes:
        days: From the end of the month to the cut-off; below 0 before it.
        regular: How many of each unit use their mailbox regularly; units not named are not there.
        unmeasured: How many of a unit could not be measured; none of them is regular.
        stops_after: How many mailboxes are stored before it is stopped; None for all.
    """

    month: Period
    days: int
    regular: Mapping[str, int]
    unmeasured: Mapping[str, int] = field(default_factory=dict)
    stops_after: int | None = None


def counts(snv: int, cc: int, syt: int, stc: int, xb: int, k1: int, **xa: int) -> dict[str, int]:
    return {"SNV": snv, "SNV-CC": cc, "SYT": syt, "STC": stc, "XB": xb, "K1": k1, **xa}


PLANS = (
    Plan(MAY, 1, counts(10, 4, 10, 10, 16, 3, XA1=5, XA2=3)),
    Plan(JUNE, 1, counts(12, 4, 15, 10, 14, 1, XA1=6, XA2=4)),
    Plan(AUGUST, 20, counts(14, 6, 8, 16, 10, 2, XA=15), {"SYT": 10}),
    Plan(SEPTEMBER, -5, counts(10, 4, 12, 8, 8, 0, XA=5)),
    Plan(SEPTEMBER, 2, counts(15, 7, 18, 12, 19, 3, XA=10)),
    Plan(OCTOBER, -9, counts(1, 1, 1, 1, 1, 1, XA=1), stops_after=30),
)


def an_audit_to_look_back_on(
    folder: Path, *plans: Plan, report: str = 'formats = ["html"]'
) -> None:
    """A configuration and a store with these collections, or all of PLANS."""
    roster = 'file = "roster.csv"\nunits = "units.csv"\nevents = "events.csv"'
    an_audit(folder, report=report, roster=roster)
    (folder / "units.csv").write_text(UNITS, "utf-8")
    (folder / "events.csv").write_text(EVENTS, "utf-8")
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        for plan in plans or PLANS:
            collect(folder, store, plan)


def collect(
    folder: Path, store: SnapshotStore, plan: Plan, *, renew: bool = False, without: str = ""
) -> None:
    """Stores one collection.

    Args:
        renew: Whether it is the next edition of a sealed month.
        without: A mailbox that is not on the list.
    """
    month, at = plan.month, plan.month.end + timedelta(days=plan.days, hours=1)
    roster = _roster(folder, plan, without)
    if renew:
        collection = store.renew(month, roster, SOURCE, now=at)
    else:
        collection = store.begin(month, roster, SOURCE, now=at)
    days = tuple(DayActivity(day, sent=1) for day in month.days() if day.day <= 20)
    outcomes: list[Outcome] = []
    for box in collection.pending[: plan.stops_after]:
        unit, _, number = box.partition("@")[0].rpartition(".")
        unit, n = unit.upper(), int(number)
        if n >= PEOPLE[unit] - plan.unmeasured.get(unit, 0):
            outcomes.append(Unmeasured(box, at, Reason.TIMED_OUT))
        else:
            outcomes.append(Activity(box, at, days if n < plan.regular[unit] else ()))
    collection.record(outcomes)
    if plan.stops_after is None:
        collection.finish(at)


def _roster(folder: Path, plan: Plan, without: str) -> Roster:
    rows = [
        f"{box},{unit}"
        for unit in plan.regular
        for n in range(PEOPLE[unit])
        if (box := f"{unit.lower()}.{n}@vidu.gov.vn") != without
    ]
    (folder / "roster.csv").write_text("mailbox,Mã đơn vị\n" + "\n".join(rows), "utf-8")
    roster, problems = read_roster(folder / "roster.csv", folder / "units.csv", plan.month)
    assert problems == ()
    return roster
