"""A longer period, made of the stored months: nothing is asked again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mailaudit.audit.adding import Added, add_months
from mailaudit.audit.measuring import Audited
from mailaudit.collaborators import Store
from mailaudit.errors import N_, StoreError, UsageError
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.lineage import Lineage
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Measurement, Silence

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
    editions: Mapping[Period, int] | None = None,
    against: LongPeriod | None = None,
) -> Audited:
    """Measures the stored months of a longer period, adds them up by person, and ranks it.

    It is compared with the one before, where months of that are stored. Months are loaded one at a
    time. Other arguments as of `measuring.evaluate`.

    Args:
        editions: The months to use, and the edition of each; None for the newest of all stored.
        against: The longer period to compare with, instead of the one before and the months.

    Raises:
        StoreError: None of the months that count is in the store, or one of them can't be used.
        UsageError: Fewer than LEAST_MONTHS count, or the last of them has no unit `within`.
    """
    from mailaudit.metrics.lines import lines_of
    from mailaudit.metrics.longer import within_lines
    from mailaudit.metrics.rank import rank

    lineage = lineage or Lineage()
    used = _newest(store, period) if editions is None else editions
    counting = _required(period, calendar)
    _require_stored(period, counting, used)
    added = add_months(store, period, counting, used, calendar, rules, lineage, within=within)
    before = _before(store, period, counting, calendar, rules, lineage, against)
    snapshot, levels = added.snapshot, list(added.history)
    within = levels[-1]  # as the unit list writes it
    units = snapshot.roster.units
    measured = {
        level: within_lines(added.usages, units, rules, added.silence, level) for level in levels
    }
    history = {
        level: [
            *(() if before is None else (_seen(before, added, measured, lineage, rules, level),)),
            *(months if against is None else ()),
        ]
        for level, months in added.history.items()
    }
    by_code = {unit.code: unit for unit in units}
    rankings = [
        rank(
            period,
            measured[level],
            snapshot.roster.groups,
            history[level],
            rules,
            within=None if level is None else by_code[level],
            provisional=snapshot.sealed_at is None,
            against=against,
        )
        for level in levels
    ]
    above = (
        ()
        if within is None
        else tuple(
            (lines_of(units, level)[within], outer)
            for level, outer in zip(levels[:-1], rankings[:-1], strict=True)
        )
    )
    return Audited(
        snapshot,
        measured[within],
        replace(rankings[-1], above=above),
        earlier=tuple(history[within]),
        reconciled=tuple(one for month in sorted(used, key=str) for one in store.reconciled(month)),
        before=None if before is None else before.snapshot,
    )


def _before(
    store: Store,
    period: LongPeriod,
    present: Sequence[Period],
    calendar: WorkCalendar,
    rules: Rules,
    lineage: Lineage,
    against: LongPeriod | None,
) -> Added | None:
    """The longer period to compare with.

    None where the one before, which nobody named, is no other longer period: with fewer than
    LEAST_MONTHS months that count, or with one that counts in this, as days off can have it; and
    where no month of it is stored.

    Args:
        present: The months that count in `period`.
    """
    before = against or period.shifted(-1)
    stored = _newest(store, before)
    if against is not None:
        counting = _required(before, calendar)
        _require_stored(before, counting, stored)
    else:
        counting = _counting(before, calendar)
        is_other = len(counting) >= LEAST_MONTHS and not set(counting) & set(present)
        if not is_other or stored.keys().isdisjoint(counting):
            return None
    return add_months(store, before, counting, stored, calendar, rules, lineage, is_before=True)


def _seen(
    before: Added,
    added: Added,
    measured: Mapping[str | None, Measurement],
    lineage: Lineage,
    rules: Rules,
    level: str | None,
) -> "Earlier":
    """The longer period before in the units of this one."""
    from mailaudit.metrics.longer import within_lines
    from mailaudit.metrics.longer_before import look_back_longer

    then = before.snapshot
    silence = before.silence
    if silence is None and _judged(before) != _judged(added):
        silence = Silence.OTHER_MONTHS
    then_measured = within_lines(before.usages, then.roster.units, rules, silence)
    between = lineage.between(before.last.last_day, added.last.last_day)
    return look_back_longer(
        then, then_measured, added.snapshot, measured[level], between, lineage, rules, level
    )


def _judged(added: Added) -> int:
    """In how many months people were judged: two of two is another threshold than two of three."""
    return sum(
        month.counts and month.is_stored and month.silence is not Silence.NO_MAIL
        for month in added.snapshot.months
    )


def _counting(period: LongPeriod, calendar: WorkCalendar) -> list[Period]:
    """The months most of whose working days lie inside."""
    from mailaudit.metrics.longer import counts_in

    return [month for month in period.months() if counts_in(month, period, calendar)]


def _required(period: LongPeriod, calendar: WorkCalendar) -> list[Period]:
    """The months that count. Raises UsageError where they are fewer than LEAST_MONTHS."""
    counting = _counting(period, calendar)
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


def _require_stored(
    period: LongPeriod, counting: Sequence[Period], stored: Mapping[Period, int]
) -> None:
    if not any(month in stored for month in counting):
        raise StoreError(
            N_("The store has no month of {period}: {months}."),
            N_("A longer period is made of stored months: mailaudit history lists them."),
            period=period,
            months=", ".join(map(str, counting)),
        )
