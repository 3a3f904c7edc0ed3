"""look_back(): an earlier month in the units of today, so that a reorganisation breaks no trend.

Everybody of the earlier month is counted where their unit went on: in the unit of the same code, in
its successor, or, where it was divided, in the successor the person is in today.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mailaudit.metrics.heirs import Heirs
from mailaudit.metrics.lines import lines_of
from mailaudit.metrics.places import place
from mailaudit.metrics.resort import Resorted
from mailaudit.model.lineage import Lineage
from mailaudit.model.period import Period
from mailaudit.model.ranking import Incomparable, Origin, TrendPoint
from mailaudit.model.roster import Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Counts, Measurement


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier Period as the units of today see it.

    Attributes:
        groups: The sums of each group by name, where it can be compared.
        ranks: Ranks of then by code of today, of units that were one unit of the same group.
    """

    point: TrendPoint
    groups: Mapping[str, Counts]
    ranks: Mapping[str, int]


def look_back(
    then: Snapshot,
    measured: Measurement,
    now: Snapshot,
    present: Measurement,
    lineage: Lineage,
    rules: Rules,
    within: str | None = None,
) -> Earlier:
    """The earlier month `then` in the units of `now`.

    Args:
        measured: All of `then`, by the same rules as today.
        present: Of `now`, within the same unit.
    """
    units = [usage.unit for usage in present.units]
    events = lineage.between(then.period.last_day, now.period.last_day)
    heirs = Heirs(then.roster.units, now.roster.units, events)
    provisional = then.sealed_at is None
    unchanged = within is None and _is_unchanged(heirs, then.roster.units, now.roster.units)
    if unchanged or (within is None and not measured.has_mail):
        return as_it_was(then.period, measured, units, rules, provisional=provisional)
    sorting = Resorted(then, measured, now, heirs, lineage, within)
    if not measured.has_mail:
        was = as_it_was(then.period, measured, units, rules, provisional=provisional)
        point = replace(was.point, total=sorting.total(), units=())
        return replace(was, point=point, groups=sorting.groups(units))
    origins = {unit.code: sorting.origin(unit.code, rules) for unit in units}
    unmeasured = {
        unit.group for unit in units if _reason(origins[unit.code]) is Incomparable.NOT_MEASURED
    }
    ends = within is not None and sorting.missing(within)
    return Earlier(
        TrendPoint(
            period=then.period,
            total=sorting.total(),
            units=tuple(
                (unit.code, sorting.counts(unit.code))
                for unit in units
                if _reason(origins[unit.code]) is None
            ),
            origins=tuple((code, origin) for code, origin in origins.items() if origin),
            provisional=provisional,
            comparable=not unmeasured and not ends,
            partial_groups=frozenset(
                unit.group
                for unit in units
                if _reason(origins[unit.code]) not in (None, Incomparable.NOT_LISTED)
            ),
        ),
        {name: counts for name, counts in sorting.groups(units).items() if name not in unmeasured},
        {} if within is not None else _inherited(_ranks(measured, rules), then, units, heirs),
    )


def _reason(origin: Origin | None) -> Incomparable | None:
    return None if origin is None else origin.why_not


def as_it_was(
    period: Period,
    measured: Measurement,
    units: Iterable[Unit],
    rules: Rules,
    *,
    provisional: bool = False,
) -> Earlier:
    """An earlier month whose units are those of today, matched by code.

    Args:
        units: The topmost units of today.
    """
    codes = {unit.code: unit.group for unit in units}
    known = {usage.unit.code: usage for usage in measured.units}
    why_not = Incomparable.NOT_LISTED if measured.has_mail else Incomparable.NO_MAIL
    lost = [code for code in codes if code not in known or not measured.has_mail]
    groups: dict[str, Counts] = defaultdict(Counts)
    for usage in measured.units:
        groups[usage.unit.group] += usage.counts
    ranks = _ranks(measured, rules)
    return Earlier(
        TrendPoint(
            period=period,
            total=measured.total,
            units=tuple(
                (usage.unit.code, usage.counts)
                for usage in measured.units
                if usage.unit.code not in lost
            ),
            origins=tuple((code, Origin((), why_not)) for code in lost),
            provisional=provisional,
            comparable=measured.has_mail,
            partial_groups=frozenset() if measured.has_mail else frozenset(codes.values()),
        ),
        groups,
        {
            code: ranks[code]
            for code, group in codes.items()
            if code in ranks and known[code].unit.group == group
        },
    )


def _is_unchanged(heirs: Heirs, then: Sequence[Unit], now: Sequence[Unit]) -> bool:
    """Whether everybody counts in a unit of the same code as then, or is in none of today's."""
    before, today = lines_of(then), lines_of(now)
    if any(heirs.predecessors(code) for code in today):
        return False
    for code, line in before.items():
        became = {today[heir] for heir in heirs.of(code)}
        if became != {line} and (became or line in today):
            return False
    return True


def _ranks(measured: Measurement, rules: Rules) -> dict[str, int]:
    """The ranks units had in their groups of then, by code."""
    names = dict.fromkeys(usage.unit.group for usage in measured.units)
    places = {
        code: where.rank
        for name in names
        for code, where in place(
            [usage for usage in measured.units if usage.unit.group == name],
            rules,
            has_mail=measured.has_mail,
        ).items()
    }
    return {code: rank for code, rank in places.items() if rank is not None}


def _inherited(
    ranks: Mapping[str, int], then: Snapshot, units: Iterable[Unit], heirs: Heirs
) -> dict[str, int]:
    """The ranks of then of units of today that were one whole unit of the same group."""
    groups = {unit.code: unit.group for unit in then.roster.units}
    found = {}
    for unit in units:
        before = heirs.predecessors(unit.code) or frozenset({unit.code})
        if len(before) == 1:
            (code,) = before
            if code in ranks and groups[code] == unit.group and heirs.of(code) == {unit.code}:
                found[unit.code] = ranks[code]
    return found
