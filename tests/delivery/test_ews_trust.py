"""What the mailer for Exchange trusts: the CA file alone, whatever the environment says."""

import http.server
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import trustme

from mailaudit.delivery.ews import _adapter
from mailaudit.model.certificate import trusting


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A web server: its port, and the file of its authority."""
    authority, ca_file = trustme.CA(), tmp_path / "servers.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    web = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    web.socket = context.wrap_socket(web.socket, server_side=True)
    thread = threading.Thread(target=web.serve_forever)
    thread.start()
    yield web.server_port, ca_file
    web.shutdown()
    thread.join()
    web.server_close()


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environment_adds_no_authority(
    variable: str, server: tuple[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither of the variables that requests heeds."""
    port, ca_file = server
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.setenv(variable, str(ca_file))
    assert answers(port, ca_file)
    with pytest.raises(requests.exceptions.SSLError):
        answers(port, other)


def answers(port: int, ca_file: Path) -> bool:
    with requests.Session() as session:
        session.mount("https://", _adapter(trusting(ca_file, "delivery"))())
        return session.get(f"https://localhost:{port}/", timeout=5).status_code == 501
