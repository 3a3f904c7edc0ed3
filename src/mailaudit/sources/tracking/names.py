"""Names of message tracking logs: which series, which hours, which file of them."""

import re
from datetime import datetime
from typing import NamedTuple

HOUR_S = 3600

_NAME = re.compile(
    r"(?P<series>MSGTRK(?:M[ADS]?)?)(?P<day>\d{8})(?P<hour>\d\d)?-(?P<number>\d{1,6})\.log",
    re.ASCII | re.IGNORECASE,
)


class LogName(NamedTuple):
    """What the name of a log says: MSGTRKMD2026050417-2.LOG is the second of 17:00 to 18:00 UTC.

    Attributes:
        series: "MSGTRK" of transport, "MSGTRKMD" of delivery, "MSGTRKMS" of submission …
        first_hour: The first hour it stands for, counted from 1970, UTC.
        hours: How many it stands for: 1, or 24 where the name has a day alone.
        number: 1 for the first of these hours; a further one is begun when a file is full.
    """

    series: str
    first_hour: int
    hours: int
    number: int

    @property
    def end_hour(self) -> int:
        """The first hour after those it stands for."""
        return self.first_hour + self.hours


def read_name(name: str) -> LogName | None:
    """What a file's name says, without a folder and without .gz; None where it is no log's."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    try:
        start = datetime.strptime(match["day"] + (match["hour"] or "00") + "Z", "%Y%m%d%H%z")
    except ValueError:
        return None
    return LogName(
        match["series"].upper(),
        int(start.timestamp()) // HOUR_S,
        1 if match["hour"] else 24,
        int(match["number"]),
    )
