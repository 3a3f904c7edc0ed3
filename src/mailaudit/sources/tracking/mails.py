"""Each mail once: the records of some mails in, facts about mailboxes out.

The order in which records come changes nothing: logs of several servers are read in any.
"""

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mailaudit.model.period import Period
from mailaudit.sources.tracking.days import days_of_month
from mailaudit.sources.tracking.records import FACT, RECORD, Kind, Table, starts_of_groups

_SMTP_MORE = Kind.SMTP_TO_INSIDE - Kind.TO_INSIDE
_ODD = np.uint64(0x9E3779B97F4A7C15)  # spreads the numbers of mailboxes over 64 bits

_Column = NDArray[Any]


def facts_of(records: bytes, period: Period, not_to_count: Collection[int] = ()) -> Table:
    """What some mails say of mailboxes.

    Sent is one mail for each id and sender, on the day of its first row, by the program that its
    strongest row names. Delivered is one copy for each id, network id and recipient, on the day it
    came first: what a server delivers again, or a second log tells again, does not count.

    Args:
        records: All of the mails that they are of.
        not_to_count: The numbers of logs that can't be counted.
    """
    table = np.frombuffer(records, RECORD)
    if not_to_count:
        table = table[~np.isin(table["log"], list(not_to_count))]
    is_no_mail = table["kind"] == Kind.NO_MAIL
    if is_no_mail.any():
        table = table[~np.isin(table["key"], table["key"][is_no_mail])]
    kinds = table["kind"]
    sent = _sent(table[kinds <= Kind.BY_WEB])
    copies = _copies(table[(kinds > Kind.BY_WEB) & (kinds <= Kind.DELIVERED_OUTSIDE)])
    own = copies[np.isin(_pairs(copies), _pairs(sent))]
    own["kind"] = Kind.TO_SELF
    recipients = _recipients(table[kinds > Kind.DELIVERED_OUTSIDE], sent)
    for several in (copies, own):
        several["other"] = 0
    sent["other"] = sent["second"]
    found = np.concatenate([sent, copies, own, recipients])
    days = days_of_month(found["second"], period)
    facts = np.empty(len(found), FACT)
    for name in ("number", "other", "kind"):
        facts[name] = found[name]
    facts["day"] = days
    return facts[days > 0]


def _sent(table: Table) -> Table:
    """One row for each mail and sender: its first time, its strongest kind."""
    pairs = _pairs(table)
    order = np.lexsort((table["second"], pairs))
    starts = starts_of_groups(pairs[order])
    mails: Table = table[order][starts]
    if len(starts):
        mails["kind"] = np.maximum.reduceat(table["kind"][order], starts)
    return mails


def _copies(table: Table) -> Table:
    """One row for each mail, network id and recipient: the first."""
    pairs = _pairs(table)
    order = np.lexsort((table["kind"], table["second"], table["other"], pairs))
    copies: Table = table[order][starts_of_groups(pairs[order], table["other"][order])]
    return copies


def _recipients(table: Table, sent: Table) -> Table:
    """Recipients at the time when their mail was sent.

    Those that the sender's own program named are believed, those of a hop by SMTP without them:
    lists are taken apart on the way.
    """
    pairs, of_sent = _pairs(table), _pairs(sent)
    is_named = table["kind"] <= Kind.TO_OUTSIDE
    keeps = (is_named | ~np.isin(pairs, pairs[is_named])) & np.isin(pairs, of_sent)
    found = table[keeps]
    found["kind"][found["kind"] > Kind.TO_OUTSIDE] -= _SMTP_MORE
    order = np.argsort(of_sent)
    found["second"] = sent["second"][order[np.searchsorted(of_sent, pairs[keeps], sorter=order)]]
    return found


def _pairs(table: Table) -> _Column:
    """A number for each mail and mailbox."""
    pairs: _Column = table["key"] ^ (table["number"].astype(np.uint64) * _ODD)
    return pairs
