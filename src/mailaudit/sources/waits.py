"""Waits: long ones that the server asked for are reported, as nothing else moves meanwhile."""

import time
from collections.abc import Callable

from mailaudit.sources.shared_state import SharedState

LONG_WAIT_S = 180.0  # shorter ones need no explanation

# Called with how many seconds the server wants to wait, and whether it wants to be asked nothing at
# all meanwhile; otherwise only the mailboxes that are left wait.
OnLongWait = Callable[[float, bool], None]


def ignore_wait(seconds: float, of_server: bool) -> None:
    """Reports nothing."""


class LongWaits:
    """Reports each long wait once, and again where it gets much longer.

    Args:
        shared: Where the waits of all who ask the server are noted.
    """

    def __init__(self, shared: SharedState, report: OnLongWait) -> None:
        self._cells = ((shared.closed_until, True), (shared.idle_until, False))
        self._report = report
        self._reported_until = 0.0

    def look(self) -> None:
        """Reports what is new."""
        now = time.monotonic()
        for cell, of_server in self._cells:
            until = cell.value
            if until - max(now, self._reported_until) > LONG_WAIT_S:
                self._reported_until = until
                self._report(until - now, of_server)
