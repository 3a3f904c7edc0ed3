"""Results: the figures that sentences are written from, exact, as one audience may see them.

The wording of the annex names them as they are called here.
"""

from dataclasses import dataclass
from fractions import Fraction

from mailaudit.model.usage import Counts


@dataclass(frozen=True, slots=True)
class Sums:
    """The counts of the whole or of a group, and of the Period before.

    Attributes:
        shows_listed: Whether people listed and out of scope are for this audience.
        has_mail: As in Results.
        target: The share of regular users aimed at.
    """

    counts: Counts
    previous: Counts | None
    shows_listed: bool
    has_mail: bool
    target: Fraction

    @property
    def rate(self) -> Fraction | None:
        """R, of a Period in which anybody had any mail."""
        return self.counts.regular_share if self.has_mail else None

    @property
    def change(self) -> Fraction | None:
        """The change of R from the Period before; None where either has none."""
        return share_change(self.counts, self.previous)

    @property
    def is_mixed(self) -> bool:
        """Whether sources of several kinds measured them, so that there is no rate."""
        return self.counts.is_mixed

    @property
    def meets_target(self) -> bool:
        return self.has_mail and self.counts.meets(self.target)


@dataclass(frozen=True, slots=True)
class NamedRate:
    """A unit or group and its rate."""

    name: str
    rate: Fraction


@dataclass(frozen=True, slots=True)
class GroupResult:
    """A group in a few words.

    Attributes:
        ranked, met, short: How many units are ranked, and how many of those met the target or not.
        first, last: The units on the first and on the last rank, a few of them; both empty
            where fewer than two ranks are given.
        total: None where it is withheld.
    """

    name: str
    units: int
    ranked: int
    met: int
    short: int
    first: tuple[NamedRate, ...]
    last: tuple[NamedRate, ...]
    total: Sums | None


@dataclass(frozen=True, slots=True)
class KindResult:
    """The units that one kind of source measured, together."""

    name: str
    total: Sums


@dataclass(frozen=True, slots=True)
class Results:
    """The month in a few words.

    Attributes:
        has_mail: Whether anybody sent or received anything in the Period; without it no rate is
            given.
        has_previous: Whether there is a Period before to compare with.
        low_coverage, too_few, nobody, no_mail: Units that are not ranked, by cause.
        withheld: Units of few people, which are in no group.
        withheld_counted: Whether they count in the whole, in a line together.
        total: None where the whole is not for this audience.
        best_group, weakest_group: Those with the highest and lowest rate; None with fewer than two
            groups that have one, or where the two are equal, or of different kinds.
        counts_reading: Whether what was read counts; else nobody's F2 is known.
        kinds: Of a whole that sources of several kinds measured, which has no rate.
    """

    units: int
    ranked: int
    met: int
    short: int
    has_mail: bool
    has_previous: bool
    low_coverage: int
    too_few: int
    nobody: int
    no_mail: int
    withheld: int
    withheld_counted: bool
    total: Sums | None
    groups: tuple[GroupResult, ...]
    best_group: NamedRate | None
    weakest_group: NamedRate | None
    kinds: tuple[KindResult, ...] = ()
    counts_reading: bool = True


NO_RESULTS = Results(  # of a document that measures nothing
    units=0,
    ranked=0,
    met=0,
    short=0,
    has_mail=False,
    has_previous=False,
    low_coverage=0,
    too_few=0,
    nobody=0,
    no_mail=0,
    withheld=0,
    withheld_counted=False,
    total=None,
    groups=(),
    best_group=None,
    weakest_group=None,
)


def share_change(now: Counts | None, before: Counts | None) -> Fraction | None:
    """The change of R from `before` to `now`; None where either has none, or they are not alike."""
    if now is None or before is None or not now.is_like(before):
        return None
    if now.regular_share is None or before.regular_share is None:
        return None
    return now.regular_share - before.regular_share
