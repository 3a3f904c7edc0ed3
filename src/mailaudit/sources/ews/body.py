"""Body: the content of one answer as it comes in, never too large and never too slow."""

import threading
import time
from types import TracebackType

from mailaudit.model.outcome import Reason
from mailaudit.sources.ews.faults import MailboxFault, malformed

MAX_ANSWER_BYTES = 8 * 1024 * 1024  # a page of 1000 items has about half a megabyte
TOO_LARGE = "answer too large"
_LARGE_BYTES = 1024 * 1024  # beyond this an answer is large
_LARGE_AT_ONCE = 2


class LargeAnswers(threading.Semaphore):
    """Lets few threads at a time read a large answer, so that many of them need little memory."""

    def __init__(self) -> None:
        super().__init__(_LARGE_AT_ONCE)


class Body:
    """One answer's content. Leaving the `with` gives its turn back.

    Args:
        deadline: Of the whole answer, on the monotonic clock.
    """

    def __init__(self, large: LargeAnswers, deadline: float) -> None:
        self._large = large
        self._deadline = deadline
        self._chunks: list[bytes] = []
        self._size = 0
        self._has_turn = False

    def __enter__(self) -> "Body":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._has_turn:
            self._large.release()

    @property
    def content(self) -> bytes:
        """All that came."""
        return b"".join(self._chunks)

    def expect(self, length: str) -> None:
        """Raises MailboxFault where a Content-Length announces too much."""
        if length.isdigit() and int(length) > MAX_ANSWER_BYTES:
            raise malformed(TOO_LARGE)

    def add(self, chunk: bytes) -> None:
        """Takes what came. Raises MailboxFault when it is too much or too late."""
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > MAX_ANSWER_BYTES:
            raise malformed(TOO_LARGE)
        if self._size > _LARGE_BYTES and not self._has_turn:
            self._has_turn = self._large.acquire(timeout=max(0.0, self.left_s()))
        if self.left_s() <= 0:
            raise too_slow()

    def left_s(self) -> float:
        """Seconds until the deadline."""
        return self._deadline - time.monotonic()


def too_slow() -> MailboxFault:
    """An answer has begun, but does not end in time."""
    return MailboxFault(Reason.TIMED_OUT, "answer too slow")
