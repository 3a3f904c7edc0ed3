"""A province before and after 1 July 2025: lists and events, store, evaluation, report."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from mailaudit import audit
from mailaudit.locale import language
from mailaudit.model.audience import Audience
from mailaudit.model.lineage import Lineage
from mailaudit.model.outcome import Activity, DayActivity
from mailaudit.model.period import Period
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import SourceInfo
from mailaudit.publication.publish import publish
from mailaudit.report.compose import compose
from mailaudit.report.tables import Table
from mailaudit.report.value import Report
from mailaudit.roster import read_calendar, read_events, read_roster
from mailaudit.store import SnapshotStore

SOURCE = SourceInfo("ews", "mail.lamdong.example", "Exchange2016", "svc")
MONTHS = [Period(2025, month) for month in range(3, 10)]
OLD, NEW = ",30/06/2025", "01/07/2025,"
UNITS = f"""Mã đơn vị,Tên đơn vị,Nhóm,Mã đơn vị cấp trên,Hiệu lực từ,Hiệu lực đến
SNV-LD,Sở Nội vụ Lâm Đồng,Sở,,{OLD}
SNV-DN,Sở Nội vụ Đắk Nông,Sở,,{OLD}
SNV-BT,Sở Nội vụ Bình Thuận,Sở,,{OLD}
SNV,Sở Nội vụ,Sở,,{NEW}
SYT-LD,Sở Y tế Lâm Đồng,Sở,,{OLD}
SYT-DN,Sở Y tế Đắk Nông,Sở,,{OLD}
SYT-BT,Sở Y tế Bình Thuận,Sở,,{OLD}
SYT,Sở Y tế,Sở,,{NEW}
TTR,Thanh tra tỉnh,Sở,,,
H-BAOLAM,UBND huyện Bảo Lâm,UBND huyện,,{OLD}
X-LOCNGAI,UBND xã Lộc Ngãi,UBND huyện,H-BAOLAM,{OLD}
X-LOCDUC,UBND xã Lộc Đức,UBND huyện,H-BAOLAM,{OLD}
XM-LOCNGAI,UBND xã Lộc Ngãi,UBND xã,,{NEW}
"""
EVENTS = """Ngày hiệu lực,Sự kiện,Đơn vị trước,Đơn vị sau,Văn bản
01/07/2025,sáp nhập,SNV-LD;SNV-DN;SNV-BT,SNV,Nghị quyết
01/07/2025,sáp nhập,SYT-LD;SYT-DN;SYT-BT,SYT,Nghị quyết
01/07/2025,giải thể,H-BAOLAM,,Nghị quyết
01/07/2025,sáp nhập,X-LOCNGAI;X-LOCDUC,XM-LOCNGAI,Nghị quyết
"""
# How many people each old unit has. The health department of Bình Thuận was never counted.
PEOPLE = {
    "SNV-LD": 20, "SNV-DN": 12, "SNV-BT": 28, "SYT-LD": 20, "SYT-DN": 20, "TTR": 10,
    "H-BAOLAM": 8, "X-LOCNGAI": 9, "X-LOCDUC": 6,
}  # fmt: skip
BECAME = {
    "SNV-LD": "SNV", "SNV-DN": "SNV", "SNV-BT": "SNV", "SYT-LD": "SYT", "SYT-DN": "SYT",
    "TTR": "TTR", "X-LOCNGAI": "XM-LOCNGAI", "X-LOCDUC": "XM-LOCNGAI",
}  # fmt: skip
DOMAINS = {"LD": "lamdong.example", "DN": "daknong.example", "BT": "binhthuan.example"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, in an old unit, and from which month on they use their mailbox."""

    code: str
    unit: str
    begins: int

    def mailbox(self, month: Period) -> str:
        domain = DOMAINS.get(self.unit[-2:], "lamdong.example")
        return f"{self.code.lower()}@{domain if month.month < 7 else 'lamdong.example'}"

    def unit_in(self, month: Period) -> str | None:
        return self.unit if month.month < 7 else BECAME.get(self.unit)

    def is_regular(self, month: Period) -> bool:
        return month.month >= self.begins


# Month by month another part of each unit begins: use rises without a break.
STAFF = [
    Person(f"{unit}-{n}", unit, 3 + n % 8) for unit, number in PEOPLE.items() for n in range(number)
]


def expected(unit: str, month: Period) -> Fraction:
    """The rate of a new unit, counted by hand over those who went into it."""
    people = [person for person in STAFF if BECAME.get(person.unit) == unit]
    return Fraction(sum(person.is_regular(month) for person in people), len(people))


def collect(folder: Path, store: SnapshotStore, month: Period) -> None:
    """Reads the month's staff list and stores what its mailboxes did."""
    rows = [
        f"{person.code},{unit},công chức,{person.mailbox(month)}\n"
        for person in STAFF
        if (unit := person.unit_in(month)) is not None
    ]
    staff = folder / f"staff-{month}.csv"
    staff.write_text("Mã CBCCVC,Mã đơn vị,Loại,Hộp thư\n" + "".join(rows), "utf-8")
    roster, problems = read_roster(staff, folder / "units.csv", month)
    assert problems == ()
    now = month.end + timedelta(days=1)
    regular = {person.mailbox(month) for person in STAFF if person.is_regular(month)}
    calendar = read_calendar(None)
    days = [day for day in month.days() if calendar.is_working_day(day)][:4]
    collection = store.begin(month, roster, SOURCE, now=now)
    collection.record(
        [
            Activity(
                box,
                now,
                tuple(DayActivity(day, sent=1) for day in days) if box in regular else (),
            )
            for box in collection.pending
        ]
    )
    collection.finish(now)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """March to September 2025 in a store, with the lists they were counted by."""
    folder = tmp_path_factory.mktemp("reorganisation")
    (folder / "units.csv").write_text(UNITS, "utf-8")
    (folder / "events.csv").write_text(EVENTS, "utf-8")
    with SnapshotStore.at(folder / "store.db") as store:
        for month in MONTHS:
            collect(folder, store, month)
    return folder


def evaluated(folder: Path, month: Period) -> audit.Audited:
    lineage = Lineage(
        read_events(folder / "events.csv"),
        {old: "lamdong.example" for old in DOMAINS.values() if old != "lamdong.example"},
    )
    with SnapshotStore.at(folder / "store.db") as store:
        return audit.evaluate(store, month, read_calendar(None), Rules(), lineage)


def report_of(audited: audit.Audited) -> Report:
    return compose(
        "Ủy ban nhân dân tỉnh Lâm Đồng",
        audited.snapshot,
        audited.measurement,
        audited.ranking,
        publish(audited.ranking, Audience.IT, Rules()),
        Rules(),
        read_calendar(None),
        language=language("vi"),
    )


def table(report: Report, key: str) -> Table:
    return next(t for section in report.sections for t in section.tables if t.key == key)


def trend_of(report: Report, code: str) -> dict[str, tuple[object, str]]:
    """A unit's rates by month as the trend table prints them, with their marks."""
    trend = table(report, "trend")
    row = next(row for group in trend.groups for row in group.rows if row.key == code)
    cells = zip(trend.columns, row.cells, strict=True)
    return {
        column.key.removeprefix("share-"): (cell.value, cell.mark)
        for column, cell in cells
        if column.key.startswith("share-")
    }


@pytest.mark.parametrize("unit", ["SNV", "XM-LOCNGAI", "TTR"])
def test_trend_of_a_unit_with_all_predecessors_is_unbroken_and_right(
    folder: Path, unit: str
) -> None:
    """Seven months, each the rate of the same people, whatever their unit was called."""
    report = report_of(evaluated(folder, MONTHS[-1]))
    before = "" if unit == "TTR" else "‡"
    assert trend_of(report, unit) == {
        str(month): (expected(unit, month), before if month.month < 7 else "") for month in MONTHS
    }
    assert "‡ Trước khi sắp xếp lại: tính gộp các đơn vị tiền thân." in table(report, "trend").notes


def test_trend_of_a_unit_with_a_predecessor_missing_is_not_comparable(folder: Path) -> None:
    """The months before have no rate, marked; those after have theirs."""
    report = report_of(evaluated(folder, MONTHS[-1]))
    found = trend_of(report, "SYT")
    assert {found[str(month)] for month in MONTHS if month.month < 7} == {(None, "†")}
    assert all(found[str(month)] == (expected("SYT", month), "") for month in MONTHS[4:])


def test_change_in_july_is_from_the_predecessors_together(folder: Path) -> None:
    """The month of the reorganisation itself, with its reasons in the remarks."""
    july = evaluated(folder, Period(2025, 7))
    standings = {s.usage.unit.code: s for group in july.ranking.groups for s in group.standings}
    june = Period(2025, 6)
    for unit in ("SNV", "XM-LOCNGAI", "TTR"):
        assert standings[unit].previous_share == expected(unit, june)
        assert standings[unit].change == expected(unit, july.ranking.period) - expected(unit, june)
    assert standings["SYT"].change is None
    assert july.ranking.previous_total is None
    remarks = {
        row.key: str(row.cells[-1].value)
        for group in table(report_of(july), "ranking").groups
        for row in group.rows
    }
    assert (
        "Kỳ trước tính gộp Sở Nội vụ Lâm Đồng, Sở Nội vụ Đắk Nông, Sở Nội vụ Bình Thuận"
        in remarks["SNV"]
    )
    assert (
        "Không so sánh được với kỳ trước: khi đó chưa đo đơn vị tiền thân: Sở Y tế Bình Thuận"
        in remarks["SYT"]
    )
    assert not remarks["TTR"]


def test_totals_of_the_group_with_a_gap_are_not_compared(folder: Path) -> None:
    """The communes' group is whole; the departments' is not, before July."""
    report = report_of(evaluated(folder, MONTHS[-1]))
    totals = {
        group.title: [cell.mark for cell in group.total.cells[2:]]
        for group in table(report, "trend").groups
        if group.total is not None
    }
    assert totals == {
        "I. Sở": ["†"] * 4 + [""] * 3,
        "II. UBND xã": [""] * 7,
    }


def test_corrected_events_measure_past_months_anew(folder: Path) -> None:
    """Events are read when a report is made: a later correction needs no new collection."""
    july = Period(2025, 7)
    with SnapshotStore.at(folder / "store.db") as store:
        audited = audit.evaluate(store, july, read_calendar(None), Rules(), Lineage())
    standings = {s.usage.unit.code: s for g in audited.ranking.groups for s in g.standings}
    assert standings["SNV"].change is None
    assert standings["TTR"].change is not None
