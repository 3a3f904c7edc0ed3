"""Internals: what libraries do not promise to keep is still as the program needs it.

Where a test fails after an update, sources/ews/internals.py says what the part is needed for.
"""

import ssl
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from inspect import signature
from pathlib import Path
from types import ModuleType

import httptools
import pytest
import requests
import requests_ntlm
import spnego
import urllib3
from certificate_builders import authority, certificate, shown
from cryptography.hazmat.primitives.serialization import Encoding
from exchangelib.protocol import BaseProtocol, RetryPolicy
from exchangelib.transport import AUTH_TYPE_MAP, GSSAPI
from exchangelib.util import post_ratelimited
from raw_server import serving, sound
from spnego.channel_bindings import GssChannelBindings

from mailaudit.sources.ews import EwsServer, internals
from mailaudit.sources.ews.handshake import LoginAdapter, OneHandshake, PublicTrust
from mailaudit.sources.ews.sessions import open_sessions

# A class of a library, its distribution, and the names in it that are called or replaced.
PARTS: tuple[tuple[type, str, str], ...] = (
    (
        BaseProtocol,
        "exchangelib",
        "HTTP_ADAPTER_CLS USERAGENT raw_session create_session get_session release_session"
        " renew_session retire_session close_session close",
    ),
    (RetryPolicy, "exchangelib", "fail_fast back_off_until back_off raise_response_errors"),
    (requests.adapters.HTTPAdapter, "requests", "init_poolmanager build_response send"),
    (urllib3.HTTPSConnectionPool, "urllib3", "ConnectionCls"),
    (urllib3.connection.HTTPSConnection, "urllib3", "response_class"),
    (urllib3.HTTPResponse, "urllib3", "connection read1 release_conn"),
)
TAKES = (
    (post_ratelimited, "exchangelib", "protocol session url headers data stream timeout"),
    (BaseProtocol.raw_session, "exchangelib", "oauth2_token_endpoint"),
    (requests.adapters.HTTPAdapter.send, "requests", "request stream timeout verify cert proxies"),
    (requests_ntlm.HttpNtlmAuth, "requests-ntlm", "username password"),
)
SERVER = EwsServer("https://mail.tinh.test/EWS", "Exchange2016", "basic", "svc", "s", None, 1)


@pytest.mark.parametrize(
    ("owner", "library", "name"),
    [(owner, library, name) for owner, library, names in PARTS for name in names.split()],
)
def test_part_is_where_it_was(owner: type, library: str, name: str) -> None:
    """Each name that the program calls or replaces."""
    assert hasattr(owner, name), f"{library} {version(library)} has no {owner.__name__}.{name}"


@pytest.mark.parametrize(("function", "library", "names"), TAKES)
def test_function_takes_what_it_is_given(function: object, library: str, names: str) -> None:
    """Each argument that the program gives or looks for."""
    assert callable(function)
    missing = set(names.split()) - signature(function).parameters.keys()
    assert not missing, f"{function!r} of {library} {version(library)} lacks {missing}"


def test_pool_classes_can_be_replaced_for_one_adapter() -> None:
    """The dictionary is that adapter's own, and https is among its keys."""
    before = requests.adapters.HTTPAdapter().poolmanager.pool_classes_by_scheme["https"]
    ours = LoginAdapter().poolmanager.pool_classes_by_scheme["https"]
    assert issubclass(ours, before)
    assert ours is not before
    assert requests.adapters.HTTPAdapter().poolmanager.pool_classes_by_scheme["https"] is before


def test_sessions_are_prepared_before_a_token_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for the host that gives tokens out, which is not the organisation's."""
    fetched_with: list[object] = []

    def fetch_token(session: requests.Session, token_url: str, **_: object) -> dict[str, str]:
        fetched_with.extend((session.trust_env, session.get_adapter(token_url)))
        return {"access_token": "t", "token_type": "Bearer"}

    monkeypatch.setattr("requests_oauthlib.OAuth2Session.fetch_token", fetch_token)
    pool = open_sessions(replace(SERVER, auth="oauth", tenant_id="t", client_id="c"))
    with closing(pool):
        session = pool.get_session()
        pool.release_session(session)
    trusts_environment, adapter = fetched_with
    assert trusts_environment is False
    assert isinstance(adapter, PublicTrust)
    assert type(session.get_adapter(SERVER.url)) is LoginAdapter
    assert session.headers["User-Agent"] == "mailaudit"


def test_failed_post_gives_its_session_back() -> None:
    """There is one, and it can be had again; what the system said stays to be found."""
    url = "https://127.0.0.1:1/EWS"  # where nothing listens
    with closing(open_sessions(replace(SERVER, url=url))) as pool:
        for _ in range(2):
            session = pool.get_session()
            with pytest.raises(Exception, match="refused") as raised:
                internals.post(pool, session, url, {}, b"", (5, 5))
            causes = list(internals.causes_of(raised.value))
            assert any(isinstance(cause, ConnectionRefusedError) for cause in causes)


def test_error_of_a_callback_is_found() -> None:
    """What is raised in the middle of an answer is not lost in the parser's own error."""

    class Refusing:
        def on_body(self, chunk: bytes) -> None:
            raise LookupError(chunk)

    with pytest.raises(httptools.HttpParserCallbackError) as raised:
        httptools.HttpResponseParser(Refusing()).feed_data(sound(b"too much"))
    assert isinstance(internals.raised_in_callback(raised.value), LookupError)


@contextmanager
def challenged(folder: Path, scheme: str) -> Iterator[tuple[EwsServer, bytes]]:
    """A server that asks for a login by the scheme and accepts none, and its certificate."""
    ours = authority()
    (folder / "ca.pem").write_bytes(ours.pem())
    shown_one = certificate(ours, "127.0.0.1")

    def answering(sock: ssl.SSLSocket, number: int) -> bool:
        sock.sendall(sound(b"", f"WWW-Authenticate: {scheme}", status="401 Unauthorized"))
        return True

    with serving(folder, answering, shown(folder, shown_one)) as server:
        yield server, shown_one.certificate.public_bytes(Encoding.DER)


@pytest.mark.parametrize("adapter", [LoginAdapter, OneHandshake])
def test_answer_is_read_within_bounds_and_shows_its_certificate(
    tmp_path: Path, adapter: type[LoginAdapter]
) -> None:
    """Wherever a library of logins looks for it; and nothing is left of a connection that ended."""
    with challenged(tmp_path, "NTLM") as (server, shown_one), requests.Session() as session:
        session.mount("https://", adapter(pool_maxsize=1))
        session.trust_env, session.verify = False, str(server.ca_file)
        response = session.post(server.url, data=b"", timeout=(5, 5), stream=True)
        raw = response.raw
        assert type(raw._fp.fp.raw) is internals._Incoming, "an answer is read without bounds"
        sock = internals.socket_of(raw.connection)
        assert sock is not None
        for found in (sock, raw._fp.fp.raw._sock, raw._connection.sock):
            assert isinstance(found, ssl.SSLSocket)
            assert found.getpeercert(binary_form=True) == shown_one
        connection = raw.connection
        connection.close()
        assert internals.socket_of(connection) is None


def test_ntlm_binds_the_login_to_the_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Extended Protection demands: by the hash of the server's certificate (RFC 5929)."""
    bound_to: list[bytes] = []

    def client(*_: object, channel_bindings: GssChannelBindings, **__: object) -> None:
        bound_to.append(channel_bindings.application_data or b"")
        raise ValueError("seen enough")

    monkeypatch.setattr(spnego, "client", client)
    with (
        challenged(tmp_path, "NTLM") as (server, shown_one),
        closing(open_sessions(replace(server, auth="ntlm"))) as pool,
        pytest.raises(ValueError, match="seen enough"),
    ):
        internals.post(pool, pool.get_session(), server.url, {}, b"", (5, 5))
    assert bound_to == [b"tls-server-end-point:" + sha256(shown_one).digest()]


class Negotiating(requests.auth.AuthBase):
    """Stands in for requests_gssapi, which needs the system's Kerberos: takes the same argument,
    and finds the certificate where that looks for it.
    """

    def __init__(self, *, channel_bindings: str) -> None:
        self.channel_bindings = channel_bindings
        self.bound_to: list[bytes] = []

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.register_hook("response", self.bind)
        return request

    def bind(self, response: requests.Response, **_: object) -> None:
        self.bound_to.append(response.raw.connection.sock.getpeercert(binary_form=True))


def test_kerberos_binds_the_login_to_the_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Extended Protection demands: what the ticket is bound to is the server's certificate."""
    library = ModuleType("requests_gssapi")
    library.HTTPSPNEGOAuth = Negotiating  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "requests_gssapi", library)
    monkeypatch.setitem(AUTH_TYPE_MAP, GSSAPI, lambda: None)
    with challenged(tmp_path, "Negotiate") as (server, shown_one):
        pool = open_sessions(replace(server, auth="kerberos", username="", secret=""))
        session = pool.get_session()
        session.post(server.url, data=b"", timeout=(5, 5), stream=True)
        login = session.auth
        pool.release_session(session)
        pool.close()
    assert isinstance(login, Negotiating)
    assert login.channel_bindings == "tls-server-end-point"
    assert login.bound_to == [shown_one]


def test_library_of_kerberos_takes_what_it_is_given() -> None:
    """The real one, where it is installed."""
    library = pytest.importorskip("requests_gssapi")
    login = library.HTTPSPNEGOAuth(channel_bindings="tls-server-end-point")
    assert login.channel_bindings == "tls-server-end-point"
