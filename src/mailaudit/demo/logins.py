"""Who may log in, and how: NTLM, which logs a connection in, or Basic, which logs a request in."""

import base64
import hmac
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import spnego
from spnego.exceptions import SpnegoError

from mailaudit.demo.ews.stores import Caller

_AUTHENTICATE = b"\x03"  # the type of the NTLM message with the proof of the password
# What the acceptor raises on tokens that are no NTLM messages, besides its own errors.
_MALFORMED = (SpnegoError, struct.error, ValueError, LookupError, OverflowError)


@dataclass(frozen=True, slots=True)
class Account:
    """Someone who may log in as `DOMAIN\\name`; `address` is that of the own mailbox, if any."""

    domain: str
    name: str
    password: str
    may_impersonate: bool
    address: str | None = None

    @property
    def login(self) -> str:
        return f"{self.domain}\\{self.name}"

    @property
    def caller(self) -> Caller:
        return Caller(self.login, self.address, self.may_impersonate)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an Authorization header led to: a caller, or a challenge to send with 401.

    Attributes:
        is_attempt: Whether a password was tried.
        fault: The kind of the fault injected on the way, or empty.
    """

    caller: Caller | None
    challenge: str = ""
    is_attempt: bool = False
    fault: str = ""


class Login(Protocol):
    """The login of one connection."""

    def judge(self, authorization: str) -> Verdict:
        """What the Authorization header of a request, empty when absent, leads to."""
        ...

    @property
    def is_logged_in(self) -> bool:
        """Whether the next request can be answered without a handshake."""
        ...

    def forget(self) -> None:
        """Makes the next request be refused, once."""
        ...

    def refuse(self) -> None:
        """Accepts no password any more."""
        ...


def _secret(authorization: str, scheme: str) -> bytes | None:
    """The decoded credentials of a header in a scheme, None when there are none."""
    kind, _, text = authorization.partition(" ")
    if kind.lower() != scheme:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return None


class NtlmLogin:
    """NTLM: three requests of one connection log it in, and it stays so until it is closed.

    The acceptor finds the passwords in the file that the environment variable NTLM_USER_FILE
    names, as libraries of NTLM do; on Windows it asks the system's accounts unless asked
    otherwise.
    """

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self._handshake: spnego.ContextProxy | None = None
        self._caller: Caller | None = None

    @property
    def is_logged_in(self) -> bool:
        return self._caller is not None

    def forget(self) -> None:
        self._handshake = self._caller = None

    def refuse(self) -> None:
        self._accounts = {}

    def judge(self, authorization: str) -> Verdict:
        if not authorization:
            return Verdict(self._caller, "NTLM")
        token = _secret(authorization, "ntlm")
        self._caller = None
        if not token:
            return Verdict(None, "NTLM")
        if self._handshake is None:
            self._handshake = spnego.server(
                protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm
            )
        try:
            reply = self._handshake.step(token)
        except _MALFORMED:
            is_attempt, self._handshake = token[8:9] == _AUTHENTICATE, None
            return Verdict(None, "NTLM", is_attempt)
        if not self._handshake.complete:
            return Verdict(None, f"NTLM {base64.b64encode(reply or b'').decode()}")
        account = self._accounts.get(str(self._handshake.client_principal).lower())
        self._handshake = None
        self._caller = account.caller if account else None
        return Verdict(self._caller, "NTLM", is_attempt=True)


class BasicLogin:
    """Basic: every request brings the password."""

    is_logged_in = True

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self._forgotten = False

    def forget(self) -> None:
        self._forgotten = True

    def refuse(self) -> None:
        self._accounts = {}

    def judge(self, authorization: str) -> Verdict:
        refused = Verdict(None, 'Basic realm="mailaudit demo"', bool(authorization))
        if self._forgotten:
            self._forgotten = False
            return refused
        name, _, password = (_secret(authorization, "basic") or b"").partition(b":")
        account = self._accounts.get(name.decode(errors="replace").lower())
        if account is None or not hmac.compare_digest(password, account.password.encode()):
            return refused
        return Verdict(account.caller, is_attempt=True)
