"""measure(): a Snapshot becomes one StaffUsage per roster entry and one UnitUsage per line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mailaudit.metrics.kinds import apart_by_kind
from mailaudit.metrics.lines import chains, line_units, lines_of
from mailaudit.metrics.scope import Scope, unnamed_words
from mailaudit.metrics.summing import removed_usages, rules_digest
from mailaudit.metrics.tables import MailboxSums, sum_days, sum_people
from mailaudit.metrics.uses import are_told_apart, measured_gaps
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.gaps import HIDDEN_GAPS
from mailaudit.model.outcome import Activity, Outcome, Reason, Unmeasured
from mailaudit.model.roster import Staff, Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot, SourceInfo
from mailaudit.model.usage import (
    Measurement,
    Silence,
    StaffState,
    StaffUsage,
    UnitUsage,
    share_of,
)


def measure(
    snapshot: Snapshot, calendar: WorkCalendar, rules: Rules, within: str | None = None
) -> Measurement:
    """Puts every roster entry in exactly one state and sums each unit that is a line.

    Two people with mailboxes, one of whom could not be measured, one without a mailbox and one
    driver whose job is exempt: B = 4, D = 3, C = 2, U = 1. People removed from the snapshot count
    as their sums say; see metrics.summing.

    Args:
        within: The code of a unit: only its people count, and the units directly below it are the
            lines. None counts everybody, in the topmost units.

    Raises:
        ValueError: The snapshot is incomplete (a mailbox of the Roster has no outcome), or its
            units don't form trees. Neither can come out of a roster and a store that work.
    """
    _require_complete(snapshot)
    roster = snapshot.roster
    codes = chains(roster.units)
    for person in roster.staff:
        if person.unit_code not in codes:
            raise ValueError(f"staff {person.key!r} is in unit {person.unit_code!r}, not listed")
    lines = lines_of(roster.units, within)
    judges = _judges(snapshot, calendar, rules, codes)
    people = [person for person in roster.staff if person.unit_code in lines]
    staff = [judges[person.unit_code].usage(person, lines[person.unit_code]) for person in people]
    removal = snapshot.removal
    same_rules = removal is None or removal.sums.rules == rules_digest(snapshot, calendar, rules)
    if removal is not None:
        removed = removed_usages(snapshot, removal, same_rules=same_rules)
        staff += [
            replace(usage, unit_code=lines[usage.unit_code])
            for usage in removed
            if usage.unit_code in lines
        ]
    measured = summed(staff, roster.units, rules, _silence(snapshot, rules), within)
    is_outdated = removal is not None and removal.is_whole and not same_rules
    return replace(measured, is_outdated=is_outdated)


def summed(
    staff: Sequence[StaffUsage],
    units: Sequence[Unit],
    rules: Rules,
    silence: Silence | None,
    within: str | None = None,
) -> Measurement:
    """The Measurement of people who each have the line they count in; other arguments as above."""
    if not rules.counts_reading:
        staff = [replace(usage, has_read=None) for usage in staff]
    lines = line_units(units, (usage.unit_code for usage in staff), within)
    counts = sum_people(
        ((usage.unit_code, usage) for usage in staff), (unit.code for unit in lines)
    )
    tells_uses = are_told_apart(staff, rules)
    gaps = measured_gaps(staff, counts) if tells_uses and rules.counts_reading else {}
    return Measurement(
        staff=tuple(staff),
        units=apart_by_kind(
            [UnitUsage(unit, counts[unit.code], gaps.get(unit.code, HIDDEN_GAPS)) for unit in lines]
        ),
        unnamed=unnamed_words((usage.staff for usage in staff if not usage.is_removed), rules),
        silence=silence,
        tells_uses=tells_uses,
    )


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

    With SENT_ALONE the first condition alone: sent on 4 working days is regular, whatever was read.
    With ANY_ACTIVITY: at least one message was sent or read.
    """
    if not rules.counts_days:
        return sums.sent > 0 or sums.read > 0
    if sums.sent_days < rules.min_sent_days:
        return False
    if not rules.counts_reading:
        return True
    return sums.due < rules.read_waived_below or sums.due_read >= rules.min_read_share * sums.due


def _require_complete(snapshot: Snapshot) -> None:
    missing = [box for box in snapshot.roster.mailboxes() if box not in snapshot.outcomes]
    if missing:
        raise ValueError(
            f"the snapshot of {snapshot.period} is incomplete: "
            f"{len(missing)} mailboxes without an outcome, first {missing[0]!r}"
        )


def _silence(snapshot: Snapshot, rules: Rules) -> Silence | None:
    """Whether no mailbox had any mail, and whether enough were measured to say so of all.

    Enough is `measured / mailboxes >= Rules.min_coverage`. None where there is no mailbox at all.
    Where people were removed, it counts whether anybody had mail before.
    """
    removal = snapshot.removal
    if removal is not None and (removal.is_whole or removal.sums.silence is None):
        return removal.sums.silence
    outcomes = snapshot.outcomes.values()
    activities = [outcome for outcome in outcomes if isinstance(outcome, Activity)]
    days = (day for activity in activities for day in activity.days)
    if not outcomes or any(day.sent or day.received for day in days):
        return None
    is_known = activities and rules.is_sufficient(share_of(len(activities), len(outcomes)))
    return Silence.NO_MAIL if is_known else Silence.UNKNOWN


def _judges(
    snapshot: Snapshot,
    calendar: WorkCalendar,
    rules: Rules,
    codes: Mapping[str, tuple[str, ...]],
) -> dict[str, "_Judge"]:
    """The judge of each unit's people, by unit code; units with one calendar share one."""
    outcomes = snapshot.outcomes
    calendars = {code: calendar.of_unit(chain) for code, chain in codes.items()}
    boxes: dict[int, list[str]] = {id(own): [] for own in calendars.values()}
    for person in snapshot.roster.staff:
        if person.mailbox is not None:
            boxes[id(calendars[person.unit_code])].append(person.mailbox)
    judges = {}
    for own in {id(own): own for own in calendars.values()}.values():
        activities = {
            box: outcome for box in boxes[id(own)] if isinstance(outcome := outcomes[box], Activity)
        }
        judges[id(own)] = _Judge(
            snapshot.source,
            outcomes,
            sum_days(activities, own, last_due_day(snapshot, own, rules)),
            Scope(snapshot.period, cut_off_day(snapshot), own, rules),
            rules,
        )
    return {code: judges[id(own)] for code, own in calendars.items()}


@dataclass(frozen=True, slots=True)
class _Judge:
    """Decides about people with one working-day calendar."""

    source: SourceInfo
    outcomes: Mapping[str, Outcome]
    sums: Mapping[str, MailboxSums]
    scope: Scope
    rules: Rules

    def usage(self, person: Staff, unit_code: str) -> StaffUsage:
        """The person's state: out of scope, without a mailbox, unmeasured and why, or what was
        done."""
        if taken_out_by := self.scope.taken_out_by(person):
            return StaffUsage(person, unit_code, taken_out_by.state, out_of_scope=taken_out_by)
        if person.mailbox is None:
            return StaffUsage(person, unit_code, StaffState.NOT_PROVIDED)
        outcome = self.outcomes[person.mailbox]
        if isinstance(outcome, Unmeasured):
            state = StaffState.UNMEASURED
            return StaffUsage(person, unit_code, state, outcome.reason, outcome.detail)
        kind = self.source.kind_at(outcome.server)
        if lacking := self.rules.needs - self.source.knows_at(outcome.server):
            state, reason = StaffState.UNMEASURED, Reason.UNKNOWN_TO_SOURCE
            detail = ", ".join(sorted(lacking))
            return StaffUsage(person, unit_code, state, reason, detail, kind=kind)
        did = self.sums[person.mailbox]
        return StaffUsage(
            person,
            unit_code,
            StaffState.MEASURED,
            sent=did.sent,
            received=did.received,
            read=did.read,
            sent_days=did.sent_days,
            sent_enough=did.sent_days >= self.rules.min_sent_days,
            due=did.due,
            due_read=did.due_read,
            has_read=did.read > 0,
            has_sent=did.sent > 0,
            regular=is_regular(did, self.rules),
            kind=kind,
        )
