"""What holds for every month, checked on seeded random ones."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest
from metrics_builders import (
    COMMUNES,
    DEPARTMENTS,
    OCTOBER,
    a_person,
    a_snapshot,
    a_unit,
    an_activity,
    an_unmeasured,
    october,
)

from mailaudit.metrics.measure import measure
from mailaudit.metrics.rank import rank
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.outcome import DayActivity, Outcome, Reason
from mailaudit.model.ranking import Standing
from mailaudit.model.roster import Staff, Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Counts, Measurement, StaffState

RULES = Rules()
CALENDAR = WorkCalendar(off=frozenset({october(9)}), worked=frozenset({october(10)}))
IN_SCOPE = set(StaffState) - {StaffState.EXEMPT, StaffState.EXCLUDED}
SEEDS = range(25)


def a_random_day(random: Random, day: date) -> DayActivity:
    """A day with consistent counts."""
    received = random.choice([0, 1, 3, 10])
    return DayActivity(
        day, sent=random.choice([0, 1, 5]), received=received, read=random.randint(0, received)
    )


def a_random_outcome(random: Random, mailbox: str, unmeasured: float) -> Outcome:
    """Unmeasured now and then, else a few days of use."""
    if random.random() < unmeasured:
        return an_unmeasured(mailbox, random.choice(list(Reason)))
    days = sorted(random.sample(range(1, 32), random.choice([0, 2, 6, 12])))
    return an_activity(mailbox, *(a_random_day(random, october(day)) for day in days))


def a_random_person(random: Random, unit_code: str) -> Staff:
    """Anybody a staff list may hold."""
    begin = date(2026, 9, 1) + timedelta(days=random.randrange(90))
    return a_person(
        unit_code,
        mailbox=None if random.random() < 0.1 else "",
        category=random.choice(["công chức", "viên chức", "Công chức", "hợp đồng lao động"]),
        status=random.choice(["", "", "", "", "Ốm", "thai sản", "tăng cường"]),
        status_from=random.choice([None, begin]),
        status_to=random.choice([None, begin + timedelta(days=random.randrange(60))]),
    )


def a_random_month(seed: int) -> Snapshot:
    """Some units in two groups, some below others, with random people and mailboxes."""
    random = Random(seed)  # noqa: S311 - the same months every time
    units: list[Unit] = []
    for number in range(random.randint(1, 12)):
        parent = random.choice([None, None, *[unit.code for unit in units]])
        units.append(a_unit(f"U{number}", random.choice([DEPARTMENTS, COMMUNES]), parent))
    staff = [
        a_random_person(random, unit.code)
        for unit in units
        for _ in range(random.choice([0, 1, 5, 30]))
    ]
    unmeasured = random.choice([0.0, 0.02, 0.3, 1.0])
    outcomes = [
        a_random_outcome(random, person.mailbox, unmeasured)
        for person in staff
        if person.mailbox is not None
    ]
    return a_snapshot(units, staff, outcomes)


def a_random_measurement(seed: int) -> Measurement:
    """A random month measured."""
    return measure(a_random_month(seed), CALENDAR, RULES)


def test_random_months_hold_every_case() -> None:
    """The months below are worth checking: all states and reasons, and regular use, occur."""
    usages = [usage for seed in SEEDS for usage in a_random_measurement(seed).staff]
    assert {usage.state for usage in usages} == set(StaffState)
    assert {usage.reason for usage in usages} == {None, *Reason}
    assert {usage.regular for usage in usages} == {True, False}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_entry_has_exactly_one_state(seed: int) -> None:
    """The roster entry by entry in its order, each with the state its data asks for."""
    snapshot = a_random_month(seed)
    measurement = measure(snapshot, CALENDAR, RULES)
    assert tuple(usage.staff for usage in measurement.staff) == snapshot.roster.staff
    for usage in measurement.staff:
        if usage.state is not StaffState.MEASURED:
            bare = replace(usage, reason=None, detail="", out_of_scope=None)
            assert bare == type(usage)(usage.staff, usage.unit_code, usage.state)
        assert (usage.reason is not None) is (usage.state is StaffState.UNMEASURED)
        out = usage.out_of_scope
        assert usage.state is out.state if out else usage.state in IN_SCOPE


@pytest.mark.parametrize("seed", SEEDS)
def test_sums_add_up(seed: int) -> None:
    """B, D and C split into states, in each unit and in total."""
    measurement = a_random_measurement(seed)
    for unit in measurement.units:
        people = [usage for usage in measurement.staff if usage.unit_code == unit.unit.code]
        number = {state: sum(u.state is state for u in people) for state in StaffState}
        counts = unit.counts
        assert counts.staff == len(people)
        assert counts.exempt == number[StaffState.EXEMPT]
        assert counts.excluded == number[StaffState.EXCLUDED]
        assert counts.in_scope == counts.staff - counts.exempt - counts.excluded
        assert counts.provided == counts.in_scope - number[StaffState.NOT_PROVIDED]
        assert counts.unmeasured == number[StaffState.UNMEASURED]
        assert counts.regular == sum(u.regular for u in people)
        assert counts.messages_read == sum(u.read for u in people)
    assert measurement.total.staff == len(measurement.staff)


@pytest.mark.parametrize("seed", SEEDS)
def test_regular_use_is_measured_and_sent(seed: int) -> None:
    """F4 <= F3 <= measured, person by person: who never sends can't be regular."""
    for usage in a_random_measurement(seed).staff:
        assert usage.has_sent or not usage.regular
        assert usage.sent_days <= min(usage.sent, CALENDAR.working_days_of(OCTOBER))
        assert usage.due_read <= usage.due <= usage.received
        assert usage.due_read <= usage.read <= usage.received


@pytest.mark.parametrize("seed", SEEDS)
def test_share_lies_between_its_bounds(seed: int) -> None:
    """lower <= R <= upper, all of them equal where nothing is unmeasured."""
    measurement = a_random_measurement(seed)
    for counts in [*(unit.counts for unit in measurement.units), measurement.total]:
        lower, share, upper = counts.lower_bound, counts.regular_share, counts.upper_bound
        if lower is None or upper is None:
            assert counts.in_scope == 0
            continue
        assert 0 <= lower <= upper <= 1
        assert upper - lower == Fraction(counts.unmeasured, counts.in_scope)
        assert share is None or lower <= share <= upper


@pytest.mark.parametrize("seed", SEEDS)
def test_bounds_hold_whatever_the_unmeasured_would_have_shown(seed: int) -> None:
    """Measuring the same month completely gives an R inside the bounds of the incomplete one."""
    random = Random(seed)  # noqa: S311 - the same months every time
    complete = a_random_month(seed)
    outcomes = [a_random_outcome(random, mailbox, 0.0) for mailbox in sorted(complete.outcomes)]
    whole = replace(complete, outcomes={outcome.mailbox: outcome for outcome in outcomes})
    partly = replace(
        complete,
        outcomes={
            outcome.mailbox: an_unmeasured(outcome.mailbox) if random.random() < 0.2 else outcome
            for outcome in outcomes
        },
    )
    known = measure(whole, CALENDAR, RULES).total
    bounded = measure(partly, CALENDAR, RULES).total
    if known.regular_share is None or bounded.lower_bound is None or bounded.upper_bound is None:
        assert known.in_scope == 0
        return
    assert bounded.lower_bound <= known.regular_share <= bounded.upper_bound


def beaten_by(standing: Standing, others: list[Standing]) -> int:
    """How many of the others have a greater share, by cross-multiplication of integers."""
    mine = standing.usage.counts
    base = mine.in_scope - mine.unmeasured
    return sum(
        theirs.regular * base > mine.regular * (theirs.in_scope - theirs.unmeasured)
        for theirs in (other.usage.counts for other in others)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_ranking_holds_every_unit_once_and_ranks_by_who_is_better(seed: int) -> None:
    """Every unit stands once, in its group; a rank is one more than the number of better ones."""
    measurement = a_random_measurement(seed)
    ranking = rank(OCTOBER, measurement, [DEPARTMENTS, COMMUNES], [], RULES)
    listed = [standing.usage for group in ranking.groups for standing in group.standings]
    assert sorted(u.unit.code for u in listed) == sorted(u.unit.code for u in measurement.units)
    official = {usage.unit.code: place for place, usage in enumerate(measurement.units)}
    for group in ranking.groups:
        assert {standing.usage.unit.group for standing in group.standings} == {group.name}
        placed = [standing for standing in group.standings if standing.rank is not None]
        assert group.standings[: len(placed)] == tuple(placed)
        order = [(standing.rank or 0, official[standing.usage.unit.code]) for standing in placed]
        assert order == sorted(order)
        for standing in placed:
            assert standing.rank == beaten_by(standing, placed) + 1
            same = [other for other in placed if other.rank == standing.rank]
            assert standing.tied is (len(same) > 1)
    assert sum((group.total for group in ranking.groups), Counts()) == ranking.total
    assert ranking.total == measurement.total
