"""The server over TLS: logins, connections, limits, and a real EWS client reading from it."""

import base64
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPSConnection
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest
from demo_builders import envelope, find_item, get_folder
from demo_client import access_log, connect, log_in, ntlm, password_of, post
from exchangelib import IMPERSONATION, NTLM, Account, Build, Configuration, Credentials, Version
from exchangelib.errors import (
    ErrorAccessDenied,
    ErrorImpersonateUserDenied,
    ErrorMailboxMoveInProgress,
    ErrorMailboxStoreUnavailable,
    ErrorNonExistentMailbox,
    UnauthorizedError,
)

from mailaudit.demo.content import Folder
from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served
from mailaudit.demo.province import Province
from mailaudit.demo.staff import PERIODS
from mailaudit.demo.workspace import AUDITOR, ORDINARY

pytestmark = pytest.mark.usefixtures("trusting")
KNOWN = Province()
SOMEONE = KNOWN.addresses[3]
_REQUEST = envelope(get_folder("inbox"), acting_as=SOMEONE)


def _account(place: ServedAt, address: str, name: str = AUDITOR, password: str = "") -> Account:
    """An exchangelib account that acts as an address."""
    config = Configuration(
        service_endpoint=place.url,
        credentials=Credentials(f"TINHMAU\\{name}", password or password_of(place, name)),
        auth_type=NTLM,
        version=Version(Build(15, 1), "Exchange2016"),
    )
    return Account(address, config=config, autodiscover=False, access_type=IMPERSONATION)


def _folder(address: str, name: str) -> Folder:
    mailbox = KNOWN.mailbox(address)
    assert mailbox is not None
    return mailbox.by_name[name]


def _known(folder: Folder, start: datetime, end: datetime) -> list[tuple[datetime, bool, str]]:
    """What lies in a folder of the province, newest first."""
    rows = [
        (datetime.fromtimestamp(item.received, UTC), item.is_read, item.item_class)
        for item in folder.items
    ]
    return sorted((row for row in rows if start <= row[0] < end), key=lambda row: row[0])[::-1]


def test_client_reads_exactly_what_lies_in_the_mailbox(province: ServedAt) -> None:
    """exchangelib, logged in by NTLM and paging by 7, reads a month's items as they are."""
    start, end = PERIODS[2].start, PERIODS[2].end
    inbox = _account(province, SOMEONE).inbox
    query = inbox.filter(datetime_received__gte=start, datetime_received__lt=end)
    fields = ("datetime_received", "is_read", "item_class")
    found = query.only(*fields).order_by("-datetime_received")
    found.page_size = 7
    rows = [(item.datetime_received, item.is_read, item.item_class) for item in found]
    expected = _known(_folder(SOMEONE, "inbox"), start, end)
    assert len(expected) > 20
    assert sorted(rows, key=str) == sorted(expected, key=str)
    assert [row[0] for row in rows] == [row[0] for row in expected]
    assert inbox.total_count == len(_folder(SOMEONE, "inbox").items)


def test_client_sees_the_folders(province: ServedAt) -> None:
    """exchangelib walks the tree with its Vietnamese names."""
    mailbox = KNOWN.mailbox(SOMEONE)
    assert mailbox is not None
    names = {folder.name for folder in mailbox.beneath(mailbox.by_name["msgfolderroot"], deep=True)}
    assert {folder.name for folder in _account(province, SOMEONE).msg_folder_root.walk()} == names
    assert "Công văn đến" in names


def test_client_with_wrong_password_is_unauthorized(province: ServedAt) -> None:
    """A wrong password leads to 401 and to nothing of a mailbox."""
    before = len(access_log(province))
    with pytest.raises(UnauthorizedError):
        list(_account(province, SOMEONE, password="wrong").inbox.all())
    assert {entry["status"] for entry in access_log(province)[before:]} == {401}


def test_client_without_the_right_may_not_impersonate(province: ServedAt) -> None:
    """The second account logs in, and is refused every mailbox."""
    with pytest.raises(ErrorImpersonateUserDenied):
        list(_account(province, SOMEONE, ORDINARY).inbox.all())


@pytest.mark.parametrize(
    "error",
    [
        ErrorAccessDenied,
        ErrorImpersonateUserDenied,
        ErrorMailboxMoveInProgress,
        ErrorMailboxStoreUnavailable,
        ErrorNonExistentMailbox,
    ],
)
def test_client_meets_the_provinces_unreachable_mailboxes(
    province: ServedAt, error: type[Exception]
) -> None:
    """The province has a mailbox of each failing kind, and exchangelib recognises it."""
    address = next(a for a, code in KNOWN.failing.items() if code == error.__name__)
    with pytest.raises(error):
        list(_account(province, address).inbox.all())


def test_address_only_the_roster_knows_does_not_exist(province: ServedAt) -> None:
    """An address in the staff list without a mailbox on the server is unknown to it."""
    address = next(p.address for p in KNOWN.staff if p.address and not p.has_mailbox)
    with pytest.raises(ErrorNonExistentMailbox):
        list(_account(province, address).inbox.all())


def test_ntlm_logs_a_connection_in_and_no_other(province: ServedAt) -> None:
    """After one handshake a connection needs no header; another connection does."""
    connection = connect(province)
    assert post(connection, _REQUEST)[:2] == (401, "NTLM")
    status, body = log_in(connection, province, _REQUEST)
    assert status == 200
    assert b"NoError" in body
    assert [post(connection, _REQUEST)[0] for _ in range(3)] == [200, 200, 200]
    assert post(connect(province), _REQUEST)[0] == 401
    connection.close()


def test_failed_handshake_logs_a_connection_out(province: ServedAt) -> None:
    """A connection whose newer handshake fails is no longer logged in."""
    connection = connect(province)
    assert log_in(connection, province, _REQUEST)[0] == 200
    handshake = ntlm(AUDITOR, "wrong")
    first = base64.b64encode(handshake.step()).decode()
    _, challenge, _ = post(connection, b"", f"NTLM {first}")
    token = handshake.step(base64.b64decode(challenge.partition(" ")[2]))
    assert post(connection, _REQUEST, f"NTLM {base64.b64encode(token).decode()}")[0] == 401
    assert post(connection, _REQUEST)[0] == 401
    connection.close()


@pytest.mark.parametrize(
    "header",
    ["NTLM", "NTLM !!", "NTLM TlRMTVNTUAA=", "NTLM TlRMTVNTUAADAAAA", "Basic eDp5", "x"],
)
def test_malformed_login_is_refused(province: ServedAt, header: str) -> None:
    """Whatever the header holds, the answer is 401 and the server lives on."""
    connection = connect(province)
    assert post(connection, _REQUEST, header)[0] == 401
    assert log_in(connection, province, _REQUEST)[0] == 200
    connection.close()


def test_client_that_does_not_know_the_authority_refuses(province: ServedAt) -> None:
    """The certificate is no good to whoever does not trust the CA beside the configuration."""
    parts = urlsplit(province.url)
    assert parts.hostname is not None
    stranger = HTTPSConnection(parts.hostname, parts.port, context=ssl.create_default_context())
    with pytest.raises(ssl.SSLCertVerificationError):
        stranger.request("GET", "/")


def test_other_paths_methods_and_huge_requests_are_refused(province: ServedAt) -> None:
    """Only POST to the endpoint is answered, and only up to a size no real request has."""
    for method, path, body, status in (
        ("POST", "/other", b"", 404),
        ("GET", "/EWS/Exchange.asmx", b"", 405),
        ("POST", "/EWS/Exchange.asmx", b" " * (1 << 26), 413),
    ):
        connection = connect(province)
        connection.request(method, path, body)
        assert connection.getresponse().status == status
        connection.close()


def test_access_log_reports_connections_and_mailboxes(province: ServedAt) -> None:
    """The log has a line a request: whose mailbox, which operation, on which connection."""
    before = len(access_log(province))
    first, second = connect(province), connect(province)
    log_in(first, province, _REQUEST)
    log_in(second, province, _REQUEST)
    post(first, envelope(find_item(), acting_as=SOMEONE))
    entries = access_log(province)[before:]
    assert [entry["status"] for entry in entries] == [401, 200, 401, 200, 200]
    assert [entry["operation"] for entry in entries[-2:]] == ["GetFolder", "FindItem"]
    assert entries[-1]["mailbox"] == SOMEONE
    assert entries[-1]["connection"] == entries[0]["connection"] != entries[2]["connection"]
    assert entries[-1]["open"] >= 2
    first.close()
    second.close()


@pytest.fixture(scope="module")
def basic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedAt]:
    """A server with Basic logins, 150 ms away, with other options set too."""
    folder: Path = tmp_path_factory.mktemp("basic")
    options = {SOMEONE: "ErrorMailboxStoreUnavailable"}
    with served(
        folder, Options(auth="basic", latency_ms=150, failing=options, find_limit=3)
    ) as place:
        yield place


def _basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"TINHMAU\\{name}:{password}".encode()).decode()


def test_basic_login_is_asked_of_every_request(basic: ServedAt) -> None:
    """The right password works each time, a wrong or absent one never."""
    connection = connect(basic)
    good = _basic(AUDITOR, password_of(basic))
    for header, status in ((good, 200), ("", 401), (_basic(AUDITOR, "wrong"), 401), (good, 200)):
        answer = post(connection, _REQUEST, header)
        assert answer[0] == status
        assert answer[1].startswith("Basic") == (status == 401)
    connection.close()


def test_latency_holds_every_answer_back(basic: ServedAt) -> None:
    """An answer takes the latency at least, and several connections wait side by side."""
    connections = [connect(basic) for _ in range(6)]
    headers = {"Authorization": _basic(AUDITOR, password_of(basic))}
    for connection in connections:
        connection.connect()
    began = monotonic()
    for connection in connections:
        connection.request("POST", "/EWS/Exchange.asmx", _REQUEST, headers)
    for connection in connections:
        assert connection.getresponse().status == 200
        connection.close()
    assert 0.15 <= monotonic() - began < 0.6


def test_options_reach_the_server(basic: ServedAt) -> None:
    """A mailbox made to fail does, and the cap on finds is the one asked for."""
    header = _basic(AUDITOR, password_of(basic))
    connection = connect(basic)
    assert b"ErrorMailboxStoreUnavailable" in post(connection, _REQUEST, header)[2]
    other = KNOWN.addresses[0]
    answer = post(connection, envelope(find_item(), acting_as=other), header)[2]
    assert answer.count(b"<t:ItemId") == 3
    assert 'auth = "basic"' in basic.config_path.read_text(encoding="utf-8")
    connection.close()
