"""TrackingLogs: the message tracking logs of all servers of an organisation, as one MailSource."""

import secrets
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from mailaudit.errors import N_, ServerError
from mailaudit.model.knowledge import TRACKING_LOGS
from mailaudit.model.outcome import Outcome, Reason, Unmeasured
from mailaudit.model.snapshot import Job, SourceInfo
from mailaudit.sources.tracking.coverage import Gap, Span, days_of, gaps_in
from mailaudit.sources.tracking.crew import Crew
from mailaudit.sources.tracking.damage import Damage, Fault
from mailaudit.sources.tracking.finding import Found, find_logs
from mailaudit.sources.tracking.messages import said_of, values_of
from mailaudit.sources.tracking.opening import LogFile
from mailaudit.sources.tracking.records import BUCKETS
from mailaudit.sources.tracking.spill import Spill
from mailaudit.sources.tracking.tally import activities_of
from mailaudit.sources.tracking.tasks import CountMails, LogRead, Noted, ReadLogs, Wanted

PROCESSES = 2
KIND = "tracking"
_SAY_EVERY_S = 15.0
_LITTLE_BYTES = 32 << 20  # one process has read them before a second one has started
_BATCH_BYTES = 12 << 20  # of logs that a process reads together
_MOST_SAID = 5  # faults of single logs, before they are only counted
_MOST_DAYS = 10  # named in the detail of an outcome
_KEY_BYTES = 32


class Note(Protocol):
    """Says something to the user while logs are read: a message id, and its fields."""

    def __call__(self, message: str, /, **values: object) -> None: ...


@dataclass(slots=True)
class _Reading:
    """What is known of the logs of a Period while they are read.

    Attributes:
        faulty: Why logs can't be counted, by their number.
        sizes: Bytes of the logs that were read, unpacked, by their number.
    """

    logs: Sequence[LogFile]
    span: Span
    faulty: dict[int, Damage]
    sizes: dict[int, int]
    beginnings: dict[bytes, LogFile]
    noted: Noted = field(default_factory=Noted)

    def add(self, read: LogRead) -> None:
        log = self.logs[read.log]
        self.sizes[read.log] = read.size
        same = self.beginnings.setdefault(read.beginning, log) if read.beginning else log
        if read.damage is not None:
            self.faulty[read.log] = read.damage
        elif same.server != log.server:
            self.faulty[read.log] = Damage(Fault.OTHER_SERVER, detail=same.place)


class TrackingLogs:
    """Counts mail from the logs in the servers' folders. Nothing is written there.

    Args:
        folders: The folder of each server's logs, by the server's name.
        inside_domains: The organisation's mail domains, lower case.
        clock: Now, UTC.
        note: Notes how far the reading is, and which logs can't be counted.
        processes: How many read at once.
    """

    def __init__(
        self,
        folders: Mapping[str, Path],
        inside_domains: frozenset[str],
        clock: Callable[[], datetime],
        note: Note,
        processes: int = PROCESSES,
    ) -> None:
        self._folders = folders
        self._inside_domains = inside_domains
        self._clock = clock
        self._note = note
        self._processes = processes
        self._is_paused = False
        self._crew: Crew | None = None

    def describe(self) -> SourceInfo:
        """Whose logs they are."""
        return describe(self._folders)

    def check(self) -> None:
        """Looks whether there are logs of each server.

        Raises:
            ServerError: A folder can't be read, or has none.
        """
        found = find_logs(self._folders)
        for server, folder in self._folders.items():
            if not any(log.server == server for log in found.logs):
                raise no_logs(server, folder, found)

    def outcomes(self, job: Job) -> Generator[Sequence[Outcome]]:
        """One Outcome per mailbox, once all logs were read; until then batches of none.

        All are Unmeasured where a day of the Period lacks a log of any server: part of a month
        can't stand for all of it.
        """
        found = find_logs(self._folders)
        for stray in found.strays[:_MOST_SAID]:
            self._say(stray.damage, str(stray.path))
        span = Span.of(job.period, self._clock(), found.logs)
        reading = _Reading(found.logs, span, {}, {}, {})
        gaps = gaps_in(span, self._folders, found.logs)
        if not gaps:
            yield from self._counted(job, reading)
            return
        yield self._unmeasured(job, gaps)

    def pause(self) -> None:
        """Begins no further batch of logs until `resume`. May be called by a handler of signals."""
        self._is_paused = True

    def resume(self) -> None:
        """Goes on after `pause`. May be called by a handler of signals."""
        self._is_paused = False

    def close(self) -> None:
        """Ends the processes that read."""
        if self._crew is not None:
            self._crew.close()
            self._crew = None

    def _counted(self, job: Job, reading: _Reading) -> Generator[Sequence[Outcome]]:
        """Reads the logs, counts each mail once, adds up: three passes, each within bounds."""
        numbers = [n for n, log in enumerate(reading.logs) if reading.span.takes(log.name)]
        is_little = sum(reading.logs[n].size for n in numbers) <= _LITTLE_BYTES
        wanted = Wanted(_numbers(job), self._inside_domains, secrets.token_bytes(_KEY_BYTES))
        self._crew = Crew(1 if is_little else self._processes, wanted, job.period)
        with closing(Spill(BUCKETS)) as records, closing(Spill(BUCKETS)) as facts:
            try:
                for _ in self._read(self._crew, numbers, reading, records):
                    yield ()
                gaps = self._gaps(reading)
                if gaps:
                    yield self._unmeasured(job, gaps)
                    return
                faulty = frozenset(reading.faulty)
                tasks = (CountMails(records.take(bucket), faulty) for bucket in range(BUCKETS))
                for answer in self._crew.do(tasks, lambda: self._is_paused):
                    if isinstance(answer, dict):
                        facts.add(answer)
                    yield ()
            finally:
                self.close()
            observed_at = self._clock()
            for bucket in range(BUCKETS):
                found = facts.take(bucket)
                yield list(activities_of(found, bucket, job.mailboxes, job.period, observed_at))

    def _read(
        self, crew: Crew, numbers: Sequence[int], reading: _Reading, records: Spill
    ) -> Iterator[None]:
        """Fills the spill with the records of the logs."""
        done, said_at = 0, time.monotonic()
        tasks = map(ReadLogs, _batches(numbers, reading.logs))
        for answer in crew.do(tasks, lambda: self._is_paused):
            if isinstance(answer, LogRead):
                done += 1
                reading.add(answer)
                damage = reading.faulty.get(answer.log)
                if damage is not None and len(reading.faulty) <= _MOST_SAID:
                    self._say(damage, reading.logs[answer.log].place)
            elif isinstance(answer, Noted):
                reading.noted.add(answer)
            elif answer is not None:
                records.add(answer)
            if time.monotonic() - said_at >= _SAY_EVERY_S:
                said_at = time.monotonic()
                self._note(N_("{done} of {total} logs read …"), done=done, total=len(numbers))
            yield
        self._say_noted(reading.noted)
        if len(reading.faulty) > _MOST_SAID:
            self._note(N_("{count} logs in all can't be counted."), count=len(reading.faulty))

    def _say_noted(self, noted: Noted) -> None:
        if noted.unproven:
            self._note(
                N_(
                    "{count} mails in the name of staff came by SMTP without a login: they can be"
                    " from anybody, and do not count as sent."
                ),
                count=noted.unproven,
            )
        if noted.unknown:
            self._note(
                N_(
                    "{count} rows of the logs have events that Microsoft does not describe; they do"
                    " not count: {events}."
                ),
                count=sum(noted.unknown.values()),
                events=", ".join(name for name, _ in noted.unknown.most_common(_MOST_SAID)),
            )

    def _gaps(self, reading: _Reading) -> Sequence[Gap]:
        """What is missing, now that every log was read."""
        span, logs = reading.span, reading.logs
        gaps = gaps_in(span, self._folders, logs, reading.faulty, reading.sizes)
        if gaps or span.first == span.end or (reading.noted.delivered and reading.noted.submitted):
            return gaps
        # No mail in any of them: logs of a series were left out on every server.
        series = "MSGTRKMS" if reading.noted.delivered else "MSGTRKMD"
        hours = frozenset(range(span.first, span.end))
        return [Gap(server, series, hours) for server in self._folders]

    def _unmeasured(self, job: Job, gaps: Sequence[Gap]) -> Sequence[Outcome]:
        days = days_of(gaps, job.period)
        servers = sorted({gap.server for gap in gaps})
        self._note(
            N_(
                "Logs are missing on {count} days: {days} ({servers}). Mail of that month is not"
                " measured from logs. Which ones: mailaudit check{options}"
            ),
            count=len(days),
            days=_listed(days),
            servers=", ".join(servers),
        )
        detail = f"{len(days)}: {_listed(days)}; {', '.join(servers)}"
        now = self._clock()
        return [Unmeasured(mailbox, now, Reason.LOG_MISSING, detail) for mailbox in job.mailboxes]

    def _say(self, damage: Damage, place: str) -> None:
        message, remedy = said_of(damage)
        self._note(message, **values_of(damage, place))
        self._note(remedy)


def _batches(numbers: Sequence[int], logs: Sequence[LogFile]) -> Iterator[Mapping[int, LogFile]]:
    """The logs of these numbers, some small ones at a time."""
    batch: dict[int, LogFile] = {}
    size = 0
    for number in numbers:
        batch[number] = logs[number]
        size += logs[number].size
        if size >= _BATCH_BYTES:
            yield batch
            batch, size = {}, 0
    if batch:
        yield batch


def describe(folders: Mapping[str, Path]) -> SourceInfo:
    """Whose logs they are, as printed in reports."""
    return SourceInfo(KIND, ", ".join(folders), "", "", knows=TRACKING_LOGS)


def no_logs(server: str, folder: Path, found: Found) -> ServerError:
    """What is said where a server's folder has no log."""
    stray = next((one for one in found.strays if one.server == server), None)
    if stray is not None:
        message, remedy = said_of(stray.damage)
        return ServerError(message, remedy, **values_of(stray.damage, str(stray.path)))
    return ServerError(
        N_("{folder} has no message tracking log of {server}."),
        N_(
            "Name the folder that Exchange writes them to, or a copy of it; the files are called"
            " MSGTRK… and end in .LOG, .LOG.gz or .zip."
        ),
        folder=folder,
        server=server,
    )


def _numbers(job: Job) -> Mapping[bytes, int]:
    """The number of each mailbox, by its address and its further ones."""
    numbers: dict[bytes, int] = {}
    for number, mailbox in enumerate(job.mailboxes):
        for address in job.aliases.get(mailbox, ()):
            numbers.setdefault(address.lower().encode(), number)
    # Its own address is a mailbox's, whatever other lists say.
    for number, mailbox in enumerate(job.mailboxes):
        numbers[mailbox.lower().encode()] = number
    return numbers


def _listed(days: Sequence[date]) -> str:
    named = ", ".join(str(day) for day in days[:_MOST_DAYS])
    return f"{named} …" if len(days) > _MOST_DAYS else named
