"""How requests of several threads go to one server."""

import ssl
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import trustme
from fault_builders import addresses, an_office, log_of
from source_builders import MAY, a_source, all_of, ews_server

from mailaudit.errors import ServerError
from mailaudit.model.snapshot import Job
from mailaudit.sources.ews import EwsServer
from mailaudit.sources.ews.client import Client
from mailaudit.sources.ews.envelopes import Envelopes
from mailaudit.sources.ews.link import Reply
from mailaudit.sources.shared_state import OwnCell
from mailaudit.sources.source import ThreadedSource

PEOPLE = addresses(24)


def test_reply_reports_how_long_the_server_took_and_nothing_else(tmp_path: Path) -> None:
    """A thread that has to wait for its turn here does not hold it against the server."""
    replies: list[Reply] = []
    with (
        an_office(tmp_path, PEOPLE, latency_ms=200) as place,
        closing(Client(ews_server(place), OwnCell())) as connection,
    ):
        connection.check()

        def ask() -> None:
            envelope = Envelopes("Exchange2016", MAY).find_folders(PEOPLE[0])
            replies.append(connection.ask(envelope, PEOPLE[0]))
            connection.turn.give()

        ask()
        connection.turn.take()
        thread = threading.Thread(target=ask)
        thread.start()
        time.sleep(1.5)
        connection.turn.give()
        thread.join()
    for reply in replies:
        assert reply.waited_s is not None
        assert 0.2 <= reply.waited_s < 1.5  # the time for which the turn was kept


def first_requests(log: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The request that logged each connection in, in their order."""
    seen: dict[int, dict[str, Any]] = {}
    for entry in log:
        if entry["status"] == 200:
            seen.setdefault(entry["connection"], entry)
    return sorted(seen.values(), key=lambda entry: float(entry["at"]))


@pytest.mark.parametrize("auth", ["ntlm", "basic"])
def test_logins_go_side_by_side_once_one_was_taken(tmp_path: Path, auth: str) -> None:
    """Nobody logs in beside the first one, whose password may be wrong; the others do not queue."""
    with (
        an_office(tmp_path, PEOPLE, auth=auth, latency_ms=200) as place,
        a_source(place, auth=auth, max_connections=8) as source,
    ):
        all_of(source, Job(PEOPLE, MAY))
        first, *others = first_requests(log_of(place))
    assert len(others) == 7
    assert all(other["at"] >= first["answered_at"] for other in others)
    assert any(after["at"] < before["answered_at"] for before, after in pairwise(others))


def test_answer_from_before_exchange_says_nothing_of_the_password(tmp_path: Path) -> None:
    """A front end that is busy has not looked at it: the next one still tries it alone."""
    statuses = [503]
    seen: list[int] = []

    class Front(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            status = statuses.pop() if statuses else 401
            seen.append(status)
            time.sleep(0.1)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    front = ThreadingHTTPServer(("127.0.0.1", 0), Front)
    front.socket = context.wrap_socket(front.socket, server_side=True)
    thread = threading.Thread(target=front.serve_forever)
    thread.start()
    try:
        server = EwsServer(
            f"https://127.0.0.1:{front.server_port}/EWS/Exchange.asmx",
            "Exchange2016", "basic", "auditor", "wrong", tmp_path / "ca.pem", 4,
        )  # fmt: skip
        with (
            closing(ThreadedSource(server, frozenset(), lambda: datetime.now(UTC))) as source,
            pytest.raises(ServerError, match="refuses the login"),
        ):
            all_of(source, Job(PEOPLE, MAY))
    finally:
        front.shutdown()
        thread.join()
        front.server_close()
    assert seen == [503, 401]
