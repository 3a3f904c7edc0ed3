"""Times as EWS writes and reads them, fast in the direction a server needs most."""

import math
from datetime import UTC, datetime
from functools import cache

_DAY_S = 86_400
_OF_DAY = [
    f"{hour:02d}:{minute:02d}:{second:02d}Z"
    for hour in range(24)
    for minute in range(60)
    for second in range(60)
]


@cache
def _date(day: int) -> str:
    return datetime.fromtimestamp(day * _DAY_S, UTC).strftime("%Y-%m-%dT")


def write_time(seconds: int) -> str:
    """Unix time as xs:dateTime in UTC: `2026-10-05T04:52:28Z`."""
    return _date(seconds // _DAY_S) + _OF_DAY[seconds % _DAY_S]


def read_time(text: str) -> float:
    """Unix time of an xs:dateTime; one without an offset is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text.strip())
    if "T" not in text:
        raise ValueError(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def first_second_from(moment: float) -> int:
    """The first whole second not before a moment."""
    return math.ceil(moment)


def first_second_after(moment: float) -> int:
    """The first whole second later than a moment."""
    return math.floor(moment) + 1
