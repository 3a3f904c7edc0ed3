"""The activity table: one row per mailbox of the staff list, for checking and further use."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from mailaudit.model.knowledge import is_known
from mailaudit.model.outcome import Activity
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.spreadsheet import csv_for_people
from mailaudit.model.usage import Measurement, StaffState, StaffUsage

WHO = ("mailbox", "unit_code", "top_unit_code", "scope", "scope_rule", "scope_reason", "state")
COUNTED: Mapping[str, Callable[[Activity], object]] = {
    "sent": lambda activity: sum(day.sent for day in activity.days),
    "received": lambda activity: sum(day.received for day in activity.days),
    "read": lambda activity: sum(day.read for day in activity.days),
    "sent_days": lambda activity: sum(day.sent > 0 for day in activity.days),
    "replied": lambda activity: sum(day.replied for day in activity.days),
    "reply_delay_s": lambda activity: sum(day.reply_delay_s for day in activity.days),
    "received_inside": lambda activity: sum(day.received_inside for day in activity.days),
    "received_outside": lambda activity: sum(day.received_outside for day in activity.days),
    "sent_to_self": lambda activity: sum(day.sent_to_self for day in activity.days),
    "recipients_inside": lambda activity: sum(day.recipients_inside for day in activity.days),
    "recipients_outside": lambda activity: sum(day.recipients_outside for day in activity.days),
    "sent_by_smtp": lambda activity: sum(day.sent_by_smtp for day in activity.days),
    "sent_by_phone": lambda activity: sum(day.sent_by_phone for day in activity.days),
    "sent_by_web": lambda activity: sum(day.sent_by_web for day in activity.days),
    "last_sent_at": lambda activity: (
        activity.last_sent_at.isoformat() if activity.last_sent_at else ""
    ),
}
JUDGED: Mapping[str, Callable[[StaffUsage], object]] = {
    "sent_working_days": lambda usage: usage.sent_days,
    "due": lambda usage: usage.due,
    "due_read": lambda usage: usage.due_read,
    "regular": lambda usage: "yes" if usage.regular else "no",
}
COLUMNS = (*WHO, *COUNTED, *JUDGED, "reason", "detail", "server")


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
            known = snapshot.source.knows_at(outcome.server)
            counts = [
                count(outcome) if is_known(name, known) else "" for name, count in COUNTED.items()
            ]
            why = (usage.reason.value, usage.detail) if usage.reason else ("", "")
            yield [*_who(usage), "measured", *counts, *_judged(usage), *why, outcome.server]
        else:
            blanks = ("",) * len(COUNTED)
            reason = (outcome.reason.value, outcome.detail)
            where = (*reason, outcome.server)
            yield [*_who(usage), "unmeasured", *blanks, *_judged(usage), *where]


def _who(usage: StaffUsage) -> list[str]:
    person, rule = usage.staff, usage.out_of_scope
    scope = ["in scope", "", ""]
    if rule is not None:
        scope = [rule.state.value, rule.value, rule.word(person)]
    return [person.mailbox or "", person.unit_code, usage.unit_code, *scope]


def _judged(usage: StaffUsage) -> list[object]:
    if usage.state is not StaffState.MEASURED:
        return [""] * len(JUDGED)
    blank = () if usage.has_read is not None else ("due", "due_read")
    return ["" if name in blank else value(usage) for name, value in JUDGED.items()]
