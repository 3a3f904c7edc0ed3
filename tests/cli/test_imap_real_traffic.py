"""Real mail of a real institution in Dovecot's maildirs, audited through the command line, against
counts that another program made from the raw data."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import mailaudit

from dovecot_builders import PASSWORD, configuration_of, fingerprint, needs_dovecot
from mailaudit.demo.dovecot import Dovecot, running
from mailaudit.demo.maildirs import write_maildir
from mailaudit.demo.traffic import Traffic
from shared import SHARED

DATA = SHARED / "data"
PEOPLE = DATA / "eu-core-people.csv"
MONTHS = ("2026-05", "2026-06", "2026-08")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real mail traffic is not beside the project"),
    needs_dovecot,
]


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    traffic = Traffic(DATA / "eu-core-traffic.csv.gz", PEOPLE)

    def fill(server: Dovecot) -> None:
        for address in traffic.addresses:
            mailbox = traffic.mailbox(address)
            assert mailbox is not None
            write_maildir(mailbox, server.mail / address, server.own)

    with running(traffic.addresses, PASSWORD, fill=fill) as server:
        yield server


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["mailbox"]: row for row in csv.DictReader(file)}


def test_audit_counts_what_really_happened_and_changes_nothing(
    dovecot: Dovecot, tmp_path: Path
) -> None:
    """For all 816 mailboxes and three months sent, received, read and sent days are exactly the
    expected ones; afterwards each mail has the name, the flags and the content that it had."""
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    (tmp_path / "password").chmod(0o600)
    config = tmp_path / "mailaudit.toml"
    text = configuration_of(dovecot, "eu-core.test", PEOPLE)
    config.write_text(text, encoding="utf-8")
    before = fingerprint(dovecot.mail)
    for month in MONTHS:
        ran = mailaudit("collect", "--config", config, "--period", month, cwd=tmp_path)
        assert ran.code == 0, ran.err
        out = tmp_path / f"{month}.csv"
        options = ("--config", config, "--period", month, "--out", out)
        ran = mailaudit("export", "activity", *options, cwd=tmp_path)
        assert ran.code == 0, ran.err
        found = rows_of(out)
        expected = rows_of(DATA / f"eu-core-expected-{month}.csv")
        assert len(expected) == 816
        assert found.keys() == expected.keys()
        for mailbox, row in expected.items():
            assert found[mailbox]["state"] == "measured", found[mailbox]
            assert {key: found[mailbox][key] for key in row} == row
            assert found[mailbox]["replied"] == ""  # unknown is not 0
    assert fingerprint(dovecot.mail) == before
