"""EwsServer: how to reach one Exchange server, as the configuration says. Nothing is guessed."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from mailaudit.errors import N_, Phrase
from mailaudit.model.snapshot import SourceInfo

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
class Limits:
    """What the audit may take of a server besides its connections.

    Attributes:
        requests_per_minute: Most requests in any 60 seconds; 0 for no cap.
        window: (opens, closes) times of day between which requests may be sent, over midnight
            where it closes earlier than it opens; None for any time.
    """

    requests_per_minute: int = 0
    window: tuple[time, time] | None = None

    def closed_s(self, moment: datetime) -> float:
        """Seconds until the window opens; 0 inside it. `moment` is in the window's time zone."""
        if self.window is None:
            return 0.0
        opens, closes = self.window
        time_of_day = moment.time()
        if opens <= closes:
            inside = opens <= time_of_day < closes
        else:  # over midnight
            inside = time_of_day >= opens or time_of_day < closes
        if inside:
            return 0.0
        opening = datetime.combine(moment.date(), opens, moment.tzinfo)
        if opening <= moment:
            opening += timedelta(days=1)
        return (opening - moment).total_seconds()


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
    limits: Limits = Limits()
    recoverable_items: bool = False
    inbox_rules: bool = False

    @property
    def account(self) -> str:
        """Who reads, for messages."""
        return self.username or self.client_id or Phrase(_LOGGED_IN)

    def describe(self) -> SourceInfo:
        """What a snapshot says of where it comes from."""
        host = urlsplit(self.url).hostname or ""
        return SourceInfo("ews", host, self.version, self.username or self.client_id)
