"""Signs that figures may have been made for the audit, and mailboxes that send mail on to outside.

`docs/metrics.md` section 15 defines them. Those of the first kind are of people in regular use
alone, and never of anybody who was away for a day of the month, or began in it: of such a person
few days, and late ones, say nothing.
"""

from collections.abc import Iterator
from datetime import date

from mailaudit.metrics.lines import chains
from mailaudit.metrics.same_people import SamePeople
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.knowledge import is_known
from mailaudit.model.lineage import Lineage
from mailaudit.model.outcome import Activity
from mailaudit.model.period import Period
from mailaudit.model.roster import Staff
from mailaudit.model.rules import Rules
from mailaudit.model.signs import Finding, FoundSigns, Sign
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Measurement, StaffState, StaffUsage
from mailaudit.model.wording import folded

LAST_DAYS = 5  # working days at the end of a month
SHORT_MONTH = 3  # times its last days: with fewer working days these are no small part of it
LEAST_SENT = 3  # fewer mails, or days with mail, fall anywhere by chance
LEAST_MONTHS = 3  # in a row with exactly the fewest days


def signs_to_look_for(period: Period, calendar: WorkCalendar, rules: Rules) -> tuple[Sign, ...]:
    """The signs that mean something in this month, by these rules.

    October 2026 with the default rules: all. A month of 14 working days: mail to oneself only, and
    so with one day that is enough for regular use, or any activity.
    """
    few_days = last_days_from(period, calendar) is None
    if few_days or not rules.counts_days or rules.min_sent_days < LEAST_SENT:
        return (Sign.TO_SELF,)
    if rules.min_sent_days > LAST_DAYS:
        return (Sign.TO_SELF, Sign.MINIMUM)
    return (Sign.TO_SELF, Sign.LAST_DAYS, Sign.MINIMUM)


def last_days_from(period: Period, calendar: WorkCalendar) -> date | None:
    """The first of the month's LAST_DAYS last working days; None in a month of few of them.

    October 2026, which ends on Friday 30: Monday 26.
    """
    days = list(calendar.working_days(period.first_day, period.last_day))
    return days[-LAST_DAYS] if len(days) >= SHORT_MONTH * LAST_DAYS else None


def signs_of(
    usage: StaffUsage, activity: Activity, snapshot: Snapshot, calendar: WorkCalendar, rules: Rules
) -> Iterator[Sign]:
    """The signs of one person in one month, without regard to the months before.

    Mail to oneself is no sign where the source does not know whether mail was answered.
    """
    period, knows = snapshot.period, snapshot.source.knows_at(activity.server)
    if usage.state is StaffState.MEASURED and activity.forwards_to:
        yield Sign.FORWARDS
    if not usage.regular or _is_partly_away(usage.staff, period, rules):
        return
    possible = signs_to_look_for(period, calendar, rules)
    to_self = sum(day.sent_to_self for day in activity.days)
    is_silent = is_known("replied", knows) and not any(day.replied for day in activity.days)
    if to_self >= usage.sent >= LEAST_SENT and is_silent:
        yield Sign.TO_SELF
    first = last_days_from(period, calendar)
    sent_on = [day.day for day in activity.days if day.sent]
    if Sign.LAST_DAYS in possible and first is not None and min(sent_on) >= first:
        yield Sign.LAST_DAYS
    if Sign.MINIMUM in possible and usage.sent_days == rules.min_sent_days:
        yield Sign.MINIMUM


class SignSearch:
    """Looks for signs month by month, oldest first, each right after the one before or not."""

    def __init__(self, calendar: WorkCalendar, rules: Rules, lineage: Lineage) -> None:
        self._calendar, self._rules = calendar, rules
        self._same = SamePeople(lineage)
        self._runs: dict[tuple[int, Sign, str], tuple[Period, int]] = {}
        self._months: list[Period] = []

    def add(self, snapshot: Snapshot, measurement: Measurement) -> tuple[Finding, ...]:
        """Looks at a month that was over; what is found in it, with the months before.

        Args:
            measurement: All of the snapshot.
        """
        period, codes = snapshot.period, chains(snapshot.roster.units)
        calendars = {code: self._calendar.of_unit(chain) for code, chain in codes.items()}
        names = {unit.code: unit.name for unit in snapshot.roster.units}
        self._months.append(period)
        listed = [usage for usage in measurement.staff if not usage.is_removed]
        numbers = self._same.add([usage.staff for usage in listed])
        found: list[Finding] = []
        for number, usage in zip(numbers, listed, strict=True):
            own = calendars[usage.staff.unit_code]
            for sign in self._signs(usage, snapshot, own):
                months = self._run((number, sign, usage.kind), period)
                if sign is Sign.MINIMUM and months < LEAST_MONTHS:
                    continue
                found.append(
                    Finding(
                        sign=sign,
                        person=usage.staff,
                        unit=names[usage.staff.unit_code],
                        line=usage.unit_code,
                        months=months,
                        sent=usage.sent,
                        sent_days=usage.sent_days,
                        last_days_from=last_days_from(period, own),
                        forwards_to=_forwards_to(usage, snapshot) or "",
                    )
                )
        order = list(Sign)
        return tuple(sorted(found, key=lambda one: order.index(one.sign)))

    def found(self, snapshot: Snapshot, measurement: Measurement) -> FoundSigns:
        """What is found in the newest month; `add` the months before it first."""
        findings = self.add(snapshot, measurement)
        period = snapshot.period
        measured = [u for u in measurement.staff if u.state is StaffState.MEASURED]
        unknown = sum(_forwards_to(usage, snapshot) is None for usage in measured)
        looked_for = signs_to_look_for(period, self._calendar, self._rules)
        if unknown < len(measured):
            looked_for = (*looked_for, Sign.FORWARDS)
        return FoundSigns(
            period=period,
            edition=snapshot.edition,
            cut_off_at=snapshot.cut_off_at,
            months=tuple(self._months),
            looked_for=looked_for,
            regular=sum(usage.regular for usage in measured),
            rules_unknown=unknown,
            lines=tuple(usage.unit for usage in measurement.units),
            findings=findings,
        )

    def _signs(
        self, usage: StaffUsage, snapshot: Snapshot, calendar: WorkCalendar
    ) -> Iterator[Sign]:
        outcome = snapshot.outcomes.get(usage.staff.mailbox or "")
        if isinstance(outcome, Activity):
            yield from signs_of(usage, outcome, snapshot, calendar, self._rules)

    def _run(self, run: tuple[int, Sign, str], period: Period) -> int:
        """In how many months in a row the person has the sign, this one included, as one kind of
        source saw them all."""
        before, months = self._runs.get(run, (None, 0))
        months = months + 1 if before == period.shifted(-1) else 1
        self._runs[run] = period, months
        return months


def _forwards_to(usage: StaffUsage, snapshot: Snapshot) -> str | None:
    outcome = snapshot.outcomes.get(usage.staff.mailbox or "")
    return outcome.forwards_to if isinstance(outcome, Activity) else None


def _is_partly_away(person: Staff, period: Period, rules: Rules) -> bool:
    """Whether a status of the person holds for a day of the month, or a first day lies in it."""
    status = folded(person.status)
    if not status or status in rules.in_scope_statuses:
        return False
    first, last = period.first_day, period.last_day
    begins = person.status_begins
    if status in rules.joined_statuses:
        return begins is None or first < begins <= last
    if status in rules.left_statuses:
        return begins is None or begins <= last
    return (person.status_from or first) <= last and (person.status_to or last) >= first
