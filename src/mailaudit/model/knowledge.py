"""What a source can say of a mailbox. What it can't is unknown: neither 0 nor "not used"."""

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

# Of message tracking logs: who sent what to whom, and never what became of it in the mailbox.
TRACKING_LOGS = frozenset(
    {Knowledge.SENDERS, Knowledge.SUBMIT_TIMES, Knowledge.RECIPIENTS, Knowledge.CLIENTS}
)
