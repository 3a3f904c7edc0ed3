"""The name of a unit's own line in the report about it: not that of the whole unit."""

from dataclasses import replace

from mailaudit.locale import Language
from mailaudit.model.ranking import Ranking, Standing
from mailaudit.model.usage import Measurement, UnitUsage


def with_own_line_named(
    ranking: Ranking, measurement: Measurement, language: Language
) -> tuple[Ranking, Measurement]:
    """Both with another name for the line of those who are in no unit below the one reported on."""
    if ranking.within is None:
        return ranking, measurement
    name = language.gettext("{unit} (without the units below it)").format(unit=ranking.within.name)
    own = replace(ranking.within, name=name)

    def named(usage: UnitUsage) -> UnitUsage:
        return replace(usage, unit=own) if usage.unit.code == own.code else usage

    def renamed(standings: tuple[Standing, ...]) -> tuple[Standing, ...]:
        return tuple(replace(standing, usage=named(standing.usage)) for standing in standings)

    groups = tuple(replace(g, standings=renamed(g.standings)) for g in ranking.groups)
    units = tuple(map(named, measurement.units))
    return replace(ranking, groups=groups), replace(measurement, units=units)
