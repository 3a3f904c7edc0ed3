"""Records: what is kept of a row that can count. Fixed in size, with nothing legible in it.

They lie in one of BUCKETS by their mail, so that all of a mail's are found together. Facts are what
is known once each mail was counted once; they lie by mailbox.
"""

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

BUCKETS = 128
KEY_BYTES = 8
_KEY_BITS_LEFT = 57  # of 64 the first seven are the number of the bucket

Table = NDArray[Any]  # with the columns of RECORD or FACT
Chunks = dict[int, bytes]  # of records or facts, by bucket


class Kind(IntEnum):
    """What a row says.

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
# id, or of a recipient; number of the mailbox; seconds from 1970; number of the log; Kind.
RECORD = np.dtype(
    [
        ("key", "<u8"),
        ("other", "<u4"),
        ("number", "<u4"),
        ("second", "<u4"),
        ("log", "<u4"),
        ("kind", "u1"),
    ]
)
# Number of the mailbox; CRC-32 of a recipient, or the time of a mail sent; day of the month; Kind.
FACT = np.dtype([("number", "<u4"), ("other", "<u4"), ("day", "u1"), ("kind", "u1")])


def records_by_mail(records: Table) -> Chunks:
    """Records by the bucket of their mail."""
    return _by_bucket(records, records["key"] >> np.uint64(_KEY_BITS_LEFT))


def facts_by_mailbox(facts: Table) -> Chunks:
    """Facts by the bucket of their mailbox, which is its number's rest."""
    return _by_bucket(facts, facts["number"] % BUCKETS)


def starts_of_groups(*columns: NDArray[Any]) -> NDArray[Any]:
    """Where a row differs from the one before it."""
    size = len(columns[0])
    differs = np.zeros(size, np.bool_)
    differs[:1] = True
    for column in columns:
        differs[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(differs)


def _by_bucket(table: Table, buckets: NDArray[Any]) -> Chunks:
    order = np.argsort(buckets, kind="stable")
    ordered = table[order]
    numbers, starts = np.unique(buckets[order], return_index=True)
    parts = np.split(ordered, starts[1:]) if len(numbers) else []
    return {int(number): part.tobytes() for number, part in zip(numbers, parts, strict=True)}
