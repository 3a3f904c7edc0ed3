"""Sessions: a handshake whose connection is closed in every way, and a pool that loses none."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from mailaudit.sources.ews import EwsServer
from mailaudit.sources.ews.client import Client
from mailaudit.sources.ews.handshake import OneHandshake
from mailaudit.sources.ews.sessions import open_sessions
from mailaudit.sources.faults import MailboxFault
from mailaudit.sources.shared_state import OwnCell

STAYS, SAYS_SO, SAYS_NOTHING = "stays", "says so", "says nothing"


@contextmanager
def refusing(endings: Sequence[str]) -> Iterator[str]:
    """A server that answers 401 to everything, and what becomes of the connection each time."""
    left = list(endings)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            ending = left.pop(0)
            self.send_response(401)
            self.send_header("Content-Length", "0")
            if ending == SAYS_SO:
                self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = ending != STAYS

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def logged_in(url: str) -> list[int]:
    """The states of a request, a challenge and a proof, on one session."""
    states = []
    with requests.Session() as session:
        session.trust_env = False
        session.mount("http://", OneHandshake(pool_maxsize=1))
        for message in ("", "NTLM question", "NTLM proof"):
            headers = {"Authorization": message} if message else {}
            states.append(session.get(url, headers=headers, timeout=10).status_code)
            time.sleep(0.05)  # so that a connection that is closed is seen to be
    return states


@pytest.mark.parametrize(
    "endings",
    [
        (STAYS, STAYS, STAYS),
        (STAYS, STAYS, SAYS_SO),
        (STAYS, STAYS, SAYS_NOTHING),
        (SAYS_SO, STAYS, STAYS),
        (SAYS_NOTHING, STAYS, STAYS),
    ],
)
def test_proof_on_the_challenged_connection_is_refused(endings: Sequence[str]) -> None:
    """What comes before the challenge or after the proof makes no difference."""
    with refusing(endings) as url:
        assert logged_in(url) == [401, 401, 401]


@pytest.mark.parametrize("ending", [SAYS_SO, SAYS_NOTHING])
def test_connection_lost_after_the_challenge_is_no_refusal(ending: str) -> None:
    """Nobody has judged the password then."""
    with (
        refusing([STAYS, ending, STAYS]) as url,
        pytest.raises(requests.ConnectionError, match="login cut off"),
    ):
        logged_in(url)


def test_session_that_could_not_be_made_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """With OAuth, to make one asks for a token. Who fails there must not leave others waiting."""
    pool = open_sessions(
        EwsServer("https://mail.tinh.test/EWS", "Exchange2016", "basic", "svc", "s", None, 1)
    )
    first = pool.get_session()
    with monkeypatch.context() as offline:

        def create_session() -> requests.Session:
            raise requests.ConnectionError

        offline.setattr(pool, "create_session", create_session)
        pool.retire_session(first)  # reports nothing: its caller has an error of its own
        for _ in range(2):
            with pytest.raises(requests.ConnectionError):
                pool.get_session()
    second = pool.get_session()
    assert second is not first
    with monkeypatch.context() as offline:
        offline.setattr(pool, "create_session", create_session)
        with pytest.raises(requests.ConnectionError):
            pool.renew_session(second)
    assert pool.get_session() is not second


def test_failed_login_puts_no_address_into_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """exchangelib would write down the whole request."""

    def post(*_: object, **__: object) -> None:
        raise ValueError("odd")

    server = EwsServer("https://mail.tinh.test/EWS", "Exchange2016", "basic", "svc", "s", None, 1)
    monkeypatch.setattr(requests.Session, "post", post)
    caplog.set_level("INFO")
    with (
        closing(Client(server, OwnCell())) as connection,
        pytest.raises(MailboxFault, match="login failed"),
    ):
        connection.ask(b"<an@tinh.test/>", "an@tinh.test")
    assert "an@tinh.test" not in caplog.text


def test_changed_library_does_not_look_like_a_broken_network(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What no answer can cause is a fault of the program, and ends the run as one."""

    def post(*_: object, **__: object) -> None:
        raise TypeError("got an unexpected keyword argument")

    server = EwsServer("https://mail.tinh.test/EWS", "Exchange2016", "basic", "svc", "s", None, 1)
    monkeypatch.setattr(requests.Session, "post", post)
    with closing(Client(server, OwnCell())) as connection, pytest.raises(TypeError):
        connection.ask(b"<an@tinh.test/>", "an@tinh.test")
    assert "an@tinh.test" not in caplog.text


def test_kind_of_a_failed_login_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """So that an odd challenge can be distinguished from an odd network."""

    def post(*_: object, **__: object) -> None:
        raise UnicodeError("odd")

    server = EwsServer("https://mail.tinh.test/EWS", "Exchange2016", "basic", "svc", "s", None, 1)
    monkeypatch.setattr(requests.Session, "post", post)
    with closing(Client(server, OwnCell())) as connection, pytest.raises(MailboxFault):
        connection.ask(b"<an@tinh.test/>", "an@tinh.test")
    assert "login failed: UnicodeError" in caplog.text
