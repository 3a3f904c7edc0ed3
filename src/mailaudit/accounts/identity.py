"""Who is the same person in two months' lists; in doubt, whatever proposes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from mailaudit.model.lineage import Lineage
from mailaudit.model.roster import Staff
from mailaudit.model.wording import folded


def addresses(person: Staff, lineage: Lineage) -> frozenset[str]:
    """The person's mailbox and aliases, also under the domains they moved to."""
    own = (*(() if person.mailbox is None else (person.mailbox,)), *person.aliases)
    return frozenset(own) | frozenset(map(lineage.newest_address, own))


def known_as(person: Staff, lineage: Lineage) -> frozenset[str]:
    """All that a person of one list may be found by in another: see `sought_as`."""
    return _sure(person, lineage) | _names("", person) | _names("uncoded ", person, person.code)


def sought_as(person: Staff, lineage: Lineage) -> frozenset[str]:
    """What of `known_as` makes somebody else the same person, for who must not seem to be gone.

    An address, the staff code; of two entries that do not both have a code, the name within the
    unit, so that of two people of one name either stands for the other.
    """
    return _sure(person, lineage) | _names("uncoded " if person.code else "", person)


def _sure(person: Staff, lineage: Lineage) -> frozenset[str]:
    return addresses(person, lineage) | ({f"code {person.code}"} if person.code else frozenset())


def _names(kind: str, person: Staff, code: str = "") -> frozenset[str]:
    name = folded(person.name)
    found = name and not code
    return frozenset({f"{kind}name {name} in {person.unit_code}"}) if found else frozenset()


def has_same_holder(one: Staff, other: Staff) -> bool:
    """Whether two entries with one mailbox are of one person: by staff code, else by name."""
    if one.code and other.code:
        return one.code == other.code
    names = folded(one.name), folded(other.name)
    return names[0] == names[1] or not all(names)


class Holders:
    """The people of a list by their addresses."""

    def __init__(self, staff: Iterable[Staff], lineage: Lineage) -> None:
        self._lineage = lineage
        self._by_address: dict[str, list[Staff]] = defaultdict(list)
        for person in staff:
            for address in addresses(person, lineage):
                self._by_address[address].append(person)

    def of(self, person: Staff) -> Sequence[Staff]:
        """Everybody on the list who has an address of the person's, each once."""
        found = {
            holder.key: holder
            for address in addresses(person, self._lineage)
            for holder in self._by_address.get(address, ())
        }
        return tuple(found.values())
