"""Transport: sends an envelope, gives back the reply, on exchangelib's logged-in sessions.

A session's first request goes through exchangelib and requests, which log it in; the next ones
use its connection directly, as a Link.
"""

import logging
import math
import random
import socket
import ssl
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import requests
import urllib3
from exchangelib.errors import EWSError
from oauthlib.oauth2 import OAuth2Error

from mailaudit.errors import N_, ServerError
from mailaudit.model.outcome import Reason
from mailaudit.sources.ews.body import Body, LargeAnswers, too_slow
from mailaudit.sources.ews.connection_errors import TIMED_OUT, connection_error
from mailaudit.sources.ews.faults import EwsFault
from mailaudit.sources.ews.handshake import HANDSHAKE_ERRORS, limit_login
from mailaudit.sources.ews.internals import post, socket_of
from mailaudit.sources.ews.link import Link, LinkClosedError, Reply, say_goodbye, unpacked
from mailaudit.sources.ews.login import EwsLogin
from mailaudit.sources.ews.matching import REQUEST_ID, Matching
from mailaudit.sources.ews.sessions import endpoint, open_sessions
from mailaudit.sources.faults import MailboxFault
from mailaudit.sources.shared_state import Cell
from mailaudit.sources.turn import Turn

_READ_BYTES = 64 * 1024
_TAKEN_FOR_S = 10.0  # after a login so recent, the password is known to be right
_CONNECT_S = 10.0  # a network that swallows everything is reported within minutes
_log = logging.getLogger(__name__)
_OK, _UNAUTHORIZED = 200, 401

# Kerberos signs every request anew, so it always goes the long way.
_LASTING_LOGINS = ("ntlm", "basic", "oauth")


class Transport:
    """Sends from as many threads as the server is configured to have connections.

    Args:
        refused: Not 0 once the login is refused, here or by another connection of the run.
    """

    def __init__(self, server: EwsLogin, refused: Cell) -> None:
        self._server = server
        self._url = endpoint(server)
        self._sessions = open_sessions(server)
        self._links: WeakKeyDictionary[requests.Session, Link] = WeakKeyDictionary()
        self._login = threading.Lock()
        self._refused = refused
        self._accepted_at = -math.inf  # when the server last took the login
        self._matching = Matching()
        self._large = LargeAnswers()
        self.turn = Turn()

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
            wait: Called before a request that logs in, which may have had to wait for others.

        Raises:
            MailboxFault: No whole reply, or one to another request.
            Untrusted: The certificate.
        """
        if self._refused.value:
            return Reply(_UNAUTHORIZED, {}, b"")
        # Of no secrecy: uuid4 asks the system, and a thread that does so lets all others pass.
        request_id = str(uuid.UUID(int=random.getrandbits(128), version=4))
        headers = dict(headers) | {REQUEST_ID: request_id, "return-client-request-id": "true"}
        with self._token():
            session = self._sessions.get_session()
        link = self._links.pop(session, None)
        if link is not None and link.is_spent:
            link.close()
            session.close()  # which makes it as good as a new one, but needs no new token
        elif link is not None:
            reply = self._send(session, link, envelope, headers, timeout_s)
            if reply is not None and reply.status != _UNAUTHORIZED:
                return reply
            if reply is not None:
                self._accepted_at = -math.inf
            link.close()
            with self._token():
                session = self._sessions.renew_session(session)
        self.turn.give()
        with self._login_turn():
            if self._refused.value:
                self._sessions.release_session(session)
                return Reply(_UNAUTHORIZED, {}, b"")
            try:
                wait()
            except BaseException:
                self._sessions.release_session(session)
                raise
            body = Body(self._large, time.monotonic() + timeout_s, self.turn)
            since = time.monotonic()
            session, login = self._log_in(session, envelope, headers, timeout_s)
            if login.status_code == _UNAUTHORIZED:
                self._refused.value = 1
            elif login.status_code == _OK:  # other answers may come from a proxy before Exchange
                self._accepted_at = time.monotonic()
        reply = self._finish_login(session, login, envelope, headers, body)
        if self._server.auth in _LASTING_LOGINS:
            return reply  # the next one shows how fast the server is
        return replace(reply, waited_s=time.monotonic() - since)

    @contextmanager
    def _token(self) -> Iterator[None]:
        """With OAuth, making a session fetches a token; says why it could not be had."""
        if self._server.auth == "oauth":
            self.turn.give()
        try:
            yield
        except (OAuth2Error, requests.RequestException) as error:
            raise ServerError(
                N_("No OAuth token could be had for the tenant {tenant}: {why}."),
                N_(
                    "Check {place}.tenant_id, {place}.client_id, the client secret, and that"
                    " this computer reaches the token server."
                ),
                place=self._server.place,
                tenant=self._server.tenant_id,
                why=getattr(error, "error", "") or type(error).__name__,
            ) from error

    def close(self) -> None:
        """Closes every connection and forgets the login."""
        links, self._links = self._links, WeakKeyDictionary()  # a thread may come late
        say_goodbye(*(link.sock for link in links.values()))
        self._sessions.close()

    @contextmanager
    def _login_turn(self) -> Iterator[None]:
        """One login at a time, until one has just been taken: a password that is wrong is tried by
        one thread, not by all.
        """
        if self._server.auth in _LASTING_LOGINS:
            with self._login:
                if time.monotonic() - self._accepted_at > _TAKEN_FOR_S:
                    yield
                    return
        yield

    def _send(
        self,
        session: requests.Session,
        link: Link,
        envelope: bytes,
        headers: Mapping[str, str],
        timeout_s: float,
    ) -> Reply | None:
        """Sends on a logged-in connection. The session is used again if the reply is whole and its
        own; it stays with the caller where there is no reply, or one of 401.
        """
        is_usable = is_kept = False
        try:
            with Body(self._large, time.monotonic() + timeout_s, self.turn) as body:
                reply, is_usable = link.post(envelope, headers, body)
            self._matching.require_own(reply, headers[REQUEST_ID])
            is_usable = is_usable and self._matching.is_settled(envelope, reply)
            is_kept = True
        except LinkClosedError:
            is_kept = True
            return None
        except OSError as error:
            raise _fault(error) from error
        finally:
            if not is_kept:
                link.close()
                self._sessions.retire_session(session)
        if reply.status != _UNAUTHORIZED:
            link.is_spent = not is_usable
            self._links[session] = link
            self._sessions.release_session(session)
        return reply

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
        limit_login(session, self._url, time.monotonic() + timeout_s)
        try:
            timeout = (min(_CONNECT_S, timeout_s), timeout_s)
            asked = {**headers, "Accept-Encoding": "gzip"}  # what `unpacked` knows
            response, session = post(self._sessions, session, self._url, asked, envelope, timeout)
        except (EWSError, requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise connection_error(error) from error
        except HANDSHAKE_ERRORS as error:
            _log.warning("login failed: %s", type(error).__name__)
            raise EwsFault(Reason.TIMED_OUT, "login failed") from error
        return session, response

    def _finish_login(
        self,
        session: requests.Session,
        login: requests.Response,
        envelope: bytes,
        headers: Mapping[str, str],
        body: Body,
    ) -> Reply:
        """Reads the reply to a login, and keeps the connection as a Link."""
        response: urllib3.HTTPResponse = login.raw
        connection, is_own, is_settled = response.connection, False, False
        try:
            with body:
                body.expect(response.headers.get("Content-Length", ""))
                while chunk := response.read1(_READ_BYTES, decode_content=False):
                    body.add(chunk)
                packing = response.headers.get("Content-Encoding", "identity")
                content = unpacked(body.content, packing)
            response.release_conn()
            reply = Reply(response.status, response.headers, content)
            self._matching.require_own(reply, headers[REQUEST_ID])
            is_own = reply.status != _UNAUTHORIZED
            is_settled = self._matching.is_settled(envelope, reply)
        except (urllib3.exceptions.TimeoutError, TimeoutError) as error:
            raise too_slow() from error  # its headers had come
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _fault(error) from error
        finally:
            if is_own:
                link = self._link(login, socket_of(connection))
                if link is not None:
                    link.is_spent = not is_settled
                    self._links[session] = link
                elif not is_settled:
                    session.close()
                self._sessions.release_session(session)
            else:
                if (sock := socket_of(connection)) is not None:
                    say_goodbye(sock)
                response.close()
                self._sessions.retire_session(session)
        return reply

    def _link(self, login: requests.Response, sock: socket.socket | None) -> Link | None:
        """The connection of a session that is logged in now, unless the server has closed it."""
        if self._server.auth not in _LASTING_LOGINS or not isinstance(sock, ssl.SSLSocket):
            return None
        kept = ["User-Agent", "Content-Type", "Cookie"]
        if self._server.auth != "ntlm":  # NTLM logs the connection in, and is spent
            kept.append("Authorization")
        sent = login.request.headers
        headers = {name: str(sent[name]) for name in kept if name in sent}
        headers["Accept-Encoding"] = "gzip"
        host = urlsplit(self._url).netloc
        return Link(sock, host, login.request.path_url, headers, self.turn)


def _fault(error: Exception) -> MailboxFault:
    timed_out = isinstance(error, TimeoutError)
    return EwsFault(Reason.TIMED_OUT, TIMED_OUT if timed_out else "connection lost")
