"""SeveralServers: each mailbox asked at its own server, all servers at once; one MailSource."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from mailaudit.errors import OneServerError, ServerError
from mailaudit.model.outcome import Outcome, Reason, Unmeasured
from mailaudit.model.routing import Routing, no_server
from mailaudit.model.snapshot import Job, SourceInfo, joined


class Source(Protocol):
    """What gives the outcomes of one server's mailboxes; it does as `MailSource` says."""

    def describe(self) -> SourceInfo: ...
    def check(self) -> None: ...
    def outcomes(self, job: Job) -> Generator[Sequence[Outcome]]: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class NamedSource:
    """One of several servers.

    Attributes:
        info: Where it is, as far as it is known before it is asked.
        source: What asks it; None where it is left out.
    """

    name: str
    info: SourceInfo
    source: Source | None

    def describe(self) -> SourceInfo:
        """Which server it is, by name."""
        info = self.info if self.source is None else self.source.describe()
        return replace(info, name=self.name)


class SeveralServers:
    """Asks several servers at once, each at its own pace, within its own window.

    Nothing of one waits for another: they are looked at in turn, and work meanwhile.

    Args:
        servers: They are closed with this. The mailboxes of those left out end as Unmeasured.
        routing: The server of each mailbox.
        clock: Now, UTC.
    """

    def __init__(
        self,
        servers: Sequence[NamedSource],
        routing: Routing,
        clock: Callable[[], datetime],
    ) -> None:
        self._servers = servers
        self._asked = {one.name: one.source for one in servers if one.source is not None}
        self._routing = routing
        self._clock = clock

    def describe(self) -> SourceInfo:
        """All servers, those left out too; see `SourceInfo.parts`."""
        return joined([one.describe() for one in self._servers])

    def check(self) -> None:
        """Logs in once at each server that is asked. Raises ServerError, which names it."""
        for name, source in self._asked.items():
            with _naming(name):
                source.check()

    def outcomes(self, job: Job) -> Generator[Sequence[Outcome]]:
        """One Outcome per mailbox, in batches as they come. See `MailSource`.

        Raises:
            RosterError: No server answers for a mailbox; none was asked then.
            ServerError: One of the servers fails; it is named.
        """
        mailboxes = self._by_server(job)
        running = {
            name: source.outcomes(_part(job, mailboxes.pop(name), name))
            for name, source in self._asked.items()
            if name in mailboxes
        }
        try:
            for name, left_out in mailboxes.items():
                yield [self._left_out(box, name) for box in left_out]
            while running:
                for name, batches in tuple(running.items()):
                    with _naming(name):
                        batch = next(batches, None)
                    if batch is None:
                        del running[name]
                    else:
                        yield [replace(outcome, server=name) for outcome in batch]
        finally:
            for batches in running.values():
                batches.close()

    def pause(self) -> None:
        """Asks for nothing more until `resume`. May be called by a handler of signals."""
        for source in self._asked.values():
            source.pause()

    def resume(self) -> None:
        """Goes on after `pause`. May be called by a handler of signals."""
        for source in self._asked.values():
            source.resume()

    def close(self) -> None:
        """Closes the connections to all servers."""
        for source in self._asked.values():
            source.close()

    def _by_server(self, job: Job) -> dict[str, list[str]]:
        """The mailboxes of the job, in their order. Raises RosterError."""
        found: dict[str, list[str]] = {}
        astray = []
        for mailbox in job.mailboxes:
            name = self._routing.server_of(mailbox, job.servers.get(mailbox, ""))
            if name is None:
                astray.append(mailbox)
            else:
                found.setdefault(name, []).append(mailbox)
        if astray:
            raise no_server(astray)
        return found

    def _left_out(self, mailbox: str, name: str) -> Unmeasured:
        return Unmeasured(mailbox, self._clock(), Reason.LEFT_OUT, name, name)


def _part(job: Job, mailboxes: Sequence[str], name: str) -> Job:
    """What of the job is one server's."""
    return replace(job, mailboxes=mailboxes, opened_before=name in job.opened_at)


@contextmanager
def _naming(name: str) -> Iterator[None]:
    """Adds to what is said of a server which one it is."""
    try:
        yield
    except ServerError as error:
        raise OneServerError(name, error) from error
