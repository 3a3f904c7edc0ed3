"""ImapLogin: how to reach and log in to one IMAP server, as the configuration says.

Nothing is guessed.
"""

from dataclasses import dataclass, field
from pathlib import Path

from mailaudit.sources.limits import NO_LIMITS, Limits

VERSION = "IMAP4rev1"
PORTS = {"implicit": 993, "starttls": 143}


@dataclass(frozen=True, slots=True)
class ImapLogin:
    """Address, login and limits of a server.

    Attributes:
        tls: "implicit" (imaps), or "starttls", where a connection begins without it.
        port: 0 for the usual one.
        auth: "plain" names the mailbox as the identity to act as, "master" in the login name,
            "xoauth2" gives the secret as a bearer token.
        username: The reading account; with XOAUTH2 only its name in reports.
        secret: Its password, or the token. Never printed.
        master_separator: Between mailbox and account, with "master".
        ca_file: CA bundle that signs the server's certificate; None for the system's own list.
        max_connections: Most mailboxes open at once.
        timeout_s: Longest wait for one answer.
        place: Where its keys stand in the configuration, for messages.
    """

    host: str
    auth: str
    username: str
    secret: str = field(repr=False)
    tls: str = "implicit"
    port: int = 0
    master_separator: str = "*"
    ca_file: Path | None = None
    max_connections: int = 8
    timeout_s: float = 60.0
    limits: Limits = NO_LIMITS
    place: str = "server"

    @property
    def account(self) -> str:
        """Who reads, for messages."""
        return self.username

    @property
    def at_port(self) -> int:
        """The port that is connected to."""
        return self.port or PORTS[self.tls]
