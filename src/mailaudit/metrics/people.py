"""Finding people of an earlier month again: by address, then by staff code; never by name."""

from collections import Counter
from collections.abc import Iterable, Sequence

from mailaudit.model.lineage import Lineage
from mailaudit.model.roster import Staff


class Found:
    """Where people are today.

    An address counts with all its aliases, and under the domain it moved to where only one person
    has it there: before two domains were joined, `an@` may have been somebody else in each.
    """

    def __init__(self, then: Sequence[Staff], now: Sequence[Staff], lineage: Lineage) -> None:
        self._lineage = lineage
        self._units: dict[str, str] = {}
        self._by_key: dict[str, str] = {}
        self._by_newest: dict[str, str] = {}
        for person in now:
            self._units.update(dict.fromkeys(_addresses(person), person.unit_code))
            self._by_newest.update(dict.fromkeys(self._newest(person), person.unit_code))
            if person.key != person.row:
                self._by_key[person.key] = person.unit_code
        self._ambiguous = self._shared(then) | self._shared(now)

    def unit_of(self, person: Staff) -> str | None:
        """The unit of today of a person of then; None where nobody is known to be the same."""
        for address in _addresses(person):
            if address in self._units:
                return self._units[address]
        for address in self._newest(person):
            if address not in self._ambiguous and address in self._by_newest:
                return self._by_newest[address]
        return self._by_key.get(person.key) if person.key != person.row else None

    def _shared(self, people: Iterable[Staff]) -> set[str]:
        """The newest addresses that several people would have."""
        numbers = Counter(address for person in people for address in self._newest(person))
        return {address for address, number in numbers.items() if number > 1}

    def _newest(self, person: Staff) -> set[str]:
        return {self._lineage.newest_address(address) for address in _addresses(person)}


def _addresses(person: Staff) -> tuple[str, ...]:
    own = () if person.mailbox is None else (person.mailbox,)
    return (*own, *person.aliases)
