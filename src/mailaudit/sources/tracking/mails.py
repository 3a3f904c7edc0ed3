"""Each mail once: the records of some mails in, facts about mailboxes out.

The order in which records come changes nothing: logs of several servers are read in any.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from mailaudit.model.period import Period
from mailaudit.sources.tracking.days import DayOfMonth
from mailaudit.sources.tracking.records import FACT, RECORD, Kind, Place, bucket_of_mailbox

_Sent = tuple[bytes, int]  # hash of the mail's id, number of the mailbox
_Copy = tuple[bytes, int, int]  # those, and the CRC of the network id between them

_PLACE_OF_PROGRAM: Mapping[int, int] = {
    Kind.BY_SMTP: Place.BY_SMTP,
    Kind.BY_PHONE: Place.BY_PHONE,
    Kind.BY_WEB: Place.BY_WEB,
}
_PLACE_OF_SIDE: Mapping[int, int] = {
    Kind.DELIVERED_INSIDE: Place.FROM_INSIDE,
    Kind.DELIVERED_OUTSIDE: Place.FROM_OUTSIDE,
}
# Which recipients are believed: those that the sender's own program named, where it did.
_TO: Mapping[int, int] = {Kind.TO_INSIDE: Place.TO_INSIDE, Kind.TO_OUTSIDE: Place.TO_OUTSIDE}
_SMTP_TO: Mapping[int, int] = {
    Kind.SMTP_TO_INSIDE: Place.TO_INSIDE,
    Kind.SMTP_TO_OUTSIDE: Place.TO_OUTSIDE,
}


def facts_of(
    records: bytes, period: Period, not_to_count: Collection[int] = ()
) -> dict[int, bytearray]:
    """What some mails say of mailboxes, by bucket of the mailbox.

    Sent is one mail for each id and sender, on the day of its first row, by the program that its
    strongest row names. Delivered is one copy for each id, network id and recipient, on the day it
    came first: what a server delivers again, or a second log tells again, does not count.

    Args:
        records: All of the mails that they are of.
        not_to_count: The numbers of logs that can't be counted.
    """
    no_mails: set[bytes] = set()
    sent: dict[_Sent, tuple[int, int]] = {}
    copies: dict[_Copy, tuple[int, int]] = {}
    recipients: defaultdict[_Sent, set[tuple[int, int]]] = defaultdict(set)
    for key, other, number, second, log, kind in RECORD.iter_unpack(records):
        if log in not_to_count:
            continue
        if kind == Kind.NO_MAIL:
            no_mails.add(key)
        elif kind <= Kind.BY_WEB:
            first, program = sent.get((key, number), (second, kind))
            sent[key, number] = min(first, second), max(program, kind)
        elif kind <= Kind.DELIVERED_OUTSIDE:
            copy = copies.get((key, other, number))
            if copy is None or second < copy[0]:
                copies[key, other, number] = second, kind
        else:
            recipients[key, number].add((kind, other))
    facts = _Facts(period)
    for (key, number), (second, kind) in sent.items():
        if key not in no_mails:
            facts.add_sent(number, second, kind, recipients.get((key, number), ()))
    for (key, _, number), (second, kind) in copies.items():
        if key not in no_mails:
            facts.add_copy(number, second, kind, (key, number) in sent)
    return facts.found


class _Facts:
    def __init__(self, period: Period) -> None:
        self._days = DayOfMonth(period)
        self.found: defaultdict[int, bytearray] = defaultdict(bytearray)

    def add_sent(
        self, number: int, second: int, kind: int, recipients: Collection[tuple[int, int]]
    ) -> None:
        if not (day := self._days.of(second)):
            return
        facts = self.found[bucket_of_mailbox(number)]
        facts += FACT.pack(number, second, day, Place.SENT)
        if kind in _PLACE_OF_PROGRAM:
            facts += FACT.pack(number, 0, day, _PLACE_OF_PROGRAM[kind])
        believed = _SMTP_TO if kind == Kind.BY_SMTP else _TO
        for side, recipient in recipients:
            if side in believed:
                facts += FACT.pack(number, recipient, day, believed[side])

    def add_copy(self, number: int, second: int, kind: int, is_own: bool) -> None:
        if not (day := self._days.of(second)):
            return
        facts = self.found[bucket_of_mailbox(number)]
        facts += FACT.pack(number, 0, day, Place.RECEIVED)
        if kind in _PLACE_OF_SIDE:
            facts += FACT.pack(number, 0, day, _PLACE_OF_SIDE[kind])
        if is_own:
            facts += FACT.pack(number, 0, day, Place.TO_SELF)
