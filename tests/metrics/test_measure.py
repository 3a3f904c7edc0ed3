"""States, the edges of regular use, and the sums of units."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from metrics_builders import (
    OCTOBER,
    a_person,
    a_snapshot,
    a_unit,
    an_activity,
    an_unmeasured,
    october,
    sent_on,
)

from mailaudit.metrics.lines import chains
from mailaudit.metrics.measure import last_due_day, measure
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.outcome import DayActivity, Outcome, Reason
from mailaudit.model.period import Period
from mailaudit.model.rules import Rules
from mailaudit.model.usage import NUMBERS, Counts, StaffState, StaffUsage

RULES = Rules()
CALENDAR = WorkCalendar()
FOUR_DAYS = sent_on(october(1), october(2), october(5), october(6))


def usage_of(
    *days: DayActivity, calendar: WorkCalendar = CALENDAR, rules: Rules = RULES
) -> StaffUsage:
    """What is measured of one person whose mailbox did this."""
    person = a_person()
    snapshot = a_snapshot([a_unit()], [person], [an_activity(person.mailbox, *days)])
    return measure(snapshot, calendar, rules).staff[0]


def received(day: int, count: int, read: int) -> DayActivity:
    """Mail received on a day of October, some of it read."""
    return DayActivity(october(day), received=count, read=read)


def test_measure_sums_what_a_mailbox_did() -> None:
    """All messages of the month are summed, due or not, on working days or not."""
    usage = usage_of(
        DayActivity(october(1), sent=2, received=5, read=3, replied=1),
        DayActivity(october(3), sent=1),  # a Saturday
        received(31, 4, 1),  # after the last day that is due
    )
    assert usage == StaffUsage(
        usage.staff,
        "A",
        StaffState.MEASURED,
        sent=3,
        received=9,
        read=4,
        sent_days=1,
        due=5,
        due_read=3,
        has_read=True,
        has_sent=True,
        regular=False,
        kind="ews",
    )


def test_measure_of_a_silent_mailbox_is_measured_with_zeros() -> None:
    """Nothing sent and nothing received is an answer: measured, and not regular."""
    usage = usage_of()
    assert usage == StaffUsage(usage.staff, "A", StaffState.MEASURED, kind="ews")


def test_measure_gives_plain_integers() -> None:
    """What leaves this room are Python's own integers, fit for exact fractions."""
    person = a_person()
    snapshot = a_snapshot([a_unit()], [person], [an_activity(person.mailbox, *FOUR_DAYS)])
    measurement = measure(snapshot, CALENDAR, RULES)
    counts = measurement.units[0].counts
    assert {type(getattr(counts, name)) for name in NUMBERS} == {int}
    assert type(measurement.staff[0].sent_days) is int


def test_access_needs_something_read() -> None:
    """Mail that only arrived shows no access; one message read does, and sending alone doesn't."""
    assert not usage_of(received(7, 9, 0)).has_read
    assert usage_of(received(7, 9, 1)).has_read
    assert not usage_of(*FOUR_DAYS).has_read


@pytest.mark.parametrize(("days", "regular"), [((1, 2, 5), False), ((1, 2, 5, 6), True)])
def test_regular_needs_exactly_four_sent_days(days: tuple[int, ...], regular: bool) -> None:
    """Four days suffice, three do not."""
    assert usage_of(*sent_on(*map(october, days))).regular is regular


def test_regular_counts_days_not_messages() -> None:
    """A hundred messages on three days are three days."""
    usage = usage_of(*(DayActivity(october(day), sent=100) for day in (1, 2, 5)))
    assert (usage.sent, usage.sent_days, usage.regular) == (300, 3, False)


def test_regular_counts_a_day_once_however_it_is_given() -> None:
    """Two entries of the same day are one day."""
    usage = usage_of(*sent_on(october(1), october(1), october(2), october(5)))
    assert (usage.sent, usage.sent_days, usage.regular) == (4, 3, False)


def test_regular_ignores_weekends() -> None:
    """Who sends only on weekends has sent mail but isn't regular."""
    usage = usage_of(*sent_on(*map(october, (3, 4, 10, 11, 17, 18))))
    assert (usage.has_sent, usage.sent_days, usage.regular) == (True, 0, False)


def test_regular_counts_a_made_up_saturday_and_no_holiday() -> None:
    """The calendar decides: a worked Saturday counts, a holiday on a weekday does not."""
    days = sent_on(*map(october, (1, 2, 5, 10)))
    assert not usage_of(*days).regular
    worked = WorkCalendar(worked=frozenset({october(10)}))
    assert usage_of(*days, calendar=worked).regular
    swapped = replace(worked, off=frozenset({october(2)}))
    assert not usage_of(*days, calendar=swapped).regular


@pytest.mark.parametrize(
    ("due", "read", "regular"),
    [
        (10, 8, True),
        (10, 7, False),
        (1000, 800, True),
        (1000, 799, False),
        (4, 0, True),
        (5, 0, False),
        (5, 3, False),
        (5, 4, True),
        (0, 0, True),
    ],
)
def test_regular_needs_exactly_80_percent_of_five_or_more(
    due: int, read: int, regular: bool
) -> None:
    """80 % is enough, a hair less is not; fewer than 5 due messages are not judged."""
    assert usage_of(*FOUR_DAYS, received(7, due, read)).regular is regular


def test_regular_compares_shares_exactly() -> None:
    """A threshold no float can hold is met exactly: 7 of 100 is 7 %, though 0.07 * 100 > 7."""
    small = replace(RULES, min_read_share=Fraction(7, 100))
    assert usage_of(*FOUR_DAYS, received(7, 100, 7), rules=small).regular
    third = replace(RULES, min_read_share=Fraction(1, 3))
    assert usage_of(*FOUR_DAYS, received(7, 3 * 10**9, 10**9), rules=third).regular
    assert not usage_of(*FOUR_DAYS, received(7, 3 * 10**9, 10**9 - 1), rules=third).regular


def test_regular_judges_an_empty_mailbox_without_waiver() -> None:
    """With the waiver switched off, nothing due is nothing unread."""
    rules = replace(RULES, read_waived_below=0)
    assert usage_of(*FOUR_DAYS, rules=rules).regular


def test_regular_judges_only_mail_that_is_due() -> None:
    """Unread mail of 28 October counts against the owner, that of the 29th does not."""
    assert not usage_of(*FOUR_DAYS, received(28, 10, 0)).regular
    late = usage_of(*FOUR_DAYS, received(29, 10, 0))
    assert (late.received, late.due, late.regular) == (10, 0, True)


def test_regular_takes_no_credit_from_mail_that_is_not_due() -> None:
    """Reading the newest mail does not make up for old mail left unread."""
    assert not usage_of(*FOUR_DAYS, received(28, 10, 7), received(30, 90, 90)).regular


@pytest.mark.parametrize(
    ("cut_off", "last"),
    [
        (datetime(2026, 11, 2, 1, tzinfo=UTC), october(28)),
        (datetime(2026, 11, 1, 16, 59, tzinfo=UTC), october(28)),  # Sunday 23:59 in Viet Nam
        (datetime(2026, 11, 2, 17, 0, tzinfo=UTC), october(29)),  # Tuesday 0:00 in Viet Nam
        (datetime(2026, 11, 5, 1, tzinfo=UTC), date(2026, 11, 2)),
    ],
)
def test_due_day_is_counted_from_the_local_day_of_cut_off(cut_off: datetime, last: date) -> None:
    """Three working days before the local, not the UTC, day of cut-off."""
    snapshot = a_snapshot([a_unit()], [], [], cut_off_at=cut_off)
    assert last_due_day(snapshot, CALENDAR, RULES) == last


def test_due_day_follows_the_period_s_time_zone() -> None:
    """The same instant is another day elsewhere."""
    cut_off = datetime(2026, 11, 2, 20, tzinfo=UTC)
    there = a_snapshot([], [], [], cut_off, Period(2026, 10, "Asia/Ho_Chi_Minh"))
    here = a_snapshot([], [], [], cut_off, Period(2026, 10, "Europe/London"))
    assert last_due_day(there, CALENDAR, RULES) == october(29)
    assert last_due_day(here, CALENDAR, RULES) == october(28)


def test_due_day_without_grace_is_the_day_of_cut_off() -> None:
    """No grace: what came on the day of cut-off is judged."""
    snapshot = a_snapshot([a_unit()], [], [])
    rules = replace(RULES, read_grace_working_days=0)
    assert last_due_day(snapshot, CALENDAR, rules) == date(2026, 11, 2)


@pytest.mark.parametrize("reason", Reason)
def test_state_is_unmeasured_for_every_reason(reason: Reason) -> None:
    """Even an address the server does not know is a question, not non-use."""
    person = a_person()
    snapshot = a_snapshot([a_unit()], [person], [an_unmeasured(person.mailbox, reason)])
    measurement = measure(snapshot, CALENDAR, RULES)
    expected = StaffUsage(person, "A", StaffState.UNMEASURED, reason, "ErrorTimeoutExpired")
    assert measurement.staff == (expected,)
    assert measurement.total == Counts(staff=1, in_scope=1, provided=1, unmeasured=1)


def test_state_of_those_out_of_scope_hides_what_they_did() -> None:
    """The activity of the exempt and excluded is counted nowhere."""
    driver = a_person(category="hợp đồng lao động")
    away = a_person(status="thai sản")
    outcomes = [an_activity(p.mailbox, *FOUR_DAYS) for p in (driver, away)]
    measurement = measure(a_snapshot([a_unit()], [driver, away], outcomes), CALENDAR, RULES)
    assert [usage.state for usage in measurement.staff] == [
        StaffState.EXEMPT,
        StaffState.EXCLUDED,
    ]
    assert measurement.total == Counts(staff=2, exempt=1, excluded=1)


def test_unit_counts_every_column() -> None:
    """Each state and each figure reaches its own sum."""
    people = [a_person() for _ in range(5)]
    quiet, reader, sender, regular, broken = people
    people += [a_person(mailbox=None), a_person(mailbox=None, category="hợp đồng lao động")]
    people += [a_person(mailbox=None, status="ốm"), a_person(mailbox=None, status="ốm")]
    outcomes: list[Outcome] = [
        an_activity(quiet.mailbox, received(6, 2, 1)),
        an_activity(reader.mailbox, received(7, 9, 2)),
        an_activity(sender.mailbox, *sent_on(october(1))),
        an_activity(regular.mailbox, *FOUR_DAYS, received(7, 4, 1)),
        an_unmeasured(broken.mailbox),
    ]
    measurement = measure(a_snapshot([a_unit()], people, outcomes), CALENDAR, RULES)
    assert measurement.units[0].counts == Counts(
        staff=9,
        exempt=1,
        excluded=2,
        in_scope=6,
        provided=5,
        unmeasured=1,
        read=3,
        sent=2,
        regular=1,
        kinds=frozenset({"ews"}),
    )


def test_unit_counts_the_staff_below_it() -> None:
    """A person two levels down counts at the top; only top units are listed, in order."""
    units = [a_unit("B"), a_unit("A3", parent="A2"), a_unit("A2", parent="A1"), a_unit("A1")]
    people = [a_person(code, mailbox=None) for code in ("A3", "A2", "A1", "A3", "B")]
    measurement = measure(a_snapshot(units, people, []), CALENDAR, RULES)
    assert [(u.unit.code, u.counts.staff) for u in measurement.units] == [("B", 1), ("A1", 4)]
    assert [usage.unit_code for usage in measurement.staff] == ["A1", "A1", "A1", "A1", "B"]


def test_unit_without_staff_is_listed_with_zeros() -> None:
    """Nobody is not nothing: the unit appears."""
    measurement = measure(a_snapshot([a_unit("A"), a_unit("B")], [], []), CALENDAR, RULES)
    assert [(u.unit.code, u.counts) for u in measurement.units] == [
        ("A", Counts()),
        ("B", Counts()),
    ]


def test_measure_refuses_an_incomplete_snapshot() -> None:
    """A mailbox without an outcome is never taken for anything, not even of exempt staff."""
    person = a_person(category="hợp đồng lao động")
    with pytest.raises(ValueError, match=rf"2026-10 is incomplete: 1 .*{person.mailbox}"):
        measure(a_snapshot([a_unit()], [person], []), CALENDAR, RULES)


def test_measure_refuses_staff_of_an_unknown_unit() -> None:
    """Nobody drops out of the sums."""
    with pytest.raises(ValueError, match="unit 'Z', not listed"):
        measure(a_snapshot([a_unit()], [a_person("Z", mailbox=None)], []), CALENDAR, RULES)


def test_chains_refuses_circles_and_unknown_parents() -> None:
    """Units that have no top are an error, not an endless search."""
    with pytest.raises(ValueError, match="circle"):
        chains([a_unit("A", parent="B"), a_unit("B", parent="A")])
    with pytest.raises(ValueError, match="parent 'Z', not listed"):
        chains([a_unit("A", parent="Z")])


def test_measure_uses_the_period_of_the_snapshot_for_exclusion() -> None:
    """Leave in October excludes in October and not in September."""
    person = a_person(mailbox=None, status="ốm", status_from=october(1), status_to=october(31))
    october_state = measure(a_snapshot([a_unit()], [person], []), CALENDAR, RULES)
    september = a_snapshot([a_unit()], [person], [], period=OCTOBER.shifted(-1))
    assert october_state.staff[0].state is StaffState.EXCLUDED
    assert measure(september, CALENDAR, RULES).staff[0].state is StaffState.NOT_PROVIDED


def test_importing_the_room_does_not_import_pandas() -> None:
    """Commands that measure nothing start without waiting for pandas."""
    code = (
        "import sys, mailaudit.metrics.measure, mailaudit.metrics.rank;"
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
