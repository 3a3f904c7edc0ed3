"""Link: one request and its reply after the other, on a connection that is logged in.

requests and urllib3 make the connection and log it in. From then on their own share of a request
would be more than the work of reading its answer; so the socket is used directly, and httptools
reads what comes.
"""

import contextlib
import socket
import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import httptools

from mailaudit.sources.ews.body import (
    HEAD_TOO_LARGE,
    MAX_ANSWER_BYTES,
    MAX_HEAD_BYTES,
    TOO_LARGE,
    Body,
    too_slow,
)
from mailaudit.sources.ews.faults import malformed
from mailaudit.sources.ews.internals import raised_in_callback
from mailaudit.sources.turn import Turn, is_readable

_READ_BYTES = 64 * 1024
_GOODBYE_S = 1.0  # how long a server may take to hear that a connection ends
_GOODBYE_READS = 16  # of what it was sending meanwhile
_FINAL = 200  # statuses below it announce that an answer will follow
_LENGTHS = ("content-length", "transfer-encoding")
_GZIP = 31  # zlib's number for that format
_GZIP_NAMES = ("gzip", "x-gzip")  # RFC 9110 8.4.1.3
_GZIP_MAGIC = b"\x1f\x8b"
_PACKED_BADLY = "answer packed badly"
_MOST_MEMBERS = 256  # of a packed answer: each costs a look at all that follow


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Attributes:
        status: Any.
        headers: Found by names in lower case.
        content: The whole body.
        waited_s: For how many seconds the server let us wait, without those that this computer's
            own threads waited for each other. None where a lasting login was part of it.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    waited_s: float | None = None


class LinkClosedError(Exception):
    """The server had closed the connection, or sent what nobody asked for: it is not to be used."""


class Link:
    """Sends requests on a logged-in connection.

    Args:
        sock: The connection; whoever made it closes it.
        host: For the header of that name.
        path: Of the service.
        headers: Sent with each request; they keep the connection logged in.
        turn: The thread that gets a reply has it.

    Attributes:
        is_spent: Whether it must only be closed, which takes time: whoever needs the next one does
            it, so that nobody waits for what an answer said, such as to be silent.
    """

    def __init__(
        self, sock: ssl.SSLSocket, host: str, path: str, headers: Mapping[str, str], turn: Turn
    ) -> None:
        self.sock = sock
        self.is_spent = False
        self._turn = turn
        self._start = f"POST {path} HTTP/1.1\r\nHost: {host}\r\n{_lines(headers)}"
        self._buffer = memoryview(bytearray(_READ_BYTES))

    def post(self, envelope: bytes, headers: Mapping[str, str], body: Body) -> tuple[Reply, bool]:
        """The whole reply, and whether the connection can be used again.

        Raises:
            LinkClosedError: It could not be used any more.
            MailboxFault: The reply is no HTTP, too large or too slow.
            OSError: No whole reply.
        """
        waited_s = self._send(envelope, headers, body)
        answer = _Answer(body)
        while True:
            size, further_s = self._receive(body, has_begun=answer.has_begun)
            waited_s += further_s
            if answer.feed(self._buffer[:size]) if size else answer.end():
                break
            if body.left_s() <= 0:  # though more and more comes
                raise too_slow()
        reply = Reply(answer.status, answer.headers, answer.content(), waited_s)
        return reply, answer.is_kept_alive

    def _send(self, envelope: bytes, headers: Mapping[str, str], body: Body) -> float:
        """Sends a request; how many seconds the server took to take it."""
        if not self._is_quiet():
            raise LinkClosedError
        head = f"{self._start}{_lines(headers)}Content-Length: {len(envelope)}\r\n\r\n"
        since = time.monotonic()
        self.sock.settimeout(max(0.001, body.left_s()))
        # A server that is busy may answer and close before it has read all.
        with contextlib.suppress(ConnectionError, ssl.SSLEOFError):
            self.sock.sendall(head.encode("latin-1") + envelope)
        self.sock.setblocking(False)
        return time.monotonic() - since

    def _receive(self, body: Body, *, has_begun: bool) -> tuple[int, float]:
        """Some bytes of an answer, and how long they were waited for; as Turn.receive.

        Args:
            has_begun: Whether some of it came before.
        """
        try:
            size, waited_s = self._turn.receive(self.sock, self._buffer, body.left_s)
        except ConnectionError as error:
            if has_begun:
                raise
            raise LinkClosedError from error
        except TimeoutError as error:
            if has_begun:
                raise too_slow() from error
            raise
        if not size and not has_begun:
            raise LinkClosedError
        return size, waited_s

    def _is_quiet(self) -> bool:
        """Whether nothing came since the last answer: neither the end nor an answer to nobody."""
        if self.sock.pending():
            return False
        if not is_readable(self.sock, 0):
            return True
        self.sock.setblocking(False)
        try:
            self.sock.recv(1)
        except ssl.SSLWantReadError:  # something of TLS itself, such as a ticket
            return True
        except OSError:
            pass
        return False

    def close(self) -> None:
        """Ends the connection, and gives the turn back: what follows may take its time."""
        self._turn.give()
        say_goodbye(self.sock)


class _Answer:
    """One answer, from what httptools calls back."""

    def __init__(self, body: Body) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.is_kept_alive = self.has_begun = False
        self._has_head = False
        self._body = body
        self._is_whole = False
        self._further = MAX_HEAD_BYTES  # bytes outside the body: headers, marks of chunks
        self._parser = httptools.HttpResponseParser(self)

    def feed(self, received: memoryview) -> bool:
        """Takes what came; whether the answer is whole now."""
        self.has_begun = True
        self._further -= len(received)
        try:
            self._parser.feed_data(received)
        except httptools.HttpParserCallbackError as error:
            raise raised_in_callback(error) from None
        except httptools.HttpParserError as error:
            raise malformed("not HTTP") from error
        if self._further < 0:
            raise malformed(HEAD_TOO_LARGE)
        return self._is_whole and self._forget_parser()

    def end(self) -> bool:
        """Nothing more comes. True, where the answer has no other end (RFC 9112 6.3).

        Raises:
            ConnectionResetError: It is not whole.
        """
        if not self._has_head or not self.headers.keys().isdisjoint(_LENGTHS):
            raise ConnectionResetError("closed in the middle of an answer")
        return self._forget_parser()

    def _forget_parser(self) -> bool:
        del self._parser  # which refers to this object: a circle that would outlive its use
        return True

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()
        self._has_head = self.status >= _FINAL
        self.is_kept_alive = self._parser.should_keep_alive()
        self._body.expect(self.headers.get("content-length", ""))

    def on_body(self, chunk: bytes) -> None:
        self._further += len(chunk)
        self._body.add(chunk)

    def on_message_begin(self) -> None:
        if self._is_whole:
            raise malformed("more than one answer")

    def on_message_complete(self) -> None:
        if self.status < _FINAL:  # an interim answer (RFC 9110 15.2)
            self.headers = {}
        else:
            self._is_whole = True

    def content(self) -> bytes:
        """The body, unpacked."""
        return unpacked(self._body.content, self.headers.get("content-encoding", "identity"))


def unpacked(content: bytes, packing: str) -> bytes:
    """What is in an answer's content, by its Content-Encoding.

    Raises:
        MailboxFault: It is packed badly or in another way than gzip, or unpacks to too much.
    """
    packing = packing.strip().lower()
    if packing == "identity":
        return content
    if packing not in _GZIP_NAMES:
        raise malformed("answer packed in an unknown way")
    try:
        return _gunzipped(content)
    except zlib.error as error:
        raise malformed(_PACKED_BADLY) from error


def _gunzipped(packed: bytes) -> bytes:
    """The content of one or several members of gzip (RFC 1952 2.2). Raises zlib.error."""
    content, left = b"", MAX_ANSWER_BYTES
    for _ in range(_MOST_MEMBERS):
        unpacker = zlib.decompressobj(_GZIP)
        content += unpacker.decompress(packed, left + 1)
        left = MAX_ANSWER_BYTES - len(content)
        if left < 0:
            raise malformed(TOO_LARGE)
        packed = unpacker.unused_data
        if not packed.startswith(_GZIP_MAGIC):  # as other readers: what else follows is padding
            return content
    raise malformed(_PACKED_BADLY)


def say_goodbye(*socks: socket.socket) -> None:
    """Ends connections, and waits until the server has heard of it: so the server never counts
    more connections than it is asked by. The sockets must still be closed.
    """
    for sock in socks:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_WR)
    until = time.monotonic() + _GOODBYE_S
    for sock in socks:
        with contextlib.suppress(OSError):
            for _ in range(_GOODBYE_READS):
                sock.settimeout(max(0.001, until - time.monotonic()))
                if not sock.recv(_READ_BYTES):
                    break


def _lines(headers: Mapping[str, str]) -> str:
    """Header lines. Raises ValueError for what would be more than one line."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    if lines.count("\n") != len(headers) or lines.count("\r") != len(headers):
        raise ValueError("line break in a header")
    return lines
