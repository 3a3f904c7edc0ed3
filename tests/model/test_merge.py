"""Merging observations: laws that hold for any of them, and the cases one can work out by hand."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mailaudit.model.merge import merge_activities, merge_days
from mailaudit.model.outcome import Activity, DayActivity

COUNTS = [name for name in DayActivity._fields if name != "day"]
# Of each other count the greater, whatever the others are.
PROGRAMS = ("sent_by_smtp", "sent_by_phone", "sent_by_web")
EXPLAINED_BY_OTHERS = {"reply_delay_s", "received_inside", "received_outside", *PROGRAMS}
GREATER = [name for name in COUNTS if name not in EXPLAINED_BY_OTHERS]
MOMENT = datetime(2026, 10, 8, 1, tzinfo=UTC)
THIRD, NINTH = date(2026, 10, 3), date(2026, 10, 9)


def a_day(chance: random.Random, day: date) -> DayActivity:
    """A day as a server may show it; small counts, so that ties and zeros are frequent."""
    received = chance.randint(0, 4)
    inside = chance.randint(0, received)
    replied = chance.randint(0, received)
    sent = chance.randint(0, 3)
    by = chance.choices((*PROGRAMS, ""), k=sent)
    return DayActivity(
        day,
        sent=sent,
        **{name: by.count(name) for name in PROGRAMS},
        recipients_inside=chance.randint(0, 3),
        sent_to_self=chance.randint(0, 3),
        received=received,
        read=chance.randint(0, received),
        replied=replied,
        reply_delay_s=replied and chance.randint(0, 3),
        received_inside=inside,
        received_outside=chance.randint(0, received - inside),
    )


def an_observation(chance: random.Random) -> Activity:
    days = sorted(chance.sample([THIRD + timedelta(n) for n in range(5)], chance.randint(0, 5)))
    return Activity(
        "a@x.vn",
        MOMENT + timedelta(days=chance.randint(0, 3)),
        tuple(a_day(chance, day) for day in days),
        chance.choice([None, MOMENT, MOMENT + timedelta(hours=1)]),
        chance.choice([None, "", "a.vn", "b.vn", "a.vn b.vn"]),
    )


def observations(count: int) -> Iterator[list[Activity]]:
    """Many groups of `count` observations of one mailbox, the same in every run."""
    chance = random.Random(20261003)  # noqa: S311 - no secret
    for _ in range(2000):
        yield [an_observation(chance) for _ in range(count)]


def test_merge_does_not_depend_on_order() -> None:
    """Commutative and associative: whichever collection came first, the result is one."""
    for one, two, three in observations(3):
        assert merge_activities(one, two) == merge_activities(two, one)
        assert merge_activities(merge_activities(one, two), three) == merge_activities(
            one, merge_activities(two, three)
        )


def test_merge_with_what_is_known_changes_nothing() -> None:
    """Idempotent: seeing the same again, or less of it, adds nothing."""
    for one, two in observations(2):
        merged = merge_activities(one, two)
        assert merge_activities(one, one) == one
        assert merge_activities(merged, one) == merge_activities(merged, two) == merged


def test_merge_never_loses_what_was_seen() -> None:
    """Monotone: no count of any day is less than in either observation, no instant earlier."""
    for one, two in observations(2):
        merged = merge_activities(one, two)
        days = {day.day: day for day in merged.days}
        assert days.keys() == {day.day for day in (*one.days, *two.days)}
        assert list(days) == sorted(days)
        for seen in (one, two):
            assert merged.observed_at >= seen.observed_at
            if seen.forwards_to is not None:
                assert merged.forwards_to is not None
                assert {*seen.forwards_to.split()} <= {*merged.forwards_to.split()}
            if seen.last_sent_at is not None:
                assert merged.last_sent_at is not None
                assert merged.last_sent_at >= seen.last_sent_at
            for day in seen.days:
                found = days[day.day]
                assert all(getattr(found, name) >= getattr(day, name) for name in GREATER)
                assert known(found) >= known(day)


def test_merge_invents_nothing() -> None:
    """Every count and instant of the result is one that was seen on that day."""
    for one, two in observations(2):
        merged = merge_activities(one, two)
        assert merged.observed_at in {one.observed_at, two.observed_at}
        known = [one.forwards_to, two.forwards_to]
        assert {*(merged.forwards_to or "").split()} == {*" ".join(filter(None, known)).split()}
        assert (merged.forwards_to is None) == (known == [None, None])
        assert merged.last_sent_at in {one.last_sent_at, two.last_sent_at}
        for day in merged.days:
            seen = [other for other in (*one.days, *two.days) if other.day == day.day]
            for name in COUNTS:
                assert getattr(day, name) in {getattr(other, name) for other in seen}


def test_merge_keeps_counts_consistent() -> None:
    """Read, replied and senders known never exceed what was received; no delay without a reply."""
    for one, two in observations(2):
        for day in merge_activities(one, two).days:
            assert max(day.read, day.replied, known(day)) <= day.received
            assert day.replied or not day.reply_delay_s


def known(day: DayActivity) -> int:
    return day.received_inside + day.received_outside


def test_merge_keeps_deleted_mail_counted() -> None:
    """Week one saw 5 received on the 3rd; week two 2 of them and 4 on the 9th: 5 and 4."""
    first = Activity("a@x.vn", MOMENT, (DayActivity(THIRD, sent=2, received=5, read=3),))
    second = Activity(
        "a@x.vn",
        MOMENT + timedelta(days=7),
        (DayActivity(THIRD, received=2, read=2), DayActivity(NINTH, received=4)),
        MOMENT,
    )
    assert merge_activities(first, second) == Activity(
        "a@x.vn",
        MOMENT + timedelta(days=7),
        (DayActivity(THIRD, sent=2, received=5, read=3), DayActivity(NINTH, received=4)),
        MOMENT,
    )


def test_merge_takes_the_later_reading() -> None:
    """Mail read between two collections counts as read; mail marked unread again stays read."""
    unread, read = DayActivity(THIRD, received=4), DayActivity(THIRD, received=4, read=4)
    assert merge_days(unread, read) == merge_days(read, unread) == read


def test_merge_keeps_explanations_together() -> None:
    """The delay belongs to the replies; inside and outside to one look at the senders."""
    one = DayActivity(
        THIRD, received=3, replied=2, reply_delay_s=60, received_inside=3, received_outside=0
    )
    two = DayActivity(
        THIRD, received=3, replied=1, reply_delay_s=900, received_inside=0, received_outside=2
    )
    assert merge_days(one, two) == one


def test_merge_of_different_mailboxes_or_days_is_refused() -> None:
    """They have nothing to say about each other."""
    one = Activity("a@x.vn", MOMENT)
    with pytest.raises(ValueError, match=r"b@x\.vn"):
        merge_activities(one, replace(one, mailbox="b@x.vn"))
    with pytest.raises(ValueError, match="2026-10-09"):
        merge_days(DayActivity(THIRD), DayActivity(NINTH))
