"""ImapProbe: what a check of the set-up asks a server: what a collection does, of few mailboxes."""

import time
from collections.abc import Callable
from datetime import datetime

from mailaudit.model.period import Period
from mailaudit.sources.imap.connection import ImapConnection
from mailaudit.sources.imap.login import ImapLogin
from mailaudit.sources.imap.mailbox import MailboxReader
from mailaudit.sources.pace import Pace
from mailaudit.sources.probing import Opened
from mailaudit.sources.shared_state import OwnCell


class ImapProbe:
    """Opens single mailboxes, one after the other.

    Args:
        period: The month whose mails are asked for.
        clock: Now, UTC.
    """

    logs_in_alone = False
    server_time: datetime | None = None  # IMAP does not say

    def __init__(self, server: ImapLogin, period: Period, clock: Callable[[], datetime]) -> None:
        self._connection = ImapConnection(server, OwnCell())
        self._reader = MailboxReader(period, clock)
        turn = self._connection.turn
        self._pace = Pace(1, server.limits, period.tz, clock, OwnCell(), turn.give)

    @property
    def server_version(self) -> str:
        """What the server says it is, once it was checked."""
        return self._connection.server_version

    def check(self) -> None:
        """Connects, opening no mailbox, which here means without a login. Raises ServerError."""
        try:
            self._connection.check()
        finally:
            self._connection.turn.give()

    def open(self, mailbox: str) -> Opened:
        """Reads a mailbox as a collection does; keeps nothing.

        Raises:
            MailboxFault: It can't be opened.
            ServerError: The server as a whole can't be used any more.
        """
        since = time.monotonic()
        try:
            with self._pace.request() as answer:
                _, answer.waited_s = self._connection.read(mailbox, self._reader, lambda: None)
        finally:
            self._connection.turn.give()
        return Opened(1, time.monotonic() - since)

    def list_folders(self, mailbox: str) -> None:
        """Logs in as a mailbox, to see whether that is refused. Raises as `open`."""
        try:
            with self._pace.request(), self._connection.opened(mailbox) as (wire, _):
                wire.leave()
        finally:
            self._connection.turn.give()

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()
