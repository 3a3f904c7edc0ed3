"""Mailboxes that stand on a list twice: under their former domain, and under today's."""

from collections.abc import Sequence

from mailaudit.errors import N_
from mailaudit.model.lineage import Lineage
from mailaudit.model.roster import Problem, Staff

TWICE = N_(
    '"{old}" is now "{new}", which stands at {first}: keep one of the two rows, or leave the domain'
    " out of organisation.renamed_domains until it has moved"
)


def same_mailboxes(staff: Sequence[Staff], lineage: Lineage) -> tuple[Problem, ...]:
    """A fault for each row whose mailbox is that of another row, under its former domain."""
    if not lineage.mail_domains:
        return ()
    rows = {person.mailbox: person.row for person in staff if person.mailbox is not None}
    faults = []
    for mailbox, row in rows.items():
        newest = lineage.newest_address(mailbox)
        if newest != mailbox and newest in rows:
            values = (("old", mailbox), ("new", newest), ("first", rows[newest]))
            faults.append(Problem(row, TWICE, values))
    return tuple(faults)
