"""The activity table: one row per mailbox of the staff list, for checking and further use."""

import csv
import io

from mailaudit.model.outcome import Activity
from mailaudit.model.snapshot import Snapshot

COLUMNS = (
    "mailbox",
    "unit_code",
    "state",
    "sent",
    "received",
    "read",
    "sent_days",
    "replied",
    "reply_delay_s",
    "received_inside",
    "received_outside",
    "last_sent_at",
    "reason",
    "detail",
)


def render_activity(snapshot: Snapshot) -> str:
    """The snapshot as CSV with the columns COLUMNS, in the order of the staff list.

    Counts are of the whole Period; `sent_days` are local days with at least one sent message,
    working or not; `reply_delay_s` is summed over the replied. A mailbox without Activity has
    `state` "unmeasured", a reason, and empty counts: never zeros.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for person in snapshot.roster.staff:
        if person.mailbox is None:
            continue
        outcome = snapshot.outcomes[person.mailbox]
        if isinstance(outcome, Activity):
            writer.writerow([person.mailbox, person.unit_code, *_counts(outcome), "", ""])
        else:
            blanks = [""] * 9
            state = [person.mailbox, person.unit_code, "unmeasured"]
            writer.writerow([*state, *blanks, outcome.reason.value, outcome.detail])
    return text.getvalue()


def _counts(activity: Activity) -> list[object]:
    days = activity.days
    last = activity.last_sent_at
    return [
        "measured",
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
