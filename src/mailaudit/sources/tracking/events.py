"""Which rows count, and as what: one log's rows in, records out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from zlib import crc32

import numpy as np

from mailaudit.model.domains import is_inside
from mailaudit.sources.mail_class import is_mail
from mailaudit.sources.tracking.damage import Damage, DamagedLogError, Fault
from mailaudit.sources.tracking.names import HOUR_S
from mailaudit.sources.tracking.records import KEY_BYTES, RECORD, Kind, Table
from mailaudit.sources.tracking.rows import Event, Taken

_LIST_OF_SHELL = b"system.string[]"  # what an export has instead of recipients
_MOST_KNOWN = 50_000  # addresses and ids remembered: spam brings any number of them

# Senders that are no people: probes of Managed Availability, the system itself.
_PROBES = (
    b"healthmailbox",
    b"inboundproxy@",
    b"systemmailbox{",
    b"microsoftexchange329e71ec",
    b"extest_",
)
_NOBODY = (b"", b"<>")
_CLASS = re.compile(rb'MessageClass:\s*([^,;\s"]+)')
_CLIENT = re.compile(rb"ClientType:\s*([A-Za-z0-9]+)")
_BY_CLIENT = {b"owa": Kind.BY_WEB, b"airsync": Kind.BY_PHONE, b"activesync": Kind.BY_PHONE}
# Clients that are no people, beside all that end in "assistants".
_OF_SERVER = (b"system", b"transport", b"monitoring")
_ASSISTANTS = b"assistants"
_NO_SIDE, _INSIDE, _OUTSIDE = -1, 0, 1
# Plain numbers, to which a side is added.
_FROM_INSIDE, _TO_INSIDE = int(Kind.DELIVERED_INSIDE), int(Kind.TO_INSIDE)
_SMTP_TO_INSIDE = int(Kind.SMTP_TO_INSIDE)
_KEPT = ("key", "other", "number", "second", "kind")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose mail is looked for. It is sent to other processes.

    Attributes:
        numbers: Address, lower case -> number of the mailbox.
        inside_domains: The organisation's, lower case.
        key: Of the hash of mail ids; random, and forgotten with the run.
    """

    numbers: Mapping[bytes, int]
    inside_domains: frozenset[str]
    key: bytes


class Events:
    """Makes records of the rows of one log.

    Attributes:
        kept: What records are made of, since they were taken last: key, other, mailbox, time, Kind.
        hours: The first and the last that a record was of, counted from 1970; None without any.
        unproven: Mails that came by SMTP from outside, in the name of somebody inside: not sent.
        submitted, delivered: How many rows say so, whoever's.
    """

    def __init__(self, wanted: Wanted, log: int) -> None:
        self._numbers = wanted.numbers
        self._inside = wanted.inside_domains
        self._key = wanted.key
        self._log = log
        self._sides: dict[bytes, int] = {}
        self._keys: dict[bytes, int] = {}
        self.kept: list[tuple[int, int, int, int, int]] = []
        self.hours: tuple[int, int] | None = None
        self.unproven = self.submitted = self.delivered = 0

    def add(self, rows: Mapping[Event, Taken]) -> None:
        """Keeps what can count of some rows. Raises DamagedLogError."""
        self._add_delivered(rows.get(Event.DELIVERED, ()))
        self._add_submitted(rows.get(Event.SUBMITTED, ()))
        self._add_submitted(rows.get(Event.RECEIVED, ()))
        self._add_relayed(rows.get(Event.RELAYED, ()))
        for second, mail in rows.get(Event.NO_MAIL, ()):
            self.kept.append((self._key_of(mail, second), 0, 0, second, Kind.NO_MAIL))

    def taken(self) -> Table:
        """The records since they were taken last."""
        records = np.empty(len(self.kept), RECORD)
        if self.kept:
            columns = zip(*self.kept, strict=True)
            for name, column in zip(_KEPT, columns, strict=True):
                records[name] = column
            records["log"] = self._log
            hours = records["second"] // HOUR_S
            first, last = int(hours.min()), int(hours.max())
            before = self.hours or (first, last)
            self.hours = min(first, before[0]), max(last, before[1])
            self.kept = []
        return records

    def _add_delivered(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """One copy for each recipient named, unless nobody sent it."""
        self.delivered += len(rows)
        number_of, keep = self._numbers.get, self.kept.append
        for second, mail, address, recipients, network_id in rows:
            sender = address.lower()
            if sender in _NOBODY or sender.startswith(_PROBES):
                continue
            for recipient in _addresses(recipients):
                number = number_of(recipient)
                if number is not None:
                    key, side = self._key_of(mail, second), self._side(sender)
                    keep((key, crc32(network_id), number, second, _FROM_INSIDE + side))

    def _add_submitted(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Mails that were sent from mailboxes, by their owners' programs; or no mails."""
        self.submitted += len(rows)
        keep = self.kept.append
        for second, mail, sender, context, *recipients in rows:
            found = _CLASS.search(context)
            client = _CLIENT.search(context)
            program = client[1].lower() if client else b""
            is_no_mail = found and not is_mail(found[1].decode("ascii", "replace"))
            if is_no_mail or program in _OF_SERVER or program.endswith(_ASSISTANTS):
                keep((self._key_of(mail, second), 0, 0, second, Kind.NO_MAIL))
            elif (number := self._numbers.get(sender.lower())) is not None:
                key = self._key_of(mail, second)
                keep((key, 0, number, second, _BY_CLIENT.get(program, Kind.SENT)))
                for several in recipients:
                    self._keep_recipients(key, second, number, _TO_INSIDE, several)

    def _add_relayed(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Mails that came by SMTP: from a program, or on their way from one server to another."""
        number_of, keep = self._numbers.get, self.kept.append
        for second, mail, sender, directionality, recipients in rows:
            number = number_of(sender.lower())
            if number is None:
                continue
            if directionality.lower() == b"incoming":  # anybody outside can write so
                self.unproven += 1
                continue
            key = self._key_of(mail, second)
            keep((key, 0, number, second, Kind.BY_SMTP))
            self._keep_recipients(key, second, number, _SMTP_TO_INSIDE, recipients)

    def _keep_recipients(
        self, key: int, second: int, number: int, inside: int, recipients: bytes
    ) -> None:
        number_of, keep = self._numbers.get, self.kept.append
        for recipient in _addresses(recipients):
            if number_of(recipient) == number:  # the owner's own addresses are left out
                continue
            side = self._side(recipient)
            if side != _NO_SIDE:
                keep((key, crc32(recipient), number, second, inside + side))

    def _key_of(self, mail: bytes, second: int) -> int:
        """The hash of a mail's id; one without an id is known by its time."""
        key = self._keys.get(mail)
        if key is None or not mail:
            if len(self._keys) > _MOST_KNOWN:
                self._keys.clear()
            text = mail or str(second).encode()
            digest = blake2b(text, digest_size=KEY_BYTES, key=self._key).digest()
            key = self._keys[mail] = int.from_bytes(digest)
        return key

    def _side(self, address: bytes) -> int:
        """Whether an address is inside the organisation or outside; _NO_SIDE without a domain."""
        domain = address.rpartition(b"@")[2]
        side = self._sides.get(domain)
        if side is None:
            if len(self._sides) > _MOST_KNOWN:
                self._sides.clear()
            name = domain.decode("utf-8", "replace")
            side = self._sides[domain] = _INSIDE if is_inside(name, self._inside) else _OUTSIDE
        return side if len(domain) < len(address) else _NO_SIDE


def _addresses(text: bytes) -> list[bytes]:
    """The addresses of a field. Raises DamagedLogError where an export has put none there."""
    if text[:1] == b'"':
        text = text[1:-1].replace(b'""', b'"')
    found = text.lower().split(b";")
    if found[0] == _LIST_OF_SHELL:
        raise DamagedLogError(Damage(Fault.EXPORT))
    return found
