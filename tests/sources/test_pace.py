"""When a request may be sent."""

import random
import threading
import time as clock_time
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from hypothesis.strategies import floats, integers

from mailaudit.model.outcome import Reason
from mailaudit.sources.ews.faults import fault_of
from mailaudit.sources.faults import MailboxFault
from mailaudit.sources.limits import Limits
from mailaudit.sources.pace import RECOVERY_S, Pace, Stopped
from mailaudit.sources.shared_state import OwnCell

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def a_pace(
    connections: int = 4,
    limits: Limits | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Pace:
    return Pace(connections, limits or Limits(), VIETNAM, now, OwnCell())


def busy(back_off_s: float | None = None, *, of_server: bool = False) -> MailboxFault:
    return MailboxFault(Reason.SERVER_BUSY, "test", back_off_s=back_off_s, of_server=of_server)


def answer(pace: Pace, fault: MailboxFault | None = None) -> None:
    try:
        with pace.request():
            if fault is not None:
                raise fault
    except MailboxFault:
        pass


def test_who_has_to_wait_is_reported_before() -> None:
    """So that nothing others need is kept meanwhile; who need not wait keeps what they have."""
    is_reported = threading.Event()
    limits = Limits(requests_per_minute=1)
    pace = Pace(1, limits, VIETNAM, lambda: datetime.now(UTC), OwnCell(), is_reported.set)
    answer(pace)
    assert not is_reported.is_set()

    def wait() -> None:
        with pytest.raises(Stopped):
            answer(pace)

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert is_reported.wait(30)
    pace.stop()
    waiting.join()


def test_pace_holds_to_the_connections() -> None:
    """With three allowed, the fourth request waits until one of them is answered."""
    pace = a_pace(3)
    peak, under_way, lock = 0, 0, threading.Lock()

    def work() -> None:
        nonlocal peak, under_way
        for _ in range(20):
            with pace.request():
                with lock:
                    under_way += 1
                    peak = max(peak, under_way)
                clock_time.sleep(0.002)
                with lock:
                    under_way -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert peak == 3


def test_busy_mailbox_does_not_hold_up_the_others() -> None:
    """ErrorServerBusy for one mailbox in four leaves everybody else at full speed."""
    pace = a_pace()
    for number in range(40):
        answer(pace, fault_of("ErrorServerBusy", 30.0) if number % 4 == 0 else None)
    assert pace.wait_s() == 0


def test_busy_server_holds_up_everybody_for_as_long_as_it_asks() -> None:
    """HTTP 503 with Retry-After is obeyed by all, and not a moment less."""
    pace = a_pace()
    since = clock_time.monotonic()  # the wait begins with the answer, not with who comes next
    answer(pace, busy(0.4, of_server=True))
    answer(pace)
    assert clock_time.monotonic() - since >= 0.4


def test_shorter_back_off_does_not_overwrite_a_longer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest wait that was asked for counts."""
    monkeypatch.setattr("mailaudit.sources.pace.time.monotonic", lambda: 1000.0)
    pace = a_pace()
    with pytest.raises(MailboxFault), pace.request():
        with pytest.raises(MailboxFault), pace.request():
            raise busy(0.5, of_server=True)
        raise busy(0.1, of_server=True)
    assert pace.wait_s() == pytest.approx(0.5)


def test_crowd_of_busy_mailboxes_is_a_busy_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """When most answers are busy it is the server that asks for quiet."""
    monkeypatch.setattr("mailaudit.sources.pace.time.monotonic", lambda: 1000.0)
    pace = a_pace()
    for number in range(20):
        answer(pace, fault_of("ErrorServerBusy", 0.3) if number % 3 else None)
    assert pace.wait_s() == pytest.approx(0.3)


def test_concurrency_is_cut_and_recovers_within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Halved by a busy server; every good answer brings it back as time goes by."""
    now = 1000.0
    monkeypatch.setattr("mailaudit.sources.pace.time.monotonic", lambda: now)
    pace = a_pace(16)
    for _ in range(3):
        now += 3
        answer(pace, busy(0.5, of_server=True))
    assert pace.allowed == 2
    for _ in range(int(RECOVERY_S)):
        now += 1
        answer(pace)
    assert pace.allowed == 16
    assert RECOVERY_S < 60


def test_slow_answers_reduce_concurrency(monkeypatch: pytest.MonkeyPatch) -> None:
    """When answers take many times as long as usual, fewer are asked for."""
    now = 1000.0
    monkeypatch.setattr("mailaudit.sources.pace.time.monotonic", lambda: now)
    pace = a_pace(16)

    def answer_in(seconds: float) -> None:
        nonlocal now
        with pace.request() as answer:
            now += seconds
            answer.waited_s = seconds

    for _ in range(50):
        answer_in(0.1)
    assert pace.allowed == 16
    for _ in range(20):
        answer_in(2.0)
    assert pace.allowed < 8


def test_requests_per_minute_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sixth request within a minute of the first five waits for the rest of the minute."""
    now = 1000.0
    monkeypatch.setattr("mailaudit.sources.pace.time.monotonic", lambda: now)
    pace = a_pace(limits=Limits(requests_per_minute=5))
    for _ in range(5):
        now += 1
        answer(pace)
    assert pace.wait_s() == pytest.approx(56)
    now += 56
    assert pace.wait_s() == 0
    answer(pace)
    assert pace.wait_s() == pytest.approx(1)  # until the second of the five is a minute old


def test_one_busy_mailbox_among_many_is_no_busy_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the recent answers make one; nine of twenty do not."""
    monkeypatch.setattr("mailaudit.sources.pace.time.monotonic", lambda: 1000.0)
    for count, waits in ((9, False), (10, True)):
        pace = a_pace()
        for number in range(20):
            answer(pace, busy(5.0) if number >= 20 - count else None)
        assert (pace.wait_s() > 0) is waits


@pytest.mark.parametrize(("asked_s", "waits_s"), [(None, 1.0), (7.0, 7.0), (10**9, 86400.0)])
def test_busy_server_is_left_alone_for_what_it_asks(
    monkeypatch: pytest.MonkeyPatch, asked_s: float | None, waits_s: float
) -> None:
    """A second where it does not say, and never longer than a day."""
    monkeypatch.setattr("mailaudit.sources.pace.time.monotonic", lambda: 1000.0)
    pace = a_pace()
    answer(pace, busy(asked_s, of_server=True))
    assert pace.wait_s() == pytest.approx(waits_s)


def test_hold_waits_while_the_server_asks_for_silence() -> None:
    """A request that was let through before is kept back as well, unless the run is stopped."""
    pace = a_pace()
    pace.hold()
    since = clock_time.monotonic()
    answer(pace, busy(0.3, of_server=True))
    pace.hold()
    assert clock_time.monotonic() - since >= 0.3
    answer(pace, busy(60, of_server=True))
    pace.stop()
    with pytest.raises(Stopped):
        pace.hold()


@pytest.mark.parametrize(
    ("local", "closed_s"),
    [("21:59:00", 60), ("22:00:00", 0), ("03:00:00", 0), ("05:59:59", 0), ("06:00:00", 57600)],
)
def test_window_over_midnight_is_kept(local: str, closed_s: float) -> None:
    """Nothing is sent between 06:00 and 22:00 of the organisation's own clock."""
    moment = datetime.combine(date(2026, 11, 3), time.fromisoformat(local), VIETNAM)
    pace = a_pace(limits=Limits(window=(time(22), time(6))), now=lambda: moment.astimezone(UTC))
    assert pace.wait_s() == min(closed_s, 60)


def test_pause_holds_requests_until_resume() -> None:
    """Nothing is sent while paused; resuming wakes who waits."""
    pace = a_pace()
    pace.pause()
    sent = threading.Event()

    def work() -> None:
        with pace.request():
            sent.set()

    thread = threading.Thread(target=work)
    thread.start()
    assert not sent.wait(0.2)
    pace.resume()
    assert sent.wait(30)
    thread.join()


def test_stop_ends_who_waits() -> None:
    """Stopping does not wait for a back-off to end."""
    pace = a_pace()
    answer(pace, busy(60, of_server=True))
    stopped = threading.Event()

    def work() -> None:
        try:
            with pace.request():
                pass
        except Stopped:
            stopped.set()

    thread = threading.Thread(target=work)
    thread.start()
    pace.stop()
    assert stopped.wait(30)
    thread.join()


def test_timeouts_do_not_raise_concurrency(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests without an answer are no reason to send more of them."""
    now = 1000.0
    monkeypatch.setattr("mailaudit.sources.pace.time.monotonic", lambda: now)
    pace = a_pace(16)
    for _ in range(3):
        now += 3
        answer(pace, busy(0.5, of_server=True))
    assert pace.allowed == 2
    for _ in range(6):
        now += 30
        answer(pace, MailboxFault(Reason.TIMED_OUT, "timed out"))
    assert pace.allowed == 2


@given(
    usual_s=floats(0.05, 0.5),
    times_slower=floats(20, 60),
    spread=floats(0, 0.5),
    seed=integers(0, 2**32),
)
@settings(deadline=None, max_examples=15, phases=(Phase.generate,))
def test_slowness_that_lasts_stays_slowness(
    usual_s: float, times_slower: float, spread: float, seed: int
) -> None:
    """An hour after the server has become so slow, few connections ask it still; all of them
    within a minute after it has recovered.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    now = 1000.0

    def answers_for(pace: Pace, seconds: float, answer_s: float) -> None:
        nonlocal now
        until = now + seconds
        while now < until:
            with pace.request() as answer:
                waited_s = answer_s * chance.uniform(1 - spread, 1 + spread)
                now += waited_s
                answer.waited_s = waited_s

    with pytest.MonkeyPatch.context() as clock:
        clock.setattr("mailaudit.sources.pace.time.monotonic", lambda: now)
        pace = a_pace(16)
        answers_for(pace, 60, usual_s)
        assert pace.allowed == 16
        answers_for(pace, 300, usual_s * times_slower)
        for _ in range(55):
            answers_for(pace, 60, usual_s * times_slower)
            assert pace.allowed <= 2
        answers_for(pace, 90, usual_s)
        assert pace.allowed == 16


def test_slowness_that_never_ends_becomes_usual_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run is not kept to one connection for ever, should the server just be so."""
    now = 1000.0
    monkeypatch.setattr("mailaudit.sources.pace.time.monotonic", lambda: now)
    pace = a_pace(16)
    for answer_s, answers in ((0.1, 100), (2.0, 8000)):
        for _ in range(answers):
            with pace.request() as answer:
                now += answer_s
                answer.waited_s = answer_s
    assert pace.allowed == 16


def test_one_answer_that_cost_nothing_makes_no_other_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is usual is learnt of many answers: some are refusals, which take no time."""
    now = 1000.0
    monkeypatch.setattr("mailaudit.sources.pace.time.monotonic", lambda: now)
    pace = a_pace(16)
    for number in range(500):
        with pace.request() as answer:
            now += 0.5
            answer.waited_s = 0.001 if number == 250 else 0.5
    assert pace.allowed == 16


def test_what_is_usual_is_not_forgotten_in_a_long_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that asked for an hour's silence and is slow after it is still slow."""
    now = 1000.0
    monkeypatch.setattr("mailaudit.sources.pace.time.monotonic", lambda: now)
    pace = a_pace(16)
    for answer_s in (*[0.1] * 100, *[4.0] * 50):
        if now > 1010 and answer_s > 1 and now < 2000:
            now += 10 * 3600
        with pace.request() as answer:
            now += answer_s
            answer.waited_s = answer_s
    assert pace.allowed == 1
