"""Sources of several kinds: the examples of docs/metrics.md section 16, and no way around them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from fractions import Fraction

import pytest
from metrics_builders import (
    DEPARTMENTS,
    OCTOBER,
    SEPTEMBER,
    a_person,
    a_snapshot,
    a_unit,
    an_unmeasured,
    sent_on,
)
from test_longer_document import FIRST, SCOPE, a_store
from test_metrics_document import CALENDAR, RULES, example, printed, whole

from mailaudit.audit.longer import evaluate_longer
from mailaudit.metrics.heirs import Heirs
from mailaudit.metrics.measure import measure
from mailaudit.metrics.rank import rank
from mailaudit.metrics.retrospect import look_back
from mailaudit.metrics.signs import SignSearch
from mailaudit.metrics.summing import alike, rules_digest
from mailaudit.model.knowledge import EXCHANGE, Knowledge
from mailaudit.model.lineage import Lineage
from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.ranking import Incomparable, NotRanked, Ranking, Standing
from mailaudit.model.removal import Removal, Sums
from mailaudit.model.roster import Staff
from mailaudit.model.signs import Sign
from mailaudit.model.snapshot import Snapshot, SourceInfo, joined
from mailaudit.model.usage import Counts, StaffState

KINDS = ("ews", "imap")


def a_source(knows: frozenset[Knowledge] = EXCHANGE) -> SourceInfo:
    """A server of each kind, called as its kind."""
    return joined(
        [SourceInfo(k, f"{k}.tinh.gov.vn", "1", "svc", name=k, knows=knows) for k in KINDS]
    )


def a_unit_of(
    code: str, kinds: Sequence[str], people: int, regular: int, period: Period = OCTOBER
) -> list[tuple[Staff, Outcome | None]]:
    """People of a unit, by turns measured by the kinds; nobody has a mailbox where there is none.

    The first `regular` of them are in regular use.
    """
    found: list[tuple[Staff, Outcome | None]] = []
    for number in range(people):
        box = f"{code.lower()}{number}@tinh.gov.vn" if kinds else None
        person = replace(a_person(code, box), key=f"{code}{number}")
        days = sent_on(*(day for day in period.days())) if number < regular else ()
        if box is None:
            found.append((person, None))
        else:
            at = period.end.astimezone(UTC) + timedelta(days=1)
            found.append((person, Activity(box, at, days, server=kinds[number % len(kinds)])))
    return found


def a_month(people: Iterable[tuple[Staff, Outcome | None]], period: Period = OCTOBER) -> Snapshot:
    """Their month, in as many units of one group as they name."""
    pairs = list(people)
    units = [a_unit(code) for code in dict.fromkeys(person.unit_code for person, _ in pairs)]
    outcomes = [outcome for _, outcome in pairs if outcome is not None]
    at = period.end.astimezone(UTC) + timedelta(days=1)
    snapshot = a_snapshot(units, [person for person, _ in pairs], outcomes, at, period)
    return replace(snapshot, source=a_source())


def ranked(now: Snapshot, then: Snapshot | None = None) -> Ranking:
    """The month beside the one before it."""
    present = measure(now, CALENDAR, RULES)
    history = []
    if then is not None:
        heirs, lineage = Heirs.between(then, now, Lineage()), Lineage()
        before = measure(then, CALENDAR, RULES)
        history = [look_back(then, before, now, present, heirs, lineage, RULES)]
    return rank(now.period, present, now.roster.groups, history, RULES)


def standings(ranking: Ranking) -> dict[str, tuple[str, Standing]]:
    """The part of the group and the standing of each unit, by code."""
    return {s.usage.unit.code: (g.name, s) for g in ranking.groups for s in g.standings}


def test_document_kinds_of_two_months() -> None:
    """The unit, its group and the whole alike: they are the same people."""
    for row in example("kinds of two months"):
        then = a_month(
            a_unit_of("A", row["Kinds then"].split(), 20, whole(row, "F4 then"), SEPTEMBER),
            SEPTEMBER,
        )
        now = a_month(a_unit_of("A", row["Kinds now"].split(), 20, whole(row, "F4 now")))
        ranking = ranked(now, then)
        ((_, standing),) = standings(ranking).values()
        change = "–" if standing.change is None else f"{float(standing.change * 100):+.1f}"
        assert {
            **{name: row[name] for name in ("Kinds then", "F4 then", "Kinds now", "F4 now")},
            "R": printed(standing.share),
            "Previous R": printed(standing.previous_share),
            "Change": change,
        } == row
        is_compared = row["Change"] != "–"
        why = None if standing.origin is None else standing.origin.why_not
        assert why is (None if is_compared else Incomparable.OTHER_KIND)
        assert (ranking.previous_total is not None) is is_compared
        assert [group.previous_total is not None for group in ranking.groups] == [is_compared]
        point = ranking.trend[0]
        assert (point.comparable, point.other_kind) == (is_compared, not is_compared)
        assert bool(point.units) is is_compared
        assert bool(point.partial_groups) is not is_compared


def test_document_ranking_of_several_kinds() -> None:
    """Each unit is in the part of its kind, with the rank it has there."""
    rows = example("ranking of several kinds")
    people = [
        one
        for row in rows
        for one in a_unit_of(
            row["Unit"], row["Kinds"].split(), whole(row, "D − U"), whole(row, "F4")
        )
    ]
    ranking = ranked(a_month(people))
    found = standings(ranking)
    assert [
        {
            **row,
            "Part": name.removeprefix(f"{DEPARTMENTS} · "),
            "Rank": str(standing.rank or standing.not_ranked),
        }
        for row in rows
        for name, standing in [found[row["Unit"]]]
    ] == rows
    assert [group.name for group in ranking.groups] == [
        f"{DEPARTMENTS} · {part}" for part in ("EWS", "EWS + IMAP", "IMAP")
    ]
    assert ranking.total.is_mixed
    assert ranking.total.regular_share is None
    assert ranking.total.in_scope == sum(whole(row, "D − U") for row in rows)


def test_group_of_one_kind_stays_whole() -> None:
    people = [one for code in "AB" for one in a_unit_of(code, ["imap"], 20, 10)]
    (group,) = ranked(a_month(people)).groups
    assert group.name == DEPARTMENTS
    assert group.total.kinds == {"imap"}


@pytest.mark.parametrize(("then", "is_kept"), [("ews", True), ("imap", False)])
def test_place_is_compared_among_units_of_one_kind_only(then: str, is_kept: bool) -> None:
    """A unit without mailboxes has a rank in both months, each among the others of its group."""

    def month(kind: str, period: Period) -> Snapshot:
        people = [*a_unit_of("A", [kind], 20, 10, period), *a_unit_of("N", [], 20, 0, period)]
        return a_month(people, period)

    found = standings(ranked(month("ews", OCTOBER), month(then, SEPTEMBER)))
    assert (found["N"][1].rank, found["N"][1].previous_rank) == (2, 2 if is_kept else None)
    assert found["A"][1].previous_rank == (1 if is_kept else None)


def test_document_kinds_of_longer_periods() -> None:
    """The person of each line, in the period that the months are."""
    for row in example("kinds of longer periods"):
        months = [FIRST.shifted(number) for number in range(3)]
        snapshots = []
        for month, state in zip(months, row["Months"].split(", "), strict=True):
            kind, _, regular = state.partition(" ")
            people = a_unit_of("B", ["ews"], 1, 1, month)  # so that the month has mail
            ((person, outcome),) = a_unit_of("A", [kind], 1, int(bool(regular)), month)
            if kind == "not-provided":
                person, outcome = replace(person, mailbox=None, **SCOPE.get(kind, {})), None  # type: ignore[arg-type]
            elif kind == "unmeasured":
                outcome = an_unmeasured(person.mailbox)
            snapshots.append(a_month([*people, (person, outcome)], month))
        period = LongPeriod.of(months[0].first_day, months[-1].last_day)
        audited = evaluate_longer(a_store(snapshots), period, CALENDAR, RULES)
        (found,) = [one for one in audited.measurement.staff if one.staff.key == "A0"]
        assert {
            "Months": row["Months"],
            "State": found.state.value,
            "Judged": str(found.months_judged),
            "F4": "yes" if found.regular else "no",
        } == row
        is_mixed = "ews" in row["Months"] and "imap" in row["Months"]
        assert (found.reason is Reason.OTHER_KIND) is is_mixed
        assert not (is_mixed and (found.has_sent or found.sent))


def test_month_without_people_keeps_the_kinds_of_its_sums() -> None:
    """Of a province of two kinds, whose people were removed: the parts are told apart as before."""
    people = [*a_unit_of("A", ["ews"], 20, 15), *a_unit_of("B", ["imap"], 20, 10)]
    snapshot = a_month(people)
    whole_month = measure(snapshot, CALENDAR, RULES)
    sums = Sums(
        rules_digest(snapshot, CALENDAR, RULES), None, alike(whole_month.staff, is_whole=True)
    )
    roster = replace(snapshot.roster, staff=())
    removal = Removal(snapshot.cut_off_at, True, "", sums)
    left = replace(snapshot, roster=roster, outcomes={}, removal=removal)
    found = measure(left, CALENDAR, RULES)
    assert {u.unit.code: (u.unit.group, u.counts) for u in found.units} == {
        u.unit.code: (u.unit.group, u.counts) for u in whole_month.units
    }
    assert [u.counts.kinds for u in found.units] == [{"ews"}, {"imap"}]


def test_people_removed_who_could_not_be_judged_keep_the_kind_of_their_source() -> None:
    """A unit of two kinds has no rate, whether its people are still there or not."""
    snapshot = a_month(a_unit_of("A", ["ews"], 20, 15))
    judged, *others = measure(snapshot, CALENDAR, RULES).staff
    unjudged = replace(
        judged,
        state=StaffState.UNMEASURED,
        reason=Reason.UNKNOWN_TO_SOURCE,
        has_read=False,
        has_sent=False,
        sent_enough=False,
        regular=False,
        kind="tracking",
    )
    sums = Sums(
        rules_digest(snapshot, CALENDAR, RULES), None, alike([unjudged, *others], is_whole=True)
    )
    roster = replace(snapshot.roster, staff=())
    removal = Removal(snapshot.cut_off_at, True, "", sums)
    left = replace(snapshot, roster=roster, outcomes={}, removal=removal)
    assert measure(left, CALENDAR, RULES).total.kinds == {"ews", "tracking"}


def test_sums_of_old_removals_are_of_the_only_kind_there_was() -> None:
    """Before sums had a kind."""
    snapshot = replace(
        a_month(a_unit_of("A", ["ews"], 20, 15)),
        source=SourceInfo("ews", "mail.tinh.gov.vn", "1", "svc"),
    )
    staff = measure(snapshot, CALENDAR, RULES).staff
    sums = Sums("", None, alike([replace(one, kind="") for one in staff], is_whole=True))
    roster, removal = (
        replace(snapshot.roster, staff=()),
        Removal(snapshot.cut_off_at, True, "", sums),
    )
    left = replace(snapshot, roster=roster, outcomes={}, removal=removal)
    assert measure(left, CALENDAR, RULES).total.kinds == {"ews"}


def test_sums_of_two_kinds_have_no_rate_whatever_they_are_made_of() -> None:
    one, other = (
        Counts(20, 0, 0, 20, 20, 0, 10, 10, 10, kinds=frozenset({kind})) for kind in KINDS
    )
    nobody = Counts(20, 0, 0, 20)
    both = one + other
    assert (one + one).regular_share == Fraction(1, 2)
    assert both.is_mixed
    assert (both.regular_share, both.lower_bound, both.upper_bound) == (None, None, None)
    assert (both - other).is_mixed  # what is left is not known to be of one kind
    assert not both.meets(RULES.target)
    assert not both.is_like(both)
    assert one.is_like(nobody) and nobody.is_like(other) and not one.is_like(other)
    assert both.in_scope == 40
    assert both.coarsened().kinds == set(KINDS)


def test_kind_of_a_server_that_is_not_known_is_that_of_no_other() -> None:
    """So that nothing is taken to be of a kind by mistake."""
    assert a_source().kind_at("imap") == "imap"
    assert a_source().kind_at("gone") not in KINDS


def signs_over(*months: tuple[str, frozenset[Knowledge]]) -> tuple[Sign, ...]:
    """What is found in the last month of a person who always sends on exactly four days."""
    search = SignSearch(CALENDAR, RULES, Lineage())
    for number, (kind, knows) in enumerate(months, start=1 - len(months)):
        period = OCTOBER.shifted(number)
        days = list(CALENDAR.working_days(period.first_day, period.last_day))
        sent = tuple(DayActivity(day, sent=1, sent_to_self=1) for day in days[:16:4])
        person = replace(a_person("A", "a0@tinh.gov.vn"), key="A0")
        at = period.end.astimezone(UTC) + timedelta(days=1)
        month = a_month([(person, Activity("a0@tinh.gov.vn", at, sent, server=kind))], period)
        month = replace(month, source=a_source(knows))
        found = search.add(month, measure(month, CALENDAR, RULES))
    return tuple(one.sign for one in found)


def test_signs_are_of_one_kind_and_not_looked_for_in_what_is_unknown() -> None:
    """Three months of the fewest days by two kinds are no run; no answer known is not no answer."""
    ews, imap = ("ews", EXCHANGE), ("imap", EXCHANGE)
    blind = ("ews", EXCHANGE - {Knowledge.REPLIES})
    assert signs_over(ews, ews, ews) == (Sign.TO_SELF, Sign.MINIMUM)
    assert signs_over(imap, ews, ews) == (Sign.TO_SELF,)
    assert signs_over(ews, ews, blind) == (Sign.MINIMUM,)


def test_mixed_unit_of_low_coverage_is_said_to_be_mixed() -> None:
    """Its bounds would mix the kinds."""
    people = a_unit_of("A", KINDS, 20, 10)
    people = [(p, an_unmeasured(p.mailbox) if n < 5 else o) for n, (p, o) in enumerate(people)]
    found = standings(ranked(a_month(people)))
    assert found["A"][1].not_ranked is NotRanked.SEVERAL_KINDS


def test_source_that_says_too_little_gives_its_kind_and_no_rate() -> None:
    """What it measured stays apart from other kinds, and a later month by one of these is a break.

    Of who was not measured at all there is no kind.
    """
    people = a_unit_of("A", KINDS, 4, 2)
    blind = frozenset({Knowledge.SENDERS})
    month = a_month(people)
    parts = [replace(p, knows=blind if p.kind == "imap" else EXCHANGE) for p in month.source.parts]
    found = measure(replace(month, source=joined(parts)), CALENDAR, RULES)
    blind_ones = [one for one in found.staff if one.reason is Reason.UNKNOWN_TO_SOURCE]
    assert {one.kind for one in blind_ones} == {"imap"}
    assert {one.kind for one in found.staff if one.state is StaffState.NOT_PROVIDED} <= {""}
    assert found.total.kinds == {"ews", "imap"}
    assert found.total.regular_share is None
