"""What one month's own publication has: which units have figures, and whether the others have a
line together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mailaudit.model.ranking import Line
from mailaudit.model.usage import Counts

LEAST_ALIKE = 2  # people who did, and who did not, of whatever can be computed


@dataclass(frozen=True, slots=True)
class Month:
    """The lines of a Period's own publication.

    Attributes:
        shown: The sums of each unit that has figures, by code.
        few: Codes of the units of few people.
        few_total: Their sums; None where there are none, or no line is printed of them.
    """

    shown: dict[str, Counts]
    few: frozenset[str]
    few_total: Counts | None

    @property
    def total(self) -> Counts | None:
        """The sum of the lines; None where there are none."""
        lines = [*self.shown.values(), *([self.few_total] if self.few_total is not None else [])]
        return sum(lines, Counts()) if lines else None

    @property
    def counted(self) -> frozenset[str]:
        """Codes of the units in the total."""
        return frozenset(self.shown) | (self.few if self.few_total is not None else frozenset())


def month_of(lines: Iterable[Line], least: int, *, is_part: bool, shows_all: bool) -> Month | None:
    """The publication of these lines; None where no figure may be in it.

    Args:
        least: `Rules.min_published`.
        is_part: The lines are parts of a unit, whose sums stand in the report above: what is not
            shown can be computed.
        shows_all: For who sees everything.
    """
    shown: dict[str, Counts] = {}
    few: dict[str, Counts] = {}
    for line in lines:
        (few if line.counts.is_few(least) else shown)[line.code] = line.counts
    may_stand = can_stand_together(list(few.values()), least)
    if few and is_part and not may_stand and not shows_all:
        return None
    counts = bool(few) and (may_stand or is_part)
    return Month(shown, frozenset(few), sum(few.values(), Counts()) if counts else None)


def is_spread(people: Sequence[int], least: int) -> bool:
    """Whether the sum of so many in each unit tells nothing of one, not even another's head."""
    return len(people) > 2 and sum(people) >= least and sum(people) - max(people) >= LEAST_ALIKE


def can_stand_together(few: Sequence[Counts], least: int) -> bool:
    """Whether a line of these units tells nothing of one of them, not even the head of another.

    With N measured and X regular in what is left when the head's own unit is taken away, a unit of
    n has at least `X - (N - n)` regular users, and at most X. So at least two of what is left must
    have done each thing printed, and two not. Twice `least` measured, of units with fewer than
    `least` each, are three units or more, of which the two largest leave two people at least.
    """
    together = sum(few, Counts())
    if together.measured < 2 * least:
        return False
    for own in few:
        others = together - own
        for did in (others.read, others.sent, others.regular):
            if not LEAST_ALIKE <= did <= others.measured - LEAST_ALIKE:
                return False
    return True
