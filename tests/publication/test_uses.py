"""Nobody learns of a unit how many of its people are in which state, from sums of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

import pytest
from linear import Solver, Sum, Unknowns
from publication_builders import GROUP, OCTOBER, a_ranking, counts

from mailaudit.errors import UsageError
from mailaudit.locale import language
from mailaudit.model.audience import Audience
from mailaudit.model.gaps import HIDDEN_GAPS, Gaps
from mailaudit.model.period import Period
from mailaudit.model.ranking import Ranking
from mailaudit.model.roster import Unit
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Measurement, UnitUsage
from mailaudit.publication.comparison import compare
from mailaudit.publication.difference import differing, uses_differ
from mailaudit.publication.held import hold
from mailaudit.publication.publish import publish
from mailaudit.publication.record import USE, Record, read_record
from mailaudit.publication.register import Published
from mailaudit.publication.uses import HIDDEN, SumGaps, all_gaps, public_gaps
from mailaudit.publication.values import Publication

RULES = Rules()
LEAST = 5
SAMPLE, SEEDS = range(4), range(4, 60)
WIDE = 3  # numbers that must remain possible of a unit with so many people between two states
Groups = Mapping[str, Sequence[UnitUsage]]


def a_usage(
    code: str, few_days: int, unread: int, *, group: str = GROUP, regular: int = 10
) -> UnitUsage:
    """A unit with regular users, and so many who sent mail and are none."""
    sent = regular + few_days + unread
    return UnitUsage(Unit(code, code, group), counts(sent, regular, sent=sent), Gaps(few_days, 0))


def block(unit: UnitUsage) -> int:
    """How many people are between sending and regular use, which everybody reads of a unit."""
    return unit.counts.sent - unit.counts.regular


def pinned(
    groups: Groups, few: Sequence[UnitUsage], printed: SumGaps
) -> Iterator[tuple[str, str, int, int]]:
    """The units of which too little is open to somebody, with who knows it and what it can be.

    Everybody reads how many people of a unit are between sending and regular use, and the sums
    printed; the head of a unit knows besides how many of its own sent on too few days.
    """
    units = [unit for of_group in groups.values() for unit in of_group]
    everybody = [*units, *few]
    unknowns = Unknowns()
    number = {unit.unit.code: unknowns.new() for unit in everybody}
    for unit in units:
        unknowns.know(Sum({number[unit.unit.code]: 1}), 0, block(unit))
    for unit in few:
        unknowns.know(Sum({number[unit.unit.code]: 1}), 0, LEAST - 1)

    def know(of: Iterable[UnitUsage], people: int | None) -> None:
        if people is not None:
            unknowns.know(Sum({number[unit.unit.code]: 1 for unit in of}), people, people)

    for name, of_group in groups.items():
        know(of_group, printed.of_group(name).few_days)
    know(everybody, printed.total.few_days)
    solver = Solver(unknowns)
    for knower in (None, *everybody):
        known = solver
        if knower is not None:
            known = solver.knowing({number[knower.unit.code]: float(knower.gaps.few_days or 0)})
        for unit in everybody:
            if unit is knower or not block(unit):
                continue
            at = number[unit.unit.code]
            low, high = known.bounds(Sum({at: 1}))  # where no sum is known of them
            if (lowest := known.greatest({at: -1.0}, quick=False)) and at in lowest:
                low, high = lowest[at], (known.greatest({at: 1.0}, quick=False) or {})[at]
            if high - low + 1 < min(WIDE, block(unit) + 1):
                yield knower.unit.code if knower else "", unit.unit.code, int(low), int(high)


def a_random_province(seed: int) -> tuple[Groups, list[UnitUsage]]:
    """Three groups of up to five units, and some of few people; many have nobody in between."""
    random = Random(seed)  # noqa: S311 - the same provinces every time
    groups = {}
    for name in ("A", "B", "C"):
        sizes = random.choice([(0, 1), (0, 3), (0, 1, 8), (2, 5, 9)])
        groups[name] = [
            a_usage(f"{name}{n}", random.choice(sizes), random.choice(sizes), group=name)
            for n in range(random.randint(1, 5))
        ]
    few = [
        a_usage(f"few{n}", random.randint(0, 1), random.randint(0, 1), regular=2)
        for n in range(random.choice([0, 0, 1, 3]))
    ]
    return groups, few


@pytest.mark.parametrize(
    "seed", [*SAMPLE, *(pytest.param(seed, marks=pytest.mark.slow) for seed in SEEDS)]
)
def test_no_sum_shows_what_people_of_one_unit_do(seed: int) -> None:
    """With an integer program over all that is printed, and what each head knows."""
    groups, few = a_random_province(seed)

    assert not list(pinned(groups, few, public_gaps(groups, few, LEAST)))


def test_sums_that_are_not_held_back_would_show_it() -> None:
    """The reader finds what these provinces hide, and much of them is printed all the same."""
    provinces = [a_random_province(seed) for seed in range(12)]
    printed = [public_gaps(*province, LEAST) for province in provinces]

    assert sum(any(pinned(*one, all_gaps(*one))) for one in provinces) > 6
    assert sum(one.total.few_days is not None for one in printed) > 4
    assert sum(gaps.few_days is not None for one in printed for gaps in one.groups.values()) > 2


def test_a_group_is_not_the_rest_of_the_whole() -> None:
    """Of two groups one is spread; with it and the whole the other, of one unit, is known."""
    spread = [a_usage(f"A{n}", 4, 5, group="A") for n in range(4)]
    lone = [a_usage("B", 2, 3, group="B")]
    printed = public_gaps({"A": spread, "B": lone}, (), LEAST)

    assert printed.total.few_days == 18
    assert printed.of_group("A").few_days is None
    assert printed.of_group("B").few_days is None


def test_units_nobody_of_whom_is_in_between_hide_nobody() -> None:
    """Three units, but all eight people are of one; nor do two units hide each other's."""
    empty = [a_usage(f"E{n}", 0, 0) for n in range(9)]

    assert public_gaps({GROUP: [a_usage("A", 8, 8), *empty]}, (), LEAST).total.few_days is None
    two = [a_usage("A", 8, 8), a_usage("B", 8, 8)]
    assert public_gaps({GROUP: [*two, *empty]}, (), LEAST).total.few_days is None
    one = a_usage("C", 1, 0)
    assert public_gaps({GROUP: [*two, one, *empty]}, (), LEAST).total.few_days is None
    third = a_usage("C", 2, 0)
    assert public_gaps({GROUP: [*two, third, *empty]}, (), LEAST).total.few_days == 18


def a_month(**few_days: int) -> Ranking:
    """October, with twenty people between sending and regular use in each unit."""
    units = {code: a_usage(code, number, 20 - number) for code, number in few_days.items()}
    ranking = a_ranking({GROUP: {code: unit.counts for code, unit in units.items()}})
    [group] = ranking.groups
    standings = (replace(s, usage=units[s.usage.unit.code]) for s in group.standings)
    return replace(ranking, groups=(replace(group, standings=tuple(standings)),))


def gaps_of(publication: Publication) -> dict[str, Gaps]:
    return {s.usage.unit.code: s.usage.gaps for s in publication.standings()}


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.LEADER])
def test_units_have_no_states_but_for_their_own_heads(audience: Audience) -> None:
    """The public and heads get sums; a head's own page, which is not passed on, has everything."""
    month = a_month(A=5, B=6, C=7, D=0)
    seen, own = publish(month, audience, RULES), publish(month, audience, RULES, own=True)

    assert set(gaps_of(seen).values()) == {HIDDEN_GAPS}
    assert (seen.gaps.total.few_days, seen.gaps.of_group(GROUP).few_days) == (18, 18)
    assert gaps_of(own)["D"] == Gaps(0, 0)
    assert gaps_of(publish(month, Audience.IT, RULES))["D"] == Gaps(0, 0)


def test_the_report_of_one_unit_has_no_states() -> None:
    """Its whole is one unit of the report above."""
    within = replace(a_month(A=5, B=6, C=7), within=Unit("P", "P", GROUP))

    assert publish(within, Audience.PUBLIC, RULES).gaps == HIDDEN
    assert publish(within, Audience.IT, RULES).gaps.total == Gaps(18, 0)


class Register:
    """What was published, in memory."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def published(self, period: Period) -> Sequence[Record]:
        return [record for record in self.records if record.period == period]

    def publish(self, records: Sequence[Record], check: Callable[[Published], None]) -> None:
        check(self.published)
        self.records += [read_record(r.period, r.edition, r.audience, r.text) for r in records]


def report(register: Register, month: Ranking, edition: int) -> Publication:
    """The public report of an edition, in the register."""
    measurement = Measurement((), ())
    arguments = (month, measurement, edition, Audience.PUBLIC, RULES, register, language("vi"))
    held = hold(*arguments, despite_difference=False)
    register.publish(held.records, held.check)
    return held.publication


def test_another_report_of_a_month_shows_no_few_people_by_its_states() -> None:
    """Three people of C are in another state than in the report before: only their sum is new.

    Nothing else of them changed, so that the report is not refused, but the states stand as one.
    """
    register = Register()
    first = report(register, a_month(A=5, B=6, C=7), 1)
    again = report(register, a_month(A=5, B=6, C=7), 1)
    corrected = report(register, a_month(A=5, B=6, C=10), 2)
    later = report(register, a_month(A=5, B=6, C=17), 3)

    assert first.gaps.total.few_days == again.gaps.total.few_days == 18
    assert corrected.gaps == HIDDEN
    assert later.gaps.total.few_days == 28


def test_a_report_meanwhile_published_is_noticed_when_it_is_recorded() -> None:
    """Checked once more in the register, as all figures are."""
    register, late = Register(), Register()
    report(late, a_month(A=5, B=6, C=7), 1)
    held = hold(
        *(a_month(A=5, B=6, C=10), Measurement((), ()), 2, Audience.PUBLIC, RULES, register),
        language("vi"),
        despite_difference=False,
    )
    register.records += late.records
    with pytest.raises(UsageError) as refused:
        register.publish(held.records, held.check)
    assert "tình trạng sử dụng hộp thư" in refused.value.text(language("vi").gettext)


def test_states_are_compared_in_every_sum_of_groups() -> None:
    """Six more in one group and four fewer in another: together two, and the rest of the whole."""

    def record(**few_days: int) -> Record:
        lines = {(USE, name): {"few_days": number} for name, number in few_days.items()}
        return Record(OCTOBER, 1, "public", lines | {(USE, ""): {"few_days": 90}}, {"": ()})

    before, now = record(A=20, B=30), record(A=26, B=26)
    assert uses_differ(now, [before], LEAST)
    assert not uses_differ(record(A=26, B=36), [before], LEAST)
    assert not uses_differ(before, [before], LEAST)
    rest = replace(now, lines={(USE, "A"): {"few_days": 30}, (USE, ""): {"few_days": 102}})
    assert uses_differ(rest, [before], LEAST)
    assert differing(now, [before], LEAST) == [(USE, "")]


def test_two_editions_side_by_side_have_no_states() -> None:
    """The comparison prints none, and records none."""
    found = compare(a_month(A=5, B=6, C=7), a_month(A=5, B=6, C=17), (1, 2), Audience.PUBLIC, RULES)

    assert found.before.gaps == found.after.gaps == HIDDEN
    assert not any(kind == USE for record in found.records() for kind, _ in record.lines)
