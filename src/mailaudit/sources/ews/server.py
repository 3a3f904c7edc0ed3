"""EwsServer: how to reach one Exchange server, as the configuration says. Nothing is guessed."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from mailaudit.errors import N_, Phrase
from mailaudit.model.knowledge import EXCHANGE
from mailaudit.model.period import Period
from mailaudit.model.snapshot import SourceInfo
from mailaudit.sources.limits import NO_LIMITS, Limits
from mailaudit.sources.probing import Certificate
from mailaudit.sources.server import Refusals
from mailaudit.sources.shared_state import Cell

if TYPE_CHECKING:
    from mailaudit.sources.ews.connection import EwsConnection
    from mailaudit.sources.ews.probe import EwsProbe

# The schema version a request may ask for -> the lowest build that answers it. Exchange 2019 and
# Subscription Edition answer to "Exchange2016".
VERSIONS: dict[str, tuple[int, int]] = {
    "Exchange2010_SP2": (14, 2),
    "Exchange2013": (15, 0),
    "Exchange2013_SP1": (15, 0),
    "Exchange2016": (15, 1),
}

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

# With Kerberos and on Windows.
_LOGGED_IN = N_("the account that is logged in on this computer")


@dataclass(frozen=True, slots=True)
class EwsServer:
    """Address, login and limits of a server.

    Attributes:
        url: The EWS endpoint, https.
        version: A key of VERSIONS.
        auth: "ntlm", "basic", "kerberos", "windows" or "oauth".
        username: The reading account; unused with Kerberos (the ticket names it) and OAuth.
        secret: Its password, or the OAuth client secret. Never printed.
        ca_file: CA bundle that signs the server's certificate; None for the system's own list.
        max_connections: Most connections open at once.
        timeout_s: Longest wait for one answer.
        place: Where its keys stand in the configuration, for messages.
        recoverable_items: Whether mail its owner deleted for good counts while the server still
            has it.
        inbox_rules: Whether to ask where the rules of each mailbox send mail on to.
    """

    url: str
    version: str
    auth: str
    username: str
    secret: str = field(repr=False)
    ca_file: Path | None = None
    max_connections: int = 8
    timeout_s: float = 60.0
    tenant_id: str = ""
    client_id: str = ""
    limits: Limits = NO_LIMITS
    place: str = "server"
    recoverable_items: bool = False
    inbox_rules: bool = False

    @property
    def account(self) -> str:
        """Who reads, for messages."""
        return self.username or self.client_id or Phrase(_LOGGED_IN)

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

    def addresses(self) -> tuple[str, ...]:
        """The addresses that its name leads to. Raises ServerError."""
        from mailaudit.sources.ews import reach

        return reach.addresses(self)

    def port_answers(self) -> int:
        """Connects, says nothing, and gives the number of the port. Raises ServerError."""
        from mailaudit.sources.ews import reach

        return reach.port_answers(self)

    def certificate(self) -> Certificate:
        """Verifies the certificate as a login does. See `MailServer`."""
        from mailaudit.sources.ews import reach

        return reach.certificate(self)

    def probe(self, period: Period, clock: Callable[[], datetime]) -> "EwsProbe":
        """What checks the set-up. See `MailServer`."""
        from mailaudit.sources.ews.probe import EwsProbe

        return EwsProbe(self, period, clock)

    def with_connections(self, number: int) -> Self:
        """The server with so many connections."""
        return replace(self, max_connections=number)
