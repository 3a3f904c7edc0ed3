"""The activity table: counts of the measured, blanks for the unmeasured."""

import csv
import io
from datetime import UTC, date, datetime

from mailaudit.model.outcome import Activity, DayActivity, Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.snapshot import Snapshot, SourceInfo
from mailaudit.report.activity import COLUMNS, render_activity

NOW = datetime(2026, 11, 1, 2, tzinfo=UTC)


def rows_of_three() -> list[dict[str, str]]:
    """One person measured, one not, one without a mailbox."""
    days = (
        DayActivity(date(2026, 10, 3), sent=2, received=5, read=4, replied=1, reply_delay_s=60),
        DayActivity(date(2026, 10, 4), received=3, received_inside=2, received_outside=1),
    )
    snapshot = Snapshot(
        period=Period(2026, 10),
        edition=1,
        cut_off_at=NOW,
        sealed_at=NOW,
        roster=Roster(
            groups=("G",),
            units=(Unit("U1", "U1", "G"),),
            staff=(
                Staff("1", "U1", "a@tinh.test"),
                Staff("2", "U1", "b@tinh.test"),
                Staff("3", "U1", None),
            ),
            digest="0" * 64,
        ),
        outcomes={
            "a@tinh.test": Activity("a@tinh.test", NOW, days, datetime(2026, 10, 3, 9, tzinfo=UTC)),
            "b@tinh.test": Unmeasured("b@tinh.test", NOW, Reason.TIMED_OUT, "timed out"),
        },
        source=SourceInfo("ews", "mail.tinh.test", "Exchange2016", "svc"),
        tool_version="0",
        digest="0" * 64,
    )
    return list(csv.DictReader(io.StringIO(render_activity(snapshot))))


def test_measured_mailbox_has_its_counts() -> None:
    """Sums over the days; a day without sent mail is no sent day."""
    row = rows_of_three()[0]
    assert tuple(row) == COLUMNS
    assert row == {
        "mailbox": "a@tinh.test", "unit_code": "U1", "state": "measured", "sent": "2",
        "received": "8", "read": "4", "sent_days": "1", "replied": "1", "reply_delay_s": "60",
        "received_inside": "2", "received_outside": "1",
        "last_sent_at": "2026-10-03T09:00:00+00:00", "reason": "", "detail": "",
    }  # fmt: skip


def test_unmeasured_mailbox_has_no_counts() -> None:
    """Blank, never zero, with the reason beside it."""
    row = rows_of_three()[1]
    assert row["state"] == "unmeasured"
    assert (row["reason"], row["detail"]) == ("timed out", "timed out")
    counts = set(COLUMNS) - {"mailbox", "unit_code", "state", "reason", "detail"}
    assert {row[name] for name in counts} == {""}


def test_person_without_a_mailbox_has_no_row() -> None:
    """The table is of mailboxes."""
    assert [row["mailbox"] for row in rows_of_three()] == ["a@tinh.test", "b@tinh.test"]
