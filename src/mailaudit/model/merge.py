"""Merging what several collections of one Period saw of a mailbox.

Mail that was seen once stays counted when its owner deletes it for good before the next collection.
"""

from mailaudit.model.outcome import Activity, DayActivity


def merge_activities(one: Activity, other: Activity) -> Activity:
    """What two observations of one mailbox in one Period show together.

    Day by day the greater of both, see `merge_days`; the later instants, the server asked later.
    Merging is commutative, associative and idempotent, so the result depends neither on the order
    of collections nor on how often the same was seen. 5 received on the 3rd seen in week one, then
    2 left of them and 4 received on the 9th seen in week two: 5 on the 3rd and 4 on the 9th.

    Raises:
        ValueError: They are of different mailboxes.
    """
    if one.mailbox != other.mailbox:
        raise ValueError(f"{one.mailbox} and {other.mailbox} are different mailboxes")
    sent = [a.last_sent_at for a in (one, other) if a.last_sent_at is not None]
    observed_at, server = max((a.observed_at, a.server) for a in (one, other))
    return Activity(
        mailbox=one.mailbox,
        observed_at=observed_at,
        days=one.days if one.days == other.days else _merge_all_days(one.days, other.days),
        last_sent_at=max(sent, default=None),
        server=server,
        forwards_to=_all_domains(one.forwards_to, other.forwards_to),
    )


def _all_domains(one: str | None, other: str | None) -> str | None:
    """Those that either saw; None where neither knows of any rules."""
    if one is None or other is None:
        return other if one is None else one
    return " ".join(sorted({*one.split(), *other.split()}))


def _merge_all_days(
    one: tuple[DayActivity, ...], other: tuple[DayActivity, ...]
) -> tuple[DayActivity, ...]:
    """The days of either, ascending; those of both merged."""
    days = {day.day: day for day in one}
    for day in other:
        days[day.day] = merge_days(days[day.day], day) if day.day in days else day
    return tuple(days[day] for day in sorted(days))


def merge_days(one: DayActivity, other: DayActivity) -> DayActivity:
    """The greater of each count, where counts that explain each other stay together.

    What holds of both observations holds of the result: `read`, `replied` and `received_inside +
    received_outside` are at most `received`. Therefore

    - `reply_delay_s` is that of the observation with more `replied`, being their sum;
    - `received_inside` and `received_outside` are those of the observation that knows more
      senders: the greater of each could be more than was received;
    - so are the programs of sent mail, where the greater of each could be more than was sent.

    10 received and 6 of them read, later 3 received and 3 read: 10 received, 6 read. Whether the
    4 unread that went were read before, nobody saw, so they don't count as read.

    Raises:
        ValueError: They are of different days.
    """
    if one.day != other.day:
        raise ValueError(f"{one.day} and {other.day} are different days")
    if one == other:
        return one
    replied, reply_delay_s = max(
        (one.replied, one.reply_delay_s), (other.replied, other.reply_delay_s)
    )
    _, inside, outside = max(_known_senders(one), _known_senders(other))
    _, by_smtp, by_phone, by_web = max(_known_programs(one), _known_programs(other))
    greatest = DayActivity._make(map(max, one, other))  # a count added later, too
    return greatest._replace(
        replied=replied,
        reply_delay_s=reply_delay_s,
        received_inside=inside,
        received_outside=outside,
        sent_by_smtp=by_smtp,
        sent_by_phone=by_phone,
        sent_by_web=by_web,
    )


def _known_senders(day: DayActivity) -> tuple[int, int, int]:
    """Received mail whose sender is known: in all, from inside, from outside."""
    inside, outside = day.received_inside, day.received_outside
    return inside + outside, inside, outside


def _known_programs(day: DayActivity) -> tuple[int, int, int, int]:
    """Sent mail whose program is known: in all, by SMTP, from a phone, from a browser."""
    programs = day.sent_by_smtp, day.sent_by_phone, day.sent_by_web
    return sum(programs), *programs
