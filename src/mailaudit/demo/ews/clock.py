"""Times as EWS writes and reads them, fast in the direction a server needs most."""

import math
from datetime import UTC, datetime

DAY_S = 86_400
TIMES_OF_DAY = [
    f"{hour:02d}:{minute:02d}:{second:02d}"
    for hour in range(24)
    for minute in range(60)
    for second in range(60)
]


class Dates(dict[int, str]):
    """Days since 1970 -> the date as it begins an xs:dateTime (`2026-10-05T`), remembered."""

    def __missing__(self, day: int) -> str:
        text = self[day] = datetime.fromtimestamp(day * DAY_S, UTC).strftime("%Y-%m-%dT")
        return text


def read_time(text: str) -> float:
    """Unix time of an xs:dateTime; one without an offset is UTC. Raises ValueError."""
    if "T" not in text:
        raise ValueError(text)
    moment = datetime.fromisoformat(text.strip())
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def first_second_from(moment: float) -> int:
    """The first whole second not before a moment."""
    return math.ceil(moment)


def first_second_after(moment: float) -> int:
    """The first whole second later than a moment."""
    return math.floor(moment) + 1
