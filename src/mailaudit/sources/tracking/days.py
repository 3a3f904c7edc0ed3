"""Which local day of a Period a time falls on."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mailaudit.model.period import Period

_STEP_S = 900  # every time zone begins its days at a quarter of an hour


def days_of_month(seconds: NDArray[Any], period: Period) -> NDArray[Any]:
    """The local day of the month of times in seconds from 1970; 0 where it is not of the Period."""
    steps, places = np.unique(seconds // _STEP_S, return_inverse=True)
    days = [_day(int(step) * _STEP_S, period) for step in steps]
    return np.array(days, np.uint8)[places]


def _day(second: int, period: Period) -> int:
    moment = datetime.fromtimestamp(second, UTC).astimezone(period.tz)
    return moment.day if period.start <= moment < period.end else 0
