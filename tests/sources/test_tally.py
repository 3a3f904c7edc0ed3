"""Counting items by local day."""

from datetime import UTC, date, datetime

import pytest

from mailaudit.model.outcome import DayActivity, Reason
from mailaudit.model.period import Period
from mailaudit.sources.ews.entries import Item
from mailaudit.sources.ews.tally import Days, Tally, read_instant
from mailaudit.sources.faults import MailboxFault
from mailaudit.sources.mail_class import is_mail

OCTOBER = Period(2026, 10)
NOW = datetime(2026, 11, 2, tzinfo=UTC)


def an_item(
    received_at: str = "2026-10-05T03:00:00Z",
    *,
    item_class: str = "IPM.Note",
    is_read: bool = False,
    sender: str = "",
    last_verb: str = "",
    last_verb_at: str = "",
) -> Item:
    read = "true" if is_read else "false"
    return Item("id", item_class, received_at, "", sender, last_verb, last_verb_at, read)


def days_of(*received: Item, sent: tuple[Item, ...] = ()) -> tuple[DayActivity, ...]:
    tally = Tally(Days(OCTOBER), frozenset({"tinh.test"}))
    tally.add_received(received)
    tally.add_sent(sent)
    return tally.activity("a@tinh.test", NOW).days


@pytest.mark.parametrize(
    ("item_class", "expected"),
    [
        ("IPM.Note", True),
        ("ipm.note", True),
        ("IPM.Note.SMIME.MultipartSigned", True),
        ("IPM.NoteX", False),
        ("IPM.Note.Rules.OofTemplate.Microsoft", False),
        ("IPM.Note.Rules.ReplyTemplate.Microsoft", False),
        ("IPM.Note.Microsoft.Voicemail.UM.CA", True),
        ("IPM.Note.Microsoft.Conversation", False),
        ("IPM.Note.Microsoft.Missed.Voice", False),
        ("IPM.Schedule.Meeting.Request", False),
        ("REPORT.IPM.Note.NDR", False),
        ("IPM.Appointment", False),
        ("", False),
    ],
)
def test_is_mail_takes_notes_and_no_automatic_replies(item_class: str, expected: bool) -> None:
    """Only IPM.Note and below is mail, and answers of rules are not."""
    assert is_mail(item_class) is expected


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-05T03:00:00Z",
        "2026-10-05T03:00:00.123Z",
        "2026-10-05T03:00:00.1234567Z",
        "2026-10-05T03:00:00.123456789Z",
        "2026-10-05T10:00:00+07:00",
        "2026-10-05T10:00:00.999999999+07:00",
        "2026-10-05T03:00:00",
    ],
)
def test_read_instant_reads_every_form_a_server_writes(text: str) -> None:
    """0, 3, 7 and 9 fractional digits, other zones and none all mean the same second."""
    assert read_instant(text) == datetime(2026, 10, 5, 3, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00Z"])
def test_read_instant_refuses_what_is_no_date(text: str) -> None:
    """An unreadable date is a fault of the mailbox, never a dropped item."""
    with pytest.raises(MailboxFault) as caught:
        read_instant(text)
    assert caught.value.reason is Reason.MALFORMED_ANSWER


def test_tally_counts_by_local_day() -> None:
    """17:00 UTC is midnight in Vietnam: a minute before it is still the day before."""
    days = days_of(an_item("2026-10-04T16:59:59Z"), an_item("2026-10-04T17:00:00Z"))
    assert [(day.day, day.received) for day in days] == [
        (date(2026, 10, 4), 1),
        (date(2026, 10, 5), 1),
    ]


def test_tally_keeps_to_the_period() -> None:
    """The Period is half-open in local time, whatever a server sends beyond it."""
    days = days_of(
        an_item("2026-09-30T16:59:59Z"),
        an_item("2026-09-30T17:00:00Z"),
        an_item("2026-10-31T16:59:59Z"),
        an_item("2026-10-31T17:00:00Z"),
    )
    assert [(day.day, day.received) for day in days] == [
        (date(2026, 10, 1), 1),
        (date(2026, 10, 31), 1),
    ]


def test_tally_counts_reads_replies_and_domains() -> None:
    """A forward is no reply; subdomains are inside; an unknown sender is neither."""
    (day,) = days_of(
        an_item(is_read=True, sender="A@Tinh.test", last_verb="102",
                last_verb_at="2026-10-05T03:01:30Z"),
        an_item(is_read=True, sender="b@so.tinh.test", last_verb="104",
                last_verb_at="2026-10-05T03:01:30Z"),
        an_item(sender="c@nottinh.test"),
        an_item(sender="/O=EXCHANGE/CN=D"),
        an_item(item_class="IPM.Schedule.Meeting.Request", is_read=True),
    )  # fmt: skip
    assert day == DayActivity(
        date(2026, 10, 5), received=4, read=2, replied=1, reply_delay_s=90,
        received_inside=2, received_outside=1,
    )  # fmt: skip


def test_answer_of_unknown_time_has_no_delay() -> None:
    """A server may say that a mail was answered, and not when."""
    (day,) = days_of(an_item(last_verb="102"))
    assert (day.replied, day.reply_delay_s) == (1, 0)


def test_tally_keeps_sent_apart_and_remembers_the_last() -> None:
    """Sent mail counts as sent only, and the latest of the Period is kept in UTC."""
    tally = Tally(Days(OCTOBER), frozenset())
    tally.add_sent(
        [
            an_item("2026-10-06T10:00:00+07:00"),
            an_item("2026-10-05T03:00:00Z", is_read=True, sender="x@y.test"),
            an_item("2026-11-05T03:00:00Z"),
            an_item("2026-10-07T03:00:00Z", item_class="IPM.Schedule.Meeting.Request"),
        ]
    )
    activity = tally.activity("a@tinh.test", NOW)
    assert activity.last_sent_at == datetime(2026, 10, 6, 3, tzinfo=UTC)
    assert activity.days == (
        DayActivity(date(2026, 10, 5), sent=1),
        DayActivity(date(2026, 10, 6), sent=1),
    )


def test_day_of_an_impossible_time_is_no_day() -> None:
    """99 minutes past three is no time, though its hour is one."""
    with pytest.raises(MailboxFault):
        days_of(an_item("2026-10-05T03:00:00Z"), an_item("2026-10-05T03:99:00Z"))
