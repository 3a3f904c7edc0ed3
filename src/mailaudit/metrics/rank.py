"""rank(): a Measurement becomes the Ranking that is published, beside the months before it."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from mailaudit.metrics.places import Place, grade, has_coverage, place, short_of
from mailaudit.model.period import Period
from mailaudit.model.ranking import GroupRanking, Ranking, Standing, TrendPoint
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts, Measurement, UnitUsage


def rank(
    period: Period,
    measurement: Measurement,
    groups: Sequence[str],
    previous: Measurement | None,
    history: Sequence[tuple[Period, Measurement]],
    rules: Rules,
) -> Ranking:
    """Ranks the units within each group and sets them beside the previous Period.

    Args:
        groups: Names of the groups in printing order; those without a unit are left out.
        previous: The month before, measured with the same `rules`, or None.
        history: Periods before `period`, measured with the same `rules`, for the trend.
    """
    names = dict.fromkeys([*groups, *(usage.unit.group for usage in measurement.units)])
    ranked = [_group(name, measurement, previous, rules) for name in names]
    points = [*history, (period, measurement)]
    return Ranking(
        period=period,
        groups=tuple(group for group in ranked if group.standings),
        total=measurement.total,
        previous_total=None if previous is None else previous.total,
        trend=tuple(
            _trend_point(*point) for point in sorted(points, key=lambda p: (p[0].year, p[0].month))
        ),
    )


def _group(
    name: str, measurement: Measurement, previous: Measurement | None, rules: Rules
) -> GroupRanking:
    """One group's standings and its totals, recomputed from the sums of its units."""
    usages = _of_group(measurement, name)
    before = _of_group(previous, name) if previous is not None else []
    everywhere = {} if previous is None else {u.unit.code: u.counts for u in previous.units}
    by_code = {usage.unit.code: usage for usage in usages}
    previous_places = place(before, rules)
    return GroupRanking(
        name=name,
        standings=tuple(
            _standing(by_code[code], where, everywhere.get(code), previous_places, rules)
            for code, where in place(usages, rules).items()
        ),
        total=_total(usages),
        previous_total=_total(before) if before else None,
    )


def _standing(
    usage: UnitUsage,
    where: Place,
    before: Counts | None,
    previous_places: Mapping[str, Place],
    rules: Rules,
) -> Standing:
    """One unit's standing. A share is compared only where both months' coverage is sufficient.

    48/60 after 45/60 is a change of 3/60: +5.0 percentage points.
    """
    counts = usage.counts
    share = counts.regular_share
    previous_share = _comparable_share(before, rules) if before is not None else None
    present_share = _comparable_share(counts, rules)
    change = None
    if present_share is not None and previous_share is not None:
        change = present_share - previous_share
    was = previous_places.get(usage.unit.code)
    return Standing(
        usage=usage,
        rank=where.rank,
        tied=where.tied,
        not_ranked=where.not_ranked,
        grade=grade(share, rules) if where.rank and share is not None else None,
        previous_share=previous_share,
        change=change,
        previous_rank=was.rank if was else None,
        short_of=short_of(counts, rules) if where.rank else None,
        many_exempt=counts.exempt > rules.max_exempt_share * counts.staff,
        small=0 < counts.in_scope < rules.small_unit,
    )


def _comparable_share(counts: Counts, rules: Rules) -> Fraction | None:
    return counts.regular_share if has_coverage(counts, rules) else None


def _of_group(measurement: Measurement, name: str) -> list[UnitUsage]:
    return [usage for usage in measurement.units if usage.unit.group == name]


def _total(usages: Sequence[UnitUsage]) -> Counts:
    return sum((usage.counts for usage in usages), Counts())


def _trend_point(period: Period, measurement: Measurement) -> TrendPoint:
    units = tuple((usage.unit.code, usage.counts) for usage in measurement.units)
    return TrendPoint(period, measurement.total, units)
