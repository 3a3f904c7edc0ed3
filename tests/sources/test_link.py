"""Answers in the forms that HTTP allows, at the login and on a connection that is logged in."""

import gzip
import math
import ssl
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from raw_server import ANSWER, REQUEST, connected, serving, sound

from mailaudit.sources.faults import MailboxFault

HALF = len(ANSWER) // 2
MEMBERS = gzip.compress(ANSWER[:HALF]) + gzip.compress(ANSWER[HALF:])
PACKED = {
    "gzip": (gzip.compress(ANSWER), "gzip"),
    "upper case": (gzip.compress(ANSWER), "GZIP"),
    "old name": (gzip.compress(ANSWER), "x-gzip"),
    "several members": (MEMBERS, "gzip"),
    "padded": (MEMBERS + bytes(512), "gzip"),
    "named, but not packed": (ANSWER, "Identity"),
}


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("name", PACKED)
def test_packed_answer_is_read(tmp_path: Path, name: str, at: int) -> None:
    """The same at the login (1) and after it (2)."""
    body, packing = PACKED[name]

    def answering(sock: ssl.SSLSocket, number: int) -> bool:
        packed = sound(body, f"Content-Encoding: {packing}")
        sock.sendall(packed if number == at else sound())
        return True

    with serving(tmp_path, answering) as server, connected(server) as connection:
        for _ in range(2):
            assert connection.ask(REQUEST, "a@tinh.test").content == ANSWER


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"\x1f\x8b" + bytes(20), "answer packed badly"),
        (MEMBERS + b"\x1f\x8b" + bytes(20), "answer packed badly"),
        (gzip.compress(b"") * 300_000, "answer packed badly"),
        (gzip.compress(bytes(9 << 20)), "answer too large"),
        (gzip.compress(bytes(5 << 20)) * 2, "answer too large"),
    ],
    ids=["damaged", "damaged further member", "members without end", "large", "large together"],
)
def test_answer_packed_to_do_harm_is_refused(tmp_path: Path, body: bytes, detail: str) -> None:
    """It is a damaged answer, in bounded time and memory."""

    def answering(sock: ssl.SSLSocket, number: int) -> bool:
        sock.sendall(sound() if number == 1 else sound(body, "Content-Encoding: gzip"))
        return True

    with serving(tmp_path, answering) as server, connected(server) as connection:
        connection.check()
        with pytest.raises(MailboxFault) as caught:
            connection.ask(REQUEST, "a@tinh.test")
    assert caught.value.detail == detail


BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\n"


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize(
    "answer",
    [
        BUSY + b"Content-Length: 4\r\nConnection: close\r\n\r\nbusy",
        BUSY + b"Connection: close\r\n\r\nbusy",
        BUSY + b"\r\n",
        BUSY.replace(b"1.1", b"1.0") + b"\r\nbusy",
    ],
    ids=["length", "without length", "without body", "HTTP/1.0"],
)
def test_silence_asked_for_with_the_last_words_is_heard(
    tmp_path: Path, answer: bytes, at: int
) -> None:
    """A 503 that closes its connection has a Retry-After as any other, whatever ends it."""

    def answering(sock: ssl.SSLSocket, number: int) -> bool:
        sock.sendall(answer if number == at else sound())
        return number != at

    with serving(tmp_path, answering) as server, connected(server) as connection:
        if at > 1:
            connection.check()
        with pytest.raises(MailboxFault) as caught:
            connection.ask(REQUEST, "a@tinh.test")
    assert (caught.value.detail, caught.value.back_off_s) == ("HTTP 503", 7)


def test_silence_asked_for_before_the_request_was_read_is_heard(tmp_path: Path) -> None:
    """A front end that is overwhelmed answers and closes while the request is still coming."""
    large = REQUEST + b" " * (16 << 20)

    def answering(sock: ssl.SSLSocket, number: int) -> bool:
        if number == 1:
            sock.sendall(sound())
            return True
        sock.sendall(BUSY + b"Connection: close\r\n\r\n")
        time.sleep(0.3)  # so that it is on the other side before the reset
        return False

    with serving(tmp_path, answering, reads_bodies=False) as server, connected(server) as one:
        one.check()
        with pytest.raises(MailboxFault) as caught:
            one.ask(large, "a@tinh.test")
    assert (caught.value.detail, caught.value.back_off_s) == ("HTTP 503", 7)


def test_answer_without_a_length_ends_with_its_connection(tmp_path: Path) -> None:
    """And is whole then; one with a length is not."""
    end = sound().partition(b"\r\n\r\n")[2]
    answers = {
        2: b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + end,
        4: sound()[:-10],
        5: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    }

    def answering(sock: ssl.SSLSocket, number: int) -> bool:
        sock.sendall(answers.get(number, sound()))
        return number not in answers

    with serving(tmp_path, answering) as server, connected(server) as connection:
        for _ in range(3):
            assert connection.ask(REQUEST, "a@tinh.test").content == ANSWER
        with pytest.raises(MailboxFault, match="connection lost"):
            connection.ask(REQUEST, "a@tinh.test")


def test_bytes_that_nobody_asked_for_close_the_connection(tmp_path: Path) -> None:
    """They would be taken for the next answer."""
    stray = sound(ANSWER.replace(b"NoError", b"Another"))
    connections = []

    def answering(sock: ssl.SSLSocket, number: int) -> bool:
        connections.append(sock.getpeername())
        sock.sendall(sound())
        if number in (1, 3):
            sock.sendall(stray)
        return True

    with serving(tmp_path, answering) as server, connected(server) as connection:
        for _ in range(5):
            assert connection.ask(REQUEST, "a@tinh.test").content == ANSWER
            time.sleep(0.1)  # so that what was sent has come
    assert len(set(connections)) == 3


@pytest.mark.parametrize(
    ("text", "back_off_s"),
    [
        ("5", 5.0),
        ("9" * 400, math.inf),
        ("soon", None),
        ("Thu, 01 Jan 2026 00:00:00 GMT", 0.0),
        ("Mon, 01 Jan 2026 00:00:00 +99999999999999", None),
        ("Mon, 01 Jan 2026 00:00:00 +9999", None),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0.0),
    ],
)
def test_retry_after_that_makes_no_sense_is_as_good_as_none(
    tmp_path: Path, text: str, back_off_s: float | None
) -> None:
    """Whatever a server writes there, the run goes on."""

    def answering(sock: ssl.SSLSocket, number: int) -> bool:
        sock.sendall(sound(b"", f"Retry-After: {text}", status="503 Busy"))
        return False

    with (
        serving(tmp_path, answering) as server,
        connected(server) as connection,
        pytest.raises(MailboxFault) as caught,
    ):
        connection.ask(REQUEST, "a@tinh.test")
    assert (caught.value.detail, caught.value.back_off_s) == ("HTTP 503", back_off_s)


def take_time_zone() -> None:
    """Takes over what TZ says now."""
    if sys.platform != "win32":
        time.tzset()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows can't change its time zone")
def test_retry_after_without_a_zone_is_universal_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As all times of HTTP are, wherever this computer is."""
    until = datetime.now(UTC) + timedelta(hours=1)

    def answering(sock: ssl.SSLSocket, number: int) -> bool:
        after = f"Retry-After: {until:%a, %d %b %Y %H:%M:%S} -0000"
        sock.sendall(sound(b"", after, status="503 Busy"))
        return False

    with monkeypatch.context() as abroad:
        abroad.setenv("TZ", "Asia/Ho_Chi_Minh")
        take_time_zone()
        with (
            serving(tmp_path, answering) as server,
            connected(server) as connection,
            pytest.raises(MailboxFault) as caught,
        ):
            connection.ask(REQUEST, "a@tinh.test")
    take_time_zone()
    assert caught.value.back_off_s == pytest.approx(3600, abs=300)


def test_silence_asked_for_is_heard_before_the_connection_is_closed(tmp_path: Path) -> None:
    """Closing waits for the server, which may be busy; meanwhile others would go on asking."""
    heard = threading.Event()
    heard_first = []

    def answering(sock: ssl.SSLSocket, number: int) -> bool:
        if number == 1:
            sock.sendall(sound())
            return True
        sock.sendall(sound(b"", "Retry-After: 7", status="503 Busy"))
        sock.recv(1)  # the end of what the client sends: it closes the connection
        heard_first.append(heard.is_set())
        return False

    with serving(tmp_path, answering) as server, connected(server) as connection:
        connection.check()
        with pytest.raises(MailboxFault, match="HTTP 503"):
            connection.ask(REQUEST, "a@tinh.test")
        heard.set()
        connection.close()
        time.sleep(0.2)
    assert heard_first == [True]
