"""A few people of the province who send mail for the audit's sake; `mailaudit signs` finds them."""

from collections.abc import Callable
from datetime import date, datetime, time
from enum import Enum

from mailaudit.demo.content import Item
from mailaudit.demo.habits import OUTSIDE
from mailaudit.demo.staff import CALENDAR, PERIODS, Habit, Person
from mailaudit.demo.standard import INBOX, SENT, SENT_ARCHIVE
from mailaudit.model.period import Period

_EVERY = 331  # people, of whom one does each
_LAST, _FEWEST = 5, 4  # working days
_ARRIVES_S = 2


class Contrived(Enum):
    """What somebody does; the place among _EVERY people of those who do it."""

    LATE = 7  # all mail of the last month in its last days
    FEWEST = 107  # mail on four days of every month
    TO_SELF = 207  # all mail of the last month comes to the sender too, and answers nobody


def contrived_by(number: int, person: Person) -> Contrived | None:
    """What a person does; only people who are regular and were never away do any of it."""
    if person.status or set(person.habits) != {Habit.REGULAR}:
        return None
    return next((one for one in Contrived if one.value == number % _EVERY), None)


def contrive(placed: dict[int, list[Item]], owner: str, what: Contrived) -> None:
    """Changes the items of a mailbox, by folder number, to what such a person has."""
    last = PERIODS[-1]
    for folder in set(placed) - {SENT, SENT_ARCHIVE}:  # own mail filed there counts as sent
        placed[folder] = [
            item._replace(sender=OUTSIDE[0]) if item.sender == owner and not item.is_draft else item
            for item in placed[folder]
        ]
    if what is Contrived.TO_SELF:
        _send_to_self(placed, last)
        return
    for period in (last,) if what is Contrived.LATE else PERIODS:
        days = list(CALENDAR.working_days(period.first_day, period.last_day))
        chosen = days[-_LAST:] if what is Contrived.LATE else days[2::5][:_FEWEST]
        _move(placed, period, chosen)


def _move(placed: dict[int, list[Item]], period: Period, chosen: list[date]) -> None:
    """Moves what was sent in a month to the chosen days, each used, at its time of the day."""
    is_in = _within(period)
    sent_on = sorted(
        {
            _day(item, period)
            for folder in (SENT, SENT_ARCHIVE)
            for item in placed[folder]
            if is_in(item)
        }
    )
    new = {day: chosen[place % len(chosen)] for place, day in enumerate(sent_on)}
    for folder in (SENT, SENT_ARCHIVE):
        placed[folder] = [
            _moved(item, period, new[_day(item, period)]) if is_in(item) else item
            for item in placed[folder]
        ]


def _send_to_self(placed: dict[int, list[Item]], period: Period) -> None:
    is_in = _within(period)
    number = max(item.number for items in placed.values() for item in items)
    sent = [item for folder in (SENT, SENT_ARCHIVE) for item in placed[folder] if is_in(item)]
    for items in placed.values():
        items[:] = [
            item._replace(verb=0, verb_at=0) if item.verb and is_in(item) else item
            for item in items
        ]
    placed[INBOX] += [
        item._replace(number=number + place, received=item.received + _ARRIVES_S)
        for place, item in enumerate(sent, start=1)
    ]


def _within(period: Period) -> Callable[[Item], bool]:
    start, end = int(period.start.timestamp()), int(period.end.timestamp())
    return lambda item: start <= item.received < end


def _day(item: Item, period: Period) -> date:
    return datetime.fromtimestamp(item.received, period.tz).date()


def _moved(item: Item, period: Period, day: date) -> Item:
    moment = datetime.fromtimestamp(item.received, period.tz)
    start = int(datetime.combine(day, time(), period.tz).timestamp())
    at = start + (moment.hour * 60 + moment.minute) * 60 + moment.second
    return item._replace(received=at, sent=at)
