"""Which mailbox is asked next."""

import time

import pytest

from mailaudit.model.outcome import Reason
from mailaudit.sources import schedule as schedules
from mailaudit.sources.ews.faults import malformed
from mailaudit.sources.faults import MailboxFault
from mailaudit.sources.schedule import MAX_TRIES, Schedule, Task


def taken(schedule: Schedule) -> Task:
    task = schedule.take()
    assert task is not None
    return task


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long in these tests."""
    monkeypatch.setattr(schedules, "FIRST_WAIT_S", 0.001)


def test_fresh_mailboxes_come_in_order_and_once() -> None:
    """Then nothing is left to do."""
    schedule = Schedule(["a", "b"])
    assert [taken(schedule).mailbox, taken(schedule).mailbox] == ["a", "b"]
    schedule.done()
    schedule.done()
    assert schedule.take() is None


def test_definite_refusal_is_not_asked_again() -> None:
    """What can't change by asking again is left."""
    schedule = Schedule(["a"])
    refusal = MailboxFault(Reason.NO_MAILBOX, "ErrorNonExistentMailbox", again=False)
    assert not schedule.try_again(taken(schedule), refusal)


def test_mailbox_is_tried_a_bounded_number_of_times_and_once_more_at_the_end() -> None:
    """MAX_TRIES in a row, then a last time when all others are done."""
    schedule = Schedule(["a", "b"])
    tries = 0
    while (task := taken(schedule)) and not task.is_last_round:
        if task.mailbox == "b":
            schedule.done()
            continue
        tries += 1
        assert schedule.try_again(task, malformed("test"))
    assert tries == MAX_TRIES
    assert task.mailbox == "a"
    assert not schedule.try_again(task, malformed("test"))
    schedule.done()
    assert schedule.take() is None


def test_last_round_is_handed_to_all_threads_at_once() -> None:
    """Hundreds of slow mailboxes at the end do not queue up behind each other."""
    names = ["a", "b", "c"]
    schedule = Schedule(names)
    for _ in range(MAX_TRIES * len(names)):
        assert schedule.try_again(taken(schedule), malformed("test"))
    last = [taken(schedule) for _ in names]  # none of them is done yet
    assert sorted(task.mailbox for task in last) == names
    assert all(task.is_last_round for task in last)


def test_back_off_of_the_server_is_waited_out() -> None:
    """Not asked again before the server allows it."""
    schedule = Schedule(["a"])
    since = time.monotonic()
    schedule.try_again(taken(schedule), MailboxFault(Reason.SERVER_BUSY, "x", back_off_s=0.2))
    taken(schedule)
    assert time.monotonic() - since >= 0.2


def test_waits_grow_from_try_to_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is twice the one before, and up to a half longer."""
    now = 0.0
    monkeypatch.setattr(schedules, "FIRST_WAIT_S", 2.0)
    monkeypatch.setattr("mailaudit.sources.schedule.time.monotonic", lambda: now)
    for tries, shortest in enumerate((2.0, 4.0, 8.0)):
        schedule = Schedule([])
        schedule.try_again(Task("a", tries), malformed("test"))
        (due, _, again) = schedule._waiting[0]
        assert shortest <= due <= 1.5 * shortest
        assert again.tries == tries + 1


def test_no_mailbox_waits_for_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that asks for more than a day is mistaken."""
    monkeypatch.setattr("mailaudit.sources.schedule.time.monotonic", lambda: 0.0)
    schedule = Schedule([])
    schedule.try_again(Task("a"), MailboxFault(Reason.SERVER_BUSY, "busy", back_off_s=1e9))
    assert 86400 <= schedule._waiting[0][0] <= 1.5 * 86400
