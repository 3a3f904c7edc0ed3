"""How a process does its tasks: the line from logs to records, and from records to facts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from mailaudit.model.period import Period
from mailaudit.sources.tracking.damage import Damage, DamagedLogError, Fault
from mailaudit.sources.tracking.mails import facts_of
from mailaudit.sources.tracking.names import HOUR_S, LogName
from mailaudit.sources.tracking.opening import LogFile, blocks_of
from mailaudit.sources.tracking.recording import Recorder
from mailaudit.sources.tracking.records import facts_by_mailbox, records_by_mail
from mailaudit.sources.tracking.rows import rows_of, seconds_of
from mailaudit.sources.tracking.tasks import Answer, LogRead, Noted, ReadLogs, Task

_BEGINNING_BYTES = 1 << 16
_ROWS_AT_ONCE = 1 << 13  # or some more, before records are made of them


def answers_to(task: Task, recorder: Recorder, period: Period) -> Iterator[Answer]:
    """What a task answers, as it goes."""
    if isinstance(task, ReadLogs):
        yield from _read(task.logs, recorder)
    else:
        yield facts_by_mailbox(facts_of(task.records, period, task.not_to_count))


def _read(logs: Mapping[int, LogFile], recorder: Recorder) -> Iterator[Answer]:
    read = []
    for number, log in logs.items():
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
