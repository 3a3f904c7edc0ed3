"""The report of one unit: refused where it would hold no more than the unit's own page."""

from mailaudit.errors import N_, UsageError
from mailaudit.model.audience import Audience
from mailaudit.model.roster import Unit
from mailaudit.model.snapshot import Snapshot
from mailaudit.report.filenames import UNITS_FOLDER, file_stems, report_stem


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
