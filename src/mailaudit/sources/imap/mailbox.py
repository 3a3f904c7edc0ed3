"""Reads one mailbox: logs in and lists its folders, then asks all of them at once.

Two flights of commands in the common case, after a connection was made; one more for servers
without SEARCHRES (RFC 5182), and for many folders.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from mailaudit.model.outcome import Activity
from mailaudit.model.period import Period
from mailaudit.sources.imap.faults import fault_of, malformed, refusal_of
from mailaudit.sources.imap.folders import Counted, quoted
from mailaudit.sources.imap.tally import MONTHS, Days, Tally, is_mail
from mailaudit.sources.imap.wire import Line, Wire

FOLDERS_AT_ONCE = 25  # so few commands lie in the buffers of any connection
MAX_SET_BYTES = 4000  # numbers of mails in one command; servers take 8,000 bytes or more
SETS_AT_ONCE = 8
# SEARCH looks at the date in the zone in which the server keeps it; days are cut here.
_MARGIN = timedelta(days=1)
_FIELDS = b"(FLAGS INTERNALDATE)"
_UIDVALIDITY = re.compile(rb"OK \[UIDVALIDITY (\d{1,10})\]", re.I)
_ESEARCH = re.compile(rb"ESEARCH\b[^\r\n]*?", re.I)
_COUNT = re.compile(rb" COUNT (\d{1,10})\b", re.I)
_ALL = re.compile(rb" ALL ([\d:,]+)", re.I)
_SEARCH = re.compile(rb"SEARCH((?: \d{1,10})*) ?\Z", re.I)


@dataclass(slots=True)
class _Asked:
    """What one folder has answered.

    Attributes:
        found: How many mails its search found; None before.
        fetched: How many of them came.
        sets: Their numbers, where they are asked for by number.
    """

    name: bytes
    is_sent: bool
    validity: bytes = b""
    found: int | None = None
    fetched: int = 0
    sets: list[bytes] = field(default_factory=list)


class MailboxReader:
    """Turns one mailbox that is logged in into its Activity.

    Args:
        clock: Now, UTC.
    """

    def __init__(self, period: Period, clock: Callable[[], datetime]) -> None:
        self._days = Days(period)
        self._clock = clock
        first, end = (moment.astimezone(period.tz).date() for moment in (period.start, period.end))
        self._dates = b"SINCE %b BEFORE %b" % (_written(first - _MARGIN), _written(end + _MARGIN))

    def activity(
        self,
        mailbox: str,
        wire: Wire,
        folders: Counted,
        capabilities: frozenset[str],
        and_leave: Callable[[], None],
    ) -> Activity:
        """What the mailbox did in the Period. Raises MailboxFault.

        Args:
            and_leave: Called where it logs out behind the last question, once that was sent.
        """
        observed_at = self._clock()
        tally = Tally(self._days)
        asked = [_Asked(name, is_sent=True) for name in folders.sent]
        asked += [_Asked(name, is_sent=False) for name in folders.others]
        is_quick = {"SEARCHRES", "ESEARCH"} <= capabilities
        for start in range(0, len(asked), FOLDERS_AT_ONCE):
            some = asked[start : start + FOLDERS_AT_ONCE]
            is_last = start + FOLDERS_AT_ONCE >= len(asked)
            if is_quick:
                self._search_and_fetch(wire, some, tally, and_leave if is_last else None)
            else:
                self._search(wire, some, is_extended="ESEARCH" in capabilities)
                self._fetch(wire, some, tally)
        return tally.activity(mailbox, observed_at)

    def _search_and_fetch(
        self,
        wire: Wire,
        folders: Sequence[_Asked],
        tally: Tally,
        and_leave: Callable[[], None] | None,
    ) -> None:
        """Everything in one flight: the server remembers what it found."""
        commands = []
        for folder in folders:
            commands += [
                b"EXAMINE " + quoted(folder.name),
                b"UID SEARCH RETURN (SAVE COUNT) " + self._dates,
                b"UID FETCH $ " + _FIELDS,
            ]

        def heed(at: int, line: Line) -> None:
            folder, step = folders[at // 3], at % 3
            if step == 1 and isinstance(line, bytes) and _ESEARCH.match(line):
                folder.found = _count(line)
            elif step == 2 and isinstance(line, bytes) and is_mail(line):
                folder.fetched += tally.add(line, is_sent=folder.is_sent)

        _require_ok(commands, wire.fly(commands, heed, and_leave=and_leave))
        _require_complete(folders)

    def _search(self, wire: Wire, folders: Sequence[_Asked], *, is_extended: bool) -> None:
        returned = b"RETURN (ALL COUNT) " if is_extended else b""
        commands = []
        for folder in folders:
            commands += [
                b"EXAMINE " + quoted(folder.name),
                b"UID SEARCH " + returned + self._dates,
            ]

        def heed(at: int, line: Line) -> None:
            folder = folders[at // 2]
            if not isinstance(line, bytes):
                return
            if at % 2 == 0:
                if found := _UIDVALIDITY.match(line):
                    folder.validity = found[1]
            elif _ESEARCH.match(line):
                folder.found = _count(line)
                numbers = _ALL.search(line)
                folder.sets = _divided(numbers[1].split(b",")) if numbers else []
            elif found := _SEARCH.match(line):
                uids = sorted(set(map(int, found[1].split())))
                folder.found = len(uids)
                folder.sets = _divided(_ranges(uids))

        _require_ok(commands, wire.fly(commands, heed))
        if any(folder.found is None for folder in folders):
            raise malformed("no answer to SEARCH")

    def _fetch(self, wire: Wire, folders: Sequence[_Asked], tally: Tally) -> None:
        """What was found, by number; a folder is opened again, and must be the same one."""
        asked = [
            (folder, folder.sets[start : start + SETS_AT_ONCE])
            for folder in folders
            for start in range(0, len(folder.sets), SETS_AT_ONCE)
        ]
        for start in range(0, len(asked), SETS_AT_ONCE):
            commands: list[bytes] = []
            of: list[_Asked] = []
            for folder, sets in asked[start : start + SETS_AT_ONCE]:
                commands.append(b"EXAMINE " + quoted(folder.name))
                commands += [b"UID FETCH %b %b" % (numbers, _FIELDS) for numbers in sets]
                of += [folder] * (1 + len(sets))

            def heed(at: int, line: Line, of: list[_Asked] = of) -> None:
                if not isinstance(line, bytes):
                    return
                if found := _UIDVALIDITY.match(line):
                    if found[1] != of[at].validity:
                        raise fault_of("UIDVALIDITYCHANGED")
                elif is_mail(line):
                    of[at].fetched += tally.add(line, is_sent=of[at].is_sent)

            _require_ok(commands, wire.fly(commands, heed))
        _require_complete(folders)


def _require_ok(commands: Sequence[bytes], statuses: Iterator[bytes]) -> None:
    """Raises what the first command met that was not done."""
    for command, status in zip(commands, statuses, strict=True):
        if status[:2].upper() != b"OK":
            word = command.removeprefix(b"UID ").split(b" ", 1)[0].decode("ascii")
            raise refusal_of(status, word)


def _require_complete(folders: Sequence[_Asked]) -> None:
    """Raises MailboxFault unless each mail that was found has come, once."""
    for folder in folders:
        if folder.found is None:
            raise malformed("no answer to SEARCH")
        if folder.fetched != folder.found:
            raise malformed("mails missing")


def _count(line: bytes) -> int:
    found = _COUNT.search(line)
    if found is None:
        raise malformed("no count in an answer to SEARCH")
    return int(found[1])


def _ranges(uids: Sequence[int]) -> Iterator[bytes]:
    """1, 2, 3, 7 -> "1:3", "7"."""
    start = 0
    for at in range(1, len(uids) + 1):
        if at == len(uids) or uids[at] != uids[at - 1] + 1:
            first, last = uids[start], uids[at - 1]
            yield b"%d" % first if first == last else b"%d:%d" % (first, last)
            start = at


def _divided(ranges: Iterator[bytes] | list[bytes]) -> list[bytes]:
    """Sets of numbers, each short enough for a command."""
    sets: list[bytes] = []
    some: list[bytes] = []
    size = 0
    for one in ranges:
        if some and size + len(one) > MAX_SET_BYTES:
            sets.append(b",".join(some))
            some, size = [], 0
        some.append(one)
        size += len(one) + 1
    if some:
        sets.append(b",".join(some))
    return sets


def _written(day: date) -> bytes:
    """A day as SEARCH takes it, in no language's month names but IMAP's own."""
    return f"{day.day}-{MONTHS[day.month - 1]}-{day.year}".encode("ascii")
