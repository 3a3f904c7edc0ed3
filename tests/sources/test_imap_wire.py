"""Everything that goes over the wire to a real Dovecot is read: only what reads, only what is
needed, in few round trips; whatever the folders are called."""

import asyncio
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
import trustme

from dovecot_builders import (
    AN,
    BINH,
    Mails,
    dovecot_with,
    fingerprint,
    imap_server,
    needs_dovecot,
    outcomes_of,
)
from mailaudit.demo.dovecot import Dovecot
from mailaudit.model.outcome import Activity, DayActivity
from mailaudit.sources.imap import ImapServer

pytestmark = needs_dovecot

_NAME = r'"(?:[^"\\\r\n]|\\["\\])*"'
_DAY = r"\d{1,2}-[A-Z][a-z]{2}-\d{4}"
ALLOWED = re.compile(
    rf"""CAPABILITY|NAMESPACE|LOGOUT
    |ID[ ]NIL
    |AUTHENTICATE[ ]PLAIN[ ][A-Za-z0-9+/=]+
    |LIST[ ]""[ ]"\*"(?:[ ]RETURN[ ]\(SPECIAL-USE\))?
    |EXAMINE[ ]{_NAME}
    |UID[ ]SEARCH[ ](?:RETURN[ ]\((?:SAVE|ALL)[ ]COUNT\)[ ])?SINCE[ ]{_DAY}[ ]BEFORE[ ]{_DAY}
    |UID[ ]FETCH[ ](?:\$|[\d:,]+)[ ]\(FLAGS[ ]INTERNALDATE\)""",
    re.VERBOSE,
)


@dataclass(slots=True)
class Recorded:
    """What went to the server, one entry a connection, each of its flights of commands."""

    server: ImapServer
    connections: list[list[str]] = field(default_factory=list)

    @property
    def commands(self) -> list[str]:
        lines = "".join("".join(flights) for flights in self.connections).splitlines()
        return [line.partition(" ")[2] for line in lines]


@contextmanager
def recording(dovecot: Dovecot, folder: Path) -> Iterator[Recorded]:
    """Ends TLS before Dovecot, and goes on to it.

    In one thread: two that read from and write to one TLS connection can lose what is said there.
    """
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    onward = ssl.create_default_context(cafile=str(dovecot.ca_file))
    listener = socket.create_server(("127.0.0.1", 0))
    server = imap_server(
        dovecot, port=listener.getsockname()[1], ca_file=folder / "ca.pem", max_connections=1
    )
    recorded = Recorded(server)

    async def relay(near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        far, to_far = await asyncio.open_connection("localhost", dovecot.port, ssl=onward)
        flights: list[str] = []
        is_answered = True

        async def answers() -> None:
            nonlocal is_answered
            while piece := await far.read(65536):
                is_answered = True
                to_near.write(piece)
                await to_near.drain()
            to_near.close()

        answering = asyncio.create_task(answers())
        while piece := await near.read(65536):
            if not flights:
                recorded.connections.append(flights)
            if is_answered or not flights:
                flights.append("")
            is_answered = False
            flights[-1] += piece.decode()
            to_far.write(piece)
        await answering
        to_far.close()

    loop = asyncio.new_event_loop()
    loop.run_until_complete(asyncio.start_server(relay, sock=listener, ssl=context))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield recorded
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


A_MAIL = [("2026-10-07T10:00:00", "S")]


def test_only_what_reads_goes_over_the_wire(tmp_path: Path) -> None:
    """Each command is one of a few; a mailbox of two folders has two flights of them."""
    mailboxes: dict[str, Mails] = {
        f"m{number}@x.test": {"": A_MAIL, ".Sent": A_MAIL} for number in range(5)
    }
    with dovecot_with(mailboxes) as dovecot, recording(dovecot, tmp_path) as recorded:
        found = outcomes_of(recorded.server, list(mailboxes))
    assert all(isinstance(one, Activity) for one in found.values())
    assert recorded.commands
    assert not [one for one in recorded.commands if not ALLOWED.fullmatch(one)]
    assert len(recorded.connections) == len(mailboxes)
    # With TCP and TLS before, and a goodbye that is not waited for: four round trips.
    assert [len(flights) for flights in recorded.connections[1:]] == [2] * 4
    assert all(flights[-1].endswith("LOGOUT\r\n") for flights in recorded.connections)


@pytest.mark.parametrize("separator", ["/", "."])
def test_folders_of_any_name_are_read(tmp_path: Path, separator: str) -> None:
    """Quotes, backslashes, other letters, digits alone, NIL, and what looks like a command."""
    names = [
        'He said "hi"', "NIL", "2026", "007", "{5}", "(x)", "&AREA4w- g&Hu0-i 2025", "a&-b",
        "A1 LOGOUT", "Inbox rules", "Cung c&Hqc-p", "back\\slash", "deep.er",
    ]  # fmt: skip
    boxes: dict[str, Mails] = {AN: {"": A_MAIL} | {f".{name}": A_MAIL for name in names}}
    with (
        dovecot_with(boxes, separator=separator) as dovecot,
        recording(dovecot, tmp_path) as recorded,
    ):
        before = fingerprint(dovecot.mail)
        found = outcomes_of(recorded.server, [AN])[AN]
        assert fingerprint(dovecot.mail) == before
    assert isinstance(found, Activity)
    (day,) = found.days
    assert day.received == len(names) + 1
    assert not [one for one in recorded.commands if not ALLOWED.fullmatch(one)]


@pytest.mark.slow
def test_two_hundred_folders(tmp_path: Path) -> None:
    """All are read, and none is made."""
    names = {f".T&Hqc-ng {number}.b": A_MAIL for number in range(200)}
    with dovecot_with({AN: {"": A_MAIL} | names, BINH: {"": []}}) as dovecot:
        before = fingerprint(dovecot.mail)
        found = outcomes_of(imap_server(dovecot), [AN, BINH])
        assert fingerprint(dovecot.mail) == before
    an = found[AN]
    assert isinstance(an, Activity)
    assert an.days == (DayActivity(date(2026, 10, 7), received=201, read=201),)


def test_what_list_does_not_show_is_never_opened(tmp_path: Path) -> None:
    """No folder is guessed: to open one that is not there may create it."""
    with (
        dovecot_with({AN: {"": A_MAIL}, BINH: {"": A_MAIL, ".a.b": A_MAIL}}) as dovecot,
        recording(dovecot, tmp_path) as recorded,
    ):
        before = fingerprint(dovecot.mail)
        outcomes_of(recorded.server, [AN, BINH])
        assert fingerprint(dovecot.mail) == before
    opened = {one for one in recorded.commands if one.startswith("EXAMINE")}
    assert opened == {'EXAMINE "INBOX"', 'EXAMINE "a/b"'}


def test_missing_mailbox_and_wrong_password_at_a_real_server(tmp_path: Path) -> None:
    """Dovecot says of both the same of which nothing is: one is the mailbox's, one the run's."""
    from mailaudit.sources.faults import LoginRefusedError

    with dovecot_with({AN: {"": A_MAIL}}) as dovecot, recording(dovecot, tmp_path) as recorded:
        found = outcomes_of(recorded.server, [AN, "nobody@x.test"])
        assert isinstance(found[AN], Activity)
        assert getattr(found["nobody@x.test"], "detail", "") == "AUTHORIZATIONFAILED"
        wrong = imap_server(dovecot, secret="wrong", max_connections=4)
        with pytest.raises(LoginRefusedError):
            outcomes_of(wrong, [f"m{number}@x.test" for number in range(9)])
