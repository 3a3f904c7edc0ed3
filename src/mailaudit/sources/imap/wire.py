"""Wire: one connection; commands go out several at once, answers come in line by line.

Several commands that are sent at once, without waiting for each other's answers, are a flight: it
costs one round trip. What comes is bounded in length, in sum and in time, whatever the server does.
"""

import re
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from mailaudit.sources.faults import MailboxFault
from mailaudit.sources.imap.faults import BYE, code_of, fault_of, lost, malformed, too_slow
from mailaudit.sources.imap.sockets import await_ready
from mailaudit.sources.turn import Turn

_READ_BYTES = 64 * 1024
MAX_LINE_BYTES = 1024 * 1024  # of 100,000 numbers that a search found
MAX_LITERAL_BYTES = 64 * 1024  # the names of folders are sent so, nothing else that is asked for
MAX_BYTES = 256 * 1024 * 1024  # of one mailbox: three million mails
_LEAST_BYTES_PER_S = 10 * 1024  # so fast an answer has to come that takes longer than the timeout
_LONGEST_FACTOR = 20  # so many timeouts a mailbox may take in all

# A line with literals comes as the pairs and the rest that IMAPClient's parser reads.
Line = bytes | list[bytes | tuple[bytes, bytes]]
_LITERAL = re.compile(rb"\{(\d+)\+?\}\Z")
_TAGGED = re.compile(rb"A(\d{1,9}) (OK|NO|BAD)\b", re.I)
_MOST_DIGITS = 12
_LOGOUT = b"Z LOGOUT\r\n"  # its answer is not waited for


class Wire:
    """A connection with TLS. Use by one thread; close it.

    Args:
        sock: After the handshake; set not to block.
        timeout_s: For each answer.
    """

    def __init__(self, sock: ssl.SSLSocket, turn: Turn, timeout_s: float) -> None:
        self._sock = sock
        self._turn = turn
        self._timeout_s = timeout_s
        self._buffer = memoryview(bytearray(_READ_BYTES))
        self._lines = self._received()
        self._sent = self._answered = 0  # numbers of commands, which are their tags
        self._bytes = 0
        self._until = time.monotonic()
        self._end = self._until + timeout_s * _LONGEST_FACTOR
        self._has_left = False
        self.waited_s = 0.0  # for answers, in all
        self._extend()

    def greeting(self) -> bytes:
        """Waits for the greeting. Raises MailboxFault."""
        self._extend()
        line = next(self._lines)
        if not isinstance(line, bytes) or not line.startswith(b"* "):
            raise malformed("no greeting")
        self._heed(line)
        return line[2:]

    def fly(
        self,
        commands: Sequence[bytes],
        heed: Callable[[int, Line], None] = lambda _at, _line: None,
        *,
        and_leave: Callable[[], None] | None = None,
    ) -> Iterator[bytes]:
        """Sends commands at once; the status line of each, without its tag, as it comes.

        Args:
            heed: Takes each untagged line, after the star, and the place in the flight of the
                command that is answered next.
            and_leave: Given with the last flight: logs out behind it, which is not waited for, and
                calls this once all is sent.

        Raises:
            MailboxFault: The connection, or an answer that no server gives.
        """
        first = self._sent
        lines = [b"A%d %b\r\n" % (first + at, command) for at, command in enumerate(commands)]
        self._sent += len(commands)
        if and_leave is not None:
            lines.append(_LOGOUT)
            self._has_left = True
        self._extend()
        self._send(b"".join(lines))
        if and_leave is not None:
            and_leave()
        while self._answered < self._sent:
            line = next(self._lines)
            if not isinstance(line, bytes):
                heed(self._answered - first, line)
            elif line.startswith(b"* "):
                self._heed(line)
                heed(self._answered - first, line[2:])
            elif line.startswith(b"+"):
                # Why a token is refused, which ends with the client's next line, whatever it says.
                if self._answered == self._sent - 1:
                    self._send(b"\r\n")
            else:
                tagged = _TAGGED.match(line)
                if tagged is None or int(tagged[1]) != self._answered:
                    raise malformed("not an IMAP answer")
                self._answered += 1
                self._extend()
                yield line[tagged.start(2) :]

    def ask(self, command: bytes, heed: Callable[[int, Line], None] = lambda _a, _l: None) -> bytes:
        """One command alone; its status line."""
        (status,) = self.fly([command], heed)
        return status

    def answer(self, command: bytes, text: bytes) -> bytes:
        """A command that asks a question back, which is answered; its status line.

        Raises:
            MailboxFault: As of `fly`.
        """
        self._extend()
        self._send(b"A%d %b\r\n" % (self._sent, command))
        self._sent += 1
        while True:
            line = next(self._lines)
            if isinstance(line, bytes) and line.startswith(b"+"):
                self._send(text + b"\r\n")
                text = b""  # to a further question, as why a token is refused, there is no answer
            elif isinstance(line, bytes) and (tagged := _TAGGED.match(line)):
                self._answered += 1
                return line[tagged.start(2) :]

    def leave(self) -> None:
        """Logs out, unless that was done, and closes the connection."""
        with suppress(MailboxFault):
            if not self._has_left:
                self._send(_LOGOUT)
        self.close()

    def close(self) -> None:
        """Closes the connection, whatever is under way."""
        self._sock.close()

    @staticmethod
    def _heed(line: bytes) -> None:
        """Ends a mailbox whose server says goodbye, or has somebody else logged in already."""
        word = line[2:8].upper()
        if word.startswith(b"BYE"):
            code = code_of(line[2:])
            raise fault_of(code if code == "LIMIT" else BYE, of_server=code == "LIMIT")
        if word == b"PREAUT":
            raise malformed("PREAUTH")

    def _extend(self) -> None:
        """An answer has ended: the next one has its own time."""
        self._until = time.monotonic() + self._timeout_s

    def _left_s(self) -> float:
        return min(self._until, self._end) - time.monotonic()

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[self._sock.send(view) :]
            except ssl.SSLWantWriteError:
                self._turn.give()
                if not await_ready(self._sock, self._left_s(), to_write=True):
                    raise too_slow() from None
            except ssl.SSLWantReadError:
                self._turn.give()
                if not await_ready(self._sock, self._left_s()):
                    raise too_slow() from None
            except OSError as error:
                raise lost() from error

    def _receive(self) -> bytes:
        """What has come, at least a byte."""
        try:
            count, waited_s = self._turn.receive(self._sock, self._buffer, self._left_s)
        except TimeoutError:
            raise too_slow() from None
        except OSError as error:
            raise lost() from error
        self.waited_s += waited_s
        if not count:
            raise lost()
        self._bytes += count
        self._until += count / _LEAST_BYTES_PER_S
        if self._bytes > MAX_BYTES:
            raise malformed("answer too large")
        if self._left_s() <= 0:
            raise too_slow()
        return bytes(self._buffer[:count])

    def _received(self) -> Iterator[Line]:
        """Lines without their ends; those with literals whole."""
        parts: list[bytes | tuple[bytes, bytes]] = []
        size = 0  # of what was received of this line
        rest = b""
        while True:
            chunk = self._receive()
            *lines, rest = (rest + chunk).split(b"\r\n")
            at = 0
            while at < len(lines):
                line = lines[at]
                at += 1
                size += len(line)
                if size > MAX_LINE_BYTES:
                    raise malformed("line too long")
                literal = _LITERAL.search(line) if line.endswith(b"}") else None
                if literal is None:
                    if parts:
                        yield [*parts, line]
                        parts = []
                    else:
                        yield line
                    size = 0
                    continue
                length = int(literal[1][:_MOST_DIGITS])
                if length > MAX_LITERAL_BYTES:
                    raise malformed("literal too large")
                rest = b"\r\n".join([*lines[at:], rest])
                while len(rest) < length:
                    rest += self._receive()
                parts.append((line[2:] if not parts else line, rest[:length]))
                size += length
                *lines, rest = rest[length:].split(b"\r\n")
                at = 0
            if len(rest) + size > MAX_LINE_BYTES:
                raise malformed("line too long")
