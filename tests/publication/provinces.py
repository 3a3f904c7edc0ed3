"""Small provinces: three months of units and people, reorganised, corrected, republished."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from mailaudit.model.lineage import UnitEvent
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.rules import SENT_ALONE, Rules

MONTHS = (Period(2026, 8), Period(2026, 9), Period(2026, 10))
GROUPS = ("Sở, ban, ngành", "Ủy ban nhân dân xã", "Đơn vị sự nghiệp", "Hội, đoàn thể")
LOOSE = Rules()
STRICTER = replace(LOOSE, min_sent_days=6)  # fewer people are regular
WIDER = replace(LOOSE, min_in_scope=3, target=Fraction(80, 100), min_coverage=Fraction(80, 100))
NARROWER = replace(LOOSE, exempt_categories=LOOSE.exempt_categories | {"hợp đồng vụ việc"})
ALONE = replace(LOOSE, regular=SENT_ALONE)  # whoever reads too little is regular, too
RULES = (LOOSE, STRICTER, WIDER, NARROWER)
HABITS = ("daily", "four days", "reads and sends", "reads", "sends", "idle")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the staff list of a month, and what the mailbox did.

    Attributes:
        habit: One of HABITS, or "hoards": sends daily and reads one mail of ten. Whoever
            sends daily or on four days reads too.
        is_measured: Whether the mailbox answers.
    """

    staff: Staff
    habit: str = "daily"
    is_measured: bool = True


@dataclass(frozen=True, slots=True)
class Collection:
    """One edition of a month.

    Attributes:
        kind: "first"; "asked again" where only mailboxes not measured were asked once more;
            "corrected" where the record of one person on the staff list was another.
    """

    month: int
    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    kind: str = "first"

    @property
    def roster(self) -> Roster:
        staff = tuple(person.staff for person in self.people)
        return Roster(GROUPS, self.units, staff, f"list {hash_of(staff):x}")


@dataclass(frozen=True, slots=True)
class Step:
    """A new edition of a month, or none, and the public report that is made then.

    Attributes:
        min_published: The operator's `report.min_published`.
    """

    month: int
    collection: Collection | None = None
    rules: Rules = LOOSE
    min_published: int = 5


@dataclass(frozen=True, slots=True)
class Province:
    """What happened, in the order of time.

    Attributes:
        within: Codes of units with units below them, which get a report of their own.
        has_everything: Whether all kinds of files are made, and not pages and workbooks only.
    """

    name: str
    steps: tuple[Step, ...]
    events: tuple[UnitEvent, ...] = ()
    within: tuple[str, ...] = ()
    has_everything: bool = False


def hash_of(staff: Iterable[Staff]) -> int:
    """The same in every process."""
    return sum((n + 1) * len(repr(person)) for n, person in enumerate(staff))


def a_person(
    key: str,
    unit: str,
    habit: str = "daily",
    *,
    category: str = "công chức",
    status: str = "",
    provided: bool = True,
    measured: bool = True,
) -> Person:
    box = f"{key}@tinh.example" if provided else None
    staff = Staff(key, unit, box, category=category, status=status)
    return Person(staff, habit, measured or not provided)


def letters(number: int) -> str:
    """A name without digits, so that no figure can hide in it: 1 is A, 27 is AA."""
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
