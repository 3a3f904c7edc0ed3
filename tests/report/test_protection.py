"""Nothing about fewer than five people can be computed from what the public may see."""

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, combinations

import numpy
import pytest
from report_builders import counts

from mailaudit.model.usage import Counts
from mailaudit.report.protection import LEAST_PEOPLE, Withheld, withhold

Province = Mapping[str, Mapping[str, Counts]]


def a_province(seed: int) -> Province:
    """Up to three groups of up to five units, most of them small."""
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    return {
        f"group {g}": {f"{g}-{u}": a_unit(chance) for u in range(chance.randint(1, 5))}
        for g in range(chance.randint(1, 3))
    }


def a_unit(chance: random.Random) -> Counts:
    in_scope = chance.choice((0, 1, 2, 3, 4, 5, 6, 8, 12, 30))
    unmeasured = chance.randint(0, in_scope) if chance.random() < 0.3 else 0
    return counts(
        in_scope,
        chance.randint(0, in_scope - unmeasured),
        unmeasured=unmeasured,
        exempt=chance.choice((0, 0, 1, 6)),
    )


def people(sums: Counts) -> tuple[int, int, int]:
    return sums.staff, sums.in_scope, sums.in_scope - sums.unmeasured


def is_about_few(sums: Counts) -> bool:
    return any(0 < number < LEAST_PEOPLE for number in people(sums))


def subsets(codes: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(codes, size) for size in range(1, len(codes) + 1))


def equations(province: Province, withheld: Withheld, units: Sequence[str]) -> list[list[int]]:
    """What is published, as sums over units: single units, totals of groups, the whole."""
    rows = [[int(unit == other) for other in units] for unit in units if unit not in withheld.units]
    rows += [
        [int(unit in members) for unit in units]
        for name, members in province.items()
        if name not in withheld.groups
    ]
    return rows if withheld.total else [*rows, [1] * len(units)]


def unknown_directions(known: Sequence[Sequence[int]], width: int) -> numpy.ndarray:
    """The ways in which units could differ without changing anything that is known."""
    matrix = numpy.array(known, dtype=float).reshape(-1, width)
    _left, sizes, right = numpy.linalg.svd(matrix)
    return right[int((sizes > 1e-9).sum()) :]


def read_off(province: Province, withheld: Withheld) -> list[tuple[str, tuple[str, ...]]]:
    """Every set of units about few people whose sum can be computed, by whom.

    The sum over a set can be computed exactly when nothing unknown can change it. The head of a
    unit knows that unit's figures as well ("" is somebody who heads none).
    """
    everybody = {code: sums for members in province.values() for code, sums in members.items()}
    units = list(everybody)
    hidden = [code for code in units if code in withheld.units]
    few = [
        chosen
        for chosen in subsets(hidden)
        if is_about_few(sum((everybody[code] for code in chosen), Counts()))
    ]
    wanted = numpy.array([[float(unit in chosen) for unit in units] for chosen in few])
    found = []
    for knower in ["", *hidden] if few else []:
        known = equations(province, withheld, units)
        if knower:
            known.append([int(unit == knower) for unit in units])
        unknown = unknown_directions(known, len(units))
        is_known = ~(abs(wanted @ unknown.T) > 1e-9).any(axis=1)
        found += [
            (knower, chosen)
            for chosen, computed in zip(few, is_known, strict=True)
            if computed and knower not in chosen
        ]
    return found


@pytest.mark.parametrize("block", range(8))
def test_withheld_units_cannot_be_computed_from_what_is_published(block: int) -> None:
    """Of 400 small provinces, every subset of withheld units, for outsiders and for every head."""
    for seed in range(block * 50, block * 50 + 50):
        province = a_province(seed)
        withheld = withhold(province)

        assert read_off(province, withheld) == [], seed
        small = {c for m in province.values() for c, sums in m.items() if is_about_few(sums)}
        assert small <= withheld.units, seed


def test_attack_finds_what_a_single_withheld_unit_gives_away() -> None:
    """The check of these tests is able to fail: one withheld unit is the total less the others."""
    province = {"g": {"a": counts(3, 1), "b": counts(20, 9), "c": counts(30, 9)}}

    assert read_off(province, Withheld(frozenset({"a"}))) == [("", ("a",))]
    assert ("b", ("a",)) in read_off(province, Withheld(frozenset({"a", "b"})))
    assert read_off(province, withhold(province)) == []


def test_nothing_is_withheld_where_every_unit_is_large_enough() -> None:
    """Five people are enough; nobody at all is nothing to protect."""
    province = {"g": {"a": counts(5, 1), "b": counts(9, 9), "c": counts(0, 0)}}

    assert withhold(province) == Withheld()


def test_smallest_others_are_withheld_with_a_small_unit() -> None:
    """3 needs the next two: 9 alone would let its head subtract."""
    sizes = {"a": 40, "b": 30, "c": 12, "d": 9, "e": 3}
    province = {"g": {code: counts(size, size // 2) for code, size in sizes.items()}}

    assert withhold(province) == Withheld(frozenset({"c", "d", "e"}))


def test_a_group_too_small_to_hide_in_loses_its_total_and_another_one_too() -> None:
    """Only the sum over both groups can be computed then."""
    province = {
        "small": {"a": counts(3, 1)},
        "large": {code: counts(20, 9) for code in ("b", "c", "d")},
    }

    assert withhold(province) == Withheld(frozenset({"a", "b", "c"}), frozenset(province))


def test_a_province_of_few_people_is_withheld_whole() -> None:
    """Where there is nothing to hide in, nothing is published."""
    province = {"g": {"a": counts(3, 1)}}

    assert withhold(province) == Withheld(frozenset({"a"}), frozenset({"g"}), total=True)


@pytest.mark.parametrize("regular", [0, 1])
def test_the_sum_withheld_does_not_tell_that_all_are_alike(regular: int) -> None:
    """A sum of which nobody, or everybody, is regular says so of each of them; it grows on."""
    everybody = {
        code: counts(size, size * regular) for code, size in zip("abc", (3, 6, 7), strict=True)
    }
    mixed = {"d": counts(20, 9), "e": counts(30, 9)}

    assert withhold({"g": everybody | mixed}).units == {"a", "b", "c", "d"}
    assert withhold({"g": everybody}).units == {"a", "b", "c"}
