"""Handshake: the adapters of requests that log a session in, with one deadline for all of it."""

import math
import ssl
import struct
import time
from typing import Any

import requests
import urllib3
from spnego.exceptions import SpnegoError
from urllib3.util.ssl_ import create_urllib3_context

from mailaudit.model.certificate import verify_alike
from mailaudit.sources.ews.internals import Adapter, socket_of

CUT_OFF = "login cut off"
# What the libraries of logins raise at an invalid challenge; anything else is a fault of theirs or
# of ours, and must not look like one of the network.
HANDSHAKE_ERRORS = (OSError, ValueError, LookupError, EOFError, struct.error, SpnegoError)


class LoginAdapter(Adapter):
    """Sends what logs a session in.

    Attributes:
        deadline: Of the login and all its answers, on the monotonic clock.
        trusts_public: Whether servers are verified by the system's list, whatever the session says.
    """

    deadline = math.inf
    trusts_public = False

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **options: object
    ) -> None:
        super().init_poolmanager(connections, maxsize, block, ssl_context=_tls(), **options)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,  # noqa: ANN401 - as requests has it
        verify: bool | str | None = True,
        cert: Any = None,  # noqa: ANN401
        proxies: dict[str, str] | None = None,
    ) -> requests.Response:
        left_s = self.deadline - time.monotonic()
        if left_s <= 0:
            raise requests.Timeout("the login takes too long", request=request)
        if left_s < math.inf:
            connect_s, read_s = timeout
            timeout = (min(connect_s, left_s), min(read_s, left_s))
        verify = self.trusts_public or verify is None or verify
        return super().send(request, stream, timeout, verify, cert, proxies)


def limit_login(session: requests.Session, url: str, deadline: float) -> None:
    """Sets the deadline of what the session sends to the url, on the monotonic clock."""
    adapter = session.get_adapter(url)
    if isinstance(adapter, LoginAdapter):
        adapter.deadline = deadline


class OneHandshake(LoginAdapter):
    """Distinguishes a handshake that lost its connection from a password that is refused.

    NTLM logs a connection in. When it is lost between challenge and proof, urllib3 sends the proof
    on another one, and the server, which knows nothing of the challenge, answers 401. Where a
    server closes the connection with its 401 to a proof, the password is taken to be refused: to
    try it again could lock the account out.
    """

    _challenged_on: object = None

    def build_response(
        self, req: requests.PreparedRequest, resp: urllib3.HTTPResponse
    ) -> requests.Response:
        sock = socket_of(resp.connection)
        if "Authorization" not in req.headers or resp.status != requests.codes.unauthorized:
            self._challenged_on = None
        elif self._challenged_on is None:
            self._challenged_on = sock
            if sock is None:
                raise requests.ConnectionError(CUT_OFF)
        elif sock not in (None, self._challenged_on):
            raise requests.ConnectionError(CUT_OFF)
        return super().build_response(req, resp)


class PublicTrust(LoginAdapter):
    """For the host that gives out OAuth tokens, which the organisation's own CA does not sign."""

    trusts_public = True


def _tls() -> ssl.SSLContext:
    context = create_urllib3_context()
    verify_alike(context)
    return context
