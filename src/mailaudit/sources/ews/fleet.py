"""EwsFleet: a server with many connections is asked by several processes, each with its share.

One process computes on one core. With few connections it waits for the server most of the time;
with many, the core is what the server waits for.
"""

import contextlib
import gc
import logging
import multiprocessing
import os
import queue
import signal
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from typing import Any

from mailaudit.model.outcome import Activity, DayActivity, Outcome
from mailaudit.model.period import Period
from mailaudit.model.snapshot import SourceInfo
from mailaudit.sources.ews.server import EwsServer
from mailaudit.sources.ews.shared import Shared
from mailaudit.sources.ews.source import EwsSource

PROCESSES = 2
MORE_CONNECTIONS_THAN = 8  # up to that many are no work for a second process
_LOOK_EVERY_S = 0.5  # lets Ctrl-C through on every platform
_END_WAIT_S = 2.0
_CHECK, _PAUSE, _RESUME = "check", "pause", "resume"
# Terminals and service managers send these to all processes alike; the first one sees to it.
_FOR_THE_FIRST = ("SIGINT", "SIGTERM", "SIGUSR1", "SIGUSR2")


def _as_call(activity: Activity) -> tuple[Callable[..., Activity], tuple[object, ...]]:
    """How an Activity goes through a pipe: dataclasses' own way takes several times as long."""
    days = tuple(map(tuple, activity.days))
    return _of_call, (activity.mailbox, activity.observed_at, days, activity.last_sent_at)


def _of_call(
    mailbox: str,
    observed_at: datetime,
    days: Iterable[tuple[Any, ...]],
    last_sent_at: datetime | None,
) -> Activity:
    return Activity(mailbox, observed_at, tuple(map(DayActivity._make, days)), last_sent_at)


ForkingPickler.register(Activity, _as_call)


@dataclass(frozen=True, slots=True)
class _Setup:
    """What a process is begun with.

    Attributes:
        server: With its share of the connections.
        next_number: Of the mailbox that is asked next, counted by all processes.
    """

    server: EwsServer
    inside_domains: frozenset[str]
    shared: Shared
    next_number: Any
    is_verbose: bool


@dataclass(frozen=True, slots=True)
class _Task:
    """What the processes do together."""

    mailboxes: tuple[str, ...]
    period: Period


@dataclass(frozen=True, slots=True)
class _Member:
    """One process, and the ends of its pipes."""

    process: BaseProcess
    results: Connection
    orders: Connection


def open_source(
    server: EwsServer, inside_domains: frozenset[str], clock: Callable[[], datetime]
) -> "EwsSource | EwsFleet":
    """What asks the server: one process where that is enough, several where it is not.

    Args:
        inside_domains: The organisation's mail domains, lower case.
        clock: Now, UTC.
    """
    # Requests a minute are counted in one place, and one process sends as many with ease.
    if server.max_connections > MORE_CONNECTIONS_THAN and not server.limits.requests_per_minute:
        return EwsFleet(server, inside_domains)
    return EwsSource(server, inside_domains, clock)


class EwsFleet:
    """Asks an Exchange server with PROCESSES processes; to its caller it is an EwsSource.

    They run from the first use until it is closed, which it must be.

    Args:
        inside_domains: The organisation's mail domains, lower case.
    """

    def __init__(self, server: EwsServer, inside_domains: frozenset[str]) -> None:
        self._server = server
        self._inside_domains = inside_domains
        self._context = multiprocessing.get_context("spawn")
        self._shared = Shared(*(self._context.Value("d", 0.0, lock=False) for _ in fields(Shared)))
        self._members: list[_Member] = []
        self._is_paused = self._is_telling = False

    def describe(self) -> SourceInfo:
        return self._server.describe()

    def check(self) -> None:
        """Logs in once, opening no mailbox. Raises ServerError."""
        self._begin()
        list(self._done(_CHECK, self._members[:1]))

    def outcomes(
        self, mailboxes: Iterable[str], period: Period, *, opened_before: bool = False
    ) -> Iterator[Outcome]:
        """One Outcome per mailbox as they come. Closing the iterator ends the processes."""
        self._begin()
        if opened_before:
            self._shared.has_access.value = 1
        self._next_number.value = 0
        yield from self._done(_Task(tuple(mailboxes), period), self._members)

    def pause(self) -> None:
        """Asks for nothing more until `resume`. May be called by a handler of signals."""
        self._is_paused = True
        self._tell_state()

    def resume(self) -> None:
        """Goes on after `pause`. May be called by a handler of signals."""
        self._is_paused = False
        self._tell_state()

    def close(self) -> None:
        """Ends the processes, and so closes the connections."""
        members, self._members = self._members, []
        for member in members:
            member.orders.close()  # makes it end
        for member in members:
            member.process.join(_END_WAIT_S)
            member.process.kill()
            member.process.join()
            member.results.close()

    def _begin(self) -> None:
        """Starts the processes, unless they run."""
        is_verbose = logging.getLogger().isEnabledFor(logging.INFO)
        if not self._members:  # a process that was killed may have kept the lock of the last one
            self._next_number = self._context.Value("Q", 0)
        while len(self._members) < PROCESSES:
            server = _share(self._server, len(self._members))
            setup = _Setup(
                server, self._inside_domains, self._shared, self._next_number, is_verbose
            )
            self._members.append(_started(self._context, setup))
        self._tell_state()

    def _done(self, task: "_Task | str", members: list[_Member]) -> Iterator[Outcome]:
        """What comes of a task; no process is left over that was stopped in one."""
        is_done = False
        try:
            self._tell(members, task)
            yield from _results(members)
            is_done = True
        finally:
            if not is_done:
                self.close()

    def _tell_state(self) -> None:
        self._tell(self._members, None)

    def _tell(self, members: list[_Member], task: "_Task | str | None") -> None:
        """Hands a task over, and whether to pause.

        A signal may come in the middle of a long task: what it orders then is told after it.
        """
        if self._is_telling:
            return
        is_told = False
        while not is_told:
            self._is_telling, is_paused = True, self._is_paused
            try:
                if task is not None:
                    _send(members, task)
                    task = None
                _send(self._members, _PAUSE if is_paused else _RESUME)
            finally:
                self._is_telling = False
            is_told = is_paused == self._is_paused


def _share(server: EwsServer, number: int) -> EwsServer:
    """The server with the numbered process's part of its connections."""
    most = server.max_connections
    return replace(server, max_connections=most // PROCESSES + (number < most % PROCESSES))


def _started(context: Any, setup: _Setup) -> _Member:  # noqa: ANN401
    results, its_results = context.Pipe(duplex=False)
    its_orders, orders = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(setup, its_results, its_orders), daemon=True)
    with _undisturbed():  # until it knows what to do with signals
        process.start()
    its_results.close()
    its_orders.close()
    return _Member(process, results, orders)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Holds back, where the system can, the signals that are for the first process alone."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _signals_for_the_first())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _signals_for_the_first() -> list[int]:
    return [getattr(signal, name) for name in _FOR_THE_FIRST if hasattr(signal, name)]


def _send(members: list[_Member], order: "_Task | str") -> None:
    for member in members:
        with contextlib.suppress(OSError):  # one that has ended does not listen
            member.orders.send(order)


def _results(members: list[_Member]) -> Iterator[Outcome]:
    """What the processes hand over, until all are done. Raises what one could not handle."""
    working: dict[object, _Member] = {member.results: member for member in members}
    while working:
        ready = wait([member.results for member in working.values()], _LOOK_EVERY_S)
        if not ready:
            for member in working.values():
                if not member.process.is_alive():
                    raise _ended(member)
        for end in ready:
            member = working[end]
            try:
                result = member.results.recv()
            except (EOFError, OSError):  # the second in the middle of a result
                raise _ended(member) from None
            if result is None:
                del working[end]
            elif isinstance(result, BaseException):
                raise result
            else:
                yield from result


def _ended(member: _Member) -> RuntimeError:
    member.process.join(_END_WAIT_S)
    return RuntimeError(f"a process of the collection ended with code {member.process.exitcode}")


def _serve(setup: _Setup, results: Connection, orders: Connection) -> None:
    """The whole life of a process: asks mailboxes and sends what became of them."""
    for number in _signals_for_the_first():
        signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _signals_for_the_first())
    logging.basicConfig(level=logging.INFO if setup.is_verbose else logging.CRITICAL)
    source = EwsSource(setup.server, setup.inside_domains, _now, setup.shared)
    gc.freeze()  # what was imported is not looked through again and again
    tasks: queue.SimpleQueue[_Task | str] = queue.SimpleQueue()
    is_working = threading.Lock()
    threading.Thread(target=_obey, args=(source, orders, tasks, is_working), daemon=True).start()
    while True:
        task = tasks.get()
        with is_working:
            try:
                if isinstance(task, _Task):
                    for batch in source.batches(_dealt(task, setup.next_number), task.period):
                        results.send(batch)
                else:
                    source.check()
                last = None
            except Exception as error:  # noqa: BLE001 - raised again by `_results`
                error.add_note(traceback.format_exc())
                last = error
        results.send(last)


def _dealt(task: _Task, next_number: Any) -> Iterator[str]:  # noqa: ANN401
    """One after the other, the mailboxes that no other process has taken."""
    while True:
        with next_number.get_lock():
            number = next_number.value
            next_number.value = number + 1
        if number >= len(task.mailboxes):
            return
        yield task.mailboxes[number]


def _obey(
    source: EwsSource,
    orders: Connection,
    tasks: "queue.SimpleQueue[_Task | str]",
    is_working: threading.Lock,
) -> None:
    """Does as told; ends the process when the first one wants no more, or is gone."""
    try:
        with contextlib.suppress(EOFError, OSError):
            while True:
                order = orders.recv()
                if order == _PAUSE:
                    source.pause()
                elif order == _RESUME:
                    source.resume()
                else:
                    tasks.put(order)
        if is_working.acquire(blocking=False):
            source.close()
    finally:
        os._exit(0)


def _now() -> datetime:
    return datetime.now(UTC)
