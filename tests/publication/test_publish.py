"""What each audience gets of a Ranking: every sum is the sum of lines it can read."""

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from publication_builders import (
    GROUP,
    OCTOBER,
    SEPTEMBER,
    a_month,
    a_ranking,
    counts,
    published,
)

from mailaudit.errors import UsageError
from mailaudit.model.audience import Audience
from mailaudit.model.ranking import NotRanked, Ranking, TrendPoint
from mailaudit.model.roster import Unit
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.publication.publish import publish
from mailaudit.publication.values import Publication, PublishedPoint

HEALTHY = {"A": counts(40, 30), "B": counts(30, 15), "C": counts(20, 5)}
SMALL = {"x": counts(4, 2), "y": counts(4, 2), "z": counts(4, 2)}
READERS = (Audience.PUBLIC, Audience.LEADER)


def a_province(seed: int) -> dict[str, dict[str, Counts]]:
    """Groups of units of every size, most of them small."""
    chance = random.Random(seed)  # noqa: S311 - a test's dice

    def unit() -> Counts:
        size = chance.choice((0, 1, 2, 3, 4, 4, 5, 6, 8, 12, 30))
        did = sorted(chance.randint(0, size) for _ in range(3))
        more = {n: chance.choice((0, 0, 1, 6)) for n in ("unprovided", "unmeasured", "excluded")}
        return counts(size, did[0], read=did[1], sent=did[2], **more)

    return {
        f"group {g}": {f"{g}-{u}": unit() for u in range(chance.randint(1, 16))}
        for g in range(chance.randint(1, 3))
    }


@pytest.mark.parametrize("audience", READERS)
def test_every_sum_is_the_sum_of_lines_printed(audience: Audience) -> None:
    """Of 300 provinces: what is not printed is in no sum, so no difference is about it."""
    lines = 0
    for seed in range(300):
        province = a_province(seed)
        found = published(province, audience=audience)
        shown = {s.usage.unit.code: s.usage.counts for s in found.standings()}
        for group in found.groups:
            members = (shown[s.usage.unit.code] for s in group.standings)
            assert group.total == sum(members, Counts())
        line = found.few_total or Counts()
        assert (found.total or Counts()) == sum(shown.values(), line), seed
        small = {
            code
            for members in province.values()
            for code, sums in members.items()
            if sums.is_few(5)
        }
        everybody = {code for members in province.values() for code in members}
        assert set(shown) == everybody - small, seed
        assert {unit.code for unit in found.few} == small, seed
        assert found.few_standings == ()
        lines += found.few_total is not None
    assert 9 < lines < 280


def test_all_editions_have_the_same_headline_and_ranks() -> None:
    """The IT department reads the sums of all units beside it."""
    for seed in range(100):
        editions = [published(a_province(seed), audience=audience) for audience in Audience]
        first = editions[0]
        for other in editions[1:]:
            assert (other.total, other.few_total, other.few) == (
                first.total,
                first.few_total,
                first.few,
            )
            assert [(s.usage.unit.code, s.rank) for s in other.standings()] == [
                (s.usage.unit.code, s.rank) for s in first.standings()
            ]
        everyone = [edition.everyone for edition in editions]
        assert everyone[:2] == [None, None]
        assert everyone[2] == a_ranking(a_province(seed)).total


def test_ranks_are_among_units_with_figures_of_their_own() -> None:
    """Ten people with one mailbox have no rank: it would keep a place free between the others."""
    units = {"A": counts(40, 20), "o": counts(1, 1, unprovided=9), "B": counts(40, 2)}
    found = published({GROUP: units}, audience=Audience.IT)
    assert [(s.usage.unit.code, s.rank) for s in found.standings()] == [("A", 1), ("B", 2)]
    (one,) = found.few_standings
    assert (one.rank, one.not_ranked) == (None, NotRanked.FEW_PEOPLE)


def test_the_operator_may_ask_for_more_people_in_each_unit() -> None:
    """With 21 the third unit has no figures any more."""
    found = published({GROUP: HEALTHY}, rules=Rules(min_published=21))
    assert [unit.code for unit in found.few] == ["C"]


# Months before


def september(found: Publication) -> PublishedPoint:
    (point,) = (point for point in found.trend if point.period == SEPTEMBER)
    return point


def after(then: TrendPoint, **units: Counts) -> Publication:
    return published({GROUP: units}, then)


def test_a_month_is_judged_by_its_own_units() -> None:
    """After a merger nothing is printed of two units of three people, nor of what held them."""
    then = {"A": counts(40, 30), "x": counts(3, 1), "y": counts(3, 2), "B": counts(30, 9)}
    heirs = {"x": {"C"}, "y": {"C"}}
    found = after(
        a_month(then, SEPTEMBER, heirs), A=counts(40, 30), B=counts(30, 9), C=counts(6, 2)
    )
    point = september(found)
    assert point.units == {"A": counts(40, 30), "B": counts(30, 9), "C": None}
    assert point.groups == {GROUP: counts(70, 39)}
    assert point.total == counts(70, 39)


def test_units_that_were_shown_are_shown_together_after_a_merger() -> None:
    """Their sum was to be had from that month's own report."""
    then = a_month(HEALTHY, SEPTEMBER, {"B": {"D"}, "C": {"D"}})
    point = september(after(then, A=counts(40, 30), D=counts(50, 20)))
    assert point.units == {"A": counts(40, 30), "D": counts(50, 20)}


def test_parts_of_a_divided_unit_have_no_earlier_month() -> None:
    """With the figures of one part those of the other would be known: the whole was published."""
    then = a_month(HEALTHY, SEPTEMBER, {"C": {"C1", "C2"}})
    units = {"A": counts(40, 30), "B": counts(30, 15), "C1": counts(17, 3), "C2": counts(3, 2)}
    ranking = a_ranking({GROUP: units}, then)
    public = september(publish(ranking, Audience.PUBLIC, Rules()))
    assert (public.units["C1"], public.units["C2"]) == (None, None)
    assert public.groups == {GROUP: counts(90, 50)}  # both parts are in one group
    assert september(publish(ranking, Audience.LEADER, Rules(), own=True)).units["C1"] is None
    assert september(publish(ranking, Audience.IT, Rules())).units["C1"] == counts(10, 2)


def test_a_small_unit_that_was_dissolved_is_in_no_sum_of_then() -> None:
    """Three people are in no unit of today; no total less the units is theirs."""
    then = a_month(HEALTHY | {"x": counts(3, 1)}, SEPTEMBER, {"x": {""}})
    assert september(after(then, **HEALTHY)).total == counts(90, 50)


def test_a_group_has_no_month_in_which_part_of_a_line_was_in_another() -> None:
    """The sums of then are those of lines that were printed then, not of parts of them."""
    then = a_month(HEALTHY, SEPTEMBER, {"C": {"C1", "C2"}})
    groups = {GROUP: {"A": counts(40, 30), "C1": counts(10, 2)}, "Xã": {"C2": counts(10, 3)}}
    point = september(published(groups, then))
    assert point.groups == {GROUP: None, "Xã": None}
    assert point.total == counts(90, 50)


def test_a_unit_that_changed_its_group_counts_where_it_is_today() -> None:
    """It was shown then: the group of today is the sum of what its units were."""
    groups = {GROUP: {"A": counts(40, 30)}, "Xã": {"B": counts(30, 15), "C": counts(20, 5)}}
    point = september(published(groups, a_month(HEALTHY, SEPTEMBER)))
    assert point.groups == {GROUP: counts(40, 30), "Xã": counts(50, 20)}


def test_nothing_of_a_month_before_is_said_of_a_unit_that_was_small_then() -> None:
    """Neither rate nor change nor rank nor what it came of."""
    then = a_month(HEALTHY | {"C": counts(4, 1)}, SEPTEMBER)
    ranking = a_ranking({GROUP: HEALTHY}, then)
    (group,) = ranking.groups
    half = Fraction(1, 2)
    compared = tuple(
        replace(s, previous_share=half, change=half, previous_rank=2) for s in group.standings
    )
    ranking = replace(ranking, groups=(replace(group, standings=compared),))
    found = {s.usage.unit.code: s for s in publish(ranking, Audience.PUBLIC, Rules()).standings()}
    assert (found["A"].previous_share, found["A"].change, found["A"].previous_rank) == (
        half,
        half,
        2,
    )
    c = found["C"]
    assert (c.previous_share, c.change, c.previous_rank, c.origin) == (None,) * 4


# Reports of one unit


def parts_of(code: str, **parts: Counts) -> Ranking:
    """The report of a unit of the healthy three, or of one of the small."""
    inner = a_ranking({GROUP: parts}, a_month(parts, SEPTEMBER))
    outer = a_ranking({GROUP: HEALTHY | SMALL}, a_month(HEALTHY | {"B": counts(4, 2)}, SEPTEMBER))
    return replace(inner, within=Unit(code, code, GROUP), above=((code, outer),))


@pytest.mark.parametrize("audience", READERS)
def test_report_of_a_unit_is_refused_where_its_small_parts_are_the_rest(audience: Audience) -> None:
    """Its sums stand in the report of all, so one part of three people is the difference."""
    ranking = parts_of("A", a=counts(20, 15), b=counts(17, 13), c=counts(3, 2))
    with pytest.raises(UsageError, match=r"unit A in 2026-10 .* Leave out --unit"):
        publish(ranking, audience, Rules())
    assert publish(ranking, Audience.IT, Rules()).total == counts(40, 30)


@pytest.mark.parametrize("audience", READERS)
def test_report_of_a_unit_that_the_whole_does_not_show_is_refused(audience: Audience) -> None:
    """However large its parts are said to be."""
    ranking = parts_of("x", a=counts(10, 6), b=counts(10, 6))
    with pytest.raises(UsageError, match="unit x in 2026-10"):
        publish(ranking, audience, Rules())


def test_report_of_a_unit_has_no_month_in_which_the_whole_did_not_show_it() -> None:
    """In September the unit had four people; nothing of it is in its report of October."""
    ranking = parts_of("B", a=counts(15, 8), b=counts(15, 7))
    then, now = publish(ranking, Audience.PUBLIC, Rules()).trend
    assert (then.total, set(then.units.values())) == (None, {None})
    assert now.total == counts(30, 15)


def test_report_of_a_unit_gives_no_number_of_its_people_out_of_scope() -> None:
    """The whole gives none of a unit either."""
    parts = {code: counts(10, 5, excluded=5) for code in "abcd"}
    ranking = parts_of("A", **parts)
    found = publish(ranking, Audience.PUBLIC, Rules())
    assert (found.shows_listed, found.shows_reasons) == (False, False)
    assert publish(replace(ranking, within=None, above=()), Audience.PUBLIC, Rules()).shows_reasons


def test_unit_without_anybody_does_not_hide_who_is_out_of_scope() -> None:
    """Everybody knows that none of six is there, and the head of one unit the number of another."""
    units = {"A": counts(20, 9, excluded=4), "B": counts(30, 14, excluded=2), "C": counts(0, 0)}
    found = published({GROUP: units})
    assert (found.shows_listed, found.shows_reasons) == (False, False)
    found = published({GROUP: units | {"C": counts(9, 4)}})
    assert (found.shows_listed, found.shows_reasons) == (True, True)


# All or none of a few people


@pytest.mark.parametrize(("regular", "is_coarse"), [(0, True), (1, False), (6, False), (7, True)])
def test_rate_of_all_or_none_of_a_few_people_is_coarse_where_asked_for(
    regular: int, is_coarse: bool
) -> None:
    """For the public and heads; the unit's own head and the IT department read it exactly."""
    units = HEALTHY | {"s": counts(7, regular)}
    rules = Rules(coarse_extremes=True)
    for audience in Audience:
        found = published({GROUP: units}, a_month(units, SEPTEMBER), audience=audience, rules=rules)
        (one,) = (s for s in found.standings() if s.usage.unit.code == "s")
        hidden = is_coarse and audience is not Audience.IT
        assert one.usage.counts.is_coarse is hidden
        assert one.share == (None if hidden else Fraction(regular, 7))
        then = september(found).units["s"]
        assert then is not None
        assert then.is_coarse is hidden
        assert found.total == counts(97, 50 + regular)
    assert not any(s.usage.counts.is_coarse for s in published({GROUP: units}).standings())


def test_all_of_ten_people_are_reported_exactly() -> None:
    """Ten are not fewer than ten."""
    found = published({GROUP: {"s": counts(10, 10)}}, rules=Rules(coarse_extremes=True))
    assert [s.share for s in found.standings()] == [1]
    assert found.period == OCTOBER


def test_withheld_unit_is_in_no_sum_and_has_no_place() -> None:
    """For nobody; IT and the unit's own head read its figures. Sums that lack it have no change."""
    groups = {
        GROUP: {"A": counts(20, 20), "B": counts(30, 20), "C": counts(40, 20)},
        "Xã": {"D": counts(10, 5)},
    }
    everybody = {code: sums for members in groups.values() for code, sums in members.items()}
    ranking = a_ranking(groups, a_month(everybody, SEPTEMBER))
    withheld = {OCTOBER: {"A": (SEPTEMBER,)}}
    for audience in Audience:
        found = publish(ranking, audience, Rules(), withheld=withheld)
        assert found.total is not None and found.total.in_scope == 80
        assert [group.total.in_scope for group in found.groups] == [70, 10]
        assert [(s.usage.unit.code, s.rank) for s in found.standings()] == [
            ("B", 1), ("C", 2), ("D", 1)
        ]  # fmt: skip
        assert [unit.code for unit in found.few] == ["A"]
        assert found.previous_total is None
        assert [group.previous_total is None for group in found.groups] == [True, False]
        own = publish(ranking, audience, Rules(), own=True, withheld=withheld)
        for seen in (own, *((found,) if audience.sees_everything else ())):
            [standing] = seen.few_standings
            assert (standing.usage.counts.in_scope, standing.rank) == (20, None)
            assert standing.not_ranked is NotRanked.WITHHELD
    both = publish(
        ranking, Audience.PUBLIC, Rules(), withheld={SEPTEMBER: withheld[OCTOBER]} | withheld
    )
    assert both.previous_total is not None and both.previous_total.in_scope == 80
