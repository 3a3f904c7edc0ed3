"""What holds for every month, checked on seeded random ones."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import Enum, auto
from fractions import Fraction
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from metrics_builders import (
    COMMUNES,
    DEPARTMENTS,
    OCTOBER,
    SEPTEMBER,
    a_person,
    a_snapshot,
    a_unit,
    an_activity,
    an_unmeasured,
    october,
    sent_on,
)

from mailaudit.metrics.heirs import Heirs
from mailaudit.metrics.lines import lines_of
from mailaudit.metrics.measure import measure
from mailaudit.metrics.rank import rank
from mailaudit.metrics.retrospect import look_back
from mailaudit.metrics.uses import measured_gaps
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.gaps import HIDDEN_GAPS, NO_GAPS
from mailaudit.model.lineage import EventKind, Lineage, UnitEvent
from mailaudit.model.outcome import DayActivity, Outcome, Reason
from mailaudit.model.period import Period
from mailaudit.model.ranking import Ranking, Standing
from mailaudit.model.roster import Staff, Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Counts, Measurement, StaffState
from mailaudit.model.use import Use as Uses
from mailaudit.model.use import people_by_use, use_of

RULES = Rules()
CALENDAR = WorkCalendar(off=frozenset({october(9)}), worked=frozenset({october(10)}))
IN_SCOPE = set(StaffState) - {StaffState.EXEMPT, StaffState.EXCLUDED}
SEEDS = range(25)


class Use(Enum):
    """What somebody does with their mailbox in every month."""

    REGULAR = auto()
    RARE = auto()
    NONE = auto()
    UNMEASURED = auto()


People = tuple[tuple[Staff, ...], Mapping[str, Use]]


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
    assert measurement.total.staff == len(measurement.staff)


def test_random_months_hold_every_use() -> None:
    """All seven uses occur in the months below."""
    usages = [usage for seed in SEEDS for usage in a_random_measurement(seed).staff]
    merged = {Uses.SENDS, Uses.SENT_NOTHING}
    assert {use_of(usage) for usage in usages} == {None, *Uses} - merged


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_in_scope_is_in_one_use(seed: int) -> None:
    """Of each unit, each group and the whole the uses add up to D, and each to its people."""
    measurement = a_random_measurement(seed)
    staff: dict[str, list[Uses | None]] = {unit.unit.code: [] for unit in measurement.units}
    for usage in measurement.staff:
        staff[usage.unit_code].append(use_of(usage))
    parts = [[unit] for unit in measurement.units]
    parts += [[u for u in measurement.units if u.unit.group == g] for g in (DEPARTMENTS, COMMUNES)]
    for units in [*parts, list(measurement.units)]:
        counts = sum((unit.counts for unit in units), Counts())
        gaps = sum((unit.gaps for unit in units), NO_GAPS)
        people = [use for unit in units for use in staff[unit.unit.code] if use is not None]
        found = people_by_use(counts, gaps)
        assert found == {use: people.count(use) for use in found}
        assert sum(found.values()) == len(people) == counts.in_scope
        merged = people_by_use(counts, HIDDEN_GAPS)
        assert merged[Uses.SENDS] == found[Uses.UNREAD] + found[Uses.FEW_DAYS]
        assert merged[Uses.SENT_NOTHING] == found[Uses.ONLY_READ] + found[Uses.UNUSED]
        assert sum(merged.values()) == counts.in_scope


def test_uses_that_contradict_the_sums_are_refused() -> None:
    """A person whose figures are not those of the unit's sums is a bug, and is not printed."""
    [*staff], units = a_random_measurement(2).staff, a_random_measurement(2).units
    counts = {unit.unit.code: unit.counts for unit in units}
    at = next(n for n, usage in enumerate(staff) if usage.regular)
    measured_gaps(staff, counts)
    staff[at] = replace(staff[at], regular=False)
    with pytest.raises(ValueError, match="are not those of its sums"):
        measured_gaps(staff, counts)
    with pytest.raises(ValueError, match="contradict"):
        people_by_use(Counts(in_scope=3, provided=3, sent=1, regular=2), HIDDEN_GAPS)


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


CODES = ("A", "B", "C", "D", "E")
EVENTS_ELSEWHERE = (UnitEvent(date(2026, 10, 1), EventKind.RENAMED, ("Q",), ("Q2",)),)
whole_months = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def unit_lists(draw: st.DrawFn) -> tuple[Unit, ...]:
    """The units A to E, each in one of two groups, on top or below one before it."""
    units: list[Unit] = []
    for code in CODES:
        parent = draw(st.sampled_from([None, None, *[unit.code for unit in units]]))
        units.append(a_unit(code, draw(st.sampled_from([DEPARTMENTS, COMMUNES])), parent))
    return tuple(units)


@st.composite
def habits(draw: st.DrawFn) -> People:
    """People of the units, and what the mailbox of each does in a month."""
    staff, uses = [], {}
    for code in CODES:
        for number in range(draw(st.integers(0, 6))):
            box = f"{code}{number}@x.vn".lower()
            staff.append(Staff(f"{code}{number}", code, box))
            uses[box] = draw(st.sampled_from(list(Use)))
    return tuple(staff), uses


def a_month(period: Period, units: tuple[Unit, ...], people: People) -> Snapshot:
    """A month in which each mailbox does what it usually does."""
    staff, uses = people
    days = [day for day in period.days() if CALENDAR.is_working_day(day)]
    lengths = {Use.REGULAR: 6, Use.RARE: 1, Use.NONE: 0}
    outcomes = [
        an_unmeasured(box)
        if use is Use.UNMEASURED
        else an_activity(box, *sent_on(*days[: lengths[use]]))
        for box, use in uses.items()
    ]
    return a_snapshot(units, staff, outcomes, period=period)


def with_one_in(code: str, people: People) -> People:
    """The people, and one more in a unit."""
    staff, uses = people
    return (*staff, Staff("q", code, "q@x.vn")), {**uses, "q@x.vn": Use.REGULAR}


def compared(
    now: Snapshot, *earlier: Snapshot, events: tuple[UnitEvent, ...] = (), within: str | None = None
) -> Ranking:
    """The month ranked beside the earlier ones."""
    present, lineage = measure(now, CALENDAR, RULES, within), Lineage(events)
    history = [
        look_back(
            then,
            measure(then, CALENDAR, RULES),
            now,
            present,
            Heirs.between(then, now, lineage),
            lineage,
            RULES,
            within,
        )
        for then in earlier
    ]
    return rank(now.period, present, now.roster.groups, history, RULES)


@whole_months
@given(unit_lists(), unit_lists(), habits(), habits())
def test_events_of_other_units_change_no_figure(
    before: tuple[Unit, ...],
    today: tuple[Unit, ...],
    did: People,
    does: People,
) -> None:
    """Whatever moved: that a unit of one person beside them got another code is not about them."""
    then = a_month(SEPTEMBER, (*before, a_unit("Q")), with_one_in("Q", did))
    kept, renamed = (
        a_month(OCTOBER, (*today, a_unit(code)), with_one_in(code, does)) for code in ("Q", "Q2")
    )
    found = [compared(kept, then), compared(renamed, then, events=EVENTS_ELSEWHERE)]
    usual, beside = (
        (
            ranking.previous_total,
            [(group.name, group.previous_total) for group in ranking.groups],
            [s for group in ranking.groups for s in group.standings if s.usage.unit.code in CODES],
            [unit for unit in ranking.trend[0].units if unit[0] in CODES],
            ranking.trend[0].total,
        )
        for ranking in found
    )
    assert usual == beside


@whole_months
@given(unit_lists(), unit_lists(), habits())
def test_units_that_moved_change_nobody_s_rate(
    before: tuple[Unit, ...],
    today: tuple[Unit, ...],
    does: People,
) -> None:
    """Everybody does what they did, in another group or below another unit: nothing rose or fell,
    and what is compared is exactly the people of today.
    """
    then, now = a_month(SEPTEMBER, before, does), a_month(OCTOBER, today, does)
    ranking = compared(now, then)
    for group in ranking.groups:
        assert group.previous_total in (None, group.total)
        assert all(standing.change in (None, 0) for standing in group.standings)
    assert ranking.previous_total in (None, ranking.total)
    assert (ranking.previous_total is None) is (ranking.silence is not None)


@whole_months
@given(unit_lists(), unit_lists(), habits(), habits())
def test_group_is_compared_with_the_sums_of_its_units(
    before: tuple[Unit, ...],
    today: tuple[Unit, ...],
    did: People,
    does: People,
) -> None:
    """The change of a group and its line in the trend are of one sum."""
    now = a_month(OCTOBER, today, does)
    ranking = compared(now, a_month(SEPTEMBER, before, did))
    was = dict(ranking.trend[0].units)
    for group in ranking.groups:
        if group.previous_total is not None:
            codes = [standing.usage.unit.code for standing in group.standings]
            assert group.previous_total == sum((was[code] for code in codes), Counts())


@whole_months
@given(st.permutations([1, 2, 5]), unit_lists(), habits(), habits())
def test_months_before_the_last_change_no_comparison(
    back: list[int],
    units: tuple[Unit, ...],
    did: People,
    does: People,
) -> None:
    """Which other months are stored, in any order, adds to the trend and to nothing else."""
    now = a_month(OCTOBER, units, does)
    months = [a_month(OCTOBER.shifted(-n), units, did if n == 1 else does) for n in back]
    alone = compared(now, next(m for m in months if m.period == SEPTEMBER))
    beside = compared(now, *months)
    assert replace(beside, trend=alone.trend) == alone
    assert {p.period: p for p in alone.trend}.items() <= {p.period: p for p in beside.trend}.items()


@whole_months
@given(unit_lists(), habits(), habits())
def test_report_within_a_unit_looks_back_to_the_same_sums(
    units: tuple[Unit, ...],
    did: People,
    does: People,
) -> None:
    """The whole of a unit's own report was, in the month before, what its line says elsewhere."""
    then, now = a_month(SEPTEMBER, units, did), a_month(OCTOBER, units, does)
    everywhere = dict(compared(now, then).trend[0].units)
    for code in everywhere:
        inside = compared(now, then, within=code)
        assert inside.trend[0].total == everywhere[code]
        assert inside.previous_total in (None, everywhere[code])


@whole_months
@given(unit_lists(), habits(), st.sampled_from(CODES))
def test_other_units_mail_does_not_decide_about_a_unit(
    units: tuple[Unit, ...], does: People, code: str
) -> None:
    """As long as there is mail at all, a unit's sums are those of its people alone."""
    staff, uses = does
    chain = {unit.code: unit.parent for unit in units}
    top = code
    while (parent := chain[top]) is not None:
        top = parent
    lines = lines_of(units)
    others = {
        person.mailbox: Use.REGULAR
        for person in staff
        if person.mailbox is not None and lines[person.unit_code] != top
    }
    months = [a_month(OCTOBER, units, (staff, {**uses, **changed})) for changed in ({}, others)]
    before, after = (
        {usage.unit.code: usage.counts for usage in measure(month, CALENDAR, RULES).units}
        for month in months
    )
    assert before[top] == after[top]
