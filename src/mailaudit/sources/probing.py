"""What a check of the set-up sees of a server of any kind."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Opened:
    """What was seen of a server while one mailbox was opened; nothing of what lies in it.

    Attributes:
        requests: How many were answered.
        seconds: That all of them took together.
        asked: Items of a folder asked for at once; 0 where no folder could hold any.
        cut: How many the server gave instead, at least, where it gave fewer than there are; None
            where it cut nothing short.
    """

    requests: int
    seconds: float
    asked: int = 0
    cut: int | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that was verified: for its name, and up to a trusted authority.

    Attributes:
        until: Its last moment.
        tls: The version of TLS that was agreed on ("TLSv1.3").
    """

    until: datetime
    tls: str


class Reach(Protocol):
    """How far a server can be reached before anybody logs in: its name, port, certificate."""

    def addresses(self) -> tuple[str, ...]:
        """The network addresses of the server's name, each once. Raises ServerError."""
        ...

    def port_answers(self) -> int:
        """Connects, says nothing, and gives the number of the port. Raises ServerError."""
        ...

    def certificate(self) -> Certificate:
        """Verifies the certificate as a login does, and asks for nothing beyond TLS.

        Raises:
            ConfigurationError: The CA file can't be used.
            ServerError: It can't be trusted, or there is no TLS.
        """
        ...


class Probe(Protocol):
    """Logs in and opens single mailboxes, one request after the other, by one connection."""

    @property
    def logs_in_alone(self) -> bool:
        """Whether `check` logs in; some kinds of server are logged in to by mailbox only."""
        ...

    @property
    def server_version(self) -> str:
        """What the server says it is, once it was checked."""
        ...

    @property
    def server_time(self) -> datetime | None:
        """What the server's clock said with its last answer that gave the time, a refusal too."""
        ...

    def check(self) -> None:
        """Logs in once, opening no mailbox, where `logs_in_alone`. Raises ServerError."""
        ...

    def open(self, mailbox: str) -> Opened:
        """Asks for the first of what a collection asks for; keeps nothing.

        Raises:
            MailboxFault: It can't be opened.
            ServerError: The server as a whole can't be used any more.
        """
        ...

    def list_folders(self, mailbox: str) -> None:
        """Lists the folders of a mailbox, to see whether that is refused. Raises as `open`."""
        ...

    def close(self) -> None:
        """Closes the connection."""
        ...
