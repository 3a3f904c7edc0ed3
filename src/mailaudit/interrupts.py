"""Ctrl-C and other signals that a system sends to all processes: the first process has them alone.

Terminals and service managers send them to its children too, which must neither end nor print.
"""

import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

_SENT_TO_ALL = ("SIGINT", "SIGTERM", "SIGBREAK", "SIGUSR1", "SIGUSR2")  # where the system has them


def stop_at_break() -> None:
    """Makes Ctrl-Break on Windows stop the program as Ctrl-C does."""
    if sys.platform == "win32":
        signal.signal(signal.SIGBREAK, signal.default_int_handler)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Holds signals back while a child is started, which keeps them back until `leave_to_first`.

    On Windows that is Ctrl-C alone, which is lost meanwhile, and which the child never gets.
    """
    if sys.platform == "win32":
        import ctypes

        ignore_ctrl_c = ctypes.windll.kernel32.SetConsoleCtrlHandler
        ignore_ctrl_c(None, True)
        try:
            yield
        finally:
            ignore_ctrl_c(None, False)
    else:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _known(_SENT_TO_ALL))
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_to_first(names: Iterable[str] = _SENT_TO_ALL) -> None:
    """Has a child started `undisturbed` ignore these signals, and take the others as they come."""
    for number in _known(names):
        signal.signal(number, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _known(_SENT_TO_ALL))


def _known(names: Iterable[str]) -> list[int]:
    return [getattr(signal, name) for name in names if hasattr(signal, name)]
