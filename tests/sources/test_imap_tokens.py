"""XOAUTH2 against a real Dovecot, which asks an endpoint of this test whether a token is good."""

import base64
import json
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from dovecot_builders import AN, BINH, OCTOBER, filled, imap_server, needs_dovecot, outcomes_of
from mailaudit.demo.dovecot import Dovecot, running
from mailaudit.errors import ServerError
from mailaudit.model.outcome import Activity, Outcome
from mailaudit.model.snapshot import Job
from mailaudit.sources.imap.probe import ImapProbe
from mailaudit.sources.source import ThreadedSource

pytestmark = needs_dovecot

TOKEN, EXPIRED = "ya29.right-Token_1", "ya29.old-Token_0"
MANY = [f"m{number}@x.test" for number in range(40)]
MAILS = {box: {"": [("2026-10-07T10:00:00", "S")]} for box in (AN, BINH, *MANY)}


@dataclass(slots=True)
class Endpoint:
    """Says whether a token is good, as RFC 7662 has it.

    Attributes:
        good: The tokens that are.
        asked: How often each was asked about.
        good_for: So many answers are yes, all further ones no; None for no end.
    """

    good: set[str] = field(default_factory=lambda: {TOKEN})
    asked: list[str] = field(default_factory=list)
    good_for: int | None = None

    def is_good(self, token: str) -> bool:
        self.asked.append(token)
        is_over = self.good_for is not None and len(self.asked) > self.good_for
        return token in self.good and not is_over


@contextmanager
def answering(endpoint: Endpoint) -> Iterator[str]:
    """Serves the endpoint while the block runs; its URL."""

    class Introspection(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            is_good = endpoint.is_good(said["token"][0])
            answer = {"active": True, "username": "svc@x.test"} if is_good else {"active": False}
            content = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Keeps quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Introspection)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/introspect"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def endpoint() -> Endpoint:
    return Endpoint()


@pytest.fixture(scope="module")
def dovecot(endpoint: Endpoint) -> Iterator[Dovecot]:
    """A token is for every mailbox of its domain, as the settings of the server say."""
    # The server's own account reads the folder, which none of pytest's lets it do.
    with answering(endpoint) as url, tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "oauth2.conf"
        settings.write_text(
            f"introspection_url = {url}\nintrospection_mode = post\n"
            "active_attribute = active\nactive_value = true\n"
            "username_attribute = username\nusername_format = %Ld\n",
            encoding="utf-8",
        )
        settings.parent.chmod(0o755)
        more = (
            "auth_mechanisms = plain xoauth2\nauth_cache_size = 0\n"
            f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2\n  args = {settings}\n}}\n"
        )
        with running(MAILS, "unused", fill=filled(MAILS), more=more) as server:
            yield server


@pytest.fixture(autouse=True)
def fresh(endpoint: Endpoint) -> None:
    endpoint.asked.clear()
    endpoint.good_for = None


def test_token_opens_each_mailbox(dovecot: Dovecot, endpoint: Endpoint) -> None:
    server = imap_server(dovecot, auth="xoauth2", username="", secret=TOKEN)
    found = outcomes_of(server, [AN, BINH])
    assert [isinstance(one, Activity) and len(one.days) for one in found.values()] == [1, 1]
    assert endpoint.asked == [TOKEN, TOKEN]
    assert TOKEN not in repr(server)


def test_expired_token_is_tried_once_and_said(dovecot: Dovecot, endpoint: Endpoint) -> None:
    """At once: the server asks back before it refuses, and must not be waited for."""
    server = imap_server(dovecot, auth="xoauth2", username="", secret=EXPIRED)
    with pytest.raises(ServerError) as caught:
        outcomes_of(server, MANY)
    assert "refuses the token: it has expired" in caught.value.message
    assert "put it where the old one was" in (caught.value.remedy or "")
    for said in (str(caught.value), repr(caught.value), str(caught.value.values)):
        assert EXPIRED not in said
        assert base64.b64encode(EXPIRED.encode()).decode()[:8] not in said
    assert endpoint.asked == [EXPIRED]


def test_check_says_it_too(dovecot: Dovecot) -> None:
    server = imap_server(dovecot, auth="xoauth2", username="", secret=EXPIRED)
    with closing(ImapProbe(server, OCTOBER, now)) as probe:
        probe.check()
        with pytest.raises(ServerError, match="refuses the token"):
            probe.open(AN)


def test_token_that_expires_in_the_middle_loses_no_mailbox(
    dovecot: Dovecot, endpoint: Endpoint
) -> None:
    """What was read is there, the rest has no outcome, so that the next run asks for it."""
    endpoint.good_for = 12
    server = imap_server(dovecot, auth="xoauth2", username="", secret=TOKEN)
    found: list[Outcome] = []
    with (
        closing(ThreadedSource(server, frozenset(), now)) as source,
        pytest.raises(ServerError, match="refuses the token"),
    ):
        for batch in source.outcomes(Job(MANY, OCTOBER)):
            found += batch
    assert 0 < len(found) <= 12
    assert all(isinstance(one, Activity) and one.days for one in found)


def now() -> datetime:
    return datetime.now(UTC)
