"""Sums over long tables: days to mailboxes, people to units. DataFrames stay in this module.

pandas is imported when a table is made, so that importing this room costs nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.outcome import Activity
from mailaudit.model.usage import Counts, StaffState, StaffUsage


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

    Shape: one row per mailbox and day: mailbox, day (ordinal), sent, received, read; int64.
    """
    import pandas as pd

    every = [day for activity in activities.values() for day in activity.days]
    days = pd.DataFrame(
        {
            "mailbox": [n for n, one in enumerate(activities.values()) for _ in one.days],
            "day": [day.day.toordinal() for day in every],
            "sent": [day.sent for day in every],
            "received": [day.received for day in every],
            "read": [day.read for day in every],
        },
        dtype="int64",
    )
    days = days.groupby(["mailbox", "day"], as_index=False).sum()
    worked = [
        ordinal
        for ordinal in days["day"].unique().tolist()
        if calendar.is_working_day(date.fromordinal(ordinal))
    ]
    is_due = days["day"] <= due_until.toordinal()
    days["sent_days"] = ((days["sent"] > 0) & days["day"].isin(worked)).astype("int64")
    days["due"] = days["received"].where(is_due, 0)
    days["due_read"] = days["read"].where(is_due, 0)
    sums = days.groupby("mailbox")[list(MailboxSums.__slots__)].sum()
    rows = sums.reindex(range(len(activities)), fill_value=0).to_numpy().tolist()
    return {box: MailboxSums(*row) for box, row in zip(activities, rows, strict=True)}


def sum_units(people: Iterable[tuple[str, StaffUsage]], unit_codes: list[str]) -> dict[str, Counts]:
    """Sums the people of each unit, each given with its code; a unit without people has zeros.

    Shape: one row per person: unit, then the columns of Counts; int64.
    """
    import pandas as pd

    columns = list(Counts.__slots__)
    table = pd.DataFrame(
        [(code, *_row(person)) for code, person in people], columns=["unit", *columns]
    )
    sums = table.groupby("unit")[columns].sum().reindex(unit_codes, fill_value=0)
    rows = sums.astype("int64").to_numpy().tolist()
    return {code: Counts(*row) for code, row in zip(unit_codes, rows, strict=True)}


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
        int(person.has_read),
        int(person.has_sent),
        int(person.regular),
        person.sent,
        person.received,
        person.read,
    )
