"""How people use their mailboxes, as far as an audience may know: the gaps of sums, not of units.

A condition on each unit would give away the units that do not meet it, so that it is on sums only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mailaudit.model.gaps import HIDDEN_GAPS, NO_GAPS, Gaps
from mailaudit.model.usage import UnitUsage
from mailaudit.publication.months import LEAST_ALIKE, is_spread

Parts = tuple[int, int]  # of the people between two states, how many are in the one and the other


@dataclass(frozen=True, slots=True)
class SumGaps:
    """The gaps of the sums that a report prints.

    Attributes:
        groups: By name.
        few: Of the units of few people together.
    """

    groups: Mapping[str, Gaps]
    few: Gaps
    total: Gaps

    def of_group(self, name: str) -> Gaps:
        """Those of a group; hidden of one that is not printed."""
        return self.groups.get(name, HIDDEN_GAPS)


HIDDEN = SumGaps({}, HIDDEN_GAPS, HIDDEN_GAPS)


def all_gaps(groups: Mapping[str, Sequence[UnitUsage]], few: Sequence[UnitUsage]) -> SumGaps:
    """Every sum, for those who see everything."""
    found = {name: _sum(units) for name, units in groups.items()}
    of_few = _sum(few)
    return SumGaps(found, of_few, sum(found.values(), of_few))


def public_gaps(
    groups: Mapping[str, Sequence[UnitUsage]], few: Sequence[UnitUsage], least: int
) -> SumGaps:
    """The sums that show of no unit, small or not, how many of its people are in which state.

    Args:
        groups: The units with figures of each group.
        few: The units of few people that count in the whole.
    """
    everything = all_gaps(groups, few)
    days, total_days = _printed(groups, few, least, _by_days)
    reading, total_reading = _printed(groups, few, least, _by_reading)

    def shown(gaps: Gaps, *, has_days: bool, has_reading: bool) -> Gaps:
        return Gaps(gaps.few_days if has_days else None, gaps.unused if has_reading else None)

    return SumGaps(
        groups={
            name: shown(gaps, has_days=name in days, has_reading=name in reading)
            for name, gaps in everything.groups.items()
        },
        few=HIDDEN_GAPS,
        total=shown(everything.total, has_days=total_days, has_reading=total_reading),
    )


def _sum(units: Sequence[UnitUsage]) -> Gaps:
    return sum((unit.gaps for unit in units), NO_GAPS)


def _by_days(unit: UnitUsage) -> Parts:
    """Of those who sent without regular use: on too few days, and those who read too little."""
    people, few_days = unit.counts.sent - unit.counts.regular, unit.gaps.few_days or 0
    return few_days, people - few_days


def _by_reading(unit: UnitUsage) -> Parts:
    """Of those who sent nothing: never used, and those who only read."""
    people, unused = unit.counts.measured - unit.counts.sent, unit.gaps.unused or 0
    return unused, people - unused


def _printed(
    groups: Mapping[str, Sequence[UnitUsage]],
    few: Sequence[UnitUsage],
    least: int,
    parts_of: Callable[[UnitUsage], Parts],
) -> tuple[frozenset[str], bool]:
    """The groups whose sums are printed, and whether that of the whole is.

    What is left of the whole without the groups printed is a sum that anybody computes, so that it
    must be of nobody, or as spread as they are: the smallest groups join it until it is.
    """
    parts = {name: [parts_of(unit) for unit in units] for name, units in groups.items()}
    rest = [parts_of(unit) for unit in few]
    printed = {name for name, of_units in parts.items() if _are_spread(of_units, least)}
    for name in parts.keys() - printed:
        rest += parts[name]
    for name in sorted(printed, key=lambda name: (sum(map(sum, parts[name])), name)):
        if not any(map(sum, rest)) or _are_spread(rest, least):
            break
        printed.discard(name)
        rest += parts[name]
    is_whole = not any(map(sum, rest)) or _are_spread(rest, least)
    return frozenset(printed), is_whole


def _are_spread(parts: Sequence[Parts], least: int) -> bool:
    """Whether sums of units show nothing of one of them, not even to the head of another.

    Each of the two is of more than `least` people, LEAST_ALIKE of whom are outside of any one unit;
    so many of the people of both together are outside of any two.
    """
    units = sorted((unit for unit in parts if any(unit)), key=sum)
    both_spread = all(is_spread([unit[side] for unit in units], least) for side in (0, 1))
    return both_spread and sum(map(sum, units[:-2])) >= LEAST_ALIKE
