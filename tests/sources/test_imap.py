"""IMAP against a real Dovecot: what is counted, and that nothing is changed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from dovecot_builders import (
    AN,
    BINH,
    PASSWORD,
    Mails,
    dovecot_with,
    fingerprint,
    imap_server,
    needs_dovecot,
    outcomes_of,
)
from mailaudit.demo.dovecot import Dovecot
from mailaudit.model.outcome import Activity, DayActivity

pytestmark = needs_dovecot

MAILBOXES: dict[str, Mails] = {
    AN: {
        "": [
            ("2026-10-01T00:00:00", "S"),
            ("2026-10-01T23:59:59", ""),
            ("2026-09-30T23:59:59", "S"),
            ("2026-11-01T00:00:00", "S"),
            ("2026-10-31T23:59:59", "RS"),
            ("2026-10-07T10:00:00", "D"),
        ],
        ".Sent": [("2026-10-05T09:30:00", "S"), ("2026-10-05T08:00:00", "S")],
        ".Sent.2026": [("2026-10-06T08:00:00", "S")],
        ".Drafts": [("2026-10-05T08:00:00", "S")],
        ".Junk": [("2026-10-05T08:00:00", "S")],
        ".Trash": [("2026-10-08T08:00:00", "T")],
        ".&AREA4w- g&Hu0-i": [("2026-10-09T08:00:00", "")],  # "Đã gửi", beside Sent
    },
    BINH: {"": []},
}
AN_DID = (
    DayActivity(date(2026, 10, 1), received=2, read=1),
    DayActivity(date(2026, 10, 5), sent=2),
    DayActivity(date(2026, 10, 6), sent=1),
    DayActivity(date(2026, 10, 8), received=1),
    DayActivity(date(2026, 10, 9), sent=1),
    DayActivity(date(2026, 10, 31), received=1, read=1),
)


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with dovecot_with(MAILBOXES) as server:
        yield server


@pytest.mark.parametrize(
    "changes",
    [{}, {"auth": "master"}, {"tls": "starttls"}],
    ids=["authorization identity", "master user", "STARTTLS"],
)
def test_counts_by_local_day_and_changes_nothing(dovecot: Dovecot, changes: dict[str, str]) -> None:
    """Each way of logging in finds the same; the first and the last second of the month count."""
    before = fingerprint(dovecot.mail)
    keys = dict(changes)
    if changes.get("tls"):
        server = imap_server(dovecot, port=dovecot.starttls_port, **keys)
    else:
        server = imap_server(dovecot, **keys)
    found = outcomes_of(server, [AN, BINH])
    an, binh = found[AN], found[BINH]
    assert isinstance(an, Activity)
    assert isinstance(binh, Activity)
    assert an.days == AN_DID
    assert an.last_sent_at == datetime(2026, 10, 9, 1, tzinfo=UTC)
    assert binh.days == ()
    assert fingerprint(dovecot.mail) == before
    assert PASSWORD not in repr(server)
