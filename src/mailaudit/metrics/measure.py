"""measure(): a Snapshot becomes one StaffUsage per roster entry and one UnitUsage per top unit."""

from collections.abc import Iterable, Mapping
from datetime import date

from mailaudit.metrics.scope import Scope, unnamed_words
from mailaudit.metrics.tables import MailboxSums, sum_days, sum_units
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.outcome import Activity, Outcome, Unmeasured
from mailaudit.model.roster import Staff, Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Measurement, StaffState, StaffUsage, UnitUsage


def measure(snapshot: Snapshot, calendar: WorkCalendar, rules: Rules) -> Measurement:
    """Puts every roster entry in exactly one state and sums each top unit.

    Two people with mailboxes, one of whom could not be measured, one without a mailbox and one
    driver whose job is exempt: B = 4, D = 3, C = 2, U = 1.

    Raises:
        ValueError: The snapshot is incomplete (a mailbox of the Roster has no outcome), or its
            units don't form trees. Neither can come out of a roster and a store that work.
    """
    _require_complete(snapshot)
    roster, outcomes = snapshot.roster, snapshot.outcomes
    tops = top_units(roster.units)
    activities = {box: o for box, o in outcomes.items() if isinstance(o, Activity)}
    sums = sum_days(activities, calendar, last_due_day(snapshot, calendar, rules))
    scope = Scope(snapshot.period, cut_off_day(snapshot), calendar, rules)
    staff = []
    for person in roster.staff:
        if person.unit_code not in tops:
            raise ValueError(f"staff {person.key!r} is in unit {person.unit_code!r}, not listed")
        unit_code = tops[person.unit_code]
        if reason := scope.taken_out_by(person):
            staff.append(StaffUsage(person, unit_code, reason.state, out_of_scope=reason))
        else:
            staff.append(_usage(person, unit_code, outcomes, sums, rules))
    heads = [unit for unit in roster.units if unit.parent is None]
    counts = sum_units(staff, [unit.code for unit in heads])
    return Measurement(
        staff=tuple(staff),
        units=tuple(UnitUsage(unit, counts[unit.code]) for unit in heads),
        unnamed=unnamed_words(roster.staff, rules),
    )


def top_units(units: Iterable[Unit]) -> dict[str, str]:
    """The code of each unit's topmost ancestor, by unit code; a unit without parent is its own.

    Raises:
        ValueError: A parent is not listed, or a unit is its own ancestor.
    """
    parents = {unit.code: unit.parent for unit in units}
    tops = {}
    for code in parents:
        top, seen = code, {code}
        while (parent := parents[top]) is not None:
            if parent not in parents or parent in seen:
                raise ValueError(f"unit {top!r} has parent {parent!r}, not listed or a circle")
            seen.add(parent)
            top = parent
        tops[code] = top
    return tops


def last_due_day(snapshot: Snapshot, calendar: WorkCalendar, rules: Rules) -> date:
    """The last local day whose received mail is old enough at cut-off to be judged as read.

    Cut-off on Monday 2 November with 3 working days of grace: Wednesday 28 October.
    """
    return calendar.back(cut_off_day(snapshot), rules.read_grace_working_days)


def cut_off_day(snapshot: Snapshot) -> date:
    """The local day on which the snapshot's collection began."""
    return snapshot.cut_off_at.astimezone(snapshot.period.tz).date()


def is_regular(sums: MailboxSums, rules: Rules) -> bool:
    """F4: `sent_days >= min_sent_days` and (`due < read_waived_below` or enough of `due` read).

    Enough is `due_read / due >= min_read_share`, compared exactly. With the default rules: sent
    on 4 working days and 8 of 10 due messages read is regular; 7 of 10 is not; 0 of 4 is, for
    so few are not judged; sent on 3 days is not, whatever was read.
    """
    if sums.sent_days < rules.min_sent_days:
        return False
    return sums.due < rules.read_waived_below or sums.due_read >= rules.min_read_share * sums.due


def _require_complete(snapshot: Snapshot) -> None:
    missing = [box for box in snapshot.roster.mailboxes() if box not in snapshot.outcomes]
    if missing:
        raise ValueError(
            f"the snapshot of {snapshot.period} is incomplete: "
            f"{len(missing)} mailboxes without an outcome, first {missing[0]!r}"
        )


def _usage(
    person: Staff,
    unit_code: str,
    outcomes: Mapping[str, Outcome],
    sums: Mapping[str, MailboxSums],
    rules: Rules,
) -> StaffUsage:
    """A person in scope: without mailbox, unmeasured and why, or measured and what was done."""
    if person.mailbox is None:
        return StaffUsage(person, unit_code, StaffState.NOT_PROVIDED)
    outcome = outcomes[person.mailbox]
    if isinstance(outcome, Unmeasured):
        state = StaffState.UNMEASURED
        return StaffUsage(person, unit_code, state, outcome.reason, outcome.detail)
    did = sums[person.mailbox]
    return StaffUsage(
        person,
        unit_code,
        StaffState.MEASURED,
        sent=did.sent,
        received=did.received,
        read=did.read,
        sent_days=did.sent_days,
        due=did.due,
        due_read=did.due_read,
        has_read=did.read > 0,
        has_sent=did.sent > 0,
        regular=is_regular(did, rules),
    )
