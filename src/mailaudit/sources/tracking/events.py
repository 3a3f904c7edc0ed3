"""Which rows count, and as what: one log's rows in, records out."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from typing import Any
from zlib import crc32

from mailaudit.model.domains import is_inside
from mailaudit.sources.mail_class import is_mail
from mailaudit.sources.tracking.damage import Damage, DamagedLogError, Fault
from mailaudit.sources.tracking.names import HOUR_S
from mailaudit.sources.tracking.records import KEY_BYTES, RECORD, Kind, bucket_of_mail

_MINUTE_S = 60
_MINUTE = len("2026-10-01T00:00")
_SECONDS = {b":%02d" % second: second for second in range(60)}
_NAMES_OF_LISTS = b"System.String[]"  # what a shell writes for a list of recipients

# Senders that are no people: probes of Managed Availability, the system itself.
_PROBES = (
    b"healthmailbox",
    b"inboundproxy@",
    b"systemmailbox{",
    b"microsoftexchange329e71ec",
    b"extest_",
)
_NOBODY = (b"", b"<>")
_CLASS = re.compile(rb"MessageClass:\s*([^,;\0\s]+)")
_CLIENT = re.compile(rb"ClientType:\s*([A-Za-z0-9]+)")
_BY_CLIENT = {
    b"owa": Kind.BY_WEB,
    b"airsync": Kind.BY_PHONE,
    b"activesync": Kind.BY_PHONE,
}
# Clients that are no people: rules, assistants and monitoring of the server.
_OF_SERVER = (b"system", b"transport", b"monitoring")


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
        records: By bucket, what was made since they were taken last.
        unproven: Mails that came by SMTP from outside, in the name of somebody inside: not sent.
        submitted, delivered: How many rows say so, whoever's.
    """

    def __init__(self, wanted: Wanted, log: int) -> None:
        self._numbers = wanted.numbers
        self._inside = wanted.inside_domains
        self._key = wanted.key
        self._log = log
        self._minutes: dict[bytes, int] = {}
        self._sides: dict[bytes, int] = {}
        self.records: defaultdict[int, bytearray] = defaultdict(bytearray)
        self.unproven = self.submitted = self.delivered = 0

    @property
    def hours(self) -> tuple[int, int] | None:
        """The first and the last hour that a row was of, counted from 1970; None without any."""
        seconds = self._minutes.values()
        return (min(seconds) // HOUR_S, max(seconds) // HOUR_S) if seconds else None

    def add(self, rows: Iterator[tuple[Any, ...]], most: int) -> bool:
        """Keeps what can count of the next rows; whether there were any. Raises DamagedLogError."""
        row: tuple[Any, ...] = ()
        for row in islice(rows, most):
            source, event = row[1], row[2]
            if event == b"DELIVER":
                if source == b"STOREDRIVER":
                    self._add_delivered(row)
            elif event == b"RECEIVE" or event == b"SUBMIT":
                if source == b"STOREDRIVER":
                    self._add_submitted(row)
                elif source == b"SMTP":
                    self._add_relayed(row)
                elif source == b"MAILBOXRULE" or source == b"DSN":
                    self._keep(row, 0, Kind.NO_MAIL)
            elif source == b"DSN":
                self._keep(row, 0, Kind.NO_MAIL)
        return bool(row)

    def _add_delivered(self, row: tuple[Any, ...]) -> None:
        """One copy for each recipient named, unless nobody sent it."""
        self.delivered += 1
        sender = row[6].lower()
        if sender in _NOBODY or sender.startswith(_PROBES):
            return
        network_id = crc32(row[7])
        for recipient in row[5].lower().split(b";"):
            number = self._numbers.get(recipient.strip())
            if number is not None:
                kind = Kind.DELIVERED_INSIDE + self._side(sender)
                self._keep(row, number, kind, network_id)
            elif recipient == _NAMES_OF_LISTS.lower():
                raise DamagedLogError(Damage(Fault.EXPORT))

    def _add_submitted(self, row: tuple[Any, ...]) -> None:
        """A mail that was sent from a mailbox, by its owner's program; or no mail."""
        self.submitted += 1
        context = row[3]
        found = _CLASS.search(context)
        client = _CLIENT.search(context)
        program = client[1].lower() if client else b""
        is_no_mail = found and not is_mail(found[1].decode("ascii", "replace"))
        if is_no_mail or program in _OF_SERVER or program.endswith(b"assistants"):
            self._keep(row, 0, Kind.NO_MAIL)
        elif (number := self._numbers.get(row[6].lower())) is not None:
            self._keep(row, number, _BY_CLIENT.get(program, Kind.SENT))
            self._keep_recipients(row, number, Kind.TO_INSIDE)

    def _add_relayed(self, row: tuple[Any, ...]) -> None:
        """A mail that came by SMTP: from a program, or on its way from one server to the next."""
        number = self._numbers.get(row[6].lower())
        if number is None:
            return
        if row[10].lower() == b"incoming":  # anybody outside can write so
            self.unproven += 1
            return
        self._keep(row, number, Kind.BY_SMTP)
        self._keep_recipients(row, number, Kind.SMTP_TO_INSIDE)

    def _keep_recipients(self, row: tuple[Any, ...], number: int, inside: int) -> None:
        for address in row[5].lower().split(b";"):
            recipient = address.strip()
            # Its own addresses are left out: all that its owner can be reached at.
            if recipient and self._numbers.get(recipient) != number:
                side = self._side(recipient)
                if side >= 0:
                    self._keep(row, number, inside + side, crc32(recipient))

    def _keep(self, row: tuple[Any, ...], number: int, kind: int, other: int = 0) -> None:
        # Without an id there is the number that its server gave the mail.
        text = row[4] or b"%b %b" % (row[9].lower(), row[8])
        key = blake2b(text, digest_size=KEY_BYTES, key=self._key).digest()
        second = self._second(row[0])
        self.records[bucket_of_mail(key)] += RECORD.pack(
            key, other, number, second, self._log, kind
        )

    def _second(self, text: bytes) -> int:
        """The time of a row, seconds from 1970."""
        minute = text[:_MINUTE]
        start = self._minutes.get(minute)
        if start is None:
            start = self._minutes[minute] = _minute(minute)
        second = _SECONDS.get(text[_MINUTE : _MINUTE + 3])
        if second is None or text[-1:] != b"Z":
            raise DamagedLogError(Damage(Fault.TIME))
        return start + second

    def _side(self, address: bytes) -> int:
        """0 inside the organisation, 1 outside, -1 where there is no domain."""
        domain = address.rpartition(b"@")[2] if b"@" in address else b""
        side = self._sides.get(domain)
        if side is None:
            if len(self._sides) > 10_000:  # what spam brings
                self._sides.clear()
            name = domain.decode("utf-8", "replace")
            side = self._sides[domain] = (
                (0 if is_inside(name, self._inside) else 1) if domain else -1
            )
        return side


def _minute(text: bytes) -> int:
    try:
        moment = datetime.strptime(text.decode("ascii") + "Z", "%Y-%m-%dT%H:%M%z")
        return int(moment.timestamp())
    except ValueError:
        raise DamagedLogError(Damage(Fault.TIME)) from None
