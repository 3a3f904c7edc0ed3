"""Counts items by local day: what is a mail, and on which day it falls, is decided here only."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import compress
from operator import itemgetter

from mailaudit.model.domains import is_inside
from mailaudit.model.outcome import Activity, DayActivity
from mailaudit.model.period import Period
from mailaudit.sources.ews.entries import Item
from mailaudit.sources.ews.faults import malformed
from mailaudit.sources.ews.fields import REPLY_VERBS
from mailaudit.sources.mail_class import is_mail

# UTC to the second or finer: how Exchange writes every instant. Several stand on a line each.
_INSTANT = r"\d{4}-\d\d-\d\dT[0-2]\d:[0-5]\d:[0-5]\d(?:\.\d+)?Z"
_PLAIN = re.compile(rf"{_INSTANT}(?:\n{_INSTANT})*+", re.ASCII)
_TO_SECOND = len("2026-10-01T00:00:00")

# By place, which is quicker than by name.
_CLASS_OF = itemgetter(Item._fields.index("item_class"))
_RECEIVED_OF = itemgetter(Item._fields.index("received_at"))

# The places of a day's counts. Those of DayActivity behind them are known of logs alone.
_PLACES = DayActivity._fields.index("recipients_inside") - 1
_SENT, _RECEIVED, _READ, _REPLIED, _REPLY_DELAY, _INSIDE, _OUTSIDE, _TO_SELF = range(_PLACES)


def read_instant(text: str) -> datetime:
    """An instant as EWS writes it, aware, to the second.

    Fractions of a second of any length are dropped; a zone other than Z is honoured, none is UTC.
    Raises MailboxFault: an item whose date can't be read is never dropped in silence, it makes
    its mailbox Unmeasured.
    """
    fraction = text.find(".", _TO_SECOND)
    if fraction > 0:  # fromisoformat takes three or six digits only
        digits_end = fraction + 1
        while digits_end < len(text) and text[digits_end].isdigit():
            digits_end += 1
        text = text[:fraction] + text[digits_end:]
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise malformed("unreadable date") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def latest(instants: Sequence[str]) -> datetime | None:
    """The last of them, to the second; None where there is none."""
    if not instants:
        return None
    if _PLAIN.fullmatch("\n".join(instants)):  # these sort as they are
        return read_instant(max(text[:_TO_SECOND] for text in instants))
    return max(map(read_instant, instants))


def _delay_s(received_at: str, answered_at: str) -> int:
    """Seconds from receipt to answer; 0 where the server does not say when that was."""
    if not answered_at:
        return 0
    waited = read_instant(answered_at) - read_instant(received_at)
    return max(0, int(waited.total_seconds()))


def _mails(items: Sequence[Item]) -> Sequence[Item]:
    if all(map(is_mail, set(map(_CLASS_OF, items)))):
        return items  # as nearly everywhere
    return [item for item in items if is_mail(item.item_class)]


class Tally:
    """Adds up one mailbox's items of one Period.

    Args:
        days: Shared by the mailboxes of a run.
        inside_domains: The organisation's mail domains, lower case; their subdomains count too.
    """

    def __init__(self, days: "Days", inside_domains: frozenset[str]) -> None:
        self._days = days
        self._inside_domains = inside_domains
        self._counts: defaultdict[date, list[int]] = defaultdict(lambda: [0] * _PLACES)
        self._last_sent_at: datetime | None = None
        self.sent_at: list[str] = []  # of each mail sent, as the server writes it

    # Column by column: nearly all of an audit's computing is done here, and so it is done by what
    # counts without a step of Python's own for each mail.

    def add_sent(self, items: Sequence[Item]) -> None:
        """Counts items of Sent Items and the folders below it."""
        received_at = list(map(_RECEIVED_OF, _mails(items)))
        if not received_at:
            return
        self.sent_at += received_at
        days = self._days.of(received_at)
        self._add(_SENT, days)
        last = latest([text for text, day in zip(received_at, days, strict=True) if day])
        if last is not None and (self._last_sent_at is None or last > self._last_sent_at):
            self._last_sent_at = last

    def add_received(self, items: Sequence[Item]) -> None:
        """Counts items of every other mail folder."""
        mails = _mails(items)
        if not mails:
            return
        _, _, received_at, _, senders, verbs, verbs_at, is_read = zip(*mails, strict=True)
        days = self._days.of(received_at)
        self._add(_RECEIVED, days)
        self._add(_READ, compress(days, map("true".__eq__, is_read)))
        inside, outside = self._sides(set(senders))
        self._add(_INSIDE, compress(days, map(inside.__contains__, senders)))
        self._add(_OUTSIDE, compress(days, map(outside.__contains__, senders)))
        is_replied = list(map(REPLY_VERBS.__contains__, verbs))
        self._add(_REPLIED, compress(days, is_replied))
        replies = zip(days, received_at, verbs_at, strict=True)
        for day, text, verb_at in compress(replies, is_replied):
            if day is not None:
                self._counts[day][_REPLY_DELAY] += _delay_s(text, verb_at)

    def add_to_self(self, copies: Sequence[Item]) -> None:
        """Counts the copies that came of mails sent to oneself; they are received mail as well."""
        if copies:
            self._add(_TO_SELF, self._days.of(list(map(_RECEIVED_OF, copies))))

    def activity(self, mailbox: str, observed_at: datetime) -> Activity:
        """What was counted."""
        last = self._last_sent_at
        return Activity(
            mailbox,
            observed_at,
            tuple(DayActivity(day, *counts) for day, counts in sorted(self._counts.items())),
            last.astimezone(UTC) if last else None,
        )

    def _add(self, place: int, days: Iterable[date | None]) -> None:
        for day, count in Counter(days).items():
            if day is not None:
                self._counts[day][place] += count

    def _sides(self, senders: Iterable[str]) -> tuple[set[str], set[str]]:
        """Those inside the organisation and those outside; a sender without address is neither."""
        sides: tuple[set[str], set[str]] = (set(), set())
        for sender in senders:
            _, at, domain = sender.rpartition("@")
            if at:
                sides[not is_inside(domain, self._inside_domains)].add(sender)
        return sides


class Days:
    """Which local day of a Period an instant falls on; remembers whole hours.

    Safe to share between threads: two that miss the same hour find the same day.
    """

    def __init__(self, period: Period) -> None:
        self._tz = period.tz
        self._start, self._end = period.start, period.end
        self._of_hour: dict[str, date | None] = {}

    def of(self, instants: Sequence[str]) -> list[date | None]:
        """The local day of each, None outside the Period. Raises MailboxFault for no dates."""
        if _PLAIN.fullmatch("\n".join(instants)):
            hours = [text[:13] for text in instants]
            if all(map(self._learn, set(hours) - self._of_hour.keys())):
                return list(map(self._of_hour.__getitem__, hours))
        return [self._day_of(read_instant(text)) for text in instants]

    def _learn(self, hour: str) -> bool:
        """Whether all of this hour falls on one local day (unlike in a zone of odd minutes)."""
        first = self._day_of(read_instant(f"{hour}:00:00Z"))
        if first != self._day_of(read_instant(f"{hour}:59:59Z")):
            return False
        self._of_hour[hour] = first
        return True

    def _day_of(self, moment: datetime) -> date | None:
        if not self._start <= moment < self._end:
            return None
        return moment.astimezone(self._tz).date()
