"""Servers that say over TLS whatever bytes a test wants."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import trustme

from mailaudit.sources.ews import EwsServer, envelopes
from mailaudit.sources.ews.client import Client
from mailaudit.sources.shared_state import OwnCell

# Answers a request, the how-manieth of all, on its connection; whether the connection is kept.
Answering = Callable[[ssl.SSLSocket, int], bool]

REQUEST = envelopes.probe("Exchange2016")
ANSWER = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
    b' xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"><s:Body>'
    b"<m:GetServerTimeZonesResponse><m:ResponseMessages><m:GetServerTimeZonesResponseMessage"
    b' ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>'
    b"</m:GetServerTimeZonesResponseMessage></m:ResponseMessages></m:GetServerTimeZonesResponse>"
    b"</s:Body></s:Envelope>"
)


def sound(body: bytes = ANSWER, *lines: str, status: str = "200 OK") -> bytes:
    """An answer as it should be, with further header lines."""
    head = "".join(f"{line}\r\n" for line in (*lines, f"Content-Length: {len(body)}"))
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


@contextmanager
def serving(
    folder: Path,
    answering: Answering,
    context: ssl.SSLContext | None = None,
    host: str = "127.0.0.1",
    *,
    reads_bodies: bool = True,
) -> Iterator[EwsServer]:
    """A server and how to reach it. Its certificate is of an authority made for it, unless there
    is a context that shows another one. It reads the body of the first request at least.
    """
    if context is None:
        authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        authority.cert_pem.write_to_path(folder / "ca.pem")
    listener = socket.create_server(("127.0.0.1", 0))
    number, lock = 0, threading.Lock()

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    def serve(plain: socket.socket) -> None:
        nonlocal number
        with contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as sock:
            while read_request(sock, with_body=reads_bodies or number < 1):
                with lock:
                    number += 1
                    mine = number
                if not answering(sock, mine):
                    break

    threading.Thread(target=accept, daemon=True).start()
    url = f"https://{host}:{listener.getsockname()[1]}/EWS/Exchange.asmx"
    try:
        yield EwsServer(url, "Exchange2016", "basic", "svc", "s", folder / "ca.pem", 2, 4.0)
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@contextmanager
def connected(server: EwsServer) -> Iterator[Client]:
    with closing(Client(server, OwnCell())) as connection:
        yield connection


def read_request(sock: ssl.SSLSocket, *, with_body: bool = True) -> bytes:
    """The next request; empty at the connection's end."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = sock.recv(65536)
        if not piece:
            return b""
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    while with_body and len(body) < length:
        body += sock.recv(65536)
    return received


def patient_until_gone(sock: Any, piece: bytes, every_s: float, most: int) -> bool:
    """Sends a piece again and again; whether the client was gone before all of them were sent."""
    gone = threading.Event()
    try:
        for _ in range(most):
            sock.sendall(piece)
            if every_s and gone.wait(every_s):
                break
    except OSError:
        return True
    return False
