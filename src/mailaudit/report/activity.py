"""The activity table: one row per mailbox of the staff list, for checking and further use."""

from collections.abc import Iterable, Iterator

from mailaudit.model.outcome import Activity
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.spreadsheet import csv_for_people
from mailaudit.model.usage import Measurement, StaffState, StaffUsage

WHO = ("mailbox", "unit_code", "top_unit_code", "scope", "scope_rule", "scope_reason", "state")
COUNTED = (
    "sent",
    "received",
    "read",
    "sent_days",
    "replied",
    "reply_delay_s",
    "received_inside",
    "received_outside",
    "last_sent_at",
)
JUDGED = ("sent_working_days", "due", "due_read", "regular")
COLUMNS = (*WHO, *COUNTED, *JUDGED, "reason", "detail")


def render_activity(snapshot: Snapshot, measurement: Measurement) -> bytes:
    """The snapshot as CSV for people with the columns COLUMNS, in the order of the staff list.

    Counts are of the whole Period; `sent_days` are local days with at least one sent message,
    working or not; `reply_delay_s` is summed over the replied. A mailbox without Activity has
    `state` "unmeasured", a reason, and empty counts: never zeros. What F4 is decided by is there
    for those in scope only.

    Args:
        measurement: Of `snapshot`.
    """
    return csv_for_people(_rows(snapshot, measurement))


def _rows(snapshot: Snapshot, measurement: Measurement) -> Iterator[Iterable[object]]:
    yield COLUMNS
    for usage in measurement.staff:
        if usage.staff.mailbox is None:
            continue
        outcome = snapshot.outcomes[usage.staff.mailbox]
        if isinstance(outcome, Activity):
            yield [*_who(usage), "measured", *_counts(outcome), *_judged(usage), "", ""]
        else:
            blanks = _blanks((*COUNTED, *JUDGED))
            yield [*_who(usage), "unmeasured", *blanks, outcome.reason.value, outcome.detail]


def _who(usage: StaffUsage) -> list[str]:
    person, rule = usage.staff, usage.out_of_scope
    scope = ["in scope", "", ""]
    if rule is not None:
        scope = [rule.state.value, rule.value, rule.word(person)]
    return [person.mailbox or "", person.unit_code, usage.unit_code, *scope]


def _counts(activity: Activity) -> list[object]:
    days = activity.days
    last = activity.last_sent_at
    return [
        sum(day.sent for day in days),
        sum(day.received for day in days),
        sum(day.read for day in days),
        sum(day.sent > 0 for day in days),
        sum(day.replied for day in days),
        sum(day.reply_delay_s for day in days),
        sum(day.received_inside for day in days),
        sum(day.received_outside for day in days),
        last.isoformat() if last else "",
    ]


def _judged(usage: StaffUsage) -> list[object]:
    if usage.state is not StaffState.MEASURED:
        return _blanks(JUDGED)
    return [usage.sent_days, usage.due, usage.due_read, "yes" if usage.regular else "no"]


def _blanks(columns: Iterable[str]) -> list[object]:
    return ["" for _ in columns]
