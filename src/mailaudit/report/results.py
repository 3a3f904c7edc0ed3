"""Results: the figures that sentences are written from, exact, as one audience may see them."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Sums:
    """The people and shares of the whole or of a group.

    Attributes:
        staff, out_of_scope: None where they are not for this audience.
        judged: D - U, those in scope whose use could be judged.
        without_mailbox: D - C.
    """

    staff: int | None
    out_of_scope: int | None
    in_scope: int
    provided: int
    without_mailbox: int
    unmeasured: int
    judged: int
    read: int
    sent: int
    regular: int
    provided_share: Fraction | None
    regular_share: Fraction | None
    lower_bound: Fraction | None
    upper_bound: Fraction | None
    coverage: Fraction | None
    previous_share: Fraction | None
    change: Fraction | None
    meets_target: bool


@dataclass(frozen=True, slots=True)
class NamedShare:
    """A unit or group and its rate."""

    name: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class GroupResult:
    """A group in a few words.

    Attributes:
        ranked, met, short: How many units are ranked, and how many of those met the target or not.
        first, last: The units on the first and on the last rank, a few of them; both empty
            where fewer than two ranks are given.
        sums: None where they are withheld.
    """

    name: str
    units: int
    ranked: int
    met: int
    short: int
    first: tuple[NamedShare, ...]
    last: tuple[NamedShare, ...]
    sums: Sums | None


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
        best, weakest: The groups with the highest and lowest rate; None with fewer than two groups
            that have one, or where the two are equal.
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
    sums: Sums | None
    groups: tuple[GroupResult, ...]
    best: NamedShare | None
    weakest: NamedShare | None
