"""Ranking: the units of each group in order, ties 1-1-3, and the units not ranked, with why."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from mailaudit.model.period import Period
from mailaudit.model.usage import Counts, UnitUsage


class NotRanked(StrEnum):
    """Why a unit has no rank."""

    NOBODY_IN_SCOPE = "nobody in scope"
    TOO_FEW = "too few staff in scope"
    LOW_COVERAGE = "coverage too low"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one unit stands in its group.

    Attributes:
        rank: Competition rank (1-1-3), None when `not_ranked` says why.
        tied: Whether another unit of the group has the same rank.
        grade: Name of the grade earned, None when not ranked.
        previous_share: R of the previous Period, measured with the same rules; None where there
            was none or coverage was too low to compare.
        change: `share - previous_share`; percentage points once multiplied by 100. None where
            either is, and where coverage of this Period is too low to compare.
        previous_rank: Rank in the same group in the previous Period, or None.
        short_of: How many more regular users the next better grade needs, 0 at the best grade,
            None when not ranked.
        many_exempt: More staff are exempt than the rules allow without a remark.
        small: One person weighs much (somebody in scope, but fewer than `Rules.small_unit`).
    """

    usage: UnitUsage
    rank: int | None
    tied: bool = False
    not_ranked: NotRanked | None = None
    grade: str | None = None
    previous_share: Fraction | None = None
    change: Fraction | None = None
    previous_rank: int | None = None
    short_of: int | None = None
    many_exempt: bool = False
    small: bool = False

    @property
    def share(self) -> Fraction | None:
        """R, the unit's share of regular users."""
        return self.usage.counts.regular_share


@dataclass(frozen=True, slots=True)
class GroupRanking:
    """A group's units: ranked ones by rank, ties in official order; then those not ranked."""

    name: str
    standings: tuple[Standing, ...]
    total: Counts
    previous_total: Counts | None = None


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One Period's sums, total and by unit code, measured with today's rules."""

    period: Period
    total: Counts
    units: tuple[tuple[str, Counts], ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """All groups in printing order, the whole, and the Periods up to this one, oldest first."""

    period: Period
    groups: tuple[GroupRanking, ...]
    total: Counts
    previous_total: Counts | None
    trend: tuple[TrendPoint, ...]
