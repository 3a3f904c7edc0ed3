"""The canonical form a snapshot's digest is taken over.

One line of JSON each (UTF-8, keys sorted, no spaces) for: the snapshot with its Period, groups and
the staff list's own digest; its units and then its staff in order; its outcomes by mailbox. Keys
are column names; `days` is JSON itself, `seen_days` a text that holds it. Empty texts and NULLs are
left out, so that a column added later does not change the digest of what was sealed before. When
it was collected, and by what, is not part of it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import RowMapping

_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

LEFT_OUT = frozenset({"snapshot_id", "position", "days"})


def digest_of(
    header: RowMapping,
    units: Iterable[Mapping[str, Any]],
    staff: Iterable[Mapping[str, Any]],
    outcomes: Iterable[Mapping[str, Any]],
) -> str:
    """SHA-256 (hex) over the canonical form of a snapshot's rows."""
    digest = sha256()
    for line in _lines(header, units, staff, outcomes):
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()


def _lines(
    header: RowMapping,
    units: Iterable[Mapping[str, Any]],
    staff: Iterable[Mapping[str, Any]],
    outcomes: Iterable[Mapping[str, Any]],
) -> Iterator[str]:
    yield _json(
        {
            "groups": json.loads(header["groups"]),
            "period": header["period"],
            "roster_digest": header["roster_digest"],
            "timezone": header["timezone"],
        }
    )
    yield from map(_line, units)
    yield from map(_line, staff)
    for row in outcomes:
        line = _line(row)
        # The days are stored in canonical form, and "days" sorts before the other keys.
        yield line if row["days"] is None else f'{{"days":{row["days"]},{line[1:]}'


def _line(row: Mapping[str, Any]) -> str:
    return _json({key: value for key, value in row.items() if value and key not in LEFT_OUT})
