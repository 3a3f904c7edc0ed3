"""Wire: sends an envelope, gives back the reply, on exchangelib's logged-in sessions.

A session's first request goes through exchangelib and requests, which log it in. From then on the
same connection is used directly: beside the work of reading an answer, requests' own share of a
request would be as much again.
"""

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import requests
import urllib3
from exchangelib.errors import ErrorTimeoutExpired, EWSError, TransportError
from exchangelib.util import post_ratelimited
from oauthlib.oauth2 import OAuth2Error

from mailaudit.errors import N_, ServerError
from mailaudit.model.outcome import Reason
from mailaudit.sources.ews.faults import MailboxFault, malformed
from mailaudit.sources.ews.server import EwsServer
from mailaudit.sources.ews.sessions import open_protocol

MAX_ANSWER_BYTES = 8 * 1024 * 1024  # a page of 1000 items has about half a megabyte
_READ_BYTES = 256 * 1024
_LARGE_BYTES = 1024 * 1024  # beyond this an answer is large
_LARGE_AT_ONCE = 2
_REQUEST_ID = "client-request-id"
_UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"
_OK, _UNAUTHORIZED = 200, 401

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
        self._protocol = open_protocol(server)
        self._shortcuts: WeakKeyDictionary[requests.Session, _Shortcut] = WeakKeyDictionary()
        self._login = threading.Lock()
        self._refused = False
        self._echoes_request_id = False
        self._large = threading.Semaphore(_LARGE_AT_ONCE)

    def post(
        self,
        envelope: bytes,
        headers: Mapping[str, str],
        timeout_s: float,
        wait: Callable[[], None] = lambda: None,
    ) -> Reply:
        """Sends an envelope and waits for the reply.

        A session that has expired is logged in again, once. A status of 401 means that the login
        is refused; no thread tries it again then.

        Args:
            wait: Called before a request that had to wait for other threads' logins.

        Raises:
            MailboxFault: No whole reply, or one to another request.
            Untrusted: The certificate.
        """
        request_id = str(uuid.uuid4())
        headers = dict(headers) | {_REQUEST_ID: request_id, "return-client-request-id": "true"}
        with self._token():
            session = self._protocol.get_session()
        shortcut = self._shortcuts.pop(session, None)
        if shortcut is not None:
            deadline = time.monotonic() + timeout_s
            response = self._send_direct(session, shortcut, envelope, headers, timeout_s)
            if response is not None and response.status != _UNAUTHORIZED:
                return self._finish(session, response, deadline, request_id, shortcut)
            if response is not None:  # else the server has closed the connection since
                response.close()
            with self._token():
                session = self._protocol.renew_session(session)
        with self._turn():
            if self._refused:
                self._protocol.release_session(session)
                return Reply(_UNAUTHORIZED, {}, b"")
            try:
                wait()
            except BaseException:
                self._protocol.release_session(session)
                raise
            deadline = time.monotonic() + timeout_s
            session, login = self._log_in(session, envelope, headers, timeout_s)
            self._refused = login.status_code == _UNAUTHORIZED
        found = self._shortcut(session, login)
        return self._finish(session, login.raw, deadline, request_id, found)

    @contextmanager
    def _token(self) -> Iterator[None]:
        """With OAuth, making a session fetches a token; tells why it could not be had."""
        try:
            yield
        except (OAuth2Error, requests.RequestException) as error:
            raise ServerError(
                N_("No OAuth token could be had for the tenant {tenant}: {why}."),
                N_(
                    "Check server.tenant_id, server.client_id, the client secret, and that"
                    " this computer reaches the token server."
                ),
                tenant=self._server.tenant_id,
                why=getattr(error, "error", "") or type(error).__name__,
            ) from error

    def close(self) -> None:
        """Closes every connection and forgets the login."""
        self._protocol.close()
        # exchangelib keeps one Protocol per (url, credentials) for the life of the process.
        type(self._protocol).clear_cache()

    def _turn(self) -> AbstractContextManager[object]:
        """One login at a time: a password that is wrong is tried by one thread, not by all."""
        return self._login if self._server.auth in _LASTING_LOGINS else nullcontext()

    def _send_direct(
        self,
        session: requests.Session,
        shortcut: _Shortcut,
        envelope: bytes,
        headers: Mapping[str, str],
        timeout_s: float,
    ) -> urllib3.BaseHTTPResponse | None:
        """Sends on a logged-in connection; None when it was closed before any answer came.

        Gives the session back when it raises.
        """
        try:
            return shortcut.pool.urlopen(
                "POST",
                shortcut.path,
                body=envelope,
                headers=shortcut.headers | dict(headers),
                timeout=timeout_s,
                retries=False,
                redirect=False,
                preload_content=False,
            )
        except urllib3.exceptions.ProtocolError:
            return None
        except (urllib3.exceptions.HTTPError, OSError) as error:
            self._protocol.retire_session(session)
            raise _fault(error) from error
        except BaseException:
            self._protocol.retire_session(session)
            raise

    def _log_in(
        self,
        session: requests.Session,
        envelope: bytes,
        headers: Mapping[str, str],
        timeout_s: float,
    ) -> tuple[requests.Session, requests.Response]:
        """Sends through exchangelib, which logs the session in; waits for the headers only.

        Where it raises, exchangelib has given the session back.
        """
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
        except EWSError as error:
            raise _login_fault(error) from error
        except Exception as error:  # whatever a handshake makes of an answer that is none
            raise MailboxFault(Reason.TIMED_OUT, "login failed") from error
        return session, response

    def _finish(
        self,
        session: requests.Session,
        response: urllib3.BaseHTTPResponse,
        deadline: float,
        request_id: str,
        shortcut: _Shortcut | None,
    ) -> Reply:
        """Reads the reply. The session is used again if the reply is whole and its own."""
        usable = False
        try:
            content = _read(response, deadline, self._large)
            response.release_conn()
            self._require_own_answer(response, request_id)
            usable = response.status != _UNAUTHORIZED
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _fault(error) from error
        finally:
            if not usable:
                response.close()
                self._protocol.retire_session(session)
            else:
                if shortcut is not None:
                    self._shortcuts[session] = shortcut
                self._protocol.release_session(session)
        return Reply(response.status, response.headers, content)

    def _require_own_answer(self, response: urllib3.BaseHTTPResponse, request_id: str) -> None:
        """Exchange since 2013 repeats the id of a request in its answer; others need not.

        A proxy or server that mixes answers up would give one mailbox another one's counts.
        Errors may come from somebody before Exchange, who does not repeat it.
        """
        echoed = response.headers.get(_REQUEST_ID)
        if echoed == request_id:
            self._echoes_request_id = True
        elif echoed is not None or (self._echoes_request_id and response.status == _OK):
            raise malformed("answer to another request")

    def _shortcut(self, session: requests.Session, response: requests.Response) -> _Shortcut | None:
        """The way past requests for a session that is logged in now."""
        if self._server.auth not in _LASTING_LOGINS:
            return None
        request = response.request
        kept = ("Authorization", "User-Agent", "Content-Type", "Accept-Encoding", "Cookie")
        headers = {name: str(request.headers[name]) for name in kept if name in request.headers}
        if self._server.auth == "ntlm":
            headers.pop("Authorization", None)  # it logged the connection in and is spent
        adapter: Any = session.get_adapter(self._server.url)
        pool = adapter.get_connection_with_tls_context(request, session.verify)
        return _Shortcut(pool, request.path_url, headers)


def _read(response: urllib3.BaseHTTPResponse, deadline: float, large: threading.Semaphore) -> bytes:
    """The body, whole, as it comes. One that is too large or drips too slowly is a fault.

    Only few threads at a time read a large one, so that many large ones need little memory.
    """
    length = response.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > MAX_ANSWER_BYTES:
        raise malformed("answer too large")
    chunks: list[bytes] = []
    size, has_turn = 0, False
    try:
        while chunk := response.read1(_READ_BYTES, decode_content=True):
            chunks.append(chunk)
            size += len(chunk)
            if size > MAX_ANSWER_BYTES:
                raise malformed("answer too large")
            if size > _LARGE_BYTES and not has_turn:
                has_turn = large.acquire(timeout=max(0.0, deadline - time.monotonic()))
            if time.monotonic() > deadline:
                raise MailboxFault(Reason.TIMED_OUT, "answer too slow")
        return b"".join(chunks)
    finally:
        if has_turn:
            large.release()


def _login_fault(error: EWSError) -> Exception:
    """What exchangelib makes of a broken connection, a certificate, a handshake."""
    text = str(error)
    if isinstance(error, ErrorTimeoutExpired):
        kind = "timed out" if "Timeout" in text else "connection failed"
        return MailboxFault(Reason.TIMED_OUT, kind)
    if _UNTRUSTED in text:
        return Untrusted(text)
    if isinstance(error, TransportError):  # TLS that was cut off, or that the two can't agree on
        return MailboxFault(Reason.TIMED_OUT, "TLS failed")
    return MailboxFault(Reason.TIMED_OUT, "login failed")


def _fault(error: Exception) -> Exception:
    if _UNTRUSTED in str(error):
        return Untrusted(str(error))
    timed_out = isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError)
    return MailboxFault(Reason.TIMED_OUT, "timed out" if timed_out else "connection lost")
