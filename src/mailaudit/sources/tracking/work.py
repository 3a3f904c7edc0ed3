"""What processes do for a TrackingLogs, and what they answer: logs read, mails counted once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from mailaudit.model.period import Period
from mailaudit.sources.tracking.damage import Damage, DamagedLogError, Fault
from mailaudit.sources.tracking.mails import facts_of
from mailaudit.sources.tracking.names import HOUR_S, LogName
from mailaudit.sources.tracking.opening import LogFile, blocks_of
from mailaudit.sources.tracking.recording import Noted, Recorder
from mailaudit.sources.tracking.records import Chunks, facts_by_mailbox, records_by_mail
from mailaudit.sources.tracking.rows import rows_of, seconds_of

_BEGINNING_BYTES = 1 << 16
_ROWS_AT_ONCE = 1 << 15  # or some more, before records are made of them


@dataclass(frozen=True, slots=True)
class LogRead:
    """What became of a log.

    Attributes:
        log: Its number.
        damage: Why it can't be counted; None where it can.
        size: Bytes, unpacked.
        beginning: Hash of its beginning and size; two logs with the same are one. Empty where it
            has no rows.
    """

    log: int
    damage: Damage | None
    size: int
    beginning: bytes


@dataclass(frozen=True, slots=True)
class ReadLogs:
    """Reads logs; answers with Chunks of records, at the end a LogRead of each, and what was Noted.

    Attributes:
        logs: By their numbers.
    """

    logs: Mapping[int, LogFile]

    def answers(self, recorder: Recorder, _period: Period) -> "Iterator[Chunks | LogRead | Noted]":
        read = []
        for number, log in self.logs.items():
            blocks = _Blocks(blocks_of(log.path, log.member))
            damage, has_rows = None, False
            try:
                for rows in rows_of(blocks):
                    has_rows = True
                    _require_hours(seconds_of(rows), log.name)
                    recorder.add(number, rows)
                    if recorder.waiting >= _ROWS_AT_ONCE:
                        yield records_by_mail(recorder.taken())
            except DamagedLogError as error:
                damage = error.damage
            read.append(LogRead(number, damage, blocks.size, blocks.beginning if has_rows else b""))
        yield records_by_mail(recorder.taken())
        noted, recorder.noted = recorder.noted, Noted()
        for one in read:
            is_export = one.log in noted.exported and one.damage is None
            yield replace(one, damage=Damage(Fault.EXPORT)) if is_export else one
        yield noted


def _require_hours(seconds: NDArray[np.int64], name: LogName) -> None:
    """Raises DamagedLogError where rows are of other hours than the name says, by more than one."""
    first, last = int(seconds.min()) // HOUR_S, int(seconds.max()) // HOUR_S
    if first < name.first_hour - 1 or last > name.end_hour:
        raise DamagedLogError(Damage(Fault.OTHER_HOURS))


@dataclass(frozen=True, slots=True)
class CountMails:
    """Counts each mail of a bucket once; answers with Chunks of facts."""

    records: bytes
    not_to_count: frozenset[int]

    def answers(self, _recorder: Recorder, period: Period) -> Iterator[Chunks]:
        yield facts_by_mailbox(facts_of(self.records, period, self.not_to_count))


Task = ReadLogs | CountMails
Answer = Chunks | LogRead | Noted


class _Blocks:
    """Blocks on their way, their sum and the hash of their beginning."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = blocks
        self._first = b""
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            self._first = self._first or blake2b(block[:_BEGINNING_BYTES], digest_size=16).digest()
            self.size += len(block)
            yield block

    @property
    def beginning(self) -> bytes:
        return self._first + self.size.to_bytes(8)
