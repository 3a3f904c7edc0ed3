"""Signals during a collection: stop, pause, go on. They act where nothing can be lost by it."""

import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from mailaudit.collaborators import MailSource
from mailaudit.model.outcome import Outcome
from mailaudit.model.snapshot import Job, SourceInfo

STOP = ("SIGINT", "SIGTERM", "SIGBREAK")  # the last on Windows alone
PAUSE, RESUME = "SIGUSR1", "SIGUSR2"  # not on every system


@contextmanager
def stopped_late() -> Iterator[Callable[[], None]]:
    """Gives what raises KeyboardInterrupt once a stop was asked for: it is called where that does
    no harm. Asked a second time, it stops at once. Main thread only.
    """
    is_asked = False

    def handle(_number: int, _frame: FrameType | None) -> None:
        nonlocal is_asked
        if is_asked:
            raise KeyboardInterrupt
        is_asked = True

    def stop() -> None:
        if is_asked:
            raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in STOP if hasattr(signal, name)]
    before = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Signalled:
    """A source that the signals of its process stop, pause and resume.

    A signal acts at once while the source is waited for. At any other time, as while outcomes are
    written to the store, it acts when the source is asked next; asked to stop a second time, it
    stops at once whatever it is doing. Stopping is raised as KeyboardInterrupt.

    Args:
        source: What is asked.
        on_pause, on_resume: Called when that happens.
    """

    def __init__(
        self, source: MailSource, *, on_pause: Callable[[], None], on_resume: Callable[[], None]
    ) -> None:
        self._source = source
        self._on_pause, self._on_resume = on_pause, on_resume
        self._is_waited_for = False
        self._late: list[Callable[[], None]] = []

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Takes the signals over while the block runs. Main thread only.

        Raises:
            KeyboardInterrupt: It was asked to stop and nothing was waited for any more.
        """
        actions = dict.fromkeys(STOP, self._stop) | {PAUSE: self._pause, RESUME: self._resume}
        before = {
            number: signal.signal(number, self._handler(action))
            for name, action in actions.items()
            if (number := getattr(signal, name, None)) is not None
        }
        try:
            yield
            if self._stop in self._late:
                raise KeyboardInterrupt
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def describe(self) -> SourceInfo:
        return self._source.describe()

    def check(self) -> None:
        with self._waiting():
            self._source.check()

    def outcomes(self, job: Job) -> Generator[Sequence[Outcome]]:
        batches = self._source.outcomes(job)
        try:
            while True:
                with self._waiting():
                    batch = next(batches, None)
                if batch is None:
                    return
                yield batch
        finally:
            batches.close()

    def pause(self) -> None:
        self._source.pause()

    def resume(self) -> None:
        self._source.resume()

    def close(self) -> None:
        self._source.close()

    def _handler(self, action: Callable[[], None]) -> Callable[[int, FrameType | None], None]:
        def handle(_number: int, _frame: FrameType | None) -> None:
            if self._is_waited_for or (action == self._stop and action in self._late):
                action()
            else:
                self._late.append(action)

        return handle

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        self._is_waited_for = True
        try:
            while self._late:
                self._late.pop(0)()
            yield
        finally:
            self._is_waited_for = False

    def _stop(self) -> None:
        raise KeyboardInterrupt

    def _pause(self) -> None:
        self._source.pause()
        self._on_pause()

    def _resume(self) -> None:
        self._source.resume()
        self._on_resume()
