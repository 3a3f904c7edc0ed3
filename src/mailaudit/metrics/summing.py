"""What people who are removed come to, and how they count from then on.

As long as the rules of their month are those they were summed by, every sum stays what it was.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from hashlib import sha256

from mailaudit.metrics.lines import chains
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.outcome import Reason
from mailaudit.model.period import Period
from mailaudit.model.removal import Alike, Removal
from mailaudit.model.roster import Staff
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import OutOfScope, StaffState, StaffUsage

# The rules that decide how one person counts; all others are applied to sums.
DECIDING = (
    "regular",
    "min_sent_days",
    "min_read_share",
    "read_grace_working_days",
    "read_waived_below",
    "exempt_categories",
    "exempt_job_titles",
    "in_scope_job_titles",
    "excluded_statuses",
    "min_excluded_share",
    "joined_statuses",
    "min_joined_working_days",
    "left_statuses",
)


def rules_digest(snapshot: Snapshot, calendar: WorkCalendar, rules: Rules) -> str:
    """SHA-256 (hex) of all that decides how a person of the month counts.

    That is the rules in DECIDING, and the working days, from the first of the month to the cut-off,
    of every calendar that its units have.
    """
    period = snapshot.period
    cut_off = snapshot.cut_off_at.astimezone(period.tz).date()
    last = max(period.last_day, cut_off)
    own = {code: calendar.of_unit(chain) for code, chain in chains(snapshot.roster.units).items()}
    days = {
        id(one): [day.isoformat() for day in one.working_days(period.first_day, last)]
        for one in own.values()
    }
    content = {
        "rules": {name: _plain(getattr(rules, name)) for name in DECIDING},
        "days": sorted([code, days[id(one)]] for code, one in own.items()),
    }
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def alike(usages: Collection[StaffUsage], *, is_whole: bool) -> tuple[Alike, ...]:
    """How many of the people count alike, in a fixed order.

    Args:
        is_whole: Whether nobody else of the month is left: then nothing is kept of why people were
            out of scope or not measured, which no sum of an earlier month needs.
    """
    numbers = Counter(_alike(usage, is_whole=is_whole) for usage in usages)
    found = (replace(one, people=number) for one, number in numbers.items())
    return tuple(sorted(found, key=repr))


def removed_usages(
    snapshot: Snapshot, removal: Removal, *, same_rules: bool
) -> Iterator[StaffUsage]:
    """The people removed from a snapshot, each without anything that could name them.

    By other rules nobody knows what those measured would have come to: they count as not measured,
    unless nobody is left whom they could be counted with.
    """
    for one in removal.sums.alike:
        usage = StaffUsage(
            _nobody(one, snapshot.period),
            one.unit_code,
            one.state,
            reason=one.reason,
            has_read=one.has_read,
            has_sent=one.has_sent,
            sent_enough=one.sent_enough,
            regular=one.regular,
            out_of_scope=one.out_of_scope,
            is_removed=True,
            # Before sums had kinds there was one kind of source alone.
            kind=one.kind or (snapshot.source.kind if one.state is StaffState.MEASURED else ""),
        )
        if one.state is StaffState.MEASURED and not same_rules and not removal.is_whole:
            usage = StaffUsage(
                usage.staff,
                one.unit_code,
                StaffState.UNMEASURED,
                reason=Reason.REMOVED,
                is_removed=True,
            )
        yield from (usage for _ in range(one.people))


def _alike(usage: StaffUsage, *, is_whole: bool) -> Alike:
    kind = None if is_whole else usage.out_of_scope
    staff = usage.staff
    return Alike(
        unit_code=staff.unit_code,
        state=usage.state,
        out_of_scope=kind,
        word="" if kind is None else kind.word(staff),
        undated=kind is not None and staff.status_from is None and staff.status_to is None,
        reason=None if is_whole else usage.reason,
        has_read=bool(usage.has_read),
        has_sent=usage.has_sent,
        sent_enough=usage.sent_enough,
        regular=usage.regular,
        kind=usage.kind,
    )


def _nobody(one: Alike, period: Period) -> Staff:
    """A person with the unit and, where it takes them out of scope, the word of the staff list."""
    kind = one.out_of_scope
    return Staff(
        key="",
        unit_code=one.unit_code,
        mailbox=None,
        category=one.word if kind is OutOfScope.CATEGORY else "",
        job_title=one.word if kind is OutOfScope.JOB_TITLE else "",
        status=one.word if kind and kind.state is StaffState.EXCLUDED else "",
        # Which day it was is not kept, only that there was one.
        status_from=None if one.undated or kind is None else period.first_day,
    )


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)
