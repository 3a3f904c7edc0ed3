"""The demonstration over IMAP as one command, with a real Dovecot."""

import socket
from pathlib import Path

import pytest
from command_line import mailaudit

from dovecot_builders import needs_dovecot
from mailaudit.demo.content import Mailbox
from mailaudit.demo.province import Province
from mailaudit.demo.standard import SENT
from mailaudit.model.outcome import Activity, Unmeasured
from mailaudit.model.period import Period
from mailaudit.store import SnapshotStore

pytestmark = [pytest.mark.slow, needs_dovecot]


def sent_in(mailbox: Mailbox, month: Period) -> int:
    """How many mails of a month lie in Sent Items and the folders below it."""
    sent = {SENT}
    for folder in mailbox.folders:  # those above first
        if folder.parent in sent:
            sent.add(folder.number)
    first, end = month.start.timestamp(), month.end.timestamp()
    return sum(
        first <= item.received < end and item.item_class.lower() == "ipm.note"
        for folder in mailbox.folders
        if folder.number in sent
        for item in folder.items
    )


def test_a_month_is_audited_and_nothing_is_left_running(tmp_path: Path) -> None:
    """It counts what the province sent, says whose mailboxes are not there, and leaves reports."""
    ran = mailaudit("demo", "--imap", "--lang", "en", "--out", "made", cwd=tmp_path)
    assert ran.code == 0, ran.err
    made, province = tmp_path / "made", Province()
    month = province.periods[-1]
    for ending in (".html", ".xlsx", "-annex.docx", "-annex.pdf", "-brief.png", "-brief.pdf"):
        assert (made / f"mailaudit-{month}{ending}").stat().st_size > 10_000
    assert "invented staff" in ran.err
    with SnapshotStore.at(made / "mailaudit.db") as store:
        snapshot = store.load(month)
    assert snapshot.sealed_at is not None
    assert {one.kind for one in snapshot.source.each} == {"imap"}
    outcomes = snapshot.outcomes
    listed = {person.mailbox for person in snapshot.roster.staff if person.mailbox}
    absent = {box for box in listed if province.mailbox(box) is None or box in province.failing}
    unmeasured = {box for box, one in outcomes.items() if isinstance(one, Unmeasured)}
    assert absent
    assert unmeasured == absent
    sent = 0
    for box in sorted(listed - absent)[::20]:
        found, mailbox = outcomes[box], province.mailbox(box)
        assert isinstance(found, Activity)
        assert mailbox is not None
        sent += sent_in(mailbox, month)
        assert sum(day.sent for day in found.days) == sent_in(mailbox, month), box
    assert sent > 100
    written = (made / "mailaudit.toml").read_text(encoding="utf-8")
    port = int(written.partition("port = ")[2].split()[0])
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), 1).close()
