"""Who gets what: heads the pages of their units, the board the whole, everybody one mail."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mailaudit.delivery.heads import Heads
from mailaudit.errors import N_, ConfigurationError
from mailaudit.model.domains import is_inside
from mailaudit.model.roster import Unit
from mailaudit.model.wording import first_of

_NAMED = 10  # addresses in a message


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who gets one mail.

    Attributes:
        address: Lower case.
        name: The person's; empty for those who are on the board only.
        units: The codes of the units whose pages are for this person.
        is_board: Whether the files of the whole are too.

    With neither it is a reminder to this person.
    """

    address: str
    name: str = ""
    units: tuple[str, ...] = ()
    is_board: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Everybody who gets a mail, and the units whose heads get none.

    Attributes:
        recipients: The board first, then heads in the order of their units.
        without_address: Units with a page, of whose head no address is known.
        below: Units with a head, whose people are on the page of the unit above, by its code.
        others: Units with a page, and the other unit that has their code in the list today.
    """

    recipients: tuple[Recipient, ...]
    without_address: tuple[Unit, ...]
    below: tuple[tuple[Unit, str], ...]
    others: tuple[tuple[Unit, Unit], ...]


def plan_delivery(
    units: Iterable[Unit],
    heads: Heads,
    pages: frozenset[str],
    board: Iterable[str],
    tops: Mapping[str, str],
) -> Plan:
    """Who gets what of a report.

    Args:
        units: Of the report.
        heads: Who their heads are.
        pages: The codes of units that have a page.
        board: Addresses.
        tops: By the code of each unit that of the one whose page its people are on.
    """
    found = {address.lower(): Recipient(address.lower(), is_board=True) for address in board}
    without_address, below, others = [], [], []
    for unit in units:
        head = heads.found.get(unit.code)
        address = "" if head is None else head.head_address.lower()
        if unit.code not in pages:
            if address and tops.get(unit.code, unit.code) != unit.code:
                below.append((unit, tops[unit.code]))
        elif unit.code in heads.others:
            others.append((unit, heads.others[unit.code]))
        elif head is None or not address:
            without_address.append(unit)
        else:
            so_far = found.get(address, Recipient(address))
            found[address] = replace(
                so_far, name=so_far.name or head.head_name, units=(*so_far.units, unit.code)
            )
    return Plan(tuple(found.values()), tuple(without_address), tuple(below), tuple(others))


def refuse_outside(addresses: Sequence[str], domains: frozenset[str]) -> None:
    """Refuses addresses that are not of the organisation.

    Raises:
        ConfigurationError: Some are not; names them.
    """
    outside = [one for one in addresses if not is_inside(one.rpartition("@")[2], domains)]
    if outside:
        raise ConfigurationError(
            N_("These addresses are outside organisation.domains: {addresses}."),
            N_(
                "Nothing was sent. Correct them in the unit list, in delivery.board or on the"
                " command line; or allow them with delivery.outside = true."
            ),
            addresses=first_of(outside, _NAMED),
        )
