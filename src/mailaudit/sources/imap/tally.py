"""Counts mails by local day: what is counted, and on which day it falls, is decided here only."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

from imapclient.exceptions import ProtocolError
from imapclient.response_parser import parse_fetch_response

from mailaudit.model.outcome import Activity, DayActivity
from mailaudit.model.period import Period
from mailaudit.sources.imap.faults import malformed

# The three things that are asked of a mail, in any order, as nearly every server writes them.
_MAIL = re.compile(
    rb"\d+ FETCH \((?:(?:UID (\d{1,10})|FLAGS \(([^()\r\n]*)\)|INTERNALDATE"
    rb' "([ \d]\d-[A-Za-z]{3}-\d{4} \d\d:\d\d:\d\d [+-]\d{4})") ?){3}\)'
)
_FETCH = re.compile(rb"\d+ FETCH\b", re.I)
# Not those of the machine's language.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name.lower(): number for number, name in enumerate(MONTHS, start=1)}
_HOUR, _ZONE = len("01-Jan-2026 10"), len("01-Jan-2026 10:00:00 ")


def is_mail(line: bytes) -> bool:
    """Whether an untagged line is of a mail."""
    return _FETCH.match(line) is not None


class Days:
    """Which local day of a Period a date of IMAP falls on; remembers whole hours.

    Safe to share between threads: two that miss the same hour find the same day.
    """

    def __init__(self, period: Period) -> None:
        self._tz = period.tz
        self._start, self._end = period.start, period.end
        self._of_hour: dict[tuple[str, str], date | None] = {}

    def of(self, text: str) -> date | None:
        """The local day, None outside the Period. Raises MailboxFault for no date."""
        key = (text[:_HOUR], text[_ZONE:])
        try:
            return self._of_hour[key]
        except KeyError:
            first, last = (self._day(f"{key[0]}:{rest} {key[1]}") for rest in ("00:00", "59:59"))
            if first != last:  # in a zone of odd minutes
                return self._day(text)
            self._of_hour[key] = first
            return first

    def _day(self, text: str) -> date | None:
        moment = read_date(text)
        if not self._start <= moment < self._end:
            return None
        return moment.astimezone(self._tz).date()


def read_date(text: str) -> datetime:
    """An INTERNALDATE, "30-Nov-2026 08:23:21 +0700", aware.

    Raises MailboxFault: a mail whose date can't be read is never dropped in silence.
    """
    try:
        ahead = timedelta(hours=int(text[22:24]), minutes=int(text[24:26]))
        zone = timezone(-ahead if text[21] == "-" else ahead)
        month = _MONTHS[text[3:6].lower()]
        day, year, hour, minute, second = (
            int(text[at:end]) for at, end in ((0, 2), (7, 11), (12, 14), (15, 17), (18, 20))
        )
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
    except (ValueError, LookupError, OverflowError) as error:
        raise malformed("unreadable date") from error


class Tally:
    """Adds up one mailbox's mails of one Period.

    Args:
        days: Shared by the mailboxes of a run.
    """

    def __init__(self, days: Days) -> None:
        self._days = days
        self._sent: dict[date, int] = {}
        self._received: dict[date, int] = {}
        self._read: dict[date, int] = {}
        self._last = ""  # the date of the latest mail sent, as the server writes it
        self._last_sent_at: datetime | None = None

    def add(self, line: bytes, *, is_sent: bool) -> bool:
        """Counts a mail from an untagged FETCH; whether it was an answer to what was asked.

        Servers tell of changed flags in such a line too. Raises MailboxFault.
        """
        found = _MAIL.fullmatch(line)
        uid, flags, text = found.groups() if found else _read_slowly(line)
        if uid is None or flags is None or text is None:
            return False
        when = text.decode("ascii")
        day = self._days.of(when)
        if day is None:
            return True
        flags = flags.upper()
        if is_sent:
            self._sent[day] = self._sent.get(day, 0) + 1
            if when != self._last:
                self._last = when
                moment = read_date(when)
                if self._last_sent_at is None or moment > self._last_sent_at:
                    self._last_sent_at = moment
        elif b"\\DRAFT" not in flags:
            self._received[day] = self._received.get(day, 0) + 1
            if b"\\SEEN" in flags:
                self._read[day] = self._read.get(day, 0) + 1
        return True

    def activity(self, mailbox: str, observed_at: datetime) -> Activity:
        """What was counted."""
        days = tuple(
            DayActivity(
                day, self._sent.get(day, 0), self._received.get(day, 0), self._read.get(day, 0)
            )
            for day in sorted(self._sent.keys() | self._received.keys())
        )
        last = self._last_sent_at
        return Activity(mailbox, observed_at, days, last.astimezone(UTC) if last else None)


def _read_slowly(line: bytes) -> tuple[bytes | None, bytes | None, bytes | None]:
    """Number, flags and date of a mail that is not written as usual, as IMAPClient reads them."""
    number, _, rest = line.partition(b" ")
    try:
        found = parse_fetch_response([number + b" " + rest[len(b"FETCH ") :]], False, False)
        (mail,) = found.values()
        flags = mail.get(b"FLAGS")
        date_at = mail.get(b"INTERNALDATE")
    except (ProtocolError, ValueError, TypeError, RecursionError) as error:
        raise malformed("unreadable answer") from error
    if not isinstance(date_at, datetime):
        if b"INTERNALDATE" in mail:
            raise malformed("unreadable date")
        return None, None, None
    month = MONTHS[date_at.month - 1]
    text = f"{date_at:%d}-{month}-{date_at.year:04d} {date_at:%H:%M:%S %z}".encode("ascii")
    known = b" ".join(flag for flag in flags if isinstance(flag, bytes)) if flags else b""
    return (b"1" if b"UID" in mail else None), known, text
