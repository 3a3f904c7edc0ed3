"""EwsSource: the mail server as the audit sees it, mailboxes in and outcomes out."""

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime

from mailaudit.model.outcome import Outcome, Unmeasured
from mailaudit.model.snapshot import Job, SourceInfo
from mailaudit.sources.ews.client import Client
from mailaudit.sources.ews.envelopes import Envelopes
from mailaudit.sources.ews.faults import MailboxFault
from mailaudit.sources.ews.forwarding import Forwarding
from mailaudit.sources.ews.health import Health
from mailaudit.sources.ews.mailbox import MailboxReader
from mailaudit.sources.ews.pace import Pace, Stopped
from mailaudit.sources.ews.schedule import Schedule
from mailaudit.sources.ews.server import EwsServer
from mailaudit.sources.ews.shared_state import SharedState
from mailaudit.sources.ews.waits import LongWaits, OnLongWait, ignore_wait

_STOP_WAIT_S = 2.0
_LOOK_EVERY_S = 0.02


class EwsSource:
    """Asks an Exchange server with `server.max_connections` threads, one connection each.

    Args:
        inside_domains: The organisation's mail domains, lower case.
        clock: Now, UTC.
        shared: With other sources that ask the same server, if there are any.
        on_long_wait: Called when the server wants to be left in peace for minutes or more.
    """

    def __init__(
        self,
        server: EwsServer,
        inside_domains: frozenset[str],
        clock: Callable[[], datetime],
        shared: SharedState | None = None,
        on_long_wait: OnLongWait = ignore_wait,
    ) -> None:
        self._server = server
        self._inside_domains = inside_domains
        self._clock = clock
        self._shared = shared or SharedState()
        self._on_long_wait = on_long_wait
        self._client = Client(server, self._shared.refused)
        self._pace: Pace | None = None
        self._paused = False

    def describe(self) -> SourceInfo:
        """With what the server says it is, once it was checked."""
        return replace(self._server.describe(), reported=self._client.server_version)

    def check(self) -> None:
        """Logs in once, opening no mailbox. Raises ServerError."""
        try:
            self._client.check()
        finally:
            self._client.turn.give()

    def outcomes(self, job: Job) -> Iterator[Outcome]:
        """One Outcome per mailbox as they come. Closing the iterator stops the threads."""
        with closing(self.batches(job, job.mailboxes)) as batches:
            for batch in batches:
                yield from batch

    def batches(self, job: Job, mailboxes: Iterable[str]) -> Generator[list[Outcome]]:
        """Outcomes in batches of what came within a moment.

        Args:
            mailboxes: Those of the job that this source is to ask.
        """
        pace = Pace(
            self._server.max_connections,
            self._server.limits,
            job.period.tz,
            self._clock,
            self._shared.closed_until,
            self._client.turn.give,
        )
        self._pace = pace
        if self._paused:  # looked at last: it may be ordered at any moment
            pace.pause()

        def ask(envelope: bytes, mailbox: str) -> bytes:
            with pace.request() as answer:
                reply = self._client.ask(envelope, mailbox, pace.hold)
                answer.waited_s = reply.waited_s
            return reply.content

        def probe() -> None:
            with pace.request():
                self.check()

        reader = MailboxReader(
            ask,
            self._server.version,
            job.period,
            self._inside_domains,
            self._clock,
            recoverable_items=self._server.recoverable_items,
            aliases=job.aliases,
        )
        forwarding = (
            Forwarding(ask, Envelopes(self._server.version, job.period), self._inside_domains)
            if self._server.inbox_rules
            else None
        )
        if job.opened_before:
            self._shared.has_access.value = 1
        schedule = Schedule(mailboxes, self._shared.idle_until)
        health = Health(
            probe,
            self.describe().server,
            self._server.account,
            self._server.max_connections,
            self._shared,
        )
        results: queue.Queue[Outcome | BaseException | None] = queue.Queue(maxsize=1000)
        threads = [
            threading.Thread(
                target=self._work,
                args=(schedule, reader, forwarding, health, results),
                daemon=True,
            )
            for _ in range(self._server.max_connections)
        ]
        try:
            for thread in threads:
                thread.start()
            waits = LongWaits(self._shared, self._on_long_wait)
            yield from _results(results, len(threads), waits)
            yield health.remaining()
        finally:
            schedule.stop()
            pace.stop()
            self._pace = None
            for thread in filter(threading.Thread.is_alive, threads):
                thread.join(_STOP_WAIT_S / len(threads))

    def pause(self) -> None:
        """Asks for nothing more until `resume`."""
        self._paused = True
        if self._pace is not None:
            self._pace.pause()

    def resume(self) -> None:
        """Goes on after `pause`."""
        self._paused = False
        if self._pace is not None:
            self._pace.resume()

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def _read(self, reader: MailboxReader, forwarding: Forwarding | None, mailbox: str) -> Outcome:
        try:
            activity = reader.activity(mailbox)
            if forwarding is None:
                return activity
            return replace(activity, forwards_to=forwarding.domains(mailbox))
        finally:
            self._client.turn.give()

    def _work(
        self,
        schedule: Schedule,
        reader: MailboxReader,
        forwarding: Forwarding | None,
        health: Health,
        results: "queue.Queue[Outcome | BaseException | None]",
    ) -> None:
        """One thread: takes mailboxes until none is left; hands errors of the run over."""
        try:
            while (task := schedule.take()) is not None:
                try:
                    outcome = self._read(reader, forwarding, task.mailbox)
                except MailboxFault as fault:
                    health.heed(task.mailbox, fault)
                    if schedule.try_again(task, fault):
                        continue
                    outcome = Unmeasured(task.mailbox, self._clock(), fault.reason, fault.detail)
                for known in health.pass_on(outcome):
                    results.put(known)
                schedule.done()
        except Stopped:
            pass
        except Exception as error:  # noqa: BLE001 - raised again by `_results` below
            schedule.stop()
            results.put(error)
        results.put(None)


def _results(
    results: "queue.Queue[Outcome | BaseException | None]", threads: int, waits: LongWaits
) -> Iterator[list[Outcome]]:
    """What the threads hand over, until all have ended. Raises what a thread could not handle."""
    while threads:
        batch: list[Outcome] = []
        error = None
        with suppress(queue.Empty):
            while error is None:
                result = results.get_nowait()
                if result is None:
                    threads -= 1
                elif isinstance(result, BaseException):
                    error = result
                else:
                    batch.append(result)
        if batch:
            yield batch
        if error is not None:
            raise error
        waits.look()
        # Looks now and then instead of being woken by each mailbox; lets Ctrl-C through.
        time.sleep(_LOOK_EVERY_S)
