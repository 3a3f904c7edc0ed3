"""Use: the one thing that can be said of how somebody in scope used the mailbox in a Period."""

from collections.abc import Mapping
from enum import StrEnum

from mailaudit.model.gaps import Gaps
from mailaudit.model.usage import Counts, StaffState, StaffUsage


class Use(StrEnum):
    """How somebody in scope used the mailbox, best first; those not measured stand last.

    SENDS and SENT_NOTHING each stand for their two neighbours together: where readers may not know
    how many are in which and, SENT_NOTHING, where reading is not counted.
    """

    REGULAR = "regular"
    UNREAD = "unread"  # sent on enough days, but read too little
    FEW_DAYS = "few_days"  # sent, but on too few working days
    SENDS = "sends"  # UNREAD and FEW_DAYS
    ONLY_READ = "only_read"  # read, but sent nothing
    UNUSED = "unused"  # neither sent nor read anything
    SENT_NOTHING = "sent_nothing"  # ONLY_READ and UNUSED
    NOT_PROVIDED = "not_provided"
    UNMEASURED = "unmeasured"


GAP_USES = (Use.UNREAD, Use.FEW_DAYS, Use.ONLY_READ, Use.UNUSED)  # not known without Gaps


def use_of(usage: StaffUsage) -> Use | None:
    """The first of these that applies to a person; None of somebody out of scope.

    No mailbox: NOT_PROVIDED. Not measured: UNMEASURED. F4: REGULAR. Nothing sent: ONLY_READ where
    something was read, else UNUSED; where reading is not counted, SENT_NOTHING. Sent on fewer than
    `min_sent_days` working days: FEW_DAYS. What is left read too little: UNREAD. Mail sent on 2
    days, none of it read: FEW_DAYS.
    """
    match usage.state:
        case StaffState.EXEMPT | StaffState.EXCLUDED:
            return None
        case StaffState.NOT_PROVIDED:
            return Use.NOT_PROVIDED
        case StaffState.UNMEASURED:
            return Use.UNMEASURED
    if usage.regular:
        return Use.REGULAR
    if not usage.has_sent:
        if usage.has_read is None:
            return Use.SENT_NOTHING
        return Use.ONLY_READ if usage.has_read else Use.UNUSED
    return Use.UNREAD if usage.sent_enough else Use.FEW_DAYS


def people_by_use(counts: Counts, gaps: Gaps) -> Mapping[Use, int]:
    """Those in scope by their use, in the order of `Use`; empty where F4 is not printed exactly, or
    is of several kinds of sources.

    30 in scope, 28 provided, 1 unmeasured, 20 sent, 15 regular: 15 REGULAR, 5 SENDS, 7
    SENT_NOTHING, 2 NOT_PROVIDED and 1 UNMEASURED. With gaps of 4 and 1: 1 UNREAD and 4 FEW_DAYS
    for the 5, 6 ONLY_READ and 1 UNUSED for the 7. Where reading is not counted the 5 are FEW_DAYS
    and the 7 SENT_NOTHING, whatever the gaps.

    Raises:
        ValueError: The numbers contradict each other, which no measuring gives.
    """
    if counts.is_coarse or counts.is_mixed:
        return {}
    sends, silent = counts.sent - counts.regular, counts.measured - counts.sent
    people = {Use.REGULAR: counts.regular}
    if not counts.reads:
        people[Use.FEW_DAYS] = sends
    elif gaps.few_days is None:
        people[Use.SENDS] = sends
    else:
        people |= {Use.UNREAD: sends - gaps.few_days, Use.FEW_DAYS: gaps.few_days}
    if gaps.unused is None or not counts.reads:
        people[Use.SENT_NOTHING] = silent
    else:
        people |= {Use.ONLY_READ: silent - gaps.unused, Use.UNUSED: gaps.unused}
    people[Use.NOT_PROVIDED] = counts.in_scope - counts.provided
    people[Use.UNMEASURED] = counts.unmeasured
    if min(people.values()) < 0 or sum(people.values()) != counts.in_scope:
        raise ValueError(f"people by use {people} contradict {counts}")
    return people
