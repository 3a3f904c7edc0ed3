"""Rows of a log, mapped by its `#Fields`; only those that can count, and only what counts of them.

Most rows are looked at without being taken apart: that is nine tenths of the time a log takes.
"""

from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import Any, NamedTuple

from mailaudit.sources.tracking.damage import Damage, DamagedLogError, Fault

MOST_BYTES = 1 << 20  # of one row; one to 5,000 recipients has a fifth of that

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_FIELDS = b"#fields:"
# What a row may be for that counts, as it stands in a row whose columns are in the usual order.
_CAN_COUNT = (b",STOREDRIVER,", b",SMTP,RECEIVE,", b",MAILBOXRULE,", b",DSN,")
_NEVER_COUNTS = b",STOREDRIVER,NOTIFYMAPI,"  # every mail has one, without an id
_OF_EXPORTS = (b"#type ", b"runspaceid", b"messagesubject", b"timestamp", b"system.string[]")


class Row(NamedTuple):
    """What is taken of a row: no subject."""

    date_time: bytes
    source: bytes
    event_id: bytes
    source_context: bytes
    message_id: bytes
    recipient_address: bytes
    sender_address: bytes
    network_message_id: bytes
    internal_message_id: bytes
    server_hostname: bytes
    directionality: bytes


# Versions before 2013 lack the first, those before 2010 SP1 the last.
_OPTIONAL = frozenset(
    {"network_message_id", "internal_message_id", "server_hostname", "directionality"}
)


class _Layout(NamedTuple):
    """How rows are taken apart.

    Attributes:
        fields: How many a row has.
        pick: Takes those of a Row out of all, behind which an empty one stands.
        is_usual: Whether event-id follows source, so that rows can be told apart unread.
    """

    fields: int
    pick: Callable[[list[bytes]], tuple[Any, ...]]
    is_usual: bool


def rows_of(blocks: Iterable[bytes]) -> Iterator[tuple[Any, ...]]:
    """The rows that can count, each a tuple in the order of a Row.

    Raises:
        DamagedLogError: The log is no log, is cut short, or a row is not as `#Fields` says; what
            came before it must not be counted either.
    """
    layout: _Layout | None = None
    number = 0
    open_row: list[bytes] = []  # lines of a row whose quotation mark is not closed yet
    for lines in _lines(blocks):
        for line in lines:
            number += 1
            if b'"' not in line and not open_row:
                if line[:1] == b"#" or layout is None:
                    layout = _after_head(line, number, layout)
                    continue
                if line.count(b",") + 1 != layout.fields:
                    if not line.strip():
                        continue
                    raise _wrong_fields(line.count(b",") + 1, layout.fields, number)
                if layout.is_usual and not _can_count(line):
                    continue
                fields = line.split(b",")
            else:
                if layout is None:
                    layout = _after_head(line, number, layout)
                    continue
                open_row.append(line)
                row = b"\n".join(open_row) if len(open_row) > 1 else line
                parts = row.split(b'"')
                if not len(parts) & 1:
                    if len(row) > MOST_BYTES:
                        raise DamagedLogError(Damage(Fault.QUOTES, number - len(open_row) + 1))
                    continue
                if len(open_row) > 1 and not _are_quotes_sound(parts):
                    raise DamagedLogError(Damage(Fault.QUOTES, number - len(open_row) + 1))
                open_row.clear()
                found = sum([part.count(b",") for part in parts[::2]]) + 1
                if found != layout.fields:
                    raise _wrong_fields(found, layout.fields, number)
                if layout.is_usual and not _can_count(row):
                    continue
                parts[1::2] = [part.replace(b",", b"\0") for part in parts[1::2]]
                fields = b"".join(parts).split(b",")
            fields.append(b"")
            yield layout.pick(fields)
    if open_row:
        raise DamagedLogError(Damage(Fault.QUOTES, number - len(open_row) + 1))
    if layout is None:
        raise DamagedLogError(Damage(Fault.NO_HEAD if number else Fault.CUT))


def _lines(blocks: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines block by block, without their ends. Raises DamagedLogError where one is cut."""
    rest = b""
    is_first = True
    for block in blocks:
        if is_first:
            if block.startswith(_UTF16):
                raise DamagedLogError(Damage(Fault.NO_LOG, 1, detail="UTF-16"))
            rest, is_first = block.removeprefix(_BOM), False
        else:
            rest += block
        lines = rest.split(b"\n")
        rest = lines.pop()
        if len(rest) > MOST_BYTES:
            raise DamagedLogError(Damage(Fault.LONG))
        yield lines
    if rest:
        raise DamagedLogError(Damage(Fault.CUT))


def _can_count(line: bytes) -> bool:
    store, smtp, rule, report = _CAN_COUNT
    if store in line:
        return _NEVER_COUNTS not in line
    return smtp in line or rule in line or report in line


def _after_head(line: bytes, number: int, layout: _Layout | None) -> _Layout | None:
    """The layout once a line of the head was read, which may stand between rows too."""
    if line[: len(_FIELDS)].lower() == _FIELDS:
        return _layout(line[len(_FIELDS) :], number)
    if line[:1] == b"#" and not line.lower().startswith(_OF_EXPORTS):
        return layout
    start = line[:1000].lower()
    if any(name in start for name in _OF_EXPORTS):
        raise DamagedLogError(Damage(Fault.EXPORT, number))
    raise DamagedLogError(Damage(Fault.NO_HEAD, number))


def _layout(head: bytes, number: int) -> _Layout:
    names = [name.strip().lower() for name in head.decode("ascii", "replace").split(",")]
    wanted = [name.replace("_", "-") for name in Row._fields]
    optional = {name.replace("_", "-") for name in _OPTIONAL}
    missing = [name for name in wanted if name not in names and name not in optional]
    if missing:
        raise DamagedLogError(Damage(Fault.COLUMNS, number, detail=", ".join(missing)))
    places = [names.index(name) if name in names else len(names) for name in wanted]
    source = names.index("source")
    is_usual = 0 < source < len(names) - 2 and names.index("event-id") == source + 1
    return _Layout(len(names), itemgetter(*places), is_usual)


def _wrong_fields(found: int, expected: int, line: int) -> DamagedLogError:
    return DamagedLogError(Damage(Fault.FIELDS, line, found, expected))


def _are_quotes_sound(parts: list[bytes]) -> bool:
    """Whether each quotation mark opens at the beginning of a field and closes at its end.

    Args:
        parts: A row split at its quotation marks; a doubled one leaves an empty part.
    """
    outside = parts[::2]
    opens = all(part.endswith(b",") for part in outside[:-1] if part)
    closes = all(part.startswith(b",") or not part.strip() for part in outside[1:])
    return opens and closes
