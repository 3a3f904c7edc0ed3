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

from mailaudit.sources.ews.body import MAX_ANSWER_BYTES, TOO_LARGE, Body, too_slow
from mailaudit.sources.ews.faults import malformed
from mailaudit.sources.ews.turn import Turn, is_readable

_READ_BYTES = 64 * 1024
_GOODBYE_S = 1.0  # how long a server may take to hear that a connection ends
_GZIP = 31  # zlib's number for that format


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
    """

    def __init__(
        self, sock: ssl.SSLSocket, host: str, path: str, headers: Mapping[str, str], turn: Turn
    ) -> None:
        self.sock = sock
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
        head = f"{self._start}{_lines(headers)}Content-Length: {len(envelope)}\r\n\r\n"
        answer = _Answer(body)
        if not self._is_quiet():
            raise LinkClosedError
        self.sock.settimeout(max(0.001, body.left_s()))
        since = time.monotonic()
        try:
            self.sock.sendall(head.encode("latin-1") + envelope)
            self.sock.setblocking(False)
            waited_s = time.monotonic() - since
            size, further_s = self._turn.receive(self.sock, self._buffer, body.left_s)
        except ConnectionError as error:
            raise LinkClosedError from error
        if not size:
            raise LinkClosedError
        waited_s += further_s
        while not answer.feed(self._buffer[:size]):
            try:
                size, further_s = self._turn.receive(self.sock, self._buffer, body.left_s)
            except TimeoutError as error:
                raise too_slow() from error
            waited_s += further_s
            if not size:
                raise ConnectionResetError("closed in the middle of an answer")
        reply = Reply(answer.status, answer.headers, answer.content(), waited_s)
        return reply, answer.is_kept_alive

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
        self.is_kept_alive = False
        self._body = body
        self._is_whole = False
        self._parser = httptools.HttpResponseParser(self)

    def feed(self, received: memoryview) -> bool:
        """Takes what came; whether the answer is whole now."""
        try:
            self._parser.feed_data(received)
        except httptools.HttpParserCallbackError as error:
            raise error.__context__ or error from None
        except httptools.HttpParserError as error:
            raise malformed("not HTTP") from error
        if self._is_whole:
            del self._parser  # which refers to this object: a circle that would outlive its use
        return self._is_whole

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()
        self.is_kept_alive = self._parser.should_keep_alive()
        self._body.expect(self.headers.get("content-length", ""))

    def on_body(self, chunk: bytes) -> None:
        self._body.add(chunk)

    def on_message_begin(self) -> None:
        if self._is_whole:
            raise malformed("more than one answer")

    def on_message_complete(self) -> None:
        if self.status < 200:  # an interim answer (RFC 9110 15.2)
            self.headers = {}
        else:
            self._is_whole = True

    def content(self) -> bytes:
        """The body, unpacked."""
        packing = self.headers.get("content-encoding", "identity")
        if packing == "identity":
            return self._body.content
        if packing != "gzip":
            raise malformed("answer packed in an unknown way")
        unpacker = zlib.decompressobj(_GZIP)
        try:
            content = unpacker.decompress(self._body.content, MAX_ANSWER_BYTES)
        except zlib.error as error:
            raise malformed("answer packed badly") from error
        if unpacker.unconsumed_tail:
            raise malformed(TOO_LARGE)
        return content


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
            while (left_s := until - time.monotonic()) > 0:
                sock.settimeout(left_s)
                if not sock.recv(_READ_BYTES):
                    break


def _lines(headers: Mapping[str, str]) -> str:
    """Header lines. Raises ValueError for what would be more than one line."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    if lines.count("\n") != len(headers) or lines.count("\r") != len(headers):
        raise ValueError("line break in a header")
    return lines
