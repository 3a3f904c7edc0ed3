"""A source without read flags: nothing that is handed out has a 0 where nobody knows."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from figures import SHARES
from publishing import the_calendar
from test_kinds_adversary import MONTHS, RULES, files_of

from mailaudit.locale import language
from mailaudit.metrics.measure import measure
from mailaudit.model.audience import Audience
from mailaudit.model.knowledge import EXCHANGE, Knowledge
from mailaudit.model.outcome import Activity, DayActivity
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.snapshot import SourceInfo, joined
from mailaudit.report.activity import render_activity
from mailaudit.report.disclosure import render_disclosure
from mailaudit.store import SnapshotStore
from mailaudit.store.person_records import PersonRecords

MONTH, UNKNOWN = MONTHS[-1], ("read", "replied", "reply_delay_s", "received_inside", "sent_to_self")
UNITS = (Unit("A", "Sở Exchange", "Sở"), Unit("B", "Sở Nhật ký", "Sở"))
# Labels of what nobody knows of unit B, and of its people.
OF_UNIT = ({"Có truy cập", "Có gửi", "Thường xuyên (4)", *SHARES}) - {
    *("Tỷ lệ cấp % (2/1)", "Độ phủ %", "Cận dưới %", "Cận trên %")  # which are known
}
OF_PERSON = {"Số ngày làm việc có gửi thư", "Đã gửi", "Đã nhận", "Thư đến hạn đã đọc %"}


def a_store(file: Path) -> SnapshotStore:
    """Two units of twelve, who all do the same; the logs of B say how much was sent, no more."""
    logs = SourceInfo("tracking", "logs", "1", "svc", name="logs", knows=frozenset())
    exchange = SourceInfo("ews", "mail", "1", "svc", name="mail", knows=EXCHANGE)
    staff = tuple(
        Staff(f"{unit.code}{n}", unit.code, f"{unit.code.lower()}{n}@x.vn")
        for unit in UNITS
        for n in range(12)
    )
    store, now = SnapshotStore.at(file), MONTH.end.astimezone(UTC) + timedelta(days=1)
    into = store.begin(MONTH, Roster(("Sở",), UNITS, staff, "d"), joined([logs, exchange]), now=now)
    days = [DayActivity(day, sent=1, received=7) for day in MONTH.days()]
    read = [day._replace(read=6, replied=2, received_inside=3) for day in days]
    into.record(
        [
            Activity(box, now, tuple(days), server="logs")
            if box.startswith("b")
            else Activity(box, now, tuple(read), now, server="mail")
            for box in into.pending
        ]
    )
    into.finish(now)
    return store


def test_nothing_handed_out_has_a_zero_for_what_is_unknown(tmp_path: Path) -> None:
    """Report, workbook and document of the IT department, the unit's page, table and disclosure."""
    file, looked_at = tmp_path / "store.db", 0
    with a_store(file) as store:
        formats = {"html", "xlsx", "docx"}
        files = files_of(store, MONTH, Audience.IT, formats, tmp_path / "out")
        snapshot = store.load(MONTH)
    for name, found in files.items():
        is_own = "units/B" in name
        for table in found.tables:
            for line in table.lines:
                labels = OF_UNIT if line.name == UNITS[1].name or is_own else set[str]()
                if any(re.fullmatch(r"b\d+@x\.vn", value.text) for value in line.cells.values()):
                    labels = OF_PERSON
                for label in labels & line.cells.keys():
                    if line.name not in (UNITS[0].name, "Sở", "TỔNG CỘNG"):
                        looked_at += 1
                        shown = line.cells[label]
                        assert shown.low is None, f"{name}: {table.caption}: {label} {shown.text}"
    assert looked_at > 60

    table_of = render_activity(snapshot, measure(snapshot, the_calendar(), RULES))
    rows = list(csv.DictReader(io.StringIO(table_of.decode("utf-8-sig"))))
    for row in rows:
        is_known = row["mailbox"].startswith("a")
        assert [bool(row[column]) for column in UNKNOWN] == [is_known] * len(UNKNOWN)
        assert (row["sent"], bool(row["regular"])) == ("30", is_known)

    english = language("en")
    for box, columns in (("a0@x.vn", 8), ("b0@x.vn", 2)):
        person, records = PersonRecords(file).of(box)
        at = datetime(2026, 11, 1, tzinfo=UTC)
        text = render_disclosure(person, records, "Tỉnh", english, made_at=at)
        day = english.date(MONTH.first_day)
        (first,) = [line for line in text.splitlines() if line.strip().startswith(day)]
        assert len(first.replace(day, "").split()) == columns, first
    assert Knowledge.READ_FLAGS not in snapshot.source.knows_at("logs")
