"""Sending each mail once: noted before and after, paced, in any number of runs.

A mail whose fate is unknown is not sent again by itself, for it may have arrived; nor is it taken
for sent.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import Message
from hashlib import sha256
from typing import Protocol

from mailaudit.delivery.mail import bytes_of
from mailaudit.delivery.mailer import FateUnknown, Mailer, NotTaken
from mailaudit.delivery.plan import Recipient
from mailaudit.errors import N_, DeliveryError, MailauditError
from mailaudit.model.delivery import Attempt, Fate
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Snapshot

FIRST_REFUSED = 5  # mails: where the server takes none of them, it is not the addresses
UNKNOWN_IN_A_ROW = 2  # then it is not the mail
WAITS_S = (10.0, 60.0)  # before a mail is tried again that the server may take later


class Ledger(Protocol):
    """What was sent so far."""

    def deliveries(self, period: Period) -> Sequence[Attempt]:
        """Every attempt to send somebody an edition of the Period, the oldest first."""
        ...

    def begin(self, snapshot: Snapshot, attempt: Attempt) -> None:
        """Notes that a mail about the snapshot is about to be sent; its fate is unknown.

        Raises:
            StoreError: Another edition has taken the snapshot's place.
        """
        ...

    def check(self, snapshot: Snapshot) -> None:
        """Raises StoreError where another edition has taken the snapshot's place."""
        ...

    def end(self, message_id: str, fate: Fate, detail: str, *, now: datetime) -> None:
        """Notes what became of it."""
        ...


@dataclass(slots=True)
class Pace:
    """Keeps mails a certain time apart.

    Args:
        mails_per_minute: Most of them.
        wait: Sleeps so many seconds.
    """

    mails_per_minute: int
    wait: Callable[[float], None] = time.sleep
    _next_at: float = field(default=0.0, init=False)

    def take(self) -> None:
        """Waits until the next mail may go."""
        left = self._next_at - time.monotonic()
        if left > 0:
            self.wait(left)
        self._next_at = time.monotonic() + 60 / self.mails_per_minute


class Sender:
    """Sends the mails about one snapshot.

    Args:
        clock: This instant.
        stop: Called where a stop does no harm; raises KeyboardInterrupt where one was asked for.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        mailer: Mailer,
        ledger: Ledger,
        pace: Pace,
        *,
        clock: Callable[[], datetime],
        stop: Callable[[], None],
    ) -> None:
        self._snapshot, self._mailer, self._ledger = snapshot, mailer, ledger
        self._pace, self._clock, self._stop = pace, clock, stop
        self._tried, self._unknown, self._has_sent = 0, 0, False

    def send_all(
        self,
        recipients: Iterable[Recipient],
        message_for: Callable[[Recipient], Message],
        on_sent: Callable[[Attempt], None],
    ) -> None:
        """Sends a mail to each of these people.

        Args:
            message_for: Makes somebody's mail, just before it is sent.
            on_sent: Called with each attempt once its fate is noted.

        Raises:
            DeliveryError: The server can't be used, or takes none of the mails.
            StoreError: The edition was replaced, or the ledger can't be written.
            KeyboardInterrupt: It was asked to stop; every mail so far is noted.
        """
        for recipient in recipients:
            message = message_for(recipient)
            self._pace.take()
            self._stop()
            self._mailer.open()
            attempt = self._send(recipient, message)
            on_sent(attempt)
            self._refuse_to_go_on(attempt)
            self._stop()

    def _send(self, recipient: Recipient, message: Message) -> Attempt:
        """One mail, noted before and after."""
        attempt = Attempt(
            edition=self._snapshot.edition,
            recipient=recipient.address,
            message_id=str(message["Message-ID"]),
            digest=sha256(bytes_of(message)).hexdigest(),
            begun_at=self._clock(),
            units=recipient.units,
            is_board=recipient.is_board,
        )
        self._ledger.begin(self._snapshot, attempt)
        fate, detail = Fate.SENT, ""
        try:
            self._hand_over(message)
        except NotTaken as refusal:
            fate, detail = Fate.NOT_SENT, refusal.detail
        except FateUnknown as broken:
            return replace(attempt, detail=broken.detail)
        except MailauditError:
            self._end(message, Fate.NOT_SENT)
            raise
        now = self._end(message, fate, detail)
        return replace(attempt, fate=fate, detail=detail, ended_at=now)

    def _hand_over(self, message: Message) -> None:
        """Tries again, after a while, what the server says it may take later."""
        for wait_s in WAITS_S:
            try:
                self._mailer.send(message)
            except NotTaken as refusal:
                if not refusal.may_pass:
                    raise
            else:
                return
            try:
                self._pace.wait(wait_s)
                self._stop()
            except KeyboardInterrupt:
                self._end(message, Fate.NOT_SENT)
                raise
            self._mailer.open()
            self._ledger.check(self._snapshot)  # last, as reconnecting takes time as well
        self._mailer.send(message)

    def _end(self, message: Message, fate: Fate, detail: str = "") -> datetime:
        now = self._clock()
        self._ledger.end(str(message["Message-ID"]), fate, detail, now=now)
        return now

    def _refuse_to_go_on(self, attempt: Attempt) -> None:
        """Stops where the server takes no mail at all, or breaks off at each of them."""
        self._tried += 1
        self._has_sent |= attempt.fate is Fate.SENT
        self._unknown = self._unknown + 1 if attempt.fate is Fate.UNKNOWN else 0
        if self._unknown >= UNKNOWN_IN_A_ROW:
            raise DeliveryError(
                N_("The mail server broke off {count} mails in a row: {detail}."),
                N_("Whether they arrived is not known; see its log before sending them again."),
                count=UNKNOWN_IN_A_ROW,
                detail=attempt.detail,
            )
        if not self._has_sent and self._tried >= FIRST_REFUSED:
            raise DeliveryError(
                N_("The mail server took none of the first {count} mails: {detail}."),
                N_("No further mail was sent. Remove the cause, then run the same command again."),
                count=FIRST_REFUSED,
                detail=attempt.detail,
            )
