"""Sockets: a TCP connection that is begun early and finished later, and TLS over it; no waiting
longer than there is time.
"""

import errno
import selectors
import socket
import ssl
import time

from mailaudit.errors import N_, ServerError
from mailaudit.model.certificate import distrust
from mailaudit.model.outcome import Reason
from mailaudit.sources.imap.faults import ImapFault, too_slow
from mailaudit.sources.imap.login import ImapLogin

NO_ADDRESS, REFUSED = "host name not found", "connection refused"
TLS_FAILED, CONNECTION_FAILED = "TLS failed", "connection failed"
_UNDER_WAY = (0, errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0))
_OTHER_NAME = (62, 64)  # OpenSSL's numbers (x509_vfy.h)
_LONGEST_GREETING = 16 * 1024  # of what is said before TLS

Address = tuple[socket.AddressFamily, tuple[object, ...]]


def await_ready(sock: socket.socket, seconds: float, *, to_write: bool = False) -> bool:
    """Whether a socket can be read, or written to, within so many seconds."""
    if seconds <= 0:
        return False
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE if to_write else selectors.EVENT_READ)
        return bool(selector.select(seconds))


def addresses_of(server: ImapLogin) -> list[Address]:
    """Where the server's name leads to. Raises MailboxFault."""
    try:
        found = socket.getaddrinfo(server.host, server.at_port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ImapFault(Reason.TIMED_OUT, NO_ADDRESS) from error
    return [(family, place) for family, _, _, _, place in found]


def begin(address: Address) -> socket.socket:
    """A connection that is being made. Raises MailboxFault."""
    family, place = address
    try:
        sock = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise ImapFault(Reason.TIMED_OUT, CONNECTION_FAILED) from error
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        code = sock.connect_ex(place)
    except OSError as error:
        sock.close()
        raise _failed(error.errno or 0) from error
    if code not in _UNDER_WAY:
        sock.close()
        raise _failed(code)
    return sock


def finish(sock: socket.socket, until: float) -> socket.socket:
    """Waits until the connection is made. Closes it where it raises MailboxFault."""
    try:
        if not await_ready(sock, until - time.monotonic(), to_write=True):
            raise too_slow()
        if code := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise _failed(code)
    except BaseException:
        sock.close()
        raise
    return sock


def connected(addresses: list[Address], until: float) -> socket.socket:
    """A connection to the first of the addresses that takes one. Raises MailboxFault."""
    for address in addresses[:-1]:
        try:
            return finish(begin(address), until)
        except ImapFault:
            continue
    return finish(begin(addresses[-1]), until)


def secured(
    sock: socket.socket, server: ImapLogin, context: ssl.SSLContext, until: float
) -> ssl.SSLSocket:
    """TLS over a connection that was made; both closed where it raises.

    Raises:
        MailboxFault: It can't be had.
        ServerError: The certificate can't be trusted.
    """
    try:
        if server.tls == "starttls":
            _ask_for_tls(sock, until)
        tls = context.wrap_socket(sock, server_hostname=server.host, do_handshake_on_connect=False)
    except BaseException as error:
        sock.close()
        if isinstance(error, OSError):
            raise ImapFault(Reason.TIMED_OUT, TLS_FAILED) from error
        raise
    try:
        while True:
            try:
                tls.do_handshake()
                return tls
            except ssl.SSLWantReadError:
                is_ready = await_ready(tls, until - time.monotonic())
            except ssl.SSLWantWriteError:
                is_ready = await_ready(tls, until - time.monotonic(), to_write=True)
            if not is_ready:
                raise too_slow()
    except ssl.SSLCertVerificationError as error:
        tls.close()
        raise untrusted(error, server) from error
    except OSError as error:
        tls.close()
        raise ImapFault(Reason.TIMED_OUT, TLS_FAILED) from error
    except BaseException:
        tls.close()
        raise


def untrusted(error: ssl.SSLCertVerificationError, server: ImapLogin) -> ServerError:
    """What is said of a certificate, each time with the cure for just this."""
    message, remedy = distrust(error.verify_code)
    if error.verify_code in _OTHER_NAME:
        remedy = N_(
            "Write {table}.host as the certificate names it, or have a certificate made for this"
            " name."
        )
    detail = error.verify_message.rstrip(".")
    return ServerError(message, remedy, host=server.host, table=server.place, detail=detail)


def _ask_for_tls(sock: socket.socket, until: float) -> None:
    """STARTTLS. Nothing may have come behind its answer: it would seem to have come over TLS."""
    if not _read_line(sock, until).upper().startswith(b"* OK"):
        raise ImapFault(Reason.TIMED_OUT, TLS_FAILED)
    sock.send(b"S STARTTLS\r\n")
    while True:
        line = _read_line(sock, until).upper()
        if line.startswith(b"S OK"):
            return
        if not line.startswith(b"* "):
            raise ImapFault(Reason.TIMED_OUT, TLS_FAILED)


def _read_line(sock: socket.socket, until: float) -> bytes:
    """A line, read byte by byte, so that nothing behind it is taken."""
    line = b""
    while not line.endswith(b"\n"):
        if not await_ready(sock, until - time.monotonic()):
            raise too_slow()
        byte = sock.recv(1)
        line += byte
        if not byte or len(line) > _LONGEST_GREETING:
            raise ImapFault(Reason.TIMED_OUT, TLS_FAILED)
    return line


def _failed(code: int) -> ImapFault:
    is_refused = code in (errno.ECONNREFUSED, getattr(errno, "WSAECONNREFUSED", 0))
    return ImapFault(Reason.TIMED_OUT, REFUSED if is_refused else CONNECTION_FAILED)
