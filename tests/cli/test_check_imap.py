"""The check of a set-up with an IMAP server, a real Dovecot, line by line."""

from pathlib import Path

from command_line import mailaudit

from dovecot_builders import AN, BINH, PASSWORD, configuration_of, dovecot_with, needs_dovecot
from mailaudit.demo.dovecot import MASTER

pytestmark = needs_dovecot


def test_each_line_speaks_of_imap(tmp_path: Path) -> None:
    """What can be looked at is, without a login of its own; remedies are this kind's."""
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    (tmp_path / "password").chmod(0o600)
    people = f"mailbox,unit_code,name\n{AN},A,An\n{BINH},B,Binh\nno@x.test,C,No\n"
    (tmp_path / "roster.csv").write_text(people, encoding="utf-8")
    config = tmp_path / "mailaudit.toml"
    with dovecot_with({AN: {"": [("2026-10-07T10:00:00", "S")]}, BINH: {"": []}}) as server:
        text = configuration_of(server, "x.test", "roster.csv") + '[report]\nlanguage = "en"\n'
        config.write_text(text, encoding="utf-8")
        ran = mailaudit("check", "--config", config, "--outside", "zz@x.test", cwd=tmp_path)
    assert ran.code == 3, ran.err
    for part in (
        "dc, Mail service: Answers as Dovecot, asked as IMAP4rev1.",
        f"dc, Login: {MASTER} logs in for each mailbox (plain)",
        "dc, Clock: The server did not say what time it has.",
        f"dc, Mailbox: A: {AN} can be opened.",
        "dc, Mailbox: C: the account may not open no@x.test (AUTHORIZATIONFAILED).",
        "Let the account log in as this mailbox",
        "dc, Outside: zz@x.test is refused, as it must be (AUTHORIZATIONFAILED).",
    ):
        assert part in ran.out
    assert "exchange-setup" not in ran.out
    assert PASSWORD not in ran.out
