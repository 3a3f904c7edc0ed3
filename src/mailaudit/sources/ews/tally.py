"""Counts items by local day: what is a mail, and on which day it falls, is decided here only."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from mailaudit.model.outcome import Activity, DayActivity
from mailaudit.model.period import Period
from mailaudit.sources.ews.answers import Item
from mailaudit.sources.ews.faults import malformed
from mailaudit.sources.ews.fields import REPLY_VERBS


def is_mail(item_class: str) -> bool:
    """IPM.Note and below, but no automatic replies (IPM.Note.Rules.*).

    "IPM.Note" and "IPM.Note.SMIME" are mail; "IPM.Schedule.Meeting.Request",
    "REPORT.IPM.Note.NDR" and "IPM.Note.Rules.OofTemplate.Microsoft" are not. (MS-OXCMSG; the
    automatic replies' classes: MS-OXORULE 2.2.4.)
    """
    name = item_class.casefold()
    return (name == "ipm.note" or name.startswith("ipm.note.")) and not name.startswith(
        "ipm.note.rules."
    )


def read_instant(text: str) -> datetime:
    """An instant as EWS writes it, aware, to the second.

    Fractions of a second of any length are dropped; a zone other than Z is honoured, none is UTC.
    Raises MailboxFault: an item whose date can't be read is never dropped in silence, it makes
    its mailbox Unmeasured.
    """
    fraction = text.find(".", 19)
    if fraction > 0:
        digits_end = fraction + 1
        while digits_end < len(text) and text[digits_end].isdigit():
            digits_end += 1
        text = text[:fraction] + text[digits_end:]
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise malformed("unreadable date") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Tally:
    """Adds up one mailbox's items of one Period.

    Args:
        inside_domains: The organisation's mail domains, lower case; their subdomains count too.
    """

    def __init__(self, period: Period, inside_domains: frozenset[str]) -> None:
        self._tz = period.tz
        self._start, self._end = period.start, period.end
        self._inside_domains = inside_domains
        self._days: dict[date, list[int]] = {}
        self._last_sent_at: datetime | None = None

    def add_sent(self, items: Iterable[Item]) -> None:
        """Counts items of Sent Items and the folders below it."""
        for item in items:
            if not is_mail(item.item_class):
                continue
            moment = read_instant(item.received_at)
            counts = self._counts_of(moment)
            if counts is None:
                continue
            counts[0] += 1
            if self._last_sent_at is None or moment > self._last_sent_at:
                self._last_sent_at = moment

    def add_received(self, items: Iterable[Item]) -> None:
        """Counts items of every other mail folder."""
        for item in items:
            if not is_mail(item.item_class):
                continue
            moment = read_instant(item.received_at)
            counts = self._counts_of(moment)
            if counts is None:
                continue
            counts[1] += 1
            counts[2] += item.is_read
            if item.last_verb in REPLY_VERBS:
                counts[3] += 1
                if item.last_verb_at:
                    delay_s = (read_instant(item.last_verb_at) - moment).total_seconds()
                    counts[4] += max(0, int(delay_s))
            _, at, domain = item.sender.casefold().rpartition("@")
            if at:
                counts[5 if self._is_inside(domain) else 6] += 1

    def activity(self, mailbox: str, observed_at: datetime) -> Activity:
        """What was counted."""
        last = self._last_sent_at
        return Activity(
            mailbox,
            observed_at,
            tuple(DayActivity(day, *counts) for day, counts in sorted(self._days.items())),
            last.astimezone(UTC) if last else None,
        )

    def _counts_of(self, moment: datetime) -> list[int] | None:
        """The counts of the local day, or None outside the Period (a server's wide answer)."""
        if not self._start <= moment < self._end:
            return None
        day = moment.astimezone(self._tz).date()
        return self._days.setdefault(day, [0] * 7)

    def _is_inside(self, domain: str) -> bool:
        if domain in self._inside_domains:
            return True
        return any(domain.endswith("." + inside) for inside in self._inside_domains)
