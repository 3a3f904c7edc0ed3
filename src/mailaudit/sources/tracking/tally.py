"""Adds up the facts of some mailboxes by local day."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from mailaudit.model.outcome import Activity, DayActivity
from mailaudit.model.period import Period
from mailaudit.sources.tracking.records import BUCKETS, FACT, Kind, Table, starts_of_groups

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
    is_recipient = (table["kind"] == Kind.TO_INSIDE) | (table["kind"] == Kind.TO_OUTSIDE)
    counted = np.concatenate([table[~is_recipient], _distinct(table[is_recipient])])
    # The three as one number: arrays of several columns are sorted a hundred times as slowly.
    codes = counted["number"].astype(np.int64) << 16 | counted["day"].astype(np.int64) << 8
    groups, counts = np.unique(codes | counted["kind"], return_counts=True)
    by_day: defaultdict[int, defaultdict[int, Counter[str]]]
    by_day = defaultdict(lambda: defaultdict(Counter))
    for group, count in zip(groups.tolist(), counts.tolist(), strict=True):
        of_day = by_day[group >> 16][group >> 8 & 0xFF]
        for name in _FIELDS_OF[group & 0xFF]:
            of_day[name] += count
    sent = table[table["kind"] <= Kind.BY_WEB]
    sent = sent[np.argsort(sent["other"])]  # of each mailbox the last one stays
    last_sent = dict(zip(sent["number"].tolist(), sent["other"].tolist(), strict=True))
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


def _distinct(table: Table) -> Table:
    """Each fact once."""
    columns = [table[name] for name in ("other", "number", "day", "kind")]
    order = np.lexsort(columns)
    found: Table = table[order][starts_of_groups(*(column[order] for column in columns))]
    return found
