"""Records: what is kept of a row that can count. Fixed in size, with nothing legible in it.

They lie in one of BUCKETS by their mail, so that all of a mail's are found together. Facts are what
is known once each mail was counted once; they lie by mailbox.
"""

from enum import IntEnum
from struct import Struct

BUCKETS = 128


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
    SMTP_TO_INSIDE = 10  # one whom a hop by SMTP names
    SMTP_TO_OUTSIDE = 11


class Place(IntEnum):
    """What a Fact is a count of."""

    SENT = 0
    BY_SMTP = 1
    BY_PHONE = 2
    BY_WEB = 3
    RECEIVED = 4
    FROM_INSIDE = 5
    FROM_OUTSIDE = 6
    TO_SELF = 7
    TO_INSIDE = 8
    TO_OUTSIDE = 9


# Hash of the mail's id; CRC-32 of its network id, or of a recipient; number of the mailbox; time in
# seconds from 1970; number of the log; Kind. The hash is keyed anew in each run.
RECORD = Struct("<8sIIIIB")

# Number of the mailbox; CRC-32 of a recipient, or a time; day of the month; Place.
FACT = Struct("<IIBB")

KEY_BYTES = 8


def bucket_of_mail(key: bytes) -> int:
    """Where the records of a mail lie."""
    return key[0] >> 1


def bucket_of_mailbox(number: int) -> int:
    """Where the facts of a mailbox lie."""
    return number % BUCKETS
