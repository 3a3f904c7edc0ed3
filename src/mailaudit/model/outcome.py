"""What became of one mailbox in one Period: Activity or Unmeasured, exactly one of them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class DayActivity(NamedTuple):
    """Counts of one mailbox on one local day. All are numbers of messages but `reply_delay_s`.

    A tuple, because there are twenty for each mailbox and month, and twelve months in a report.

    Attributes:
        sent: Messages in Sent Items (a message to many recipients counts once).
        received: Messages that arrived.
        read: Those of `received` that were marked read when the mailbox was collected.
        replied: Those of `received` that the owner answered.
        reply_delay_s: Seconds between receipt and answer, summed over `replied`.
        received_inside, received_outside: Those of `received` whose sender's address is known
            and belongs, or does not belong, to the organisation's domains. The rest is unknown.
        sent_to_self: Those of `sent` that came to the mailbox itself too, by the day they came.
            0 in months collected before it was counted.
        recipients_inside, recipients_outside: Distinct addresses but the owner's own that mail
            `sent` that day was for, inside the organisation's domains and outside.
        sent_by_smtp, sent_by_phone, sent_by_web: Those of `sent` that a program submitted by SMTP
            (one that fetches mail by POP or IMAP, a printer), a phone by ActiveSync, a browser.
    """

    day: date
    sent: int = 0
    received: int = 0
    read: int = 0
    replied: int = 0
    reply_delay_s: int = 0
    received_inside: int = 0
    received_outside: int = 0
    sent_to_self: int = 0
    recipients_inside: int = 0
    recipients_outside: int = 0
    sent_by_smtp: int = 0
    sent_by_phone: int = 0
    sent_by_web: int = 0


class Reason(StrEnum):
    """Why a mailbox could not be measured. Its value is what is stored."""

    NO_MAILBOX = "no mailbox"
    ACCESS_DENIED = "access denied"
    UNAVAILABLE = "moved or database offline"
    TIMED_OUT = "timed out"
    SERVER_BUSY = "server busy"
    MALFORMED_ANSWER = "malformed answer"
    LEFT_OUT = "server left out"  # by somebody who went on without its server
    LOG_MISSING = "log missing"  # of a day at least, of one server at least
    NOT_ASKED = "not asked"  # the address came to the list by a correction
    UNKNOWN_TO_SOURCE = "unknown to the source"  # never of a mailbox: of people not judged
    OTHER_KIND = "several kinds of sources"  # likewise: of people in a longer period
    REMOVED = "removed"  # never of a mailbox: of people removed, where rules have changed since


@dataclass(frozen=True, slots=True)
class Activity:
    """What one mailbox did in one Period, by local day; no subject, body or attachment.

    Attributes:
        mailbox: The address, as in the Roster.
        observed_at: When the mailbox was asked, UTC. `read` is a state at this instant.
        days: Only the days with something, ascending, each inside the Period.
        last_sent_at: The latest sent message of the Period, UTC, or None.
        forwards_to: The domains outside the organisation that rules of the mailbox send mail on to,
            with spaces between; "" for none, None where that is not known.
        server: The name of the server that was asked; empty where there is one alone.
    """

    mailbox: str
    observed_at: datetime
    days: tuple[DayActivity, ...] = ()
    last_sent_at: datetime | None = None
    forwards_to: str | None = None
    server: str = ""


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A mailbox and the reason it could not be measured; never zero, never "not used".

    Attributes:
        detail: The server's error code or the kind of failure, the name of the server left out, or
            the days without logs; no text from a mailbox.
        server: As of an Activity.
    """

    mailbox: str
    observed_at: datetime
    reason: Reason
    detail: str = ""
    server: str = ""


Outcome = Activity | Unmeasured
