"""What is known of addresses: whose they are, each worked out once in a process."""

from collections.abc import Mapping
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from mailaudit.model.domains import is_inside

# Sides; 0 without a domain. Added to Kinds, which stand in this order.
INSIDE, OUTSIDE = 1, 2

_MOST_KNOWN = 50_000  # spam brings any number of them
_LIST_OF_SHELL = b"system.string[]"  # what an export has instead of recipients
# Senders that are no people: probes of Managed Availability, the system itself.
_PROBES = (
    b"healthmailbox",
    b"inboundproxy@",
    b"systemmailbox{",
    b"microsoftexchange329e71ec",
    b"extest_",
)
_NOBODY = (b"", b"<>")

# An address as one number: of its mailbox plus 1; whether it is nobody's, and an export's list of
# addresses; its side; its CRC-32.
_NUMBER_AT, _NOBODY_AT, _LIST_AT, _SIDE_AT = 36, 35, 34, 32
_SIDES, _CRC_BITS = 0b11, 0xFFFFFFFF

_Column = NDArray[Any]


class Addresses(dict[bytes, int]):
    """The number of each address that was asked for.

    Args:
        mailboxes: Address, lower case -> number of the mailbox.
        inside_domains: The organisation's, lower case.
    """

    def __init__(self, mailboxes: Mapping[bytes, int], inside_domains: frozenset[str]) -> None:
        self._mailboxes = mailboxes
        self._inside_domains = inside_domains

    def __missing__(self, text: bytes) -> int:
        if len(self) >= _MOST_KNOWN + len(self._mailboxes):
            self.clear()
        address = text.lower()
        number = self._mailboxes.get(address, -1) + 1
        is_nobody = address in _NOBODY or address.startswith(_PROBES)
        is_list = address == _LIST_OF_SHELL
        domain = address.rpartition(b"@")[2]
        side = 0
        if len(domain) < len(address):
            is_ours = is_inside(domain.decode("utf-8", "replace"), self._inside_domains)
            side = INSIDE if is_ours else OUTSIDE
        flags = is_nobody << _NOBODY_AT | is_list << _LIST_AT | side << _SIDE_AT
        found = self[text] = number << _NUMBER_AT | flags | crc32(address)
        return found

    def numbered(self, texts: _Column) -> _Column:
        """The number of each of these addresses, for the functions below."""
        return np.fromiter(map(self.__getitem__, texts), np.int64, len(texts))


def mailboxes_of(addresses: _Column) -> _Column:
    """The numbers of addresses' mailboxes; -1 where they have none."""
    mailboxes: _Column = (addresses >> _NUMBER_AT) - 1
    return mailboxes


def are_nobody(addresses: _Column) -> _Column:
    """Which are no person's: probes, the system itself, empty senders of reports."""
    found: _Column = addresses >> _NOBODY_AT & 1 == 1
    return found


def are_lists(addresses: _Column) -> _Column:
    """Which an export has put in place of several."""
    found: _Column = addresses >> _LIST_AT & 1 == 1
    return found


def sides_of(addresses: _Column) -> _Column:
    """INSIDE, OUTSIDE, or 0."""
    sides: _Column = addresses >> _SIDE_AT & _SIDES
    return sides


def hashes_of(addresses: _Column) -> _Column:
    """The CRC-32 of each, lower case."""
    hashes: _Column = addresses & _CRC_BITS
    return hashes
