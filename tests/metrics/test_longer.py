"""Longer periods: who is who, which days count, what the reports of a person say."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta
from fractions import Fraction

import pytest
from metrics_builders import a_unit
from test_longer_document import a_month, a_store
from test_metrics_document import CALENDAR, RULES

from mailaudit.audit.longer import evaluate_longer
from mailaudit.audit.measuring import Audited
from mailaudit.errors import StoreError, UsageError
from mailaudit.metrics.longer import is_regular_in
from mailaudit.metrics.same_people import SamePeople
from mailaudit.model.lineage import EventKind, Lineage, UnitEvent
from mailaudit.model.outcome import Activity, DayActivity
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.roster import Staff, Unit
from mailaudit.model.rules import ANY_ACTIVITY, SENT_ALONE, SENT_AND_READ
from mailaudit.model.usage import Silence, StaffState

SEPTEMBER, OCTOBER = Period(2026, 9), Period(2026, 10)
BOTH = LongPeriod.of(SEPTEMBER.first_day, OCTOBER.last_day)
MOVED = Lineage(mail_domains={"cu.vn": "moi.vn", "cu2.vn": "moi.vn"})


def a_person(key: str, box: str | None, *aliases: str, unit: str = "A", row: str = "") -> Staff:
    return Staff(key, unit, box, aliases=aliases, row=row)


@pytest.mark.parametrize(
    ("then", "now", "same"),
    [
        (a_person("1", "an@moi.vn"), a_person("2", "an@moi.vn"), True),
        (a_person("1", "an@moi.vn"), a_person("1", "an.tran@moi.vn"), True),
        (a_person("1", "an@moi.vn"), a_person("2", "an.tran@moi.vn"), False),
        (a_person("1", "an@moi.vn"), a_person("2", "an2@moi.vn", "an@moi.vn"), True),
        (a_person("1", "an@cu.vn"), a_person("2", "an@moi.vn"), True),
        (a_person("1", None), a_person("1", "an@moi.vn"), True),
        (a_person("r:1", None, row="r:1"), a_person("r:1", None, row="r:1"), False),
        (a_person("an@moi.vn", "an@moi.vn"), a_person("1", "an@moi.vn"), True),
    ],
)
def test_people_are_found_again(then: Staff, now: Staff, *, same: bool) -> None:
    """By address, former or other too, then by code; a row of the list is no code."""
    people = SamePeople(MOVED)
    assert (people.add([then]) == people.add([now])) is same


def test_nobody_is_found_where_two_could_be_meant() -> None:
    """Before two domains were joined there was an an@ in each."""
    people = SamePeople(MOVED)
    assert people.add([a_person("1", "an@cu.vn"), a_person("2", "an@cu2.vn")]) == [0, 1]
    assert people.add([a_person("3", "an@moi.vn")]) == [2]


def test_nobody_is_two_people_of_a_month() -> None:
    """A code that was given to somebody else does not take the place of its former owner."""
    people = SamePeople(Lineage())
    assert people.add([a_person("1", "an@moi.vn")]) == [0]
    assert people.add([a_person("1", "binh@moi.vn"), a_person("2", "an@moi.vn")]) == [1, 0]


def audited(
    months: Sequence[tuple[Period, Sequence[tuple[Staff, Activity | None]]]],
    period: LongPeriod = BOTH,
    lineage: Lineage | None = None,
) -> Audited:
    store = a_store([a_month(month, people) for month, people in months])
    return evaluate_longer(store, period, CALENDAR, RULES, lineage)


def who(box: str, *days: date, unit: str = "A") -> tuple[Staff, Activity]:
    """Somebody who sent and read a message on each of these days."""
    month = Period(days[0].year, days[0].month)
    did = tuple(DayActivity(day, 1, 1, 1) for day in days)
    return a_person(box, box, unit=unit), Activity(box, month.end.astimezone(UTC), did)


def test_days_outside_are_not_looked_at() -> None:
    """From 10 September to 8 November: who wrote only before or after did neither send nor read."""
    november = SEPTEMBER.shifted(2)
    period = LongPeriod.of(date(2026, 9, 10), date(2026, 11, 8))
    only = {"before": date(2026, 9, 9), "first": date(2026, 9, 10), "last": date(2026, 11, 8)}
    only["after"] = date(2026, 11, 9)
    months = []
    for month in (SEPTEMBER, OCTOBER, november):
        people = []
        for name, day in only.items():
            box, inside = f"{name}@x.vn", day if month.first_day <= day <= month.last_day else None
            did = (DayActivity(inside, 1, 1, 1),) if inside else ()
            people.append((a_person(name, box), Activity(box, month.end.astimezone(UTC), did)))
        months.append((month, people))
    months[1][1].append(who("khac@x.vn", OCTOBER.first_day))
    found = {
        u.staff.key: (u.has_sent, u.has_read) for u in audited(months, period).measurement.staff
    }
    nothing, both = (False, False), (True, True)
    assert found == {
        "before": nothing, "first": both, "last": both, "after": nothing, "khac@x.vn": both
    }  # fmt: skip


def test_month_without_any_mail_judges_nobody() -> None:
    """It is named, and nobody is less regular for it."""
    days = [day for day in OCTOBER.days() if day.day < 20]
    box = "an@x.vn"
    empty = Activity(box, SEPTEMBER.end.astimezone(UTC))
    months = [(SEPTEMBER, [(a_person("an", box), empty)]), (OCTOBER, [who(box, *days)])]
    result = audited(months)
    [usage] = result.measurement.staff
    assert (usage.months_judged, usage.months_regular, usage.regular) == (1, 1, True)
    assert result.snapshot.months[0].silence is Silence.NO_MAIL
    assert result.ranking.silence is Silence.FEW_MONTHS


def test_nobody_is_ranked_where_there_was_no_mail_at_all() -> None:
    """In no month."""
    box = "an@x.vn"
    months = [
        (month, [(a_person("an", box), Activity(box, month.end.astimezone(UTC)))])
        for month in (SEPTEMBER, OCTOBER)
    ]
    assert audited(months).ranking.silence is Silence.NO_MAIL


def test_people_without_address_and_code_count_by_the_last_month() -> None:
    """Else each would be another person in every month; the report for IT says how many."""
    nameless = [(a_person(f"r:{n}", None, row=f"r:{n}"), None) for n in range(3)]
    months = [
        (month, [*nameless, who("an@x.vn", month.first_day)]) for month in (SEPTEMBER, OCTOBER)
    ]
    result = audited(months)
    states = [usage.state for usage in result.measurement.staff]
    assert states.count(StaffState.NOT_PROVIDED) == 3
    assert [month.left_out for month in result.snapshot.months] == [3, 0]


def test_unit_dissolved_and_founded_anew_is_another_unit() -> None:
    """Its code stands for the new one; people of the old one count in a line of its own."""
    events = Lineage((UnitEvent(date(2026, 10, 1), EventKind.DISSOLVED, ("B",)),))
    months = [
        (SEPTEMBER, [who("cu@x.vn", SEPTEMBER.first_day, unit="B")]),
        (OCTOBER, [who("moi@x.vn", OCTOBER.first_day, unit="B")]),
    ]
    result = audited(months, lineage=events)
    assert {u.staff.key: u.unit_code for u in result.measurement.staff} == {
        "cu@x.vn": "B (2026-09)",
        "moi@x.vn": "B",
    }


def test_part_that_ended_counts_in_the_unit_it_was_part_of() -> None:
    """A team dissolved by decision, while its department goes on."""
    events = Lineage((UnitEvent(date(2026, 10, 1), EventKind.DISSOLVED, ("A/1",)),))
    units = [a_unit("A"), Unit("A/1", "Đội", a_unit("A").group, "A")]
    then = a_month(
        SEPTEMBER,
        [
            who("an@x.vn", SEPTEMBER.first_day),
        ],
    )
    left = who("binh@x.vn", SEPTEMBER.first_day, unit="A/1")
    roster = replace(then.roster, units=tuple(units), staff=(*then.roster.staff, left[0]))
    then = replace(then, roster=roster, outcomes={**then.outcomes, "binh@x.vn": left[1]})
    now = a_month(OCTOBER, [who("an@x.vn", OCTOBER.first_day)])
    store = a_store([then, now])
    whole = evaluate_longer(store, BOTH, CALENDAR, RULES, events)
    assert {u.staff.key: u.unit_code for u in whole.measurement.staff} == {
        "an@x.vn": "A",
        "binh@x.vn": "A",
    }
    inside = evaluate_longer(store, BOTH, CALENDAR, RULES, events, within="A")
    assert inside.measurement.total == whole.measurement.total


def test_period_of_one_month_or_of_none_stored_is_refused() -> None:
    """One month is a month; without any there is nothing to add up."""
    month = [(OCTOBER, [who("an@x.vn", OCTOBER.first_day)])]
    with pytest.raises(UsageError):
        audited(month, LongPeriod.of(date(2026, 9, 20), date(2026, 10, 31)))
    with pytest.raises(StoreError):
        audited(month, LongPeriod.part_of_year(2026, 1, 4))


def test_edition_of_a_longer_period_grows_with_each_of_its_months() -> None:
    """So that the register distinguishes what was made of which; and so does the digest."""
    months = [a_month(m, [who("an@x.vn", m.first_day)]) for m in (SEPTEMBER, OCTOBER)]
    later = replace(months[0], edition=2, cut_off_at=months[0].cut_off_at + timedelta(days=1))
    first, second = (
        evaluate_longer(a_store([one, months[1]]), BOTH, CALENDAR, RULES).snapshot
        for one in (months[0], later)
    )
    assert (first.edition, second.edition) == (2, 3)
    assert first.digest != second.digest


def test_any_activity_of_the_period_is_enough_where_that_is_regular() -> None:
    """One message in two months; a mailbox that did nothing is not regular by either definition."""
    idle = Activity("binh@x.vn", OCTOBER.end.astimezone(UTC))
    months = [
        (SEPTEMBER, [who("an@x.vn", SEPTEMBER.first_day)]),
        (OCTOBER, [(a_person("an@x.vn", "an@x.vn"), replace(idle, mailbox="an@x.vn")),
                   (a_person("binh@x.vn", "binh@x.vn"), idle),
                   who("chi@x.vn", *[day for day in OCTOBER.days() if day.day < 20])]),
    ]  # fmt: skip
    store = a_store([a_month(month, people) for month, people in months])
    regular = {}
    for definition in (SENT_AND_READ, ANY_ACTIVITY):
        rules = replace(RULES, regular=definition)
        found = evaluate_longer(store, BOTH, CALENDAR, rules).measurement.staff
        regular[definition] = {usage.staff.key for usage in found if usage.regular}
    assert regular == {SENT_AND_READ: {"chi@x.vn"}, ANY_ACTIVITY: {"an@x.vn", "chi@x.vn"}}


def test_mail_sent_alone_is_judged_by_months_and_nothing_read_is_in_them() -> None:
    """Whoever read nothing of all that was received is regular in the months with days enough."""
    unread = DayActivity(SEPTEMBER.first_day, received=90)
    person, activity = who("an@x.vn", *[day for day in SEPTEMBER.days() if day.day < 20])
    hoards = replace(activity, days=(*activity.days, unread))
    months = [(SEPTEMBER, [(person, hoards)]), (OCTOBER, [who("an@x.vn", OCTOBER.first_day)])]
    store = a_store([a_month(month, people) for month, people in months])
    found = {}
    for definition in (SENT_AND_READ, SENT_ALONE):
        rules = replace(RULES, regular=definition, min_regular_months_share=Fraction(1, 2))
        measurement = evaluate_longer(store, BOTH, CALENDAR, rules).measurement
        (usage,) = measurement.staff
        found[definition] = (usage.months_regular, usage.regular, usage.has_read)
        assert measurement.total.reads is (definition == SENT_AND_READ)
    assert found == {SENT_AND_READ: (0, False, True), SENT_ALONE: (1, True, None)}


def test_nobody_is_regular_in_no_month() -> None:
    """Whatever share of the months is asked for."""
    assert not is_regular_in(0, 0, RULES)
    assert not is_regular_in(0, 3, replace(RULES, min_regular_months_share=Fraction(0)))
    assert is_regular_in(2, 3, RULES)
