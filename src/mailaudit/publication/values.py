"""Publication: a Ranking as one audience sees it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from mailaudit.model.audience import Audience
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.ranking import GroupRanking, Origin, Standing
from mailaudit.model.roster import Unit
from mailaudit.model.usage import Counts, Measurement
from mailaudit.publication.months import Month
from mailaudit.publication.uses import SumGaps

Beside = Mapping[str, tuple[Period, ...]]  # units by code, and beside which Periods they show few
Withheld = Mapping[Period, Beside]  # by the Period that they are to have no figures in


@dataclass(frozen=True, slots=True)
class PublishedPoint:
    """One Period of the trend; sums are None where they are not for this audience.

    Attributes:
        edition: As in `TrendPoint`.
        month: What the Period's own publication has, by the units of then; None where nothing.
        units, groups: By code and name of today.
        origins: What units of today were then, as in `TrendPoint`, of those with sums.
        has_mail: As in Publication, of the Period; True where no unit of it may be shown.
        provisional, comparable, partial_groups, is_outdated, other_kind: As in `TrendPoint`.
    """

    period: Period
    edition: int
    month: Month | None
    total: Counts | None
    units: dict[str, Counts | None]
    groups: dict[str, Counts | None]
    origins: dict[str, Origin]
    has_mail: bool
    provisional: bool
    comparable: bool
    partial_groups: frozenset[str]
    is_outdated: bool = False
    other_kind: bool = False

    @property
    def has_rates(self) -> bool:
        """Whether its rates mean anything beside those of the Period reported."""
        return self.has_mail and not self.is_outdated


@dataclass(frozen=True, slots=True)
class Publication:
    """What one audience sees; every sum is the sum of lines it sees.

    Attributes:
        groups: Their units that have figures of their own, as ranked, and the sums of these.
        few: The units of few people, and those withheld, which are in no group here.
        few_standings: The same with their figures, for those who see everything.
        few_total: The sums of those of few people, where they stand together in a line and count in
            the total.
        total: The official sums of the whole, the same for every audience; None where none counts.
        everyone: The sums of all units, for those who see everything.
        shows_listed: Whether the numbers of the total's people listed and out of scope are shown.
        shows_reasons: Whether also how many are so for which reason.
        has_mail: As in `Ranking`; without it no rate means anything.
        gaps: Of groups and sums; those of units stand in their usage.
        has_uses: Whether there is anything to say of why people are not in regular use.
        withheld: What has no figures because of other Periods.
    """

    audience: Audience
    period: Period
    groups: tuple[GroupRanking, ...]
    few: tuple[Unit, ...]
    few_standings: tuple[Standing, ...]
    few_total: Counts | None
    total: Counts | None
    previous_total: Counts | None
    everyone: Counts | None
    shows_listed: bool
    shows_reasons: bool
    trend: tuple[PublishedPoint, ...]
    has_previous: bool
    has_mail: bool
    gaps: SumGaps
    has_uses: bool
    withheld: Withheld = field(default_factory=dict)

    @property
    def withheld_here(self) -> Beside:
        """The units withheld in this Period, by code."""
        return self.withheld.get(self.period, {})

    def standings(self) -> Iterator[Standing]:
        """Every unit of a group, in printing order."""
        return (standing for group in self.groups for standing in group.standings)

    @property
    def points(self) -> tuple[PublishedPoint, ...]:
        """The trend without a longer period before, which is only compared with."""
        return tuple(
            point
            for point in self.trend
            if point.period == self.period or not isinstance(point.period, LongPeriod)
        )

    @property
    def counted(self) -> frozenset[str]:
        """Codes of the units in the total."""
        this = self.trend[-1].month if self.trend else None
        return this.counted if this is not None else frozenset()

    def counted_of(self, measurement: Measurement) -> Measurement:
        """Of the units whose sums the total is; of all units, for those who see everything."""
        if self.audience.sees_everything:
            return measurement
        counted = self.counted
        return replace(
            measurement,
            staff=tuple(usage for usage in measurement.staff if usage.unit_code in counted),
            units=tuple(usage for usage in measurement.units if usage.unit.code in counted),
        )
