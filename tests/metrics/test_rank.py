"""Ranks, ties, reasons, grades, and the comparison with the month before."""

from dataclasses import replace
from fractions import Fraction

import pytest
from metrics_builders import (
    COMMUNES,
    DEPARTMENTS,
    OCTOBER,
    a_measurement,
    a_unit,
    counts_of,
    earlier,
)

from mailaudit.metrics.places import short_of
from mailaudit.metrics.rank import rank
from mailaudit.model.ranking import NotRanked, Ranking, Standing
from mailaudit.model.rules import Grade, Rules
from mailaudit.model.usage import Counts, Measurement, UnitUsage

RULES = Rules()


def ranked(
    now: dict[str, Counts], before: dict[str, Counts] | None = None, rules: Rules = RULES
) -> Ranking:
    """One group of units ranked, beside the month before where one is given."""
    measured = a_measurement(now)
    history = [] if before is None else [earlier(a_measurement(before), measured)]
    return rank(OCTOBER, measured, [DEPARTMENTS], history, rules)


def standings(
    now: dict[str, Counts], before: dict[str, Counts] | None = None, rules: Rules = RULES
) -> dict[str, Standing]:
    """The standings of one group by unit code, in the order they are listed."""
    (group,) = ranked(now, before, rules).groups
    return {standing.usage.unit.code: standing for standing in group.standings}


def only(counts: Counts, before: Counts | None = None, rules: Rules = RULES) -> Standing:
    """The standing of the only unit there is."""
    return standings({"A": counts}, None if before is None else {"A": before}, rules)["A"]


def test_rank_is_by_exact_share_with_ties_1_1_3() -> None:
    """Equal fractions of unequal denominators tie, and the next rank is skipped."""
    found = standings(
        {
            "D": counts_of(20, 60),
            "A": counts_of(45, 60),
            "B": counts_of(30, 40),
            "C": counts_of(2, 5),
        }
    )
    assert [(code, s.rank, s.tied) for code, s in found.items()] == [
        ("A", 1, True),
        ("B", 1, True),
        ("C", 3, False),
        ("D", 4, False),
    ]


def test_rank_lists_ties_in_official_order() -> None:
    """Not by name, code or size: as the units stand in the list."""
    found = standings({code: counts_of(6, 8) for code in ("C", "A", "B")})
    assert [(code, s.rank) for code, s in found.items()] == [("C", 1), ("A", 1), ("B", 1)]


def test_rank_of_what_floats_cannot_report_apart_is_not_tied() -> None:
    """Shares that print alike, and are alike as floats, still have their order."""
    huge = 10**17
    small, great = Counts(in_scope=3 * huge, regular=huge), Counts(in_scope=6, regular=2)
    small = replace(small, regular=huge - 1, provided=3 * huge)
    assert small.regular / small.in_scope == great.regular / great.in_scope
    found = standings({"A": small, "B": great}, rules=replace(RULES, min_in_scope=1))
    assert [(code, s.rank, s.tied) for code, s in found.items()] == [
        ("B", 1, False),
        ("A", 2, False),
    ]


def test_rank_is_within_the_group_and_groups_keep_their_order() -> None:
    """A commune is first among communes whatever departments reach; empty groups are left out."""
    usages = (
        UnitUsage(a_unit("C", COMMUNES), counts_of(3, 10)),
        UnitUsage(a_unit("A", DEPARTMENTS), counts_of(8, 10)),
        UnitUsage(a_unit("D", COMMUNES), counts_of(2, 10)),
        UnitUsage(a_unit("X", "Khác"), counts_of(1, 10)),
    )
    names = [DEPARTMENTS, "UBND các huyện, thành phố", COMMUNES]
    ranking = rank(OCTOBER, Measurement((), usages), names, [], RULES)
    assert [
        (group.name, [(s.usage.unit.code, s.rank) for s in group.standings])
        for group in ranking.groups
    ] == [(DEPARTMENTS, [("A", 1)]), (COMMUNES, [("C", 1), ("D", 2)]), ("Khác", [("X", 1)])]


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        (Counts(), NotRanked.NOBODY_IN_SCOPE),
        (Counts(staff=9, exempt=9), NotRanked.NOBODY_IN_SCOPE),
        (counts_of(4, 4), NotRanked.TOO_FEW),
        (counts_of(5, 5), None),
        (counts_of(0, 3, unmeasured=1), NotRanked.TOO_FEW),  # the first reason that applies
        (counts_of(19, 19, unmeasured=1), None),  # coverage exactly 95 %
        (counts_of(18, 18, unmeasured=1), NotRanked.LOW_COVERAGE),  # 94.7 %
        (counts_of(19, 19, unmeasured=1, unprovided=1), NotRanked.LOW_COVERAGE),  # 18 of 19
        (counts_of(0, 6, unprovided=6), None),  # nobody provided: nothing to cover
        (counts_of(0, 0, unmeasured=8), NotRanked.LOW_COVERAGE),
    ],
)
def test_not_ranked_has_its_reason(counts: Counts, reason: NotRanked | None) -> None:
    """A unit has a rank, a grade and a distance, or a reason and none of them."""
    standing = only(counts)
    assert standing.not_ranked is reason
    has_place = reason is None
    assert (standing.rank is not None) is has_place
    assert (standing.grade is not None) is has_place
    assert (standing.short_of is not None) is has_place


def test_not_ranked_where_nothing_was_measured_at_any_threshold() -> None:
    """Without R there is no rank, even if any coverage is allowed."""
    rules = replace(RULES, min_coverage=Fraction(0))
    assert only(counts_of(0, 0, unmeasured=8), rules=rules).not_ranked is NotRanked.LOW_COVERAGE


def test_not_ranked_units_stand_last_in_official_order_and_take_no_rank() -> None:
    """The best rank goes to the best unit that is ranked."""
    found = standings(
        {
            "Z": counts_of(18, 18, unmeasured=1),
            "A": counts_of(1, 10),
            "Y": counts_of(4, 4),
            "B": counts_of(2, 10),
        }
    )
    assert [(code, s.rank) for code, s in found.items()] == [
        ("B", 1),
        ("A", 2),
        ("Z", None),
        ("Y", None),
    ]


def test_share_leaves_the_unmeasured_out() -> None:
    """14 of 19 judged, not 14 of 20."""
    standing = only(counts_of(14, 19, unmeasured=1))
    assert standing.share == Fraction(14, 19)


@pytest.mark.parametrize(
    ("regular", "base", "grade", "short"),
    [
        (90, 100, "Tốt", 0),
        (899, 1000, "Khá", 1),
        (72, 90, "Khá", 9),
        (79, 100, "Trung bình", 1),
        (60, 100, "Trung bình", 20),
        (59, 100, "Yếu", 1),
        (0, 7, "Yếu", 5),  # 60 % of 7 is 4.2
        (30, 48, "Trung bình", 9),  # 80 % of 48 is 38.4
        (5, 5, "Tốt", 0),
    ],
)
def test_grade_is_earned_at_its_threshold_exactly(
    regular: int, base: int, grade: str, short: int
) -> None:
    """The threshold itself earns the grade; short_of is what is missing to the next."""
    standing = only(counts_of(regular, base))
    assert (standing.grade, standing.short_of) == (grade, short)


def test_short_of_reaches_the_next_grade_and_not_sooner() -> None:
    """For every count, n more reach a better grade, and n - 1 do not."""
    for base in range(5, 40):
        for regular in range(base + 1):
            standing = only(counts_of(regular, base))
            n = short_of(counts_of(regular, base), RULES)
            assert n == standing.short_of
            if standing.grade == "Tốt":
                assert n == 0
                continue
            assert n <= base - regular
            assert only(counts_of(regular + n, base)).grade != standing.grade
            assert only(counts_of(regular + n - 1, base)).grade == standing.grade


def test_short_of_leaves_the_unmeasured_out() -> None:
    """30 of 48 judged needs 39, not the 40 that 50 in scope would need."""
    assert only(counts_of(30, 48, unmeasured=2)).short_of == 9


def test_grades_are_those_of_the_rules() -> None:
    """Names and thresholds come from the configuration."""
    rules = replace(RULES, grades=(Grade("Đạt", Fraction(1, 3)), Grade("Chưa đạt", Fraction(0))))
    assert only(counts_of(2, 6), rules=rules).grade == "Đạt"
    below = only(counts_of(1, 6), rules=rules)
    assert (below.grade, below.short_of) == ("Chưa đạt", 1)


def test_change_is_exact_and_signed() -> None:
    """45/60 -> 48/60 is +5 points, and 12/16 -> 11/16 is -6.25."""
    found = standings(
        {"A": counts_of(48, 60), "B": counts_of(11, 16)},
        {"A": counts_of(45, 60), "B": counts_of(12, 16)},
    )
    assert [found[c].previous_share for c in "AB"] == [Fraction(3, 4)] * 2
    assert [found[c].change for c in "AB"] == [Fraction(1, 20), Fraction(-1, 16)]


def test_change_without_a_previous_month_is_unknown() -> None:
    """No month before, no comparison and no totals of it."""
    ranking = ranked({"A": counts_of(6, 8)})
    (standing,) = ranking.groups[0].standings
    assert (standing.previous_share, standing.change, standing.previous_rank) == (None,) * 3
    assert (ranking.previous_total, ranking.groups[0].previous_total) == (None, None)


def test_change_of_a_new_unit_is_unknown() -> None:
    """A unit is matched by its code; the same place in the list is not the same unit."""
    standing = standings({"B": counts_of(6, 8)}, {"A": counts_of(4, 8)})["B"]
    assert (standing.previous_share, standing.change, standing.previous_rank) == (None,) * 3


def test_change_against_low_coverage_is_unknown() -> None:
    """95 % coverage before is compared, 94.7 % is not."""
    enough = only(counts_of(19, 19), counts_of(10, 19, unmeasured=1))
    assert enough.previous_share == Fraction(10, 19)
    assert enough.change == Fraction(9, 19)
    low = only(counts_of(19, 19), counts_of(10, 18, unmeasured=1))
    assert (low.previous_share, low.change) == (None, None)


def test_change_to_low_coverage_is_unknown() -> None:
    """The month before is still shown, but nothing is claimed about the difference."""
    standing = only(counts_of(10, 18, unmeasured=1), counts_of(19, 19))
    assert (standing.previous_share, standing.change) == (Fraction(1), None)


def test_change_needs_a_share_in_both_months() -> None:
    """Nobody in scope is not 0 %."""
    assert only(Counts(), counts_of(6, 8)).change is None
    standing = only(counts_of(6, 8), Counts())
    assert (standing.previous_share, standing.change) == (None, None)


def test_previous_rank_is_recomputed_within_the_previous_group() -> None:
    """The rank of the month before, by the same rules; None where it had none."""
    found = standings(
        {"A": counts_of(9, 10), "B": counts_of(8, 10), "C": counts_of(7, 10)},
        {"A": counts_of(1, 10), "B": counts_of(2, 10), "C": counts_of(4, 4)},
    )
    assert {code: s.previous_rank for code, s in found.items()} == {"A": 2, "B": 1, "C": None}


def test_previous_rank_of_another_group_is_not_taken() -> None:
    """First among communes is no rank among departments; the share is comparable."""
    previous = a_measurement({"A": counts_of(5, 10)}, COMMUNES)
    now = a_measurement({"A": counts_of(6, 10)}, DEPARTMENTS)
    ranking = rank(OCTOBER, now, [DEPARTMENTS, COMMUNES], [earlier(previous, now)], RULES)
    (group,) = ranking.groups
    assert group.standings[0].previous_rank is None
    assert group.standings[0].change == Fraction(1, 10)
    assert group.previous_total == counts_of(5, 10)


def test_totals_are_sums_and_not_means() -> None:
    """9/10 and 30/90 make 39/100, of units ranked and not; D is gone, and was part of the whole."""
    now = {"A": counts_of(9, 10), "B": counts_of(30, 90), "C": counts_of(1, 1, unmeasured=2)}
    before = {"A": counts_of(1, 10), "D": counts_of(2, 10)}
    ranking = ranked(now, before)
    assert ranking.groups[0].total == counts_of(40, 101, unmeasured=2)
    assert ranking.total == counts_of(40, 101, unmeasured=2)
    assert ranking.groups[0].previous_total == counts_of(1, 10)
    assert ranking.previous_total == counts_of(3, 20)


def test_trend_holds_each_period_oldest_first_and_this_one_last() -> None:
    """Sums in total and by unit, however the history is ordered."""
    august = a_measurement({"A": counts_of(1, 10)})
    september = a_measurement({"A": counts_of(2, 10), "B": counts_of(1, 5)})
    december = a_measurement({"A": counts_of(0, 10)})
    now = a_measurement({"A": counts_of(3, 10)})
    history = [
        earlier(september, now),
        earlier(august, now, OCTOBER.shifted(-2)),
        earlier(december, now, OCTOBER.shifted(-10)),
    ]
    ranking = rank(OCTOBER, now, [DEPARTMENTS], history, RULES)
    assert [str(point.period) for point in ranking.trend] == [
        "2025-12",
        "2026-08",
        "2026-09",
        "2026-10",
    ]
    assert ranking.trend[2].total == counts_of(3, 15)
    assert ranking.trend[2].units == (("A", counts_of(2, 10)),)  # B is not a unit today
    assert ranking.trend[-1].total == ranking.total


@pytest.mark.parametrize(
    ("exempt", "in_scope", "flagged"), [(6, 54, False), (7, 53, True), (0, 0, False), (3, 0, True)]
)
def test_many_exempt_is_more_than_a_tenth(exempt: int, in_scope: int, flagged: bool) -> None:
    """Exactly 10 % goes without a remark."""
    assert only(counts_of(0, in_scope, exempt=exempt)).many_exempt is flagged


@pytest.mark.parametrize(("in_scope", "small"), [(0, False), (1, True), (9, True), (10, False)])
def test_small_is_below_ten_in_scope(in_scope: int, small: bool) -> None:
    """In a unit of nobody, nobody weighs anything."""
    assert only(counts_of(0, in_scope)).small is small


def test_rank_carries_the_period() -> None:
    """A ranking says which month it is of."""
    assert ranked({"A": counts_of(1, 10)}).period == OCTOBER
