"""Limits: what the audit may take of a server besides its connections."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """What the audit may take of a server besides its connections.

    Attributes:
        requests_per_minute: Most requests in any 60 seconds; 0 for no cap.
        window: (opens, closes) times of day between which requests may be sent, over midnight
            where it closes earlier than it opens; None for any time.
    """

    requests_per_minute: int = 0
    window: tuple[time, time] | None = None

    def closed_s(self, moment: datetime) -> float:
        """Seconds until the window opens; 0 inside it. `moment` is in the window's time zone."""
        if self.window is None:
            return 0.0
        opens, closes = self.window
        time_of_day = moment.time()
        if opens <= closes:
            inside = opens <= time_of_day < closes
        else:  # over midnight
            inside = time_of_day >= opens or time_of_day < closes
        if inside:
            return 0.0
        opening = datetime.combine(moment.date(), opens, moment.tzinfo)
        if opening <= moment:
            opening += timedelta(days=1)
        return (opening - moment).total_seconds()


NO_LIMITS = Limits()
