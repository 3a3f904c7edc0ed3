"""What one month's own publication has: which units have figures, and whether the others have a
line together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mailaudit.model.ranking import Line
from mailaudit.model.usage import Counts

LEAST_ALIKE = 2  # people outside of any one unit


@dataclass(frozen=True, slots=True)
class Month:
    """The lines of a Period's own publication.

    Attributes:
        shown: The sums of each unit that has figures, by code.
        few: Codes of the units of few people.
        few_total: Their sums; None where there are none, or no line is printed of them.
        withheld: Codes of the units that are in no sum, because of what was published of other
            Periods.
    """

    shown: dict[str, Counts]
    few: frozenset[str]
    few_total: Counts | None
    withheld: frozenset[str] = frozenset()

    @property
    def total(self) -> Counts | None:
        """The sum of the lines; None where there are none."""
        lines = [*self.shown.values(), *([self.few_total] if self.few_total is not None else [])]
        return sum(lines, Counts()) if lines else None

    @property
    def counted(self) -> frozenset[str]:
        """Codes of the units in the total."""
        return frozenset(self.shown) | (self.few if self.few_total is not None else frozenset())


def month_of(
    lines: Sequence[Line],
    least: int,
    *,
    is_part: bool,
    shows_all: bool,
    withheld: Collection[str] = (),
) -> Month | None:
    """The publication of these lines; None where no figure may be in it.

    Args:
        least: `Rules.min_published`.
        is_part: The lines are parts of a unit, whose sums stand in the report above: what is not
            shown can be computed.
        shows_all: For who sees everything.
        withheld: Codes of lines that are to be in no sum.
    """
    shown: dict[str, Counts] = {}
    few: dict[str, Counts] = {}
    out = frozenset(line.code for line in lines if line.code in withheld)
    for line in lines:
        if line.code in out:
            continue
        (few if line.counts.is_few(least) else shown)[line.code] = line.counts
    together = sum(few.values(), Counts())
    may_stand = can_stand_together(together, least)
    if few and is_part and not may_stand and not shows_all:
        return None
    counts = bool(few) and (may_stand or is_part)
    return Month(shown, frozenset(few), together if counts else None, out)


def is_spread(people: Sequence[int], least: int) -> bool:
    """Whether the sum of so many in each unit shows nothing of one, not even to another's head.

    Args:
        people: Of the units that have somebody listed: of the others everybody knows the number.
    """
    return len(people) > 2 and sum(people) > least and sum(people) - max(people) >= LEAST_ALIKE


def can_stand_together(few: Counts, least: int) -> bool:
    """Whether a line of units of few people gives none of them away, to any head of another.

    With N measured and X regular in what is left when the head's own unit is taken away, a unit of
    n has from `X - (N - n)` to X regular users, so two of what is left must have done what is
    printed, and two not. Fewer than `least` are in the head's unit: more than `least` who did, and
    as many who did not, are enough, and are of three units at least. That the line is printed then
    says no more than its sums do; a condition on each unit would give the units away.
    """
    return all(least < getattr(few, deed) < few.measured - least for deed in few.deeds)
