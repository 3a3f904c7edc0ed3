"""What a check of the set-up sees of a server, and what it takes for that."""

import ssl
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from certificate_builders import authority, certificate, shown
from raw_server import ANSWER, serving, sound
from source_builders import MAY, PEOPLE, ews_server, requests_in, write_traffic

from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served
from mailaudit.errors import ConfigurationError, ServerError
from mailaudit.model.outcome import Reason
from mailaudit.sources.ews import EwsServer
from mailaudit.sources.ews.probe import EwsProbe
from mailaudit.sources.faults import LoginRefusedError, MailboxFault
from mailaudit.sources.probing import Opened

DENIED, OFFLINE = PEOPLE[4], PEOPLE[5]
HERE = ("127.0.0.1", "localhost")


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def a_probe(server: EwsServer) -> Iterator[EwsProbe]:
    with closing(EwsProbe(server, MAY, now)) as probe:
        yield probe


@pytest.fixture(scope="module", params=[{}, {"find_limit": 2, "well_known_names": False}])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedAt]:
    """A server that gives whole pages, and one that cuts them and marks no special folders."""
    folder = tmp_path_factory.mktemp("probed")
    more: dict[str, Any] = request.param
    options = Options(
        **write_traffic(folder),
        **more,
        access_log=folder / "access.jsonl",
        failing={DENIED: "ErrorAccessDenied", OFFLINE: "ErrorMailboxStoreUnavailable"},
    )
    with served(folder, options) as place:
        yield place


def test_mailbox_is_opened_with_the_requests_of_a_collection(place: ServedAt) -> None:
    """Its folders and the first page of the month; how many items a page has where it is cut."""
    log = place.directory / "access.jsonl"
    before = len(requests_in(log)) if log.exists() else 0
    with a_probe(ews_server(place, max_connections=8)) as probe:
        probe.check()
        opened = [probe.open(mailbox) for mailbox in PEOPLE[:3]]
        assert probe.server_version == "Exchange Server 2016 (15.1.2507.39)"
    asked = [entry for entry in requests_in(log)[before:] if entry["status"] != 401]
    operations = [entry["operation"] for entry in asked if entry["mailbox"] == PEOPLE[0]]
    is_cut = "GetFolder" in operations
    assert operations == ["FindFolder", *(["GetFolder"] if is_cut else []), "FindItem"]
    assert opened == [
        Opened(len(operations), one.seconds, 400, 2 if is_cut else None) for one in opened
    ]
    assert all(0 < one.seconds < 20 for one in opened)
    assert len({entry["connection"] for entry in requests_in(log)[before:]}) == 1


@pytest.mark.parametrize("ask", [EwsProbe.open, EwsProbe.list_folders])
@pytest.mark.parametrize(
    ("mailbox", "reason"),
    [
        (DENIED, Reason.ACCESS_DENIED),
        (OFFLINE, Reason.UNAVAILABLE),
        ("nobody@tinh.test", Reason.NO_MAILBOX),
    ],
)
def test_mailbox_that_is_not_opened_says_why(
    place: ServedAt, ask: Any, mailbox: str, reason: Reason
) -> None:
    """Also where the answer comes with a status of success."""
    with a_probe(ews_server(place)) as probe:
        probe.check()
        with pytest.raises(MailboxFault) as caught:
            ask(probe, mailbox)
        assert caught.value.reason is reason
        probe.open(PEOPLE[0])  # and the next one is


def test_refused_login_is_distinguished_and_not_repeated(place: ServedAt) -> None:
    """Whatever is asked afterwards."""
    log = place.directory / "access.jsonl"
    before = len(requests_in(log)) if log.exists() else 0
    with a_probe(ews_server(place, secret="wrong")) as probe:
        for attempt in (probe.check, probe.check, lambda: probe.open(PEOPLE[0])):
            with pytest.raises(LoginRefusedError):
                attempt()
        assert probe.server_time is not None
    assert sum(entry.get("attempt", False) for entry in requests_in(log)[before:]) == 1


def test_server_that_asks_for_silence_is_not_waited_for(tmp_path: Path) -> None:
    """A collection would wait for an hour; here each further mailbox is said to be busy at once."""
    (tmp_path / "faults.toml").write_text(
        f'[[fault]]\nkind = "http-503"\nmailboxes = ["{PEOPLE[0]}"]\nretry_after = "3600"\n'
    )
    options = Options(**write_traffic(tmp_path), faults=tmp_path / "faults.toml")
    with served(tmp_path, options) as place, a_probe(ews_server(place)) as probe:
        probe.check()
        since = time.monotonic()
        for mailbox in PEOPLE[:3]:
            with pytest.raises(MailboxFault) as caught:
                probe.open(mailbox)
            assert caught.value.is_busy
        assert time.monotonic() - since < 10


@pytest.mark.parametrize("status", ["200 OK", "401 Unauthorized", "503 Service Unavailable"])
def test_clock_of_the_server_is_read_from_any_answer(tmp_path: Path, status: str) -> None:
    """A login may be refused just because the clocks differ."""

    def answering(sock: ssl.SSLSocket, _number: int) -> bool:
        sock.sendall(sound(ANSWER, "Date: Tue, 01 Dec 2026 01:02:03 GMT", status=status))
        return True

    with serving(tmp_path, answering) as server, a_probe(server) as probe:
        if status.startswith("200"):
            probe.check()
        else:
            with pytest.raises(ServerError):
                probe.check()
        assert probe.server_time == datetime(2026, 12, 1, 1, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize("line", ["X: y", "Date: yesterday", "Date: 99999999999999"])
def test_answer_without_a_time_leaves_the_clock_unknown(tmp_path: Path, line: str) -> None:
    def answering(sock: ssl.SSLSocket, _number: int) -> bool:
        sock.sendall(sound(ANSWER, line))
        return True

    with serving(tmp_path, answering) as server, a_probe(server) as probe:
        probe.check()
        assert probe.server_time is None


def silent(sock: ssl.SSLSocket, _number: int) -> bool:
    raise AssertionError("something was sent")


def test_certificate_is_read_and_nothing_is_sent(tmp_path: Path) -> None:
    """By an authority that does not follow the book, as a login trusts it."""
    ours = authority(critical=False, key_id=False)
    (tmp_path / "ca.pem").write_bytes(ours.pem())
    own = certificate(ours, *HERE, until=timedelta(days=40), key_id=False)
    with serving(tmp_path, silent, shown(tmp_path, own)) as server:
        assert server.reach().addresses() == ("127.0.0.1",)
        assert str(server.reach().port_answers()) in server.url
        found = server.reach().certificate()
    assert abs(found.until - now() - timedelta(days=40)) < timedelta(minutes=5)
    assert found.tls == "TLSv1.3"


def test_public_authorities_are_trusted_where_no_other_is_named(tmp_path: Path) -> None:
    """Those that a login trusts, and no certificate of one's own with them."""
    own = certificate(None, *HERE)
    (tmp_path / "ca.pem").write_bytes(own.pem())
    with serving(tmp_path, silent, shown(tmp_path, own)) as server:
        server.reach().certificate()
        public = EwsServer(server.url, server.version, "basic", "svc", "s", None, 1, 2.0)
        with pytest.raises(ServerError, match="its authority is not known"):
            public.reach().certificate()


def test_ca_file_that_holds_none_is_named(tmp_path: Path) -> None:
    with serving(tmp_path, silent) as server:
        (tmp_path / "ca.pem").write_text("nothing", encoding="ascii")
        with pytest.raises(ConfigurationError, match="it holds no certificate"):
            server.reach().certificate()


def test_server_that_speaks_no_tls_is_named(tmp_path: Path) -> None:
    """Something else answers on the port."""
    import socket
    import threading

    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            plain, _ = listener.accept()
            with plain:
                plain.sendall(b"220 mail.tinh.test ESMTP\r\n" * 20)
                plain.recv(1000)

        threading.Thread(target=greet, daemon=True).start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/EWS/Exchange.asmx"
        server = EwsServer(url, "Exchange2016", "basic", "svc", "s", None, 1, 2.0)
        with pytest.raises(ServerError, match=r"127\.0\.0\.1 can't be reached: TLS failed"):
            server.reach().certificate()
