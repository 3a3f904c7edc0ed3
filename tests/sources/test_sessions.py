"""A handshake of two requests, against a server that closes connections in every way."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from mailaudit.sources.ews.sessions import OneHandshake

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
