"""People who were removed: every sum stays what it was, as long as the rules do."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from metrics_builders import (
    OCTOBER,
    a_person,
    a_snapshot,
    a_unit,
    an_activity,
    an_unmeasured,
    sent_on,
)

from mailaudit.audit import summing
from mailaudit.metrics.heirs import Heirs
from mailaudit.metrics.measure import measure
from mailaudit.metrics.retrospect import look_back
from mailaudit.metrics.summing import DECIDING
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.lineage import EventKind, Lineage, UnitEvent
from mailaudit.model.outcome import DayActivity, Outcome, Reason
from mailaudit.model.ranking import Incomparable, TrendPoint
from mailaudit.model.removal import Removal
from mailaudit.model.roster import Staff
from mailaudit.model.rules import ANY_ACTIVITY, Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Measurement, Silence, StaffState

NOW = datetime(2026, 12, 1, tzinfo=UTC)
UNITS = (a_unit("A"), a_unit("A1", parent="A"), a_unit("B"))
STATUSES = ("", "ốm", "thai sản", "đi học", "nghỉ hưu", "mới tuyển")
# Of each rule another value than the default.
OTHER_RULES: dict[str, Any] = {
    "regular": ANY_ACTIVITY,
    "regular_basis": "QĐ 1",
    "target_basis": "QĐ 2",
    "min_regular_months_share": Fraction(3, 4),
    "min_months_share": Fraction(3, 4),
    "min_sent_days": 5,
    "min_read_share": Fraction(1, 3),
    "read_grace_working_days": 1,
    "read_waived_below": 2,
    "exempt_categories": frozenset({"khác"}),
    "exempt_job_titles": frozenset({"lái xe"}),
    "in_scope_job_titles": frozenset({"kế toán"}),
    "excluded_statuses": frozenset({"ốm"}),
    "min_excluded_share": Fraction(1, 3),
    "joined_statuses": frozenset({"mới"}),
    "min_joined_working_days": 3,
    "left_statuses": frozenset({"nghỉ"}),
    "min_coverage": Fraction(1, 2),
    "min_in_scope": 9,
    "small_unit": 20,
    "target": Fraction(1, 2),
    "grades": Rules().grades[1:],
    "in_scope_categories": frozenset({"công chức"}),
    "in_scope_statuses": frozenset({"đang làm việc"}),
    "max_exempt_share": Fraction(1, 2),
    "max_witness_difference_share": Fraction(1, 2),
    "min_published": 9,
    "coarse_extremes": True,
}


def a_random_month(chance: random.Random) -> Snapshot:
    people: list[Staff] = []
    outcomes: list[Outcome] = []
    for _ in range(60):
        status = chance.choice(STATUSES) if chance.random() < 0.5 else ""
        since = date(2026, 10, chance.randint(1, 31)) if chance.random() < 0.5 else None
        person = a_person(
            chance.choice(["A", "A1", "B"]),
            None if chance.random() < 0.1 else "",
            chance.choice(["công chức", "hợp đồng lao động"]),
            status,
            since,
        )
        people.append(person)
        if person.mailbox is None:
            continue
        if chance.random() < 0.1:
            outcomes.append(an_unmeasured(person.mailbox, chance.choice([*Reason][:3])))
            continue
        days = sorted(chance.sample(range(1, 29), chance.randint(0, 12)))
        outcomes.append(
            an_activity(
                person.mailbox,
                *(
                    DayActivity(
                        date(2026, 10, day),
                        sent=chance.randint(0, 2),
                        received=5,
                        read=chance.randint(0, 5),
                    )
                    for day in days
                ),
            )
        )
    return a_snapshot(UNITS, people, outcomes)


def without(snapshot: Snapshot, gone: set[str], rules: Rules | None = None) -> Snapshot:
    """The snapshot as the store has it once these people were removed."""
    sums = summing(WorkCalendar(), rules or Rules())(snapshot, gone)
    staff = tuple(person for person in snapshot.roster.staff if person.key not in gone)
    boxes = {person.mailbox for person in staff}
    return replace(
        snapshot,
        roster=replace(snapshot.roster, staff=staff),
        outcomes={box: one for box, one in snapshot.outcomes.items() if box in boxes},
        removal=Removal(NOW, False, "", sums),
    )


def emptied(snapshot: Snapshot, rules: Rules | None = None) -> Snapshot:
    """The snapshot once everybody was removed."""
    sums = summing(WorkCalendar(), rules or Rules())(snapshot, None)
    roster = replace(snapshot.roster, staff=())
    return replace(snapshot, roster=roster, outcomes={}, removal=Removal(NOW, True, "", sums))


def reasons_of(measured: Measurement) -> tuple[Counter[object], Counter[object]]:
    """Why how many people are out of scope, and not measured."""
    words: Counter[object] = Counter()
    causes: Counter[object] = Counter()
    for usage in measured.staff:
        if (kind := usage.out_of_scope) is not None:
            undated = usage.staff.status_from is None and usage.staff.status_to is None
            words[usage.unit_code, kind, kind.word(usage.staff), undated] += 1
        causes[usage.unit_code, usage.reason] += 1
    return words, causes


@pytest.mark.parametrize("seed", range(12))
def test_sums_of_units_and_reasons_stay_as_they_were(seed: int) -> None:
    """Removed one after the other, in every state; within a unit too."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    before = a_random_month(chance)
    after = before
    for person in chance.sample(before.roster.staff, 20):
        after = without(after, {person.key})

    for within in (None, "A"):
        then, now = (measure(one, WorkCalendar(), Rules(), within) for one in (before, after))
        assert now.units == then.units
        assert now.silence == then.silence
        assert reasons_of(now) == reasons_of(then)
    assert sum(usage.is_removed for usage in now.staff) < 20
    assert len(after.roster.staff) == 40
    assert after.removal is not None
    assert after.removal.sums.people == 20


@pytest.mark.parametrize("seed", range(6))
def test_sums_of_a_month_without_people_are_those_it_had(seed: int) -> None:
    """With people removed before, too; and why they were out of scope or unmeasured is not kept."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    before = a_random_month(chance)
    some = without(before, {person.key for person in before.roster.staff[:9]})
    for month in (before, some):
        after = emptied(month)
        for within in (None, "A"):
            then, now = (measure(one, WorkCalendar(), Rules(), within) for one in (month, after))
            assert now.units == then.units
            assert not now.is_outdated
        assert after.removal is not None
        assert {(one.out_of_scope, one.word, one.reason) for one in after.removal.sums.alike} == {
            (None, "", None)
        }


def test_removed_person_is_not_measured_by_other_rules() -> None:
    """Never regular, and never not: nobody knows what they did."""
    people = [a_person() for _ in range(3)]
    days = sent_on(*(date(2026, 10, day) for day in range(5, 10)))
    month = a_snapshot(
        [a_unit()], people, [an_activity(person.mailbox, *days) for person in people]
    )
    after = without(month, {people[0].key})

    (same,) = measure(after, WorkCalendar(), Rules()).units
    (stricter,) = measure(after, WorkCalendar(), Rules(min_sent_days=5)).units

    assert (same.counts.regular, same.counts.unmeasured) == (3, 0)
    assert (stricter.counts.regular, stricter.counts.unmeasured) == (2, 1)
    assert stricter.counts.staff == stricter.counts.provided == 3
    removed = [
        u for u in measure(after, WorkCalendar(), Rules(min_sent_days=5)).staff if u.is_removed
    ]
    assert [(u.state, u.reason) for u in removed] == [(StaffState.UNMEASURED, Reason.REMOVED)]


@pytest.mark.parametrize("name", list(Rules.__slots__))
def test_month_is_outdated_by_the_rules_that_decide_and_by_no_other(name: str) -> None:
    """Every field of Rules either decides how a person counts, or is applied to sums."""
    after = emptied(a_random_month(random.Random(1)))  # noqa: S311 - no secret
    rules = replace(Rules(), **{name: OTHER_RULES[name]})

    assert measure(after, WorkCalendar(), rules).is_outdated == (name in DECIDING)


def test_month_is_outdated_by_another_calendar() -> None:
    """A day off that became known, of the month or before the cut-off, or of one unit only."""
    after = emptied(a_random_month(random.Random(1)))  # noqa: S311 - no secret

    def is_outdated(calendar: WorkCalendar) -> bool:
        return measure(after, calendar, Rules()).is_outdated

    day = frozenset({date(2026, 10, 6)})
    assert is_outdated(WorkCalendar(off=day))
    assert is_outdated(WorkCalendar(off=frozenset({date(2026, 11, 2)})))
    assert is_outdated(WorkCalendar(units=(("A1", WorkCalendar(off=day)),)))
    assert not is_outdated(WorkCalendar(off=frozenset({date(2026, 9, 2), date(2026, 11, 20)})))
    assert not is_outdated(WorkCalendar(units=(("C", WorkCalendar(off=day)),), name="x"))


def test_month_in_which_only_the_removed_had_mail_is_not_silent() -> None:
    """And a silent one stays silent."""
    one, other = a_person(), a_person()
    day = sent_on(date(2026, 10, 6))
    month = a_snapshot(
        [a_unit()], [one, other], [an_activity(one.mailbox, *day), an_activity(other.mailbox)]
    )
    silent = a_snapshot([a_unit()], [one, other], map(an_activity, (one.mailbox, other.mailbox)))

    assert measure(without(month, {one.key}), WorkCalendar(), Rules()).silence is None
    assert measure(emptied(month), WorkCalendar(), Rules()).silence is None
    for after in (without(silent, {one.key}), emptied(silent)):
        assert measure(after, WorkCalendar(), Rules()).silence is Silence.NO_MAIL
    assert month.period == OCTOBER


def test_divided_unit_is_not_comparable_with_a_month_without_people() -> None:
    """Nobody of it is found again; other units go on, and so does the whole."""
    people = [a_person("A") for _ in range(20)] + [a_person("B") for _ in range(20)]
    days = sent_on(*(date(2026, 9, day) for day in range(7, 12)))
    boxes = [an_activity(person.mailbox, *days) for person in people]
    september = OCTOBER.shifted(-1)
    then = a_snapshot(
        [a_unit("A"), a_unit("B")],
        people,
        boxes,
        september.end + timedelta(days=1),
        september,
    )
    moved = [
        replace(person, unit_code=f"A{n % 2}" if person.unit_code == "A" else "B")
        for n, person in enumerate(people)
    ]
    now = a_snapshot(
        [a_unit("A0"), a_unit("A1"), a_unit("B")], moved, [an_activity(p.mailbox) for p in moved]
    )
    split = UnitEvent(date(2026, 10, 1), EventKind.SPLIT, ("A",), ("A0", "A1"))
    lineage = Lineage((split,))

    def seen(month: Snapshot) -> TrendPoint:
        measured = measure(month, WorkCalendar(), Rules())
        present = measure(now, WorkCalendar(), Rules())
        heirs = Heirs.between(month, now, lineage)
        return look_back(month, measured, now, present, heirs, lineage, Rules()).point

    assert dict(seen(then).units).keys() == {"A0", "A1", "B"}
    point = seen(emptied(then))
    assert dict(point.units) == {"B": dict(seen(then).units)["B"]}
    assert dict(point.origins)["A0"].why_not is Incomparable.NOT_TOLD_APART
    assert point.total == seen(then).total
