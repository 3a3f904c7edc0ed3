"""Delivery: what is known of each mail that was to bring somebody an edition."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Fate(StrEnum):
    """What became of a mail."""

    UNKNOWN = "unknown"  # it was about to be sent, and nobody knows whether the server took it
    SENT = "sent"  # the server took it
    NOT_SENT = "not sent"  # the server did not take it


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to send a mail.

    Attributes:
        recipient: The address, lower case.
        message_id: The mail's, by which a server's log finds it.
        digest: SHA-256 (hex) of the whole mail.
        begun_at: Before it was sent, UTC.
        ended_at: When its fate was known, UTC; None where it is not.
        detail: The server's words where it did not take the mail.
        units: The codes of the units whose pages were in it.
        is_board: Whether the files of the whole were.

    With neither it was a reminder to the recipient.
    """

    edition: int
    recipient: str
    message_id: str
    digest: str
    begun_at: datetime
    fate: Fate = Fate.UNKNOWN
    ended_at: datetime | None = None
    detail: str = ""
    units: tuple[str, ...] = ()
    is_board: bool = False

    @property
    def is_reminder(self) -> bool:
        """Whether it was about the recipient's own mailbox."""
        return not self.units and not self.is_board
