"""Dovecot with mailboxes as a test wants them, and what the audit reads of them."""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mailaudit.demo.dovecot import MASTER, Dovecot, find_dovecot, running
from mailaudit.model.outcome import Outcome
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Job
from mailaudit.sources.imap import ImapServer
from mailaudit.sources.source import ThreadedSource

PASSWORD = "p*ss word"
OCTOBER = Period(2026, 10)
AN, BINH = "an@x.test", "binh@x.test"

needs_dovecot = pytest.mark.skipif(
    find_dovecot() is None, reason="Dovecot is not installed (apt install dovecot-imapd)"
)

# Folder of the maildir ("" the Inbox, ".Sent") -> (local time, flags of the name)
Mails = Mapping[str, Sequence[tuple[str, str]]]


def filled(mailboxes: Mapping[str, Mails]) -> Callable[[Dovecot], None]:
    """Writes maildirs with these mails."""

    def fill(server: Dovecot) -> None:
        for address, folders in mailboxes.items():
            for name, mails in folders.items():
                path = server.mail / address / name
                for part in ("", "cur", "new", "tmp"):
                    (path / part).mkdir(parents=True, exist_ok=True)
                    server.own(path / part)
                for number, (moment, flags) in enumerate(mails):
                    at = datetime.fromisoformat(moment).replace(tzinfo=OCTOBER.tz).timestamp()
                    file = path / "cur" / f"{int(at)}.{number}.test:2,{flags}"
                    file.write_bytes(b"From: <a@b.test>\r\nSubject: secret\r\n\r\nx\r\n")
                    os.utime(file, (at, at))
                    server.own(file)
            server.own(server.mail / address)

    return fill


@contextmanager
def dovecot_with(mailboxes: Mapping[str, Mails], **options: Any) -> Iterator[Dovecot]:
    with running(mailboxes, PASSWORD, fill=filled(mailboxes), **options) as server:
        yield server


def imap_server(dovecot: Dovecot, **changes: Any) -> ImapServer:
    keys: dict[str, Any] = {
        "host": "localhost",
        "port": dovecot.port,
        "auth": "plain",
        "username": MASTER,
        "secret": PASSWORD,
        "ca_file": dovecot.ca_file,
        "timeout_s": 10.0,
        "max_connections": 4,
    }
    return ImapServer(**(keys | changes))


def configuration_of(dovecot: Dovecot, domain: str, roster: object) -> str:
    """A configuration of which it is the only server, with the password in a file beside it."""
    return f"""
[organisation]
name = "X"
domains = ["{domain}"]
[[servers]]
name = "dc"
kind = "imap"
domains = ["{domain}"]
host = "localhost"
port = {dovecot.port}
username = "{MASTER}"
password_file = "password"
ca_file = "{dovecot.ca_file}"
[roster]
file = "{roster}"
"""


def outcomes_of(
    server: ImapServer, mailboxes: Sequence[str], period: Period = OCTOBER
) -> dict[str, Outcome]:
    """What became of each mailbox."""
    with closing(ThreadedSource(server, frozenset(), lambda: datetime.now(UTC))) as source:
        found = [one for batch in source.outcomes(Job(mailboxes, period)) for one in batch]
    assert sorted(one.mailbox for one in found) == sorted(mailboxes)
    return {one.mailbox: one for one in found}


def fingerprint(folder: Path) -> dict[str, str]:
    """Every mail by its name, which holds its flags, with its content; and every folder."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        )
        for path in folder.rglob("*")
        if path.is_dir() or path.parent.name in ("cur", "new", "tmp")
    }
