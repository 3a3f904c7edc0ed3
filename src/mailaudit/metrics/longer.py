"""Longer periods: people's months added up, each person counted once, where the unit went on.

`docs/metrics.md` section 12 defines what is counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mailaudit.metrics.heirs import Heirs
from mailaudit.metrics.lines import chains, lines_of
from mailaudit.metrics.measure import is_regular, summed
from mailaudit.metrics.same_people import SamePeople, can_be_found
from mailaudit.metrics.tables import MailboxSums
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.lineage import Lineage
from mailaudit.model.outcome import Activity, Outcome, Reason
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.roster import Staff, Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Measurement, Silence, StaffState, StaffUsage

OUT_OF_SCOPE = (StaffState.EXEMPT, StaffState.EXCLUDED)
_DEEDS = MailboxSums.__slots__
_NOTHING = MailboxSums()


def counts_in(month: Period, period: LongPeriod, calendar: WorkCalendar) -> bool:
    """Whether most of the month's working days lie in the longer period.

    From 10 December 2025 on: 16 of the 23 of December 2025, which counts.
    """
    first, last = max(month.first_day, period.first), min(month.last_day, period.last)
    inside = sum(1 for _ in calendar.working_days(first, last))
    return 2 * inside > calendar.working_days_of(month)


def days_inside(snapshot: Snapshot, period: LongPeriod) -> Snapshot:
    """The month with what mailboxes did in the days of the longer period only."""
    month = snapshot.period
    if period.first <= month.first_day and month.last_day <= period.last:
        return snapshot

    def inside(outcome: Outcome) -> Outcome:
        if not isinstance(outcome, Activity):
            return outcome
        days = tuple(day for day in outcome.days if period.first <= day.day <= period.last)
        return replace(outcome, days=days)

    outcomes = {box: inside(outcome) for box, outcome in snapshot.outcomes.items()}
    return replace(snapshot, outcomes=outcomes)


@dataclass(slots=True)
class _Person:
    """What is known of one person so far.

    Attributes:
        listed: The entry of the last month on whose list the person was.
        in_scope: That of the last month in scope, the one before with a mailbox measured or not.
        month: That of `in_scope`, or of `listed` where there is none.
    """

    listed: StaffUsage
    month: Period
    in_scope: StaffUsage | None = None
    measured: StaffUsage | None = None
    unmeasured: StaffUsage | None = None
    judged: int = 0
    regular: int = 0
    deeds: MailboxSums = _NOTHING
    kinds: set[str] = field(default_factory=set)  # of the sources that measured anything

    def see(self, usage: StaffUsage, month: Period) -> None:
        """Adds a month that counts."""
        self.listed = usage
        if usage.state in OUT_OF_SCOPE:
            self.month = self.month if self.in_scope else month
            return
        self.in_scope, self.month = usage, month
        if usage.state is StaffState.UNMEASURED:
            self.unmeasured = usage
            return
        if usage.state is StaffState.MEASURED:
            self.measured = usage
        self.judged += 1
        self.regular += usage.regular

    def did(self, usage: StaffUsage) -> None:
        """Adds what was done in the days of a month."""
        if usage.state is StaffState.MEASURED:
            self.kinds.add(usage.kind)
            self.deeds = MailboxSums(
                *(getattr(self.deeds, name) + getattr(usage, name) for name in _DEEDS)
            )

    def usage(self, unit_code: str, rules: Rules) -> StaffUsage:
        """The person in the whole of the longer period, in a unit of today.

        What sources of two kinds saw does not add up: the person counts as not measured.
        """
        known = self.measured or self.unmeasured or self.in_scope or self.listed
        staff = replace((self.in_scope or self.listed).staff, unit_code=unit_code)
        if self.measured and len(self.kinds) > 1:
            unmeasured, reason = StaffState.UNMEASURED, Reason.OTHER_KIND
            return StaffUsage(staff, unit_code, unmeasured, reason, " ".join(sorted(self.kinds)))
        did = self.deeds if known.state is StaffState.MEASURED else _NOTHING
        return replace(
            known,
            staff=staff,
            sent=did.sent,
            received=did.received,
            read=did.read,
            sent_days=did.sent_days,
            due=did.due,
            due_read=did.due_read,
            has_read=did.read > 0,
            has_sent=did.sent > 0,
            regular=known.state is StaffState.MEASURED and self._is_regular(did, rules),
            months_judged=self.judged,
            months_regular=self.regular,
        )

    def _is_regular(self, did: MailboxSums, rules: Rules) -> bool:
        """By months or, where any activity is enough, by what was done in the days inside."""
        if rules.counts_days:
            return is_regular_in(self.regular, self.judged, rules)
        return is_regular(did, rules)


def is_regular_in(regular: int, judged: int, rules: Rules) -> bool:
    """F4 of a longer period: `regular / judged >= min_regular_months_share`, compared exactly.

    With two thirds: 8 of 12 months are enough, 7 are not; nor is 0 of 0.
    """
    return regular > 0 and regular >= rules.min_regular_months_share * judged


class Longer:
    """Adds up the months of a longer period, oldest first; those that do not count come last."""

    def __init__(self, lineage: Lineage, last: Period) -> None:
        """`last` is the last month that counts."""
        self._same, self._last = SamePeople(lineage), last
        self._people: dict[int, _Person] = {}
        self._heirs: dict[Period, Heirs] = {}
        self._units: dict[Period, Mapping[str, Unit]] = {}
        self._now: dict[int, Staff] = {}  # who is on the list of the last month

    def add(self, then: Snapshot, measured: Measurement, inside: Measurement, heirs: Heirs) -> None:
        """Adds a month that counts.

        Args:
            measured: All of `then`.
            inside: The same in the days of the longer period only.
            heirs: Between `then` and the last month.
        """
        month = then.period
        self._heirs[month] = heirs
        self._units[month] = {unit.code: unit for unit in then.roster.units}
        # Without an address and a code a person would be another one in every month, and of who
        # was removed nothing is left to be found by.
        listed = [usage for usage in measured.staff if not usage.is_removed]
        usages = [u for u in listed if month == self._last or can_be_found(u.staff)]
        deeds = {usage.staff.key: usage for usage in inside.staff}
        numbers = self._same.add([usage.staff for usage in usages])
        for number, usage in zip(numbers, usages, strict=True):
            person = self._people.setdefault(number, _Person(usage, month))
            person.see(usage, month)
            person.did(deeds[usage.staff.key])
            if month == self._last:
                self._now[number] = usage.staff

    def add_days(self, inside: Measurement) -> None:
        """Adds a month of which only some days lie inside: nobody is judged in it, or added."""
        listed = [usage for usage in inside.staff if not usage.is_removed]
        numbers = self._same.find([usage.staff for usage in listed])
        for number, usage in zip(numbers, listed, strict=True):
            if number is not None:
                self._people[number].did(usage)

    def staff(self, now: Snapshot, rules: Rules) -> "tuple[list[StaffUsage], tuple[Unit, ...]]":
        """Everybody once, and the units: those of the last month, and those that ended before it
        and still have somebody who is found in none of today's."""
        places = _Places(now, self._heirs, self._units)
        usages = [
            person.usage(places.of(person, self._now.get(number)), rules)
            for number, person in self._people.items()
        ]
        return usages, (*now.roster.units, *places.ended)


class _Places:
    """Where people count: in the units of the last month, else in their own, which has ended."""

    def __init__(
        self,
        now: Snapshot,
        heirs: Mapping[Period, Heirs],
        units: Mapping[Period, Mapping[str, Unit]],
    ) -> None:
        self._heirs, self._units = heirs, units
        self._chains = chains(now.roster.units)
        self._ended: dict[str, Unit] = {}

    @property
    def ended(self) -> tuple[Unit, ...]:
        """Units of earlier months in which somebody counts."""
        return tuple(self._ended.values())

    def of(self, person: _Person, today: Staff | None) -> str:
        """The code of the unit; `today` is the person's entry of the last month."""
        code = (person.in_scope or person.listed).staff.unit_code
        heirs = self._heirs[person.month].of(code)
        around = self._chains.get(today.unit_code, ()) if today is not None else ()
        if today is not None and len(heirs) > 1 and heirs.intersection(around):
            return today.unit_code
        return self._place(code, person.month)

    def _place(self, code: str, month: Period) -> str:
        heirs = self._heirs[month].of(code)
        if len(heirs) == 1:
            return next(iter(heirs))
        # A code that names another unit today is not that unit.
        own = f"{code} ({month})" if code in self._chains else code
        if own not in self._ended:
            unit = self._units[month][code]
            parent = None if unit.parent is None else self._place(unit.parent, month)
            self._ended[own] = replace(unit, code=own, parent=parent)
        return own


def within_lines(
    usages: Sequence[StaffUsage],
    units: tuple[Unit, ...],
    rules: Rules,
    silence: Silence | None,
    within: str | None = None,
) -> Measurement:
    """The Measurement of a longer period; arguments as of `measure.summed`."""
    lines = lines_of(units, within)
    staff = [
        replace(usage, unit_code=lines[usage.staff.unit_code])
        for usage in usages
        if usage.staff.unit_code in lines
    ]
    return summed(staff, units, rules, silence, within)
