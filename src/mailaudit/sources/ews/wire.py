"""Wire: sends an envelope, gives back the reply, on exchangelib's logged-in sessions.

A session's first request goes through exchangelib and requests, which log it in. From then on the
same connection is used directly: beside the work of reading an answer, requests' own share of a
request would be as much again.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from weakref import WeakKeyDictionary

import requests
import urllib3
from exchangelib.configuration import Configuration
from exchangelib.credentials import BaseCredentials, Credentials, OAuth2Credentials
from exchangelib.errors import ErrorTimeoutExpired, EWSError
from exchangelib.protocol import Protocol, RetryPolicy
from exchangelib.transport import BASIC, GSSAPI, NTLM, OAUTH2
from exchangelib.util import post_ratelimited
from exchangelib.version import Build, Version

from mailaudit.model.outcome import Reason
from mailaudit.sources.ews.faults import MailboxFault, malformed
from mailaudit.sources.ews.server import VERSIONS, EwsServer

MAX_ANSWER_BYTES = 8 * 1024 * 1024  # a page of 1000 items has about half a megabyte
_READ_BYTES = 256 * 1024
_OK, _UNAUTHORIZED = 200, 401

_AUTH_TYPES = {"ntlm": NTLM, "basic": BASIC, "kerberos": GSSAPI, "oauth": OAUTH2}
# Kerberos signs every request anew, so it always goes the long way.
_LASTING_LOGINS = ("ntlm", "basic", "oauth")


class Untrusted(Exception):
    """The server's certificate can't be trusted; the text says why."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: any status, the headers (names in any case), the whole body."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class _Shortcut:
    """A logged-in session's connection, and the headers that keep it logged in."""

    pool: urllib3.HTTPConnectionPool
    path: str
    headers: dict[str, str]


class Wire:
    """Sends from as many threads as the server is configured to have connections."""

    def __init__(self, server: EwsServer) -> None:
        self._server = server
        self._protocol = _protocol(server)
        self._shortcuts: WeakKeyDictionary[requests.Session, _Shortcut] = WeakKeyDictionary()
        self._login = threading.Lock()
        self._refused = False

    def post(self, envelope: bytes, headers: Mapping[str, str], timeout_s: float) -> Reply:
        """Sends an envelope and waits for the reply.

        A session that has expired is logged in again, once. A status of 401 means that the login
        is refused; no thread tries it again then.

        Raises:
            MailboxFault: No whole reply.
            Untrusted: The certificate.
        """
        deadline = time.monotonic() + timeout_s
        session = self._protocol.get_session()
        shortcut = self._shortcuts.get(session)
        if shortcut is not None:
            reply = self._post_direct(session, shortcut, envelope, headers, timeout_s, deadline)
            if reply.status != _UNAUTHORIZED:
                return reply
            del self._shortcuts[session]
        # One login at a time: a password that is wrong is tried by one thread, not by all.
        with self._login:
            if self._refused:
                self._protocol.retire_session(session)
                return Reply(_UNAUTHORIZED, {}, b"")
            reply = self._log_in(session, envelope, headers, timeout_s, deadline)
            self._refused = reply.status == _UNAUTHORIZED
            return reply

    def close(self) -> None:
        """Closes every connection and forgets the login."""
        self._protocol.close()
        # exchangelib keeps one Protocol per (url, credentials) for the life of the process.
        type(self._protocol).clear_cache()

    def _post_direct(
        self,
        session: requests.Session,
        shortcut: _Shortcut,
        envelope: bytes,
        headers: Mapping[str, str],
        timeout_s: float,
        deadline: float,
    ) -> Reply:
        """Sends on a logged-in connection; gives the session back unless it expired."""
        done = False
        try:
            response = shortcut.pool.urlopen(
                "POST",
                shortcut.path,
                body=envelope,
                headers=shortcut.headers | dict(headers),
                timeout=timeout_s,
                retries=False,
                redirect=False,
                preload_content=False,
            )
            content = _read(response, deadline)
            response.release_conn()
            done = True
        except urllib3.exceptions.SSLError as error:
            raise Untrusted(str(error)) from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _fault(error) from error
        finally:
            if not done:
                self._protocol.retire_session(session)
        if response.status == _OK:
            self._protocol.release_session(session)
        elif response.status != _UNAUTHORIZED:
            self._protocol.retire_session(session)
        return Reply(response.status, response.headers, content)

    def _log_in(
        self,
        session: requests.Session,
        envelope: bytes,
        headers: Mapping[str, str],
        timeout_s: float,
        deadline: float,
    ) -> Reply:
        """Sends through exchangelib, which logs the session in."""
        try:
            response, session = post_ratelimited(
                self._protocol,
                session,
                self._server.url,
                dict(headers),
                envelope,
                stream=True,
                timeout=timeout_s,
            )
        except EWSError as error:  # the session was retired before it was raised
            _raise_transport_fault(error)
        usable = False
        try:
            content = _read(response.raw, deadline)
            usable = response.status_code == _OK
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _fault(error) from error
        finally:
            response.close()
            if usable:
                self._remember(session, response)
                self._protocol.release_session(session)
            else:
                self._protocol.retire_session(session)
        return Reply(response.status_code, response.headers, content)

    def _remember(self, session: requests.Session, response: requests.Response) -> None:
        if self._server.auth not in _LASTING_LOGINS:
            return
        request = response.request
        kept = ("Authorization", "User-Agent", "Content-Type", "Accept-Encoding", "Cookie")
        headers = {name: str(request.headers[name]) for name in kept if name in request.headers}
        if self._server.auth == "ntlm":
            headers.pop("Authorization", None)  # it logged the connection in and is spent
        adapter: Any = session.get_adapter(self._server.url)
        pool = adapter.get_connection_with_tls_context(request, session.verify)
        self._shortcuts[session] = _Shortcut(pool, request.path_url, headers)


class _HandOver(RetryPolicy):  # type: ignore[misc] # exchangelib has no types
    """Never waits and never judges: every response comes back as it is.

    exchangelib's own policies either give up at once or stop every thread, and one of them tries
    a refused password again and again.
    """

    fail_fast = True
    back_off_until = None

    def back_off(self, seconds: float) -> None:
        """Unused: waiting is the schedule's affair."""

    def raise_response_errors(self, response: requests.Response) -> None:
        """Hands over the response whatever its status."""


def _protocol(server: EwsServer) -> Any:  # noqa: ANN401 - exchangelib has no types
    """A Protocol whose sessions verify TLS against the CA file and take nothing from the
    environment (no proxy, no .netrc, no CA override)."""

    class AuditProtocol(Protocol):  # type: ignore[misc] # exchangelib has no types
        @classmethod
        def raw_session(cls, prefix: str, **options: object) -> requests.Session:
            session: requests.Session = super().raw_session(prefix, **options)
            session.trust_env = False
            session.verify = str(server.ca_file) if server.ca_file else True
            return session

    AuditProtocol.USERAGENT = "mailaudit"
    configuration = Configuration(
        service_endpoint=server.url,
        credentials=_credentials(server),
        auth_type=_AUTH_TYPES[server.auth],
        version=Version(build=Build(*VERSIONS[server.version]), api_version=server.version),
        max_connections=server.max_connections,
        retry_policy=_HandOver(),
    )
    return AuditProtocol(config=configuration)


def _credentials(server: EwsServer) -> BaseCredentials | None:
    if server.auth == "oauth":
        return OAuth2Credentials(
            client_id=server.client_id,
            client_secret=server.secret,
            tenant_id=server.tenant_id,
        )
    if server.auth == "kerberos":
        return None
    return Credentials(server.username, server.secret)


def _read(response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    """The body, whole, as it comes. One that is too large or drips too slowly is a fault."""
    chunks: list[bytes] = []
    size = 0
    while chunk := response.read1(_READ_BYTES, decode_content=True):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_ANSWER_BYTES:
            raise malformed("answer too large")
        if time.monotonic() > deadline:
            raise MailboxFault(Reason.TIMED_OUT, "answer too slow")
    return b"".join(chunks)


def _raise_transport_fault(error: EWSError) -> NoReturn:
    if isinstance(error, ErrorTimeoutExpired):  # what exchangelib makes of every broken connection
        kind = "timed out" if "Timeout" in str(error) else "connection failed"
        raise MailboxFault(Reason.TIMED_OUT, kind) from error
    raise Untrusted(str(error)) from error


def _fault(error: Exception) -> MailboxFault:
    timed_out = isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError)
    return MailboxFault(Reason.TIMED_OUT, "timed out" if timed_out else "connection lost")
