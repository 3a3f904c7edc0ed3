"""A bare HTTPS client of a demonstration server: every byte and connection in sight."""

import base64
import json
import ssl
from http.client import HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

import spnego

from mailaudit.demo.options import ServedAt
from mailaudit.demo.workspace import AUDITOR


def password_of(place: ServedAt, name: str = AUDITOR) -> str:
    """The password of an account, as its owner would look it up."""
    for line in place.accounts_path.read_text(encoding="utf-8").splitlines():
        parts = line.split(":")
        if len(parts) == 3 and parts[1] == name:
            return parts[2]
    raise KeyError(name)


def connect(place: ServedAt) -> HTTPSConnection:
    """A connection that trusts the server's authority and no other."""
    trust = ssl.create_default_context(cafile=str(place.ca_path))
    parts = urlsplit(place.url)
    assert parts.hostname is not None
    return HTTPSConnection(parts.hostname, parts.port, context=trust, timeout=20)


def post(
    connection: HTTPSConnection, body: bytes, authorization: str = ""
) -> tuple[int, str, bytes]:
    """Sends one request. Returns status, the WWW-Authenticate header, and the body."""
    headers = {"Content-Type": "text/xml; charset=utf-8"}
    if authorization:
        headers["Authorization"] = authorization
    connection.request("POST", "/EWS/Exchange.asmx", body, headers)
    answer = connection.getresponse()
    return answer.status, answer.headers.get("WWW-Authenticate", ""), answer.read()


def ntlm(name: str, password: str) -> "Any":
    """The client's side of an NTLM handshake."""
    return spnego.client(f"TINHMAU\\{name}", password, protocol="ntlm")


def log_in(connection: HTTPSConnection, place: ServedAt, body: bytes) -> tuple[int, bytes]:
    """Logs a connection in by NTLM as the auditor. Returns the status and body it ends with."""
    handshake = ntlm(AUDITOR, password_of(place))
    first = base64.b64encode(handshake.step()).decode()
    status, challenge, _ = post(connection, b"", f"NTLM {first}")
    assert status == 401
    token = base64.b64decode(challenge.partition(" ")[2])
    last = base64.b64encode(handshake.step(token)).decode()
    status, _, answer = post(connection, body, f"NTLM {last}")
    return status, answer


def access_log(place: ServedAt) -> list[dict[str, Any]]:
    """What the server wrote about its requests, in order."""
    lines = (place.directory / "access.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
