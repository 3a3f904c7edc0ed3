"""The staff of the demonstration province: who they are, and how they use their mailboxes.

Which people of a unit use their mailbox regularly is decided here, so that each unit reaches the
share it is meant to; what lies in a mailbox is decided mailbox by mailbox in `habits`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from random import Random

from mailaudit.demo.names import Draw, draw_name, local_part, pick
from mailaudit.demo.units import COMMUNES, SERVICES, DemoUnit
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.period import Period

DOMAIN = "tinhmau.test"
PERIODS = (Period(2026, 8), Period(2026, 9), Period(2026, 10))
CALENDAR = WorkCalendar(
    off=frozenset({date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)}),
    worked=frozenset({date(2026, 8, 22)}),
)
CONTRACT = "hợp đồng lao động"
JOINED, LEFT = "mới tuyển", "nghỉ hưu"
UNKNOWN_TO_SERVER = ""  # not an error code: the server has no such mailbox
# An audit asks again after some seconds where these may pass. They stand in the first units, so
# that there are others to ask meanwhile.
_PASSING_FAILURES = ("ErrorMailboxStoreUnavailable", "ErrorMailboxMoveInProgress")
_PASSING = 6
_LASTING_FAILURES = (
    "ErrorAccessDenied",
    "ErrorImpersonateUserDenied",
    "ErrorNonExistentMailbox",
    UNKNOWN_TO_SERVER,
)
# status, first day, last day; the last ones are too short or too late to take a person out
_LEAVES = (
    ("thai sản", date(2026, 5, 18), date(2026, 11, 17)),
    ("thai sản", date(2026, 8, 10), date(2027, 2, 9)),
    ("đi học", date(2026, 9, 7), date(2027, 6, 30)),
    ("biệt phái", date(2026, 3, 1), None),
    ("không lương", date(2026, 8, 3), date(2026, 9, 30)),
    ("ốm", date(2026, 10, 5), date(2026, 10, 9)),
    (JOINED, date(2026, 10, 19), None),
    (LEFT, date(2026, 10, 1), None),
    (LEFT, date(2026, 12, 1), None),
)
_LEAVE_SHARE, _CONTRACT_SHARE = 0.035, 0.06


class Habit(Enum):
    """How a person uses the mailbox in a month. Only REGULAR passes the audit's usual rule."""

    REGULAR = "sends on many days, reads nearly all"
    OCCASIONAL = "sends on one to three days, reads most"
    READER = "reads nearly all, sends nothing"
    UNREAD = "sends, leaves much unread"
    SILENT = "hardly opens it"


_NOT_REGULAR = (Habit.OCCASIONAL, Habit.OCCASIONAL, Habit.READER, Habit.UNREAD, Habit.SILENT)


@dataclass(slots=True)
class Person:
    """A line of the staff list, and what stands behind it.

    Attributes:
        address: Official address, or empty.
        failure: EWS error code its mailbox answers with, UNKNOWN_TO_SERVER when the address
            leads nowhere, None when it works.
        habits: One a month.
    """

    code: str
    name: str
    unit_code: str
    category: str
    address: str
    status: str = ""
    status_from: date | None = None
    status_to: date | None = None
    failure: str | None = None
    habits: tuple[Habit, ...] = ()

    @property
    def has_mailbox(self) -> bool:
        """Whether the server knows the address."""
        return bool(self.address) and self.failure != UNKNOWN_TO_SERVER

    def in_scope(self, period: Period) -> bool:
        """Whether the audit's usual rule counts this person in a Period."""
        if self.category == CONTRACT:
            return False
        if not self.status:
            return True
        if self.status_from is not None and self.status == JOINED:
            first = max(self.status_from, period.first_day)
            return sum(1 for _ in CALENDAR.working_days(first, period.last_day)) >= 10
        if self.status_from is not None and self.status == LEFT:
            return self.status_from > period.last_day
        first = max(self.status_from or period.first_day, period.first_day)
        last = min(self.status_to or period.last_day, period.last_day)
        away = sum(1 for _ in CALENDAR.working_days(first, last))
        return away * 2 < CALENDAR.working_days_of(period)


def draw_staff(seed: str, units: tuple[DemoUnit, ...]) -> Iterator[Person]:
    """Everyone, unit by unit, heads first."""
    taken: set[str] = set()
    failures = 0
    for unit in units:
        rng = Random(f"{seed}:{unit.code}")  # noqa: S311 - reproducible, not secret
        people = [_person(rng.random, unit, number, taken) for number in range(unit.size)]
        reachable = [p for p in people[1:] if p.address and p.category != CONTRACT]
        for person in reachable[: unit.unreachable]:
            person.status = ""
            kinds = _PASSING_FAILURES if failures < _PASSING else _LASTING_FAILURES
            person.failure = kinds[failures % len(kinds)]
            failures += 1
        _give_habits(rng.random, unit, people)
        yield from people


def _person(draw: Draw, unit: DemoUnit, number: int, taken: set[str]) -> Person:
    name = draw_name(draw)
    category = _category(draw, unit, number)
    provided = number == 0 or draw() >= (0.5 if category == CONTRACT else _without_mailbox(unit))
    address = _free_address(name, taken) if provided else ""
    person = Person(f"{unit.code}-{number + 1:03d}", name, unit.code, category, address)
    on_leave = draw() < _LEAVE_SHARE
    leave = pick(draw, _LEAVES)
    if number and on_leave and category != CONTRACT and not unit.unreachable:
        person.status, person.status_from, person.status_to = leave
    return person


def _category(draw: Draw, unit: DemoUnit, number: int) -> str:
    chance = draw()
    if unit.group == COMMUNES and number < 3:
        return "cán bộ"
    if number and chance < _CONTRACT_SHARE:
        return CONTRACT
    return "viên chức" if unit.group == SERVICES else "công chức"


def _without_mailbox(unit: DemoUnit) -> float:
    """The share of a unit's staff without a mailbox: the less a unit uses it, the more."""
    return 0.12 * (100 - unit.regular_percent[0]) / 100 if unit.size > 10 else 0.0


def _free_address(name: str, taken: set[str]) -> str:
    part = local_part(name)
    number = 1
    while (candidate := f"{part}{number if number > 1 else ''}") in taken:
        number += 1
    taken.add(candidate)
    return f"{candidate}@{DOMAIN}"


def _give_habits(draw: Draw, unit: DemoUnit, people: list[Person]) -> None:
    """Makes the share of a unit's people regular that the unit is meant to have each month.

    The same people come first in every month, so that a rising share means new users.
    """
    order = sorted(people, key=lambda person: (person.category == CONTRACT, draw()))
    otherwise = {person.code: pick(draw, _NOT_REGULAR) for person in order}
    chosen: dict[str, list[Habit]] = {person.code: [] for person in people}
    for month, period in enumerate(PERIODS):
        counted = [p for p in order if p.in_scope(period) and p.failure is None]
        able = [p for p in counted if p.address]
        wanted = (unit.regular_percent[month] * len(counted) + 50) // 100
        regular = {person.code for person in able[:wanted]}
        for person in people:
            habit = Habit.REGULAR if person.code in regular else otherwise[person.code]
            chosen[person.code].append(habit)
    for person in people:
        person.habits = tuple(chosen[person.code])
