"""Random provinces: the same seed gives the same one."""

import random
from collections.abc import Callable, Sequence
from collections.abc import Collection as Collection_
from dataclasses import dataclass, field, replace

from provinces import (
    GROUPS,
    HABITS,
    LOOSE,
    MONTHS,
    RULES,
    Collection,
    Person,
    Province,
    Step,
    a_person,
    letters,
)

from mailaudit.model.lineage import EventKind, UnitEvent
from mailaudit.model.roster import Unit

_SIZES = (1, 2, 3, 3, 4, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30)


@dataclass(slots=True)
class _Maker:
    """Makes the months one after the other."""

    chance: random.Random
    units: list[Unit] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    events: list[UnitEvent] = field(default_factory=list)
    made: int = 0
    frozen: set[str] = field(default_factory=set)  # took part in an event already

    def is_likely(self, share: float) -> bool:
        return self.chance.random() < share

    def new_unit(self, group: str, parent: str | None = None) -> Unit:
        self.made += 1
        return Unit(f"U{self.made}", f"Đơn vị {letters(self.made)}", group, parent)

    def new_people(self, unit: str, number: int) -> list[Person]:
        alike = self.chance.choice(HABITS) if self.is_likely(0.15) else None
        away = 0.5 if self.is_likely(0.1) else 0.06
        silent = 0.7 if self.is_likely(0.1) else 0.04
        return [self.new_person(unit, alike, away, silent) for _ in range(number)]

    def new_person(self, unit: str, alike: str | None, away: float, silent: float) -> Person:
        self.made += 1
        exempt = self.chance.random()
        return a_person(
            f"p{self.made}",
            unit,
            alike or self.habit(),
            category="hợp đồng lao động"
            if exempt < 0.06
            else "hợp đồng vụ việc"
            if exempt < 0.1
            else "công chức",
            status="ốm" if self.is_likely(away) else "",
            provided=not self.is_likely(0.06),
            measured=not self.is_likely(silent),
        )

    def habit(self) -> str:
        return self.chance.choices(HABITS, (8, 4, 2, 2, 1, 3))[0]

    def begin(self) -> None:
        for group in GROUPS[: self.chance.choice((1, 1, 2, 2, 3, 4))]:
            for _ in range(self.chance.choice((1, 2, 2, 3, 3, 4))):
                self.units.append(unit := self.new_unit(group))
                self.people += self.new_people(unit.code, self.chance.choice(_SIZES))

    def divide_into_parts(self) -> str:
        """One unit gets units below it; returns its code."""
        unit = self.chance.choice(self.units)
        self.frozen.add(unit.code)
        for _ in range(self.chance.randint(2, 4)):
            self.units.append(part := self.new_unit(unit.group, unit.code))
            self.people += self.new_people(part.code, self.chance.choice(_SIZES))
        return unit.code

    def next_month(self) -> None:
        """People come, go and change their habits."""
        stays = self.chance.choice((0.5, 0.9, 1.0))  # the habit stays
        people = [
            replace(
                person,
                habit=person.habit if self.is_likely(stays) else self.habit(),
                is_measured=person.is_measured or not self.is_likely(0.7),
            )
            for person in self.people
            if not self.is_likely(0.03)
        ]
        for unit in self.units:
            if self.is_likely(0.15):
                people += self.new_people(unit.code, 1)
        self.people = people

    def reorganise(self, month: int) -> None:
        """At most three decisions about units, each about other units."""
        kinds: Sequence[Callable[[int], None]] = (
            self.rename,
            self.merge,
            self.divide,
            self.dissolve,
            self.regroup,
            self.drop,
            self.found,
        )
        for kind in self.chance.sample(kinds, self.chance.randint(0, 3)):
            kind(month)

    def some(self, number: int) -> list[Unit]:
        """So many topmost units that no decision was about, or none."""
        parents = {unit.parent for unit in self.units}
        found = [
            unit
            for unit in self.units
            if unit.parent is None and unit.code not in parents and unit.code not in self.frozen
        ]
        if len(found) < number + 1:
            return []
        return self.chance.sample(found, number)

    def event(
        self, month: int, kind: EventKind, before: Sequence[Unit], after: Sequence[Unit]
    ) -> None:
        self.events.append(
            UnitEvent(
                MONTHS[month].first_day,
                kind,
                tuple(unit.code for unit in before),
                tuple(unit.code for unit in after),
            )
        )
        gone = [unit.code for unit in before if unit not in after]
        self.units = [unit for unit in self.units if unit.code not in gone]
        self.units += [unit for unit in after if unit not in self.units]
        self.frozen |= {unit.code for unit in (*before, *after)}

    def move(self, before: Sequence[Unit], to: Callable[[], str]) -> None:
        codes = {unit.code for unit in before}
        self.people = [
            replace(person, staff=replace(person.staff, unit_code=to()))
            if person.staff.unit_code in codes
            else person
            for person in self.people
        ]

    def rename(self, month: int) -> None:
        if before := self.some(1):
            after = self.new_unit(before[0].group)
            self.move(before, lambda: after.code)
            self.event(month, EventKind.RENAMED, before, [after])

    def merge(self, month: int) -> None:
        if before := self.some(self.chance.randint(2, 3)):
            kept = self.is_likely(0.3)  # one of them takes the others in
            after = before[0] if kept else self.new_unit(before[0].group)
            self.move(before, lambda: after.code)
            self.event(month, EventKind.MERGED, before, [after])

    def divide(self, month: int) -> None:
        if before := self.some(1):
            after = [self.new_unit(before[0].group) for _ in range(2)]
            codes = [each.code for each in after]
            weights = self.chance.choice(((1, 1), (1, 4), (1, 9)))
            self.move(before, lambda: self.chance.choices(codes, weights)[0])
            self.event(month, EventKind.SPLIT, before, after)

    def dissolve(self, month: int) -> None:
        for unit in self.some(1):
            self.people = [p for p in self.people if p.staff.unit_code != unit.code]
            self.event(month, EventKind.DISSOLVED, [unit], [])

    def regroup(self, _month: int) -> None:
        for unit in self.some(1):
            self.frozen.add(unit.code)
            other = replace(unit, group=self.chance.choice(GROUPS))
            self.units = [other if each == unit else each for each in self.units]

    def drop(self, _month: int) -> None:
        for unit in self.some(1):  # no event says what became of it
            self.people = [p for p in self.people if p.staff.unit_code != unit.code]
            self.units = [each for each in self.units if each != unit]

    def found(self, _month: int) -> None:
        self.units.append(unit := self.new_unit(self.chance.choice(self.units).group))
        self.people += self.new_people(unit.code, self.chance.choice(_SIZES))
        self.frozen.add(unit.code)

    def collection(self, month: int) -> Collection:
        return Collection(month, tuple(self.units), tuple(self.people))


def a_province(seed: int) -> Province:
    """One of many: the same seed gives the same province."""
    maker = _Maker(random.Random(seed))  # noqa: S311 - a test's dice
    chance = maker.chance
    maker.begin()
    within = (maker.divide_into_parts(),) if maker.is_likely(0.25) else ()
    steps: list[Step] = []
    rules, least = LOOSE, 5
    for month in range(len(MONTHS)):
        if month:
            maker.next_month()
            maker.reorganise(month)
            rules = chance.choice(RULES) if maker.is_likely(0.25) else rules
            least = chance.choice((5, 5, 6, 8)) if maker.is_likely(0.15) else least
        first = maker.collection(month)
        steps.append(Step(month, first, rules, least))
        if maker.is_likely(0.2):
            steps.append(_again(chance, steps[-1], first, maker.frozen))
    if maker.is_likely(0.1):
        steps.insert(chance.randint(2, len(steps)), Step(0, None, steps[0].rules))
    return Province(f"seed {seed}", tuple(steps), tuple(maker.events), within, seed % 10 == 0)


def _again(chance: random.Random, step: Step, first: Collection, apart: Collection_[str]) -> Step:
    """The month once more: another edition, or other rules."""
    again = chance.choice(("asked again", "corrected", "rules", "threshold"))
    if again == "rules":
        return replace(step, collection=None, rules=chance.choice(RULES))
    if again == "threshold":
        return replace(step, collection=None, min_published=chance.choice((5, 6, 8, 10)))
    if again == "asked again":
        return replace(step, collection=asked_again(chance, first))
    return replace(step, collection=corrected(chance, first, apart))


def asked_again(chance: random.Random, first: Collection) -> Collection | None:
    """Some mailboxes that had given no answer do; None where all had."""
    silent = [n for n, person in enumerate(first.people) if not person.is_measured]
    if not silent:
        return None
    heard = set(chance.sample(silent, chance.randint(1, min(2, len(silent)))))
    people = tuple(
        replace(person, is_measured=True) if n in heard else person
        for n, person in enumerate(first.people)
    )
    return replace(first, people=people, kind="asked again")


def corrected(
    chance: random.Random, first: Collection, apart: Collection_[str]
) -> Collection | None:
    """One person's record changes: gone, ill, or in another category.

    Args:
        apart: Units whose people are left alone, as where they are shows where they came from.
    """
    places = [n for n, each in enumerate(first.people) if each.staff.unit_code not in apart]
    if not places:
        return None
    place = chance.choice(places)
    people = list(first.people)
    person = people.pop(place)
    staff = chance.choice(
        (
            None,
            replace(person.staff, status="ốm"),
            replace(person.staff, category="hợp đồng lao động"),
        )
    )
    if staff is not None:
        people.insert(place, replace(person, staff=staff))
    return replace(first, people=tuple(people), kind="corrected")
