"""Which hours of which servers the logs stand for, and which days lack some.

A day counts where every server's logs of all its hours are there, each whole.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from mailaudit.model.period import Period
from mailaudit.sources.tracking.names import HOUR_S, LogName
from mailaudit.sources.tracking.opening import LogFile

LOOK_BACK_HOURS = 48  # so long a server may deliver again what it delivered before (Safety Net)
FULL_BYTES = 10 << 20  # at which Exchange begins the next log, unless it was told a greater size

_OLD = "MSGTRKM"  # of mailbox servers of Exchange 2010, which have MSGTRK beside it at most
_SELDOM = frozenset({"MSGTRKMA"})  # moderation: nothing there counts, and most servers have none


@dataclass(frozen=True, slots=True)
class Span:
    """Hours counted from 1970, UTC.

    Attributes:
        first, end: Those that every server has to have logs of: [first, end).
        now: The running one, whose logs are still written.
    """

    first: int
    end: int
    now: int

    @classmethod
    def of(cls, period: Period, now: datetime, logs: Iterable[LogFile]) -> "Span":
        """The hours of a Period; of one that is not over, as far as logs are complete."""
        first = int(period.start.timestamp()) // HOUR_S
        end = -(-int(period.end.timestamp()) // HOUR_S)
        hour = int(now.timestamp()) // HOUR_S
        if hour < end:
            still_written = (log.name.first_hour for log in logs if log.name.end_hour > hour)
            end = max(first, min([hour, *still_written]))
        return cls(first, end, hour)

    def takes(self, name: LogName) -> bool:
        """Whether a log is to be read: no more is written to it, and its hours may say something.

        Of the hours before the Period that is what was delivered then already.
        """
        is_over = name.end_hour <= self.now
        return is_over and name.first_hour < self.end and name.end_hour > self.first_read

    @property
    def first_read(self) -> int:
        """The first hour whose logs are read, where there are any."""
        return self.first - LOOK_BACK_HOURS


class Gap(NamedTuple):
    """Hours of one server's series, counted from 1970, UTC, that no whole log stands for."""

    server: str
    series: str
    hours: frozenset[int]


class _Slot(NamedTuple):
    """The hours that logs with the same name but for their number stand for."""

    server: str
    series: str
    first_hour: int
    hours: int


def gaps_in(
    span: Span,
    servers: Collection[str],
    logs: Sequence[LogFile],
    faulty: Collection[int] = (),
    sizes: Mapping[int, int] | None = None,
) -> tuple[Gap, ...]:
    """What is missing of the span, by server and series.

    Args:
        servers: All that there are, with and without logs.
        faulty: The places in `logs` of those that can't be counted.
        sizes: Bytes of the logs that were read, by their place, unpacked.
    """
    covered: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    slots = _slots(span, logs)
    sizes = sizes or {}
    full = _full_bytes(slots.values(), logs, sizes)
    for slot, places in slots.items():
        if _is_complete(logs, places, faulty) and not _lacks_next(logs, places, sizes, full):
            hours = range(slot.first_hour, slot.first_hour + slot.hours)
            covered[slot.server, slot.series].update(hours)
    asked = frozenset(range(span.first, span.end))
    return tuple(
        Gap(server, series, missing)
        for server, series in _expected(servers, logs)
        if (missing := asked - covered[server, series])
    )


def days_of(gaps: Iterable[Gap], period: Period) -> tuple[date, ...]:
    """The local days of the Period that have an hour of these, ascending."""
    hours = {hour for gap in gaps for hour in gap.hours}
    seconds = (second for hour in hours for second in (hour * HOUR_S, (hour + 1) * HOUR_S - 1))
    days = {datetime.fromtimestamp(second, UTC).astimezone(period.tz).date() for second in seconds}
    return tuple(sorted(day for day in days if period.first_day <= day <= period.last_day))


def _slots(span: Span, logs: Sequence[LogFile]) -> Mapping[_Slot, list[int]]:
    """The places in `logs` of those that are read."""
    slots: defaultdict[_Slot, list[int]] = defaultdict(list)
    for place, log in enumerate(logs):
        name = log.name
        if span.takes(name):
            slots[_Slot(log.server, name.series, name.first_hour, name.hours)].append(place)
    return slots


def _expected(servers: Collection[str], logs: Iterable[LogFile]) -> Iterator[tuple[str, str]]:
    """Every server and series that must have logs: what one server has, the others have too.

    Servers of Exchange 2010 have other series than later ones, and are not held against them.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for log in logs:
        found[log.server].add(log.name.series)
    later = [series for series in found.values() if _OLD not in series]
    common = set().union(*later) - _SELDOM or {"MSGTRK"}
    for server in servers:
        own = found[server] - _SELDOM
        for series in sorted(own if _OLD in own else common):
            yield server, series


def _is_complete(logs: Sequence[LogFile], places: Iterable[int], faulty: Collection[int]) -> bool:
    """Whether none of the logs of a slot is missing, and of each there is one that counts."""
    numbers = {logs[place].name.number for place in places}
    whole = {logs[place].name.number for place in places if place not in faulty}
    return whole == numbers and numbers == set(range(1, max(numbers) + 1))


def _full_bytes(
    slots: Iterable[Sequence[int]], logs: Sequence[LogFile], sizes: Mapping[int, int]
) -> int | None:
    """At how many bytes the next log was begun; None where that was not seen."""
    full = [
        size
        for places in slots
        for place in places
        if (size := sizes.get(place, 0)) >= FULL_BYTES
        and logs[place].name.number < _last(logs, places)
    ]
    return min(full, default=None)


def _lacks_next(
    logs: Sequence[LogFile], places: Sequence[int], sizes: Mapping[int, int], full: int | None
) -> bool:
    """Whether the last log of a slot is full, so that another one must have followed."""
    if full is None:
        return False
    last = _last(logs, places)
    return any(logs[at].name.number == last and sizes.get(at, 0) >= full for at in places)


def _last(logs: Sequence[LogFile], places: Sequence[int]) -> int:
    return max(logs[place].name.number for place in places)
