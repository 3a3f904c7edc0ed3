"""Which mailbox is asked next: fresh ones in order, refused ones again later, once more at the end.

A mailbox that has to wait waits alone; the threads go on with the others.
"""

import heapq
import itertools
import random
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

from mailaudit.sources.faults import MailboxFault
from mailaudit.sources.shared_state import Cell, OwnCell

MAX_TRIES = 4  # in a row
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 24 * 3600.0  # a server that asks for more is mistaken


@dataclass(frozen=True, slots=True)
class Task:
    """One mailbox to ask, and how often it was asked before."""

    mailbox: str
    tries: int = 0
    is_last_round: bool = False


class Schedule:
    """Hands mailboxes to threads until each is done or the run is stopped.

    Args:
        idle_until: Where to note until when only mailboxes are left that have to wait.
    """

    def __init__(self, mailboxes: Iterable[str], idle_until: Cell | None = None) -> None:
        self._idle_until = OwnCell() if idle_until is None else idle_until
        self._fresh = iter(mailboxes)
        self._waiting: list[tuple[float, int, Task]] = []
        self._last_round: deque[Task] = deque()
        self._final: deque[Task] = deque()  # the last round, once it has begun
        self._order = itertools.count()  # ties of the heap, in the order of arrival
        self._in_flight = 0
        self._stopped = False
        self._changed = threading.Condition()

    def take(self) -> Task | None:
        """The next mailbox, as soon as there is one; None when nothing is left to do."""
        with self._changed:
            while not self._stopped:
                task = self._next()
                if task is not None:
                    self._in_flight += 1
                    return task
                if not self._waiting and not self._in_flight:
                    break
                due_in_s = None
                if self._waiting:
                    due_in_s = self._waiting[0][0] - time.monotonic()
                    if not self._in_flight:
                        self._idle_until.value = self._waiting[0][0]
                self._changed.wait(due_in_s)
            self._changed.notify_all()
            return None

    def done(self) -> None:
        """A task taken has its outcome."""
        with self._changed:
            self._in_flight -= 1
            self._changed.notify_all()

    def try_again(self, task: Task, fault: MailboxFault) -> bool:
        """Puts the task back for later, or returns False when it was tried often enough.

        Waits no less than what the server asked for; otherwise longer each time. Jitter keeps
        mailboxes that were refused together from coming back together. What still fails is tried
        once more when all others are done.
        """
        if not fault.again or task.is_last_round:
            return False
        with self._changed:
            if task.tries + 1 >= MAX_TRIES:
                self._last_round.append(replace(task, is_last_round=True))
            else:
                wait_s = fault.back_off_s and min(fault.back_off_s, LONGEST_WAIT_S)
                if wait_s is None:
                    wait_s = FIRST_WAIT_S * 2**task.tries
                wait_s += random.uniform(0, wait_s / 2)  # noqa: S311 - no secret
                again = replace(task, tries=task.tries + 1)
                due = time.monotonic() + wait_s
                heapq.heappush(self._waiting, (due, next(self._order), again))
            self._in_flight -= 1
            self._changed.notify_all()
        return True

    def stop(self) -> None:
        """Makes every `take` return None."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _next(self) -> Task | None:
        """The task whose turn it is, or None where none is due now."""
        if self._waiting and self._waiting[0][0] <= time.monotonic():
            return heapq.heappop(self._waiting)[2]
        mailbox = next(self._fresh, None)
        if mailbox is not None:
            return Task(mailbox)
        if self._last_round and not self._waiting and not self._in_flight:
            self._final, self._last_round = self._last_round, self._final
        return self._final.popleft() if self._final else None
