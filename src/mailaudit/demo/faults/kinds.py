"""The registry of fault kinds: each is a function under a name, with its parameters' defaults."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web

from mailaudit.demo.ews.exchange import Answer, Exchange
from mailaudit.demo.ews.stores import Caller
from mailaudit.demo.faults.overlay import Overlay
from mailaudit.demo.faults.rule import Parameters, Value
from mailaudit.demo.listener import Reply
from mailaudit.demo.logins import Login


@dataclass(frozen=True, slots=True)
class World:
    """The sound server behind the faults.

    Attributes:
        limited: (items, whether all folders of a call share them) -> an Exchange with such a
            limit to one FindItem.
    """

    exchange: Exchange
    overlay: Overlay
    limited: Callable[[int, bool], Exchange]

    @property
    def addresses(self) -> Sequence[str]:
        return self.overlay.addresses


@dataclass(slots=True)
class Moment:
    """One request of somebody logged in, as a fault sees it.

    Attributes:
        headers: Of the sound answer; a fault may change them.
        number: The request's number on the server.
    """

    request: web.BaseRequest
    body: bytes
    caller: Caller
    operation: str
    mailbox: str
    number: int
    world: World
    headers: dict[str, str] = field(default_factory=dict)

    def sound(self) -> Answer:
        """What the server would answer."""
        return self.world.exchange.answer(self.body, self.caller)

    def reply(self, status: int, body: bytes) -> Reply:
        """A reply with another status or body."""
        return Reply(Answer(status, body, self.operation, self.mailbox), self.headers)


class Premises(Protocol):
    """What a fault of the whole server may do to it."""

    def log_everybody_out(self) -> None:
        """Forgets the login of every connection."""
        ...

    def refuse_logins(self) -> None:
        """Accepts no password from now on."""
        ...

    def cut_handshake(self) -> None:
        """Closes the connection of the next login after the challenge."""
        ...

    def close_connections(self) -> None:
        """Closes every connection, whatever is under way on it."""
        ...

    def renew_certificate(self) -> None:
        """Shows another certificate of the same authority to new connections."""
        ...


Answering = Callable[[Moment, Parameters], Awaitable[Reply]]
Upsetting = Callable[[Premises, Login, Parameters], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault: `answering` replaces an answer, `upsetting` acts before the login."""

    defaults: Mapping[str, Value]
    answering: Answering | None = None
    upsetting: Upsetting | None = None


KINDS: dict[str, Kind] = {}


def answering(name: str, **defaults: Value) -> Callable[[Answering], Answering]:
    """Registers a fault that answers in the server's place."""

    def register(function: Answering) -> Answering:
        KINDS[name] = Kind(defaults, answering=function)
        return function

    return register


def upsetting(name: str, **defaults: Value) -> Callable[[Upsetting], Upsetting]:
    """Registers a fault of logins, connections or the whole server."""

    def register(function: Upsetting) -> Upsetting:
        KINDS[name] = Kind(defaults, upsetting=function)
        return function

    return register
