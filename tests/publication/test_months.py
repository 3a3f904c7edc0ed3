"""Which units have figures of their own, and when the others may stand in a line together."""

import random
from itertools import product

import pytest
from publication_builders import counts

from mailaudit.model.ranking import Line
from mailaudit.model.usage import Counts
from mailaudit.publication.months import can_stand_together, is_spread, month_of

LEAST = 5


@pytest.mark.parametrize(
    ("sums", "is_few"),
    [
        (counts(5, 1), False),
        (counts(4, 1), True),
        (counts(0, 0), False),
        (counts(1, 1, unprovided=9), True),  # ten people, one mailbox
        (counts(0, 0, unprovided=9), False),
        (counts(3, 1, unmeasured=4), True),
        (counts(4, 1, unprovided=1), True),
        (counts(4, 4, exempt=9), True),
        (counts(0, 0, excluded=3), True),
        (counts(0, 0, excluded=5), False),
        (counts(0, 0, unmeasured=6), False),
    ],
)
def test_unit_of_few_people_is_small_by_whichever_number_its_figures_are_of(
    sums: Counts, is_few: bool
) -> None:
    """Listed, in scope, judged or measured: one of them is enough, and nobody is not few."""
    assert sums.is_few(LEAST) is is_few


@pytest.mark.parametrize(
    ("units", "may_stand"),
    [
        ([(4, 2), (4, 2), (4, 2)], True),
        ([(4, 2), (4, 2)], False),  # eight people
        ([(4, 2), (4, 2), (1, 0)], False),  # nine people
        ([(4, 2), (4, 2), (2, 1)], True),
        ([(4, 0), (4, 0), (4, 0)], False),
        ([(4, 4), (4, 4), (4, 4)], False),
        ([(4, 4), (4, 1), (4, 0)], False),  # the first head knows of one regular user in eight
        ([(4, 0), (4, 3), (4, 4)], False),
        ([(4, 2), (4, 2), (4, 2), (0, 0)], True),
        ([], False),
    ],
)
def test_units_stand_together_where_two_did_and_two_did_not_beside_each(
    units: list[tuple[int, int]], may_stand: bool
) -> None:
    """What counts is what is left for somebody who knows one of the units."""
    assert can_stand_together([counts(*unit) for unit in units], LEAST) is may_stand


@pytest.mark.parametrize("column", ["read", "sent"])
def test_every_figure_of_the_line_is_looked_at(column: str) -> None:
    """Everybody read mail: so did each of them, whoever is regular."""
    mixed = [counts(4, 2, read=3, sent=3)] * 3
    assert can_stand_together(mixed, LEAST)
    alike = [counts(4, 2, **({"read": 3, "sent": 3} | {column: 4}))] * 3
    assert not can_stand_together(alike, LEAST)


def ranges(sizes: list[int], total: int) -> list[tuple[int, int]]:
    """The least and the greatest number of each unit, by trying all that add up to `total`."""
    found = [
        numbers
        for numbers in product(*(range(size + 1) for size in sizes))
        if sum(numbers) == total
    ]
    return [(min(column), max(column)) for column in zip(*found, strict=True)]


@pytest.mark.parametrize("block", range(4))
def test_a_line_leaves_three_numbers_possible_for_every_unit_and_every_head(block: int) -> None:
    """Of 400 lines that may stand, whoever knows all sizes and one unit's figure tries them all."""
    chance = random.Random(block)  # noqa: S311 - a test's dice
    stood = 0
    while stood < 100:
        sizes = [chance.randint(0, LEAST - 1) for _ in range(chance.randint(3, 6))]
        share = chance.random()
        did = [sum(chance.random() < share for _ in range(size)) for size in sizes]
        if not can_stand_together([counts(*each) for each in zip(sizes, did, strict=True)], LEAST):
            continue
        stood += 1
        for head in range(len(sizes)):
            others = [n for n in range(len(sizes)) if n != head]
            seen = ranges([sizes[n] for n in others], sum(did) - did[head])
            for n, (low, high) in zip(others, seen, strict=True):
                assert high - low + 1 >= min(sizes[n] + 1, 3), (sizes, did, head, n)


def test_the_trial_finds_what_a_line_that_may_not_stand_gives_away() -> None:
    """Neither all nor none are regular, and the first unit's head knows all about the others."""
    assert ranges([4, 4], 0) == [(0, 0), (0, 0)]
    assert not can_stand_together([counts(4, 3), counts(4, 0), counts(4, 0)], LEAST)


def lines(**units: Counts) -> list[Line]:
    return [Line(code, sums, frozenset({code})) for code, sums in units.items()]


def test_no_unit_is_left_out_for_another_ones_sake() -> None:
    """One of four people: it has no figures, and all others do, the next smallest too."""
    month = month_of(
        lines(a=counts(40, 9), b=counts(5, 2), c=counts(4, 2)),
        LEAST,
        is_part=False,
        shows_all=False,
    )
    assert month is not None
    assert (set(month.shown), set(month.few), month.few_total) == ({"a", "b"}, {"c"}, None)
    assert month.total == counts(45, 11)


def test_parts_of_a_unit_give_its_small_ones_away_unless_these_can_stand_together() -> None:
    """The unit's sums stand in the report above: what is not shown is the rest of them."""
    parts = lines(a=counts(40, 9), b=counts(4, 2), c=counts(4, 2))
    assert month_of(parts, LEAST, is_part=True, shows_all=False) is None
    everything = month_of(parts, LEAST, is_part=True, shows_all=True)
    assert everything is not None
    assert everything.total == counts(48, 13)
    more = [*parts, *lines(d=counts(4, 1))]
    enough = month_of(more, LEAST, is_part=True, shows_all=False)
    assert enough is not None
    assert (enough.few_total, enough.total) == (counts(12, 5), counts(52, 14))


@pytest.mark.parametrize(
    ("people", "tells_nothing"),
    [
        ([3, 2, 0], True),
        ([4, 0, 1], False),
        ([2, 2, 0], False),
        ([0, 0, 0], False),
        ([9, 9], False),
    ],
)
def test_numbers_of_people_out_of_scope_are_of_five_in_three_units(
    people: list[int], tells_nothing: bool
) -> None:
    """And two at least are not in the unit of whoever reads it."""
    assert is_spread(people, LEAST) is tells_nothing
