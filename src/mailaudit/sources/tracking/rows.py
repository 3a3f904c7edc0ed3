"""Rows of a log, mapped by its `#Fields`; only those that can count, and only what counts of them.

Some hundred rows are looked at together, as arrays of the places of their commas, and nothing is
taken of a row but what its Event needs: no subject. What is done for each row alone is what a log
takes its time for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mailaudit.sources.tracking.damage import Damage, DamagedLogError, Fault

MOST_BYTES = 1 << 20  # of one row; one to 5,000 recipients has a fifth of that


class Event(Enum):
    """What a row that can count tells of."""

    DELIVERED = auto()
    SUBMITTED = auto()  # by a program, to the server of its mailbox
    RECEIVED = auto()  # by transport from there
    RELAYED = auto()  # by SMTP
    NO_MAIL = auto()  # a rule's answer or a report


# What is taken of its row, behind its time and in this order.
COLUMNS: Mapping[Event, tuple[str, ...]] = {
    Event.DELIVERED: (
        "message-id",
        "sender-address",
        "recipient-address",
        "network-message-id",
    ),
    Event.SUBMITTED: ("message-id", "sender-address", "source-context"),
    Event.RECEIVED: (
        "message-id",
        "sender-address",
        "source-context",
        "recipient-address",
    ),
    Event.RELAYED: (
        "message-id",
        "sender-address",
        "directionality",
        "recipient-address",
    ),
    Event.NO_MAIL: ("message-id",),
}
# Source and event-id of its rows; None is any.
_MARKS: Mapping[Event, Sequence[tuple[bytes, bytes | None]]] = {
    Event.DELIVERED: [(b"STOREDRIVER", b"DELIVER")],
    Event.SUBMITTED: [(b"STOREDRIVER", b"SUBMIT")],
    Event.RECEIVED: [(b"STOREDRIVER", b"RECEIVE")],
    Event.RELAYED: [(b"SMTP", b"RECEIVE")],
    Event.NO_MAIL: [(b"MAILBOXRULE", None), (b"DSN", None)],
}
# Versions before 2013 lack the one, those before 2010 SP1 the other.
_OPTIONAL = frozenset({"network-message-id", "directionality"})

_TIME = "date-time"
_PATTERN = np.frombuffer(b"0000-00-00T00:00:00", np.uint8)
_ZERO = ord("0")
_IS_DIGIT = _PATTERN == _ZERO

_LONGEST_SOURCE, _LONGEST_EVENT = len(b"STOREDRIVER"), len(b"DELIVER")

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_HEAD, _FIELDS = b"#", b"#fields:"
_OF_EXPORTS = (b"#type ", b"runspaceid", b"messagesubject", b"timestamp", b"system.string[]")
_COMMA, _QUOTE, _LINE_FEED = b',"\n'
_BEFORE_QUOTE, _AFTER_QUOTE = (list(marks) for marks in (b',"\n', b',"\r\n'))

_Places = NDArray[np.intp]
_Beginnings = tuple[NDArray[np.uint8], _Places]
Taken = list[tuple[Any, ...]]  # the time in seconds from 1970, then the COLUMNS as bytes


class _Layout(NamedTuple):
    """Which column stands where.

    Attributes:
        commas: How many a row has between its fields.
    """

    commas: int
    places: Mapping[str, int]


def rows_of(blocks: Iterable[bytes]) -> Iterator[dict[Event, Taken]]:
    """The rows that can count, some at a time, by what they tell of.

    Raises:
        DamagedLogError: The log is no log, is cut short, or a row is not as `#Fields` says; what
            came before it must not be counted either.
    """
    layout: _Layout | None = None
    line = 1
    for whole in _whole_rows(blocks):
        start = 0
        while start < len(whole):
            if layout is None or whole.startswith(_HEAD, start):
                end = whole.index(b"\n", start) + 1
                layout = _after_head(whole[start:end], line, layout)
            else:
                end = _next_head(whole, start)
                yield _taken(whole[start:end], layout, line)
            line += whole.count(b"\n", start, end)
            start = end
    if layout is None:
        raise DamagedLogError(Damage(Fault.NO_HEAD if line > 1 else Fault.CUT))


def _whole_rows(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The blocks, each up to the end of a row. Raises DamagedLogError where one has no end."""
    rest = b""
    line = 1
    for number, block in enumerate(blocks):
        rest += block
        if not number:
            if rest.startswith(_UTF16):
                raise DamagedLogError(Damage(Fault.NO_LOG, 1, detail="UTF-16"))
            rest = rest.removeprefix(_BOM)
        end = rest.rfind(b"\n") + 1
        while rest.count(b'"', 0, end) & 1:  # that is a line break within a field
            end = rest.rfind(b"\n", 0, end - 1) + 1
        if end:
            yield rest[:end]
            line += rest.count(b"\n", 0, end)
            rest = rest[end:]
        if len(rest) > MOST_BYTES:
            is_open = rest.count(b'"') & 1
            raise DamagedLogError(Damage(Fault.QUOTES if is_open else Fault.LONG, line))
    if rest:
        is_open = rest.endswith(b"\n")
        raise DamagedLogError(Damage(Fault.QUOTES if is_open else Fault.CUT, line))


def _next_head(rows: bytes, start: int) -> int:
    """Where the next head begins, which may stand among rows too."""
    end = rows.find(b"\n#", start) + 1
    while end and rows.count(b'"', start, end) & 1:  # within a field
        end = rows.find(b"\n#", end) + 1
    return end or len(rows)


def _taken(rows: bytes, layout: _Layout, line: int) -> dict[Event, Taken]:
    """What is taken of some whole rows, without a head among them."""
    data = np.frombuffer(rows, np.uint8)
    commas, ends = _between_fields(data, line)
    counts = np.diff(np.searchsorted(commas, ends), prepend=0)
    if (counts != layout.commas).any():
        rows = _without_empty(rows, ends, counts, layout, line)
        return _taken(rows, layout, line) if rows else {}
    fields = _Fields(rows, data, commas.reshape(-1, layout.commas), ends)
    sources, events = (
        fields.beginnings(layout.places[name], size)
        for name, size in (("source", _LONGEST_SOURCE), ("event-id", _LONGEST_EVENT))
    )
    found = {}
    for event, marks in _MARKS.items():
        fits = np.zeros(len(ends), np.bool_)
        for source, mark in marks:
            fits |= _are(sources, source) & (mark is None or _are(events, mark))
        chosen = np.flatnonzero(fits)
        if len(chosen):
            times = fields.seconds(layout.places[_TIME], chosen).tolist()
            columns = [fields.column(layout.places.get(name), chosen) for name in COLUMNS[event]]
            found[event] = list(zip(times, *columns, strict=True))
    return found


def _between_fields(data: NDArray[np.uint8], line: int) -> tuple[_Places, _Places]:
    """The commas between fields and the ends of rows. Raises DamagedLogError."""
    commas, ends = np.flatnonzero(data == _COMMA), np.flatnonzero(data == _LINE_FEED)
    quotes = np.flatnonzero(data == _QUOTE)
    if not len(quotes):
        return commas, ends
    opening, closing = quotes[::2], quotes[1::2]
    # No row begins with one: the time stands there.
    is_sound = np.isin(data[opening - 1], _BEFORE_QUOTE) & np.isin(data[closing + 1], _AFTER_QUOTE)
    if not is_sound.all():
        first = opening[np.argmin(is_sound)]
        raise DamagedLogError(Damage(Fault.QUOTES, line + int((ends < first).sum())))
    return _outside(commas, opening, closing), _outside(ends, opening, closing)


def _outside(places: _Places, opening: _Places, closing: _Places) -> _Places:
    """Those places that are not between an opening and its closing quotation mark."""
    first, end = np.searchsorted(places, opening), np.searchsorted(places, closing)
    counts = end - first
    total = int(counts.sum())
    if not total:
        return places
    # Of each pair the numbers from first to end, all in one array.
    hidden = np.arange(total) + np.repeat(first - (np.cumsum(counts) - counts), counts)
    keeps = np.ones(len(places), np.bool_)
    keeps[hidden] = False
    return places[keeps]


def _without_empty(
    rows: bytes, ends: _Places, counts: _Places, layout: _Layout, line: int
) -> bytes:
    """The rows but for empty lines. Raises DamagedLogError where one has other fields."""
    kept = []
    start = 0
    for end, count in zip(ends.tolist(), counts.tolist(), strict=True):
        row = rows[start : end + 1]
        if count == layout.commas:
            kept.append(row)
        elif row.strip():
            at = line + rows.count(b"\n", 0, start)
            raise DamagedLogError(Damage(Fault.FIELDS, at, count + 1, layout.commas + 1))
        start = end + 1
    return b"".join(kept)


class _Fields:
    """The fields of some rows with the same columns.

    Args:
        table: Places of the commas, a line a row.
        ends: Of the rows.
    """

    def __init__(self, rows: bytes, data: NDArray[np.uint8], table: _Places, ends: _Places) -> None:
        self._rows, self._data = rows, data
        self._table, self._ends = table, ends

    def column(self, place: int | None, chosen: _Places) -> list[bytes]:
        """The fields of a column, of the chosen rows; empty ones where there is no such column."""
        if place is None:
            return [b""] * len(chosen)
        rows, (starts, ends) = self._rows, self._edges(place)
        edges = zip(starts[chosen].tolist(), ends[chosen].tolist(), strict=True)
        return [rows[start:end] for start, end in edges]

    def beginnings(self, place: int, size: int) -> _Beginnings:
        """So many bytes of each field of a column, and of what follows; how long each field is."""
        starts, ends = self._edges(place)
        return self._data.take(starts[:, None] + np.arange(size), mode="clip"), ends - starts

    def seconds(self, place: int, chosen: _Places) -> _Places:
        """Times in seconds from 1970. Raises DamagedLogError where they are not Exchange's."""
        starts, ends = (edge[chosen] for edge in self._edges(place))
        size = len(_PATTERN)
        if (ends - starts <= size).any() or (self._data[ends - 1] != ord("Z")).any():
            raise DamagedLogError(Damage(Fault.TIME))
        text = self._data[starts[:, None] + np.arange(size)]
        digits = text[:, _IS_DIGIT].astype(np.int64) - _ZERO
        are_digits = ((digits >= 0) & (digits <= 9)).all()
        if not are_digits or (text[:, ~_IS_DIGIT] != _PATTERN[~_IS_DIGIT]).any():
            raise DamagedLogError(Damage(Fault.TIME))
        tens = digits[:, ::2] * 10 + digits[:, 1::2]
        of_days = tens[:, :4] @ np.array([1_000_000, 10_000, 100, 1])
        days, where = np.unique(of_days, return_inverse=True)
        midnights = np.array([_midnight(day) for day in days.tolist()])
        found: _Places = midnights[where] + tens[:, 4:] @ np.array([3600, 60, 1])
        return found

    def _edges(self, place: int) -> tuple[_Places, _Places]:
        """Where the fields of a column start and end."""
        table, ends = self._table, self._ends
        starts = table[:, place - 1] + 1 if place else np.concatenate(([0], ends[:-1] + 1))
        if place < table.shape[1]:
            return starts, table[:, place]
        return starts, ends - (self._data[ends - 1] == ord("\r"))


def _are(beginnings: _Beginnings, text: bytes) -> NDArray[np.bool_]:
    """Which fields are this text."""
    starts, lengths = beginnings
    is_same = (starts[:, : len(text)] == np.frombuffer(text, np.uint8)).all(axis=1)
    found: NDArray[np.bool_] = is_same & (lengths == len(text))
    return found


def _midnight(day: int) -> int:
    """When a day begins that is written as a number: 20261001."""
    try:
        moment = datetime(day // 10_000, day // 100 % 100, day % 100, tzinfo=UTC)
    except ValueError:
        raise DamagedLogError(Damage(Fault.TIME)) from None
    return int(moment.timestamp())


def _after_head(line: bytes, number: int, layout: _Layout | None) -> _Layout | None:
    """The layout once a line of a head was read. Raises DamagedLogError where it is none."""
    if line[: len(_FIELDS)].lower() == _FIELDS:
        return _layout(line[len(_FIELDS) :], number)
    start = line[:1000].lower()
    if any(name in start for name in _OF_EXPORTS):
        raise DamagedLogError(Damage(Fault.EXPORT, number))
    if line.startswith(_HEAD):
        return layout
    raise DamagedLogError(Damage(Fault.NO_HEAD, number))


def _layout(head: bytes, number: int) -> _Layout:
    names = [name.strip().lower() for name in head.decode("ascii", "replace").split(",")]
    wanted = {name for columns in COLUMNS.values() for name in columns} | {
        _TIME,
        "source",
        "event-id",
    }
    if missing := sorted(wanted - _OPTIONAL - set(names)):
        raise DamagedLogError(Damage(Fault.COLUMNS, number, detail=", ".join(missing)))
    return _Layout(len(names) - 1, {name: names.index(name) for name in wanted & set(names)})
