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

# What the acceptor raises on tokens that are no NTLM messages, besides its own errors.
_MALFORMED = (SpnegoError, struct.error, ValueError, LookupError, OverflowError)


@dataclass(frozen=True, slots=True)
class Account:
    """Someone who may log in as `DOMAIN\\name`."""

    domain: str
    name: str
    password: str
    may_impersonate: bool

    @property
    def login(self) -> str:
        return f"{self.domain}\\{self.name}"

    @property
    def caller(self) -> Caller:
        return Caller(self.login, None, self.may_impersonate)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an Authorization header led to: a caller, or a challenge to send with 401."""

    caller: Caller | None
    challenge: str = ""


class Login(Protocol):
    """The login of one connection."""

    def judge(self, authorization: str) -> Verdict:
        """What the Authorization header of a request, empty when absent, leads to."""
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
    names, as libraries of NTLM do.
    """

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self._handshake: spnego.ContextProxy | None = None
        self._caller: Caller | None = None

    def judge(self, authorization: str) -> Verdict:
        if not authorization:
            return Verdict(self._caller, "NTLM")
        token = _secret(authorization, "ntlm")
        self._caller = None
        if not token:
            return Verdict(None, "NTLM")
        if self._handshake is None:
            self._handshake = spnego.server(protocol="ntlm")
        try:
            reply = self._handshake.step(token)
        except _MALFORMED:
            self._handshake = None
            return Verdict(None, "NTLM")
        if not self._handshake.complete:
            return Verdict(None, f"NTLM {base64.b64encode(reply or b'').decode()}")
        account = self._accounts.get(str(self._handshake.client_principal).lower())
        self._handshake = None
        self._caller = account.caller if account else None
        return Verdict(self._caller, "NTLM")


class BasicLogin:
    """Basic: every request brings the password."""

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts

    def judge(self, authorization: str) -> Verdict:
        refused = Verdict(None, 'Basic realm="mailaudit demo"')
        name, _, password = (_secret(authorization, "basic") or b"").partition(b":")
        account = self._accounts.get(name.decode(errors="replace").lower())
        if account is None or not hmac.compare_digest(password, account.password.encode()):
            return refused
        return Verdict(account.caller)
