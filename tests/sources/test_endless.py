"""Answers whose headers do not end, at the login and on a connection that is logged in."""

import ssl
import threading
from pathlib import Path

import pytest
from raw_server import REQUEST, connected, patient_until_gone, serving, sound

from mailaudit.errors import ServerError
from mailaudit.model.outcome import Reason
from mailaudit.sources.faults import MailboxFault

pytestmark = pytest.mark.slow

OPENING = b"HTTP/1.1 200 OK\r\n"
# What is sent first, then again and again, how far between, and how often at most: for a minute,
# or 64 MB.
ENDLESS = {
    "continue, slowly": (b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.2, 300),
    "continue, at once": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 400, 0.0, 6400),
    "header, slowly": (OPENING, b"X-Slow: 1\r\n", 0.5, 120),
    "header, byte by byte": (OPENING, b"x", 0.2, 300),
    "headers, at once": (OPENING, b"X-Many: 1234567890\r\n" * 500, 0.0, 6400),
    "one header": (OPENING + b"X-Long: ", b"x" * 10000, 0.0, 6400),
}


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("name", ENDLESS)
def test_headers_without_end_are_not_waited_for(tmp_path: Path, name: str, at: int) -> None:
    """The client goes before the server tires: at the login (1), and after it (2)."""
    first, piece, every_s, most = ENDLESS[name]
    gone = threading.Event()

    def answering(sock: ssl.SSLSocket, number: int) -> bool:
        if number != at:
            sock.sendall(sound())
            return True
        sock.sendall(first)
        if patient_until_gone(sock, piece, every_s, most):
            gone.set()
        return False

    with serving(tmp_path, answering) as server, connected(server) as connection:
        if at > 1:
            connection.check()
        with pytest.raises(MailboxFault) as caught:
            connection.ask(REQUEST, "a@tinh.test")
        assert gone.wait(10)
    if every_s:
        assert caught.value.reason is Reason.TIMED_OUT
    else:
        assert caught.value.detail in ("headers too large", "connection failed")


def test_check_of_a_server_whose_headers_are_too_large_fails(tmp_path: Path) -> None:
    """It is not an Exchange web service, and the check says so."""

    def answering(sock: ssl.SSLSocket, number: int) -> bool:
        sock.sendall(OPENING + b"X-Long: " + b"x" * 60000 + b"\r\n")
        patient_until_gone(sock, b"X-Long: " + b"x" * 60000 + b"\r\n", 0, 90)
        return False

    with (
        serving(tmp_path, answering) as server,
        connected(server) as connection,
        pytest.raises(ServerError, match="does not answer as an Exchange web service: headers"),
    ):
        connection.check()
