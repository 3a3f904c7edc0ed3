"""Crew: processes that do tasks, one at a time each, and answer as they go."""

import contextlib
import gc
import multiprocessing
import os
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from mailaudit.errors import N_, MailauditError
from mailaudit.interrupts import leave_to_first, undisturbed
from mailaudit.model.period import Period
from mailaudit.sources.tracking.tasks import Answer, Task, Wanted

_LOOK_EVERY_S = 0.2  # lets Ctrl-C through on every platform


class ReaderLostError(MailauditError):
    """A process that read logs was ended from outside."""


@dataclass(frozen=True, slots=True)
class _Worker:
    process: BaseProcess
    orders: Connection
    answers: Connection


class Crew:
    """Processes that end when it is closed, or with this one. Close it."""

    def __init__(self, processes: int, wanted: Wanted, period: Period) -> None:
        context: Any = multiprocessing.get_context("spawn")  # whose pipes differ on Windows
        self._workers: list[_Worker] = []
        for _ in range(processes):
            its_orders, orders = context.Pipe(duplex=False)
            answers, its_answers = context.Pipe(duplex=False)
            process = context.Process(
                target=_serve, args=(wanted, period, its_orders, its_answers), daemon=True
            )
            with undisturbed():  # until it knows what to do with signals
                process.start()
            its_orders.close()
            its_answers.close()
            self._workers.append(_Worker(process, orders, answers))

    def do(self, tasks: Iterable[Task], is_paused: Callable[[], bool]) -> Iterator[Answer | None]:
        """What the tasks answer, in any order; None now and then while nothing comes.

        Args:
            is_paused: While it says so, no further task is begun.

        Raises:
            ReaderLostError: A process was ended.
        """
        left = iter(tasks)
        free = list(self._workers)
        busy: dict[Any, _Worker] = {}
        while True:
            while free and not is_paused():
                task = next(left, None)
                if task is None:
                    break
                worker = free.pop()
                _send(worker, task)
                busy[worker.answers] = worker
            if not busy and not is_paused():
                return
            if busy:
                ready = wait(list(busy), _LOOK_EVERY_S)
            else:
                ready = []
                time.sleep(_LOOK_EVERY_S)
            if not ready:
                yield None
            for end in ready:
                worker = busy[end]
                answer = _received(worker)
                if answer is None:
                    free.append(busy.pop(end))
                elif isinstance(answer, str):
                    raise RuntimeError(answer)
                else:
                    yield answer

    def close(self) -> None:
        """Ends the processes, whatever they are doing: nothing of theirs can be lost."""
        for worker in self._workers:
            worker.process.kill()
            worker.process.join()
            worker.orders.close()
            worker.answers.close()
        self._workers = []


def _send(worker: _Worker, task: Task) -> None:
    try:
        worker.orders.send(task)
    except OSError:
        raise _lost() from None


def _received(worker: _Worker) -> Answer | str | None:
    try:
        answer: Answer | str | None = worker.answers.recv()
    except (EOFError, OSError):
        raise _lost() from None
    return answer


def _lost() -> ReaderLostError:
    return ReaderLostError(
        N_("A process that read tracking logs was ended by somebody or by the system."),
        N_(
            "Look into the system's log (dmesg, journalctl -k) whether memory ran out; then start"
            " the same command again: logs are read from the first one."
        ),
    )


def _serve(wanted: Wanted, period: Period, orders: Connection, answers: Connection) -> None:
    """The whole life of a process: ends when the first one wants no more, or is gone."""
    leave_to_first()
    # Only here, since the first process can do without the memory that reading rows takes.
    import pyarrow

    from mailaudit.sources.tracking.recording import Recorder
    from mailaudit.sources.tracking.work import answers_to

    with contextlib.suppress(NotImplementedError):  # where pyarrow was built without it
        pyarrow.set_memory_pool(
            pyarrow.jemalloc_memory_pool()
        )  # of three, the one that holds on to least
    gc.disable()  # there are no cycles to look for
    recorder = Recorder(wanted)
    with contextlib.suppress(EOFError, OSError):
        while True:
            task: Task = orders.recv()
            try:
                for answer in answers_to(task, recorder, period):
                    answers.send(answer)
            except OSError:
                raise
            except Exception as error:  # noqa: BLE001 - raised again by the first process
                # Where, and what kind: the message of an error may hold a part of a row.
                frames = "".join(traceback.format_tb(error.__traceback__))
                answers.send(f"{type(error).__name__}\n{frames}")
            answers.send(None)
    os._exit(0)
