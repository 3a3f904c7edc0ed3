"""EwsProbe: what a check of the set-up asks a server: requests of a collection, and few of them."""

import time
from collections.abc import Callable
from datetime import datetime

from mailaudit.model.outcome import Reason
from mailaudit.model.period import Period
from mailaudit.sources.ews.answers import read_folder_page, read_item_pages
from mailaudit.sources.ews.client import Client
from mailaudit.sources.ews.envelopes import MAX_FOLDERS_PER_CALL, Envelopes, page_size
from mailaudit.sources.ews.faults import EwsFault
from mailaudit.sources.ews.login import EwsLogin
from mailaudit.sources.ews.mailbox import MailboxReader
from mailaudit.sources.pace import Pace
from mailaudit.sources.probing import Opened
from mailaudit.sources.shared_state import OwnCell

LONGEST_SILENCE_S = 10.0  # that a server may ask for


class EwsProbe:
    """Logs in once and opens single mailboxes, one request after the other on one connection.

    Args:
        period: The month whose items are asked for.
        clock: Now, UTC.
    """

    logs_in_alone = True

    def __init__(self, server: EwsLogin, period: Period, clock: Callable[[], datetime]) -> None:
        self._client = Client(server, OwnCell())
        self._envelopes = Envelopes(server.version, period)
        self._closed_until = OwnCell()
        self._pace = Pace(
            1, server.limits, period.tz, clock, self._closed_until, self._client.turn.give
        )
        self._reader = MailboxReader(self._ask, server.version, period, frozenset(), clock)
        self._requests = 0

    @property
    def server_version(self) -> str:
        """What the server says it is, once it was checked."""
        return self._client.server_version

    @property
    def server_time(self) -> datetime | None:
        """What the server's clock said with its last answer that gave the time, a refusal too."""
        return self._client.server_time

    def check(self) -> None:
        """Logs in once, opening no mailbox. Raises ServerError."""
        try:
            self._client.check()
        finally:
            self._client.turn.give()

    def open(self, mailbox: str) -> Opened:
        """Lists the folders of a mailbox and the first items of the month in them; keeps neither.

        Raises:
            MailboxFault: It can't be opened.
            ServerError: The server as a whole can't be used any more.
        """
        self._requests, since = 0, time.monotonic()
        try:
            folders = self._reader.folders(mailbox)
            ids = (*folders.sent, *folders.others)[:MAX_FOLDERS_PER_CALL]
            if not ids:
                return Opened(self._requests, time.monotonic() - since)
            content = self._ask(self._envelopes.find_items(mailbox, ids), mailbox)
            asked, cut = page_size(len(ids)), None
            for page in read_item_pages(content, len(ids)):
                if page.fault is not None:
                    raise page.fault
                if not page.complete and len(page.entries) < asked:
                    cut = max(cut or 0, len(page.entries))
            return Opened(self._requests, time.monotonic() - since, asked, cut)
        finally:
            self._client.turn.give()

    def list_folders(self, mailbox: str) -> None:
        """Lists the folders of a mailbox, to see whether that is refused. Raises as `open`."""
        try:
            read_folder_page(self._ask(self._envelopes.find_folders(mailbox), mailbox))
        finally:
            self._client.turn.give()

    def close(self) -> None:
        """Closes the connection."""
        self._client.close()

    def _ask(self, envelope: bytes, mailbox: str) -> bytes:
        # A collection waits for as long as a busy server wishes; somebody waits for a check.
        if self._closed_until.value - time.monotonic() > LONGEST_SILENCE_S:
            raise EwsFault(Reason.SERVER_BUSY, "ErrorServerBusy")
        with self._pace.request() as answer:
            reply = self._client.ask(envelope, mailbox, self._pace.hold)
            answer.waited_s = reply.waited_s
        self._requests += 1
        return reply.content
