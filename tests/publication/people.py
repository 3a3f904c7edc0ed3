"""The people of each month as unknown numbers: who they are, and how editions and rules relate."""

from collections.abc import Iterable, Iterator, Mapping

from linear import Sum, Unknowns, combined, total
from places import Atom, Places
from provinces import NARROWER, STRICTER, Collection, Person, Province

from mailaudit.model.rules import Rules

# Whoever is on the list is in one of the first five states; of those measured the rest is counted.
EXEMPT, EXCLUDED, WITHOUT, UNMEASURED, MEASURED = "exempt", "excluded", "without", "silent", "heard"
READ, SENT, REGULAR = "read", "sent", "regular"
FEW_DAYS, UNUSED = "few_days", "unused"
STATES = (EXEMPT, EXCLUDED, WITHOUT, UNMEASURED, MEASURED)
BASE = (*STATES, READ, SENT, REGULAR, FEW_DAYS, UNUSED)
FIGURES: Mapping[str, tuple[str, ...]] = {
    "staff": STATES,
    "out_of_scope": (EXEMPT, EXCLUDED),
    "exempt": (EXEMPT,),
    "excluded": (EXCLUDED,),
    "in_scope": (WITHOUT, UNMEASURED, MEASURED),
    "provided": (UNMEASURED, MEASURED),
    "without": (WITHOUT,),
    "unmeasured": (UNMEASURED,),
    "measured": (MEASURED,),
    "judged": (WITHOUT, MEASURED),
    "read": (READ,),
    "sent": (SENT,),
    "regular": (REGULAR,),
    "upper": (REGULAR, UNMEASURED),
    "few_days": (FEW_DAYS,),
    "unused": (UNUSED,),
    "sends": (SENT, "-" + REGULAR),
    "unread": (SENT, "-" + REGULAR, "-" + FEW_DAYS),
    "only_read": (MEASURED, "-" + SENT, "-" + UNUSED),
    "not_read": (MEASURED, "-" + READ),
    "not_sent": (MEASURED, "-" + SENT),
    "not_regular": (WITHOUT, MEASURED, "-" + REGULAR),
}
Block = tuple[int, int, str]  # a month, its edition from 0 on, and by which rules it is counted
Numbers = dict[str, int]  # of each of BASE, an unknown or a number of people


def parts(figure: str) -> Iterator[tuple[str, int]]:
    """What a figure is the sum of, with its sign."""
    for part in FIGURES[figure]:
        yield part.removeprefix("-"), -1 if part.startswith("-") else 1


def way_of_counting(rules: Rules) -> str:
    """Which of the rules that decide about single people are in force."""
    if not rules.counts_reading:
        return "alone"
    if rules.exempt_categories == NARROWER.exempt_categories:
        return "narrower"
    return "stricter" if rules.min_sent_days == STRICTER.min_sent_days else "loose"


def counted(people: Iterable[Person], way: str) -> Numbers:
    """The numbers of BASE, counted person by person."""
    found = dict.fromkeys(BASE, 0)
    exempt = {"hợp đồng lao động"} | ({"hợp đồng vụ việc"} if way == "narrower" else set())
    for person in people:
        if person.staff.category in exempt:
            found[EXEMPT] += 1
        elif person.staff.status:
            found[EXCLUDED] += 1
        elif person.staff.mailbox is None:
            found[WITHOUT] += 1
        elif not person.is_measured:
            found[UNMEASURED] += 1
        else:
            habit = person.habit
            found[MEASURED] += 1
            regular = habit == "daily" or (habit == "four days" and way != "stricter")
            regular |= habit == "hoards" and way == "alone"
            found[REGULAR] += regular
            found[READ] += habit in ("daily", "four days", "reads and sends", "reads", "hoards")
            sends = habit in ("daily", "four days", "reads and sends", "sends", "hoards")
            found[SENT] += sends
            found[FEW_DAYS] += sends and not regular and habit != "hoards"
            found[UNUSED] += habit == "idle"
    return found


class People:
    """All unknown numbers of people, of which the same is always one unknown."""

    def __init__(self, province: Province, places: Places) -> None:
        self.unknowns = Unknowns()
        self._places = places
        self.editions: dict[int, list[Collection]] = {}
        for step in province.steps:
            if step.collection is not None:
                self.editions.setdefault(step.month, []).append(step.collection)
        self._numbers: dict[tuple[Block, Atom], Numbers] = {}
        self._truth: dict[Block, dict[Atom, Numbers]] = {}
        self._joined: set[Block] = set()

    def numbers(self, block: Block, atom: Atom) -> Numbers:
        self._join(block)
        return self._numbers[block, atom]

    def figure(self, block: Block, atoms: Iterable[Atom], figure: str) -> Sum:
        """A figure of these people together."""
        return total(
            Sum({self.numbers(block, atom)[base]: sign})
            for atom in atoms
            for base, sign in parts(figure)
        )

    def truth(self, block: Block, atoms: Iterable[Atom], figure: str) -> int:
        if block not in self._truth:
            month, edition, way = block
            sorted_people: dict[Atom, list[Person]] = {}
            for person in self.editions[month][edition].people:
                sorted_people.setdefault(self._places.atom_of(month, person), []).append(person)
            self._truth[block] = {
                atom: counted(sorted_people.get(atom, ()), way)
                for atom in self._places.atoms(month)
            }
        return sum(
            sign * self._truth[block][atom][base] for atom in atoms for base, sign in parts(figure)
        )

    def truths(self) -> dict[int, float]:
        """What every number of people really is."""
        return {
            number: self.truth(block, [atom], _FIGURE_OF[base])
            for (block, atom), numbers in self._numbers.items()
            for base, number in numbers.items()
        }

    def blocks(self) -> list[Block]:
        return sorted({block for block, _ in self._numbers})

    def new_people(self) -> Numbers:
        """Some people: those who did something are among those who could."""
        numbers = {base: self.unknowns.new() for base in BASE}
        self._are_people(numbers)
        return numbers

    def _are_people(self, numbers: Numbers) -> None:
        for part, whole in ((READ, MEASURED), (SENT, MEASURED), (REGULAR, READ), (REGULAR, SENT)):
            self.unknowns.know(Sum({numbers[whole]: 1, numbers[part]: -1}), 0)
        measured, read, sent = numbers[MEASURED], numbers[READ], numbers[SENT]
        regular, few_days, unused = numbers[REGULAR], numbers[FEW_DAYS], numbers[UNUSED]
        for terms in (
            {sent: 1, regular: -1, few_days: -1},
            {measured: 1, sent: -1, unused: -1},
            {measured: 1, read: -1, unused: -1},
            {unused: 1, measured: -1, sent: 1, read: 1},
        ):
            self.unknowns.know(Sum(terms), 0)

    def _join(self, block: Block) -> None:
        if block in self._joined:
            return
        month, edition, way = block
        atoms = self._places.atoms(month)
        self._joined.add(block)
        if way == "loose":
            for atom in atoms:
                self._numbers[block, atom] = self.new_people()
            if edition:
                self._join((month, edition - 1, way))
                self._follow(block, (month, edition - 1, way))
            return
        loose = (month, edition, "loose")
        self._join(loose)
        for atom in atoms:
            known = self._numbers[loose, atom]
            if way == "alone":
                numbers = known | {REGULAR: self.unknowns.new()}
                terms = {known[SENT]: 1, known[FEW_DAYS]: -1, numbers[REGULAR]: -1}
                self.unknowns.know(Sum(terms), 0, 0)
            elif way == "stricter":
                numbers = known | {REGULAR: self.unknowns.new(), FEW_DAYS: self.unknowns.new()}
                self.unknowns.know(Sum({known[REGULAR]: 1, numbers[REGULAR]: -1}), 0)
                self._are_people(numbers)
            else:
                numbers, moved = self.new_people(), self.new_people()
                self.unknowns.know(Sum({moved[EXEMPT]: 1}), 0, 0)
                for base in BASE[1:]:
                    self._differ(numbers[base], known[base], Sum({moved[base]: -1}))
                self._differ(
                    numbers[EXEMPT], known[EXEMPT], Sum({moved[state]: 1 for state in STATES})
                )
            self._numbers[block, atom] = numbers

    def _differ(self, number: int, other: int, by: Mapping[int, int]) -> None:
        """`number = other + by`."""
        self.unknowns.know(combined((Sum({number: 1, other: -1}), 1), (by, -1)), 0, 0)

    def _follow(self, block: Block, before: Block) -> None:
        """What an edition has in common with the one before it."""
        month, edition, _way = block
        gone: list[Numbers] = []
        come: list[Numbers] = []
        for atom in self._places.atoms(month):
            then, now = self._numbers[before, atom], self._numbers[block, atom]
            lost, found = self.new_people(), self.new_people()
            gone.append(lost)
            come.append(found)
            for base in BASE:
                self._differ(now[base], then[base], Sum({found[base]: 1, lost[base]: -1}))
            self.unknowns.know(Sum({then[UNMEASURED]: 1, lost[UNMEASURED]: -1}), 0)
            if self.editions[month][edition].kind == "asked again":
                # Mailboxes not measured were measured; nothing else is another.
                for numbers, state in ((lost, UNMEASURED), (found, MEASURED)):
                    for other in STATES:
                        if other != state:
                            self.unknowns.know(Sum({numbers[other]: 1}), 0, 0)
                self._differ(found[MEASURED], lost[UNMEASURED], Sum())
        if self.editions[month][edition].kind == "corrected":
            for each in (gone, come):
                people = total(Sum({one[state]: 1 for state in STATES}) for one in each)
                self.unknowns.know(people, 0, 1)


_FIGURE_OF = {
    EXEMPT: "exempt", EXCLUDED: "excluded", WITHOUT: "without", UNMEASURED: "unmeasured",
    MEASURED: "measured", READ: "read", SENT: "sent", REGULAR: "regular",
    FEW_DAYS: "few_days", UNUSED: "unused",
}  # fmt: skip
