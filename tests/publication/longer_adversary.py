"""A reader of the figures of periods that have days in common.

All that the register has was published; it is all that the reader knows, beside that nobody moved
between units and everybody was measured. Each person is unknown but for the type: there or not, and
active or not, in each of the spans that the first and last days of the periods cut time into. A
linear program finds how many can have been active of the few who count in one period and not in
another.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise, permutations, product

from linear import Solver, Unknowns
from publishing import SOURCE, the_calendar

from mailaudit import audit
from mailaudit.errors import UsageError
from mailaudit.locale import language
from mailaudit.model.audience import Audience
from mailaudit.model.outcome import Activity, DayActivity
from mailaudit.model.period import ONE_DAY, LongPeriod, Period
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.rules import Rules
from mailaudit.publication.held import hold
from mailaudit.publication.record import FEW, UNIT, Figures, Record
from mailaudit.store import SnapshotStore

LEAST = 5
ABSENT, IDLE, ACTIVE = range(3)
SIZES = (2, 3, 3, 4, 6, 8, 12, 20)
DEEDS = ("read", "sent", "regular")
REGULAR = DEEDS.index("regular")
WIDE = 3  # as in `adversary`


@dataclass(frozen=True, slots=True)
class Person:
    """Of each month: absent, there without, or there with the deed: having read, having sent.

    With the rules of `publish`, whoever sent in a month used the mailbox regularly in it.
    """

    unit: str
    months: tuple[tuple[int, int], ...]

    def states(self, deed: int, columns: Sequence[Sequence[int]]) -> tuple[int, ...]:
        """The most in each column of months: absent, idle or active."""
        of_month = min(deed, DEEDS.index("sent"))
        return tuple(max(self.months[month][of_month] for month in column) for column in columns)


def people_of(seed: int, months: int) -> list[Person]:
    """Units of few and of more people, of whom some come and some go."""
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    found = []
    for number in range(chance.randint(3, 6)):
        share = [chance.choice((0.0, 0.5, 0.9, 1.0)) for _ in ("read", "sent")]
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
        day = next(the_calendar().working_days(month.first_day, month.last_day))
        into.record(
            [
                Activity(
                    box, at, (DayActivity(day, sent == ACTIVE, read == ACTIVE, read == ACTIVE),)
                )
                for box, (read, sent) in ((b, p.months[number]) for b, p in boxes.items())
            ]
        )
        into.finish(at)


def publish(
    store: SnapshotStore, periods: Sequence[Period], definition: str, *, withholding: bool
) -> None:
    """Publishes what the public reads of each, one after the other, where it is not refused."""
    calendar, rules = the_calendar(), Rules(definition, min_published=LEAST, min_sent_days=1)
    for period in periods:
        if isinstance(period, LongPeriod):
            audited = audit.evaluate_longer(store, period, calendar, rules)
        else:
            audited = audit.evaluate(store, period, calendar, rules, months=1)
        held = hold(
            audited.ranking, audited.measurement, audited.snapshot.edition, Audience.PUBLIC, rules,
            store, language("en"), despite_difference=not withholding,
        )  # fmt: skip
        try:
            store.publish(held.records, held.check)
        except UsageError:  # nothing was left
            assert withholding


def spans_of(periods: Sequence[Period]) -> list[Period]:
    """Time, cut at the first and the last days of the periods; each span as its first month."""
    cuts = sorted({p.first_day for p in periods} | {p.last_day + ONE_DAY for p in periods})
    return [LongPeriod.of(begin, end - ONE_DAY) for begin, end in pairwise(cuts)]


@dataclass(frozen=True, slots=True)
class Fault:
    """Too few numbers are possible of how many of a unit's few were active who count in `period`,
    and not in `but_not`."""

    unit: str
    period: Period
    but_not: Period
    deed: str
    possible: int


class Reader:
    """What the records let somebody compute of one deed.

    Args:
        first: The first of the months of `people`.
        spans: What the periods are made of.
        plain: Whether nothing is looked at but how many people there are, and that all or none of
            the people of a line were active, or none of them more than in fewer days: that is no
            secret.
    """

    def __init__(
        self,
        people: Sequence[Person],
        first: Period,
        deed: int,
        spans: Sequence[Period],
        records: Sequence[Record],
        *,
        plain: bool = False,
    ) -> None:
        self._people, self._deed, self._spans, self._plain = people, deed, spans, plain
        self._columns = [
            [n for n in range(len(people[0].months)) if _has(span, first.shifted(n))]
            for span in spans
        ]
        self._types = [
            each for each in product((ABSENT, IDLE, ACTIVE), repeat=len(spans)) if any(each)
        ]
        self._unknowns = unknowns = Unknowns()
        self._numbers: dict[str, list[int]] = {p.unit: [] for p in people}
        for numbers in self._numbers.values():
            numbers += [unknowns.new() for _ in self._types]
        for record in records:
            self._learn(record)
        if plain:
            for one, other in permutations(records, 2):
                if _has(one.period, other.period):
                    self._learn_who_is_new(one, other)
        self._solver = Solver(unknowns)
        assert self._solver.knowing(self._truths()).is_consistent(), "it concludes what is not true"

    def _state(self, states: Sequence[int], period: Period) -> int:
        """What counts in the period of the states in its spans."""
        inside = [s for s, span in zip(states, self._spans, strict=True) if _has(period, span)]
        most = max(inside, default=ABSENT)
        if most == ABSENT or self._deed != REGULAR:
            return most
        judged = len(inside) - inside.count(ABSENT)
        return ACTIVE if 3 * inside.count(ACTIVE) >= 2 * judged else IDLE

    def _learn(self, record: Record) -> None:
        deed = DEEDS[self._deed]
        for units, figures in _lines(record):
            is_known = not self._plain or figures[deed] in (0, figures["measured"])
            for least, figure in ((IDLE, "measured"), (ACTIVE, deed)):
                if figure == "measured" or is_known:
                    terms = self._terms(units, record.period, least)
                    self._unknowns.know(terms, figures[figure], figures[figure])

    def _learn_who_is_new(self, longer: Record, shorter: Record) -> None:
        """That nobody of all who count in both was active in the other days only."""
        deed, of_shorter = DEEDS[self._deed], dict(_lines(shorter))
        for units, figures in _lines(longer):
            then = of_shorter.get(units)
            if then and all(figures[name] == then[name] for name in ("measured", deed)):
                terms = Counter(self._terms(units, longer.period, ACTIVE))
                terms.subtract(self._terms(units, shorter.period, ACTIVE))
                self._unknowns.know(terms, 0, 0)

    def _terms(self, units: Sequence[str], period: Period, least: int) -> dict[int, int]:
        return {
            number: 1
            for unit in units
            for number, each in zip(self._numbers[unit], self._types, strict=True)
            if self._state(each, period) >= least
        }

    def _truths(self) -> Mapping[int, float]:
        truths = {number: 0.0 for numbers in self._numbers.values() for number in numbers}
        for person in self._people:
            states = person.states(self._deed, self._columns)
            if any(states):
                truths[self._numbers[person.unit][self._types.index(states)]] += 1
        return truths

    def few(self, unit: str, period: Period, but_not: Period) -> int:
        """How many there are who count in the one and not in the other; truly."""
        people = (p.states(self._deed, self._columns) for p in self._people if p.unit == unit)
        return sum(self._state(p, period) > ABSENT == self._state(p, but_not) for p in people)

    def possible(self, unit: str, period: Period, but_not: Period) -> int:
        """How many numbers of them can have been active, or not active if that is fewer."""
        few = [
            (number, self._state(each, period))
            for number, each in zip(self._numbers[unit], self._types, strict=True)
            if self._state(each, but_not) == ABSENT
        ]
        return min(self._width({n: 1.0 for n, s in few if s == state}) for state in (IDLE, ACTIVE))

    def _width(self, terms: Mapping[int, float]) -> int:
        least = self._greatest(dict.fromkeys(terms, -1.0))
        return self._greatest(terms) + least + 1

    def _greatest(self, terms: Mapping[int, float]) -> int:
        solution = self._solver.greatest(terms, quick=False)
        assert solution is not None
        values = {**solution, **self._solver.fixed}
        return round(sum(times * values.get(number, 0.0) for number, times in terms.items()))


def _lines(record: Record) -> Iterator[tuple[tuple[str, ...], Figures]]:
    """The figures of units, one or several."""
    for (kind, code), figures in record.lines.items():
        if kind == FEW or (kind == UNIT and code):
            yield (record.few[""] if kind == FEW else (code,)), figures


def _has(period: Period, other: Period) -> bool:
    return period.first_day <= other.first_day and other.last_day <= period.last_day


def faults_of(
    people: Sequence[Person], first: Period, periods: Sequence[Period], records: Sequence[Record]
) -> list[Fault]:
    """What the figures of periods give away together, and those of no period alone.

    By the rule of `adversary`: fewer than three numbers of three or four people, or one of fewer.
    """
    spans = spans_of(periods)
    found = []
    published = {name for record in records for _, line in _lines(record) for name in line}
    for deed, name in enumerate(DEEDS):
        if name not in published:
            continue
        if deed == REGULAR and any(span.first_day.month != span.last_day.month for span in spans):
            continue  # whoever is so in the longer period is so in most of its months
        reader = Reader(people, first, deed, spans, records)
        alone = [
            Reader(people, first, deed, spans, [r for r in records if r.period == p])
            for p in periods
        ]
        alone.append(Reader(people, first, deed, spans, records, plain=True))
        inner = [p for p in periods if not any(_has(p, o) for o in periods if o != p)]
        if all(a.last_day < b.first_day for a, b in pairwise(inner)):
            # Single months, say: what they have is of other days each, and published as such.
            of_inner = [r for r in records if r.period in inner]
            alone.append(Reader(people, first, deed, spans, of_inner))
        for unit in dict.fromkeys(person.unit for person in people):
            for one, other in permutations(periods, 2):
                few = reader.few(unit, one, other)
                if not 0 < few < LEAST:
                    continue
                possible = reader.possible(unit, one, other)
                wide = min(WIDE, max(2, few))
                if possible < wide and all(
                    possible < each.possible(unit, one, other) for each in alone
                ):
                    found.append(Fault(unit, one, other, name, possible))
    return found
