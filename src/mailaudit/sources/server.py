"""What a kind of mail server has to be: a MailServer that connects, and its Connection.

A package beside `ews/` implements both; all that asks mailboxes politely, again, and in several
processes is written against them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self

from mailaudit.model.outcome import Activity
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Job, SourceInfo
from mailaudit.sources.limits import Limits
from mailaudit.sources.pace import Pace
from mailaudit.sources.probing import Probe, Reach
from mailaudit.sources.shared_state import Cell
from mailaudit.sources.turn import Turn

# What a mailbox did. Raises MailboxFault, ServerError.
Read = Callable[[str], Activity]


@dataclass(frozen=True, slots=True)
class Refusals:
    """How a kind of server refuses all mailboxes alike, and what is to be done then.

    Attributes:
        denied: Details of faults that say that the reading account may not open the mailbox.
        give_right: Remedy where the account may open no mailbox at all; a message id.
        check_requests: Remedy where each mailbox is answered with one and the same error; a
            message id, which may name the MailServer's `{place}`.
        widen_right: Remedy where the account may not open one mailbox that it should; a message id.
        narrow_right: Remedy where it may open one that it should not; a message id.
        check_answers: Remedy where the answer about one mailbox can't be used; a message id, which
            may name the `{place}` too.
    """

    denied: frozenset[str]
    give_right: str
    check_requests: str
    widen_right: str
    narrow_right: str
    check_answers: str


class Connection(Protocol):
    """One login at one server, shared by the threads of a process."""

    @property
    def turn(self) -> Turn:
        """Taken by the thread that reads an answer."""
        ...

    @property
    def server_version(self) -> str:
        """What the server says it is, once it was checked."""
        ...

    def check(self) -> None:
        """Logs in once, opening no mailbox. Raises ServerError."""
        ...

    def reader(self, job: Job, pace: Pace, clock: Callable[[], datetime]) -> Read:
        """What reads mailboxes of the job; each of its requests goes through the Pace."""
        ...

    def close(self) -> None:
        """Closes every connection and forgets the login."""
        ...


class MailServer(Protocol):
    """Address, login and limits of one server. It is sent to other processes, secret included."""

    @property
    def account(self) -> str:
        """Who reads, for messages."""
        ...

    @property
    def place(self) -> str:
        """Where its keys stand in the configuration, for messages: "server", "servers.hue"."""
        ...

    @property
    def auth(self) -> str:
        """How it is logged in to."""
        ...

    @property
    def max_connections(self) -> int:
        """Most connections open at once."""
        ...

    @property
    def limits(self) -> Limits:
        """What else the audit may take."""
        ...

    @property
    def refusals(self) -> Refusals:
        """How it refuses all mailboxes alike."""
        ...

    def describe(self) -> SourceInfo:
        """What a snapshot says of where it comes from."""
        ...

    def require_usable(self) -> None:
        """Looks at what can be seen before it is asked. Raises ConfigurationError."""
        ...

    def connect(self, inside_domains: frozenset[str], refused: Cell) -> Connection:
        """A Connection, which asks nothing yet.

        Args:
            inside_domains: The organisation's mail domains, lower case.
            refused: Not 0 once the login is refused, here or by another connection of the run.
        """
        ...

    def reach(self) -> Reach:
        """What looks how far it can be reached before anybody logs in."""
        ...

    def probe(self, period: Period, clock: Callable[[], datetime]) -> Probe:
        """What checks the set-up with the month's requests. Raises ConfigurationError."""
        ...

    def with_connections(self, number: int) -> Self:
        """The server with so many connections."""
        ...
