"""The public comparison of two editions gives nothing away of few people, alone or added up."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
from adversary import Adversary
from corrected_provinces import Compared, compared, figures_of, lines_of
from knowledge import Knowledge
from places import Atom
from provinces import Person, Province, Step
from publication_builders import GROUP, a_ranking, counts
from publishing import published
from test_record import Shelf

from mailaudit.model.audience import Audience
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.publication.comparison import compare, gives_few_away

LEAST = 5
SAMPLE, PROVINCES = range(0, 16), range(16, 300)
MANY = {"A": counts(40, 30), "B": counts(30, 15), "C": counts(20, 5)}


def sums_of_few(content: bytes) -> list[str]:
    """Whatever can be added up of the printed units that changes by few, tried one by one."""
    changes: dict[str, dict[str, int]] = {}
    for name, cells in lines_of(content).items():
        moved = {figure: now - then for figure, then, now in figures_of(cells)}
        if any(moved.values()) and name != "TỔNG CỘNG":
            changes[name] = moved
    found = []
    for size in range(1, len(changes) + 1):
        for names in combinations(changes, size):
            total = {
                figure: sum(changes[name][figure] for name in names)
                for figure in ("in_scope", "measured", "regular")
            }
            people = [total["in_scope"], total["measured"]]
            looked_at = people if any(people) else [total["regular"]]
            if any(0 < abs(number) < LEAST for number in looked_at):
                found.append(f"{names}: {total}")
    return found


def compared_provinces(seeds: Iterable[int], folder: Path) -> list[Compared]:
    return [found for seed in seeds if (found := compared(seed, folder)) is not None]


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> list[Compared]:
    return compared_provinces(SAMPLE, tmp_path_factory.mktemp("some"))


def test_no_sum_of_printed_units_is_of_few_people(some: list[Compared]) -> None:
    """And what is refused would have been, of much of it."""
    require_no_sums_of_few(some)


@pytest.mark.slow
def test_no_sum_of_printed_units_is_of_few_people_in_many_provinces(tmp_path: Path) -> None:
    """As above."""
    require_no_sums_of_few(compared_provinces(PROVINCES, tmp_path))


def require_no_sums_of_few(found: list[Compared]) -> None:
    given = [each.content for each in found if each.content is not None]
    refused = [each.without_refusal for each in found if each.content is None]
    assert not [content for content in given if sums_of_few(content)]
    assert len(given) >= len(found) / 10
    assert sum(bool(sums_of_few(content)) for content in refused) >= len(refused) / 3


def test_printed_units_are_those_counted_by_hand(some: list[Compared]) -> None:
    """Both editions, as the people were and are; no small unit is among them."""
    for each in some:
        names = {unit.name: unit.code for unit in each.first.units}
        for name, cells in lines_of(each.without_refusal).items():
            figures = {figure: (then, now) for figure, then, now in figures_of(cells)}
            if name in names and "in_scope" in figures:
                then, now = figures["in_scope"]
                assert then == in_scope(each.first.people, tops(each), names[name])
                assert now == in_scope(each.second.people, tops(each), names[name])
                assert now >= LEAST or now == 0


def tops(each: Compared) -> dict[str, str]:
    return {unit.code: unit.parent or unit.code for unit in each.first.units}


def in_scope(people: Iterable[Person], top: dict[str, str], code: str) -> int:
    """Of a unit and those below it, by the plain rules."""
    listed = (person.staff for person in people if top[person.staff.unit_code] == code)
    return sum(each.category != "hợp đồng lao động" and not each.status for each in listed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 4, 12, 14, 15, 16, 20, 21, 24, 25, 28, 31, 34, 54])
def test_reader_of_report_and_comparison_learns_nothing_of_few(seed: int, tmp_path: Path) -> None:
    """With a linear program, over the report of the first edition and the comparison."""
    each = compared(seed, tmp_path)
    assert each is not None
    assert each.content is not None, "choose a province of which the public gets the comparison"
    province = Province("compared", (Step(0, each.first), Step(0, each.second)))
    reports = list(published(replace(province, steps=province.steps[:1]), tmp_path))
    adversary = Adversary(province, reports)
    learn(adversary.knowledge, each)
    adversary.look_again()
    assert adversary.is_sound()
    faults = [fault for knower in ("", *adversary.heads()) for fault in adversary.faults(knower)]
    assert not faults
    assert not adversary.undecided


def learn(knowledge: Knowledge, each: Compared) -> None:
    """What the comparison prints of units, in both editions."""
    assert each.content is not None
    below: dict[str, tuple[Atom, ...]] = {}
    for code, top in tops(each).items():
        below[top] = (*below.get(top, ()), Atom(code))
    for edition in (0, 1):
        for top, atoms in below.items():
            knowledge.lines[(0, edition, "loose"), None, top, 0] = atoms
    names = {unit.name: unit.code for unit in each.first.units}
    for name, cells in lines_of(each.content).items():
        if name in names:
            for figure, then, now in figures_of(cells):
                atoms = below[names[name]]
                knowledge.count((0, 0, "loose"), atoms, figure, Fraction(then))
                knowledge.count((0, 1, "loose"), atoms, figure, Fraction(now))


def is_held_back(before: dict[str, Counts], after: dict[str, Counts], shelf: Shelf) -> bool:
    rankings = a_ranking({GROUP: before}), a_ranking({GROUP: after})
    comparison = compare(*rankings, (1, 2), Audience.PUBLIC, Rules())
    return gives_few_away(comparison, shelf.published, Rules(min_published=LEAST))


@pytest.mark.parametrize(
    ("after", "is_refused"),
    [
        ({}, False),
        ({"A": counts(39, 30)}, True),  # one person left, who was not regular
        ({"A": counts(35, 26)}, False),  # five
        ({"A": counts(34, 26), "B": counts(35, 18)}, True),  # six left A, five of them for B
        ({"A": counts(34, 26), "B": counts(36, 19)}, False),  # all six
        ({"A": counts(34, 26), "B": counts(35, 18), "C": counts(14, 2)}, True),
        ({"A": counts(40, 29)}, True),  # the same people, one of whom is regular no more
    ],
)
def test_few_people_are_held_back(after: dict[str, Counts], is_refused: bool) -> None:
    """Of a line, or of lines added up."""
    assert is_held_back(MANY, MANY | after, Shelf()) is is_refused


def test_what_was_published_before_counts(tmp_path: Path) -> None:
    """Five left at once, but a report in between had four of them already."""
    shelf, between = Shelf(), MANY | {"A": counts(36, 27)}
    after = MANY | {"A": counts(35, 26)}
    assert not is_held_back(MANY, after, shelf)
    ranking = a_ranking({GROUP: between})
    shelf.records += compare(ranking, ranking, (1, 1), Audience.PUBLIC, Rules()).records()[:1]
    assert is_held_back(MANY, after, shelf)


def test_many_units_that_lost_people_may_be_compared() -> None:
    """Three hundred units, each changed in another way, none of which won anybody."""
    before = {f"U{n}": counts(400, 200, read=300, sent=250) for n in range(300)}
    after = {
        f"U{n}": counts(395 - n, 190 - n // 2, read=290 - n // 3, sent=240 - n // 5)
        for n in range(300)
    }
    assert not is_held_back(before, after, Shelf())


def test_more_sums_than_can_be_looked_at_are_refused_in_bounded_time() -> None:
    """Three hundred units that lost or won ten people each, and more or less of their users."""
    before = {f"U{n}": counts(400, 200, read=300, sent=250) for n in range(300)}
    after = {
        f"U{n}": counts(400 + (10 if n % 2 else -10), 190 - n // 2, read=290 - n // 3, sent=240)
        for n in range(300)
    }
    assert is_held_back(before, after, Shelf())


def test_it_sees_every_unit_of_both() -> None:
    """Small ones too; nothing is held against the register."""
    small = MANY | {"x": counts(3, 1)}
    rankings = a_ranking({GROUP: small}), a_ranking({GROUP: small | {"x": counts(2, 1)}})
    comparison = compare(*rankings, (1, 2), Audience.IT, Rules())
    ((then, now),) = comparison.few()
    assert then is not None
    assert (then.usage.counts.staff, now.usage.counts.staff) == (3, 2)
    assert comparison.after.everyone is not None
    assert comparison.after.everyone.staff == 92
