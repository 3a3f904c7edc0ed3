"""Rates of all or none of a few people, printed less exactly where the operator asks for it."""

from mailaudit.model.rules import Rules
from mailaudit.model.usage import Coarse, Counts

FEW = 10  # people


def coarse(counts: Counts) -> Counts:
    """The sums without their rate where all or none of fewer than FEW people are regular."""
    if 0 < counts.judged < FEW and counts.regular in (0, counts.judged):
        return Coarse(*(getattr(counts, name) for name in Counts.__slots__))
    return counts


def meets_target(counts: Counts, rules: Rules) -> bool:
    """Whether the rate reaches the target, printed exactly or not."""
    return counts.regular > 0 if counts.is_coarse else rules.meets_target(counts.regular_share)
