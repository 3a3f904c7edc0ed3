"""What lies in a mailbox of the province: three months of mail, made from its address alone.

Draws only `Random.random()`, whose sequence no version of Python changes.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random

from mailaudit.demo.content import Item
from mailaudit.demo.names import Draw, pick
from mailaudit.demo.staff import CALENDAR, PERIODS, Habit
from mailaudit.demo.standard import (
    ARCHIVE,
    DELETED,
    DRAFTS,
    INBOX,
    INCOMING,
    JUNK,
    SENT,
    SENT_ARCHIVE,
    UNREAD_VIEW,
    URGENT,
)

OUTSIDE = tuple(
    f"{who}@{where}"
    for where in ("bonoivu.example", "botaichinh.example", "doanhnghiep.example", "baochi.test")
    for who in ("vanthu", "vanphong", "thongbao", "lienhe", "tuvan")
)
_CLASSES = (
    *("IPM.Note",) * 89,
    *("IPM.Schedule.Meeting.Request",) * 3,
    "IPM.Schedule.Meeting.Resp.Pos",
    "REPORT.IPM.Note.NDR",
    *("REPORT.IPM.Note.IPNRN",) * 2,
    "IPM.Note.Rules.OofTemplate.Microsoft",
    *("IPM.Note.SMIME",) * 3,
)
_PLACES = (*(INBOX,) * 62, *(INCOMING,) * 20, *(URGENT,) * 4, *(ARCHIVE,) * 5, *(DELETED,) * 7,
           *(JUNK,) * 2)  # fmt: skip
_SENT_PLACES = (SENT, SENT, SENT, SENT, SENT, SENT_ARCHIVE)
_REPLY, _REPLY_ALL, _FORWARD = 102, 103, 104
_VERBS = (_REPLY, _REPLY, _REPLY, _REPLY_ALL, _FORWARD)
_REPLY_WITHIN_S = 3 * 86_400
_HOUR_S = 3600
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class _Volume:
    """How much a habit means in a month. Ranges are (least, most).

    Attributes:
        sent_days: Distinct working days with something sent.
        sent_a_day: Messages sent on such a day.
        unread_percent: Share of received mail left unread.
    """

    received: tuple[int, int]
    sent_days: tuple[int, int]
    sent_a_day: tuple[int, int]
    unread_percent: tuple[int, int]


_VOLUMES = {
    Habit.REGULAR: _Volume((62, 98), (8, 18), (1, 4), (0, 9)),
    Habit.OCCASIONAL: _Volume((22, 45), (1, 3), (1, 2), (3, 35)),
    Habit.READER: _Volume((25, 60), (0, 0), (0, 0), (0, 8)),
    Habit.UNREAD: _Volume((30, 70), (4, 9), (1, 2), (48, 75)),
    Habit.SILENT: _Volume((8, 24), (0, 0), (0, 0), (85, 100)),
}


def _starts(days: Sequence[date]) -> tuple[int, ...]:
    zone = PERIODS[0].tz
    return tuple(int(datetime.combine(day, time(), zone).timestamp()) for day in days)


_WORKING = tuple(
    _starts([d for d in period.days() if CALENDAR.is_working_day(d)]) for period in PERIODS
)
_FREE = tuple(
    _starts([d for d in period.days() if not CALENDAR.is_working_day(d)]) for period in PERIODS
)
_BORDERS = tuple((int(period.start.timestamp()), int(period.end.timestamp())) for period in PERIODS)


def draw_between(draw: Draw, bounds: tuple[int, int]) -> int:
    """A whole number from `bounds`, both included."""
    least, most = bounds
    return least + int(draw() * (most - least + 1))


def _moment(draw: Draw, month: int) -> int:
    """A time in a month's working hours, seldom in the evening or on a free day."""
    chance = draw()
    days = _FREE[month] if chance < 0.03 else _WORKING[month]
    start = days[int(draw() * len(days))]
    if chance < 0.09:
        return start + int((17.5 + 6.4 * draw()) * _HOUR_S)
    morning = draw() < 0.56
    return start + int(((7.5 if morning else 13.5) + (4.0 if morning else 3.5) * draw()) * _HOUR_S)


def draw_items(
    seed: str, address: str, habits: Sequence[Habit], colleagues: Sequence[str],
    inside: Sequence[str],
) -> dict[int, list[Item]]:  # fmt: skip
    """The items of a mailbox by folder number.

    Args:
        habits: One a month.
        colleagues: Addresses of the same unit.
        inside: Addresses of the province.
    """
    rng = Random(f"{seed}:{address}")  # noqa: S311 - reproducible, not secret
    draw = rng.random
    placed: dict[int, list[Item]] = {folder: [] for folder in (*set(_PLACES), *set(_SENT_PLACES))}
    number = 0
    for month, habit in enumerate(habits):
        volume = _VOLUMES[habit]
        sent = _sent_times(draw, month, volume)
        received = sorted(_received_times(draw, month, volume))
        answered = _answered(draw, received, sent)
        unread = draw_between(draw, volume.unread_percent) * len(received) // 100
        unread_from = int(draw() * max(1, len(received) - unread))
        for at, moment in enumerate(received):
            number += 1
            chance = draw()
            sender = pick(
                draw, colleagues if chance < 0.5 else inside if chance < 0.85 else OUTSIDE
            )
            verb_at = answered.get(at, 0)
            is_read = bool(verb_at) or not unread_from <= at < unread_from + unread
            item = Item(
                number,
                "IPM.Note" if verb_at else pick(draw, _CLASSES),
                moment,
                moment - int(draw() * 90),
                is_read,
                sender,
                pick(draw, _VERBS) if verb_at else 0,
                verb_at,
            )
            placed[INBOX if verb_at else pick(draw, _PLACES)].append(item)
        for moment in sent:
            number += 1
            item = Item(number, "IPM.Note", moment, moment, True, address)
            placed[pick(draw, _SENT_PLACES)].append(item)
    last = _BORDERS[-1][1]
    placed[DRAFTS] = [
        Item(number + 1 + n, "IPM.Note", last - int(draw() * 20 * _DAY_S), 0, True, address)
        for n in range(draw_between(draw, (0, 2)))
    ]
    placed[UNREAD_VIEW] = [item for item in placed[INBOX] if not item.is_read]
    return placed


def _sent_times(draw: Draw, month: int, volume: _Volume) -> list[int]:
    """When a month's messages were sent: on so many distinct working days, in working hours."""
    days = list(_WORKING[month])
    times = []
    for _ in range(draw_between(draw, volume.sent_days)):
        start = days.pop(int(draw() * len(days)))
        for _ in range(draw_between(draw, volume.sent_a_day)):
            times.append(start + int((7.5 + 9.5 * draw()) * _HOUR_S))
    return sorted(times)


def _received_times(draw: Draw, month: int, volume: _Volume) -> list[int]:
    """When a month's mail arrived. Some mailboxes get mail at the month's very borders."""
    times = [_moment(draw, month) for _ in range(draw_between(draw, volume.received))]
    if draw() < 0.15:
        start, end = _BORDERS[month]
        times += [start, end - 1]
    return times


def _answered(draw: Draw, received: list[int], sent: list[int]) -> dict[int, int]:
    """Which mail (by place) was answered, and when: many a message sent is an answer."""
    answered: dict[int, int] = {}
    for moment in sent:
        latest = bisect_left(received, moment - 60) - 1
        place = latest - int(draw() * 4)
        if draw() < 0.55 and place >= 0 and moment - received[place] < _REPLY_WITHIN_S:
            answered.setdefault(place, moment)
    return answered
