"""Which local day of a Period a time falls on."""

from datetime import UTC, date, datetime

from mailaudit.model.period import Period

_STEP_S = 900  # every time zone begins its days at a quarter of an hour
OUTSIDE = 0


class DayOfMonth:
    """The day of the month of a time in seconds from 1970; remembers quarters of hours."""

    def __init__(self, period: Period) -> None:
        self._period = period
        self._start, self._end = period.start.timestamp(), period.end.timestamp()
        self._known: dict[int, int] = {}

    def of(self, second: int) -> int:
        """1 for the first; OUTSIDE where it is not of the Period."""
        step = second // _STEP_S
        day = self._known.get(step)
        if day is None:
            start = step * _STEP_S
            is_within = self._start <= start < self._end
            moment = datetime.fromtimestamp(start, UTC).astimezone(self._period.tz)
            day = self._known[step] = moment.day if is_within else OUTSIDE
        return day

    def date(self, day: int) -> date:
        """The date of a day of the month."""
        return self._period.first_day.replace(day=day)
