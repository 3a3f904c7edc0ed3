"""look_back(): an earlier month in the units of today, so that a reorganisation breaks no trend.

Everybody of the earlier month is counted where their unit went on: in the unit of the same code, in
its successor, or, where it was divided, in the successor the person is in today.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mailaudit.metrics.heirs import Heirs
from mailaudit.metrics.own_lines import own_lines
from mailaudit.metrics.places import place
from mailaudit.metrics.resort import Resorted
from mailaudit.model.lineage import Lineage
from mailaudit.model.ranking import Incomparable, Origin, TrendPoint
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
    units, silence = [usage.unit for usage in present.units], measured.silence
    sorting = Resorted(then, measured, now, units, heirs, lineage, within)
    origins = {unit.code: sorting.origin(unit.code, rules) for unit in units}
    sums = {unit.code: sorting.counts(unit.code) for unit in units}
    total, groups = sorting.total(), sorting.groups()
    origins.update(
        (usage.unit.code, Origin((), Incomparable.OTHER_KIND))
        for usage in present.units
        if _is_known(origins[usage.unit.code]) and not sums[usage.unit.code].is_like(usage.counts)
    )
    if silence is not None:  # nothing is compared with a month in which no mail was seen
        origins.update(silent_origins(units, silence))
    if measured.is_outdated:
        origins.update((unit.code, Origin((), Incomparable.OTHER_RULES)) for unit in units)
    reasons = {code: origin.why_not for code, origin in origins.items() if origin is not None}
    missing = {unit.group for unit in units if reasons.get(unit.code) is Incomparable.NOT_MEASURED}
    torn = sorting.torn(rules)
    ends = within is not None and sorting.missing(within)
    partial = frozenset(
        unit.group
        for unit in units
        if reasons.get(unit.code) not in (None, Incomparable.NOT_LISTED)
    )
    other_kind = not total.is_like(present.total)
    unlike = {
        name
        for name, now_sum in _group_sums(present).items()
        if name in groups and not groups[name].is_like(now_sum)
    }
    is_unknown = silence is not None or measured.is_outdated
    unknown = (partial if is_unknown else torn | missing) | unlike
    return Earlier(
        TrendPoint(
            period=then.period,
            total=total,
            units=tuple(
                (code, counts) for code, counts in sums.items() if reasons.get(code) is None
            ),
            origins=tuple((code, origin) for code, origin in origins.items() if origin),
            provisional=then.sealed_at is None,
            comparable=not (is_unknown or other_kind or missing or ends or None in torn),
            partial_groups=partial | unlike,
            silence=silence,
            lines=own_lines(then, measured, now, heirs, within),
            edition=then.edition,
            is_outdated=measured.is_outdated,
            other_kind=other_kind,
        ),
        {name: counts for name, counts in groups.items() if name not in unknown},
        {}
        if within is not None or measured.is_outdated
        else _inherited(_ranks(measured, rules), then, measured, now, present, heirs),
    )


def _is_known(origin: Origin | None) -> bool:
    return origin is None or origin.why_not is None


def _group_sums(measured: Measurement) -> dict[str, Counts]:
    """The sums of each group's units, by name."""
    found: dict[str, Counts] = defaultdict(Counts)
    for usage in measured.units:
        found[usage.unit.group] += usage.counts
    return found


_WHY_NOT = {
    Silence.NO_MAIL: Incomparable.NO_MAIL,
    Silence.UNKNOWN: Incomparable.LOW_COVERAGE,
    Silence.FEW_MONTHS: Incomparable.FEW_MONTHS,
    Silence.OTHER_MONTHS: Incomparable.OTHER_MONTHS,
}


def silent_origins(units: Iterable[Unit], silence: Silence) -> tuple[tuple[str, Origin], ...]:
    """Why no unit can be compared with a Period that gives no result."""
    why_not = _WHY_NOT[silence]
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
            measured.silence,
        ).items()
    }
    return {code: rank for code, rank in places.items() if rank is not None}


def _inherited(
    ranks: Mapping[str, int],
    then: Snapshot,
    measured: Measurement,
    now: Snapshot,
    present: Measurement,
    heirs: Heirs,
) -> dict[str, int]:
    """The ranks of then of units of today that were one whole unit of the same group, all of which
    was measured by the same kind of source."""
    places = _competitions(then, measured)
    found = {}
    for today, place_now in _competitions(now, present).items():
        before = heirs.predecessors(today) or frozenset({today})
        if len(before) == 1:
            (code,) = before
            if code in ranks and places[code] == place_now and heirs.of(code) == {today}:
                found[today] = ranks[code]
    return found


def _competitions(snapshot: Snapshot, measured: Measurement) -> dict[str, object]:
    """What each unit has its rank in, by code: the group on the list, and its part's kinds."""
    listed = {unit.code: unit.group for unit in snapshot.roster.units}
    sums = _group_sums(measured)
    return {
        usage.unit.code: (listed[usage.unit.code], sums[usage.unit.group].kinds)
        for usage in measured.units
    }
