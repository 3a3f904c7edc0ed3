"""A stored month, and those before it, measured and ranked with the same rules."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailaudit.collaborators import Store
from mailaudit.errors import N_, StoreError
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.lineage import Lineage
from mailaudit.model.period import Period
from mailaudit.model.ranking import Ranking
from mailaudit.model.reconciliation import Reconciled
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Measurement

if TYPE_CHECKING:
    from mailaudit.metrics.retrospect import Earlier

TREND_MONTHS = 12  # the Period reported and up to eleven before it


@dataclass(frozen=True, slots=True)
class Audited:
    """A stored Period, measured and ranked with today's rules.

    Attributes:
        superseded_by: The newest complete edition, where `snapshot` is an earlier one.
        earlier: The months before as the units of this one see them, oldest first.
        before: Of a longer period, the one before it that it is compared with.
        reconciled: What second sources said of the Period, or of the months it is made of.
    """

    snapshot: Snapshot
    measurement: Measurement
    ranking: Ranking
    superseded_by: int | None = None
    earlier: "tuple[Earlier, ...]" = ()
    before: Snapshot | None = None
    reconciled: tuple[Reconciled, ...] = ()


def evaluate(
    store: Store,
    period: Period,
    calendar: WorkCalendar,
    rules: Rules,
    lineage: Lineage | None = None,
    *,
    within: str | None = None,
    edition: int | None = None,
    months: int = TREND_MONTHS,
    against: Period | None = None,
    sums: bool = False,
) -> Audited:
    """Measures a stored Period and those before it, all with the same rules, and ranks it.

    Args:
        lineage: What became of units; earlier months are counted in the units of this one.
        within: The code of a unit: only its people count, and its parts are ranked.
        edition: Of the Period, where it is not to be the newest complete one.
        months: The Period and how many before it at the most.
        against: The one earlier Period to compare with, instead of those before.
        sums: Whether the sums of the Period will do, where its people were removed.

    Raises:
        StoreError: A Period is not in the store, its collection is not complete, or only sums of it
            are left, which do not do, or which other rules made.
        UsageError: The Period has no unit `within`.
    """
    from mailaudit.metrics.heirs import Heirs
    from mailaudit.metrics.lines import chains, lines_of, unit_of
    from mailaudit.metrics.measure import measure
    from mailaudit.metrics.rank import rank
    from mailaudit.metrics.retrospect import Earlier, look_back

    lineage = lineage or Lineage()
    snapshot = store.load(period, edition, sums=sums)
    units = snapshot.roster.units
    wanted = None if within is None else unit_of(snapshot, within)
    within = None if wanted is None else wanted.code
    levels = [None, *(chains(units)[within][::-1] if within is not None else ())]
    measured = {level: measure(snapshot, calendar, rules, level) for level in levels}
    if measured[None].is_outdated:
        raise _outdated(period)
    history: dict[str | None, list[Earlier]] = {level: [] for level in levels}
    before = (
        store.history(period, months - 1) if against is None else [store.load(against, sums=True)]
    )
    for earlier in before:
        then = measure(earlier, calendar, rules)
        heirs = Heirs.between(earlier, snapshot, lineage)
        for level, present in measured.items():
            seen = look_back(earlier, then, snapshot, present, heirs, lineage, rules, level)
            history[level].append(seen)
    rankings = [
        rank(
            period,
            measured[level],
            snapshot.roster.groups,
            history[level],
            rules,
            within=None if level is None else unit_of(snapshot, level),
            provisional=snapshot.sealed_at is None,
            against=against,
        )
        for level in levels
    ]
    above = (
        ()
        if wanted is None
        else tuple(
            (lines_of(units, level)[wanted.code], outer)
            for level, outer in zip(levels[:-1], rankings[:-1], strict=True)
        )
    )
    return Audited(
        snapshot,
        measured[within],
        replace(rankings[-1], above=above),
        superseded_by=None if edition is None else newer_edition(store, snapshot),
        earlier=tuple(history[within]),
        reconciled=tuple(store.reconciled(period)),
    )


def _outdated(period: Period) -> StoreError:
    return StoreError(
        N_(
            "The people of {period} were removed, and its sums made by other rules or another"
            " calendar than today's: they can't be shown beside other months."
        ),
        N_("Put back the rules and the calendar of then, or begin with a later month."),
        period=period,
    )


def newer_edition(store: Store, snapshot: Snapshot) -> int | None:
    """The newest complete edition of its Period, where the snapshot is an earlier one."""
    newest = max(
        (
            edition.number
            for edition in store.editions(snapshot.period.timezone)
            if edition.period == snapshot.period and edition.is_complete
        ),
        default=snapshot.edition,
    )
    return newest if newest > snapshot.edition else None
