"""The report of one unit: its own line is told from the whole unit; no report without parts."""

from dataclasses import replace

from mailaudit.errors import N_, UsageError
from mailaudit.locale import Language
from mailaudit.model.audience import Audience
from mailaudit.model.ranking import Ranking
from mailaudit.model.roster import Unit
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Measurement, UnitUsage
from mailaudit.report.filenames import UNITS_FOLDER, file_stems, report_stem


def with_own_line_named(
    ranking: Ranking, measurement: Measurement, language: Language
) -> tuple[Ranking, Measurement]:
    """Both with another name for the line of those who are in no unit below the one reported on.

    The whole unit has its name, and other figures.
    """
    within = ranking.within
    if within is None:
        return ranking, measurement
    name = language.gettext("{unit} (without the units below it)").format(unit=within.name)
    own = replace(within, name=name)

    def named(usage: UnitUsage) -> UnitUsage:
        return replace(usage, unit=own) if usage.unit.code == own.code else usage

    groups = tuple(
        replace(
            group,
            standings=tuple(
                replace(standing, usage=named(standing.usage)) for standing in group.standings
            ),
        )
        for group in ranking.groups
    )
    units = tuple(map(named, measurement.units))
    return replace(ranking, groups=groups), replace(measurement, units=units)


def refuse_without_parts(snapshot: Snapshot, within: Unit, audience: Audience) -> None:
    """Refuses to rank a unit against nobody, and says where its own page is.

    Raises:
        UsageError: No unit of the snapshot is directly below `within`.
    """
    units = snapshot.roster.units
    if any(unit.parent == within.code for unit in units):
        return
    beside = [unit.code for unit in units if unit.parent == within.parent]
    stem = report_stem(snapshot.period, audience, within.parent)
    raise UsageError(
        N_("Unit {code} has no units below it to rank."),
        N_("Its own page is {page}, of the report of all units: leave out --unit.")
        if within.parent is None
        else N_("Its own page is {page}, of the report of the unit above it: --unit {parent}."),
        code=within.code,
        page=f"{stem}/{UNITS_FOLDER}/{file_stems(beside)[within.code]}.html",
        parent=within.parent,
    )
