"""The activity table: counts of the measured, blanks for the unmeasured, how each was judged."""

import csv
import io
from datetime import UTC, date, datetime

import pytest

from mailaudit.metrics.measure import measure
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.knowledge import EXCHANGE, Knowledge
from mailaudit.model.outcome import Activity, DayActivity, Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot, SourceInfo
from mailaudit.report.activity import COLUMNS, COUNTED, JUDGED, render_activity

NOW = datetime(2026, 11, 1, 2, tzinfo=UTC)


def rows_of(
    *staff: Staff, rules: Rules | None = None, knows: frozenset[Knowledge] = EXCHANGE
) -> list[dict[str, str]]:
    """The table of a list, read as a program reads it."""
    text = table_of(*staff, rules=rules, knows=knows).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def table_of(
    *staff: Staff, rules: Rules | None = None, knows: frozenset[Knowledge] = EXCHANGE
) -> bytes:
    """The table of a list; every mailbox but b@ sent on a Saturday and on the Monday after it."""
    days = (
        DayActivity(date(2026, 10, 3), sent=2, received=5, read=4, replied=1, reply_delay_s=60),
        DayActivity(
            date(2026, 10, 5), sent=1, received_inside=2, received_outside=1, sent_to_self=1
        ),
        DayActivity(date(2026, 10, 30), received=3),
    )
    sent_at = datetime(2026, 10, 3, 9, tzinfo=UTC)
    boxes = [person.mailbox for person in staff if person.mailbox]
    snapshot = Snapshot(
        period=Period(2026, 10),
        edition=1,
        cut_off_at=NOW,
        sealed_at=NOW,
        roster=Roster(
            groups=("G",),
            units=(Unit("U1", "U1", "G"), Unit("U2", "U2", "G", parent="U1")),
            staff=staff,
            digest="0" * 64,
        ),
        outcomes={
            box: Unmeasured(box, NOW, Reason.TIMED_OUT, "timed out")
            if box.startswith("b@")
            else Activity(box, NOW, days, sent_at)
            for box in boxes
        },
        source=SourceInfo("ews", "mail.tinh.test", "Exchange2016", "svc", knows=knows),
        tool_version="0",
        digest="0" * 64,
    )
    return render_activity(snapshot, measure(snapshot, WorkCalendar(), rules or Rules()))


def test_measured_mailbox_has_its_counts() -> None:
    """Sums over the days; days are counted as sent days, and those of work by themselves."""
    [row] = rows_of(Staff("1", "U2", "a@tinh.test"))
    assert tuple(row) == COLUMNS
    assert row == {
        "mailbox": "a@tinh.test", "unit_code": "U2", "top_unit_code": "U1",
        "scope": "in scope", "scope_rule": "", "scope_reason": "", "state": "measured",
        "sent": "3", "received": "8", "read": "4", "sent_days": "2", "replied": "1",
        "reply_delay_s": "60", "received_inside": "2", "received_outside": "1",
        "sent_to_self": "1", "recipients_inside": "", "recipients_outside": "",
        "sent_by_smtp": "", "sent_by_phone": "", "sent_by_web": "",
        "last_sent_at": "2026-10-03T09:00:00+00:00",
        "sent_working_days": "1", "due": "5", "due_read": "4", "regular": "no",
        "reason": "", "detail": "", "server": "",
    }  # fmt: skip


def test_regular_use_can_be_recomputed_from_the_table() -> None:
    """With a rule of one day the same mailbox is in regular use: 4 of 5 due are read."""
    [row] = rows_of(Staff("1", "U1", "a@tinh.test"), rules=Rules(min_sent_days=1))
    assert (row["sent_working_days"], row["due"], row["due_read"]) == ("1", "5", "4")
    assert row["regular"] == "yes"


def test_what_the_source_does_not_know_is_blank() -> None:
    """Never zero; nobody is judged by it, and why stands beside."""
    [row] = rows_of(Staff("1", "U1", "a@tinh.test"), knows=frozenset())
    unknown = ("read", "replied", "reply_delay_s", "received_inside", "received_outside",
               "last_sent_at")  # fmt: skip
    assert {row[name] for name in (*unknown, *JUDGED)} == {""}
    assert (row["sent"], row["received"], row["sent_days"]) == ("3", "8", "2")
    assert (row["reason"], row["detail"]) == ("unknown to the source", "read flags")


def test_unmeasured_mailbox_has_no_counts() -> None:
    """Blank, never zero, with the reason beside it."""
    [row] = rows_of(Staff("2", "U1", "b@tinh.test"))
    assert (row["scope"], row["state"]) == ("in scope", "unmeasured")
    assert (row["reason"], row["detail"]) == ("timed out", "timed out")
    assert {row[name] for name in (*COUNTED, *JUDGED)} == {""}


@pytest.mark.parametrize(
    ("person", "scope"),
    [
        (
            Staff("1", "U1", "c@tinh.test", category="Hợp đồng lao động"),
            ("exempt", "category", "Hợp đồng lao động"),
        ),
        (Staff("1", "U1", "c@tinh.test", status="ốm"), ("excluded", "away", "ốm")),
        (
            Staff("1", "U1", "c@tinh.test", status="mới tuyển"),
            ("excluded", "newly appointed", "mới tuyển"),
        ),
    ],
)
def test_mailbox_out_of_scope_says_why_and_is_not_judged(
    person: Staff, scope: tuple[str, str, str]
) -> None:
    """It has its counts, the rule and the word of the list; where others are judged, blanks."""
    [row] = rows_of(person)
    assert (row["scope"], row["scope_rule"], row["scope_reason"]) == scope
    assert (row["state"], row["sent"]) == ("measured", "3")
    assert {row[name] for name in JUDGED} == {""}


def test_person_without_a_mailbox_has_no_row() -> None:
    """The table is of mailboxes, in the order of the staff list."""
    staff = [Staff("3", "U1", None), Staff("1", "U1", "z@x.vn"), Staff("2", "U1", "a@x.vn")]
    assert [row["mailbox"] for row in rows_of(*staff)] == ["z@x.vn", "a@x.vn"]


def test_address_is_no_formula_and_the_table_opens_in_excel() -> None:
    """An address may begin with a sign that spreadsheet programs compute with."""
    boxes = ["=1+1@tinh.test", "-2@tinh.test", "+3@tinh.test"]
    content = table_of(*(Staff(str(n), "U1", box) for n, box in enumerate(boxes)))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["mailbox"] for row in rows] == ["\u2060" + box for box in boxes]
    assert rows[0]["sent"] == "3"
