"""Which rows of tracking logs count, and as what."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tracking_builders import (
    AN,
    BINH,
    CHI,
    NOON,
    a_log,
    a_row,
    folders,
    log_name,
    read,
    read_rows,
    sums,
)

OUTSIDER = "khach@example.test"
SENT = (
    "MDB:1, Mailbox:2, Event:3, MessageClass:{item_class}, CreationTime:2026-05-04, "
    "ClientType:{client}"
)


def submitted(
    event: str = "RECEIVE",
    item_class: str = "IPM.Note",
    client: str = "MOMT",
    at: datetime = NOON,
    **values: str,
) -> str:
    """A row of An's program handing over a mail."""
    context = SENT.format(item_class=item_class, client=client)
    return a_row(event, at=at, source_context=context, **values)


def test_one_mail_on_its_way_is_one_sent_and_one_received(tmp_path: Path) -> None:
    """Every row that Exchange writes of a mail, over two servers; recipients in their own count."""
    places = folders(tmp_path)
    first = [
        submitted("NOTIFYMAPI", message_id="", sender_address="", recipient_address=""),
        submitted("SUBMIT"),
        submitted("RECEIVE"),
        a_row("HAREDIRECT", source="SMTP"),
        a_row("AGENTINFO", source="AGENT"),
        a_row("SEND", source="SMTP"),
    ]
    second = [
        a_row("RECEIVE", server="EX02", source="SMTP"),
        a_row("RESOLVE", server="EX02", source="ROUTING"),
        a_row("DELIVER", server="EX02"),
        a_row("DUPLICATEDELIVER", server="EX02"),
        a_row("SOMETHINGNEW", server="EX02", source="NOBODYKNOWS"),
    ]
    (places["EX01"] / log_name()).write_bytes(a_log(first))
    (places["EX02"] / log_name()).write_bytes(a_log(second, server="EX02"))
    found, damages = read(places)

    assert damages == []
    assert sums(found[AN]) == {"sent": 1, "recipients_inside": 1}
    assert sums(found[BINH]) == {"received": 1, "received_inside": 1}
    assert found[CHI].days == ()
    assert found[AN].last_sent_at == NOON
    assert found[BINH].last_sent_at is None


def test_recipients_are_distinct_in_a_day_and_never_the_sender(tmp_path: Path) -> None:
    """Two mails to the same people; inside and outside apart."""
    to = ";".join([BINH.upper(), CHI, AN, OUTSIDER])
    found = read_rows(
        tmp_path,
        submitted(recipient_address=to),
        submitted(recipient_address=f"{BINH};{OUTSIDER}", message_id="<2@vidu.gov.vn>"),
        a_row("DELIVER", recipient_address=AN),
    )
    assert sums(found[AN]) == {
        "sent": 2,
        "recipients_inside": 2,
        "recipients_outside": 1,
        "received": 1,
        "received_inside": 1,
        "sent_to_self": 1,
    }


def test_lists_are_believed_as_the_sender_named_them(tmp_path: Path) -> None:
    """A hop by SMTP names the members of a list; the sender wrote to one address."""
    members = ";".join([BINH, CHI, "d@vidu.gov.vn"])
    found = read_rows(
        tmp_path,
        submitted(recipient_address="tatca@vidu.gov.vn"),
        a_row("RECEIVE", source="SMTP", recipient_address=members),
    )
    assert sums(found[AN]) == {"sent": 1, "recipients_inside": 1}


@pytest.mark.parametrize(
    ("client", "name"),
    [("OWA", "sent_by_web"), ("ActiveSync", "sent_by_phone"), ("AirSync", "sent_by_phone")],
)
def test_client_is_told(tmp_path: Path, client: str, name: str) -> None:
    """The hop by SMTP that follows changes nothing."""
    found = read_rows(tmp_path, submitted(client=client), a_row("RECEIVE", source="SMTP"))
    assert sums(found[AN]) == {"sent": 1, name: 1, "recipients_inside": 1}


def test_program_that_submits_by_smtp_counts_and_is_told_apart(tmp_path: Path) -> None:
    """POP and IMAP programs have no other row; on the way to a second server it is still one."""
    hop = a_row("RECEIVE", source="SMTP", at=NOON + timedelta(seconds=2))
    found = read_rows(tmp_path, a_row("RECEIVE", source="SMTP"), hop)
    assert sums(found[AN]) == {"sent": 1, "sent_by_smtp": 1, "recipients_inside": 1}


def test_mail_from_outside_in_a_name_of_staff_is_not_sent(tmp_path: Path) -> None:
    """Anybody can write a sender's address; delivered it is."""
    found = read_rows(
        tmp_path,
        a_row("RECEIVE", source="SMTP", directionality="Incoming"),
        a_row("DELIVER", directionality="Incoming"),
    )
    assert found[AN].days == ()
    assert sums(found[BINH])["received"] == 1


@pytest.mark.parametrize(
    "item_class",
    [
        "IPM.Note.Rules.OofTemplate.Microsoft",
        "IPM.Note.Rules.ReplyTemplate.Microsoft",
        "REPORT.IPM.Note.IPNRN",
        "IPM.Schedule.Meeting.Request",
        "ipm.schedule.meeting.resp.pos",
    ],
)
def test_what_is_no_mail_counts_neither_as_sent_nor_as_received(
    tmp_path: Path, item_class: str
) -> None:
    """Only the submission says what it is; hops and deliveries are found by the id."""
    found = read_rows(
        tmp_path,
        a_row("DELIVER"),
        a_row("RECEIVE", source="SMTP"),
        submitted("SUBMIT", item_class=item_class),
    )
    assert all(one.days == () for one in found.values())


@pytest.mark.parametrize(
    "context", ["MessageClass: IPM.Note; ClientType: OWA;", "ClientType:OWA, MessageClass:IPM.Note"]
)
def test_program_is_found_however_it_is_written(tmp_path: Path, context: str) -> None:
    found = read_rows(tmp_path, a_row("SUBMIT", source_context=context))
    assert sums(found[AN]) == {"sent": 1, "sent_by_web": 1}


@pytest.mark.parametrize("client", ["System", "EventBasedAssistants", "Transport", "Monitoring"])
def test_what_the_server_sends_by_itself_is_not_a_person_s(tmp_path: Path, client: str) -> None:
    found = read_rows(tmp_path, submitted(client=client), a_row("RECEIVE", source="SMTP"))
    assert found[AN].days == ()


@pytest.mark.parametrize(
    "sender",
    [
        "HealthMailbox0659e34a@noibo.test",
        "inboundproxy@contoso.test",
        "SystemMailbox{1f05a927}@noibo.test",
        "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@vidu.gov.vn",
        "",
        "<>",
    ],
)
def test_probes_and_reports_are_not_received(tmp_path: Path, sender: str) -> None:
    found = read_rows(tmp_path, a_row("DELIVER", sender_address=sender))
    assert found[BINH].days == ()


def test_rules_and_reports_are_found_by_their_source(tmp_path: Path) -> None:
    """What a rule sends on in a person's name, and a DSN that was sent to somebody."""
    found = read_rows(
        tmp_path,
        a_row("RECEIVE", source="MAILBOXRULE"),
        a_row("RECEIVE", source="SMTP"),
        a_row("DELIVER"),
        a_row("DSN", source="DSN", message_id="<2@vidu.gov.vn>"),
        a_row("DELIVER", message_id="<2@vidu.gov.vn>"),
    )
    assert all(one.days == () for one in found.values())


def test_mail_delivered_again_counts_once_on_the_day_it_came_first(tmp_path: Path) -> None:
    """Days later, and from a month before too; another mail with the same id is another mail."""
    last_april = datetime(2026, 4, 30, 16, tzinfo=UTC)
    again = timedelta(hours=30)
    places = folders(tmp_path)
    rows = {
        NOON: [a_row("DELIVER"), a_row("DELIVER", network_message_id="another")],
        NOON + again: [a_row("DELIVER", at=NOON + again)],
        last_april: [a_row("DELIVER", at=last_april, message_id="<2@vidu.gov.vn>")],
        last_april + again: [a_row("DELIVER", at=last_april + again, message_id="<2@vidu.gov.vn>")],
    }
    for at, several in rows.items():
        (places["EX01"] / log_name(at=at)).write_bytes(a_log(several))
    found, _ = read(places)
    assert {day.day: day.received for day in found[BINH].days} == {date(2026, 5, 4): 2}


def test_days_are_local(tmp_path: Path) -> None:
    """17:00 UTC is the next day in Viet Nam, and on the last of a month the next month."""
    places = folders(tmp_path)
    moments = {
        datetime(2026, 4, 30, 16, 59, 59, tzinfo=UTC): None,
        datetime(2026, 4, 30, 17, 0, 0, tzinfo=UTC): date(2026, 5, 1),
        datetime(2026, 5, 31, 16, 59, 59, tzinfo=UTC): date(2026, 5, 31),
        datetime(2026, 5, 31, 17, 0, 0, tzinfo=UTC): None,
    }
    for number, at in enumerate(moments):
        mail = a_row("DELIVER", at=at, message_id=f"<{number}@vidu.gov.vn>")
        (places["EX01"] / log_name(at=at)).write_bytes(a_log([mail]))
    found, damages = read(places)
    assert damages == []
    assert [day.day for day in found[BINH].days] == list(filter(None, moments.values()))


def test_order_of_rows_and_logs_changes_nothing(tmp_path: Path) -> None:
    """Rows of a few mails shuffled over two logs give the same counts each time."""
    chance = random.Random(20260504)  # noqa: S311 - no secret
    rows = []
    for number in range(8):
        at = NOON + timedelta(seconds=number * 60)
        ids = {
            "message_id": f"<{number}@vidu.gov.vn>",
            "recipient_address": chance.choice([BINH, CHI, f"{BINH};{CHI}"]),
        }
        client = chance.choice(["OWA", "MOMT", "ActiveSync"])
        rows += [submitted(event, client=client, at=at, **ids) for event in ("SUBMIT", "RECEIVE")]
        rows += [a_row("RECEIVE", source="SMTP", at=at, **ids), a_row("DELIVER", at=at, **ids)]
    seen = set()
    for number in range(20):
        chance.shuffle(rows)
        places = folders(tmp_path / str(number))
        (places["EX01"] / log_name(number=1)).write_bytes(a_log(rows[:11]))
        (places["EX01"] / log_name(number=2)).write_bytes(a_log(rows[11:]))
        found, _ = read(places)
        seen.add(tuple(one.days for one in found.values()))
    assert len(seen) == 1
