"""Internals: what the program needs of libraries that they do not promise to keep, and why.

No such part is used anywhere else. Where an update moves one, tests/sources/test_internals.py names
it; until it has passed, pyproject.toml keeps new versions of these libraries away.
"""

import http.client
import io
import logging
import math
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httptools
import requests
import urllib3
from exchangelib.configuration import Configuration
from exchangelib.protocol import BaseProtocol, RetryPolicy
from exchangelib.util import post_ratelimited

from mailaudit.sources.ews.body import HEAD_TOO_LARGE, MAX_HEAD_BYTES
from mailaudit.sources.ews.faults import malformed


class HandOver(RetryPolicy):  # type: ignore[misc] # exchangelib has no types
    """Never waits and never judges: `post` gives every response as it is.

    exchangelib's own policies either give up at once or stop every thread, and one of them tries
    a refused password again and again.
    """

    fail_fast = True
    back_off_until = None

    def back_off(self, seconds: float) -> None:
        """Unused: waiting is the schedule's affair."""

    def raise_response_errors(self, response: requests.Response) -> None:
        """Hands over the response whatever its status."""


class SessionPool(BaseProtocol):  # type: ignore[misc] # exchangelib has no types
    """exchangelib's sessions of one server; each is one connection, used by one thread at a time.

    exchangelib puts a new session in the place of one that failed. To make it may fail (OAuth asks
    for a token), and then the place would be lost, and in the end every thread wait for a session.
    So the spent one goes back, and whoever takes it next makes the new one.

    Args:
        prepare: Sets a new session up; also takes the address that OAuth tokens come from.
        login: Makes a login that exchangelib does not know; None for exchangelib's own.
    """

    USERAGENT = "mailaudit"

    def __init__(
        self,
        configuration: Configuration,
        prepare: Callable[[requests.Session, str | None], None],
        login: Callable[[], requests.auth.AuthBase] | None,
    ) -> None:
        super().__init__(configuration)
        self._prepare = prepare
        self._login = login

    def raw_session(self, prefix: str, **options: Any) -> requests.Session:  # noqa: ANN401
        """Called inside `create_session`, before OAuth fetches its token by the session."""
        session: requests.Session = super().raw_session(prefix, **options)
        self._prepare(session, options.get("oauth2_token_endpoint"))
        return session

    def create_session(self) -> requests.Session:
        session: requests.Session = super().create_session()
        if self._login is not None:
            session.auth = self._login()
        return session

    def get_session(self) -> requests.Session:
        session: requests.Session = super().get_session()
        return self._new_for(session) if hasattr(session, "is_spent") else session

    def renew_session(self, session: requests.Session) -> requests.Session:
        self.close_session(session)
        return self._new_for(session)

    def retire_session(self, session: requests.Session) -> None:
        """Gives it back spent. Raises nothing: whoever retires a session has an error already."""
        self.close_session(session)
        self._give_back_spent(session)

    def _new_for(self, spent: requests.Session) -> requests.Session:
        try:
            return self.create_session()
        except BaseException:
            self._give_back_spent(spent)
            raise

    def _give_back_spent(self, session: Any) -> None:  # noqa: ANN401 - gets an attribute
        session.is_spent = True
        self.release_session(session)


def open_pool(
    configuration: Configuration,
    adapter: type["Adapter"],
    prepare: Callable[[requests.Session, str | None], None],
    login: Callable[[], requests.auth.AuthBase] | None,
) -> SessionPool:
    """A SessionPool whose sessions send with such an adapter, which exchangelib has by class."""

    class Pool(SessionPool):
        HTTP_ADAPTER_CLS = adapter

    # What it logs of a failed login has the mailbox's address and the request in it.
    logging.getLogger("exchangelib.util").setLevel(logging.CRITICAL)
    return Pool(configuration, prepare, login)


def post(
    pool: SessionPool,
    session: requests.Session,
    url: str,
    headers: Mapping[str, str],
    envelope: bytes,
    timeout: tuple[float, float],
) -> tuple[requests.Response, requests.Session]:
    """Posts with whatever handshakes log the session in, and waits for the headers only.

    exchangelib's own services would build each envelope and read each answer, at many times the
    cost; this is what they post with. It gives the session back itself where it raises.
    """
    response, session = post_ratelimited(
        pool, session, url, dict(headers), envelope, stream=True, timeout=timeout
    )
    return response, session


def socket_of(connection: urllib3.connection.HTTPConnection | None) -> socket.socket | None:
    """The socket of a connection that an answer came on; None once it is closed.

    A login may log the connection in, which goes on as a Link then; and a handshake whose second
    half comes on another connection than its first has failed.
    """
    return None if connection is None else connection.sock


def causes_of(error: BaseException) -> Iterator[BaseException]:
    """The error, and all that it was made of: requests and urllib3 put that into arguments and
    `reason`, and only there stands what ssl or the system said.
    """
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]


def raised_in_callback(error: httptools.HttpParserCallbackError) -> BaseException:
    """What a callback of the parser raised, which httptools wraps in an error of its own."""
    return error.__context__ or error


class Adapter(requests.adapters.HTTPAdapter):
    """An adapter of requests whose answers are bounded in time and in size of their headers.

    requests waits for each piece of an answer anew, so a server that sends a little now and then
    would be waited for without end, and it takes headers of any size. Neither requests nor urllib3
    has a limit for that, so http.client is given another stream to read from.
    """

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **options: object
    ) -> None:
        super().init_poolmanager(connections, maxsize, block, **options)
        pools = self.poolmanager.pool_classes_by_scheme
        self.poolmanager.pool_classes_by_scheme = {**pools, "https": _Pool}


class _Incoming(io.RawIOBase):
    """The bytes of one answer, all of them within the time that its connection has for a read.

    Attributes:
        head_left: How many bytes its headers may still have; None once they are over.
    """

    def __init__(self, raw: socket.SocketIO) -> None:
        self._raw = raw
        # By this very name: logins look there for the certificate that they are bound to.
        self._sock: socket.socket = raw._sock  # type: ignore[attr-defined]
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
