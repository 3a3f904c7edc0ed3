"""Whose figures may not be published, so that no group of fewer than five people can be read off.

A small unit is withheld. So are others, until what is left out can't be computed: a total less the
published rows is the sum of the withheld ones. That sum must be of five people or more even for the
head of one of the withheld units, who knows that unit's own figures.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mailaudit.model.usage import Counts

LEAST_PEOPLE = 5


@dataclass(frozen=True, slots=True)
class Withheld:
    """What a publication leaves out.

    Attributes:
        units: Codes of units without figures.
        groups: Names of groups without a total.
        total: Whether the whole is left out as well.
    """

    units: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    total: bool = False


def withhold(groups: Mapping[str, Mapping[str, Counts]]) -> Withheld:
    """What to leave out of a publication of these groups of units with their totals.

    Of units with 40, 30, 12, 9 and 3 in scope the last three are withheld: 3 is too small, 9 + 3
    would tell the head of the second last what the last one is.

    Args:
        groups: By name, the sums of each unit by code.
    """
    units: set[str] = set()
    open_groups: set[str] = set()  # without a total: their withheld units share one pool
    for name, members in groups.items():
        pool = {code for code, counts in members.items() if _is_small(counts)}
        if not pool:
            continue
        grown = _grown(pool, _by_size(members), members)
        if grown is None:
            open_groups.add(name)
        units |= pool if grown is None else grown
    if not open_groups:
        return Withheld(frozenset(units))
    return _across_groups(groups, units, open_groups)


def _across_groups(
    groups: Mapping[str, Mapping[str, Counts]], units: set[str], open_groups: set[str]
) -> Withheld:
    """Where a group is too small to hide in: it, and others until they are large enough, get no
    total, so that only the sum over all of them can be computed."""
    where = {code: name for name, members in groups.items() for code in members}
    everybody = {code: counts for members in groups.values() for code, counts in members.items()}

    def pool() -> set[str]:
        return {code for code in units if where[code] in open_groups}

    while not _is_safe([everybody[code] for code in pool()]):
        left = [code for code in _by_size(everybody) if code not in pool()]
        if not left:
            return Withheld(frozenset(everybody), frozenset(groups), total=True)
        nearest = min(left, key=lambda code: where[code] not in open_groups)
        units.add(nearest)
        open_groups.add(where[nearest])
    return Withheld(frozenset(units), frozenset(open_groups))


def _grown(
    pool: set[str], candidates: Iterable[str], members: Mapping[str, Counts]
) -> set[str] | None:
    """The pool with as many of the smallest other units as make its sum safe; None where none do.

    A sum of which all, or none, are regular would tell that of each of them, so the pool grows on
    while that helps.
    """
    safe: set[str] | None = None
    grown = set(pool)
    for code in [None, *(code for code in candidates if code not in pool)]:
        grown |= {code} if code is not None else set()
        counts = [members[each] for each in grown]
        if _is_safe(counts):
            safe = safe or set(grown)
            if not _is_uniform(sum(counts, Counts())):
                return grown
    return safe


def _is_safe(withheld: list[Counts]) -> bool:
    """Whether the sum of the withheld units is of enough people, for outsiders and for insiders."""
    sums = [withheld, *(withheld[:i] + withheld[i + 1 :] for i in range(len(withheld)))]
    return not any(_is_small(sum(counts, Counts())) for counts in sums)


def _is_small(counts: Counts) -> bool:
    """Whether some, but fewer than LEAST_PEOPLE, are listed, in scope or judged."""
    judged = counts.in_scope - counts.unmeasured
    return any(0 < people < LEAST_PEOPLE for people in (counts.staff, counts.in_scope, judged))


def _is_uniform(counts: Counts) -> bool:
    return counts.regular in (0, counts.in_scope - counts.unmeasured)


def _by_size(members: Mapping[str, Counts]) -> list[str]:
    """Codes with the fewest people first: leaving them out costs the reader least."""
    return sorted(members, key=lambda code: (members[code].in_scope, members[code].staff, code))
