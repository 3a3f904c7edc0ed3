"""reconcile(): a stored month beside what a second source says of it.

`docs/metrics.md` section 17 defines what is counted, and the likely reasons.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from mailaudit.metrics.lines import lines_of
from mailaudit.metrics.measure import measure
from mailaudit.metrics.places import place
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.knowledge import Knowledge
from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason, Unmeasured
from mailaudit.model.reconciliation import (
    Difference,
    Flow,
    Likely,
    MailboxReconciled,
    MeasuredByOne,
    Place,
    Reconciled,
    Reconciliation,
    Seen,
    Side,
    UnitReconciled,
    summed,
)
from mailaudit.model.roster import ONE_DAY, Staff
from mailaudit.model.rules import SENT_ALONE, Rules
from mailaudit.model.snapshot import Snapshot, SourceInfo
from mailaudit.model.usage import Counts, UnitUsage

LEAST_BOXES = 3  # with mail on a day, for the other source's having none to say something of it

Mails = Mapping[date, int]
Both = tuple[Activity, Activity]  # what the stored month and the witness say of one mailbox


def reconcile(
    snapshot: Snapshot,
    told: Mapping[str, Outcome],
    name: str,
    witness: SourceInfo,
    calendar: WorkCalendar,
    rules: Rules,
    *,
    asked_at: datetime,
) -> Reconciliation:
    """Holds the month's mails, sent and received, against the witness's, mailbox by mailbox and day
    by day.

    A mailbox received 4 mails on Monday by the store, 6 by the witness: 4 both saw, 2 only the
    witness did.

    Args:
        told: What the witness said, by mailbox; those it was not asked for are missing.
        name: What the configuration calls it.
    """
    people = [one for one in snapshot.roster.staff if one.mailbox in told]
    both: dict[str, Both] = {}
    by_one: list[MeasuredByOne] = []
    lines = lines_of(snapshot.roster.units)
    names = {unit.code: unit.name for unit in snapshot.roster.units}
    for person in people:
        box = person.mailbox or ""
        stored, other = snapshot.outcomes[box], told[box]
        if isinstance(stored, Activity) and isinstance(other, Activity):
            both[box] = stored, other
        elif found := _by_one(stored, other):
            side, activity, why = found
            unit, line = names[person.unit_code], lines[person.unit_code]
            mails = sum(day.sent + day.received for day in activity.days)
            by_one.append(MeasuredByOne(person, unit, line, side, mails, why.reason, why.detail))
    silent = _silent_days(both)
    judge = _Comparison(snapshot.source, witness, silent)
    mailboxes = tuple(
        judge.mailbox(one, names[one.unit_code], lines[one.unit_code], both[one.mailbox])
        for one in people
        if one.mailbox in both
    )
    by_definition = rules.needs <= snapshot.source.knows & witness.knows
    measured = [
        _Measured.of(snapshot, side, both, calendar, rules, by_definition=by_definition)
        for side in (0, 1)
    ]
    return Reconciliation(
        sums=Reconciled(
            period=snapshot.period,
            edition=snapshot.edition,
            digest=snapshot.digest if snapshot.sealed_at else "",
            name=name,
            kind=witness.kind,
            made_at=asked_at,
            mailboxes=len(mailboxes),
            differing=sum(bool(one.differences) for one in mailboxes),
            sent=summed(one.sent for one in mailboxes),
            received=summed(one.received for one in mailboxes),
        ),
        asked=len(people),
        neither=len(people) - len(mailboxes) - len(by_one),
        stored=snapshot.source,
        witness=witness,
        by_definition=by_definition,
        silent_days=tuple((side, day) for side in Side for day in sorted(silent[side])),
        mailboxes=mailboxes,
        by_one=tuple(by_one),
        units=tuple(_units(mailboxes, *measured)),
        total=(measured[0].total, measured[1].total),
    )


def _by_one(stored: Outcome, other: Outcome) -> tuple[Side, Activity, Unmeasured] | None:
    """Which source measured the mailbox, what it saw, and why the other did not measure it."""
    if isinstance(stored, Activity) and isinstance(other, Unmeasured):
        return Side.STORED, stored, other
    if isinstance(stored, Unmeasured) and isinstance(other, Activity):
        return Side.WITNESS, other, stored
    return None


def _silent_days(both: Mapping[str, Both]) -> dict[Side, frozenset[date]]:
    """The days of which a source has nothing of anybody, while the other has mail of
    LEAST_BOXES mailboxes: of a log they are the days that it lacks.
    """
    boxes = [
        Counter(day.day for pair in both.values() for day in pair[at].days if _is_active(day))
        for at in (0, 1)
    ]
    return {
        side: frozenset(
            day for day, count in of_other.items() if count >= LEAST_BOXES and not own[day]
        )
        for side, own, of_other in (
            (Side.STORED, boxes[0], boxes[1]),
            (Side.WITNESS, boxes[1], boxes[0]),
        )
    }


def _is_active(day: DayActivity) -> bool:
    return bool(day.sent or day.received)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Compares mailboxes, and finds the likely reason of each difference."""

    stored: SourceInfo
    witness: SourceInfo
    silent: Mapping[Side, frozenset[date]]

    def mailbox(self, person: Staff, unit: str, line: str, pair: Both) -> MailboxReconciled:
        """One mailbox by both sources."""
        seen, differences = {}, list[Difference]()
        for flow in Flow:
            stored, witness = (_mails(activity, flow) for activity in pair)
            common = sum(min(mails, witness.get(day, 0)) for day, mails in stored.items())
            seen[flow] = Seen(common, sum(stored.values()) - common, sum(witness.values()) - common)
            if seen[flow].different:
                differences.extend(self._differences(person, flow, pair, stored, witness))
        return MailboxReconciled(
            person, unit, line, seen[Flow.SENT], seen[Flow.RECEIVED], tuple(differences)
        )

    def _differences(
        self, person: Staff, flow: Flow, pair: Both, stored: Mails, witness: Mails
    ) -> Iterator[Difference]:
        excess = {Side.STORED: _excess(stored, witness), Side.WITNESS: _excess(witness, stored)}
        found = Counter[tuple[Side, Likely]]()
        for side in Side:
            for day in excess[side].keys() & self.silent[side.other]:
                found[side, Likely.OUTSIDE_DAYS] += excess[side].pop(day)
        shifted = _shifted(excess[Side.STORED], excess[Side.WITNESS])
        for side in Side:
            found[side, Likely.OTHER_DAY] = shifted
        for side in Side:
            other_saw = witness if side is Side.STORED else stored
            why = self._why(person, flow, side, pair, has_any=any(other_saw.values()))
            found[side, why] += sum(excess[side].values())
        for side in Side:
            for likely in Likely:
                if mails := found[side, likely]:
                    yield Difference(flow, side, likely, mails)

    def _why(self, person: Staff, flow: Flow, side: Side, pair: Both, *, has_any: bool) -> Likely:
        """Why the other source of `side` may lack mail of this flow.

        Args:
            has_any: Whether the other one has any mail of this flow at all.
        """
        if self._looks_inside(side.other, pair):
            if flow is Flow.SENT and not has_any:
                return Likely.NO_COPY
            sends_on = any(activity.forwards_to for activity in pair)
            if flow is Flow.RECEIVED and (sends_on or not has_any):
                return Likely.MOVED
            return Likely.DELETED
        if person.aliases:
            return Likely.ALIAS
        return Likely.PUT_THERE if self._looks_inside(side, pair) else Likely.UNKNOWN

    def _looks_inside(self, side: Side, pair: Both) -> bool:
        """Whether the source counts what lies in the mailbox: only there mail is marked as read.

        Others count what was sent and delivered.
        """
        source, at = (self.stored, 0) if side is Side.STORED else (self.witness, 1)
        return Knowledge.READ_FLAGS in source.knows_at(pair[at].server)


def _mails(activity: Activity, flow: Flow) -> dict[date, int]:
    """The mails of one flow by day, days without any left out."""
    return {day.day: mails for day in activity.days if (mails := getattr(day, flow.value))}


def _excess(one: Mails, other: Mails) -> dict[date, int]:
    """By how much each day has more in `one`."""
    return {day: more for day, mails in one.items() if (more := mails - other.get(day, 0)) > 0}


def _shifted(one: dict[date, int], other: dict[date, int]) -> int:
    """Takes out of both what one has on a day and the other on the day before or after; how many.

    Two more on Monday in one, two more on Tuesday in the other: the same two mails.
    """
    shifted = 0
    for day in sorted(one):
        for near in (day - ONE_DAY, day + ONE_DAY):
            mails = min(one[day], other.get(near, 0))
            if mails:
                one[day] -= mails
                other[near] -= mails
                shifted += mails
    return shifted


@dataclass(frozen=True, slots=True)
class _Measured:
    """The month as one source has it, over the mailboxes that both measured."""

    units: Mapping[str, UnitUsage]
    places: Mapping[str, Place]
    total: Counts

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        at: int,
        both: Mapping[str, Both],
        calendar: WorkCalendar,
        rules: Rules,
        *,
        by_definition: bool,
    ) -> "_Measured":
        """Measured and ranked as a month is.

        Args:
            at: 0 as the store has it, 1 as the witness.
            by_definition: Whether by the definition as it is; else what was read counts nowhere.
        """
        outcomes: dict[str, Outcome] = {}
        for box, outcome in snapshot.outcomes.items():
            if box in both:
                outcomes[box] = both[box][at] if by_definition else _unread(both[box][at])
            else:
                # The same people on both sides, or the rates would differ for who is asked.
                outcomes[box] = Unmeasured(box, outcome.observed_at, Reason.NOT_ASKED)
        if not by_definition and rules.counts_days:
            rules = replace(rules, regular=SENT_ALONE)
        source = replace(snapshot.source, knows=rules.needs, parts=())
        measured = measure(replace(snapshot, outcomes=outcomes, source=source), calendar, rules)
        counts = {usage.unit.code: usage.counts for usage in measured.units}
        by_group: dict[str, list[UnitUsage]] = defaultdict(list)
        for usage in measured.units:
            by_group[usage.unit.group].append(usage)
        places = {
            code: Place(counts[code], found.rank, found.tied, found.not_ranked)
            for usages in by_group.values()
            for code, found in place(usages, rules, measured.silence).items()
        }
        return cls({usage.unit.code: usage for usage in measured.units}, places, measured.total)


def _unread(activity: Activity) -> Activity:
    days = tuple(day._replace(read=0) for day in activity.days)
    return replace(activity, days=days)


def _units(
    mailboxes: Sequence[MailboxReconciled], stored: _Measured, witness: _Measured
) -> Iterator[UnitReconciled]:
    by_line: dict[str, list[MailboxReconciled]] = defaultdict(list)
    for one in mailboxes:
        by_line[one.line].append(one)
    for code, usage in stored.units.items():
        own = by_line[code]
        yield UnitReconciled(
            unit=usage.unit,
            mailboxes=len(own),
            differing=sum(bool(one.differences) for one in own),
            sent=summed(one.sent for one in own),
            received=summed(one.received for one in own),
            stored=stored.places[code],
            witness=witness.places[code],
        )
