"""Each mail once: the records of some mails in, facts about mailboxes out.

The order in which records come changes nothing: logs of several servers are read in any.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mailaudit.model.period import Period
from mailaudit.sources.tracking.days import days_of_month
from mailaudit.sources.tracking.records import (
    KIND_BITS,
    RECORD,
    Kind,
    Table,
    facts,
    starts_of_groups,
)

_SMTP_MORE = Kind.SMTP_TO_INSIDE - Kind.TO_INSIDE
_KIND_MASK = (1 << KIND_BITS) - 1
# Odd numbers, which spread others over 64 bits.
_ODD, _OTHER_ODD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD1B54A32D192ED03)

_Column = NDArray[Any]


class _Records(NamedTuple):
    """Records in columns.

    Attributes:
        pair: A number for each mail and mailbox.
    """

    pair: _Column
    number: _Column
    other: _Column
    second: _Column
    kind: _Column

    def some(self, which: _Column) -> "_Records":
        return _Records(*(column[which] for column in self))


def facts_of(records: bytes, period: Period, not_to_count: Collection[int] = ()) -> Table:
    """What some mails say of mailboxes.

    Sent is one mail for each id and sender, on the day of its first row, by the program that its
    strongest row names. Delivered is one copy for each id, network id and recipient, on the day it
    came first: what a server delivers again, or a second log repeats, does not count.

    Args:
        records: All of the mails that they are of.
        not_to_count: The numbers of logs that can't be counted.
    """
    found = _counted(np.frombuffer(records, RECORD), not_to_count)
    kinds = found.kind
    sent = _sent(found.some(kinds <= Kind.BY_WEB))
    copies = _copies(found.some((kinds > Kind.BY_WEB) & (kinds <= Kind.DELIVERED_OUTSIDE)))
    own = copies.some(_places(sent.pair, copies.pair)[1])
    recipients = _recipients(found.some(kinds > Kind.DELIVERED_OUTSIDE), sent)
    own = own._replace(kind=np.full_like(own.kind, Kind.TO_SELF))
    sent = sent._replace(other=sent.second)
    return np.concatenate([_facts(one, period) for one in (sent, copies, own, recipients)])


def _counted(table: Table, not_to_count: Collection[int]) -> _Records:
    """The records of logs that count, of what is mail."""
    if not_to_count:
        table = table[~np.isin(table["mark"] >> KIND_BITS, list(not_to_count))]
    keys, kinds = table["key"].copy(), table["mark"] & _KIND_MASK
    is_none = _places(np.unique(keys[kinds == Kind.NO_MAIL]), keys)[1]
    if is_none.any():
        table, keys, kinds = table[~is_none], keys[~is_none], kinds[~is_none]
    numbers, others, seconds = (table[name].copy() for name in ("number", "other", "second"))
    return _Records(keys ^ (numbers * _ODD), numbers, others, seconds, kinds)


def _sent(records: _Records) -> _Records:
    """One record for each mail and sender, ordered by them: its first time, its strongest kind."""
    order, starts = _grouped(records.pair)
    sent = records.some(order[starts])
    if not len(starts):
        return sent
    return sent._replace(
        second=np.minimum.reduceat(records.second[order], starts),
        kind=np.maximum.reduceat(records.kind[order], starts),
    )


def _copies(records: _Records) -> _Records:
    """One record for each mail, network id and recipient: the first."""
    order, starts = _grouped(records.pair ^ (records.other * _OTHER_ODD))
    copies = records.some(order[starts])
    if not len(starts):
        return copies
    moments = records.second.astype(np.uint64) << KIND_BITS | records.kind
    first = np.minimum.reduceat(moments[order], starts)
    return copies._replace(second=first >> KIND_BITS, kind=first & _KIND_MASK)


def _recipients(records: _Records, sent: _Records) -> _Records:
    """Recipients at the time when their mail was sent.

    Those that the sender's own program named are believed, those of a hop by SMTP without them:
    lists are taken apart on the way.
    """
    places, is_sent = _places(sent.pair, records.pair)
    is_named = records.kind <= Kind.TO_OUTSIDE
    are_named = np.zeros(len(sent.pair), np.bool_)
    are_named[places[is_sent & is_named]] = True
    keeps = is_sent.copy()
    keeps[is_sent] = is_named[is_sent] | ~are_named[places[is_sent]]
    found = records.some(keeps)
    kinds = np.where(found.kind > Kind.TO_OUTSIDE, found.kind - _SMTP_MORE, found.kind)
    return found._replace(second=sent.second[places[keeps]], kind=kinds)


def _facts(records: _Records, period: Period) -> Table:
    """The facts of those within the Period."""
    days = days_of_month(records.second, period)
    return facts(records.number, days, records.kind, records.other)[days > 0]


def _grouped(numbers: _Column) -> tuple[_Column, _Column]:
    """How the numbers are ordered, and where in that order each group of the same starts."""
    order = np.argsort(numbers)
    return order, starts_of_groups(numbers[order])


def _places(ordered: _Column, numbers: _Column) -> tuple[_Column, _Column]:
    """Where in ascending numbers others stand, and whether they do."""
    if not len(ordered):
        return np.zeros(len(numbers), np.intp), np.zeros(len(numbers), np.bool_)
    places = np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)
    return places, ordered[places] == numbers
