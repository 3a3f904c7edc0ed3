"""With a linear program and all that was ever published, nobody learns about few people."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from adversary import Fault, attacked
from knowledge import Knowledge, Shown
from linear import Solver
from people import People
from places import Atom, Places
from provinces import (
    ALONE,
    GROUPS,
    LOOSE,
    MONTHS,
    NARROWER,
    STRICTER,
    WIDER,
    Collection,
    Person,
    Province,
    Step,
    a_person,
    letters,
)
from publishing import Published
from random_provinces import a_province
from smallness import Smallness

from mailaudit.model.lineage import EventKind, UnitEvent
from mailaudit.model.roster import Unit
from mailaudit.model.rules import SENT_ALONE

USE, ABSENCE = ("read", "sent", "regular", "not_regular"), ("out_of_scope", "excluded")
SAMPLE, PROVINCES = range(0, 4), range(4, 64)


def messages_of(faults: Sequence[Fault]) -> str:
    """Each fault in a line."""
    return "\n".join(
        f"{f.province}: {f.knower or 'everybody'} knows {f.figure} of {f.line} in month {f.month}:"
        f" {f.low} to {f.high}"
        for f in faults
    )


@pytest.mark.parametrize(
    "seed", [*SAMPLE, *(pytest.param(seed, marks=pytest.mark.slow) for seed in PROVINCES)]
)
def test_nobody_learns_about_few_people_in_a_small_province(seed: int) -> None:
    """Alone, and with what the head of each unit not shown knows, and of one that is."""
    faults = attacked(a_province(seed))

    assert not faults, messages_of(faults)


def by_sending(province: Province) -> Province:
    """The same, with regular use a matter of sending alone."""
    steps = (
        replace(step, rules=replace(step.rules, regular=SENT_ALONE)) for step in province.steps
    )
    return replace(province, name=f"{province.name}, by sending", steps=tuple(steps))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_nobody_learns_about_few_people_by_what_is_sent_alone(seed: int) -> None:
    """In the same provinces, where no file says what was read; the rules of single steps that ask
    for more days, which the reader knows nothing of, are left out."""
    province = a_province(seed)
    steps = (replace(s, rules=LOOSE if s.rules == STRICTER else s.rules) for s in province.steps)
    steps = (replace(s, rules=LOOSE if s.rules == NARROWER else s.rules) for s in steps)
    faults = attacked(by_sending(replace(province, steps=tuple(steps))))

    assert not faults, messages_of(faults)


def people(unit: str, *habits: tuple[str, int], provided: bool = True) -> list[Person]:
    """So many people of each habit."""
    return [
        a_person(f"{unit}{habit[0]}{n}", unit, habit, provided=provided)
        for habit, number in habits
        for n in range(number)
    ]


def unit(code: str, group: str = GROUPS[0], parent: str | None = None) -> Unit:
    number = sum(ord(letter) for letter in code)
    return Unit(code, f"Đơn vị {letters(number)}", group, parent)


def month(number: int, units: Sequence[Unit], staff: Sequence[Sequence[Person]]) -> Collection:
    return Collection(number, tuple(units), tuple(person for each in staff for person in each))


def mixed(code: str, size: int, regular: int) -> list[Person]:
    """People of whom some use their mailbox regularly, and the others hardly."""
    return people(code, ("daily", regular), ("reads", size - regular))


def faults_of(
    *steps: Step,
    events: Sequence[UnitEvent] = (),
    within: str = "",
    figures: Sequence[str] = USE,
) -> list[str]:
    """What is known too well of figures of use, a line each."""
    province = Province("by hand", steps, tuple(events), (within,) if within else ())
    return messages_of(attacked(province, figures)).splitlines()


def test_being_left_out_is_known_to_be_for_few_people() -> None:
    """By the rules a unit of five is not left out, nor one of four shown."""
    units = [unit(code) for code in "ABC"]
    first = month(0, units, [mixed("A", 4, 3), mixed("B", 7, 3), mixed("C", 5, 2)])
    province = Province("by hand", (Step(0, first),))
    places = Places(province)

    def is_possible(hidden: str, shown: str) -> bool:
        knowledge = Knowledge(People(province, places), places)
        report = Published(0, {0: 0}, LOOSE, 5, None, None, {})
        for code in "ABC":
            knowledge.lines[(0, 0, "loose"), None, code, 0] = (Atom(code),)
        seen = Shown(hidden=set(hidden), shown=set(shown), names_small=True)
        knowledge.reports.append((report, seen))
        Smallness(knowledge).learn()
        people = knowledge.people
        return Solver(people.unknowns).knowing(people.truths()).is_consistent()

    assert is_possible("A", "BC")
    assert not is_possible("AC", "B")
    assert not is_possible("", "ABC")


def test_a_unit_of_ten_with_one_mailbox_is_small() -> None:
    """Its figures would be those of one person."""
    units = [unit("A"), unit("B"), unit("C")]
    one = [*people("C", ("daily", 1)), *people("C", ("idle", 9), provided=False)]

    assert not faults_of(Step(0, month(0, units, [mixed("A", 20, 9), mixed("B", 30, 14), one])))


def test_ranks_and_their_order_say_nothing_of_units_not_shown() -> None:
    """The first with 1 of 20: all others that are ranked have nobody, so C has all there are."""
    units = [unit(code) for code in "CADE"]
    staff = [mixed("C", 4, 2), mixed("A", 20, 1), mixed("D", 6, 0), mixed("E", 6, 0)]

    assert not faults_of(Step(0, month(0, units, staff)))


def test_a_tie_with_nobody_says_nothing_of_units_not_shown() -> None:
    """Where units of three people are ranked, ties and gaps would be with theirs."""
    units = [unit(code) for code in "ABCD"]
    staff = [mixed("A", 5, 4), mixed("B", 4, 3), mixed("C", 7, 6), mixed("D", 4, 3)]

    assert not faults_of(Step(0, month(0, units, staff), WIDER))


def test_a_merger_gives_nothing_away_of_last_month() -> None:
    """A of 29 took in X of 4, and is compared with both together: 20 of 33."""
    a, b, x, y = (unit(code) for code in "ABXY")
    first = [mixed("A", 29, 17), mixed("B", 40, 11), mixed("X", 4, 3), mixed("Y", 6, 2)]
    second = [mixed("A", 33, 22), mixed("B", 40, 12), mixed("Y", 6, 2)]
    event = UnitEvent(MONTHS[1].first_day, EventKind.MERGED, ("A", "X"), ("A",))

    assert not faults_of(
        Step(0, month(0, [a, b, x, y], first)),
        Step(1, month(1, [a, b, y], second)),
        events=[event],
    )


def test_a_division_gives_nothing_away_of_last_month() -> None:
    """P of 8 became S and T, who then have a rate of last month each, or have none with others."""
    units = {code: unit(code) for code in "ABCPST"}
    then = [mixed("A", 4, 3), mixed("B", 30, 13), mixed("C", 6, 1)]
    divided = mixed("P", 8, 6)
    went = [
        replace(person, staff=replace(person.staff, unit_code="ST"[n % 2 == 0]))
        for n, person in enumerate(divided)
    ]
    event = UnitEvent(MONTHS[1].first_day, EventKind.SPLIT, ("P",), ("S", "T"))

    assert not faults_of(
        Step(0, month(0, [units[code] for code in "ABCP"], [*then, divided])),
        Step(
            1,
            month(
                1,
                [units[code] for code in "ABCST"],
                [*then, went, mixed("S", 5, 1), mixed("T", 5, 1)],
            ),
        ),
        events=[event],
    )


def test_a_dissolution_gives_nothing_away_of_last_month() -> None:
    """Today C has a fifth and all are shown: last month again, without X, shows what C was."""
    units = [unit(code) for code in "ABCXY"]
    event = UnitEvent(MONTHS[1].first_day, EventKind.DISSOLVED, ("X",))
    then = {"A": (6, 4), "B": (30, 6), "C": (4, 1), "X": (12, 7), "Y": (12, 4)}
    now = {"A": (6, 4), "B": (31, 6), "C": (5, 2), "Y": (12, 4)}

    assert not faults_of(
        Step(0, month(0, units, [mixed(code, *sums) for code, sums in then.items()])),
        Step(
            1,
            month(
                1,
                [each for each in units if each.code in now],
                [mixed(code, *sums) for code, sums in now.items()],
            ),
        ),
        events=[event],
    )


def test_a_change_of_group_gives_nothing_away_of_last_month() -> None:
    """X left a group that has only large units now: its total of last month less theirs is X."""
    a, b, x = (unit(code) for code in "ABX")
    c, d = (unit(code, GROUPS[1]) for code in "CD")
    then = [mixed("A", 29, 17), mixed("B", 40, 11), mixed("X", 4, 3)]
    others = [mixed("C", 6, 4), mixed("D", 20, 11)]

    assert not faults_of(
        Step(0, month(0, [a, b, x, c, d], [*then, *others])),
        Step(1, month(1, [a, b, replace(x, group=GROUPS[1]), c, d], [*then, *others])),
    )


def test_nobody_is_known_to_be_ill() -> None:
    """Eight listed, seven in scope, no remark on many exempt: one is on leave."""
    ill = [*mixed("C", 7, 3), a_person("ill", "C", status="ốm")]
    units = [unit(code) for code in "ABC"]

    assert not faults_of(
        Step(0, month(0, units, [mixed("A", 20, 9), mixed("B", 30, 14), ill])), figures=ABSENCE
    )


def test_a_unit_without_anybody_hides_nobody_who_is_ill() -> None:
    """Six of A, B and C are out of scope; C has figures, of nobody, so it is none of the small ones
    like D: the head of B, where two of them are, knows where the others are.
    """
    units = [unit(code) for code in "ABCD"]
    ill = [a_person(f"ill{n}", "AB"[n > 3], status="ốm") for n in range(6)]
    staff = [mixed("A", 20, 9), mixed("B", 30, 14), mixed("D", 3, 1), ill]

    assert not faults_of(Step(0, month(0, units, staff)), figures=ABSENCE)


@pytest.mark.parametrize("habit", ["daily", "idle"])
def test_a_pool_of_people_who_are_all_alike_is_not_published(habit: str) -> None:
    """Of three units of three people, all or none are regular."""
    alike = [people(code, (habit, 3)) for code in "CDE"]
    units = [*(unit(code) for code in "CDE"), unit("A", GROUPS[1]), unit("B", GROUPS[1])]

    assert not faults_of(Step(0, month(0, units, [*alike, mixed("A", 20, 9), mixed("B", 30, 14)])))


def test_an_edition_without_one_person_does_not_give_the_others_away() -> None:
    """Five were shown; then one of them was struck off the list, and four are not."""
    units = [unit(code) for code in "ABC"]
    staff = [mixed("A", 20, 9), mixed("B", 30, 14), mixed("C", 5, 2)]
    first = month(0, units, staff)
    second = replace(first, people=first.people[:-1], kind="corrected")

    assert not faults_of(Step(0, first), Step(0, second))


def test_other_rules_do_not_give_those_away_who_stay() -> None:
    """Five in scope were shown; by other rules one of them is not, and four are in scope."""
    units = [unit(code) for code in "ABC"]
    contract = a_person("contract", "C", category="hợp đồng vụ việc")
    staff = [mixed("A", 20, 9), mixed("B", 30, 14), [*mixed("C", 4, 2), contract]]
    first = month(0, units, staff)

    assert not faults_of(Step(0, first, LOOSE), Step(0, None, NARROWER))


def test_another_definition_does_not_give_those_away_who_read_too_little() -> None:
    """Of A two send enough and read too little: the month once more, by sending alone, would say so
    of everybody who is regular then and was not before. Of six it may."""
    units = [unit(code) for code in "AB"]
    staff = [[*mixed("A", 20, 9), *people("A", ("hoards", 2))], mixed("B", 30, 14)]
    first = month(0, units, staff)

    assert not faults_of(Step(0, first, LOOSE), Step(0, None, ALONE))


def test_a_report_of_one_unit_gives_nothing_away_of_its_parts() -> None:
    """Its parts that are not shown have one regular user together, and one of them is small."""
    units = [unit("P"), unit("Q"), unit("R"), *(unit(code, parent="P") for code in "CDE")]
    staff = [mixed("Q", 7, 0), mixed("R", 12, 2), mixed("P", 5, 1)]
    staff += [mixed("C", 3, 0), mixed("D", 30, 11), mixed("E", 6, 0)]

    assert not faults_of(Step(0, month(0, units, staff)), within="P")
