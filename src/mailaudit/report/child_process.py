"""A process of its own for what draws: without memory, those libraries end the process they run in.

Typst and V8, which draws the charts, abort; the system kills. In a process apart that is an error
with a message, and nothing that was written before is touched.
"""

import os
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import ParamSpec, TypeVar

from mailaudit.errors import N_, DrawingError
from mailaudit.interrupts import leave_to_first, undisturbed

P = ParamSpec("P")
T = TypeVar("T")


def new_process() -> ProcessPoolExecutor:
    """A process that ends with this one, and prints nothing."""
    return ProcessPoolExecutor(1, get_context("spawn"), initializer=_settle)


def started(
    process: ProcessPoolExecutor, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> Future[T]:
    """What a function of a module will return in the process, which starts with its first one."""
    with undisturbed():
        return process.submit(function, *args, **kwargs)


def draw_in_child(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a function of a module returns in the process that is kept for drawing.

    Raises:
        DrawingError: The process ended.
    """
    drawer = _drawer()
    try:
        return started(drawer, function, *args, **kwargs).result()
    except BrokenProcessPool:  # while it drew, or since it drew last
        _drawer.cache_clear()
        # A thread closes what this process would write to as it exits: it has to be done by then.
        drawer.shutdown()
        raise no_memory() from None


def result_of(future: Future[T]) -> T:
    """The result of what a process apart was given. Raises DrawingError when the process ended."""
    try:
        return future.result()
    except BrokenProcessPool:
        raise no_memory() from None


def no_memory() -> DrawingError:
    """What is said where the reports could not be drawn."""
    return DrawingError(
        N_("The reports could not be drawn: this computer has too little free memory for them."),
        N_(
            "The reports written before stay as they are. Close other programs, or leave formats"
            " out of report.formats, and run: mailaudit report{options}"
        ),
    )


@cache
def _drawer() -> ProcessPoolExecutor:
    return new_process()


def _settle() -> None:
    """Leaves Ctrl-C and the terminal to the process that asked, and does not outlive it."""
    leave_to_first(("SIGINT", "SIGBREAK"))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a library that aborts prints its stack
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)
