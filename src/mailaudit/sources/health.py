"""Health: whether the server as a whole still serves the audit, judged by mailbox after mailbox.

One mailbox that fails is data. Many that fail alike are the server's, the network's or the reading
account's trouble, and going on would only fill the store with the wrong reasons.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable

from mailaudit.errors import N_, ServerError
from mailaudit.model.outcome import Activity, Outcome, Reason, Unmeasured
from mailaudit.sources.faults import MailboxFault
from mailaudit.sources.server import MailServer
from mailaudit.sources.shared_state import DENIED_AT_FIRST, SharedState

REFUSED_AT_FIRST = 20  # mailboxes with one and the same refusal: it is not said of a mailbox
OTHERS_OPEN_WITHIN_S = 2.0  # another process of the run may be about to open its first mailbox
LOST_AT_LEAST = 20  # mailboxes in a row whose connections failed
LOST_PER_CONNECTION = 3
_LOOK_EVERY_S = 0.1
GO_ON = N_("What was collected is stored. Run the same command again to go on from there.")
PROBE_AFTER_S = (0.0, 5.0, 20.0)  # a server that restarts is given this long


class Health:
    """Sees every mailbox's fate; raises when the run should stop.

    Args:
        check: Logs in and opens no mailbox, when a request may be sent; raises ServerError.
        server: Which server that is; how it refuses, and the names in messages.
        shared: Whether the account is known to open mailboxes, and how many were refused.
    """

    def __init__(
        self,
        check: Callable[[], None],
        server: MailServer,
        shared: SharedState,
    ) -> None:
        self._check = check
        self._host, self._place = server.describe().server, server.place
        self._account = server.account
        self._refusals = server.refusals
        self._most_lost = max(LOST_AT_LEAST, LOST_PER_CONNECTION * server.max_connections)
        self._lost: set[str] = set()
        self._answered = 0  # times that the server answered the check, but no mailbox
        self._refused: defaultdict[str, set[str]] = defaultdict(set)
        self._damaged: set[tuple[str, str]] = set()  # mailboxes, and what came once
        self._held: list[Outcome] = []
        self._has_failed_otherwise = False
        self._shared = shared
        self._lock = threading.Lock()

    def heed(self, mailbox: str, fault: MailboxFault) -> None:
        """Notes why a mailbox could not be read this time.

        Raises:
            ServerError: The server is gone, or refuses what is asked of any mailbox.
        """
        with self._lock:
            is_refusal = (
                fault.reason is Reason.MALFORMED_ANSWER and not self._shared.has_access.value
            )
            if not fault.is_of_connection:
                self._lost.clear()
                if is_refusal and self._is_lasting(mailbox, fault):
                    self._refused[fault.detail].add(mailbox)
                    if len(self._refused[fault.detail]) >= REFUSED_AT_FIRST:
                        raise self._refuses(fault, REFUSED_AT_FIRST)
                return
            self._lost.add(mailbox)
            if len(self._lost) >= self._most_lost:
                self._probe()
                self._lost.clear()
                self._answered += is_refusal
                if self._answered > 1:  # the first time it may have been restarted
                    raise self._refuses(fault, self._answered * self._most_lost)

    def _is_lasting(self, mailbox: str, fault: MailboxFault) -> bool:
        """Whether a second try would not help: a code is the server's decision, any other answer
        that can't be used may have been damaged on its way.
        """
        if fault.has_code or (mailbox, fault.detail) in self._damaged:
            return True
        self._damaged.add((mailbox, fault.detail))
        return False

    def pass_on(self, outcome: Outcome) -> list[Outcome]:
        """What may be stored now that this is known.

        Refusals are held back until a mailbox could be opened: should they all be the missing
        right of the account, they say nothing about the mailboxes.

        Raises:
            ServerError: The account may open no mailbox.
        """
        with self._lock:
            if isinstance(outcome, Activity):
                self._lost.clear()
                self._shared.has_access.value = 1
            if self._shared.has_access.value:
                return [*self._taken(), outcome]
            if not isinstance(outcome, Unmeasured) or outcome.detail not in self._refusals.denied:
                if isinstance(outcome, Unmeasured) and outcome.reason is not Reason.NO_MAILBOX:
                    self._has_failed_otherwise = True
                return [outcome]
            self._held.append(outcome)
            self._shared.denied.value += 1  # two processes at one moment may count one: no harm
            if self._shared.denied.value >= DENIED_AT_FIRST:
                raise self._no_right(DENIED_AT_FIRST)
            return []

    def remaining(self) -> list[Outcome]:
        """What was held back to the end.

        Raises:
            ServerError: The account may open no mailbox, few as they are.
        """
        with self._lock:
            if self._held and not self._has_failed_otherwise and not self._is_opened_by_another():
                raise self._no_right(int(self._shared.denied.value))
            return self._taken()

    def _is_opened_by_another(self) -> bool:
        until = time.monotonic() + OTHERS_OPEN_WITHIN_S
        while not self._shared.has_access.value and time.monotonic() < until:
            time.sleep(_LOOK_EVERY_S)
        return bool(self._shared.has_access.value)

    def _refuses(self, fault: MailboxFault, count: int) -> ServerError:
        return ServerError(
            N_("{host} answers {detail} to what is asked of each of the first {count} mailboxes."),
            self._refusals.check_requests,
            host=self._host,
            place=self._place,
            detail=fault.detail,
            count=count,
        )

    def _no_right(self, count: int) -> ServerError:
        return ServerError(
            N_("{account} may not open any of the first {count} mailboxes on {host}."),
            self._refusals.give_right,
            account=self._account,
            count=count,
            host=self._host,
        )

    def _taken(self) -> list[Outcome]:
        held, self._held = self._held, []
        return held

    def _probe(self) -> None:
        """Returns when the server answers; raises ServerError when it stays silent."""
        for after_s in PROBE_AFTER_S:
            time.sleep(after_s)
            try:
                self._check()
            except ServerError as error:
                if not isinstance(error.__cause__, MailboxFault):  # a login that is refused
                    raise
                last = error
            else:
                return
        raise ServerError(
            N_("{host} no longer answers: {detail}."),
            GO_ON,
            host=self._host,
            detail=last.values.get("detail", last.text()),
        ) from last
