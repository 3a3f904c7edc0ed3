"""A longer period, made of the stored months: nothing is asked again."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from typing import TYPE_CHECKING

from mailaudit.audit.measuring import Audited
from mailaudit.collaborators import Store
from mailaudit.errors import N_, StoreError, UsageError
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.inside import MonthInside
from mailaudit.model.lineage import Lineage
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.roster import Roster, Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Measurement, Silence, StaffUsage

if TYPE_CHECKING:
    from mailaudit.metrics.retrospect import Earlier

LEAST_MONTHS = 2  # that count: one alone is a month


def evaluate_longer(
    store: Store,
    period: LongPeriod,
    calendar: WorkCalendar,
    rules: Rules,
    lineage: Lineage | None = None,
    *,
    within: str | None = None,
) -> Audited:
    """Measures the stored months of a longer period, adds them up by person, and ranks it.

    Months are loaded one at a time. Other arguments as of `measuring.evaluate`.

    Raises:
        StoreError: None of the months that count is in the store.
        UsageError: Fewer than LEAST_MONTHS count, or the last of them has no unit `within`.
    """
    from mailaudit.metrics.lines import chains, lines_of, unit_of
    from mailaudit.metrics.longer import within_lines
    from mailaudit.metrics.rank import rank

    counting = _counting(period, calendar)
    now = store.load(_stored(store, period, counting)[-1])
    wanted = None if within is None else unit_of(now, within)
    levels = [None, *(chains(now.roster.units)[within][::-1] if within is not None else ())]
    added = _Adding(store, period, calendar, rules, lineage or Lineage(), now, levels)
    added.add_all(counting)
    usages, units = added.staff()
    silence = _silence(added.months, rules)
    snapshot = _snapshot(period, now, added.months, usages, units)
    measured = {level: within_lines(usages, units, rules, silence, level) for level in levels}
    rankings = [
        rank(
            period,
            measured[level],
            snapshot.roster.groups,
            added.history[level],
            rules,
            within=None if level is None else unit_of(now, level),
            provisional=snapshot.sealed_at is None,
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
    ranking = replace(rankings[-1], above=above)
    earlier = tuple(added.history[within])
    return Audited(snapshot, measured[within], ranking, earlier=earlier)


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
    ) -> None:
        from mailaudit.metrics.longer import Longer
        from mailaudit.metrics.measure import measure

        self._store, self._period, self._calendar = store, period, calendar
        self._rules, self._lineage, self._now = rules, lineage, now
        self._longer = Longer(lineage, now.period)
        self._present = {level: measure(now, calendar, rules, level) for level in levels}
        self.history: dict[str | None, list[Earlier]] = {level: [] for level in levels}
        self.months: list[MonthInside] = []

    def add_all(self, counting: Sequence[Period]) -> None:
        """Adds the months that count, then the days of the others."""
        stored = _newest(self._store, self._period)
        for month in sorted(self._period.months(), key=lambda month: month not in counting):
            if month not in stored:
                self.months.append(MonthInside(month, month in counting))
                continue
            is_last = month == self._now.period
            self._add(self._now if is_last else self._store.load(month), month in counting)
        self.months.sort(key=lambda month: str(month.period))

    def _add(self, then: Snapshot, counts: bool) -> None:
        from mailaudit.metrics.heirs import Heirs
        from mailaudit.metrics.longer import days_inside
        from mailaudit.metrics.measure import measure
        from mailaudit.metrics.retrospect import look_back
        from mailaudit.metrics.same_people import can_be_found

        calendar, rules, lineage = self._calendar, self._rules, self._lineage
        is_last = then is self._now
        measured = self._present[None] if is_last else measure(then, calendar, rules)
        trimmed = days_inside(then, self._period)
        inside = measured if trimmed is then else measure(trimmed, calendar, rules)
        unknown = sum(
            usage.is_removed or not (is_last or can_be_found(usage.staff))
            for usage in measured.staff
        )
        one = _month_inside(then, measured, self._period, rules, counts=counts)
        self.months.append(replace(one, left_out=unknown))
        if not counts:
            self._longer.add_days(inside)
            return
        heirs = Heirs.between(then, self._now, lineage)
        if measured.silence is not Silence.NO_MAIL:  # a fault of the data: nobody is judged by it
            self._longer.add(then, measured, inside, heirs)
        for level, present in self._present.items():
            seen = look_back(then, measured, self._now, present, heirs, lineage, rules, level)
            self.history[level].append(seen)

    def staff(self) -> tuple[list[StaffUsage], tuple[Unit, ...]]:
        """Everybody once, and the units."""
        return self._longer.staff(self._now, self._rules)


def _counting(period: LongPeriod, calendar: WorkCalendar) -> list[Period]:
    """The months most of whose working days lie inside."""
    from mailaudit.metrics.longer import counts_in

    counting = [month for month in period.months() if counts_in(month, period, calendar)]
    if len(counting) < LEAST_MONTHS:
        raise UsageError(
            N_("Most of the working days of only {count} month(s) lie in {period}."),
            N_("A longer period has at least two; report on one month with --period YYYY-MM."),
            period=period,
            count=len(counting),
        )
    return counting


def _newest(store: Store, period: LongPeriod) -> dict[Period, int]:
    """The number of the newest complete edition of each month."""
    return {
        edition.period: edition.number
        for edition in store.editions(period.timezone)
        if edition.is_complete
    }


def _stored(store: Store, period: LongPeriod, counting: Sequence[Period]) -> list[Period]:
    stored = _newest(store, period)
    if not (found := [month for month in counting if month in stored]):
        raise StoreError(
            N_("The store has no month of {period}: {months}."),
            N_("A longer period is made of stored months: mailaudit history lists them."),
            period=period,
            months=", ".join(map(str, counting)),
        )
    return found


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
    )


def _silence(months: Sequence[MonthInside], rules: Rules) -> Silence | None:
    """Whether nobody had any mail in any month, or too few months are sound to rank.

    Sound is stored, final and sufficiently covered: of 12 months 8 are enough for two thirds.
    """
    counting = [month for month in months if month.counts]
    if all(m.silence is Silence.NO_MAIL for m in counting if m.is_stored):
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
    cut_off = max(month.cut_off_at for month in stored if month.cut_off_at is not None)
    text = "".join(f"{m.period} {m.edition} {m.cut_off_at} {m.digest}\n" for m in months)
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
        digest=sha256(f"{period}\n{text}".encode()).hexdigest(),
        months=tuple(months),
    )
