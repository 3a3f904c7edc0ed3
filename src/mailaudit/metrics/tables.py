"""Sums: days to mailboxes, people to units. DataFrames stay in this module.

pandas is imported when a table is made, so that importing this room costs nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import itemgetter
from typing import TypeVar

from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.outcome import Activity, DayActivity
from mailaudit.model.usage import NUMBERS, Counts, StaffState, StaffUsage

Key = TypeVar("Key")
_COUNTED = itemgetter(*map(DayActivity._fields.index, ("day", "sent", "received", "read")))


@dataclass(frozen=True, slots=True)
class MailboxSums:
    """One mailbox's Activity summed over the Period; fields as in StaffUsage."""

    sent: int = 0
    received: int = 0
    read: int = 0
    sent_days: int = 0
    due: int = 0
    due_read: int = 0


def sum_days(
    activities: Mapping[str, Activity], calendar: WorkCalendar, due_until: date
) -> dict[str, MailboxSums]:
    """Sums each mailbox's days; `due` counts what arrived on or before `due_until`.

    A mailbox that sent on a Friday (a working day) and on a Saturday has `sent_days` 1, unless
    that Saturday is worked.
    """
    is_worked = cache(calendar.is_working_day)
    return {box: _sum(one.days, is_worked, due_until) for box, one in activities.items()}


def _sum(
    days: Iterable[DayActivity], is_worked: Callable[[date], bool], due_until: date
) -> MailboxSums:
    # A loop: to make a table of half a million days takes longer than to add them up.
    sent = received = read = due = due_read = 0
    sent_on = set()
    for day, day_sent, day_received, day_read in map(_COUNTED, days):
        if day_sent:
            sent += day_sent
            sent_on.add(day)
        received += day_received
        read += day_read
        if day <= due_until:
            due += day_received
            due_read += day_read
    return MailboxSums(sent, received, read, sum(map(is_worked, sent_on)), due, due_read)


def sum_people(
    people: Iterable[tuple[Key, StaffUsage]], keys: Iterable[Key] = ()
) -> dict[Key, Counts]:
    """Sums people by the key, such as the code of a unit, that each is given with.

    Shape: one row per person, its index the number of the key; the numbers of Counts; int64.

    Args:
        keys: The first keys of the answer; those without people have zeros.
    """
    import pandas as pd

    pairs = list(people)
    in_order = dict.fromkeys((*keys, *(key for key, _ in pairs)))
    numbers = {key: number for number, key in enumerate(in_order)}
    table = pd.DataFrame(
        [_row(person) for _, person in pairs],
        index=[numbers[key] for key, _ in pairs],
        columns=NUMBERS,
        dtype="int64",
    )
    sums = table.groupby(level=0).sum().reindex(range(len(numbers)), fill_value=0)
    kinds: dict[Key, set[str]] = {key: set() for key in numbers}
    for key, person in pairs:
        if person.kind:
            kinds[key].add(person.kind)
    reads = all(person.has_read is not None for _, person in pairs)  # of all or of none
    return {
        key: Counts(*row, kinds=frozenset(kinds[key]), reads=reads)
        for key, row in zip(numbers, sums.to_numpy().tolist(), strict=True)
    }


def _row(person: StaffUsage) -> tuple[int, ...]:
    """One person as the columns of Counts: what each adds to the sums of the unit."""
    state = person.state
    in_scope = state not in (StaffState.EXEMPT, StaffState.EXCLUDED)
    return (
        1,
        int(state is StaffState.EXEMPT),
        int(state is StaffState.EXCLUDED),
        int(in_scope),
        int(in_scope and state is not StaffState.NOT_PROVIDED),
        int(state is StaffState.UNMEASURED),
        int(bool(person.has_read)),
        int(person.has_sent),
        int(person.regular),
    )
