"""Two sources side by side: what was planted is found with its likely reason, and nothing else."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metrics_builders import (
    CUT_OFF,
    OCTOBER,
    a_person,
    a_snapshot,
    a_unit,
    an_activity,
    an_unmeasured,
    october,
    sent_on,
)

from mailaudit.metrics.reconcile import reconcile
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.knowledge import Knowledge
from mailaudit.model.outcome import DayActivity, Outcome, Reason
from mailaudit.model.ranking import NotRanked
from mailaudit.model.reconciliation import (
    Difference,
    Flow,
    Likely,
    Reconciliation,
    Seen,
    Side,
)
from mailaudit.model.roster import Staff
from mailaudit.model.rules import ANY_ACTIVITY, Rules
from mailaudit.model.snapshot import Snapshot, SourceInfo

LOGS = SourceInfo("tracking", "logs", "", "", name="logs", knows=frozenset({Knowledge.RECIPIENTS}))
ANOTHER = SourceInfo("imap", "imap.tinh.gov.vn", "", "kiemtra", name="imap")
CALENDAR = WorkCalendar()


def reconciled(
    snapshot: Snapshot, told: Mapping[str, Outcome], witness: SourceInfo = LOGS, **rules: object
) -> Reconciliation:
    return reconcile(
        snapshot,
        told,
        witness.name,
        witness,
        CALENDAR,
        replace(Rules(), **rules),  # type: ignore[arg-type]
        asked_at=CUT_OFF,
    )


def a_pair(
    stored: dict[int, tuple[int, int]],
    witness: dict[int, tuple[int, int]],
    person: Staff | None = None,
    source: SourceInfo = LOGS,
) -> Reconciliation:
    """One mailbox by both sources: mails sent and received by day of October."""
    person = person or a_person()
    outcomes = [
        an_activity(person.mailbox, *(DayActivity(october(day), *n) for day, n in days.items()))
        for days in (stored, witness)
    ]
    snapshot = a_snapshot([a_unit()], [person], outcomes[:1])
    return reconciled(snapshot, {outcomes[1].mailbox: outcomes[1]}, source)


def test_numbers_by_day_are_held_against_each_other() -> None:
    """Four mails of one source and six of the other on a day are four of both and two of one."""
    (one,) = a_pair({5: (1, 4), 6: (2, 0)}, {5: (1, 6), 6: (2, 0)}).mailboxes
    assert (one.sent, one.received) == (Seen(3, 0, 0), Seen(4, 0, 2))
    assert one.seen.different_share == Fraction(2, 9)
    (found,) = one.differences
    assert found == Difference(Flow.RECEIVED, Side.WITNESS, Likely.DELETED, 2)


@pytest.mark.parametrize(
    ("stored", "witness", "source", "aliases", "expected"),
    [
        # A log has what was sent, and nothing of it is in the mailbox.
        ({5: (0, 1)}, {5: (3, 1)}, LOGS, "", (Flow.SENT, Side.WITNESS, Likely.NO_COPY)),
        ({5: (1, 1)}, {5: (3, 1)}, LOGS, "", (Flow.SENT, Side.WITNESS, Likely.DELETED)),
        # Nothing of all that was delivered lies in a folder that is counted.
        ({5: (1, 0)}, {5: (1, 9)}, LOGS, "", (Flow.RECEIVED, Side.WITNESS, Likely.MOVED)),
        ({5: (1, 2)}, {5: (1, 9)}, LOGS, "", (Flow.RECEIVED, Side.WITNESS, Likely.DELETED)),
        # The mailbox has what no log says was delivered to it.
        ({5: (1, 2)}, {5: (1, 1)}, LOGS, "a@b.vn", (Flow.RECEIVED, Side.STORED, Likely.ALIAS)),
        ({5: (1, 2)}, {5: (1, 1)}, LOGS, "", (Flow.RECEIVED, Side.STORED, Likely.PUT_THERE)),
        # Two that look into the mailbox: the one with less came later, or counts other folders.
        ({5: (1, 2)}, {5: (1, 1)}, ANOTHER, "", (Flow.RECEIVED, Side.STORED, Likely.DELETED)),
        ({5: (1, 2)}, {5: (1, 0)}, ANOTHER, "", (Flow.RECEIVED, Side.STORED, Likely.MOVED)),
    ],
)
def test_likely_reason_follows_from_what_a_source_counts(
    stored: dict[int, tuple[int, int]],
    witness: dict[int, tuple[int, int]],
    source: SourceInfo,
    aliases: str,
    expected: tuple[Flow, Side, Likely],
) -> None:
    person = replace(a_person(), aliases=tuple(aliases.split()))
    (one,) = a_pair(stored, witness, person, source).mailboxes
    assert [(d.flow, d.side, d.likely) for d in one.differences] == [expected]


def test_rule_that_sends_mail_on_explains_some_that_is_missing() -> None:
    person = a_person()
    stored = replace(
        an_activity(person.mailbox, DayActivity(october(5), 1, 2)), forwards_to="thu.example"
    )
    told = an_activity(person.mailbox, DayActivity(october(5), 1, 3))
    found = reconciled(a_snapshot([a_unit()], [person], [stored]), {told.mailbox: told})
    assert [one.likely for one in found.mailboxes[0].differences] == [Likely.MOVED]


def test_two_logs_have_no_rule_for_a_difference() -> None:
    person = a_person()
    stored = an_activity(person.mailbox, DayActivity(october(5), 1, 2))
    told = an_activity(person.mailbox, DayActivity(october(5), 1, 3))
    snapshot = replace(a_snapshot([a_unit()], [person], [stored]), source=LOGS)
    found = reconciled(snapshot, {told.mailbox: told})
    assert [one.likely for one in found.mailboxes[0].differences] == [Likely.UNKNOWN]


def test_mail_counted_on_the_next_day_is_the_same_mail() -> None:
    """Of both flows each, at most as many as both have; a day between is another mail."""
    (one,) = a_pair({5: (0, 3), 9: (0, 1)}, {6: (0, 2), 11: (0, 1)}).mailboxes
    assert [(d.side, d.likely, d.mails) for d in one.differences] == [
        (Side.STORED, Likely.OTHER_DAY, 2),
        (Side.STORED, Likely.PUT_THERE, 2),
        (Side.WITNESS, Likely.OTHER_DAY, 2),
        (Side.WITNESS, Likely.DELETED, 1),
    ]


def test_day_of_which_a_source_has_nothing_of_anybody_is_outside_its_days() -> None:
    """With mail of at least three mailboxes; with that of fewer it may be chance."""
    people = [a_person() for _ in range(4)]
    busy, quiet = DayActivity(october(5), 1, 1), DayActivity(october(6), 0, 1)
    stored = [
        an_activity(one.mailbox, busy, quiet) if number < 2 else an_activity(one.mailbox, busy)
        for number, one in enumerate(people)
    ]
    told = {one.mailbox or "": an_activity(one.mailbox) for one in people}
    found = reconciled(a_snapshot([a_unit()], people, stored), told)
    assert found.silent_days == ((Side.WITNESS, october(5)),)
    reasons = Counter(d.likely for one in found.mailboxes for d in one.differences)
    assert reasons == {Likely.OUTSIDE_DAYS: 8, Likely.PUT_THERE: 2}


def test_mailbox_that_one_source_did_not_measure_is_no_difference_in_mail() -> None:
    people = [a_person() for _ in range(4)]
    day = DayActivity(october(5), 1, 2)
    boxes = [one.mailbox for one in people]
    snapshot = a_snapshot(
        [a_unit()],
        people,
        [
            an_activity(boxes[0], day),
            an_activity(boxes[1], day),
            an_unmeasured(boxes[2]),
            an_unmeasured(boxes[3]),
        ],
    )
    told: list[Outcome] = [
        an_activity(boxes[0], day),
        an_unmeasured(boxes[1], Reason.NO_MAILBOX),
        an_activity(boxes[2], day),
        an_unmeasured(boxes[3]),
    ]
    found = reconciled(snapshot, {one.mailbox: one for one in told})
    assert (len(found.mailboxes), len(found.by_one), found.neither) == (1, 2, 1)
    assert found.sums.seen == Seen(3, 0, 0)
    assert [(one.side, one.reason, one.mails) for one in found.by_one] == [
        (Side.STORED, Reason.NO_MAILBOX, 3),
        (Side.WITNESS, Reason.TIMED_OUT, 3),
    ]


def test_rates_are_by_what_both_know_over_the_same_people() -> None:
    """Without read marks by mail sent; a mailbox one of them did not measure counts on no side."""
    people = [a_person("A") for _ in range(10)]
    days = [october(day) for day in (5, 6, 7, 8)]
    unread = DayActivity(october(9), received=20)
    stored = [
        an_activity(one.mailbox, *sent_on(*days), unread)
        if number < 6
        else an_activity(one.mailbox)
        for number, one in enumerate(people)
    ]
    told: list[Outcome] = [
        an_activity(one.mailbox, *sent_on(*days), unread)
        if number < 8
        else an_activity(one.mailbox)
        for number, one in enumerate(people)
    ]
    snapshot = a_snapshot([a_unit("A")], people, stored)
    found = reconciled(snapshot, {one.mailbox: one for one in told})
    assert not found.judges_reading
    (unit,) = found.units
    assert [one.counts.regular_share for one in (unit.stored, unit.witness)] == [
        Fraction(6, 10),
        Fraction(8, 10),
    ]
    assert unit.change == Fraction(2, 10)
    by_reading = reconciled(snapshot, {one.mailbox: one for one in told}, ANOTHER)
    assert by_reading.judges_reading
    assert by_reading.total[0].regular == 0

    told[9] = an_unmeasured(people[9].mailbox)
    (unit,) = reconciled(snapshot, {one.mailbox: one for one in told}).units
    assert [one.counts.judged for one in (unit.stored, unit.witness)] == [9, 9]
    assert unit.stored.not_ranked is NotRanked.LOW_COVERAGE
    assert unit.change is None


def test_any_activity_is_mail_sent_where_a_source_has_no_read_marks() -> None:
    """Who read and sent nothing is active by the store alone; by what both know, by neither."""
    people = [a_person() for _ in range(5)]
    read = DayActivity(october(5), received=2, read=2)
    stored = [an_activity(one.mailbox, read) for one in people]
    told = {one.mailbox: one for one in (an_activity(p.mailbox, read) for p in people)}
    snapshot = a_snapshot([a_unit()], people, stored)
    by_logs = reconciled(snapshot, told, regular=ANY_ACTIVITY)
    assert [counts.regular for counts in by_logs.total] == [0, 0]
    by_another = reconciled(snapshot, told, ANOTHER, regular=ANY_ACTIVITY)
    assert [counts.regular for counts in by_another.total] == [5, 5]


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens to one mailbox between two sources of which one reads logs.

    Attributes:
        base: Sent and received by day, of both.
        likely: The reason that is planted, None for none.
        at: Which of the days of `base`, in order.
        mails: How many.
    """

    base: dict[int, tuple[int, int]]
    likely: Likely | None
    at: int
    mails: int


# Every other day, so that no plant meets another day's.
plans = st.builds(
    Plan,
    st.dictionaries(
        st.sampled_from(range(2, 30, 4)),
        st.tuples(st.integers(1, 5), st.integers(2, 9)),
        min_size=2,
        max_size=6,
    ),
    st.sampled_from(
        [None, None, Likely.NO_COPY, Likely.MOVED, Likely.DELETED, Likely.ALIAS, Likely.PUT_THERE,
         Likely.OTHER_DAY]
    ),
    st.integers(0, 5),
    st.integers(1, 4),
)  # fmt: skip


def planted(
    plan: Plan,
) -> tuple[
    dict[int, tuple[int, int]], dict[int, tuple[int, int]], set[tuple[Flow, Side, Likely, int]]
]:
    """What store and witness say, and the differences that were made."""
    stored, told = dict(plan.base), dict(plan.base)
    day = sorted(plan.base)[plan.at % len(plan.base)]
    sent, received = plan.base[day]
    if plan.likely is Likely.NO_COPY:
        stored = {one: (0, counts[1]) for one, counts in stored.items()}
        lost = sum(counts[0] for counts in plan.base.values())
        return stored, told, {(Flow.SENT, Side.WITNESS, plan.likely, lost)}
    if plan.likely is Likely.MOVED:
        stored = {one: (counts[0], 0) for one, counts in stored.items()}
        lost = sum(counts[1] for counts in plan.base.values())
        return stored, told, {(Flow.RECEIVED, Side.WITNESS, plan.likely, lost)}
    if plan.likely is Likely.DELETED:
        stored[day] = (sent, max(received - plan.mails, 0))
        return (
            stored,
            told,
            {(Flow.RECEIVED, Side.WITNESS, plan.likely, received - stored[day][1])},
        )
    if plan.likely in (Likely.ALIAS, Likely.PUT_THERE):
        stored[day] = (sent, received + plan.mails)
        return stored, told, {(Flow.RECEIVED, Side.STORED, plan.likely, plan.mails)}
    if plan.likely is Likely.OTHER_DAY:
        moved = min(plan.mails, sent)
        told[day], told[day + 1] = (sent - moved, received), (moved, 0)
        return stored, told, {
            (Flow.SENT, Side.STORED, plan.likely, moved),
            (Flow.SENT, Side.WITNESS, plan.likely, moved),
        }  # fmt: skip
    return stored, told, set()


@settings(deadline=None)
@given(st.lists(plans, min_size=1, max_size=12))
def test_planted_differences_are_found_and_no_others(chosen: list[Plan]) -> None:
    """Each with its numbers and reason; everything else both saw."""
    # A day that all others have keeps a day of one mailbox from being silent by chance.
    people, stored, told, expected = [], [], {}, {}
    for plan in chosen:
        person = a_person()
        if plan.likely is Likely.ALIAS:
            person = replace(person, aliases=("cu@tinh.gov.vn",))
        of_store, of_witness, made = planted(plan)
        people.append(person)
        box = person.mailbox or ""
        stored.append(an_activity(box, *(DayActivity(october(d), *n) for d, n in of_store.items())))
        told[box] = an_activity(box, *(DayActivity(october(d), *n) for d, n in of_witness.items()))
        expected[box] = made
    for _ in range(3):  # whom nothing is planted of, with mail on every day
        person = a_person()
        every = [DayActivity(october(day), 1, 1) for day in range(1, 32)]
        people.append(person)
        stored.append(an_activity(person.mailbox, *every))
        told[person.mailbox or ""] = an_activity(person.mailbox, *every)
        expected[person.mailbox or ""] = set()
    found = reconciled(a_snapshot([a_unit()], people, stored), told)

    assert {
        one.person.mailbox: {(d.flow, d.side, d.likely, d.mails) for d in one.differences}
        for one in found.mailboxes
    } == expected
    for one in found.mailboxes:
        for flow, seen in ((Flow.SENT, one.sent), (Flow.RECEIVED, one.received)):
            for side in Side:
                mails = sum(d.mails for d in one.differences if (d.flow, d.side) == (flow, side))
                assert seen.only(side) == mails
    assert found.sums.differing == sum(map(bool, expected.values()))
    assert found.silent_days == ()


numbers = st.dictionaries(
    st.sampled_from([date(2026, 10, day) for day in range(1, 32)]),
    st.tuples(st.integers(0, 9), st.integers(0, 9)),
)


@settings(deadline=None)
@given(
    st.lists(st.tuples(numbers, numbers), min_size=1, max_size=6), st.sampled_from([LOGS, ANOTHER])
)
def test_every_mail_is_of_both_or_of_one_side_with_one_reason(
    pairs: list[tuple[dict[date, tuple[int, int]], dict[date, tuple[int, int]]]],
    source: SourceInfo,
) -> None:
    """Whatever the sources say: sums of mailboxes, units and the whole are those of the sources."""
    people = [a_person() for _ in pairs]
    sides = [
        [
            an_activity(one.mailbox, *(DayActivity(day, *n) for day, n in pair[at].items()))
            for one, pair in zip(people, pairs, strict=True)
        ]
        for at in (0, 1)
    ]
    snapshot = a_snapshot([a_unit()], people, sides[0])
    found = reconciled(snapshot, {one.mailbox: one for one in sides[1]}, source)
    for one, pair in zip(found.mailboxes, pairs, strict=True):
        for place, seen in enumerate((one.sent, one.received)):
            assert seen.both + seen.stored == sum(n[place] for n in pair[0].values())
            assert seen.both + seen.witness == sum(n[place] for n in pair[1].values())
        for side in Side:
            told = sum(d.mails for d in one.differences if d.side is side)
            assert told == one.seen.only(side)
        assert all(d.mails > 0 for d in one.differences)
    assert found.sums.seen == found.units[0].seen
    assert found.sums.period == OCTOBER
