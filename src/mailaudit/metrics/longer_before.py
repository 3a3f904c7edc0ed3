"""look_back_longer(): the longer period before, in the units of this one."""

from collections.abc import Sequence
from dataclasses import replace

from mailaudit.metrics.heirs import Codes, Heirs
from mailaudit.metrics.retrospect import Earlier, look_back
from mailaudit.model.lineage import Lineage, UnitEvent
from mailaudit.model.ranking import Incomparable, Origin
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Measurement


class _Heirs(Heirs):
    """A unit that ended in this longer period is a line of it still: it goes on as itself, where
    it goes on in no other."""

    def of(self, code: str) -> Codes:
        """As `Heirs.of`."""
        found = super().of(code)
        return found or (frozenset({code}) & self._now)


def look_back_longer(
    then: Snapshot,
    measured: Measurement,
    now: Snapshot,
    present: Measurement,
    events: Sequence[UnitEvent],
    lineage: Lineage,
    rules: Rules,
    within: str | None = None,
) -> Earlier:
    """The earlier longer period `then` in the units of `now`; arguments as of `look_back`.

    Args:
        events: Those between the last months that count of the two.
    """
    heirs = _Heirs(then.roster.units, now.roster.units, events)
    seen = look_back(then, measured, now, present, heirs, lineage, rules, within)
    listed = {unit.code for unit in then.roster.units}
    # Of a divided unit only those are left in its own line who are found in none of its successors.
    ended = {
        usage.unit.code
        for usage in present.units
        if usage.unit.code in listed and heirs.of(usage.unit.code) != {usage.unit.code}
    }
    if not ended:
        return seen
    point = seen.point
    origins = {code: origin for code, origin in point.origins if code not in ended}
    origins |= dict.fromkeys(sorted(ended), Origin((), Incomparable.ENDED))
    return replace(
        seen,
        point=replace(
            point,
            units=tuple((code, counts) for code, counts in point.units if code not in ended),
            origins=tuple(origins.items()),
        ),
        ranks={code: rank for code, rank in seen.ranks.items() if code not in ended},
    )
