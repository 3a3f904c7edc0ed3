"""EwsLogin: how to reach and log in to one Exchange server, as the configuration says.

Nothing is guessed.
"""

from dataclasses import dataclass, field
from pathlib import Path

from mailaudit.errors import N_, Phrase
from mailaudit.sources.limits import NO_LIMITS, Limits

# The schema version a request may ask for -> the lowest build that answers it. Exchange 2019 and
# Subscription Edition answer to "Exchange2016".
VERSIONS: dict[str, tuple[int, int]] = {
    "Exchange2010_SP2": (14, 2),
    "Exchange2013": (15, 0),
    "Exchange2013_SP1": (15, 0),
    "Exchange2016": (15, 1),
}

# With Kerberos and on Windows.
_LOGGED_IN = N_("the account that is logged in on this computer")


@dataclass(frozen=True, slots=True)
class EwsLogin:
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
