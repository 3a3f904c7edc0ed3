"""A reader of a longer period's figures beside those of the periods inside it.

All that the register has was published; it is all that the reader knows, beside that nobody moved
between units and everybody was measured. Each person is unknown but for the type: in which of the
inner periods there, and in which of them active. A linear program finds how many of the few who
count in the longer period only can have been active.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

from linear import Solver, Unknowns
from publishing import ORGANISATION, SOURCE, the_calendar

from mailaudit import audit
from mailaudit.errors import UsageError
from mailaudit.locale import language
from mailaudit.model.audience import Audience
from mailaudit.model.outcome import Activity, DayActivity
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.rules import Rules
from mailaudit.publication.record import FEW, UNIT, Record
from mailaudit.store import SnapshotStore

LEAST = 5
ABSENT, IDLE, ACTIVE = range(3)
SIZES = (2, 3, 3, 4, 6, 8, 12, 20)
DEEDS = ("read", "sent")


@dataclass(frozen=True, slots=True)
class Person:
    """Of each month: absent, there without, or there with the deed; of `DEEDS` in order."""

    unit: str
    months: tuple[tuple[int, int], ...]

    def states(self, deed: int, columns: Sequence[Sequence[int]]) -> tuple[int, ...]:
        """The most in each column of months: absent, idle or active."""
        return tuple(max(self.months[month][deed] for month in column) for column in columns)


def people_of(seed: int, months: int) -> list[Person]:
    """Units of few and of more people, of whom some come and some go."""
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    found = []
    for number in range(chance.randint(3, 6)):
        share = [chance.choice((0.0, 0.5, 0.9, 1.0)) for _ in DEEDS]
        for _ in range(chance.choice(SIZES)):
            begin = 0 if chance.random() > 0.12 else chance.randrange(months)
            end = months if chance.random() > 0.12 else chance.randint(begin + 1, months)
            usual = [chance.random() < each for each in share]

            def state(deed: int, usual: Sequence[bool] = usual) -> int:
                return IDLE + (usual[deed] != (chance.random() < 0.05))

            states = tuple(
                (state(0), state(1)) if begin <= month < end else (ABSENT, ABSENT)
                for month in range(months)
            )
            found.append(Person(f"U{number}", states))
    return found


def collect(store: SnapshotStore, people: Sequence[Person], first: Period) -> None:
    """Stores the months."""
    codes = dict.fromkeys(person.unit for person in people)
    units = tuple(Unit(code, f"Đơn vị {code}", "Sở") for code in codes)
    for number in range(len(people[0].months)):
        month = first.shifted(number)
        here = [(n, p) for n, p in enumerate(people) if p.months[number][0] != ABSENT]
        boxes = {f"p{n}@tinh.example": person for n, person in here}
        staff = tuple(Staff(f"p{n}", p.unit, f"p{n}@tinh.example", row=f"r{n}") for n, p in here)
        at = month.end + timedelta(days=1)
        into = store.begin(month, Roster(("Sở",), units, staff, f"{number:064x}"), SOURCE, now=at)
        day = month.first_day + timedelta(days=4)
        into.record(
            [
                Activity(
                    box, at, (DayActivity(day, sent == ACTIVE, read == ACTIVE, read == ACTIVE),)
                )
                for box, (read, sent) in ((b, p.months[number]) for b, p in boxes.items())
            ]
        )
        into.finish(at)


def publish(store: SnapshotStore, periods: Sequence[Period], *, withholding: bool) -> None:
    """Publishes the public reports, one after the other, where they are not refused."""
    calendar, rules = the_calendar(), Rules(min_published=LEAST)
    for period in periods:
        if isinstance(period, LongPeriod):
            audited = audit.evaluate_longer(store, period, calendar, rules)
        else:
            audited = audit.evaluate(store, period, calendar, rules, months=1)
        try:
            audit.compose_report(
                audited, ORGANISATION, calendar, rules, language=language("en"),
                audience=Audience.PUBLIC, names=False, illustrative=False, register=store,
                despite_difference=not withholding,
            ).register(store)  # fmt: skip
        except UsageError:  # nothing was left
            assert withholding


@dataclass(frozen=True, slots=True)
class Fault:
    """What is known of the few of a unit who were not there in one of the inner periods; None where
    it is of all of a unit that the longer period has no figures of."""

    unit: str
    absent_in: int | None
    deed: str


class Reader:
    """What the records let somebody compute of one deed.

    Args:
        columns: Of each inner period the months, counted from 0.
        inner: Its records; those of a column that nothing was published of are empty.
    """

    def __init__(
        self,
        people: Sequence[Person],
        deed: int,
        columns: Sequence[Sequence[int]],
        inner: Sequence[Sequence[Record]],
        longer: Sequence[Record],
    ) -> None:
        self._people, self._deed, self._columns = people, deed, columns
        self._types = [
            each for each in product((ABSENT, IDLE, ACTIVE), repeat=len(columns)) if any(each)
        ]
        unknowns = Unknowns()
        units = dict.fromkeys(person.unit for person in people)
        self._numbers = {unit: [unknowns.new() for _ in self._types] for unit in units}
        for column, records in enumerate(inner):
            for record in records:
                self._learn(unknowns, record, lambda t, c=column: t[c])  # type: ignore[misc]
        for record in longer:
            self._learn(unknowns, record, max)
        self._shown = {code for record in longer for kind, code in record.lines if kind == UNIT}
        self._solver = Solver(unknowns)
        assert self._solver.knowing(self._truths()).is_consistent(), "it concludes what is not true"

    def _learn(
        self, unknowns: Unknowns, record: Record, state: Callable[[tuple[int, ...]], int]
    ) -> None:
        for (kind, code), figures in record.lines.items():
            if kind == FEW:
                units = record.few[""]
            elif kind == UNIT and code:
                units = (code,)
            else:
                continue
            for least, figure in ((IDLE, "measured"), (ACTIVE, DEEDS[self._deed])):
                terms = {
                    number: 1
                    for unit in units
                    for number, each in zip(self._numbers[unit], self._types, strict=True)
                    if state(each) >= least
                }
                unknowns.know(terms, figures[figure], figures[figure])

    def _truths(self) -> Mapping[int, float]:
        truths = {number: 0.0 for numbers in self._numbers.values() for number in numbers}
        for person in self._people:
            states = person.states(self._deed, self._columns)
            truths[self._numbers[person.unit][self._types.index(states)]] += 1
        return truths

    def faults(self, *, without: Sequence["Reader"] = ()) -> list[Fault]:
        """The few of whom it is known how many were active, and the others do not know it."""
        found = []
        for unit in self._numbers:
            is_known = self._knows_all(unit) and not any(o._knows_all(unit) for o in without)
            if unit not in self._shown and is_known:
                found.append(Fault(unit, None, DEEDS[self._deed]))
            for column in range(len(self._columns)):
                away = [
                    p for p in self._people
                    if p.unit == unit and p.states(self._deed, self._columns)[column] == ABSENT
                ]  # fmt: skip
                if not 0 < len(away) < LEAST:
                    continue
                if self.knows(unit, column) and not any(o.knows(unit, column) for o in without):
                    found.append(Fault(unit, column, DEEDS[self._deed]))
        return found

    def _knows_all(self, unit: str) -> bool:
        """Whether it follows how many of a unit were active in the longer period."""
        pairs = zip(self._numbers[unit], self._types, strict=True)
        return self._width({number: 1.0 for number, each in pairs if max(each) == ACTIVE}) == 0

    def knows(self, unit: str, column: int) -> bool:
        """Whether it follows how many of those who were not there in a column were active, or that
        all of them were, however many they are."""
        away = [
            (number, each)
            for number, each in zip(self._numbers[unit], self._types, strict=True)
            if each[column] == ABSENT
        ]
        active = {number: 1.0 for number, each in away if max(each) == ACTIVE}
        idle = {number: 1.0 for number, each in away if max(each) != ACTIVE}
        return self._width(active) == 0 or self._greatest(idle) == 0

    def _width(self, terms: Mapping[int, float]) -> int:
        least = self._greatest(dict.fromkeys(terms, -1.0))
        return self._greatest(terms) + least

    def _greatest(self, terms: Mapping[int, float]) -> int:
        solution = self._solver.greatest(terms, quick=False)
        assert solution is not None
        values = {**solution, **self._solver.fixed}
        return round(sum(times * values.get(number, 0.0) for number, times in terms.items()))


def faults_of(
    people: Sequence[Person],
    columns: Sequence[Sequence[int]],
    inner: Sequence[Sequence[Record]],
    longer: Sequence[Record],
) -> list[Fault]:
    """What the longer period's figures and the others give away together, and neither alone."""
    nothing: list[Sequence[Record]] = [[] for _ in columns]
    found = []
    for deed in (0, 1):
        reader = Reader(people, deed, columns, inner, longer)
        alone = [
            Reader(people, deed, columns, inner, []),
            Reader(people, deed, columns, nothing, longer),
        ]
        found += reader.faults(without=alone)
    return found
