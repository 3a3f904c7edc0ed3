"""Places within one group: who is ranked, in which place, with which grade."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from mailaudit.model.ranking import NotRanked
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts, Silence, UnitUsage


@dataclass(frozen=True, slots=True)
class Place:
    """A unit's place in its group: a rank, or the reason why there is none."""

    rank: int | None
    tied: bool = False
    not_ranked: NotRanked | None = None


def why_not_ranked(
    counts: Counts, rules: Rules, silence: Silence | None = None
) -> NotRanked | None:
    """The first reason that applies, or None: D = 0; D < min_in_scope; fewer than min_published
    listed, in scope, judged or measured, so that ranks are among units everybody sees;
    measured by several kinds of sources, so that there is no rate; coverage too low; no mail of
    anybody in the whole month, a fault of the data and no result of a unit; too few months of a
    longer period.
    """
    if counts.in_scope == 0:
        return NotRanked.NOBODY_IN_SCOPE
    if counts.in_scope < rules.min_in_scope:
        return NotRanked.TOO_FEW
    if counts.is_few(rules.min_published):
        return NotRanked.FEW_PEOPLE
    if counts.is_mixed:
        return NotRanked.SEVERAL_KINDS
    if counts.regular_share is None or not rules.is_sufficient(counts.coverage):
        return NotRanked.LOW_COVERAGE
    if silence is Silence.FEW_MONTHS:
        return NotRanked.FEW_MONTHS
    return None if silence is None else NotRanked.NO_MAIL


def place(
    usages: Sequence[UnitUsage], rules: Rules, silence: Silence | None = None
) -> dict[str, Place]:
    """The place of each unit of one group, by code; ranked ones first, by rank.

    The rank is one more than the number of units with a greater share, compared as exact
    fractions: 45/60, 30/40 and 2/3 are ranked 1, 1, 3. Ties keep the order of `usages`.
    """
    reasons = {usage.unit.code: why_not_ranked(usage.counts, rules, silence) for usage in usages}
    shares: dict[str, Fraction] = {}
    for usage in usages:
        share = usage.counts.regular_share
        if reasons[usage.unit.code] is None and share is not None:
            shares[usage.unit.code] = share
    ordered = sorted(shares.values(), reverse=True)
    places = {
        code: Place(ordered.index(shares[code]) + 1, tied=ordered.count(shares[code]) > 1)
        for code in sorted(shares, key=shares.__getitem__, reverse=True)
    }
    for code, reason in reasons.items():
        if reason is not None:
            places[code] = Place(None, not_ranked=reason)
    return places


def grade(share: Fraction, rules: Rules) -> str | None:
    """The best grade whose threshold the share reaches; 72/90 is exactly 80 % and so "Khá"."""
    return next((g.name for g in rules.grades if share >= g.from_share), None)


def short_of(counts: Counts, rules: Rules) -> int:
    """How many more regular users the next better grade needs; 0 at the best grade."""
    better = [g.from_share for g in rules.grades if not counts.meets(g.from_share)]
    return counts.short_of(min(better)) if better else 0
