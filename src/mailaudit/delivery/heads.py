"""Heads: whose unit a code is today, so that no figures reach the head of another one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mailaudit.model.lineage import UnitEvent
from mailaudit.model.roster import Unit
from mailaudit.model.wording import folded


@dataclass(frozen=True, slots=True)
class Heads:
    """Who the heads of a month's units are.

    Attributes:
        found: The units with their heads, by code; none where the list does not have the unit.
        others: By the code of units of the month, the other unit that has this code in the list.
    """

    found: Mapping[str, Unit]
    others: Mapping[str, Unit] = field(default_factory=dict)


def heads_of(
    units: Iterable[Unit],
    then: Iterable[Unit],
    today: Iterable[Unit],
    events: Sequence[UnitEvent],
) -> Heads:
    """The heads of a month's units: today's, or of units that are gone those they had.

    Args:
        units: As they were stored with the month.
        then, today: The list's units on the month's last day, and today's.
        events: Those since the month's last day.
    """
    gone, there = _by_code(then), _by_code(today)
    found, others = {}, {}
    for unit in units:
        listed = there.get(unit.code) or gone.get(unit.code)
        if listed is None:
            continue
        if folded(listed.name) == folded(unit.name) or _goes_on(unit.code, events):
            found[unit.code] = listed
        else:
            others[unit.code] = listed
    return Heads(found, others)


def _goes_on(code: str, events: Iterable[UnitEvent]) -> bool:
    """Whether events say that the unit kept its code, under another name maybe."""
    kept = [code in event.successors for event in events if code in event.predecessors]
    return bool(kept) and all(kept)


def _by_code(units: Iterable[Unit]) -> dict[str, Unit]:
    return {unit.code: unit for unit in units}
