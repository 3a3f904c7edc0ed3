"""What a stored month proves: which days, and of each mailbox measured the signs of use.

A sign is a mail sent, or a mail received that is marked as read. Logins are in no source.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest

from mailaudit.model.accounts import Dormancy, LookedAt, Span
from mailaudit.model.correction import CorrectionKind
from mailaudit.model.knowledge import Knowledge
from mailaudit.model.outcome import Activity
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster
from mailaudit.model.snapshot import Snapshot

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a mailbox that was measured in one month.

    Attributes:
        observed_at: When it was asked, UTC.
        proven_until: The last day of the month that was over then.
        last_sign: The newest day of the month with a sign of use.
        received: Mail that arrived from the first day of the span on.
    """

    observed_at: datetime
    proven_until: date
    last_sign: date | None
    received: int


@dataclass(frozen=True, slots=True)
class CollectedMonth:
    """A stored month without what lists of accounts do not need.

    Attributes:
        struck_off: Staff codes or addresses of those who, by a correction, never were staff.
        lines: The code of the line each unit counts in, by its code.
        seen: By mailbox; whichever is not in it was not measured.
    """

    looked_at: LookedAt
    roster: Roster
    struck_off: frozenset[str]
    lines: Mapping[str, str]
    seen: Mapping[str, Seen]

    @property
    def period(self) -> Period:
        return self.looked_at.period


def span_of(newest: Snapshot, dormancy: Dormancy) -> Span:
    """The days that are looked at for signs of use: they end with the last that is proven."""
    last = _proven_until(newest.period, newest.cut_off_at)
    return Span(dormancy.first_day(last), last)


def collected_month(snapshot: Snapshot, span: Span, lines: Mapping[str, str]) -> CollectedMonth:
    """What of a stored month lists of accounts are made of."""
    activities = [one for one in snapshot.outcomes.values() if isinstance(one, Activity)]
    # Of a source without read flags, who only reads would seem to do nothing.
    conclusive = [
        one for one in activities if Knowledge.READ_FLAGS in snapshot.source.knows_at(one.server)
    ]
    period, cut_off = snapshot.period, snapshot.cut_off_at
    return CollectedMonth(
        looked_at=LookedAt(
            period=period,
            edition=snapshot.edition,
            cut_off_at=cut_off,
            proven_until=_proven_until(period, cut_off),
            had_mail=any(day.sent or day.received for one in activities for day in one.days),
        ),
        roster=snapshot.roster,
        struck_off=frozenset(
            one.correction.person
            for one in snapshot.corrections
            if one.correction.kind is CorrectionKind.NOT_STAFF
        ),
        lines=lines,
        seen={one.mailbox: _seen(one, period, span) for one in conclusive},
    )


def missing_days(months: Iterable[LookedAt], span: Span) -> tuple[Span, ...]:
    """The days of the span that no collection proves, joined where they follow each other.

    A day is proven where its month is stored, had any mail, and the day was over at the cut-off.
    """
    proven = {
        (one.period.year, one.period.month): one.proven_until for one in months if one.had_mail
    }
    unproven = [day for day in _days(span) if day > proven.get((day.year, day.month), date.min)]
    return tuple(_joined(unproven))


def _seen(activity: Activity, period: Period, span: Span) -> Seen:
    signs = [day.day for day in activity.days if day.sent or day.read or day.replied]
    if activity.last_sent_at is not None:
        signs.append(activity.last_sent_at.astimezone(period.tz).date())
    return Seen(
        observed_at=activity.observed_at,
        proven_until=_proven_until(period, activity.observed_at),
        last_sign=max(signs, default=None),
        received=sum(day.received for day in activity.days if day.day >= span.first),
    )


def _proven_until(period: Period, asked_at: datetime) -> date:
    """The last day of the Period that was over when it was asked about.

    Asked on 15 October at 8:00: 14 October. On 2 November: 31 October. On 1 October: 30 September.
    """
    return min(asked_at.astimezone(period.tz).date() - ONE_DAY, period.last_day)


def _days(span: Span) -> Iterator[date]:
    day = span.first
    while day <= span.last:
        yield day
        day += ONE_DAY


def _joined(days: Sequence[date]) -> Iterator[Span]:
    first: date | None = None
    for day, following in zip_longest(days, days[1:]):
        first = first or day
        if following is None or following - day > ONE_DAY:
            yield Span(first, day)
            first = None
