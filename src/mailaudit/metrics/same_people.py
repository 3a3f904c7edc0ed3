"""Who is who over several months: by address, then by staff code; never by name."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from mailaudit.model.lineage import Lineage
from mailaudit.model.roster import Staff


class SamePeople:
    """Numbers people, each the same number in every month.

    As in `people.Found`, an address counts with all its aliases, and under the domain it moved to
    where only one person has it there. Nobody is two people of one month.
    """

    def __init__(self, lineage: Lineage) -> None:
        self._lineage = lineage
        self._numbers: dict[str, int] = {}  # by address and by staff code
        self._newest: dict[str, int] = {}  # by address under the newest domain
        self._ambiguous: set[str] = set()
        self.people = 0

    def add(self, staff: Sequence[Staff]) -> list[int]:
        """The number of each person of a month's list; those not known yet get the next ones."""
        found = self.find(staff)
        numbers = []
        for person, known in zip(staff, found, strict=True):
            number = self.people if known is None else known
            self.people = max(self.people, number + 1)
            numbers.append(number)
            self._numbers.update(dict.fromkeys((*addresses_of(person), *code_of(person)), number))
            self._newest.update(dict.fromkeys(self._newest_of(person), number))
        return numbers

    def find(self, staff: Sequence[Staff]) -> list[int | None]:
        """The number of each person of a month's list; None of those not known."""
        self._ambiguous |= self._shared(staff)
        found: list[int | None] = [None] * len(staff)
        taken: set[int] = set()
        # All addresses first: a code that was given to somebody else takes nobody's place.
        for candidates in (self._by_address, self._by_newest, self._by_code):
            for place, person in enumerate(staff):
                if found[place] is None:
                    number = next((n for n in candidates(person) if n not in taken), None)
                    if number is not None:
                        found[place] = number
                        taken.add(number)
        return found

    def _by_address(self, person: Staff) -> Iterable[int]:
        return _known(addresses_of(person), self._numbers)

    def _by_newest(self, person: Staff) -> Iterable[int]:
        clear = (a for a in self._newest_of(person) if a not in self._ambiguous)
        return _known(clear, self._newest)

    def _by_code(self, person: Staff) -> Iterable[int]:
        return _known(code_of(person), self._numbers)

    def _shared(self, staff: Iterable[Staff]) -> set[str]:
        """The newest addresses that several people would have."""
        numbers = Counter(address for person in staff for address in set(self._newest_of(person)))
        return {address for address, number in numbers.items() if number > 1}

    def _newest_of(self, person: Staff) -> tuple[str, ...]:
        newest: Callable[[str], str] = self._lineage.newest_address
        return tuple(map(newest, addresses_of(person))) if self._lineage.mail_domains else ()


def addresses_of(person: Staff) -> tuple[str, ...]:
    """The mailbox of a person, and its aliases."""
    own = () if person.mailbox is None else (person.mailbox,)
    return (*own, *person.aliases)


def code_of(person: Staff) -> tuple[str, ...]:
    """The staff code, where there is one."""
    return () if person.key in (person.row, person.mailbox) else (person.key,)


def can_be_found(person: Staff) -> bool:
    """Whether there is anything to find the person by in another month."""
    return bool(addresses_of(person) or code_of(person))


def _known(keys: Iterable[str], numbers: dict[str, int]) -> Iterable[int]:
    return (numbers[key] for key in keys if key in numbers)
