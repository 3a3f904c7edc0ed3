"""Ranking: the units of each group in order, ties 1-1-3, and the units not ranked, with why."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from mailaudit.model.period import Period
from mailaudit.model.roster import Unit
from mailaudit.model.usage import Counts, Silence, UnitUsage


class NotRanked(StrEnum):
    """Why a unit has no rank."""

    NOBODY_IN_SCOPE = "nobody in scope"
    TOO_FEW = "too few staff in scope"
    FEW_PEOPLE = "too few people for figures of its own"
    SEVERAL_KINDS = "measured by sources of several kinds"
    LOW_COVERAGE = "coverage too low"
    NO_MAIL = "no mail at all in the month"
    FEW_MONTHS = "too few months of a longer period"
    WITHHELD = "its figures would give few people away beside those of other periods"


class Incomparable(StrEnum):
    """Why a unit can't be compared with what it was in an earlier Period."""

    NOT_LISTED = "not listed then"
    NOT_MEASURED = "a predecessor was not measured"
    LOW_COVERAGE = "coverage too low then"
    NOT_TOLD_APART = "too few of a divided unit's staff are found again"
    NOBODY = "nobody to judge then"
    NO_MAIL = "no mail at all in that month"
    OTHER_RULES = "its people were removed, and its sums are of other rules"
    FEW_MONTHS = "too few months of that longer period"
    OTHER_MONTHS = "people are judged in another number of months"
    ENDED = "it ended in the period, and went on in others"
    OTHER_KIND = "measured by another kind of source"


@dataclass(frozen=True, slots=True)
class Origin:
    """What a unit was in an earlier Period, where it was not simply itself.

    Attributes:
        units: Names of the units of then it is compared with; where `why_not` is set, of those
            that stand in the way, or their codes where no list of then has them.
        why_not: None where it is comparable.
    """

    units: tuple[str, ...] = ()
    why_not: Incomparable | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one unit stands in its group.

    Attributes:
        rank: Competition rank (1-1-3), None when `not_ranked` says why.
        tied: Whether another unit of the group has the same rank.
        grade: Name of the grade earned, None when not ranked.
        previous_share: R of the previous Period, measured with the same rules, of the unit or of
            its predecessors together; None where there was none or it is not comparable.
        change: `share - previous_share`; percentage points once multiplied by 100. None where
            either is, and where coverage of this Period is too low to compare.
        previous_rank: Rank in the same group in the previous Period, or None.
        short_of: How many more regular users the next better grade needs, 0 at the best grade,
            None when not ranked.
        many_exempt: More staff are exempt than the rules allow without a remark.
        origin: What it was in the previous Period, where it was not simply itself or can't be
            compared; None too where no previous Period is stored.
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
    origin: Origin | None = None

    @property
    def share(self) -> Fraction | None:
        """R, the unit's share of regular users."""
        return self.usage.counts.regular_share


@dataclass(frozen=True, slots=True)
class GroupRanking:
    """A group's units: ranked ones by rank, ties in official order; then those not ranked.

    Attributes:
        previous_total: The sums in the previous Period of those whose units are in the group today;
            None where there was none, or it is not comparable.
    """

    name: str
    standings: tuple[Standing, ...]
    total: Counts
    previous_total: Counts | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A unit that a Period ranked, or would have ranked, by its own list of units.

    Attributes:
        code: Of then.
        heirs: The units of today its people count in, by code; "" stands for none of them.
    """

    code: str
    counts: Counts
    heirs: frozenset[str]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One Period's sums, measured with today's rules, in total and for the units of today.

    Attributes:
        total: Of everybody counted then, or, in a report within one unit, of those who would
            count there today.
        units: The sums of units of today by code, of themselves or of their predecessors
            together; not of units that can't be compared.
        origins: What units of today were then, by code, where they were not simply themselves.
        provisional: The Period was not over, or not all had been asked.
        comparable: Whether `total` is a result of the same organisation: False where predecessors
            of units of today were not measured, where there is a `silence`, and for `other_kind`.
        partial_groups: Names of groups of which the same must be said.
        silence: As in `Measurement`.
        lines: The Period's own units, of which its own publication was made.
        edition: Of the Period's snapshot, for an earlier one.
        is_outdated: As in `Measurement`: the sums are of other rules than today's.
        other_kind: Whether `total` was measured by other kinds of sources than that of today, or
            either by several.
    """

    period: Period
    total: Counts
    units: tuple[tuple[str, Counts], ...]
    origins: tuple[tuple[str, Origin], ...] = ()
    provisional: bool = False
    comparable: bool = True
    partial_groups: frozenset[str] = frozenset()
    silence: Silence | None = None
    lines: tuple[Line, ...] = ()
    edition: int = 0
    is_outdated: bool = False
    other_kind: bool = False


@dataclass(frozen=True, slots=True)
class Ranking:
    """All groups in printing order, the whole, and the Periods up to this one, oldest first.

    Attributes:
        previous_total: None where no previous Period is stored, or it is not comparable.
        within: The unit whose parts are ranked; None where the topmost units are.
        silence: As in `Measurement`; nothing is ranked, and nothing compared with the Period.
        above: The rankings that `within` is part of, the topmost units first, each with the code
            of the line in it that `within` counts in.
        against: The earlier Period it is compared with, where that is not the one before.
        tells_uses: As in `Measurement`.
    """

    period: Period
    groups: tuple[GroupRanking, ...]
    total: Counts
    previous_total: Counts | None
    trend: tuple[TrendPoint, ...]
    within: Unit | None = None
    silence: Silence | None = None
    above: "tuple[tuple[str, Ranking], ...]" = ()
    against: Period | None = None
    tells_uses: bool = True

    @property
    def has_mail(self) -> bool:
        """False where it is known that nobody sent or received anything in the Period."""
        return self.silence is not Silence.NO_MAIL

    @property
    def before(self) -> Period:
        """The Period that this one is compared with, stored or not."""
        return self.against or self.period.shifted(-1)

    @property
    def previous(self) -> TrendPoint | None:
        """The Period before, where it is stored and neither of the two has a silence."""
        stored = self.stored_before
        return None if self.silence or stored is None or stored.silence else stored

    @property
    def stored_before(self) -> TrendPoint | None:
        """The Period before, where it is stored, whether or not it can be compared with."""
        return next((point for point in self.trend if point.period == self.before), None)

    @property
    def is_provisional(self) -> bool:
        """Whether this Period was not over, or not all had been asked."""
        return any(point.provisional for point in self.trend if point.period == self.period)
