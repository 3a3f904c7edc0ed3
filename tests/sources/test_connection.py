"""How requests of several threads go to one server."""

import threading
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fault_builders import addresses, an_office, log_of
from source_builders import MAY, a_source, ews_server

from mailaudit.sources.ews.connection import Connection
from mailaudit.sources.ews.envelopes import Envelopes
from mailaudit.sources.ews.link import Reply

PEOPLE = addresses(24)


def test_reply_tells_how_long_the_server_took_and_nothing_else(tmp_path: Path) -> None:
    """A thread that has to wait for its turn here does not hold it against the server."""
    replies: list[Reply] = []
    with (
        an_office(tmp_path, PEOPLE, latency_ms=200) as place,
        closing(Connection(ews_server(place))) as connection,
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
        assert 0.2 <= reply.waited_s < 1


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
        list(source.outcomes(PEOPLE, MAY))
        first, *others = first_requests(log_of(place))
    assert len(others) == 7
    assert all(other["at"] >= first["answered_at"] for other in others)
    assert any(after["at"] < before["answered_at"] for before, after in pairwise(others))
