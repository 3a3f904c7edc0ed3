"""look_back(): an earlier month in the units of today, so that a reorganisation breaks no trend.

Everybody of the earlier month is counted where their unit went on: in the unit of the same code, in
its successor, or, where it was divided, in the successor the person is in today.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mailaudit.metrics.heirs import Heirs
from mailaudit.metrics.own_lines import own_lines
from mailaudit.metrics.places import place
from mailaudit.metrics.resort import Resorted
from mailaudit.model.lineage import Lineage
from mailaudit.model.ranking import Incomparable, Line, Origin, TrendPoint
from mailaudit.model.roster import Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Counts, Measurement, Silence


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
    heirs: Heirs,
    lineage: Lineage,
    rules: Rules,
    within: str | None = None,
) -> Earlier:
    """The earlier month `then` in the units of `now`.

    Args:
        measured: All of `then`, by the same rules as today.
        present: Of `now`, within the same unit.
        heirs: Between the two months.
    """
    units = [usage.unit for usage in present.units]
    lines = own_lines(then, measured, now, heirs, within)
    sorting = Resorted(then, measured, now, units, heirs, lineage, within)
    if measured.silence is not None:
        return _incomparable(then, measured.silence, units, sorting.total(), lines)
    origins = {unit.code: sorting.origin(unit.code, rules) for unit in units}
    torn = sorting.torn(rules)
    unknown = torn | {
        unit.group for unit in units if _reason(origins[unit.code]) is Incomparable.NOT_MEASURED
    }
    known = {unit.code for unit in units if _reason(origins[unit.code]) is None}
    missing = any(_reason(origin) is Incomparable.NOT_MEASURED for origin in origins.values())
    ends = within is not None and sorting.missing(within)
    return Earlier(
        TrendPoint(
            period=then.period,
            total=sorting.total(),
            units=tuple(
                (unit.code, sorting.counts(unit.code)) for unit in units if unit.code in known
            ),
            origins=tuple((code, origin) for code, origin in origins.items() if origin),
            provisional=then.sealed_at is None,
            comparable=not missing and not ends and None not in torn,
            partial_groups=frozenset(
                unit.group
                for unit in units
                if _reason(origins[unit.code]) not in (None, Incomparable.NOT_LISTED)
            ),
            lines=lines,
            edition=then.edition,
        ),
        {name: counts for name, counts in sorting.groups().items() if name not in unknown},
        {} if within is not None else _inherited(_ranks(measured, rules), then, units, heirs),
    )


def _reason(origin: Origin | None) -> Incomparable | None:
    return None if origin is None else origin.why_not


def _incomparable(
    then: Snapshot,
    silence: Silence,
    units: Sequence[Unit],
    total: Counts,
    lines: tuple[Line, ...],
) -> Earlier:
    """An earlier month in which no mail was seen: nothing is compared with it."""
    return Earlier(
        TrendPoint(
            period=then.period,
            total=total,
            units=(),
            origins=silent_origins(units, silence),
            provisional=then.sealed_at is None,
            comparable=False,
            partial_groups=frozenset(unit.group for unit in units),
            silence=silence,
            lines=lines,
            edition=then.edition,
        ),
        {},
        {},
    )


def silent_origins(units: Iterable[Unit], silence: Silence) -> tuple[tuple[str, Origin], ...]:
    """Why no unit can be compared with a month in which no mail was seen."""
    no_mail = silence is Silence.NO_MAIL
    why_not = Incomparable.NO_MAIL if no_mail else Incomparable.LOW_COVERAGE
    return tuple((unit.code, Origin((), why_not)) for unit in units)


def _ranks(measured: Measurement, rules: Rules) -> dict[str, int]:
    """The ranks units had in their groups of then, by code."""
    names = dict.fromkeys(usage.unit.group for usage in measured.units)
    places = {
        code: where.rank
        for name in names
        for code, where in place(
            [usage for usage in measured.units if usage.unit.group == name],
            rules,
            has_mail=measured.silence is None,
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
