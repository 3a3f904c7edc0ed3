"""publish(): of a Ranking, what one audience may see; the rest is not in it any more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from mailaudit.errors import N_, UsageError
from mailaudit.model.audience import Audience
from mailaudit.model.period import Period
from mailaudit.model.ranking import GroupRanking, Origin, Ranking, Standing, TrendPoint
from mailaudit.model.roster import Unit
from mailaudit.model.usage import Counts
from mailaudit.report.protection import Withheld, withhold

_ELSEWHERE = "\0elsewhere"  # no group or unit can be called so


@dataclass(frozen=True, slots=True)
class PublishedGroup:
    """A group as its readers see it.

    Attributes:
        standings: The units with their figures, as ranked.
        withheld: The units whose figures are not for this audience, in official order.
        ranked: How many of all its units have a rank, so that each rank is one of so many.
        total, previous_total: Of all its units, withheld ones too; None where it must not be shown,
            or was not measured.
    """

    name: str
    standings: tuple[Standing, ...]
    withheld: tuple[Unit, ...]
    ranked: int
    total: Counts | None
    previous_total: Counts | None

    @property
    def units(self) -> tuple[Unit, ...]:
        """All its units in printing order."""
        return (*(standing.usage.unit for standing in self.standings), *self.withheld)


@dataclass(frozen=True, slots=True)
class PublishedPoint:
    """One Period of the trend: None where the sums must not be shown.

    Attributes:
        origins: What units of today were then, as in `TrendPoint`; not of withheld ones.
        provisional, comparable, partial_groups: As in `TrendPoint`.
    """

    period: Period
    total: Counts | None
    units: dict[str, Counts | None]
    groups: dict[str, Counts | None]
    origins: dict[str, Origin]
    provisional: bool
    comparable: bool
    partial_groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Publication:
    """A Ranking as one audience sees it.

    Attributes:
        has_mail: As in `Ranking`; without it no rate means anything.
    """

    audience: Audience
    period: Period
    groups: tuple[PublishedGroup, ...]
    total: Counts | None
    previous_total: Counts | None
    trend: tuple[PublishedPoint, ...]
    has_previous: bool
    has_mail: bool

    def standings(self) -> Iterator[Standing]:
        """Every unit with figures, in printing order."""
        return (standing for group in self.groups for standing in group.standings)

    @property
    def meaningful(self) -> tuple[PublishedPoint, ...]:
        """The trend without this Period where nobody had any mail."""
        return self.trend if self.has_mail else self.trend[:-1]

    @property
    def withheld(self) -> int:
        """How many units are listed without figures."""
        return sum(len(group.withheld) for group in self.groups)


def publish(ranking: Ranking, audience: Audience) -> Publication:
    """What `audience` may see of `ranking`; every Period is judged by its own sums.

    Raises:
        UsageError: It is the ranking of a unit whose figures the ranking above it withholds.
    """
    concealed = _concealed_above(ranking, audience)
    if ranking.within is not None and ranking.period in concealed:
        raise UsageError(
            N_("The figures of unit {code} in {period} are withheld from this audience."),
            N_(
                "The report of all units would give away fewer than five people with them. Leave"
                " out --unit, or use --audience it."
            ),
            code=ranking.within.code,
            period=ranking.period,
        )
    now = {group.name: _counts(group) for group in ranking.groups}
    hidden = Withheld() if audience.sees_everything else withhold(now)
    places = {code: name for name, members in now.items() for code in members}
    points, by_period = [], {ranking.period: hidden}
    for point in ranking.trend:
        sums: dict[str, dict[str, Counts]] = {name: {} for name in now}
        for code, counts in point.units:
            if code in places:
                sums[places[code]][code] = counts
        then = Withheld() if audience.sees_everything else _withheld_then(point.total, sums)
        if point.period in concealed:
            then = Withheld(frozenset(places), frozenset(now), total=True)
        by_period[point.period] = hidden if point.period == ranking.period else then
        points.append(_point(point, sums, by_period[point.period]))
    before = by_period.get(ranking.period.shifted(-1), Withheld())
    return Publication(
        audience=audience,
        period=ranking.period,
        groups=tuple(_group(group, hidden, before) for group in ranking.groups),
        total=None if hidden.total else ranking.total,
        previous_total=None if before.total else ranking.previous_total,
        trend=tuple(points),
        has_previous=ranking.previous is not None,
        has_mail=ranking.has_mail,
    )


def _concealed_above(ranking: Ranking, audience: Audience) -> frozenset[Period]:
    """The Periods in which a ranking above this one withholds the unit that this one is about."""
    if audience.sees_everything:
        return frozenset()
    return frozenset(
        point.period
        for line, outer in ranking.above
        for point in publish(outer, audience).trend
        if line in point.units and point.units[line] is None
    )


def _withheld_then(total: Counts, sums: Mapping[str, Mapping[str, Counts]]) -> Withheld:
    """As `withhold`; those of a dissolved unit, and others in none of today, are one group.

    They are printed nowhere, but are the difference of the month's total and the units.
    """
    listed = (counts for members in sums.values() for counts in members.values())
    rest = total - sum(listed, Counts())
    return withhold(sums if rest == Counts() else {**sums, _ELSEWHERE: {_ELSEWHERE: rest}})


def _counts(group: GroupRanking) -> dict[str, Counts]:
    return {s.usage.unit.code: s.usage.counts for s in group.standings}


def _group(group: GroupRanking, hidden: Withheld, before: Withheld) -> PublishedGroup:
    shown, withheld = [], []
    for standing in group.standings:
        code = standing.usage.unit.code
        if code in hidden.units:
            withheld.append(standing.usage.unit)
        elif code in before.units:
            shown.append(
                replace(standing, previous_share=None, change=None, previous_rank=None, origin=None)
            )
        else:
            shown.append(standing)
    return PublishedGroup(
        name=group.name,
        standings=tuple(shown),
        withheld=tuple(withheld),
        ranked=sum(standing.rank is not None for standing in group.standings),
        total=None if group.name in hidden.groups else group.total,
        previous_total=None if group.name in before.groups else group.previous_total,
    )


def _point(
    point: TrendPoint, sums: dict[str, dict[str, Counts]], hidden: Withheld
) -> PublishedPoint:
    return PublishedPoint(
        period=point.period,
        total=None if hidden.total else point.total,
        units={
            code: None if code in hidden.units else counts
            for members in sums.values()
            for code, counts in members.items()
        },
        groups={
            name: None if name in hidden.groups else sum(members.values(), Counts())
            for name, members in sums.items()
        },
        origins={code: origin for code, origin in point.origins if code not in hidden.units},
        provisional=point.provisional,
        comparable=point.comparable,
        partial_groups=point.partial_groups,
    )
