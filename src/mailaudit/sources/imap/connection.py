"""ImapConnection: the reading account at one server, and what reads the mailboxes it may act as.

A login is of one mailbox, so each has a connection of its own. What the server can do is learnt
with the first; from then on the login and the list of folders are one flight. While the last
answers of a mailbox are on their way, the connection of the next one is begun.
"""

import base64
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from typing import NoReturn

from mailaudit.errors import N_, ServerError
from mailaudit.model.certificate import trusting
from mailaudit.model.outcome import Activity, Reason
from mailaudit.model.snapshot import Job
from mailaudit.sources.faults import LoginRefusedError, MailboxFault
from mailaudit.sources.imap.faults import (
    LOGIN,
    WRONG_LOGIN,
    ImapFault,
    code_of,
    fault_of,
    malformed,
    refusal_of,
)
from mailaudit.sources.imap.folders import (
    MAX_FOLDERS,
    Counted,
    Folder,
    counted,
    read_folder,
    read_prefixes,
)
from mailaudit.sources.imap.greeting import capabilities_in, read_id
from mailaudit.sources.imap.login import VERSION, ImapLogin
from mailaudit.sources.imap.mailbox import MailboxReader
from mailaudit.sources.imap.sockets import Address, addresses_of, begin, connected, finish, secured
from mailaudit.sources.imap.unreachable import unreachable
from mailaudit.sources.imap.wire import Line, Wire
from mailaudit.sources.pace import Pace
from mailaudit.sources.server import Read
from mailaudit.sources.shared_state import Cell
from mailaudit.sources.turn import Turn

CHECK_TIMEOUT_S = 10  # reported in well under half a minute
_CONNECT_S = 10.0  # a network that swallows everything is reported within minutes
_ADDRESSES_FOR_S = 60.0  # so long the server's addresses are taken to be what they were
_BEGUN_FOR_S = 5.0  # an older connection that nobody has logged in on may be closed any moment
_CAREFUL_AFTER = 3  # failures: something before the server may dislike commands in one flight
_MECHANISMS = {"plain": "PLAIN", "master": "PLAIN", "xoauth2": "XOAUTH2"}


class ImapConnection:
    """What `sources.server.Connection` asks for, over IMAP. See `MailServer.connect`."""

    def __init__(self, server: ImapLogin, refused: Cell) -> None:
        self._server = server
        self._refused = refused
        self._context = trusting(server.ca_file, server.place)
        self._turn = Turn()
        self._login = threading.Lock()
        self._taken_for = ""  # a mailbox that the login was taken for, once there is one
        self._capabilities: frozenset[str] = frozenset()  # after a login, once they are known
        self._addresses: tuple[float, list[Address]] = (0.0, [])
        self._begun: dict[int, tuple[float, socket.socket]] = {}  # by thread
        self._is_careful = False  # whether to wait for the greeting before anything is said
        self._failed_at_once = 0  # times in a row that this did not go well without
        self._server_version = ""

    @property
    def turn(self) -> Turn:
        """Taken by the thread that reads an answer."""
        return self._turn

    @property
    def server_version(self) -> str:
        """What the server says it is, once it was checked."""
        return self._server_version

    def check(self) -> None:
        """Connects and looks at what the server can do: it is logged in to by mailbox only.

        Raises:
            ServerError: Unreachable, untrusted, or not an IMAP server with this login.
        """
        try:
            wire = self._connected(CHECK_TIMEOUT_S)
            try:
                offered = self._greeted(wire)
                self._server_version = VERSION
                if "ID" in offered:
                    said: list[bytes] = []
                    wire.ask(b"ID NIL", lambda _, line: said.append(_flat(line)))
                    self._server_version = read_id(said) or VERSION
                wire.leave()
            finally:
                wire.close()
        except MailboxFault as fault:
            raise unreachable(fault, self._server) from fault

    def reader(self, job: Job, pace: Pace, clock: Callable[[], datetime]) -> Read:
        """What reads mailboxes of the job; each mailbox is one request. See `Connection`."""
        reader = MailboxReader(job.period, clock)
        left = len(job.mailboxes)

        def read(mailbox: str) -> Activity:
            nonlocal left
            left -= 1  # two threads at one moment may count one: a connection too many is begun
            go_on = self._begin_next if left > 0 else _nothing
            with pace.request() as answer:
                activity, answer.waited_s = self.read(mailbox, reader, go_on)
            return activity

        return read

    def read(
        self, mailbox: str, reader: MailboxReader, go_on: Callable[[], None]
    ) -> tuple[Activity, float]:
        """What a mailbox did, and how long the server took for the login and the folders.

        Args:
            go_on: Called when the last answers are on their way.

        Raises:
            MailboxFault: It could not be read.
            ServerError: The login is refused or the certificate not trusted.
        """
        with self.opened(mailbox) as (wire, folders):
            waited_s = wire.waited_s
            activity = reader.activity(mailbox, wire, folders, self._capabilities, go_on)
            wire.leave()
        return activity, waited_s

    @contextmanager
    def opened(self, mailbox: str) -> Iterator[tuple[Wire, Counted]]:
        """A mailbox that is logged in, and its folders. Raises as `read`."""
        with ExitStack() as stack:
            with self._login_turn():
                if self._refused.value:
                    self._raise_refused()
                wire = stack.enter_context(closing(self._connected(self._server.timeout_s)))
                folders = self._log_in(wire, mailbox)
            try:
                yield wire, folders
            except MailboxFault as fault:
                if fault.reason is Reason.MALFORMED_ANSWER:
                    self._capabilities = frozenset()  # perhaps another server has answered before
                raise

    def close(self) -> None:
        """Closes every connection that waits."""
        for thread in tuple(self._begun):
            if begun := self._begun.pop(thread, None):
                begun[1].close()

    def _connected(self, timeout_s: float) -> Wire:
        """A connection with TLS, before anything was said on it."""
        until = time.monotonic() + min(_CONNECT_S, timeout_s)
        at, sock = self._begun.pop(threading.get_ident(), (0.0, None))
        if sock is not None and time.monotonic() - at > _BEGUN_FOR_S:
            sock.close()
            sock = None
        self._turn.give()
        if sock is not None:
            try:
                sock = finish(sock, until)
            except ImapFault:
                sock = None
        if sock is None:
            sock = connected(self._places(), until)
        tls = secured(sock, self._server, self._context, until)
        return Wire(tls, self._turn, timeout_s)

    def _places(self) -> list[Address]:
        known_at, known = self._addresses
        if not known or time.monotonic() - known_at > _ADDRESSES_FOR_S:
            known = addresses_of(self._server)
            self._addresses = (time.monotonic(), known)
        return known

    def _begin_next(self) -> None:
        try:
            self._begun[threading.get_ident()] = (time.monotonic(), begin(self._places()[0]))
        except ImapFault:
            return  # the next mailbox says so

    def _greeted(self, wire: Wire) -> frozenset[str]:
        """What the server can do before a login. Raises ServerError where that is not enough."""
        # A server that was asked for TLS has greeted before, which nobody may believe.
        greeting = wire.greeting() if self._server.tls == "implicit" else b""
        self._turn.give()
        offered = capabilities_in(greeting) or self._asked_capabilities(wire)
        mechanism = _MECHANISMS[self._server.auth]
        if f"AUTH={mechanism}" not in offered:
            raise ServerError(
                N_("{host} does not offer the login {mechanism}."),
                N_("Check {place}.auth; or have it allowed on the server, over TLS."),
                host=self._server.host,
                place=self._server.place,
                mechanism=mechanism,
            )
        return offered

    def _asked_capabilities(self, wire: Wire) -> frozenset[str]:
        said: list[bytes] = []
        status = wire.ask(b"CAPABILITY", lambda _, line: said.append(_flat(line)))
        if not _is_ok(status):
            raise refusal_of(status, "CAPABILITY")
        return frozenset().union(*map(capabilities_in, said))

    @contextmanager
    def _login_turn(self) -> Iterator[None]:
        """One login at a time, until one has been taken: a password that is wrong is tried by one
        thread, not by all.
        """
        if not self._taken_for:
            with self._login:
                if not self._taken_for:
                    yield
                    return
        yield

    def _log_in(self, wire: Wire, mailbox: str) -> Counted:
        is_quick = bool(self._capabilities) and not self._is_careful
        try:
            if is_quick:
                folders = self._log_in_at_once(wire, mailbox)
            else:
                folders = self._log_in_slowly(wire, mailbox)
        except ImapFault as fault:
            if fault.detail == WRONG_LOGIN:
                self._look_again()
            if is_quick and fault.reason in (Reason.TIMED_OUT, Reason.MALFORMED_ANSWER):
                self._failed_at_once += 1
                self._is_careful = self._failed_at_once >= _CAREFUL_AFTER
            raise
        if is_quick:
            self._failed_at_once = 0
        self._taken_for = mailbox
        return folders

    def _log_in_slowly(self, wire: Wire, mailbox: str) -> Counted:
        """Step by step, as a server that is not known needs it."""
        offered = self._greeted(wire)
        command, text = self._login_command(mailbox)
        if "SASL-IR" in offered:
            status = wire.ask(command + b" " + text)
        else:
            self._is_careful = True
            status = wire.answer(command, text)
        self._turn.give()
        _require_login(status)
        self._capabilities = capabilities_in(status) or self._asked_capabilities(wire)
        return self._listed(wire)

    def _log_in_at_once(self, wire: Wire, mailbox: str) -> Counted:
        """Without a wait for the greeting, and with the list of folders in the same flight."""
        folders = _Listing()
        commands = [b" ".join(self._login_command(mailbox)), *self._list_commands()]
        statuses = wire.fly(commands, lambda _, line: folders.heed(line))
        _require_login(next(statuses))
        for status in statuses:
            if not _is_ok(status):
                raise refusal_of(status, "LIST")
        return folders.counted()

    def _listed(self, wire: Wire) -> Counted:
        folders = _Listing()
        for status in wire.fly(self._list_commands(), lambda _, line: folders.heed(line)):
            if not _is_ok(status):
                raise refusal_of(status, "LIST")
        return folders.counted()

    def _list_commands(self) -> list[bytes]:
        """Lists folders with their uses; what is not the owner's own, where the server tells."""
        is_extended = {"LIST-EXTENDED", "SPECIAL-USE"} <= self._capabilities
        listing = b'LIST "" "*"' + (b" RETURN (SPECIAL-USE)" if is_extended else b"")
        return [b"NAMESPACE", listing] if "NAMESPACE" in self._capabilities else [listing]

    def _login_command(self, mailbox: str) -> tuple[bytes, bytes]:
        """The command, and what it says: base64, so that nothing in it can end it."""
        server = self._server
        if server.auth == "xoauth2":
            said = f"user={mailbox}\x01auth=Bearer {server.secret}\x01\x01"
        elif server.auth == "master":
            said = f"\0{mailbox}{server.master_separator}{server.username}\0{server.secret}"
        else:
            said = f"{mailbox}\0{server.username}\0{server.secret}"
        mechanism = _MECHANISMS[server.auth].encode("ascii")
        return LOGIN.encode("ascii") + b" " + mechanism, base64.b64encode(said.encode("utf-8"))

    def _look_again(self) -> None:
        """A login was refused. Once another was taken, that may be said of the mailbox: the
        mailbox it was taken for is tried again, and decides.

        Raises:
            LoginRefusedError: The account is refused.
        """
        self._turn.give()
        if not self._taken_for:  # the only thread that logs in
            self._refused.value = 1
            self._raise_refused()
        with self._login:
            if self._refused.value:
                self._raise_refused()
            wire = self._connected(self._server.timeout_s)
            try:
                self._log_in_slowly(wire, self._taken_for)
                wire.leave()
            except ImapFault as fault:
                if fault.detail == WRONG_LOGIN:
                    self._refused.value = 1
                    self._raise_refused()
                raise
            finally:
                wire.close()

    def _raise_refused(self) -> NoReturn:
        if self._server.auth == "xoauth2":
            raise LoginRefusedError(
                N_("{host} refuses the token: it has expired, or is not for these mailboxes."),
                N_(
                    "Have a new one made, put it where the old one was ({place}.password_file), and"
                    " run again: mailboxes that are stored are not asked again."
                ),
                host=self._server.host,
                place=self._server.place,
            )
        raise LoginRefusedError(
            N_("{host} refuses the login of {account}."),
            N_(
                "Check {place}.username, {place}.auth and the password. It was tried once only,"
                " so that the account is not locked out."
            ),
            host=self._server.host,
            place=self._server.place,
            account=self._server.account,
        )


class _Listing:
    """What comes of the commands that list folders."""

    def __init__(self) -> None:
        self._folders: list[Folder] = []
        self._foreign: tuple[bytes, ...] = ()

    def heed(self, line: Line) -> None:
        """Takes an untagged line."""
        first = line if isinstance(line, bytes) else line[0][0]
        word = bytes(first[:10]).upper() if isinstance(first, bytes) else b""
        if word.startswith(b"LIST "):
            self._folders.append(read_folder(line))
            if len(self._folders) > MAX_FOLDERS:
                raise malformed("too many folders")
        elif word.startswith(b"NAMESPACE ") and isinstance(line, bytes):
            self._foreign = read_prefixes(line)

    def counted(self) -> Counted:
        """The folders to ask. Every mailbox has one: an empty list is no answer."""
        if not self._folders:
            raise malformed("no folders")
        return counted(self._folders, self._foreign)


def _require_login(status: bytes) -> None:
    if _is_ok(status):
        return
    if status[:2].upper() == b"NO" and not code_of(status):
        raise fault_of(WRONG_LOGIN)  # as older servers say it
    raise refusal_of(status, LOGIN)


def _is_ok(status: bytes) -> bool:
    return status[:2].upper() == b"OK"


def _flat(line: Line) -> bytes:
    return line if isinstance(line, bytes) else b""


def _nothing() -> None:
    pass
