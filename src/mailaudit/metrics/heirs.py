"""What units of an earlier month went on as, and what units of today were then."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Self

from mailaudit.metrics.lines import chains
from mailaudit.model.lineage import Lineage, UnitEvent
from mailaudit.model.roster import Unit
from mailaudit.model.snapshot import Snapshot

Codes = frozenset[str]


class Heirs:
    """Follows units through the events between two months.

    Args:
        then, now: The units of the earlier month and of today's.
        events: Those in between, by day. Events of one day happened at once: several with one
            successor are one merger.
    """

    def __init__(
        self, then: Sequence[Unit], now: Sequence[Unit], events: Sequence[UnitEvent]
    ) -> None:
        self._chains = chains(then)
        self._now = frozenset(unit.code for unit in now)
        self._known: dict[str, Codes] = {}
        self._forward = [_joined(day, forward=True) for day in _days(events)]
        self._backward = [_joined(day, forward=False) for day in reversed(_days(events))]

    @classmethod
    def between(cls, then: Snapshot, now: Snapshot, lineage: Lineage) -> Self:
        """Of the units of two snapshots, by the events after the earlier one."""
        events = lineage.between(then.period.last_day, now.period.last_day)
        return cls(then.roster.units, now.roster.units, events)

    def of(self, code: str) -> Codes:
        """The units of today that a unit of then goes on in; none where it is gone.

        A unit no event names is itself, or, where today's list lacks it, goes on in what the
        unit above it became: teams come and go without a decision.
        """
        if code not in self._known:
            self._known[code] = self._follow(code)
        return self._known[code]

    def _follow(self, code: str) -> Codes:
        for unit in self._chains[code]:
            if any(unit in day for day in self._forward):
                return self._after_events(unit)
            if unit in self._now:
                return frozenset({unit})
        return frozenset()

    def predecessors(self, code: str) -> Codes:
        """The units of then that a unit of today came of by events; none where no event did."""
        current, touched = frozenset({code}), False
        for day in self._backward:
            if current & day.keys():
                touched = True
                current = _step(current, day, frozenset(self._chains))
        return current if touched else frozenset()

    def _after_events(self, code: str) -> Codes:
        current = frozenset({code})
        for day in self._forward:
            current = _step(current, day, self._now)
        return current & self._now


def _days(events: Iterable[UnitEvent]) -> list[list[UnitEvent]]:
    return [list(day) for _, day in groupby(events, key=lambda event: event.day)]


def _joined(events: Iterable[UnitEvent], *, forward: bool) -> Mapping[str, Codes]:
    """What each unit of one day's events becomes, or came of."""
    joined: dict[str, Codes] = {}
    for event in events:
        pair = (event.predecessors, event.successors)
        sources, targets = pair if forward else pair[::-1]
        for source in sources:
            joined[source] = joined.get(source, frozenset()) | frozenset(targets)
    return joined


def _step(current: Codes, day: Mapping[str, Codes], known: Codes) -> Codes:
    """One day's events; units that only passed through that day are followed further."""
    reached, passing, seen = set(current - day.keys()), set(current & day.keys()), set(current)
    while passing:
        for code in day[passing.pop()]:
            if code in day and code not in known and code not in seen:
                passing.add(code)
                seen.add(code)
            else:
                reached.add(code)
    return frozenset(reached)
