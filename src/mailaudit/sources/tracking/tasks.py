"""What processes do for a TrackingLogs, and what they answer: logs read, mails counted once.

Nothing here needs what reads rows, so that the first process goes without it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from mailaudit.sources.tracking.damage import Damage
from mailaudit.sources.tracking.opening import LogFile

Chunks = dict[int, bytes]  # of records or facts, by bucket


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose mail is looked for. It is sent to other processes.

    Attributes:
        mailboxes: Address, lower case -> number of the mailbox.
        inside_domains: The organisation's, lower case.
        key: Of the hash of mail ids; random, and forgotten with the run.
    """

    mailboxes: Mapping[bytes, int]
    inside_domains: frozenset[str]
    key: bytes


@dataclass(slots=True)
class Noted:
    """What was seen in rows beside mails of the staff.

    Attributes:
        unproven: Mails that came by SMTP from outside, in the name of somebody inside: not sent.
        submitted, delivered: How many rows say so, whoever's.
        unknown: How many rows have an event that Microsoft does not describe, by its name.
        exported: Numbers of logs in which a shell has put no recipients.
    """

    unproven: int = 0
    submitted: int = 0
    delivered: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    exported: set[int] = field(default_factory=set)

    def add(self, more: "Noted") -> None:
        """Adds what was seen in other rows."""
        self.unproven += more.unproven
        self.submitted += more.submitted
        self.delivered += more.delivered
        self.unknown += more.unknown
        self.exported |= more.exported


@dataclass(frozen=True, slots=True)
class LogRead:
    """What became of a log.

    Attributes:
        log: Its number.
        damage: Why it can't be counted; None where it can.
        size: Bytes, unpacked.
        beginning: Hash of its beginning and size; two logs with the same are one. Empty where it
            has no rows.
    """

    log: int
    damage: Damage | None
    size: int
    beginning: bytes


@dataclass(frozen=True, slots=True)
class ReadLogs:
    """Read logs; the answers are Chunks of records, then a LogRead of each, and what was Noted.

    Attributes:
        logs: By their numbers.
    """

    logs: Mapping[int, LogFile]


@dataclass(frozen=True, slots=True)
class CountMails:
    """Count each mail of a bucket once; the answer is Chunks of facts.

    Attributes:
        records: All of the bucket's.
        not_to_count: Numbers of logs that can't be counted.
    """

    records: bytes
    not_to_count: frozenset[int]


Task = ReadLogs | CountMails
Answer = Chunks | LogRead | Noted
