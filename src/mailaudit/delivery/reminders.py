"""Reminders: which people of a month get a mail about their own mailbox."""

from collections.abc import Iterable

from mailaudit.delivery.plan import Recipient
from mailaudit.model.usage import StaffState, StaffUsage


def plan_reminders(staff: Iterable[StaffUsage]) -> tuple[Recipient, ...]:
    """Those in scope who were measured and do not use their mailboxes regularly, in list order.

    Whoever is out of scope, away, without a mailbox or not measured gets none: of them nothing is
    known that they could be reminded of.
    """
    return tuple(
        Recipient(one.staff.mailbox.lower(), name=one.staff.name)
        for one in staff
        if one.state is StaffState.MEASURED and not one.regular and one.staff.mailbox is not None
    )
