"""Turn: one thread at a time reads an answer and counts what is in it.

Python runs one thread at a time anyway, and lets go at each small read of a connection. With many
connections that makes the threads wake each other to no end, at more cost than the work itself.
So a thread whose answer has come takes a turn, and gives it back before it waits for anything.
"""

import select
import ssl
import sys
import threading
import time
from collections.abc import Callable


class Turn:
    """Held by one thread at a time; taking it twice or giving what one has not is harmless."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder: int | None = None

    def take(self) -> None:
        """Waits for the turn."""
        me = threading.get_ident()
        if self._holder != me:
            self._lock.acquire()
            self._holder = me

    def give(self) -> bool:
        """Lets another thread have it; whether this one had it."""
        if self._holder != threading.get_ident():
            return False
        self._holder = None
        self._lock.release()
        return True

    def receive(
        self, sock: ssl.SSLSocket, buffer: memoryview, left_s: Callable[[], float]
    ) -> tuple[int, float]:
        """Some bytes of an answer, 0 at its connection's end, and for how many seconds they were
        waited for, without the wait for the turn. Has the turn when it returns.

        Args:
            sock: Set not to block.
            left_s: How long to wait for them.

        Raises:
            OSError: The connection; TimeoutError when nothing came.
        """
        waited_s, since = 0.0, time.monotonic()
        while True:
            if self._holder == threading.get_ident():
                try:
                    return sock.recv_into(buffer), waited_s + time.monotonic() - since
                except ssl.SSLWantReadError:  # nothing yet, or not a whole record
                    self.give()
            seconds = left_s()
            if seconds <= 0 or not is_readable(sock, seconds):
                raise TimeoutError("timed out")
            waited_s += time.monotonic() - since
            self.take()
            since = time.monotonic()


def is_readable(sock: ssl.SSLSocket, seconds: float) -> bool:
    """Whether there is something to read, or the connection's end, within so many seconds."""
    if sys.platform != "win32":
        poll = select.poll()
        poll.register(sock, select.POLLIN)
        return bool(poll.poll(seconds * 1000))
    else:  # noqa: RET505 - so that types are checked for each system; any number of a socket will do
        return bool(select.select([sock], [], [], seconds)[0])
