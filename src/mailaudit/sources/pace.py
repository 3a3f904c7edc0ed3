"""Pace: when a request may be sent, so that the server's own users do not feel the audit.

Every request passes here. Concurrency grows by additive increase and shrinks by multiplicative
decrease, driven by how fast and how willingly the server answers.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from mailaudit.sources.faults import MailboxFault
from mailaudit.sources.limits import Limits
from mailaudit.sources.schedule import LONGEST_WAIT_S
from mailaudit.sources.shared_state import Cell

RECOVERY_S = 30.0  # from one connection back to all of them
_CUT_EVERY_S = 2.0  # one wave of bad answers cuts once
_BUSY_CUT, _SLOW_CUT = 0.5, 0.8
_SLOW_FACTOR, _SLOW_MARGIN_S = 3.0, 0.1  # slower than this beside the usual: the server labours
_DOUBLED_AFTER_S = 1800.0  # so slowly does what is usual become worse, however slow answers are
_LONGEST_STEP_S = 60.0  # a silence teaches nothing
_SMOOTHING = 0.1  # the part of the newest answer in the answering time of late
_RECENT_ANSWERS = 20
_BUSY_SHARE = 0.5  # of the recent answers: not single mailboxes but the server is busy
_IDLE_WAIT_S = 60.0


class Stopped(Exception):
    """The run is being stopped; no further request may be sent."""


@dataclass(slots=True)
class Answer:
    """What is learnt of one request: how long the server took, seconds, where that is known."""

    waited_s: float | None = None


class Pace:
    """Lets requests through.

    Args:
        connections: Most requests at once.
        limits: The configured cap and window.
        timezone: Whose clock the window is in.
        clock: Now, for the window.
        closed_until: When the server, having asked for silence, may be asked again.
        before_wait: Called by a thread that has to wait.
    """

    def __init__(
        self,
        connections: int,
        limits: Limits,
        timezone: ZoneInfo,
        clock: Callable[[], datetime],
        closed_until: Cell,
        before_wait: Callable[[], object] = lambda: None,
    ) -> None:
        self._most = float(connections)
        self._allowed = self._most
        self._limits = limits
        self._timezone = timezone
        self._clock = clock
        self._open = 0
        self._closed_until = closed_until
        self._before_wait = before_wait
        self._paused = self._stopped = False
        self._sent: deque[float] = deque()
        self._recent: deque[bool] = deque(maxlen=_RECENT_ANSWERS)
        self._usual_s = self._smoothed_s = 0.0
        self._learnt_at = self._cut_at = self._grown_at = time.monotonic()
        self._changed = threading.Condition()

    @contextmanager
    def request(self) -> Iterator[Answer]:
        """Waits until a request may be sent, and learns from how it is answered."""
        self._enter()
        answer = Answer()
        try:
            yield answer
        except MailboxFault as fault:
            self._leave(None, fault)
            raise
        except BaseException:
            self._leave(None, None)
            raise
        self._leave(answer, None)

    @property
    def allowed(self) -> int:
        """How many requests may be under way at once just now."""
        return int(self._allowed)

    def hold(self) -> None:
        """Waits while nothing may be sent: for a request let through that was kept elsewhere."""
        with self._changed:
            while (wait_s := self._closed_until.value - time.monotonic()) > 0 or self._paused:
                if self._stopped:
                    break
                self._changed.wait(_IDLE_WAIT_S if self._paused else wait_s)
            if self._stopped:
                raise Stopped

    def pause(self) -> None:
        """Sends nothing more until `resume`; answers under way are still taken."""
        self._set(paused=True)

    def resume(self) -> None:
        """Goes on after `pause`."""
        self._set(paused=False)

    def stop(self) -> None:
        """Makes everybody who waits, and all who come, end with Stopped."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _set(self, *, paused: bool) -> None:
        with self._changed:
            self._paused = paused
            self._changed.notify_all()

    def _enter(self) -> None:
        with self._changed:
            while True:
                if self._stopped:
                    raise Stopped
                wait_s = self.wait_s()
                if wait_s <= 0:
                    break
                self._before_wait()
                self._changed.wait(wait_s)
            self._open += 1
            if self._limits.requests_per_minute:
                self._sent.append(time.monotonic())

    def wait_s(self) -> float:
        """How long a request has to wait at least; 0 when it may go."""
        now = time.monotonic()
        if self._paused or self._open >= self.allowed:
            return _IDLE_WAIT_S  # woken by whoever changes that
        if now < self._closed_until.value:
            return self._closed_until.value - now
        closed_s = self._limits.closed_s(self._clock().astimezone(self._timezone))
        if closed_s > 0:
            return min(closed_s, _IDLE_WAIT_S)
        per_minute = self._limits.requests_per_minute
        if per_minute:
            while self._sent and self._sent[0] <= now - 60:
                self._sent.popleft()
            if len(self._sent) >= per_minute:
                return self._sent[0] + 60 - now
        return 0.0

    def _leave(self, answer: Answer | None, fault: MailboxFault | None) -> None:
        with self._changed:
            self._open -= 1
            now = time.monotonic()
            busy = fault is not None and fault.is_busy
            self._recent.append(busy)
            if answer is not None and answer.waited_s is not None:
                self._learn(answer.waited_s, now)
            if busy and fault is not None:
                self._slow_down(fault, now)
            elif self._is_slow():
                self._cut(_SLOW_CUT, now)
            elif answer is not None:
                grown = (now - self._grown_at) * self._most / RECOVERY_S
                self._allowed = min(self._most, self._allowed + grown)
            self._grown_at = now
            self._changed.notify_all()

    def _slow_down(self, fault: MailboxFault, now: float) -> None:
        """A mailbox answered busy waits alone; a server that says so makes everybody wait."""
        crowd = len(self._recent) == _RECENT_ANSWERS and (
            sum(self._recent) >= _BUSY_SHARE * _RECENT_ANSWERS
        )
        if fault.of_server or crowd:
            self._closed_until.value = max(
                self._closed_until.value, now + min(fault.back_off_s or 1.0, LONGEST_WAIT_S)
            )
            self._cut(_BUSY_CUT, now)

    def _cut(self, factor: float, now: float) -> None:
        if now - self._cut_at >= _CUT_EVERY_S:
            self._allowed = max(1.0, self._allowed * factor)
            self._cut_at = now

    def _learn(self, waited_s: float, now: float) -> None:
        """Keeps the answering time of late, and the usual one: the best of late for a long time.

        Both are of several answers: one may cost the server nothing, or be of a huge mailbox.
        """
        if not self._usual_s:
            self._usual_s = self._smoothed_s = waited_s
        self._smoothed_s += (waited_s - self._smoothed_s) * _SMOOTHING
        passed_s = min(now - self._learnt_at, _LONGEST_STEP_S)
        self._usual_s = min(self._smoothed_s, self._usual_s * 2 ** (passed_s / _DOUBLED_AFTER_S))
        self._learnt_at = now

    def _is_slow(self) -> bool:
        return self._smoothed_s > self._usual_s * _SLOW_FACTOR + _SLOW_MARGIN_S
