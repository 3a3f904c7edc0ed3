"""The months of a longer period, loaded one by one from the store and added up by person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from hashlib import sha256
from typing import TYPE_CHECKING

from mailaudit.collaborators import Store
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.inside import MonthInside, text_of_months
from mailaudit.model.lineage import Lineage
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.roster import Roster, Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Measurement, Silence, StaffUsage

if TYPE_CHECKING:
    from mailaudit.metrics.retrospect import Earlier


@dataclass(frozen=True, slots=True)
class Added:
    """A longer period, added up.

    Attributes:
        snapshot: Everybody once, the units, and the months; it is never stored.
        last: The last month that counts and is stored, of whose list most of the units are.
        usages: Everybody once.
        silence: As in `Measurement`.
        history: By level, the months that count as the units of `last` see them.
    """

    snapshot: Snapshot
    last: Period
    usages: Sequence[StaffUsage]
    silence: Silence | None
    history: "Mapping[str | None, list[Earlier]]"


def add_months(
    store: Store,
    period: LongPeriod,
    counting: Sequence[Period],
    stored: Mapping[Period, int],
    calendar: WorkCalendar,
    rules: Rules,
    lineage: Lineage,
    *,
    within: str | None = None,
    is_before: bool = False,
) -> Added:
    """Adds up the stored months.

    Args:
        counting: The months most of whose working days lie inside; one of them is stored.
        stored: The edition of each month that is to be used.
        within: The code of a unit that is reported on.
        is_before: Whether it is only to be compared with: there is no history then, and a month
            whose people were removed is as if it were not stored.

    Raises:
        StoreError: A month can't be read, or has no people any more.
        UsageError: The last month has no unit `within`.
    """
    from mailaudit.metrics.lines import chains, unit_of

    last, sums = [month for month in counting if month in stored][-1], is_before
    now = store.load(last, stored[last], sums=sums)
    levels: list[str | None] = [] if is_before else [None]
    if within is not None:
        levels += chains(now.roster.units)[unit_of(now, within).code][::-1]
    adding = _Adding(store, period, calendar, rules, lineage, now, levels, sums=sums)
    adding.add_all(counting, stored)
    usages, units = adding.longer.staff(now, rules)
    snapshot = _snapshot(period, now, adding.months, usages, units)
    return Added(snapshot, last, usages, _silence(adding.months, rules), adding.history)


class _Adding:
    """Loads the months one by one, adds them up, and looks back on each from the last."""

    def __init__(
        self,
        store: Store,
        period: LongPeriod,
        calendar: WorkCalendar,
        rules: Rules,
        lineage: Lineage,
        now: Snapshot,
        levels: Sequence[str | None],
        *,
        sums: bool,
    ) -> None:
        from mailaudit.metrics.longer import Longer
        from mailaudit.metrics.measure import measure

        self._store, self._period, self._calendar = store, period, calendar
        self._rules, self._lineage, self._now, self._sums = rules, lineage, now, sums
        self.longer = Longer(lineage, now.period)
        self._all_of_now = measure(now, calendar, rules)
        self._present = {
            level: self._all_of_now if level is None else measure(now, calendar, rules, level)
            for level in levels
        }
        self.history: dict[str | None, list[Earlier]] = {level: [] for level in levels}
        self.months: list[MonthInside] = []

    def add_all(self, counting: Sequence[Period], stored: Mapping[Period, int]) -> None:
        """Adds the months that count, then the days of the others."""
        for month in sorted(self._period.months(), key=lambda month: month not in counting):
            if month not in stored:
                self.months.append(MonthInside(month, month in counting))
                continue
            is_last = month == self._now.period
            then = self._now if is_last else self._store.load(month, stored[month], sums=self._sums)
            self._add(then, counts=month in counting)
        self.months.sort(key=lambda month: str(month.period))

    def _add(self, then: Snapshot, *, counts: bool) -> None:
        from mailaudit.metrics.heirs import Heirs
        from mailaudit.metrics.longer import days_inside
        from mailaudit.metrics.measure import measure
        from mailaudit.metrics.retrospect import look_back
        from mailaudit.metrics.same_people import can_be_found

        calendar, rules, lineage = self._calendar, self._rules, self._lineage
        if then.removal is not None and then.removal.is_whole:
            self.months.append(MonthInside(then.period, counts))  # nobody is left to be added
            return
        is_last = then is self._now
        measured = self._all_of_now if is_last else measure(then, calendar, rules)
        trimmed = days_inside(then, self._period)
        inside = measured if trimmed is then else measure(trimmed, calendar, rules)
        unknown = sum(
            usage.is_removed or not (is_last or can_be_found(usage.staff))
            for usage in measured.staff
        )
        one = _month_inside(then, measured, self._period, rules, counts=counts)
        self.months.append(replace(one, left_out=unknown))
        if not counts:
            self.longer.add_days(inside)
            return
        heirs = Heirs.between(then, self._now, lineage)
        if measured.silence is not Silence.NO_MAIL:  # a fault of the data: nobody is judged by it
            self.longer.add(then, measured, inside, heirs)
        for level, present in self._present.items():
            seen = look_back(then, measured, self._now, present, heirs, lineage, rules, level)
            self.history[level].append(seen)


def _month_inside(
    then: Snapshot, measured: Measurement, period: LongPeriod, rules: Rules, *, counts: bool
) -> MonthInside:
    coverage = measured.total.coverage
    is_later = then.cut_off_at >= period.end
    return MonthInside(
        then.period,
        counts,
        then.edition,
        then.cut_off_at,
        final=then.sealed_at is not None or (not counts and is_later),
        coverage=coverage,
        sufficient=rules.is_sufficient(coverage),
        silence=measured.silence,
        digest=then.digest if then.sealed_at is not None else "",
        kinds=measured.total.kinds,
    )


def _silence(months: Sequence[MonthInside], rules: Rules) -> Silence | None:
    """Whether nobody had any mail in any month, or too few months are sound to rank.

    Sound is stored, final and sufficiently covered: of 12 months 8 are enough for two thirds.
    """
    counting = [month for month in months if month.counts]
    stored = [month for month in counting if month.is_stored]
    if stored and all(month.silence is Silence.NO_MAIL for month in stored):
        return Silence.NO_MAIL
    sound = sum(month.is_sound for month in counting)
    enough = Fraction(sound, len(counting)) >= rules.min_months_share
    return None if enough else Silence.FEW_MONTHS


def _snapshot(
    period: LongPeriod,
    now: Snapshot,
    months: Sequence[MonthInside],
    usages: Sequence[StaffUsage],
    units: tuple[Unit, ...],
) -> Snapshot:
    """What the reports print of where the data are from; it is never stored.

    Its edition is the sum of its months' editions, which grows with each new one.
    """
    stored = [month for month in months if month.is_stored]
    final = all(month.final for month in months)
    cut_off = max(
        (m.cut_off_at for m in stored if m.cut_off_at is not None), default=now.cut_off_at
    )
    roster = Roster(
        groups=tuple(dict.fromkeys((*now.roster.groups, *(unit.group for unit in units)))),
        units=units,
        staff=tuple(usage.staff for usage in usages),
        digest=now.roster.digest,
    )
    return Snapshot(
        period=period,
        edition=sum(month.edition for month in stored),
        cut_off_at=cut_off,
        sealed_at=cut_off if final else None,
        roster=roster,
        outcomes={},
        source=now.source,
        tool_version=now.tool_version,
        digest=sha256(text_of_months(period, months).encode()).hexdigest(),
        months=tuple(months),
    )
