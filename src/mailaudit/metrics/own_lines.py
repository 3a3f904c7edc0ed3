"""The units of an earlier month as that month ranked them, and where their people count today."""

from collections import defaultdict

from mailaudit.metrics.heirs import Heirs
from mailaudit.metrics.lines import lines_of
from mailaudit.metrics.tables import sum_people
from mailaudit.model.ranking import Line
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Measurement


def own_lines(
    then: Snapshot,
    measured: Measurement,
    now: Snapshot,
    heirs: Heirs,
    within: str | None = None,
) -> tuple[Line, ...]:
    """Every line of the month `then`, or of its report within the unit `within`.

    A month's own publication is made of these, and what later reports print of the month too.

    Args:
        measured: All of `then`.
        now: The month that is reported.
        heirs: Between the two.
    """
    before, today = lines_of(then.roster.units, within), lines_of(now.roster.units, within)
    people = [
        (before[usage.staff.unit_code], usage)
        for usage in measured.staff
        if usage.staff.unit_code in before
    ]
    became: dict[str, set[str]] = defaultdict(set)
    for code in {usage.staff.unit_code for _, usage in people}:
        became[before[code]] |= {today.get(heir, "") for heir in heirs.of(code)} or {""}
    if within is None:
        sums = {usage.unit.code: usage.counts for usage in measured.units}
    else:
        sums = sum_people(people, became)
    return tuple(Line(code, sums[code], frozenset(into)) for code, into in became.items())
