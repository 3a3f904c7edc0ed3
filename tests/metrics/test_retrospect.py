"""Earlier months in the units of today: merged, divided, dissolved, renamed, moved."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from metrics_builders import (
    COMMUNES,
    DEPARTMENTS,
    a_snapshot,
    a_unit,
    an_activity,
    an_unmeasured,
    sent_on,
)

from mailaudit.metrics.heirs import Heirs
from mailaudit.metrics.measure import measure
from mailaudit.metrics.rank import rank
from mailaudit.metrics.retrospect import look_back
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.lineage import EventKind, Lineage, UnitEvent
from mailaudit.model.outcome import Outcome
from mailaudit.model.period import Period
from mailaudit.model.ranking import Incomparable, NotRanked, Origin, Ranking, Standing
from mailaudit.model.roster import Staff, Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Silence

JUNE, JULY = Period(2025, 6), Period(2025, 7)
FIRST_OF_JULY = date(2025, 7, 1)
CALENDAR = WorkCalendar(years=frozenset({2025}))
RULES = Rules()

# Unit: how many of its people are regular users, and how many there are.
Share = tuple[int, int]


def an_event(before: str, after: str, day: date = FIRST_OF_JULY) -> UnitEvent:
    """Units, by codes with spaces between, that went on as others."""
    return UnitEvent(day, EventKind.MERGED, tuple(before.split()), tuple(after.split()))


def people_of(code: str, number: int, domain: str = "x.vn") -> list[Staff]:
    """Staff of a unit, each with a mailbox that says whose it is."""
    return [Staff(f"{code}-{n}", code, f"{code}-{n}@{domain}".lower()) for n in range(number)]


def a_month(
    period: Period,
    units: dict[str, Share],
    *,
    parents: dict[str, str] | None = None,
    groups: dict[str, str] | None = None,
    staff: Sequence[Staff] | None = None,
    unmeasured: Sequence[str] = (),
) -> Snapshot:
    """A month in which the first of each unit's people sent on four days, the rest nothing."""
    parents, groups = parents or {}, groups or {}
    listed: list[Unit] = [
        a_unit(code, groups.get(code, DEPARTMENTS), parents.get(code)) for code in units
    ]
    people = [p for code, (_, number) in units.items() for p in people_of(code, number)]
    if staff is not None:
        people = list(staff)
    outcomes: list[Outcome] = []
    seen: dict[str, int] = {}
    for person in people:
        place = seen[person.unit_code] = seen.get(person.unit_code, 0) + 1
        if person.unit_code in unmeasured:
            outcomes.append(an_unmeasured(person.mailbox))
            continue
        days = [day for day in period.days() if CALENDAR.is_working_day(day)][:4]
        regular = place <= units[person.unit_code][0]
        outcomes.append(an_activity(person.mailbox, *(sent_on(*days) if regular else ())))
    end = datetime(period.year, period.month + 1, 2, 3, tzinfo=UTC)
    return a_snapshot(listed, people, outcomes, cut_off_at=end, period=period)


def ranked(
    then: Snapshot,
    now: Snapshot,
    *events: UnitEvent,
    within: str | None = None,
    mail_domains: Mapping[str, str] | None = None,
) -> Ranking:
    """July, or another month, ranked beside the month before it."""
    known = Lineage(events, mail_domains or {})
    present = measure(now, CALENDAR, RULES, within)
    measured, heirs = measure(then, CALENDAR, RULES), Heirs.between(then, now, known)
    past = look_back(then, measured, now, present, heirs, known, RULES, within)
    unit = None
    if within is not None:
        unit = next(unit for unit in now.roster.units if unit.code == within)
    return rank(now.period, present, now.roster.groups, [past], RULES, within=unit)


def standing(ranking: Ranking, code: str) -> Standing:
    found = [s for group in ranking.groups for s in group.standings if s.usage.unit.code == code]
    (only,) = found
    return only


def before(ranking: Ranking, code: str) -> Share | None:
    """What the trend says a unit of today was in the earlier month."""
    counts = dict(ranking.trend[0].units).get(code)
    return None if counts is None else (counts.regular, counts.in_scope)


def test_merged_unit_is_compared_with_its_predecessors_together() -> None:
    """Three of 10, 20 and 30 people with 5, 10 and 15 regular users: 30 of 60, and now 45."""
    then = a_month(JUNE, {"LD": (5, 10), "DN": (10, 20), "BT": (15, 30), "K": (6, 8)})
    now = a_month(JULY, {"SNV": (45, 60), "K": (6, 8)})
    ranking = ranked(then, now, an_event("LD DN BT", "SNV"))
    found = standing(ranking, "SNV")
    assert before(ranking, "SNV") == (30, 60)
    assert (found.previous_share, found.change) == (Fraction(1, 2), Fraction(1, 4))
    assert found.origin == Origin(("Đơn vị LD", "Đơn vị DN", "Đơn vị BT"))
    assert found.previous_rank is None
    assert standing(ranking, "K").origin is None
    assert ranking.previous_total is not None
    assert (ranking.previous_total.regular, ranking.previous_total.in_scope) == (36, 68)


def test_merger_in_several_rows_is_one() -> None:
    """A row for each predecessor says the same as one row for all."""
    then = a_month(JUNE, {"A": (1, 10), "B": (2, 10)})
    now = a_month(JULY, {"N": (5, 20)})
    rows = (an_event("A", "N"), an_event("B", "N"))
    ranking = ranked(then, now, *rows)
    assert before(ranking, "N") == (3, 20)
    assert standing(ranking, "N").origin == Origin(("Đơn vị A", "Đơn vị B"))


def test_unit_that_took_another_in_is_compared_with_both() -> None:
    """The code stays, and still there are two predecessors."""
    then = a_month(JUNE, {"SKHCN": (1, 10), "STTTT": (9, 10)})
    now = a_month(JULY, {"SKHCN": (12, 20)})
    ranking = ranked(then, now, an_event("SKHCN STTTT", "SKHCN"))
    assert before(ranking, "SKHCN") == (10, 20)
    assert standing(ranking, "SKHCN").origin == Origin(("Đơn vị SKHCN", "Đơn vị STTTT"))


def test_merged_unit_with_an_unmeasured_predecessor_is_not_comparable() -> None:
    """It is named; neither the group's nor the whole's totals are compared."""
    then = a_month(JUNE, {"LD": (5, 10), "K": (4, 8)})
    now = a_month(JULY, {"SNV": (45, 60), "K": (6, 8)})
    ranking = ranked(then, now, an_event("LD DN BT", "SNV"))
    found = standing(ranking, "SNV")
    assert found.origin == Origin(("BT", "DN"), Incomparable.NOT_MEASURED)
    assert (found.previous_share, found.change, before(ranking, "SNV")) == (None, None, None)
    assert standing(ranking, "K").change == Fraction(1, 4)
    assert (ranking.previous_total, ranking.groups[0].previous_total) == (None, None)
    assert not ranking.trend[0].comparable


def test_merged_unit_with_a_predecessor_of_low_coverage_is_not_comparable() -> None:
    """One predecessor nobody could be measured in, though both together have coverage enough."""
    then = a_month(JUNE, {"A": (50, 99), "B": (0, 1)}, unmeasured=["B"])
    now = a_month(JULY, {"N": (50, 100)})
    origin = standing(ranked(then, now, an_event("A B", "N")), "N").origin
    assert origin == Origin(("Đơn vị B",), Incomparable.LOW_COVERAGE)


def test_dissolved_level_counts_then_and_breaks_nothing() -> None:
    """Districts are gone: their communes go on, and their own staff in nobody's figures."""
    then = a_month(
        JUNE,
        {"H1": (1, 10), "X1": (5, 10), "X2": (7, 10)},
        parents={"X1": "H1", "X2": "H1"},
    )
    now = a_month(JULY, {"P": (12, 20)})
    events = (an_event("H1", ""), an_event("X1 X2", "P"))
    ranking = ranked(then, now, *events)
    assert before(ranking, "P") == (12, 20)
    assert standing(ranking, "P").change == 0
    assert ranking.trend[0].total.in_scope == 30


def test_renamed_unit_keeps_its_rank_and_figures() -> None:
    """A new code for the same unit."""
    then = a_month(JUNE, {"A": (1, 10), "B": (9, 10)})
    now = a_month(JULY, {"A": (1, 10), "B2": (8, 10)})
    found = standing(ranked(then, now, an_event("B", "B2")), "B2")
    assert (found.previous_rank, found.origin) == (1, Origin(("Đơn vị B",)))
    assert found.change == Fraction(-1, 10)


def test_new_unit_without_predecessor_is_not_comparable() -> None:
    """It says so; the totals stay comparable."""
    ranking = ranked(a_month(JUNE, {"A": (1, 10)}), a_month(JULY, {"A": (1, 10), "N": (2, 10)}))
    assert standing(ranking, "N").origin == Origin((), Incomparable.NOT_LISTED)
    assert ranking.previous_total is not None


def divided(
    found_again: int, domain: str = "x.vn", mail_domains: Mapping[str, str] | None = None
) -> Ranking:
    """40 people of T, 10 of them regular; half of those found again are in each successor."""
    then = a_month(JUNE, {"T": (10, 40)})
    people = [
        replace(
            person,
            key=f"moved-{person.key}",
            unit_code="T1" if number % 2 else "T2",
            mailbox=(person.mailbox or "").replace("x.vn", domain),
        )
        for number, person in enumerate(people_of("T", found_again))
    ]
    now = a_month(JULY, {"T1": (5, 20), "T2": (5, 20)}, staff=people)
    return ranked(then, now, an_event("T", "T1 T2"), mail_domains=mail_domains)


def test_divided_unit_is_compared_by_where_its_people_went() -> None:
    """38 of 40 found again are 95 %, and each successor has its own of them."""
    ranking = divided(38)
    assert (before(ranking, "T1"), before(ranking, "T2")) == ((5, 19), (5, 19))
    assert standing(ranking, "T1").origin == Origin(("Đơn vị T",))


def test_divided_unit_whose_people_are_not_found_is_not_comparable() -> None:
    """37 of 40 are fewer than 95 %."""
    origin = standing(divided(37), "T1").origin
    assert origin == Origin(("Đơn vị T",), Incomparable.NOT_TOLD_APART)


def test_people_are_found_again_under_their_new_domain() -> None:
    """The mailbox of a renamed domain is the same mailbox; without the renaming nobody is known."""
    moved = divided(40, "moi.vn", {"x.vn": "moi.vn"})
    assert before(moved, "T1") == (5, 20)
    assert before(divided(40, "moi.vn"), "T1") is None


def test_people_are_found_again_by_their_aliases() -> None:
    """The old address as an alias of the new one, in the list of today."""
    then = a_month(JUNE, {"T": (4, 10)})
    people = [
        replace(p, key=f"k{n}", unit_code="T1", mailbox=f"m{n}@y.vn", aliases=(p.mailbox or "",))
        for n, p in enumerate(people_of("T", 10))
    ]
    now = a_month(JULY, {"T1": (5, 10), "T2": (0, 0)}, staff=people)
    assert before(ranked(then, now, an_event("T", "T1 T2")), "T1") == (4, 10)


def test_two_people_of_one_name_in_two_domains_are_nobody() -> None:
    """`an@` of either old domain may be the `an@` of the new one: neither is guessed."""
    staff = [Staff("r1", "T", "an@a.vn", row="r1"), Staff("r2", "T", "an@b.vn", row="r2")]
    then = a_month(JUNE, {"T": (1, 2)}, staff=staff)
    today = [Staff("r1", "T1", "an@c.vn", row="r1")]
    now = a_month(JULY, {"T1": (1, 1), "T2": (0, 0)}, staff=today)
    renamed = {"a.vn": "c.vn", "b.vn": "c.vn"}
    ranking = ranked(then, now, an_event("T", "T1 T2"), mail_domains=renamed)
    origin = standing(ranking, "T1").origin
    assert origin == Origin(("Đơn vị T",), Incomparable.NOT_TOLD_APART)


def test_part_that_moved_counts_where_it_is_today() -> None:
    """A sub-unit under another unit takes its people along in the comparison."""
    then = a_month(JUNE, {"A": (0, 10), "B": (0, 10), "CC": (5, 5)}, parents={"CC": "A"})
    now = a_month(JULY, {"A": (0, 10), "B": (0, 10), "CC": (5, 5)}, parents={"CC": "B"})
    ranking = ranked(then, now)
    assert (before(ranking, "A"), before(ranking, "B")) == ((0, 10), (5, 15))


RENAMED_ELSEWHERE = an_event("Q", "Q2")


@pytest.mark.parametrize("events", [(), (RENAMED_ELSEWHERE,)], ids=["no event", "another's event"])
def test_groups_of_earlier_months_are_those_of_today(events: tuple[UnitEvent, ...]) -> None:
    """C moved to the communes and nobody changed their habits: no group rose or fell."""
    units = {"A": (10, 10), "B": (8, 8), "C": (0, 10)}
    quiet = {"Q": (4, 8)}, {"Q2" if events else "Q": (4, 8)}
    then = a_month(JUNE, units | quiet[0], groups={"B": COMMUNES})
    now = a_month(JULY, units | quiet[1], groups={"B": COMMUNES, "C": COMMUNES})
    departments, communes = ranked(then, now, *events).groups
    assert departments.previous_total == departments.total
    assert communes.previous_total == communes.total
    assert communes.total.regular_share == Fraction(8, 18)


@pytest.mark.parametrize("events", [(), (an_event("D", ""),)], ids=["off the list", "dissolved"])
def test_unit_that_is_gone_counts_in_the_whole_and_in_no_group(
    events: tuple[UnitEvent, ...],
) -> None:
    """It went on nowhere: the group is compared with what its units were then."""
    then = a_month(JUNE, {"A": (5, 10), "D": (1, 30)})
    ranking = ranked(then, a_month(JULY, {"A": (5, 10)}), *events)
    (group,) = ranking.groups
    assert group.previous_total == group.total
    assert ranking.previous_total is not None
    assert ranking.previous_total.in_scope == 40


def test_people_not_found_again_count_in_the_group_of_all_their_successors() -> None:
    """One of 20 retired; both halves of the district office are communes now."""
    then = a_month(JUNE, {"T": (20, 20), "A": (1, 10)})
    people = [
        replace(person, unit_code="T1" if number % 2 else "T2")
        for number, person in enumerate(people_of("T", 19))
    ]
    now = a_month(
        JULY,
        {"T1": (9, 9), "T2": (10, 10), "A": (1, 10)},
        groups={"T1": COMMUNES, "T2": COMMUNES},
        staff=[*people, *people_of("A", 10)],
    )
    groups = {g.name: g for g in ranked(then, now, an_event("T", "T1 T2")).groups}
    communes = groups[COMMUNES].previous_total
    assert communes is not None
    assert communes.in_scope == 20
    assert groups[DEPARTMENTS].previous_total == groups[DEPARTMENTS].total


def test_groups_that_a_divided_unit_went_to_are_not_compared_where_too_few_are_found() -> None:
    """Where the people of T are today, only 10 of 40 could say: neither group had them for sure."""
    then = a_month(JUNE, {"T": (40, 40), "A": (0, 10), "B": (0, 10)}, groups={"B": COMMUNES})
    people = [replace(person, unit_code="T1") for person in people_of("T", 10)]
    now = a_month(
        JULY,
        {"T1": (10, 10), "T2": (0, 0), "A": (0, 10), "B": (0, 10)},
        groups={"T2": COMMUNES, "B": COMMUNES},
        staff=[*people, *people_of("A", 10), *people_of("B", 10)],
    )
    ranking = ranked(then, now, an_event("T", "T1 T2"))
    assert [group.previous_total for group in ranking.groups] == [None, None]
    assert ranking.previous_total is not None


def test_events_of_another_time_change_nothing() -> None:
    """Before the earlier month, or after this one."""
    then, now = a_month(JUNE, {"A": (1, 10)}), a_month(JULY, {"A": (2, 10)})
    events = (an_event("Q", "A", date(2025, 6, 30)), an_event("A", "Z", date(2025, 8, 1)))
    assert standing(ranked(then, now, *events), "A").origin is None


def test_report_within_a_unit_ranks_its_parts_and_itself() -> None:
    """The units directly below, the unit for its own staff, and nobody else; before as now."""
    units = {"S": (1, 5), "P1": (2, 6), "P2": (3, 6), "T": (0, 6), "Q": (6, 6)}
    parents = {"P1": "S", "P2": "S", "T": "P2"}
    then, now = a_month(JUNE, units, parents=parents), a_month(JULY, units, parents=parents)
    ranking = ranked(then, now, within="S")
    (group,) = ranking.groups
    assert {s.usage.unit.code: s.usage.counts.in_scope for s in group.standings} == {
        "S": 5,
        "P1": 6,
        "P2": 12,
    }
    assert ranking.total == ranking.previous_total
    assert all(s.change == 0 for s in group.standings)


def test_report_within_a_merged_unit_looks_back_to_its_predecessors() -> None:
    """The parts of then stood below two units."""
    then = a_month(
        JUNE, {"A": (0, 0), "PA": (2, 6), "B": (0, 0), "PB": (3, 6)}, parents={"PA": "A", "PB": "B"}
    )
    now = a_month(JULY, {"N": (0, 0), "PA": (2, 6), "PB": (3, 6)}, parents={"PA": "N", "PB": "N"})
    ranking = ranked(then, now, an_event("A B", "N"), within="N")
    assert {code: (c.regular, c.in_scope) for code, c in ranking.trend[0].units} == {
        "PA": (2, 6),
        "PB": (3, 6),
    }
    assert ranking.previous_total == ranking.total


@pytest.mark.parametrize(("counted", "comparable"), [((1, 5), True), (None, False)])
def test_report_within_a_merged_unit_whose_predecessor_was_not_counted_compares_nothing(
    counted: Share | None, comparable: bool
) -> None:
    """Its one part was counted then, but not all of what the unit was."""
    before: dict[str, Share] = {"A": (0, 0), "PA": (2, 6)}
    if counted is not None:
        before["B"] = counted
    then = a_month(JUNE, before, parents={"PA": "A"})
    now = a_month(JULY, {"N": (0, 0), "PA": (2, 6)}, parents={"PA": "N"})
    ranking = ranked(then, now, an_event("A B", "N"), within="N")
    assert ranking.trend[0].comparable is comparable


SILENT: dict[str, Share] = {"A": (0, 10), "B": (0, 10)}
USUAL: dict[str, Share] = {"A": (5, 10), "B": (9, 10)}
# Of 20 mailboxes 2 were measured, and had no mail: that says nothing of the other 18.
LITTLE_MEASURED: dict[str, Share] = {"A": (0, 2), "B": (0, 18)}


def no_change(ranking: Ranking) -> bool:
    """Whether there is nothing that a change could be computed or drawn from, for anybody."""
    standings = [standing for group in ranking.groups for standing in group.standings]
    return (
        ranking.previous is None
        and ranking.previous_total is None
        and all(group.previous_total is None for group in ranking.groups)
        and all(
            (s.previous_share, s.change, s.previous_rank) == (None, None, None) for s in standings
        )
    )


def test_month_without_any_mail_is_compared_with_nothing() -> None:
    """Nobody is ranked; neither the whole nor a group nor a unit has a previous value."""
    ranking = ranked(a_month(JUNE, USUAL), a_month(JULY, SILENT))
    assert standing(ranking, "A").not_ranked is NotRanked.NO_MAIL
    assert no_change(ranking)
    assert not ranking.has_mail
    this = ranking.trend[-1]
    assert not this.comparable
    assert this.partial_groups == frozenset({DEPARTMENTS})
    assert dict(this.origins)["A"] == Origin((), Incomparable.NO_MAIL)


@pytest.mark.parametrize("events", [(), (an_event("B", "B2"),)], ids=["no event", "renamed"])
def test_nothing_is_compared_with_a_month_without_any_mail(events: tuple[UnitEvent, ...]) -> None:
    """The same the other way round: the month after it rises from nothing."""
    usual = {"A": (5, 10), "B2" if events else "B": (9, 10)}
    ranking = ranked(a_month(JUNE, SILENT), a_month(JULY, usual), *events)
    assert no_change(ranking)
    assert ranking.has_mail
    assert standing(ranking, "A").rank == 2
    assert standing(ranking, "A").origin == Origin((), Incomparable.NO_MAIL)
    assert ranking.trend[0].total.in_scope == 20
    assert (ranking.trend[0].comparable, ranking.trend[0].units) == (False, ())


@pytest.mark.parametrize("unmeasured", [("B",), ("A", "B")], ids=["nearly all", "all"])
def test_month_with_little_measured_does_not_say_that_nobody_had_mail(
    unmeasured: tuple[str, ...],
) -> None:
    """Too few mailboxes are known for that; and still nothing is compared."""
    little = a_month(JULY, LITTLE_MEASURED, unmeasured=unmeasured)
    now = ranked(a_month(JUNE, USUAL), little)
    assert now.has_mail
    assert now.silence is Silence.UNKNOWN
    assert standing(now, "B").not_ranked is NotRanked.LOW_COVERAGE
    assert no_change(now)
    then = ranked(replace(little, period=JUNE), a_month(JULY, USUAL))
    assert no_change(then)
    assert standing(then, "A").origin == Origin((), Incomparable.LOW_COVERAGE)


def test_month_without_any_mail_needs_coverage_to_be_called_so() -> None:
    """19 of 20 mailboxes are enough for the 95 % that comparisons need, 18 of 19 are not."""
    enough = a_month(JULY, {"A": (0, 19), "B": (0, 1)}, unmeasured=["B"])
    short = a_month(JULY, {"A": (0, 18), "B": (0, 1)}, unmeasured=["B"])
    assert measure(enough, CALENDAR, RULES).silence is Silence.NO_MAIL
    assert measure(short, CALENDAR, RULES).silence is Silence.UNKNOWN
    assert measure(a_month(JULY, {"A": (1, 10)}), CALENDAR, RULES).silence is None
    assert measure(a_month(JULY, {"A": (0, 0)}), CALENDAR, RULES).silence is None


def test_month_without_any_mail_keeps_to_the_unit_that_is_reported() -> None:
    """Its staff of then stand in the trend of its report, not those of all units."""
    parents = {"A1": "A", "A2": "A"}
    units: dict[str, Share] = {"A": (0, 0), "A1": (0, 6), "A2": (0, 7), "B": (0, 40)}
    then = a_month(JUNE, units, parents=parents)
    now = a_month(JULY, units | {"A1": (5, 6)}, parents=parents)
    point = ranked(then, now, within="A").trend[0]
    assert (point.total.staff, point.total.in_scope, point.total.provided) == (13, 13, 13)
    assert (point.units, point.comparable) == ((), False)


def test_heirs_follow_units_that_only_passed_through() -> None:
    """A merger and a renaming on one day, and another a month later."""
    then, now = [a_unit("A"), a_unit("B")], [a_unit("E")]
    events = [
        an_event("A B", "C"),
        an_event("C", "D"),
        an_event("D", "E", date(2025, 8, 1)),
    ]
    heirs = Heirs(then, now, events)
    assert heirs.of("A") == heirs.of("B") == {"E"}
    assert heirs.predecessors("E") == {"A", "B"}


def test_unit_on_saturday_duty_is_judged_by_its_own_calendar() -> None:
    """Four Saturdays with mail sent are working days at the desk, and none elsewhere."""
    saturdays = [day for day in JULY.days() if day.weekday() == 5]
    people = [Staff("a", "DESK", "a@x.vn"), Staff("b", "K", "b@x.vn"), Staff("c", "SUB", "c@x.vn")]
    snapshot = a_snapshot(
        [a_unit("DESK"), a_unit("SUB", parent="DESK"), a_unit("K")],
        people,
        [an_activity(person.mailbox, *sent_on(*saturdays)) for person in people],
        period=JULY,
    )
    desk = replace(CALENDAR, weekdays=frozenset(range(6)))
    measured = measure(snapshot, replace(CALENDAR, units=(("DESK", desk),)), RULES)
    assert [usage.regular for usage in measured.staff] == [True, False, True]
