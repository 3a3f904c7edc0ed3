"""Rows of a log, mapped by its `#Fields`; of each only what can count, and so no subject.

pyarrow reads them, some thousand at a time. It takes any quotation mark as it comes, and does not
know heads among rows or a log without its end: those are found here.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from mailaudit.sources.tracking.damage import Damage, DamagedLogError, Fault

MOST_BYTES = 1 << 20  # of one row; one to 5,000 recipients has a fifth of that

_TIME = "date-time"
# What is taken of a row. Times become numbers; all else stays bytes, whatever their encoding is.
COLUMNS = (
    _TIME,
    "source",
    "event-id",
    "message-id",
    "sender-address",
    "recipient-address",
    "source-context",
    "network-message-id",
    "directionality",
)
# Versions before 2013 lack the one, those before 2010 SP1 the other.
_OPTIONAL = frozenset({"network-message-id", "directionality"})
_IN_NANOSECONDS = pa.timestamp("ns", "UTC")
_CONVERTED = csv.ConvertOptions(
    check_utf8=False,
    column_types={name: pa.binary() for name in COLUMNS} | {_TIME: _IN_NANOSECONDS},
    null_values=[],
    include_columns=COLUMNS,
    include_missing_columns=True,
)

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_HEAD, _FIELDS = b"#", b"#fields:"
_OF_EXPORTS = (b"#type ", b"runspaceid", b"messagesubject", b"timestamp", b"system.string[]")
_QUOTE, _COMMA, _RETURN, _LINE_FEED = b'",\r\n'
_BEFORE_QUOTE, _AFTER_QUOTE = (list(marks) for marks in (b',"\n', b',"\r\n'))

_Places = NDArray[np.intp]


class _Whole(NamedTuple):
    """Whole rows, and maybe heads.

    Attributes:
        line: The number of the first line.
        quotes: Where there are quotation marks, ascending; each opening one has its closing one.
    """

    text: bytes
    line: int
    quotes: _Places

    def line_at(self, place: int) -> int:
        return self.line + self.text.count(b"\n", 0, place)

    def next_head(self, start: int) -> int:
        """Where the next head begins, which may stand among rows too; else the end."""
        place = self.text.find(_HEAD, start)
        while place > 0:
            is_quoted = np.searchsorted(self.quotes, place) & 1
            if self.text[place - 1] == _LINE_FEED and not is_quoted:
                return place
            place = self.text.find(_HEAD, place + 1)
        return len(self.text)


def rows_of(blocks: Iterable[bytes]) -> Iterator[pa.Table]:
    """The rows of a log, some at a time, with COLUMNS: times, and bytes, null where there are none.

    Raises:
        DamagedLogError: The log is no log, is cut short, or a row is not as `#Fields` says; what
            came before it must not be counted either.
    """
    names: Sequence[str] = ()
    whole = None
    for whole in _whole_rows(blocks):
        start = 0
        while start < len(whole.text):
            if not names or whole.text.startswith(_HEAD, start):
                end = whole.text.index(b"\n", start) + 1
                names = _after_head(whole, start, end, names)
            else:
                end = whole.next_head(start)
                rows = _table(whole, start, end, names)
                if len(rows):  # there are empty lines too
                    yield rows
            start = end
    if not names:
        raise DamagedLogError(Damage(Fault.CUT if whole is None else Fault.NO_HEAD))


def seconds_of(rows: pa.Table) -> NDArray[np.int64]:
    """The times of rows, in seconds from 1970."""
    seconds: NDArray[np.int64] = rows[_TIME].cast(pa.int64()).to_numpy() // 1_000_000_000
    return seconds


def _whole_rows(blocks: Iterable[bytes]) -> Iterator[_Whole]:
    """The blocks, each up to the end of a row. Raises DamagedLogError where one has no end."""
    rest = b""
    line = 1
    for number, block in enumerate(blocks):
        rest += block
        if not number:
            if rest.startswith(_UTF16):
                raise DamagedLogError(Damage(Fault.NO_LOG, 1, detail="UTF-16"))
            rest = rest.removeprefix(_BOM)
        quotes = np.flatnonzero(np.frombuffer(rest, np.uint8) == _QUOTE)
        end = rest.rfind(b"\n") + 1
        while (before := int(np.searchsorted(quotes, end))) & 1:  # a line break within a field
            end = rest.rfind(b"\n", 0, quotes[before - 1]) + 1
        if end:
            whole = _Whole(rest[:end], line, quotes[:before])
            _require_sound_quotes(whole)
            yield whole
            line += int(np.count_nonzero(np.frombuffer(rest, np.uint8, end) == _LINE_FEED))
            rest = rest[end:]
        if len(rest) > MOST_BYTES:
            is_open = (len(quotes) - before) & 1
            raise DamagedLogError(Damage(Fault.QUOTES if is_open else Fault.LONG, line))
    if rest:
        is_open = rest.endswith(b"\n")
        raise DamagedLogError(Damage(Fault.QUOTES if is_open else Fault.CUT, line))


def _require_sound_quotes(whole: _Whole) -> None:
    """Raises DamagedLogError where a quotation mark stands within what it should enclose."""
    text = np.frombuffer(whole.text, np.uint8)
    opening, closing = whole.quotes[::2], whole.quotes[1::2]
    # Before the first byte is the last one: a line break, as before every row.
    is_sound = np.isin(text[opening - 1], _BEFORE_QUOTE) & np.isin(text[closing + 1], _AFTER_QUOTE)
    if not is_sound.all():
        first = int(opening[np.argmin(is_sound)])
        raise DamagedLogError(Damage(Fault.QUOTES, whole.line_at(first)))


def _table(whole: _Whole, start: int, end: int, names: Sequence[str]) -> pa.Table:
    """The rows between two places. Raises DamagedLogError."""
    rows = pa.py_buffer(whole.text).slice(start, end - start)
    try:
        return csv.read_csv(
            pa.BufferReader(rows),
            csv.ReadOptions(use_threads=False, block_size=rows.size + 1, column_names=names),
            csv.ParseOptions(newlines_in_values=True),
            _CONVERTED,
        )
    except pa.ArrowInvalid as error:
        is_field = str(error).startswith("CSV parse error")  # it says what stands in the row, too
    if is_field:
        raise DamagedLogError(_odd_row(whole, start, end, len(names)))
    raise DamagedLogError(Damage(Fault.TIME))


def _odd_row(whole: _Whole, start: int, end: int, fields: int) -> Damage:
    """The first row with another number of fields."""
    text = np.frombuffer(whole.text, np.uint8, end - start, start)
    is_end = text == _LINE_FEED
    is_end[:-1] |= (text[:-1] == _RETURN) & ~is_end[1:]  # alone it ends a row too
    commas, ends = (
        places[np.searchsorted(whole.quotes, start + places) % 2 == 0]
        for places in (np.flatnonzero(text == _COMMA), np.flatnonzero(is_end))
    )
    starts = np.concatenate([[0], ends[:-1] + 1])
    counts = np.diff(np.searchsorted(commas, ends), prepend=0) + 1
    is_empty = ends - starts <= (text[ends - 1] == _RETURN)
    first = np.argmax((counts != fields) & ~is_empty)
    line = whole.line_at(start + int(starts[first]))
    return Damage(Fault.FIELDS, line, int(counts[first]), fields)


def _after_head(whole: _Whole, start: int, end: int, names: Sequence[str]) -> Sequence[str]:
    """The columns once a line of a head was read. Raises DamagedLogError for any other line."""
    line = whole.text[start:end]
    if line[: len(_FIELDS)].lower() == _FIELDS:
        return _columns(line[len(_FIELDS) :], whole.line_at(start))
    beginning = line[:1000].lower()
    if any(name in beginning for name in _OF_EXPORTS):
        raise DamagedLogError(Damage(Fault.EXPORT, whole.line_at(start)))
    if line.startswith(_HEAD):
        return names
    raise DamagedLogError(Damage(Fault.NO_HEAD, whole.line_at(start)))


def _columns(head: bytes, number: int) -> Sequence[str]:
    """The names of the columns; those that are not wanted, and doubles, have a number instead."""
    found = [name.strip().lower() for name in head.decode("ascii", "replace").split(",")]
    if missing := sorted({*COLUMNS} - _OPTIONAL - {*found}):
        raise DamagedLogError(Damage(Fault.COLUMNS, number, detail=", ".join(missing)))
    return [
        name if name in COLUMNS and name not in found[:place] else str(place)
        for place, name in enumerate(found)
    ]
