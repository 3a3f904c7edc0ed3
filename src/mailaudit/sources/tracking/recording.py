"""What is kept of rows that can count: rows of logs in, records out.

Rows are looked at in columns, those of some logs together: a log of an hour has few.
"""

from collections.abc import Iterable
from hashlib import blake2b
from types import EllipsisType
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mailaudit.sources.mail_class import is_mail
from mailaudit.sources.tracking.addresses import (
    INSIDE,
    Addresses,
    are_lists,
    are_nobody,
    hashes_of,
    mailboxes_of,
    sides_of,
)
from mailaudit.sources.tracking.events import Event, events_of
from mailaudit.sources.tracking.records import KEY, KIND_BITS, RECORD, Kind, Table
from mailaudit.sources.tracking.rows import seconds_of
from mailaudit.sources.tracking.tasks import Noted, Wanted

_MAIL, _SENDER, _RECIPIENTS = "message-id", "sender-address", "recipient-address"
_CONTEXT, _DIRECTION, _NETWORK_ID = "source-context", "directionality", "network-message-id"
_MOST_PROGRAMS = 1000  # remembered
_CLASS, _CLIENT = b"MessageClass:", b"ClientType:"
_BY_CLIENT = {b"owa": Kind.BY_WEB, b"airsync": Kind.BY_PHONE, b"activesync": Kind.BY_PHONE}
# Clients that are no people, beside all that end in "assistants".
_OF_SERVER = (b"system", b"transport", b"monitoring")
_ASSISTANTS = b"assistants"

_Column = NDArray[Any]


class Recorder:
    """Makes records of rows.

    Attributes:
        waiting: How many rows were added since records were taken.
        noted: Of all rows that records were made of.
    """

    def __init__(self, wanted: Wanted) -> None:
        self._key = wanted.key
        self._addresses = Addresses(wanted.mailboxes, wanted.inside_domains)
        self._programs = _Programs()
        self._rows: list[pa.Table] = []
        self._logs: list[_Column] = []
        self._records: list[Table] = []
        self.waiting = 0
        self.noted = Noted()

    def add(self, log: int, rows: pa.Table) -> None:
        """Takes rows of the log of that number, at least one."""
        self._rows.append(rows)
        self._logs.append(np.full(len(rows), log, np.uint32))
        self.waiting += len(rows)

    def taken(self) -> Table:
        """The records of what was added since they were taken last."""
        if self._rows:
            self._record(pa.concat_tables(self._rows), np.concatenate(self._logs))
        records = np.concatenate([np.empty(0, RECORD), *self._records])
        self._rows, self._logs, self._records = [], [], []
        self.waiting = 0
        return records

    def _record(self, rows: pa.Table, logs: _Column) -> None:
        seconds = seconds_of(rows)
        events, unknown = events_of(rows)
        self.noted.unknown += unknown
        for event, record, *columns in (
            (Event.DELIVERED, self._record_delivered, _SENDER, _RECIPIENTS, _NETWORK_ID),
            (Event.SUBMITTED, self._record_sent, _SENDER, _CONTEXT),
            (Event.RECEIVED, self._record_received, _SENDER, _CONTEXT, _RECIPIENTS),
            (Event.RELAYED, self._record_relayed, _SENDER, _DIRECTION, _RECIPIENTS),
            (Event.NO_MAIL, self._record_no_mail),
        ):
            which = events == event
            if which.any():
                record(_Rows(rows.select([_MAIL, *columns]), seconds, logs).some(which))

    def _record_delivered(self, rows: "_Rows") -> None:
        """One copy for each recipient named, unless nobody sent it."""
        self.noted.delivered += len(rows)
        senders = self._addresses.numbered(rows.texts(_SENDER))
        is_somebody = ~are_nobody(senders)
        rows, sides = rows.some(is_somebody), sides_of(senders[is_somebody])
        recipients, places = self._recipients(rows)
        mailboxes = mailboxes_of(recipients)
        is_staff = mailboxes >= 0
        places = places[is_staff]
        network_ids = map(crc32, rows.texts(_NETWORK_ID))
        self._keep(
            rows,
            places,
            self._keys_of(rows),
            np.fromiter(network_ids, np.int64, len(rows))[places],
            mailboxes[is_staff],
            Kind.DELIVERED + sides[places],
        )

    def _record_received(self, rows: "_Rows") -> None:
        rows, keys, mailboxes = self._record_sent(rows)
        self._record_recipients(rows, keys, mailboxes, Kind.TO_INSIDE)

    def _record_sent(self, rows: "_Rows") -> "tuple[_Rows, _Column, _Column]":
        """Mails that were sent from mailboxes, by their owners' programs; or no mails.

        Returns:
            Those that count as sent: their rows, keys, and mailboxes.
        """
        self.noted.submitted += len(rows)
        kinds = self._programs.kinds_of(rows.texts(_CONTEXT))
        mailboxes = mailboxes_of(self._addresses.numbered(rows.texts(_SENDER)))
        is_no_mail = kinds == Kind.NO_MAIL
        counts = is_no_mail | (mailboxes >= 0)
        rows, is_sent = rows.some(counts), ~is_no_mail[counts]
        mailboxes = np.where(is_sent, mailboxes[counts], 0)
        keys = self._keys_of(rows)
        self._keep(rows, ..., keys, 0, mailboxes, kinds[counts])
        return rows.some(is_sent), keys[is_sent], mailboxes[is_sent]

    def _record_relayed(self, rows: "_Rows") -> None:
        """Mails that came by SMTP: from a program, or on their way from one server to another."""
        mailboxes = mailboxes_of(self._addresses.numbered(rows.texts(_SENDER)))
        is_staff = mailboxes >= 0
        rows, mailboxes = rows.some(is_staff), mailboxes[is_staff]
        directions = rows.texts(_DIRECTION)
        # Anybody outside can write so.
        is_proven = np.array([text.lower() != b"incoming" for text in directions], np.bool_)
        self.noted.unproven += int((~is_proven).sum())
        rows, mailboxes = rows.some(is_proven), mailboxes[is_proven]
        keys = self._keys_of(rows)
        self._keep(rows, ..., keys, 0, mailboxes, Kind.BY_SMTP)
        self._record_recipients(rows, keys, mailboxes, Kind.SMTP_TO_INSIDE)

    def _record_no_mail(self, rows: "_Rows") -> None:
        self._keep(rows, ..., self._keys_of(rows), 0, 0, Kind.NO_MAIL)

    def _record_recipients(
        self, rows: "_Rows", keys: _Column, mailboxes: _Column, inside: Kind
    ) -> None:
        """Whom mails were sent to; the owner's own addresses are left out.

        Args:
            keys, mailboxes: Of the rows: of the mail, and that it was sent from.
            inside: The Kind of a recipient inside; the next is that of one outside.
        """
        recipients, places = self._recipients(rows)
        sides = sides_of(recipients)
        counts = (sides > 0) & (mailboxes_of(recipients) != mailboxes[places])
        places = places[counts]
        others, kinds = hashes_of(recipients[counts]), inside - INSIDE + sides[counts]
        self._keep(rows, places, keys, others, mailboxes[places], kinds)

    def _recipients(self, rows: "_Rows") -> tuple[_Column, _Column]:
        """All recipients, and the places of their rows."""
        several = pc.split_pattern(rows.column(_RECIPIENTS), ";")
        found = self._addresses.numbered(_texts(pc.list_flatten(several)))
        places = pc.list_parent_indices(several).to_numpy()
        self.noted.exported.update(rows.logs[places[are_lists(found)]].tolist())
        return found, places

    def _keys_of(self, rows: "_Rows") -> _Column:
        """The hashes of mails' ids; one without an id is known by its time."""
        mails = rows.texts(_MAIL)
        for place in np.flatnonzero(mails == b""):
            mails[place] = str(rows.seconds[place]).encode()
        key = self._key  # before the id instead of apart from it, which takes half as long
        hashes = [blake2b(key + mail, digest_size=KEY.itemsize).digest() for mail in mails]
        return np.frombuffer(b"".join(hashes), KEY)

    def _keep(
        self,
        rows: "_Rows",
        places: "_Column | EllipsisType",
        keys: _Column,
        others: _Column | int,
        mailboxes: _Column | int,
        kinds: _Column | Kind,
    ) -> None:
        """Adds records; `places` and `keys` are of the rows, all others of the records."""
        logs = rows.logs[places]
        records = np.empty(len(logs), RECORD)
        columns = keys[places], others, mailboxes, rows.seconds[places], logs << KIND_BITS | kinds
        for name, column in zip(RECORD.names or (), columns, strict=True):
            records[name] = column
        self._records.append(records)


class _Rows:
    """Some rows.

    Args:
        seconds: From 1970, of each row.
        logs: The number of each row's log.
    """

    def __init__(self, table: pa.Table, seconds: _Column, logs: _Column) -> None:
        self._table = table
        self.seconds = seconds
        self.logs = logs

    def __len__(self) -> int:
        return len(self.seconds)

    def some(self, which: _Column) -> "_Rows":
        """Those rows that a mask says."""
        if which.all():
            return self
        return _Rows(self._table.filter(pa.array(which)), self.seconds[which], self.logs[which])

    def column(self, name: str) -> pa.Array:
        column = self._table[name].combine_chunks()
        return pc.fill_null(column, b"") if column.null_count else column

    def texts(self, name: str) -> _Column:
        return _texts(self.column(name))


class _Programs(dict[tuple[bytes, bytes], Kind]):
    """How a mail was sent, by its class and the kind of program that handed it over."""

    def __missing__(self, program: tuple[bytes, bytes]) -> Kind:
        if len(self) >= _MOST_PROGRAMS:
            self.clear()
        item_class, client = (_word(text).lower() for text in program)
        is_no_mail = item_class and not is_mail(item_class.decode("ascii", "replace"))
        if is_no_mail or client in _OF_SERVER or client.endswith(_ASSISTANTS):
            kind = Kind.NO_MAIL
        else:
            kind = _BY_CLIENT.get(client, Kind.SENT)
        self[program] = kind
        return kind

    def kinds_of(self, contexts: Iterable[bytes]) -> _Column:
        """The Kinds of rows with these source-contexts."""
        kinds = [
            self[
                context.partition(_CLASS)[2].partition(b",")[0],
                context.partition(_CLIENT)[2].partition(b",")[0],
            ]
            for context in contexts
        ]
        return np.array(kinds, np.uint8)


def _word(text: bytes) -> bytes:
    """What stands before a blank or a semicolon."""
    return text.replace(b";", b" ").strip(b' "').partition(b" ")[0]


def _texts(column: pa.Array) -> _Column:
    texts: _Column = column.to_numpy(zero_copy_only=False)
    return texts
