"""What a source can say of a mailbox. What it can't is unknown: neither 0 nor "not used"."""

from collections.abc import Mapping, Set
from enum import StrEnum


class Knowledge(StrEnum):
    """One thing that some sources know and others don't. Its value is stored, and printed for IT.

    How much was sent and received by day, every source knows.
    """

    READ_FLAGS = "read flags"
    REPLIES = "replies"
    SENDERS = "senders"  # whether from inside or outside
    SUBMIT_TIMES = "submit times"  # of the last mail sent
    RECIPIENTS = "recipients"
    CLIENTS = "clients"


# Of Exchange over EWS; and of everything stored before sources declared what they know.
EXCHANGE = frozenset(
    {Knowledge.READ_FLAGS, Knowledge.REPLIES, Knowledge.SENDERS, Knowledge.SUBMIT_TIMES}
)
# Of a server over IMAP: that a mail was answered is known, but not when.
IMAP = frozenset({Knowledge.READ_FLAGS, Knowledge.SUBMIT_TIMES})
# Of message tracking logs: who sent what to whom, and never what became of it in the mailbox.
TRACKING_LOGS = frozenset(
    {Knowledge.SENDERS, Knowledge.SUBMIT_TIMES, Knowledge.RECIPIENTS, Knowledge.CLIENTS}
)

# By a count of a DayActivity, or `last_sent_at`: what its source knows one of where it is known.
NEEDED: Mapping[str, frozenset[Knowledge]] = {
    "read": frozenset({Knowledge.READ_FLAGS}),
    "replied": frozenset({Knowledge.REPLIES}),
    "reply_delay_s": frozenset({Knowledge.REPLIES}),
    "received_inside": frozenset({Knowledge.SENDERS}),
    "received_outside": frozenset({Knowledge.SENDERS}),
    "sent_to_self": frozenset({Knowledge.SENDERS, Knowledge.RECIPIENTS}),
    "recipients_inside": frozenset({Knowledge.RECIPIENTS}),
    "recipients_outside": frozenset({Knowledge.RECIPIENTS}),
    "sent_by_smtp": frozenset({Knowledge.CLIENTS}),
    "sent_by_phone": frozenset({Knowledge.CLIENTS}),
    "sent_by_web": frozenset({Knowledge.CLIENTS}),
    "last_sent_at": frozenset({Knowledge.SUBMIT_TIMES}),
}


def is_known(count: str, knows: Set[Knowledge]) -> bool:
    """Whether a source that knows this can say it; where it can't, the stored 0 is no number."""
    return count not in NEEDED or bool(NEEDED[count] & knows)
