"""Handshake: the adapters of requests that log a session in, bounded in time and memory.

requests waits for each piece of an answer anew, so a server that sends a little now and then would
be waited for without end; so here one deadline holds for a login and all its answers.
"""

import http.client
import io
import math
import socket
import ssl
import struct
import time
from typing import Any

import requests
import urllib3
from spnego.exceptions import SpnegoError
from urllib3.util.ssl_ import create_urllib3_context

from mailaudit.model.certificate import verify_alike
from mailaudit.sources.ews.body import HEAD_TOO_LARGE, MAX_HEAD_BYTES
from mailaudit.sources.ews.faults import malformed

CUT_OFF = "login cut off"
# What the libraries of logins raise at an invalid challenge; anything else is a fault of theirs or
# of ours, and must not look like one of the network.
HANDSHAKE_ERRORS = (OSError, ValueError, LookupError, EOFError, struct.error, SpnegoError)


class LoginAdapter(requests.adapters.HTTPAdapter):
    """Sends what logs a session in.

    Attributes:
        deadline: Of the login and all its answers, on the monotonic clock.
    """

    deadline = math.inf

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **options: object
    ) -> None:
        super().init_poolmanager(connections, maxsize, block, ssl_context=_tls(), **options)
        pools = self.poolmanager.pool_classes_by_scheme
        self.poolmanager.pool_classes_by_scheme = {**pools, "https": _Pool}

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
        return super().send(request, stream, timeout, verify is None or verify, cert, proxies)


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
        sock = resp.connection.sock if resp.connection is not None else None
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

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,  # noqa: ANN401 - as requests has it
        verify: bool | str | None = True,
        cert: Any = None,  # noqa: ANN401
        proxies: dict[str, str] | None = None,
    ) -> requests.Response:
        return super().send(request, stream, timeout, True, cert, proxies)


def _tls() -> ssl.SSLContext:
    context = create_urllib3_context()
    verify_alike(context)
    return context


class _Incoming(io.RawIOBase):
    """The bytes of one answer, all of them within the time that its connection has for a read.

    Attributes:
        head_left: How many bytes its headers may still have; None once they are over.
    """

    def __init__(self, raw: socket.SocketIO) -> None:
        self._raw = raw
        self._sock: socket.socket = raw._sock  # type: ignore[attr-defined] # logins look there for the certificate
        self._until = time.monotonic() + (self._sock.gettimeout() or math.inf)
        self.head_left: int | None = MAX_HEAD_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - any buffer
        left_s = self._until - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("timed out")
        if left_s < math.inf:
            self._sock.settimeout(left_s)
        size = self._raw.readinto(buffer)
        if self.head_left is not None and size:
            self.head_left -= size
            if self.head_left < 0:
                raise malformed(HEAD_TOO_LARGE)
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """An answer that is read through an _Incoming."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - http.client's
        super().__init__(*arguments, **options)
        self._incoming = _Incoming(self.fp.detach())  # type: ignore[arg-type] # of a socket
        self.fp = io.BufferedReader(self._incoming)

    def begin(self) -> None:
        super().begin()
        self._incoming.head_left = None


class _Connection(urllib3.connection.HTTPSConnection):
    response_class = _Response


class _Pool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Connection
