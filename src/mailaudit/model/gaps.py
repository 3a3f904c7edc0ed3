"""Gaps: between sending and regular use, and between a mailbox and its first use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gaps:
    """What Counts do not say of people measured who are not in regular use: numbers of people.

    None stands for a number that is not for the reader, and for the sum with one.

    Attributes:
        few_days: Of those who sent mail, who sent it on too few working days.
        unused: Of those who sent nothing, who read nothing either.
    """

    few_days: int | None = None
    unused: int | None = None

    def __add__(self, other: "Gaps") -> "Gaps":
        return Gaps(_sum(self.few_days, other.few_days), _sum(self.unused, other.unused))


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


NO_GAPS = Gaps(0, 0)  # of nobody: what sums begin with
HIDDEN_GAPS = Gaps()
