"""What processes do for a TrackingLogs, and what they answer: logs read, mails counted once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from mailaudit.model.period import Period
from mailaudit.sources.tracking.damage import Damage, DamagedLogError, Fault
from mailaudit.sources.tracking.events import Events, Wanted
from mailaudit.sources.tracking.mails import facts_of
from mailaudit.sources.tracking.opening import LogFile, blocks_of
from mailaudit.sources.tracking.records import Chunks, facts_by_mailbox, records_by_mail
from mailaudit.sources.tracking.rows import rows_of

_RECORDS_AT_ONCE = 1 << 15  # or some more, before they are handed over


@dataclass(frozen=True, slots=True)
class LogRead:
    """What became of a log.

    Attributes:
        log: Its number.
        damage: Why it can't be counted; None where it can.
        size: Bytes, unpacked.
        beginning: Hash of its first block and size; two logs with the same are one.
        unproven, submitted, delivered: As of `Events`.
    """

    log: int
    damage: Damage | None
    size: int
    beginning: bytes
    unproven: int
    submitted: int
    delivered: int


@dataclass(frozen=True, slots=True)
class ReadLog:
    """Reads one log; answers with Chunks of records, and at the end a LogRead."""

    number: int
    log: LogFile

    def answers(self, wanted: Wanted, _period: Period) -> "Iterator[Chunks | LogRead]":
        events = Events(wanted, self.number)
        blocks = _Blocks(blocks_of(self.log.path, self.log.member))
        damage = None
        try:
            for rows in rows_of(blocks):
                events.add(rows)
                if len(events.kept) >= _RECORDS_AT_ONCE:
                    yield records_by_mail(events.taken())
            yield records_by_mail(events.taken())
            damage = self._other_hours(events)
        except DamagedLogError as error:
            damage = error.damage
        yield LogRead(
            self.number,
            damage,
            blocks.size,
            blocks.beginning if events.submitted or events.delivered else b"",
            events.unproven,
            events.submitted,
            events.delivered,
        )

    def _other_hours(self, events: Events) -> Damage | None:
        """A fault where rows are of other hours than the name says, by more than one."""
        name, hours = self.log.name, events.hours
        if hours is None or (name.first_hour - 1 <= hours[0] and hours[1] <= name.end_hour):
            return None
        return Damage(Fault.OTHER_HOURS)


@dataclass(frozen=True, slots=True)
class CountMails:
    """Counts each mail of a bucket once; answers with Chunks of facts."""

    records: bytes
    not_to_count: frozenset[int]

    def answers(self, _wanted: Wanted, period: Period) -> Iterator[Chunks]:
        yield facts_by_mailbox(facts_of(self.records, period, self.not_to_count))


Task = ReadLog | CountMails
Answer = Chunks | LogRead


class _Blocks:
    """Blocks on their way, their sum and the hash of the first."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = blocks
        self._first = b""
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            self._first = self._first or blake2b(block, digest_size=16).digest()
            self.size += len(block)
            yield block

    @property
    def beginning(self) -> bytes:
        return self._first + self.size.to_bytes(8)
