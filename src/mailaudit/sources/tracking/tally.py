"""Adds up the facts of some mailboxes by local day."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from mailaudit.model.outcome import Activity, DayActivity
from mailaudit.model.period import Period
from mailaudit.sources.tracking.records import (
    BUCKETS,
    FACT,
    Kind,
    days_of,
    kinds_of,
    mailboxes_of,
    others_of,
    without_others,
)

# Which counts of a day a fact adds to.
_FIELDS_OF: Mapping[int, tuple[str, ...]] = {
    Kind.SENT: ("sent",),
    Kind.BY_SMTP: ("sent", "sent_by_smtp"),
    Kind.BY_PHONE: ("sent", "sent_by_phone"),
    Kind.BY_WEB: ("sent", "sent_by_web"),
    Kind.DELIVERED: ("received",),
    Kind.DELIVERED_INSIDE: ("received", "received_inside"),
    Kind.DELIVERED_OUTSIDE: ("received", "received_outside"),
    Kind.TO_SELF: ("sent_to_self",),
    Kind.TO_INSIDE: ("recipients_inside",),
    Kind.TO_OUTSIDE: ("recipients_outside",),
}


def activities_of(
    facts: bytes, bucket: int, mailboxes: Sequence[str], period: Period, observed_at: datetime
) -> Iterator[Activity]:
    """The Activities of the mailboxes that lie in a bucket, those without a fact too.

    A recipient counts once a day, however many mails went there.
    """
    table = np.frombuffer(facts, FACT)
    kinds = kinds_of(table)
    is_recipient = (kinds == Kind.TO_INSIDE) | (kinds == Kind.TO_OUTSIDE)
    counted = np.concatenate([table[~is_recipient], np.unique(table[is_recipient])])
    groups, counts = np.unique(without_others(counted), return_counts=True)
    by_day: defaultdict[int, defaultdict[int, Counter[str]]]
    by_day = defaultdict(lambda: defaultdict(Counter))
    columns = mailboxes_of(groups), days_of(groups), kinds_of(groups), counts
    for number, day, kind, count in zip(*(one.tolist() for one in columns), strict=True):
        of_day = by_day[number][day]
        for name in _FIELDS_OF[kind]:
            of_day[name] += count
    sent = table[kinds <= Kind.BY_WEB]
    sent = sent[np.argsort(others_of(sent))]  # of each mailbox the last one stays
    last_sent = dict(zip(mailboxes_of(sent).tolist(), others_of(sent).tolist(), strict=True))
    for number in range(bucket, len(mailboxes), BUCKETS):
        days: Mapping[int, Mapping[str, int]] = by_day.get(number, {})
        last = last_sent.get(number)
        yield Activity(
            mailboxes[number],
            observed_at,
            tuple(
                DayActivity(period.first_day.replace(day=day), **days[day]) for day in sorted(days)
            ),
            datetime.fromtimestamp(last, UTC) if last is not None else None,
        )
