"""rank(): a Measurement becomes the Ranking that is published, beside the months before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from mailaudit.metrics.kinds import in_order
from mailaudit.metrics.places import Place, grade, place, short_of
from mailaudit.metrics.retrospect import Earlier, silent_origins
from mailaudit.model.period import Period
from mailaudit.model.ranking import (
    GroupRanking,
    Incomparable,
    Line,
    Origin,
    Ranking,
    Standing,
    TrendPoint,
)
from mailaudit.model.roster import Unit
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts, Measurement, UnitUsage


def rank(
    period: Period,
    measurement: Measurement,
    groups: Sequence[str],
    history: Sequence[Earlier],
    rules: Rules,
    *,
    within: Unit | None = None,
    provisional: bool = False,
    against: Period | None = None,
) -> Ranking:
    """Ranks the units within each group and sets them beside the previous Period.

    Args:
        groups: Names of the groups in printing order; those without a unit are left out. A group
            whose units are of several kinds stands in parts.
        history: Periods before `period`, measured with the same `rules`, in the units of today.
        within: The unit whose parts the lines of `measurement` are.
        provisional: Whether the Period was not over, or not all had been asked.
        against: The Period of `history` to compare with, instead of the one before.
    """
    compared = against or period.shifted(-1)
    names = in_order((usage.unit.group for usage in measurement.units), groups)
    silence = measurement.silence
    previous = next((e for e in history if e.point.period == compared), None)
    before = _Before(previous if silence is None else None, rules)
    ranked = [_group(name, measurement, before, rules) for name in names]
    units = [usage.unit for usage in measurement.units]
    this = TrendPoint(
        period=period,
        total=measurement.total,
        units=tuple((usage.unit.code, usage.counts) for usage in measurement.units),
        origins=silent_origins(units, silence) if silence else (),
        provisional=provisional,
        comparable=silence is None and not measurement.total.is_mixed,
        partial_groups=frozenset(unit.group for unit in units) if silence else frozenset(),
        silence=silence,
        other_kind=measurement.total.is_mixed,
        lines=tuple(
            Line(usage.unit.code, usage.counts, frozenset({usage.unit.code}))
            for usage in measurement.units
        ),
    )
    points = sorted(
        [*(earlier.point for earlier in history), this],
        key=lambda point: (point.period.year, point.period.month),
    )
    return Ranking(
        period=period,
        groups=tuple(group for group in ranked if group.standings),
        total=measurement.total,
        previous_total=before.total(),
        trend=tuple(points),
        within=within,
        silence=silence,
        against=against,
        tells_uses=measurement.tells_uses,
    )


class _Before:
    """The previous Period, where there is one to compare with."""

    def __init__(self, earlier: Earlier | None, rules: Rules) -> None:
        self._earlier, self._rules = earlier, rules
        point = earlier.point if earlier is not None else None
        self._units = dict(point.units) if point is not None else {}
        self._origins = dict(point.origins) if point is not None else {}

    def total(self) -> Counts | None:
        """Of the whole, where it is comparable."""
        if self._earlier is None or not self._earlier.point.comparable:
            return None
        return self._earlier.point.total

    def group(self, name: str) -> Counts | None:
        """Of a group, where it is comparable."""
        return None if self._earlier is None else self._earlier.groups.get(name)

    def beside(self, usage: UnitUsage) -> "_Comparison":
        """What a unit is compared with. Both months' coverage must be sufficient for a change.

        48/60 after 45/60 is a change of 3/60: +5.0 percentage points.
        """
        if self._earlier is None:
            return _Comparison()
        code = usage.unit.code
        origin = self._origins.get(code)
        rank = self._earlier.ranks.get(code)
        if origin is not None and origin.why_not is not None:
            return _Comparison(origin=origin)
        then = self._units[code]
        share = then.regular_share
        if share is None or not self._rules.is_sufficient(then.coverage):
            why_not = Incomparable.LOW_COVERAGE if then.unmeasured else Incomparable.NOBODY
            return _Comparison(rank=rank, origin=Origin((), why_not))
        now = usage.counts.regular_share
        comparable = now is not None and self._rules.is_sufficient(usage.counts.coverage)
        change = now - share if now is not None and comparable else None
        return _Comparison(share, change, rank, origin)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A unit's figures of the previous Period; fields as in Standing."""

    share: Fraction | None = None
    change: Fraction | None = None
    rank: int | None = None
    origin: Origin | None = None


def _group(name: str, measurement: Measurement, before: _Before, rules: Rules) -> GroupRanking:
    """One group's standings and its totals, recomputed from the sums of its units."""
    usages = [usage for usage in measurement.units if usage.unit.group == name]
    places = place(usages, rules, measurement.silence)
    by_code: Mapping[str, UnitUsage] = {usage.unit.code: usage for usage in usages}
    return GroupRanking(
        name=name,
        standings=tuple(
            _standing(by_code[code], where, before.beside(by_code[code]), rules)
            for code, where in places.items()
        ),
        total=sum((usage.counts for usage in usages), Counts()),
        previous_total=before.group(name),
    )


def _standing(usage: UnitUsage, where: Place, then: _Comparison, rules: Rules) -> Standing:
    counts = usage.counts
    share = counts.regular_share
    return Standing(
        usage=usage,
        rank=where.rank,
        tied=where.tied,
        not_ranked=where.not_ranked,
        grade=grade(share, rules) if where.rank and share is not None else None,
        previous_share=then.share,
        change=then.change,
        previous_rank=then.rank,
        short_of=short_of(counts, rules) if where.rank else None,
        many_exempt=counts.exempts_more_than(rules.max_exempt_share),
        small=0 < counts.in_scope < rules.small_unit,
        origin=then.origin,
    )
