"""EwsServer: an Exchange server, as the configuration says."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from mailaudit.errors import N_
from mailaudit.model.knowledge import EXCHANGE
from mailaudit.model.period import Period
from mailaudit.model.snapshot import SourceInfo
from mailaudit.sources.ews.login import EwsLogin
from mailaudit.sources.server import Refusals
from mailaudit.sources.shared_state import Cell

if TYPE_CHECKING:
    from mailaudit.sources.ews.connection import EwsConnection
    from mailaudit.sources.ews.probe import EwsProbe
    from mailaudit.sources.ews.reach import EwsReach

REFUSALS = Refusals(
    denied=frozenset(
        {
            "ErrorImpersonateUserDenied",
            "ErrorImpersonationDenied",
            "ErrorImpersonationFailed",
            "ErrorAccessDenied",
        }
    ),
    give_right=N_(
        "Give it the Exchange role ApplicationImpersonation, with a scope that"
        " covers these mailboxes, then run again."
    ),
    check_requests=N_(
        "That is not the mailboxes' fault, and none was stored. Check {place}.version and"
        " whether a proxy changes requests, or give this code to those who run the mail"
        " server; then run again."
    ),
    widen_right=N_(
        "Put the mailbox into the scope of the account's right; the commands for it:"
        " mailaudit exchange-setup{options}"
    ),
    narrow_right=N_(
        "Limit its right to the staff's mailboxes; the commands for it:"
        " mailaudit exchange-setup{options}"
    ),
    check_answers=N_("Check {place}.version, and whether a proxy changes requests or answers."),
)


@dataclass(frozen=True, slots=True)
class EwsServer(EwsLogin):
    """An Exchange server; see `MailServer`.

    What asks it is imported when it is to be asked: a configuration is read by commands, too, that
    ask nobody, and exchangelib takes longer to load than they run.
    """

    def describe(self) -> SourceInfo:
        """What a snapshot says of where it comes from."""
        host = urlsplit(self.url).hostname or ""
        account = self.username or self.client_id
        return SourceInfo("ews", host, self.version, account, knows=EXCHANGE)

    @property
    def refusals(self) -> Refusals:
        """How Exchange refuses all mailboxes alike."""
        return REFUSALS

    def require_usable(self) -> None:
        """Looks at what can be seen before the server is asked. Raises ConfigurationError."""
        from mailaudit.sources.ews.sessions import require_usable

        require_usable(self)

    def connect(self, inside_domains: frozenset[str], refused: Cell) -> "EwsConnection":
        """A client, which asks nothing yet. See `MailServer`."""
        from mailaudit.sources.ews.connection import EwsConnection

        return EwsConnection(self, inside_domains, refused)

    def reach(self) -> "EwsReach":
        """What looks how far it can be reached. See `MailServer`."""
        from mailaudit.sources.ews.reach import EwsReach

        return EwsReach(self)

    def probe(self, period: Period, clock: Callable[[], datetime]) -> "EwsProbe":
        """What checks the set-up. See `MailServer`."""
        from mailaudit.sources.ews.probe import EwsProbe

        return EwsProbe(self, period, clock)

    def with_connections(self, number: int) -> Self:
        """The server with so many connections."""
        return replace(self, max_connections=number)
