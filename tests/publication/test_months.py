"""Which units have figures of their own, and when the others may stand in a line together."""

import random
from dataclasses import replace
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
    ("measured", "regular", "may_stand"),
    [(12, 6, True), (11, 6, False), (12, 5, False), (20, 6, True), (20, 14, True), (20, 15, False),
     (0, 0, False), (60, 0, False), (60, 60, False)],
)  # fmt: skip
def test_units_stand_together_where_six_did_and_six_did_not(
    measured: int, regular: int, *, may_stand: bool
) -> None:
    """So that two of each are left for whoever knows four of them."""
    assert can_stand_together(counts(measured, regular), LEAST) is may_stand


@pytest.mark.parametrize("column", ["read", "sent"])
def test_every_figure_of_the_line_is_looked_at(column: str) -> None:
    """Everybody read mail: so did each of them, whoever is regular."""
    assert can_stand_together(counts(12, 6), LEAST)
    assert not can_stand_together(counts(12, 6, **{column: 12}), LEAST)


def test_what_is_not_counted_hides_nobody() -> None:
    """Where reading is not counted, the line has no figure of it."""
    sums = replace(counts(12, 6, read=0), reads=False)
    assert can_stand_together(sums, LEAST)
    assert not can_stand_together(replace(sums, reads=True), LEAST)
    assert not can_stand_together(replace(sums, sent=12), LEAST)


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
        sizes = [chance.randint(0, LEAST - 1) for _ in range(chance.randint(3, 7))]
        share = chance.random()
        did = [sum(chance.random() < share for _ in range(size)) for size in sizes]
        if not can_stand_together(counts(sum(sizes), sum(did)), LEAST):
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
    assert not can_stand_together(counts(12, 3), LEAST)


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
    more = [*parts, *lines(d=counts(4, 2))]
    enough = month_of(more, LEAST, is_part=True, shows_all=False)
    assert enough is not None
    assert (enough.few_total, enough.total) == (counts(12, 6), counts(52, 15))


@pytest.mark.parametrize(
    ("people", "tells_nothing"),
    [
        ([4, 2, 0], True),
        ([3, 2, 0], False),
        ([6, 0, 1], False),
        ([0, 0, 0], False),
        ([9, 9], False),
    ],
)
def test_numbers_of_people_out_of_scope_are_of_six_in_three_units(
    people: list[int], tells_nothing: bool
) -> None:
    """And two at least are not in the unit of whoever reads it."""
    assert is_spread(people, LEAST) is tells_nothing
