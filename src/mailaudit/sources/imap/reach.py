"""How far a server can be reached before anybody logs in: its name, its port, its certificate."""

import ssl
import time
from datetime import UTC, datetime

from mailaudit.model.certificate import trusting
from mailaudit.sources.imap.connection import CHECK_TIMEOUT_S
from mailaudit.sources.imap.faults import ImapFault
from mailaudit.sources.imap.login import ImapLogin
from mailaudit.sources.imap.sockets import addresses_of, connected, secured
from mailaudit.sources.imap.unreachable import unreachable
from mailaudit.sources.probing import Certificate


class ImapReach:
    """See `Reach`. Sends nothing beyond STARTTLS."""

    def __init__(self, server: ImapLogin) -> None:
        self._server = server

    def addresses(self) -> tuple[str, ...]:
        """The network addresses of the server's name, each once. Raises ServerError."""
        try:
            found = addresses_of(self._server)
        except ImapFault as fault:
            raise unreachable(fault, self._server) from fault
        return tuple(dict.fromkeys(str(place[0]) for _, place in found))

    def port_answers(self) -> int:
        """Connects, says nothing, and gives the number of the port. Raises ServerError."""
        try:
            connected(addresses_of(self._server), time.monotonic() + CHECK_TIMEOUT_S).close()
        except ImapFault as fault:
            raise unreachable(fault, self._server) from fault
        return self._server.at_port

    def certificate(self) -> Certificate:
        """Verifies the certificate as a login does, and sends nothing beyond STARTTLS.

        Raises:
            ConfigurationError: The CA file can't be used.
            ServerError: It can't be trusted, or there is no TLS.
        """
        context = trusting(self._server.ca_file, self._server.place)
        until = time.monotonic() + CHECK_TIMEOUT_S
        try:
            plain = connected(addresses_of(self._server), until)
            with secured(plain, self._server, context, until) as sock:
                shown = sock.getpeercert() or {}
                last = ssl.cert_time_to_seconds(str(shown["notAfter"]))
                return Certificate(datetime.fromtimestamp(last, UTC), sock.version() or "")
        except ImapFault as fault:
            raise unreachable(fault, self._server) from fault
