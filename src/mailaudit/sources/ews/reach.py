"""How far a server can be reached before anybody logs in: its name, its port, its certificate."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from mailaudit.model.certificate import trusting
from mailaudit.model.outcome import Reason
from mailaudit.sources.ews.client import CHECK_TIMEOUT_S
from mailaudit.sources.ews.connection_errors import (
    NO_ADDRESS,
    Untrusted,
    connection_error,
    unreachable,
    untrusted,
)
from mailaudit.sources.ews.faults import EwsFault
from mailaudit.sources.ews.login import EwsLogin
from mailaudit.sources.ews.sessions import endpoint
from mailaudit.sources.faults import MailboxFault
from mailaudit.sources.probing import Certificate

_HTTPS = 443


class EwsReach:
    """See `Reach`. Sends nothing."""

    def __init__(self, server: EwsLogin) -> None:
        self._server = server

    def addresses(self) -> tuple[str, ...]:
        """The network addresses of the server's name, each once. Raises ServerError."""
        host, port = _place(self._server)
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            fault = EwsFault(Reason.TIMED_OUT, NO_ADDRESS)
            raise unreachable(fault, host, port, self._server.place) from error
        return tuple(dict.fromkeys(str(place[0]) for *_, place in found))

    def port_answers(self) -> int:
        """Connects, says nothing, and gives the number of the port. Raises ServerError."""
        with _connected(self._server):
            return _place(self._server)[1]

    def certificate(self) -> Certificate:
        """Verifies the certificate as a login does, and sends nothing.

        Raises:
            ConfigurationError: The CA file can't be used.
            ServerError: It can't be trusted, or there is no TLS.
        """
        host, port = _place(self._server)
        # What requests trusts where no CA file is named.
        context = trusting(self._server.ca_file or Path(DEFAULT_CA_BUNDLE_PATH), self._server.place)
        with _connected(self._server) as plain:
            try:
                with context.wrap_socket(plain, server_hostname=host) as sock:
                    shown = sock.getpeercert() or {}
                    until = ssl.cert_time_to_seconds(str(shown["notAfter"]))
                    return Certificate(datetime.fromtimestamp(until, UTC), sock.version() or "")
            except OSError as error:  # ssl.SSLError is one
                met = connection_error(error)
                if isinstance(met, Untrusted):
                    raise untrusted(met, host, self._server.place) from error
                if isinstance(met, MailboxFault):
                    raise unreachable(met, host, port, self._server.place) from error
                raise


@contextmanager
def _connected(server: EwsLogin) -> Iterator[socket.socket]:
    host, port = _place(server)
    try:
        sock = socket.create_connection((host, port), CHECK_TIMEOUT_S)
    except OSError as error:
        met = connection_error(error)
        if not isinstance(met, MailboxFault):
            raise
        raise unreachable(met, host, port, server.place) from error
    with sock:
        yield sock


def _place(server: EwsLogin) -> tuple[str, int]:
    """Host, as it is asked for, and port."""
    url = urlsplit(endpoint(server))
    return url.hostname or "", url.port or _HTTPS
