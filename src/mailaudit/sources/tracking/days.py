"""Which local day of a Period a time falls on."""

from datetime import datetime, time
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mailaudit.model.period import Period


def days_of_month(seconds: NDArray[Any], period: Period) -> NDArray[Any]:
    """The local day of the month of times in seconds from 1970; 0 where it is not of the Period."""
    starts = _starts(period)
    days = np.searchsorted(starts, seconds, side="right")
    return np.where(days < len(starts), days, 0)


@lru_cache(maxsize=2)
def _starts(period: Period) -> NDArray[Any]:
    """When each day of the Period starts, and the one after it."""
    midnights = [datetime.combine(day, time(), period.tz) for day in period.days()]
    return np.array([moment.timestamp() for moment in (*midnights, period.end)], np.int64)
