"""Body: the content of one answer as it comes in, never too large and never too slow."""

import threading
import time
from types import TracebackType

from mailaudit.model.outcome import Reason
from mailaudit.sources.ews.faults import EwsFault, malformed
from mailaudit.sources.faults import MailboxFault
from mailaudit.sources.turn import Turn

MAX_ANSWER_BYTES = 8 * 1024 * 1024  # 2,500 items, a large answer, have about 1.3 MB
MAX_HEAD_BYTES = 256 * 1024  # of its headers; a login's ticket may take 64 KB
_MOST_DIGITS = 20  # of a length; more of them are too large as well
TOO_LARGE = "answer too large"
HEAD_TOO_LARGE = "headers too large"
_LARGE_BYTES = 256 * 1024  # beyond this, some 500 items, an answer is large
_LARGE_AT_ONCE = 2


class LargeAnswers(threading.Semaphore):
    """Lets few threads at a time read a large answer, so that many of them need little memory."""

    def __init__(self) -> None:
        super().__init__(_LARGE_AT_ONCE)


class Body:
    """One answer's content. Leaving the `with` lets the next large one in.

    Args:
        deadline: Of the whole answer, on the monotonic clock.
        turn: Given back while the thread waits.
    """

    def __init__(self, large: LargeAnswers, deadline: float, turn: Turn) -> None:
        self._large = large
        self._turn = turn
        self._deadline = deadline
        self._chunks: list[bytes] = []
        self._size = 0
        self._is_let_in = False

    def __enter__(self) -> "Body":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._is_let_in:
            self._large.release()

    @property
    def content(self) -> bytes:
        """All that came."""
        return b"".join(self._chunks)

    def expect(self, length: str) -> None:
        """Raises MailboxFault where a Content-Length announces too much."""
        if length.isdecimal() and int(length[:_MOST_DIGITS]) > MAX_ANSWER_BYTES:
            raise malformed(TOO_LARGE)

    def add(self, chunk: bytes) -> None:
        """Takes what came. Raises MailboxFault when it is too much or too late."""
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > MAX_ANSWER_BYTES:
            raise malformed(TOO_LARGE)
        if self._size > _LARGE_BYTES and not self._is_let_in:
            self._is_let_in = self._large.acquire(blocking=False) or self._wait()
        if self.left_s() <= 0:
            raise too_slow()

    def _wait(self) -> bool:
        """Waits until fewer large answers are read, by threads that need the turn for it."""
        had_turn = self._turn.give()
        is_let_in = self._large.acquire(timeout=max(0.0, self.left_s()))
        if had_turn:
            self._turn.take()
        return is_let_in

    def left_s(self) -> float:
        """Seconds until the deadline."""
        return self._deadline - time.monotonic()


def too_slow() -> MailboxFault:
    """An answer has begun, but does not end in time."""
    return EwsFault(Reason.TIMED_OUT, "answer too slow")
