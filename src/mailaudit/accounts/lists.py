"""account_lists(): from the newest month and those before it to what is proposed of whom.

A lock is proposed of those alone who are in scope in the newest month, hold one mailbox through the
whole span, were measured in each of its months, and showed no sign of use in any.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from mailaudit.accounts.collected import CollectedMonth, Seen, missing_days
from mailaudit.accounts.identity import Holders, addresses, has_same_holder, known_as, sought_as
from mailaudit.model.accounts import (
    AccountLists,
    Answered,
    Dormancy,
    Ground,
    PassedOver,
    Proposal,
    Span,
    Thinned,
)
from mailaudit.model.lineage import Lineage
from mailaudit.model.outcome import Reason
from mailaudit.model.roster import Staff
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Measurement, StaffState, StaffUsage
from mailaudit.model.wording import folded

THINNED_FROM = Fraction(1, 4)  # of a unit's people no longer listed: its list may be incomplete
LEAST_GONE = 5


def account_lists(
    newest: CollectedMonth,
    measurement: Measurement,
    earlier: Sequence[CollectedMonth],
    span: Span,
    dormancy: Dormancy,
    rules: Rules,
    lineage: Lineage,
) -> AccountLists:
    """What is proposed of the people of the newest month, and of those no longer listed.

    Args:
        measurement: Of the newest month.
        earlier: The months before, oldest first.
        span: See `collected.span_of`.
    """
    months = tuple(month.looked_at for month in (*earlier, newest))
    missing = missing_days(months, span)
    judge = _Judge(newest, tuple(earlier), span, rules, lineage, is_proven=not missing)
    passed_over: Counter[tuple[str, PassedOver]] = Counter()
    proposals: list[Proposal] = []
    for usage in measurement.staff:
        if usage.is_removed:  # at their request: nothing is left to propose anything by
            continue
        found = judge.decision(usage)
        if isinstance(found, Proposal):
            proposals.append(found)
        elif found is not None:
            passed_over[usage.unit_code, found] += 1
    proposals += judge.no_longer_listed()
    looked = newest.looked_at
    return AccountLists(
        period=looked.period,
        edition=looked.edition,
        cut_off_at=looked.cut_off_at,
        dormancy=dormancy,
        span=span,
        lines=tuple(usage.unit for usage in measurement.units),
        missing=missing,
        months=months,
        proposals=tuple(proposals),
        passed_over=passed_over,
        thinned=tuple(judge.thinned()),
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """The one mailbox somebody held in a month, and what was seen of it."""

    person: Staff
    seen: Seen


class _Judge:
    def __init__(
        self,
        newest: CollectedMonth,
        earlier: tuple[CollectedMonth, ...],
        span: Span,
        rules: Rules,
        lineage: Lineage,
        *,
        is_proven: bool,
    ) -> None:
        self._newest, self._earlier = newest, earlier
        self._span, self._rules, self._lineage = span, rules, lineage
        self._is_proven = is_proven
        self._months = (*earlier, newest)
        self._in_span = tuple(
            (month, Holders(month.roster.staff, lineage))
            for month in self._months
            if month.period.first_day <= span.last and month.period.last_day >= span.first
        )
        self._holders = Holders(newest.roster.staff, lineage)
        self._names = {unit.code: unit.name for unit in newest.roster.units}
        self._today = newest.looked_at.cut_off_at.astimezone(newest.period.tz).date()

    def decision(self, usage: StaffUsage) -> Proposal | PassedOver | None:
        """What is proposed of somebody listed in the newest month, or why no lock is."""
        person = usage.staff
        if self._has_left(person):
            return self._delete_of_left(usage)
        if usage.state is StaffState.NOT_PROVIDED:
            return self._proposal(Ground.NO_MAILBOX, usage)
        if usage.state is StaffState.UNMEASURED:
            is_unknown = usage.reason is Reason.NO_MAILBOX
            return PassedOver.UNKNOWN_ADDRESS if is_unknown else PassedOver.UNMEASURED
        if usage.state is not StaffState.MEASURED or not self._is_proven:
            return None
        return self._lock(usage)

    def _lock(self, usage: StaffUsage) -> Proposal | PassedOver | None:
        held = [self._held(month, holders, usage.staff) for month, holders in self._in_span]
        known = [one for one in held if one is not None]
        last_sign = self._last_sign(usage.staff, known)
        if last_sign is not None and last_sign >= self._span.first:
            return None
        if any(self._is_away(one.person) for one in known) or self._is_away(usage.staff):
            return PassedOver.AWAY
        if any(self._is_new(one.person) for one in known) or self._is_new(usage.staff):
            return PassedOver.NEW
        if len(known) < len(held):
            return PassedOver.UNMEASURED
        received = sum(one.seen.received for one in known)
        proposal = self._proposal(Ground.NO_SIGN, usage)
        return replace(proposal, received=received, last_sign=last_sign)

    def _held(self, month: CollectedMonth, holders: Holders, person: Staff) -> _Held | None:
        """The person's mailbox in a month of the span; None where it is in doubt or unproven."""
        found = holders.of(person)
        if len(found) != 1 or not has_same_holder(found[0], person):
            return None
        seen = month.seen.get(found[0].mailbox or "")
        due = min(month.period.last_day, self._span.last)
        if seen is None or seen.proven_until < due:
            return None
        return _Held(found[0], seen)

    def _delete_of_left(self, usage: StaffUsage) -> Proposal | None:
        person = usage.staff
        seen = self._newest.seen.get(person.mailbox or "")
        if seen is None or len(self._holders.of(person)) != 1:
            return None
        return replace(
            self._proposal(Ground.LEFT, usage),
            last_sign=self._last_sign(person),
            answered=Answered(self._newest.period, seen.observed_at),
            left_on=person.status_begins,
        )

    def no_longer_listed(self) -> Iterator[Proposal]:
        """People of earlier months, each in the last one that lists them."""
        for month, person in self._gone():
            seen = month.seen.get(person.mailbox or "")
            if seen is None:
                continue
            names = {unit.code: unit.name for unit in month.roster.units}
            yield Proposal(
                Ground.NOT_LISTED,
                person,
                unit=names[person.unit_code],
                line=self._line_today(month, person),
                last_sign=self._last_sign(person),
                answered=Answered(month.period, seen.observed_at),
            )

    def _gone(self) -> Iterator[tuple[CollectedMonth, Staff]]:
        known = self._known(self._newest)
        for month in reversed(self._earlier):
            here: set[str] = set()
            for person in month.roster.staff:
                here |= known_as(person, self._lineage)
                is_struck_off = self._newest.struck_off & {person.key, person.mailbox}
                if not is_struck_off and not sought_as(person, self._lineage) & known:
                    yield month, person
            known |= here

    def thinned(self) -> Iterator[Thinned]:
        """Units of which much of the last month's list is missing in the newest one."""
        if not self._earlier:
            return
        last = self._earlier[-1]
        known = self._known(self._newest)
        before = Counter(last.lines[person.unit_code] for person in last.roster.staff)
        gone = Counter(
            last.lines[person.unit_code]
            for person in last.roster.staff
            if not sought_as(person, self._lineage) & known
        )
        for unit in last.roster.units:
            number = gone[unit.code]
            if number >= LEAST_GONE and number >= THINNED_FROM * before[unit.code]:
                line = self._newest.lines.get(unit.code)
                yield Thinned(unit.name, line, number, before[unit.code], last.period)

    def _known(self, month: CollectedMonth) -> set[str]:
        people = month.roster.staff
        return {one for person in people for one in known_as(person, self._lineage)}

    def _line_today(self, month: CollectedMonth, person: Staff) -> str | None:
        """The line of the newest month that somebody of an earlier one belongs to."""
        today, code = self._newest.lines, person.unit_code
        return today.get(code) or today.get(month.lines[code])

    def _last_sign(self, person: Staff, held: Sequence[_Held] = ()) -> date | None:
        """The newest sign of use under any address of the person, in all months looked at."""
        signs = [one.seen.last_sign for one in held]
        for address in addresses(person, self._lineage):
            signs += [seen.last_sign for m in self._months if (seen := m.seen.get(address))]
        return max((sign for sign in signs if sign is not None), default=None)

    def _has_left(self, person: Staff) -> bool:
        """Whether the first day without work had come at the cut-off."""
        if folded(person.status) not in self._rules.left_statuses:
            return False
        begins = person.status_begins
        return begins is None or begins <= self._today

    def _is_away(self, person: Staff) -> bool:
        """Whether a leave that did not end before the span is listed, however short."""
        if folded(person.status) not in self._rules.excluded_statuses:
            return False
        return person.status_to is None or person.status_to >= self._span.first

    def _is_new(self, person: Staff) -> bool:
        """Whether the first day of work is after the first day of the span."""
        if folded(person.status) not in self._rules.joined_statuses:
            return False
        begins = person.status_begins
        return begins is None or begins > self._span.first

    def _proposal(self, ground: Ground, usage: StaffUsage) -> Proposal:
        person = usage.staff
        return Proposal(ground, person, self._names[person.unit_code], usage.unit_code)
