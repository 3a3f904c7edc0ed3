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


def identities(person: Staff, lineage: Lineage) -> frozenset[str]:
    """All that the person may be known by in another list, for who must not be found missing.

    Addresses, the staff code, and the name within the unit: of two people of one name in a unit
    either stands for the other.
    """
    code, name = person.code, folded(person.name)
    codes = {f"code {code}"} if code else frozenset()
    names = {f"name {name} in {person.unit_code}"} if name else frozenset()
    return addresses(person, lineage) | codes | names


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
