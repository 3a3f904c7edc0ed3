"""A real SMTP server on loopback, with TLS, logins, and faults that tests set."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

ACCOUNT, PASSWORD = "VIDU\\baocao", "s3cret-Mật-khẩu-gửi"
FROM = "baocao@vidu.gov.vn"


@dataclass(slots=True)
class Faults:
    """What is wrong with the server; each is taken back by setting it to nothing.

    Attributes:
        refused: Addresses it knows no mailbox of.
        refuses_logins: How many logins it still refuses.
        refuses_sender, refuses_all: Whether it takes no mail.
        later: Addresses of which it says so often that it takes their mail later.
        breaks_off: Addresses after whose mail it closes the connection without an answer.
        takes_what_it_breaks_off: Whether that mail arrives.
        slow_s: How long it takes for each mail.
        mails_each: Mails after which it closes a connection; 0 for never.
        words: Said of addresses it knows no mailbox of.
        sender_words: Said where it refuses the sender.
        answer: Said of a mail that it took; "" for the usual.
    """

    refused: set[str] = field(default_factory=set)
    refuses_logins: int = 0
    refuses_sender: bool = False
    refuses_all: bool = False
    later: dict[str, int] = field(default_factory=dict)
    breaks_off: set[str] = field(default_factory=set)
    takes_what_it_breaks_off: bool = True
    slow_s: float = 0.0
    mails_each: int = 0
    words: str = "550 5.1.1 No such mailbox here"
    sender_words: str = "550 5.7.60 Client does not have permissions to send as this sender"
    answer: str = ""


@dataclass(slots=True)
class PostOffice:
    """A running server.

    Attributes:
        taken: What arrived, as (address, message), in order.
        logins: The passwords that were tried.
        was_encrypted: Whether TLS was there for each mail.
        on_mail: Called when a mail comes, before it is taken.
    """

    port: int
    ca_file: Path
    faults: Faults
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)
    was_encrypted: list[bool] = field(default_factory=list)
    on_mail: Callable[[], None] = lambda: None

    def reset(self) -> None:
        """Forgets everything."""
        self.faults, self.on_mail = Faults(), lambda: None
        self.taken, self.logins, self.was_encrypted = [], [], []

    def messages(self) -> dict[str, EmailMessage]:
        """What arrived, by address; asserts that nobody got two."""
        addresses = [address for address, _ in self.taken]
        assert len(addresses) == len(set(addresses)), addresses
        return {address: read(content) for address, content in self.taken}

    def addresses(self) -> list[str]:
        return [address for address, _ in self.taken]

    def table(self, **changes: str) -> str:
        """The keys of [delivery] that lead here."""
        keys = {
            "kind": '"smtp"',
            "from": f'"{FROM}"',
            "host": '"localhost"',
            "port": str(self.port),
            "ca_file": f"'{self.ca_file}'",
            "mails_per_minute": "600",
            "username": f"'{ACCOUNT}'",
            "password_file": '"delivery-password"',
        } | changes
        return "\n".join(f"{key} = {value}" for key, value in keys.items() if value)


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


class _Handler:
    def __init__(self, office: PostOffice) -> None:
        self.office = office
        self.mails: dict[Session, int] = {}

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        faults = self.office.faults
        if faults.refuses_sender:
            return faults.sender_words
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        faults = self.office.faults
        if faults.refuses_all or address in faults.refused:
            return faults.words
        if faults.later.get(address, 0) > 0:
            faults.later[address] -= 1
            return "451 4.7.1 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        faults, (address,) = self.office.faults, envelope.rcpt_tos
        self.office.on_mail()
        if faults.slow_s:
            await asyncio.sleep(faults.slow_s)
        is_broken_off = address in faults.breaks_off
        if not is_broken_off or faults.takes_what_it_breaks_off:
            assert isinstance(envelope.content, bytes)
            self.office.taken.append((address, envelope.content))
            tls = _transport(server).get_extra_info("sslcontext")
            self.office.was_encrypted.append(tls is not None)
        self.mails[session] = self.mails.get(session, 0) + 1
        if is_broken_off:
            _transport(server).abort()
        return faults.answer or "250 2.0.0 OK queued"

    async def handle_RSET(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        most = self.office.faults.mails_each
        if most and self.mails.get(session, 0) >= most:
            _transport(server).abort()
        return "250 OK"


def _transport(server: SMTP) -> asyncio.Transport:
    assert isinstance(server.transport, asyncio.Transport)
    return server.transport


@contextmanager
def post_office(
    folder: Path,
    *,
    security: str = "starttls",
    wants_login: bool = True,
    without: tuple[str, ...] = (),
    name: str = "localhost",
) -> Iterator[PostOffice]:
    """A server while the block runs.

    Args:
        security: As in the configuration; "none" offers no encryption.
        without: Methods of login that it does not offer, of LOGIN and PLAIN.
        name: That its certificate is for.
    """
    authority = trustme.CA()
    folder.mkdir(parents=True, exist_ok=True)
    ca_file = folder / "smtp-ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    office = PostOffice(0, ca_file, Faults())

    def judge(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        office.logins.append(data.password)
        if office.faults.refuses_logins > 0:
            office.faults.refuses_logins -= 1
            return AuthResult(success=False, handled=False)
        is_known = (data.login.decode(), data.password.decode()) == (ACCOUNT, PASSWORD)
        return AuthResult(success=is_known, handled=False)

    options: dict[str, Any] = {
        "hostname": "localhost",
        "tls_context": context if security == "starttls" else None,
        "require_starttls": security == "starttls",
        "authenticator": judge if wants_login else None,
        "auth_required": wants_login,
        "auth_require_tls": security == "starttls",
        "auth_exclude_mechanism": without,
    }
    handler = _Handler(office)
    with _served(lambda: SMTP(handler, **options), context if security == "tls" else None) as port:
        office.port = port
        yield office


@contextmanager
def _served(make: Callable[[], SMTP], context: ssl.SSLContext | None) -> Iterator[int]:
    """Serves in a thread; gives the port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncio.Server:
        return await loop.create_server(make, "localhost", 0, ssl=context, family=socket.AF_INET)

    async def end(server: asyncio.Server) -> None:
        server.close()
        for task in asyncio.all_tasks(loop) - {asyncio.current_task(loop)}:
            task.cancel()

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(end(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
