"""What logs there are for a Period, by their names alone: nothing is read of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from mailaudit.model.period import Period
from mailaudit.sources.tracking.coverage import Span, days_of, gaps_in
from mailaudit.sources.tracking.finding import Found, Stray, find_logs
from mailaudit.sources.tracking.names import HOUR_S


@dataclass(frozen=True, slots=True)
class ServerLogs:
    """What one server's folder holds.

    Attributes:
        logs: How many files.
        first, end: From when to when they go, UTC.
        series: Which there are, ascending.
        missing: The days of the Period that an hour of one of its series is missing of.
    """

    server: str
    folder: Path
    logs: int
    first: datetime
    end: datetime
    series: tuple[str, ...]
    missing: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found for a Period.

    Attributes:
        servers: Those with logs.
        without: The folders of those without, by server.
    """

    servers: tuple[ServerLogs, ...]
    without: Mapping[str, Path]
    found: Found

    @property
    def strays(self) -> tuple[Stray, ...]:
        """What lies there and can't be used."""
        return self.found.strays


def survey(folders: Mapping[str, Path], period: Period, now: datetime) -> Survey:
    """Looks at the names of all logs. As far as the Period is over, each hour must have its logs.

    Args:
        folders: The folder of each server's logs, by the server's name.
    """
    found = find_logs(folders)
    gaps = gaps_in(Span.of(period, now, found.logs), folders, found.logs)
    servers = []
    without = {}
    for server, folder in folders.items():
        names = [log.name for log in found.logs if log.server == server]
        if not names:
            without[server] = folder
            continue
        servers.append(
            ServerLogs(
                server,
                folder,
                len(names),
                _moment(min(name.first_hour for name in names)),
                _moment(max(name.end_hour for name in names)),
                tuple(sorted({name.series for name in names})),
                days_of([gap for gap in gaps if gap.server == server], period),
            )
        )
    return Survey(tuple(servers), without, found)


def _moment(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * HOUR_S, UTC)
