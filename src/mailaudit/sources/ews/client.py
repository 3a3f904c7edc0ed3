"""Client: one login at one server, shared by all threads; what each reply means for the audit."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NoReturn
from urllib.parse import urlsplit

import requests

from mailaudit.errors import N_, ServerError
from mailaudit.model.outcome import Reason
from mailaudit.sources.ews import envelopes
from mailaudit.sources.ews.answers import require_soap
from mailaudit.sources.ews.body import HEAD_TOO_LARGE
from mailaudit.sources.ews.connection_errors import Untrusted, unreachable, untrusted
from mailaudit.sources.ews.faults import GATEWAY_ERRORS, NOT_SOAP, EwsFault, fault_of, malformed
from mailaudit.sources.ews.link import Reply
from mailaudit.sources.ews.login import EwsLogin
from mailaudit.sources.ews.server_version import read_server_version
from mailaudit.sources.ews.transport import Transport
from mailaudit.sources.faults import LoginRefusedError, MailboxFault
from mailaudit.sources.shared_state import Cell

_LONGEST_CODE = 64  # characters
CHECK_TIMEOUT_S = 10  # to connect, and again to answer: reported in well under half a minute


class Client:
    """Posts envelopes to a server. Use from as many threads as it has connections.

    Args:
        refused: Not 0 once the login is refused, here or by another connection of the run.
    """

    def __init__(self, server: EwsLogin, refused: Cell) -> None:
        self.server = server
        self._host = urlsplit(server.url).hostname or server.url
        self._transport = Transport(server, refused)
        self.turn = self._transport.turn
        self.server_version = ""  # what the server says it is, once it was checked
        self.server_time: datetime | None = None  # what its clock said when it last gave the time

    def check(self) -> None:
        """Logs in once, opening no mailbox.

        Raises:
            ServerError: Unreachable, untrusted, login refused, or not an EWS server.
        """
        try:
            reply = self._post(envelopes.probe(self.server.version), {}, CHECK_TIMEOUT_S)
            require_soap(reply.content)
            self.server_version = read_server_version(reply.content)
        except MailboxFault as fault:
            self._raise_unusable(fault)

    def ask(self, envelope: bytes, mailbox: str, wait: Callable[[], None] = lambda: None) -> Reply:
        """The reply to one request about one mailbox.

        Args:
            wait: Called before a request that logs in, which may have had to wait for others.

        Raises:
            MailboxFault: No usable answer this time.
            ServerError: The login is refused or the certificate no longer trusted.
        """
        # Lets a front end send the request straight to the mailbox's own server.
        headers = {"X-AnchorMailbox": mailbox}
        return self._post(envelope, headers, self.server.timeout_s, wait)

    def close(self) -> None:
        """Closes every connection and forgets the login."""
        self._transport.close()

    def _post(
        self,
        envelope: bytes,
        headers: dict[str, str],
        timeout_s: float,
        wait: Callable[[], None] = lambda: None,
    ) -> Reply:
        try:
            reply = self._transport.post(envelope, headers, timeout_s, wait)
        except Untrusted as error:
            raise untrusted(error, self._host, self.server.place) from error
        self.server_time = _moment(reply.headers.get("date", "")) or self.server_time
        if reply.status != requests.codes.ok:
            self._raise_status_fault(reply)
        return reply

    def _raise_unusable(self, fault: MailboxFault) -> None:
        """Says what the check met; returns where a fault was said to somebody logged in."""
        if fault.detail in ("ErrorInvalidServerVersion", "ErrorIncorrectSchemaVersion"):
            raise ServerError(
                N_("{host} does not know the version {version}."),
                N_("Set {place}.version to what the server has, see the example file."),
                host=self._host,
                place=self.server.place,
                version=self.server.version,
            ) from fault
        if fault.is_busy or fault.detail in GATEWAY_ERRORS:
            raise ServerError(
                N_("{host} is busy or being restarted: {detail}."),
                N_("Run again later."),
                host=self._host,
                detail=fault.detail,
            ) from fault
        if fault.reason is Reason.TIMED_OUT:
            port = urlsplit(self.server.url).port or 443
            raise unreachable(fault, self._host, port, self.server.place) from fault
        if fault.detail in (*NOT_SOAP, HEAD_TOO_LARGE) or fault.detail.startswith("HTTP"):
            raise ServerError(
                N_("{host} does not answer as an Exchange web service: {detail}."),
                N_("Check {place}.url; it normally ends in /EWS/Exchange.asmx."),
                host=self._host,
                place=self.server.place,
                detail=fault.detail,
            ) from fault

    def _raise_status_fault(self, reply: Reply) -> NoReturn:
        status = reply.status
        if status == requests.codes.unauthorized:
            raise LoginRefusedError(
                N_("{host} refuses the login of {account}."),
                N_(
                    "Check {place}.username, {place}.auth and the password. It was tried once only,"
                    " so that the account is not locked out."
                ),
                host=self._host,
                place=self.server.place,
                account=self.server.account,
            )
        code = _cas_error(reply.headers.get("x-caserrorcode", ""))
        if status in (requests.codes.too_many_requests, requests.codes.service_unavailable):
            raise EwsFault(
                Reason.SERVER_BUSY,
                code or f"HTTP {status}",
                back_off_s=_retry_after_s(reply.headers.get("retry-after", "")),
                of_server=True,
            )
        if code:
            raise fault_of(code)
        if status == requests.codes.internal_server_error:
            try:
                require_soap(reply.content)  # raises the SOAP fault that Exchange sends with a 500
            except MailboxFault as fault:
                if fault.detail not in NOT_SOAP:
                    raise
        if f"HTTP {status}" in GATEWAY_ERRORS:
            raise EwsFault(Reason.UNAVAILABLE, f"HTTP {status}")
        raise malformed(f"HTTP {status}")


def _cas_error(text: str) -> str:
    """The code of an X-CasErrorCode, "" where it holds none: "CAS error: UserNotFound"."""
    code = text.rpartition(":")[2].strip()
    return code if code.isalnum() and code.isascii() and len(code) <= _LONGEST_CODE else ""


def _retry_after_s(text: str) -> float | None:
    """Seconds that a Retry-After asks for, as a number or as a date (RFC 9110 10.2.3)."""
    if text.strip().isdecimal():
        return float(text)
    until = _moment(text)
    return None if until is None else max(0.0, until.timestamp() - time.time())


def _moment(text: str) -> datetime | None:
    """A date as HTTP writes it (RFC 9110 5.6.7); None for anything else."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the second of a time zone beyond all bounds
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC)  # a zone of "-0000" is read as none
