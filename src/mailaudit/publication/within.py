"""The name of a unit's own line in the report about it: not that of the whole unit."""

from dataclasses import replace

from mailaudit.locale import Language
from mailaudit.model.ranking import Ranking
from mailaudit.model.usage import Measurement, UnitUsage


def with_own_line_named(
    ranking: Ranking, measurement: Measurement, language: Language
) -> tuple[Ranking, Measurement]:
    """Both with another name for the line of those who are in no unit below the one reported on."""
    within = ranking.within
    if within is None:
        return ranking, measurement
    name = language.gettext("{unit} (without the units below it)").format(unit=within.name)

    def named(usage: UnitUsage) -> UnitUsage:
        is_own = usage.unit.code == within.code
        return replace(usage, unit=replace(within, name=name)) if is_own else usage

    groups = tuple(
        replace(
            group,
            standings=tuple(replace(s, usage=named(s.usage)) for s in group.standings),
        )
        for group in ranking.groups
    )
    units = tuple(map(named, measurement.units))
    return replace(ranking, groups=groups), replace(measurement, units=units)
