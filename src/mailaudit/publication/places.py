"""Places in a group of which a unit is withheld: it has none, and the others are placed anew."""

from collections.abc import Sequence
from dataclasses import replace

from mailaudit.model.ranking import NotRanked, Standing


def without_place(standing: Standing) -> Standing:
    """The unit that is withheld, for those who read its figures: without rank and grade."""
    if standing.rank is None:
        return standing
    why = NotRanked.WITHHELD
    return replace(standing, rank=None, tied=False, not_ranked=why, grade=None, short_of=None)


def placed_anew(standings: Sequence[Standing]) -> list[Standing]:
    """The ranked ones among themselves: of 1, 2, 2, 4 without the first 1, 1, 3."""
    ranks = [standing.rank for standing in standings if standing.rank is not None]
    return [
        standing
        if standing.rank is None
        else replace(
            standing,
            rank=1 + sum(rank < standing.rank for rank in ranks),
            tied=ranks.count(standing.rank) > 1,
        )
        for standing in standings
    ]
