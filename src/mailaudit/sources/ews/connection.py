"""One login at one server, shared by all threads: exchangelib's sessions, authentication and TLS.

Requests go out by exchangelib's own pool and `post_ratelimited`; what a failure means for the
audit is decided here, because exchangelib's retry policies either give up at once or stop every
thread, and one of them tries a refused password again and again.
"""

import threading
import time
import uuid
from typing import Any, NoReturn
from urllib.parse import urlsplit

import requests
import urllib3
from exchangelib.configuration import Configuration
from exchangelib.credentials import BaseCredentials, Credentials, OAuth2Credentials
from exchangelib.errors import ErrorTimeoutExpired, EWSError, TransportError
from exchangelib.protocol import Protocol, RetryPolicy
from exchangelib.transport import BASIC, GSSAPI, NTLM, OAUTH2
from exchangelib.util import post_ratelimited
from exchangelib.version import Build, Version

from mailaudit.errors import N_, ServerError
from mailaudit.model.outcome import Reason
from mailaudit.sources.ews import envelopes
from mailaudit.sources.ews.answers import NOT_SOAP, require_soap
from mailaudit.sources.ews.faults import MailboxFault, malformed
from mailaudit.sources.ews.server import VERSIONS, EwsServer

CHECK_TIMEOUT_S = 10  # to connect, and again to answer: told in well under half a minute
MAX_ANSWER_BYTES = 8 * 1024 * 1024  # a page of 1000 items has about half a megabyte
_READ_BYTES = 256 * 1024
_REQUEST_ID = "client-request-id"

_AUTH_TYPES = {"ntlm": NTLM, "basic": BASIC, "kerberos": GSSAPI, "oauth": OAUTH2}


class _HandOver(RetryPolicy):  # type: ignore[misc] # exchangelib has no types
    """Never waits and never judges: every response comes back to `Connection`."""

    fail_fast = True
    back_off_until = None

    def back_off(self, seconds: float) -> None:
        """Unused: waiting is the schedule's affair."""

    def raise_response_errors(self, response: requests.Response) -> None:
        """Hands over the response whatever its status."""


class LoginRefused(ServerError):
    """The server answers 401."""


class Connection:
    """Posts envelopes to a server. Use from as many threads as it has connections."""

    def __init__(self, server: EwsServer) -> None:
        self.server = server
        self._host = urlsplit(server.url).hostname or server.url
        self._protocol = _protocol(server)
        self._login = threading.Lock()
        self._refusals = 0
        self._echoes_request_id = False

    def check(self) -> None:
        """Logs in once, opening no mailbox.

        Raises:
            ServerError: Unreachable, untrusted, login refused, or not an EWS server.
        """
        try:
            content = self._post(envelopes.probe(self.server.version), {}, CHECK_TIMEOUT_S)
            require_soap(content)
        except MailboxFault as fault:
            self._raise_unusable(fault)

    def ask(self, envelope: bytes, mailbox: str) -> bytes:
        """The answer to one request about one mailbox.

        A session that has expired is renewed; a password that is no longer accepted stops the
        run after one attempt with it.

        Raises:
            MailboxFault: No usable answer this time.
            ServerError: The login is refused or the certificate no longer trusted.
        """
        # Lets a front end send the request straight to the mailbox's own server.
        headers = {"X-AnchorMailbox": mailbox}
        refusals = self._refusals
        try:
            return self._post(envelope, headers, self.server.timeout_s)
        except LoginRefused:
            with self._login:
                if self._refusals == refusals:  # nobody else has looked into it meanwhile
                    self.check()
                    self._refusals += 1
        try:
            return self._post(envelope, headers, self.server.timeout_s)
        except LoginRefused as error:
            raise MailboxFault(Reason.ACCESS_DENIED, "HTTP 401") from error

    def close(self) -> None:
        """Closes every connection and forgets the login."""
        self._protocol.close()
        # exchangelib keeps one Protocol per (url, credentials) for the life of the process.
        type(self._protocol).clear_cache()

    def _post(self, envelope: bytes, headers: dict[str, str], timeout_s: float) -> bytes:
        deadline = time.monotonic() + timeout_s
        request_id = str(uuid.uuid4())
        headers = headers | {_REQUEST_ID: request_id, "return-client-request-id": "true"}
        session = self._protocol.get_session()
        try:
            response, session = post_ratelimited(
                self._protocol,
                session,
                self.server.url,
                headers,
                envelope,
                stream=True,
                timeout=timeout_s,
            )
        except EWSError as error:
            self._raise_transport_fault(error)
        keep = False
        try:
            content = _read(response, deadline)
            keep = response.status_code == requests.codes.ok
        finally:
            response.close()
            if keep:
                self._protocol.release_session(session)
            else:
                self._protocol.retire_session(session)
        if not keep:
            self._raise_status_fault(response, content)
        self._require_own_answer(response, request_id)
        return content

    def _require_own_answer(self, response: requests.Response, request_id: str) -> None:
        """Exchange since 2013 repeats the id of a request in its answer; others need not.

        A proxy or server that mixes answers up would give one mailbox another one's counts.
        """
        echoed = response.headers.get(_REQUEST_ID)
        if echoed == request_id:
            self._echoes_request_id = True
        elif echoed is not None or self._echoes_request_id:
            raise malformed("answer to another request")

    def _raise_unusable(self, fault: MailboxFault) -> None:
        """Says what the check met; returns where a fault was said to somebody logged in."""
        if fault.detail in ("ErrorInvalidServerVersion", "ErrorIncorrectSchemaVersion"):
            raise ServerError(
                N_("{host} does not know the version {version}."),
                N_("Set server.version to what the server has, see the example file."),
                host=self._host,
                version=self.server.version,
            ) from fault
        if fault.reason in (Reason.TIMED_OUT, Reason.SERVER_BUSY):
            raise ServerError(
                N_("{host} can't be reached: {detail}."),
                N_("Check server.url, the network and the firewall, then run again."),
                host=self._host,
                detail=fault.detail,
            ) from fault
        if fault.detail in NOT_SOAP or fault.detail.startswith("HTTP"):
            raise ServerError(
                N_("{host} does not answer as an Exchange web service: {detail}."),
                N_("Check server.url; it normally ends in /EWS/Exchange.asmx."),
                host=self._host,
                detail=fault.detail,
            ) from fault

    def _raise_transport_fault(self, error: EWSError) -> NoReturn:
        """exchangelib retires the session itself before raising."""
        text = str(error)
        if isinstance(error, ErrorTimeoutExpired):
            kind = "timed out" if "Timeout" in text else "connection failed"
            reason = Reason.TIMED_OUT
            raise MailboxFault(reason, kind) from error
        if isinstance(error, TransportError):
            raise ServerError(
                N_("The certificate of {host} can't be trusted: {detail}."),
                N_(
                    "Set server.ca_file to the certificate authority that signed it;"
                    " verification can't be switched off."
                ),
                host=self._host,
                detail=_certificate_complaint(text),
            ) from error
        raise MailboxFault(Reason.UNAVAILABLE, type(error).__name__) from error

    def _raise_status_fault(self, response: requests.Response, content: bytes) -> NoReturn:
        status = response.status_code
        if status == requests.codes.unauthorized:
            raise LoginRefused(
                N_("{host} refuses the login of {account}."),
                N_(
                    "Check server.username, server.auth and the password. It was tried once only,"
                    " so that the account is not locked out."
                ),
                host=self._host,
                account=self.server.username or self.server.client_id,
            )
        if status in (requests.codes.too_many_requests, requests.codes.service_unavailable):
            after = response.headers.get("Retry-After", "")
            raise MailboxFault(
                Reason.SERVER_BUSY,
                f"HTTP {status}",
                back_off_s=float(after) if after.isdigit() else None,
                of_server=True,
            )
        if status == requests.codes.internal_server_error:
            require_soap(content)  # raises the SOAP fault that Exchange sends with a 500
        raise malformed(f"HTTP {status}")


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


def _read(response: requests.Response, deadline: float) -> bytes:
    """The body, whole, as it comes. One that is too large or drips too slowly is a fault."""
    chunks: list[bytes] = []
    size = 0
    try:
        while chunk := response.raw.read1(_READ_BYTES, decode_content=True):
            chunks.append(chunk)
            size += len(chunk)
            if size > MAX_ANSWER_BYTES:
                raise malformed("answer too large")
            if time.monotonic() > deadline:
                raise MailboxFault(Reason.TIMED_OUT, "answer too slow")
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise MailboxFault(Reason.TIMED_OUT, "connection lost") from error
    return b"".join(chunks)


def _certificate_complaint(text: str) -> str:
    """What OpenSSL complains of, out of the exception's long text."""
    _, _, complaint = text.partition("certificate verify failed: ")
    return complaint.split(" (_ssl", 1)[0] or text[:200]
