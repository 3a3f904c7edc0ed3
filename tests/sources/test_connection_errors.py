"""What keeps a login from the server is named, each with its own cure."""

import socket
import ssl
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from certificate_builders import Signed, authority, certificate, shown
from raw_server import connected, serving, sound

from mailaudit.errors import ConfigurationError, ServerError
from mailaudit.sources.ews import EwsServer

DAY = timedelta(days=1)
HERE = ("127.0.0.1", "localhost")


def answering(sock: ssl.SSLSocket, number: int) -> bool:
    sock.sendall(sound())
    return True


def complaint(server: EwsServer) -> str:
    """What the check of a server says."""
    with connected(server) as connection, pytest.raises(ServerError) as caught:
        connection.check()
    return caught.value.text()


def complaint_about(folder: Path, trusted: Signed, server: Signed) -> str:
    """What the check says of a certificate where this authority is trusted."""
    (folder / "ca.pem").write_bytes(trusted.pem())
    with serving(folder, answering, shown(folder, server)) as reached:
        return complaint(reached)


CERTIFICATES: dict[str, tuple[Any, str, bool]] = {
    "expired": (
        lambda ours: certificate(ours, *HERE, since=-3 * DAY, until=-DAY), "has expired", False),
    "not yet valid": (
        lambda ours: certificate(ours, *HERE, since=DAY, until=3 * DAY), "not valid yet", False),
    "other name": (
        lambda ours: certificate(ours, "mail.tinh.test"), "is for another name", False),
    "unknown authority": (
        lambda ours: certificate(authority(), *HERE), "its authority is not known", True),
    "signed by itself": (
        lambda ours: certificate(None, *HERE), "its authority is not known", True),
}  # fmt: skip


@pytest.mark.parametrize("name", CERTIFICATES)
def test_what_is_wrong_with_a_certificate_is_said(tmp_path: Path, name: str) -> None:
    """And the CA file is named only where another one is the cure."""
    make, says, is_of_ca_file = CERTIFICATES[name]
    ours = authority()
    text = complaint_about(tmp_path, ours, make(ours))
    assert "127.0.0.1" in text
    assert says in text
    assert ("ca_file" in text) is is_of_ca_file


@pytest.mark.parametrize(
    ("ours", "key_id"),
    [
        (authority(), True),
        (authority(critical=False), True),
        (authority(), False),
        (authority(key_id=False), True),
        (authority(critical=False, key_id=False), False),
        (authority(authority()), True),
    ],
    ids=[
        "by the book",
        "constraints",
        "no key named",
        "authority's key",
        "nothing",
        "intermediate",
    ],
)
def test_authority_that_does_not_follow_the_book_is_trusted(
    tmp_path: Path, ours: Signed, key_id: bool
) -> None:
    """It is the one that was named; newer versions of Python refuse it by themselves."""
    (tmp_path / "ca.pem").write_bytes(ours.pem())
    context = shown(tmp_path, certificate(ours, *HERE, key_id=key_id))
    with serving(tmp_path, answering, context) as server, connected(server) as connection:
        connection.check()


def test_certificate_that_a_server_made_for_itself_can_be_trusted(tmp_path: Path) -> None:
    """As Exchange does at its installation."""
    own = certificate(None, *HERE)
    (tmp_path / "ca.pem").write_bytes(own.pem())
    context = shown(tmp_path, own)
    with serving(tmp_path, answering, context) as server, connected(server) as connection:
        connection.check()


def a_server(folder: Path, host: str, port: int) -> EwsServer:
    (folder / "ca.pem").write_bytes(authority().pem())
    url = f"https://{host}:{port}/EWS/Exchange.asmx"
    return EwsServer(url, "Exchange2016", "basic", "svc", "s", folder / "ca.pem", 1, 2.0)


def test_name_that_nobody_knows_is_said(tmp_path: Path) -> None:
    text = complaint(a_server(tmp_path, "mail.tinh.invalid", 443))
    assert "no address of mail.tinh.invalid" in text


def test_port_that_is_closed_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    text = complaint(a_server(tmp_path, "127.0.0.1", port))
    assert f"127.0.0.1 can't be reached: nothing answers on its port {port}" in text


@pytest.mark.slow
@pytest.mark.parametrize("greets", [False, True])
def test_server_that_keeps_silent_is_said(tmp_path: Path, greets: bool) -> None:
    """Before TLS, or after it."""
    if not greets:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            text = complaint(a_server(tmp_path, "127.0.0.1", port))
    else:
        silence = socket.socketpair()

        def wait(sock: ssl.SSLSocket, number: int) -> bool:
            silence[0].recv(1)
            return False

        with serving(tmp_path, wait) as server:
            text = complaint(server)
            port = int(server.url.split(":")[2].split("/")[0])
            silence[1].close()
    assert f"127.0.0.1 can't be reached: it does not answer in time on port {port}" in text


def test_host_with_vietnamese_letters_is_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the login and after it; no name server knows it here, so its address is put in."""
    host = "thưđiệntử.tỉnh.test"
    ascii_host = host.encode("idna").decode()
    resolve = socket.getaddrinfo
    asked = []

    def getaddrinfo(name: str, *more: Any, **options: Any) -> Any:
        asked.append(name)
        return resolve("127.0.0.1" if name == ascii_host else name, *more, **options)

    ours = authority()
    (tmp_path / "ca.pem").write_bytes(ours.pem())
    context = shown(tmp_path, certificate(ours, ascii_host))
    with serving(tmp_path, answering, context, host) as server, connected(server) as connection:
        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        connection.check()
        connection.check()
    assert asked == [ascii_host]


def test_host_that_can_be_none_is_said(tmp_path: Path) -> None:
    """With what to write instead."""
    server = replace(a_server(tmp_path, "x", 443), url="https://-đ-.tỉnh..test/EWS")
    with pytest.raises(ConfigurationError, match="xn--"), connected(server):
        pass
