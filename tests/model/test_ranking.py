"""Standing: its share is the headline of its unit."""

from fractions import Fraction

from mailaudit.model.ranking import Standing
from mailaudit.model.roster import Unit
from mailaudit.model.usage import Counts, UnitUsage


def a_standing(counts: Counts) -> Standing:
    """A unit with these sums, not ranked."""
    return Standing(UnitUsage(Unit("A", "", ""), counts), rank=None)


def test_standing_share_is_the_headline() -> None:
    """R = F4 / (D - U), not one of its bounds."""
    counts = Counts(in_scope=20, provided=20, unmeasured=1, regular=14)
    assert a_standing(counts).share == Fraction(14, 19)


def test_standing_share_is_absent_for_nobody() -> None:
    """Nobody in scope, no share."""
    assert a_standing(Counts()).share is None
