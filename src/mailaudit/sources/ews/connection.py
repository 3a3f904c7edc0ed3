"""EwsConnection: one login at one Exchange server, and what reads its mailboxes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from mailaudit.model.outcome import Activity
from mailaudit.model.snapshot import Job
from mailaudit.sources.ews.client import Client
from mailaudit.sources.ews.envelopes import Envelopes
from mailaudit.sources.ews.forwarding import Forwarding
from mailaudit.sources.ews.login import EwsLogin
from mailaudit.sources.ews.mailbox import MailboxReader
from mailaudit.sources.pace import Pace
from mailaudit.sources.shared_state import Cell
from mailaudit.sources.turn import Turn


class EwsConnection:
    """What `sources.server.Connection` asks for, by EWS. Arguments as of `MailServer.connect`."""

    def __init__(self, server: EwsLogin, inside_domains: frozenset[str], refused: Cell) -> None:
        self._server = server
        self._inside_domains = inside_domains
        self._client = Client(server, refused)

    @property
    def turn(self) -> Turn:
        """Taken by the thread that reads an answer."""
        return self._client.turn

    @property
    def server_version(self) -> str:
        """What the server says it is, once it was checked."""
        return self._client.server_version

    def check(self) -> None:
        """Logs in once, opening no mailbox. Raises ServerError."""
        self._client.check()

    def reader(
        self, job: Job, pace: Pace, clock: Callable[[], datetime]
    ) -> Callable[[str], Activity]:
        """What reads mailboxes of the job. See `Connection`."""

        def ask(envelope: bytes, mailbox: str) -> bytes:
            with pace.request() as answer:
                reply = self._client.ask(envelope, mailbox, pace.hold)
                answer.waited_s = reply.waited_s
            return reply.content

        read = MailboxReader(
            ask,
            self._server.version,
            job.period,
            self._inside_domains,
            clock,
            recoverable_items=self._server.recoverable_items,
            aliases=job.aliases,
        ).activity
        if not self._server.inbox_rules:
            return read
        envelopes = Envelopes(self._server.version, job.period)
        forwarding = Forwarding(ask, envelopes, self._inside_domains)

        def read_with_rules(mailbox: str) -> Activity:
            return replace(read(mailbox), forwards_to=forwarding.domains(mailbox))

        return read_with_rules

    def close(self) -> None:
        """Closes every connection and forgets the login."""
        self._client.close()
