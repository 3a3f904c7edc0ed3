"""Worker: one process of a Fleet; how it is begun, its orders, its answers.

Its orders are a Job, or CHECK, and now and then PAUSE or RESUME. A Job is answered by batches of
Outcomes, CHECK by what the server is, both by None at the end; or by the error that stopped it.
"""

import contextlib
import gc
import logging
import os
import queue
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from typing import Any

from mailaudit.interrupts import leave_to_first, undisturbed
from mailaudit.model.outcome import Activity, DayActivity
from mailaudit.model.snapshot import Job
from mailaudit.sources.server import MailServer
from mailaudit.sources.shared_state import SharedState
from mailaudit.sources.source import ThreadedSource

CHECK, PAUSE, RESUME = "check", "pause", "resume"


@dataclass(frozen=True, slots=True)
class Setup:
    """What a process is begun with.

    Attributes:
        server: With its share of the connections.
        next_number: Of the mailbox that is asked next, counted by all processes.
    """

    server: MailServer
    inside_domains: frozenset[str]
    shared: SharedState
    next_number: Any
    is_verbose: bool


@dataclass(frozen=True, slots=True)
class Worker:
    """One process, and the ends of its pipes."""

    process: BaseProcess
    results: Connection
    orders: Connection


def start_worker(context: Any, setup: Setup) -> Worker:  # noqa: ANN401 - multiprocessing's own
    """A process that waits for jobs; it ends when its `orders` are closed, or with this one."""
    results, its_results = context.Pipe(duplex=False)
    its_orders, orders = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(setup, its_results, its_orders), daemon=True)
    with undisturbed():  # until it knows what to do with signals
        process.start()
    its_results.close()
    its_orders.close()
    return Worker(process, results, orders)


def _serve(setup: Setup, results: Connection, orders: Connection) -> None:
    """The whole life of a process: asks mailboxes and sends what became of them."""
    leave_to_first()
    logging.basicConfig(level=logging.INFO if setup.is_verbose else logging.CRITICAL)
    source = ThreadedSource(setup.server, setup.inside_domains, _now, setup.shared)
    gc.freeze()  # what was imported is not looked through again and again
    jobs: queue.SimpleQueue[Job | str] = queue.SimpleQueue()
    is_working = threading.Lock()
    threading.Thread(target=_obey, args=(source, orders, jobs, is_working), daemon=True).start()
    while True:
        job = jobs.get()
        with is_working:
            try:
                if isinstance(job, Job):
                    asked = _dealt(job, setup.next_number)
                    for batch in source.outcomes(job, asked):
                        results.send(batch)
                else:
                    source.check()
                    results.send(source.describe())
                last = None
            except Exception as error:  # noqa: BLE001 - raised again by the fleet
                error.add_note(traceback.format_exc())
                last = error
        results.send(last)


def _dealt(job: Job, next_number: Any) -> Iterator[str]:  # noqa: ANN401
    """One after the other, the mailboxes that no other process has taken."""
    while True:
        with next_number.get_lock():
            number = next_number.value
            next_number.value = number + 1
        if number >= len(job.mailboxes):
            return
        yield job.mailboxes[number]


def _obey(
    source: ThreadedSource,
    orders: Connection,
    jobs: queue.SimpleQueue[Job | str],
    is_working: threading.Lock,
) -> None:
    """Obeys; ends the process when the first one wants no more, or is gone."""
    try:
        with contextlib.suppress(EOFError, OSError):
            while True:
                order = orders.recv()
                if order == PAUSE:
                    source.pause()
                elif order == RESUME:
                    source.resume()
                else:
                    jobs.put(order)
        if is_working.acquire(blocking=False):
            source.close()
    finally:
        os._exit(0)


def _now() -> datetime:
    return datetime.now(UTC)


def _as_call(activity: Activity) -> tuple[Callable[..., Activity], tuple[object, ...]]:
    """How an Activity goes through a pipe: dataclasses' own way takes several times as long."""
    days = tuple(map(tuple, activity.days))
    given = (activity.mailbox, activity.observed_at, days, activity.last_sent_at)
    return _of_call, (*given, activity.forwards_to)


def _of_call(
    mailbox: str,
    observed_at: datetime,
    days: Iterable[tuple[Any, ...]],
    last_sent_at: datetime | None,
    forwards_to: str | None,
) -> Activity:
    made = tuple(map(DayActivity._make, days))
    return Activity(mailbox, observed_at, made, last_sent_at, forwards_to)


ForkingPickler.register(Activity, _as_call)
