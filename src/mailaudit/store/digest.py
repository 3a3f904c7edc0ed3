"""The canonical form a snapshot's digest is taken over.

One line of JSON each (UTF-8, keys sorted, no spaces) for: the snapshot; its units and then its
staff in order; its outcomes by mailbox; its corrections in order; where people were removed, that
they were, and their sums in order. Keys are column names; `days` is
JSON itself, `seen_days` a text that holds it. What a column holds by default (NULL, and an empty
text where it can't be NULL) is left out, so that a column added later does not change the digest of
what was sealed before.

Version 2 covers every column, those added later too, but the keys by which rows find each other in
this file (NOT_COVERED). Snapshots sealed by version 1 keep their digest: of the snapshot itself it
covers only what FIRST_HEADER names, and it does not distinguish an empty text from NULL.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import chain
from typing import Any

from sqlalchemy import RowMapping, Table

from mailaudit.store import tables

Row = Mapping[str, Any] | RowMapping

NEWEST = 2
NOT_COVERED = frozenset({"id", "snapshot_id", "digest"})  # another one finds no rows, or not these
FIRST_HEADER = ("groups", "period", "roster_digest", "timezone")
FIRST_LEFT_OUT = frozenset({"snapshot_id", "position", "days"})

_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def digest_of(
    header: Row,
    units: Iterable[Row],
    staff: Iterable[Row],
    outcomes: Iterable[Row],
    corrections: Iterable[Row],
    removals: Iterable[Row] = (),
    sums: Iterable[Row] = (),
) -> str:
    """SHA-256 (hex) over the canonical form of a snapshot's rows, in the header's version.

    A snapshot without corrections has the digest it had before there were any, and so has one from
    which nobody was removed.
    """
    is_first = header["digest_version"] == 1
    digest = sha256()
    lines = _first_lines if is_first else _lines
    written = lines(header, units, staff, outcomes)
    added = (
        map(_line_of(tables.correction), corrections),
        map(_line_of(tables.removal), removals),
        map(_line_of(tables.removal_sum), sums),
    )
    for line in chain(written, *added):
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()


def _lines(
    header: Row, units: Iterable[Row], staff: Iterable[Row], outcomes: Iterable[Row]
) -> Iterator[str]:
    yield _line_of(tables.snapshot)(header)
    yield from map(_line_of(tables.unit), units)
    yield from map(_line_of(tables.staff), staff)
    yield from _with_days(outcomes, _line_of(tables.outcome))


def _line_of(table: Table) -> Callable[[Row], str]:
    """Writes rows of a table, without what their columns hold by default."""
    nullable = frozenset(column.name for column in table.c if column.nullable)
    left_out = NOT_COVERED | {"days"}

    def line(row: Row) -> str:
        return _json(
            {
                key: value
                for key, value in row.items()
                if value is not None and (value != "" or key in nullable) and key not in left_out
            }
        )

    return line


def _with_days(outcomes: Iterable[Row], line_of: Callable[[Row], str]) -> Iterator[str]:
    """The days are stored in canonical form, and "days" sorts before the other keys."""
    for row in outcomes:
        line = line_of(row)
        yield line if row["days"] is None else f'{{"days":{row["days"]},{line[1:]}'


def _first_lines(
    header: Row, units: Iterable[Row], staff: Iterable[Row], outcomes: Iterable[Row]
) -> Iterator[str]:
    named = {name: header[name] for name in FIRST_HEADER}
    yield _json(named | {"groups": json.loads(header["groups"])})
    yield from map(_first_line, units)
    yield from map(_first_line, staff)
    yield from _with_days(outcomes, _first_line)


def _first_line(row: Row) -> str:
    return _json({key: value for key, value in row.items() if value and key not in FIRST_LEFT_OUT})
