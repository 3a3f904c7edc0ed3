"""Which mailbox is asked next, by whom, and when: fresh ones in order, refused ones again later.

A mailbox that has to wait waits alone; the threads go on with the others.
"""

import heapq
import itertools
import random
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from mailaudit.sources.ews.faults import MailboxFault

MAX_TRIES = 4
FIRST_WAIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Task:
    """One mailbox to ask, and how often it was asked before."""

    mailbox: str
    tries: int = 0


class Schedule:
    """Hands mailboxes to threads until each is done or the run is stopped."""

    def __init__(self, mailboxes: Iterable[str]) -> None:
        self._fresh = iter(mailboxes)
        self._waiting: list[tuple[float, int, Task]] = []
        self._order = itertools.count()  # ties of the heap, in the order of arrival
        self._in_flight = 0
        self._stopped = False
        self._changed = threading.Condition()

    def take(self) -> Task | None:
        """The next mailbox, as soon as there is one; None when nothing is left to do."""
        with self._changed:
            while not self._stopped:
                wait_s: float | None = None
                if self._waiting:
                    wait_s = self._waiting[0][0] - time.monotonic()
                    if wait_s <= 0:
                        self._in_flight += 1
                        return heapq.heappop(self._waiting)[2]
                mailbox = next(self._fresh, None)
                if mailbox is not None:
                    self._in_flight += 1
                    return Task(mailbox)
                if not self._waiting and not self._in_flight:
                    break
                self._changed.wait(wait_s)
            self._changed.notify_all()
            return None

    def done(self) -> None:
        """A task taken has its outcome."""
        with self._changed:
            self._in_flight -= 1
            self._changed.notify_all()

    def try_again(self, task: Task, fault: MailboxFault) -> bool:
        """Puts the task back for later, or returns False when it was tried often enough.

        Waits at least what the server asked for; otherwise longer each time, with jitter so that
        mailboxes refused together do not come back together.
        """
        if not fault.again or task.tries + 1 >= MAX_TRIES:
            return False
        wait_s = fault.back_off_s
        if wait_s is None:
            wait_s = FIRST_WAIT_S * 2**task.tries
        wait_s += random.uniform(0, wait_s / 2)  # noqa: S311 - no secret
        with self._changed:
            due = time.monotonic() + wait_s
            heapq.heappush(
                self._waiting, (due, next(self._order), Task(task.mailbox, task.tries + 1))
            )
            self._in_flight -= 1
            self._changed.notify_all()
        return True

    def stop(self) -> None:
        """Makes every `take` return None."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
