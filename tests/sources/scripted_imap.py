"""An IMAP server that says over TLS what a test wants: for faults that Dovecot can't be made to
have. Left alone it has two folders with a mail each."""

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trustme

from mailaudit.sources.imap import ImapServer

CAPABILITIES = "IMAP4rev1 SASL-IR AUTH=PLAIN"
AFTER_LOGIN = "IMAP4rev1 LIST-EXTENDED SPECIAL-USE NAMESPACE ESEARCH SEARCHRES"

# Takes the command and its arguments, and the number of the connection; gives what is said before
# the tagged answer, and that answer without its tag. "" as the answer closes the connection.
Said = tuple[str | bytes, str]
Script = Mapping[str, Said | Callable[[str, int], Said]]

SOUND: dict[str, Said] = {
    "CAPABILITY": (f"* CAPABILITY {CAPABILITIES}\r\n", "OK done"),
    "ID": ('* ID ("name" "Test" "version" "1")\r\n', "OK done"),
    "AUTHENTICATE": ("", f"OK [CAPABILITY {AFTER_LOGIN}] in"),
    "NAMESPACE": ('* NAMESPACE (("" "/")) NIL NIL\r\n', "OK done"),
    "LIST": ('* LIST () "/" INBOX\r\n* LIST (\\Sent) "/" Sent\r\n', "OK done"),
    "EXAMINE": ("* 1 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n", "OK [READ-ONLY] done"),
    "UID SEARCH RETURN (SAVE": ('* ESEARCH (TAG "x") UID COUNT 1\r\n', "OK done"),
    "UID SEARCH RETURN (ALL": ('* ESEARCH (TAG "x") UID ALL 5 COUNT 1\r\n', "OK done"),
    "UID SEARCH": ("* SEARCH 5\r\n", "OK done"),
    "UID FETCH": (
        '* 1 FETCH (UID 5 FLAGS (\\Seen) INTERNALDATE "07-Oct-2026 10:00:00 +0700")\r\n',
        "OK done",
    ),
    "LOGOUT": ("* BYE\r\n", "OK done"),
}


@dataclass(slots=True)
class Scripted:
    """A running server, how to reach it, and what was said to it: (connection, command)."""

    server: ImapServer
    heard: list[tuple[int, str]] = field(default_factory=list)

    def commands(self, word: str) -> list[str]:
        return [command for _, command in self.heard if command.startswith(word)]


@contextmanager
def scripted(
    folder: Path,
    script: Script | None = None,
    *,
    greeting: bytes = f"* OK [CAPABILITY {CAPABILITIES}] ready\r\n".encode(),
    **keys: Any,
) -> Iterator[Scripted]:
    """Serves while the block runs. The longest beginning of a command in the script decides."""
    says = {**SOUND, **(script or {})}
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    listener = socket.create_server(("127.0.0.1", 0))
    given: dict[str, Any] = {
        "host": "localhost",
        "port": listener.getsockname()[1],
        "auth": "plain",
        "username": "svc",
        "secret": "s",
        "ca_file": folder / "ca.pem",
        "timeout_s": 3.0,
        "max_connections": 2,
    }
    running = Scripted(ImapServer(**(given | keys)))

    def accept() -> None:
        number = 0
        with contextlib.suppress(OSError):
            while True:
                sock = listener.accept()[0]
                # Or an answer would wait until the one before it is acknowledged.
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=serve, args=(sock, number), daemon=True).start()
                number += 1

    def serve(plain: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as sock:
            sock.sendall(greeting)
            for line in sock.makefile("rb"):
                tag, _, command = line.decode().strip().partition(" ")
                running.heard.append((number, command))
                said = says[max((one for one in says if command.startswith(one)), key=len)]
                before, answer = said(command, number) if callable(said) else said
                sock.sendall(before if isinstance(before, bytes) else before.encode())
                if not answer:
                    return
                sock.sendall(f"{tag} {answer}\r\n".encode())
                if re.match("LOGOUT", command):
                    return

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield running
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
