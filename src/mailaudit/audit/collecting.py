"""Asking the mail server for what is still missing of a month, and storing it as it comes."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from mailaudit.collaborators import Collection, MailSource
from mailaudit.model.outcome import Outcome
from mailaudit.model.snapshot import Collected

RECORD_EVERY = 50  # outcomes in one transaction: what a kill can cost
RECORD_AFTER_S = 1.0  # or fewer: what has come after so long


def collect(
    collection: Collection,
    source: MailSource,
    *,
    clock: Callable[[], datetime],
    on_progress: Callable[[int, int], None],
    however_little: bool = False,
) -> Collected:
    """Asks every mailbox that has no outcome yet, storing outcomes as they come.

    Stopping it at any moment loses the last RECORD_EVERY outcomes at most; beginning or retrying
    the same Period again goes on from there. What it holds in memory does not grow with
    what was collected.

    Args:
        collection: From `Store.begin` or `Store.retry`.
        on_progress: Called with (mailboxes done, mailboxes in all) as outcomes are stored.
        however_little: Whether to seal a month of which less than half was measured.
    """
    job = collection.job()
    recorder = _Recorder(collection, collection.total - len(job.mailboxes), on_progress)
    recorder.record()
    if job.mailboxes:
        source.check()
        collection.came_from(source.describe())
        batches = source.outcomes(job)
        try:
            for batch in batches:
                recorder.add(batch)
        finally:  # also when stopped: what was handed over is not asked again
            batches.close()  # and nothing more is asked for
            recorder.record()
    return collection.finish(clock(), however_little=however_little)


class _Recorder:
    """Stores outcomes in batches, and says how far it is."""

    def __init__(
        self, collection: Collection, done: int, on_progress: Callable[[int, int], None]
    ) -> None:
        self._collection = collection
        self._done = done
        self._on_progress = on_progress
        self._batch: list[Outcome] = []
        self._since = time.monotonic()

    def add(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            self._batch.append(outcome)
            if len(self._batch) >= RECORD_EVERY:
                self.record()
        if self._batch and time.monotonic() - self._since >= RECORD_AFTER_S:
            self.record()

    def record(self) -> None:
        """Stores what has come since the last time."""
        batch, self._batch, self._since = self._batch, [], time.monotonic()
        if batch:
            self._collection.record(batch)
        self._done += len(batch)
        self._on_progress(self._done, self._collection.total)
