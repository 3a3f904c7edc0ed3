"""Reading a directory over LDAPS, page by page: one login, TLS verified, no referral followed."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import ldap3
from ldap3.core.exceptions import LDAPException

from mailaudit.errors import N_, DirectoryError
from mailaudit.model.certificate import distrust, trusting
from mailaudit.roster.directory.server import DirectoryServer

_PAGED = "1.2.840.113556.1.4.319"
_SUCCESS, _REFERRAL, _NO_SUCH_OBJECT, _WRONG_CREDENTIALS = 0, 10, 32, 49
_TIME_LIMIT, _SIZE_LIMIT, _ADMINISTRATIVE_LIMIT = 3, 4, 11

_BROKEN_OFF = (
    N_("The directory {host} broke off its answer: {why}."),
    N_("Lower directory.page_size, narrow directory.filter, or raise the account's limit."),
)
_REFUSED = (
    N_("The directory {host} refuses the search: {why}."),
    N_("Check directory.filter, directory.base and the account's rights."),
)
_REFUSALS = {
    _WRONG_CREDENTIALS: (
        N_("The directory {host} refuses the login of {account}: {why}."),
        N_(
            "Check directory.username and its password, and whether the account is locked. It was"
            " tried once."
        ),
    ),
    _NO_SUCH_OBJECT: (
        N_("The directory {host} has no {base}: {why}."),
        N_("Correct directory.base."),
    ),
    _REFERRAL: (
        N_("The directory {host} has {base} elsewhere: {why}. Other servers are not asked."),
        N_("Name that server in directory.url, or correct directory.base."),
    ),
    _TIME_LIMIT: _BROKEN_OFF,
    _SIZE_LIMIT: _BROKEN_OFF,
    _ADMINISTRATIVE_LIMIT: _BROKEN_OFF,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its distinguished name and its attributes' values as they came."""

    dn: str
    values: Mapping[str, tuple[bytes, ...]]


@dataclass(frozen=True, slots=True)
class Answer:
    """All entries found, and the parts of the directory that lie elsewhere and were not read."""

    entries: tuple[Entry, ...]
    referrals: tuple[str, ...]


def read_entries(server: DirectoryServer) -> Answer:
    """Every entry below the base that the filter finds. A part of them is never given for all.

    Raises:
        ConfigurationError: The CA file can't be used.
        DirectoryError: The directory can't be reached, is not who it should be, refuses the login
            or the search, or breaks off.
    """
    with _connected(server) as connection:
        entries: list[Entry] = []
        referrals: dict[str, None] = {}
        for found in _found(server, connection):
            if found["type"] == "searchResRef":
                referrals.update(dict.fromkeys(map(str, found["uri"])))
            elif found["type"] == "searchResEntry":
                entries.append(_entry(found))
        return Answer(tuple(entries), tuple(referrals))


class _VerifiedTls(ldap3.Tls):  # type: ignore[misc]  # ldap3 has no types
    """TLS by a context of Python's own, which checks the chain and the name before a byte is sent.

    Attributes:
        distrust: What the server's certificate was refused for, if it was.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._context = context
        self.distrust: ssl.SSLCertVerificationError | None = None

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:  # noqa: ANN401
        host = connection.server.host
        try:
            connection.socket = self._context.wrap_socket(connection.socket, server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            self.distrust = error
            raise


@contextmanager
def _connected(server: DirectoryServer) -> Iterator[Any]:
    """A connection on which the login was accepted; it is tried once."""
    tls = _VerifiedTls(trusting(server.ca_file, "directory"))
    connection = ldap3.Connection(
        ldap3.Server(
            server.host,
            port=server.port,
            use_ssl=True,
            tls=tls,
            get_info=ldap3.NONE,
            connect_timeout=server.timeout_s,
        ),
        user=server.username,
        password=server.secret,
        authentication=ldap3.SIMPLE,
        auto_referrals=False,
        read_only=True,
        check_names=False,
        receive_timeout=server.timeout_s,
    )
    try:
        connection.bind()
        _require_success(server, connection.result)
        yield connection
    except LDAPException as error:
        raise _broken(server, tls, error) from None
    finally:
        connection.strategy.close()


def _found(server: DirectoryServer, connection: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """The responses to the search, page after page."""
    cookie: bytes | None = None
    while cookie is None or cookie:
        connection.search(
            server.base,
            server.filter,
            search_scope=ldap3.SUBTREE,
            dereference_aliases=ldap3.DEREF_NEVER,
            attributes=server.attributes.asked(),
            paged_size=server.page_size,
            paged_criticality=True,
            paged_cookie=cookie,
        )
        _require_success(server, connection.result)
        yield from connection.response or ()
        control = connection.result.get("controls", {}).get(_PAGED, {})
        cookie = control.get("value", {}).get("cookie") or b""


def _entry(found: Mapping[str, Any]) -> Entry:
    values = {
        name.lower(): tuple(value for value in listed if isinstance(value, bytes))
        for name, listed in found["raw_attributes"].items()
    }
    return Entry(str(found["dn"]), values)


def _require_success(server: DirectoryServer, result: Mapping[str, Any]) -> None:
    """Raises DirectoryError for every answer but success: what came before is not all."""
    code = result["result"]
    if code == _SUCCESS:
        return
    why = f"{result['description']} ({code}) {result['message']}".strip()
    if code == _REFERRAL:
        why = ", ".join(map(str, result.get("referrals") or ()))
    message, remedy = _REFUSALS.get(code, _REFUSED)
    raise DirectoryError(
        message, remedy, host=server.host, account=server.username, base=server.base, why=why
    )


def _broken(server: DirectoryServer, tls: _VerifiedTls, error: LDAPException) -> DirectoryError:
    if tls.distrust is not None:
        message, remedy = distrust(tls.distrust.verify_code)
        return DirectoryError(
            message,
            remedy,
            host=server.host,
            table="directory",
            detail=tls.distrust.verify_message.rstrip("."),
        )
    return DirectoryError(
        N_("The directory {host}, port {port}, can't be used: {why}."),
        N_("Check directory.url, the network and the firewall; only LDAPS is spoken."),
        host=server.host,
        port=server.port,
        why=str(error),
    )
