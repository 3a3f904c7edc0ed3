"""Records: what is kept of a row that can count. Fixed in size, with nothing legible in it.

They lie in one of BUCKETS by their mail, so that all of a mail's are found together. Facts are what
is known once each mail was counted once; they lie by mailbox.
"""

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mailaudit.sources.tracking.tasks import Chunks

BUCKETS = 256  # as many as a byte can number
KEY = np.dtype("<u8")
_KEY_BITS_LEFT = 56  # of 64 the first eight are the number of the bucket

Table = NDArray[Any]  # of RECORD or FACT


class Kind(IntEnum):
    """What a record, or a fact, says.

    Of several rows on how a mail was sent the greatest holds: a hop by SMTP is logged of every one.
    """

    NO_MAIL = 0  # a report, an automatic reply or an invitation: neither sent nor delivered counts
    BY_SMTP = 1
    SENT = 2  # by Outlook, or by what the log does not say
    BY_PHONE = 3
    BY_WEB = 4
    DELIVERED = 5
    DELIVERED_INSIDE = 6  # from inside
    DELIVERED_OUTSIDE = 7
    TO_INSIDE = 8  # one recipient of a mail sent
    TO_OUTSIDE = 9
    SMTP_TO_INSIDE = 10  # one whom a hop by SMTP names; of records alone, like NO_MAIL
    SMTP_TO_OUTSIDE = 11
    TO_SELF = 12  # a copy that came to its sender; of facts alone


# Attributes of a row: hash of the mail's id, keyed anew in each run; CRC-32 of the mail's network
# id, or of a recipient; number of the mailbox; seconds from 1970; number of the log, then the Kind.
RECORD = np.dtype(
    [("key", KEY), ("other", "<u4"), ("number", "<u4"), ("second", "<u4"), ("mark", "<u4")]
)
KIND_BITS = 8  # of a mark
# A fact is one number, since numbers are sorted quickly: from above the number of the mailbox (23
# bits), the day of the month, the Kind, and a recipient's CRC-32 or the time of a mail sent.
FACT = np.dtype("<u8")
_MAILBOX_AT, _DAY_AT, _KIND_AT = np.uint64(41), np.uint64(36), np.uint64(32)
_DAYS, _KINDS, _OTHERS = np.uint64(0x1F), np.uint64(0xF), np.uint64(0xFFFFFFFF)


def facts(mailboxes: Table, days: Table, kinds: Table, others: Table) -> Table:
    """Facts of these columns."""
    found = mailboxes.astype(FACT) << _MAILBOX_AT
    for column, at in ((days, _DAY_AT), (kinds, _KIND_AT), (others, np.uint64(0))):
        found |= column.astype(FACT) << at
    return found


def mailboxes_of(facts: Table) -> Table:
    """The numbers of the facts' mailboxes."""
    return facts >> _MAILBOX_AT


def days_of(facts: Table) -> Table:
    """The facts' days of the month."""
    return facts >> _DAY_AT & _DAYS


def kinds_of(facts: Table) -> Table:
    """The facts' Kinds."""
    return facts >> _KIND_AT & _KINDS


def others_of(facts: Table) -> Table:
    """The CRC-32 of the facts' recipients, or the times of mails sent."""
    return facts & _OTHERS


def without_others(facts: Table) -> Table:
    """The facts with nothing but their mailboxes, days and Kinds."""
    return facts & ~_OTHERS


def records_by_mail(records: Table) -> Chunks:
    """Records by the bucket of their mail."""
    return _by_bucket(records, records["key"] >> np.uint64(_KEY_BITS_LEFT))


def facts_by_mailbox(facts: Table) -> Chunks:
    """Facts by the bucket of their mailbox, which is its number's rest."""
    return _by_bucket(facts, mailboxes_of(facts) % BUCKETS)


def starts_of_groups(column: NDArray[Any]) -> NDArray[Any]:
    """Where a number differs from the one before it."""
    differs = np.ones(len(column), np.bool_)
    np.not_equal(column[1:], column[:-1], out=differs[1:])
    return np.flatnonzero(differs)


def _by_bucket(table: Table, buckets: NDArray[Any]) -> Chunks:
    numbers = buckets.astype(np.uint8)
    ordered = memoryview(table[np.argsort(numbers, kind="stable")].tobytes())
    ends = (np.cumsum(np.bincount(numbers, minlength=BUCKETS)) * table.itemsize).tolist()
    starts = [0, *ends[:-1]]
    edges = enumerate(zip(starts, ends, strict=True))
    return {number: bytes(ordered[start:end]) for number, (start, end) in edges if start < end}
