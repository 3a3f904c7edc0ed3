"""Fleet: a server with many connections is asked by several processes, each with its share.

One process computes on one core. With few connections it waits for the server most of the time;
with many, the core is what the server waits for.
"""

import contextlib
import logging
import multiprocessing
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import fields, replace
from datetime import datetime
from multiprocessing.connection import wait

from mailaudit.errors import N_, MailauditError
from mailaudit.interrupts import undisturbed
from mailaudit.model.outcome import Outcome
from mailaudit.model.snapshot import Job, SourceInfo
from mailaudit.sources.health import GO_ON
from mailaudit.sources.server import MailServer
from mailaudit.sources.shared_state import SharedState
from mailaudit.sources.source import ThreadedSource
from mailaudit.sources.waits import LongWaits, OnLongWait, ignore_wait
from mailaudit.sources.worker import (
    CHECK,
    PAUSE,
    RESUME,
    Setup,
    Worker,
    start_worker,
)

PROCESSES = 2
MORE_CONNECTIONS_THAN = 8  # so many do not keep a second process busy
_LOOK_EVERY_S = 0.2  # lets Ctrl-C through on every platform, and other servers have their turn
_END_WAIT_S = 2.0

Answer = SourceInfo | Sequence[Outcome]  # of a process, see `worker`


def open_source(
    server: MailServer,
    inside_domains: frozenset[str],
    clock: Callable[[], datetime],
    on_long_wait: OnLongWait = ignore_wait,
) -> "ThreadedSource | Fleet":
    """What asks the server: one process where that is enough, several where it is not.

    Args:
        inside_domains: The organisation's mail domains, lower case.
        clock: Now, UTC.
        on_long_wait: Called when the server wants to be left in peace for minutes or more.
    """
    # Requests a minute are counted in one place, and one process sends as many with ease.
    if server.max_connections > MORE_CONNECTIONS_THAN and not server.limits.requests_per_minute:
        return Fleet(server, inside_domains, on_long_wait)
    return ThreadedSource(server, inside_domains, clock, on_long_wait=on_long_wait)


class ProcessLostError(MailauditError):
    """A process of the collection was ended from outside."""


class Fleet:
    """Asks a server with PROCESSES processes; to its caller it is a ThreadedSource.

    They run from the first use until it is closed, which it must be.

    Args:
        inside_domains: The organisation's mail domains, lower case.
        on_long_wait: Called when the server wants to be left in peace for minutes or more.
    """

    def __init__(
        self,
        server: MailServer,
        inside_domains: frozenset[str],
        on_long_wait: OnLongWait = ignore_wait,
    ) -> None:
        server.require_usable()  # reported here once, not by each process
        self._server = server
        self._inside_domains = inside_domains
        self._context = multiprocessing.get_context("spawn")
        self._shared = SharedState(
            *(self._context.Value("d", 0.0, lock=False) for _ in fields(SharedState))
        )
        self._waits = LongWaits(self._shared, on_long_wait)
        self._workers: list[Worker] = []
        self._is_paused = self._is_sending = False
        self._reported = ""

    def describe(self) -> SourceInfo:
        """With what the server says it is, once it was checked."""
        return replace(self._server.describe(), reported=self._reported)

    def check(self) -> None:
        """Logs in once, opening no mailbox. Raises ServerError."""
        self._begin()
        for answer in self._done(CHECK, self._workers[:1]):
            if isinstance(answer, SourceInfo):
                self._reported = answer.reported

    def outcomes(self, job: Job) -> Generator[Sequence[Outcome]]:
        """One Outcome per mailbox, in batches as they come, now and then one of none.

        Closing the generator ends the processes.
        """
        self._begin()
        self._next_number.value = 0
        for answer in self._done(job, self._workers):
            if not isinstance(answer, SourceInfo):
                yield answer

    def pause(self) -> None:
        """Asks for nothing more until `resume`. May be called by a handler of signals."""
        self._is_paused = True
        self._send_state()

    def resume(self) -> None:
        """Goes on after `pause`. May be called by a handler of signals."""
        self._is_paused = False
        self._send_state()

    def close(self) -> None:
        """Ends the processes, and so closes the connections."""
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.orders.close()  # makes it end
        for worker in workers:
            worker.process.join(_END_WAIT_S)
            worker.process.kill()
            worker.process.join()
            worker.results.close()

    def _begin(self) -> None:
        """Starts the processes, unless they run."""
        is_verbose = logging.getLogger().isEnabledFor(logging.INFO)
        if not self._workers:  # a process that was killed may have kept the lock of the last one
            with undisturbed():  # multiprocessing starts a process that cleans up the lock
                self._next_number = self._context.Value("Q", 0)
        while len(self._workers) < PROCESSES:
            server = _share(self._server, len(self._workers))
            setup = Setup(server, self._inside_domains, self._shared, self._next_number, is_verbose)
            self._workers.append(start_worker(self._context, setup))
        self._send_state()

    def _done(self, job: Job | str, workers: list[Worker]) -> Iterator[Answer]:
        """What comes of a job; no process is left over that was stopped in one."""
        is_done = False
        try:
            self._order(workers, job)
            yield from _results(workers, self._waits, self._server.place)
            is_done = True
        finally:
            if not is_done:
                self.close()

    def _send_state(self) -> None:
        self._order(self._workers, None)

    def _order(self, workers: list[Worker], job: Job | str | None) -> None:
        """Hands a job over, and whether to pause.

        A signal may come in the middle of a long job: what it orders then is sent after it.
        """
        if self._is_sending:
            return
        is_sent = False
        while not is_sent:
            self._is_sending, is_paused = True, self._is_paused
            try:
                if job is not None:
                    for worker in workers:  # each hears at once what was ordered meanwhile
                        _send([worker], job)
                        _send([worker], PAUSE if self._is_paused else RESUME)
                    job = None
                _send(self._workers, PAUSE if is_paused else RESUME)
            finally:
                self._is_sending = False
            is_sent = is_paused == self._is_paused


def _share(server: MailServer, number: int) -> MailServer:
    """The server with the numbered process's part of its connections."""
    most = server.max_connections
    return server.with_connections(most // PROCESSES + (number < most % PROCESSES))


def _send(workers: list[Worker], order: Job | str) -> None:
    for worker in workers:
        with contextlib.suppress(OSError):  # one that has ended does not listen
            worker.orders.send(order)


def _results(workers: list[Worker], waits: LongWaits, place: str) -> Iterator[Answer]:
    """What the processes hand over, until all are done. Raises what one could not handle."""
    working: dict[object, Worker] = {worker.results: worker for worker in workers}
    while working:
        ready = wait([worker.results for worker in working.values()], _LOOK_EVERY_S)
        waits.look()
        if not ready:
            for worker in working.values():
                if not worker.process.is_alive():
                    raise _ended(worker, place)
            yield ()
        for end in ready:
            worker = working[end]
            try:
                result = worker.results.recv()
            except (EOFError, OSError):  # the second in the middle of a result
                raise _ended(worker, place) from None
            if result is None:
                del working[end]
            elif isinstance(result, BaseException):
                raise result
            else:
                yield result


def _ended(worker: Worker, place: str) -> Exception:
    """What is said of a process that ended before its work was done."""
    worker.process.join(_END_WAIT_S)
    code = worker.process.exitcode
    if code is None or code >= 0:
        return RuntimeError(f"a process of the collection ended with code {code}")
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = str(-code)
    if name != "SIGKILL":
        return ProcessLostError(
            N_("A process of the collection was ended by the signal {signal}."),
            GO_ON,
            signal=name,
        )
    return ProcessLostError(
        N_(
            "A process of the collection was killed (SIGKILL), by somebody or by the system, which"
            " does that when memory runs out."
        ),
        N_(
            "Look into the system's log (dmesg, journalctl -k) whether memory ran out; a lower"
            " {place}.max_connections needs less. What was collected is stored: the same command"
            " goes on from there."
        ),
        place=place,
    )
