"""Adds up the facts of some mailboxes by local day."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from mailaudit.model.outcome import Activity, DayActivity
from mailaudit.model.period import Period
from mailaudit.sources.tracking.days import DayOfMonth
from mailaudit.sources.tracking.records import BUCKETS, FACT, Place

_FIELD_OF = {
    Place.SENT: "sent",
    Place.BY_SMTP: "sent_by_smtp",
    Place.BY_PHONE: "sent_by_phone",
    Place.BY_WEB: "sent_by_web",
    Place.RECEIVED: "received",
    Place.FROM_INSIDE: "received_inside",
    Place.FROM_OUTSIDE: "received_outside",
    Place.TO_SELF: "sent_to_self",
    Place.TO_INSIDE: "recipients_inside",
    Place.TO_OUTSIDE: "recipients_outside",
}
_DISTINCT = (Place.TO_INSIDE, Place.TO_OUTSIDE)


def activities_of(
    facts: bytes, bucket: int, mailboxes: Sequence[str], period: Period, observed_at: datetime
) -> Iterator[Activity]:
    """The Activities of the mailboxes that lie in a bucket, those without a fact too."""
    counts: defaultdict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    seen: set[tuple[int, int, int, int]] = set()
    last_sent: dict[int, int] = {}
    for number, other, day, place in FACT.iter_unpack(facts):
        if place in _DISTINCT:
            recipient = number, other, day, place
            if recipient in seen:
                continue
            seen.add(recipient)
        elif place == Place.SENT:
            last_sent[number] = max(other, last_sent.get(number, 0))
        of_mailbox = counts[number]
        of_mailbox[day, place] = of_mailbox.get((day, place), 0) + 1
    days = DayOfMonth(period)
    for number in range(bucket, len(mailboxes), BUCKETS):
        last = last_sent.get(number)
        yield Activity(
            mailboxes[number],
            observed_at,
            _days(counts.get(number, {}), days),
            datetime.fromtimestamp(last, UTC) if last is not None else None,
        )


def _days(counts: dict[tuple[int, int], int], days: DayOfMonth) -> tuple[DayActivity, ...]:
    by_day: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for (day, place), count in counts.items():
        by_day[day][_FIELD_OF[Place(place)]] = count
    return tuple(DayActivity(days.date(day), **by_day[day]) for day in sorted(by_day))
