"""ImapServer: an IMAP server, as the configuration says."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Self

from mailaudit.errors import N_
from mailaudit.model.knowledge import IMAP
from mailaudit.model.period import Period
from mailaudit.model.snapshot import SourceInfo
from mailaudit.sources.imap.login import VERSION, ImapLogin
from mailaudit.sources.server import Refusals
from mailaudit.sources.shared_state import Cell

if TYPE_CHECKING:
    from mailaudit.sources.imap.connection import ImapConnection
    from mailaudit.sources.imap.probe import ImapProbe
    from mailaudit.sources.imap.reach import ImapReach

REFUSALS = Refusals(
    denied=frozenset({"AUTHORIZATIONFAILED", "NOPERM", "EXPIRED", "CONTACTADMIN"}),
    give_right=N_(
        "Let it log in as these mailboxes (Dovecot: a master user; Zimbra, Cyrus: an"
        " administrator), and check whether the addresses are what the server calls its users;"
        " then run again."
    ),
    check_requests=N_(
        "That is not the mailboxes' fault, and none was stored. Check whether a proxy changes"
        " commands, or give this answer to those who run the mail server; then run again."
    ),
    widen_right=N_(
        "Let the account log in as this mailbox; or, where the server has no such mailbox, correct"
        " the address in the staff list."
    ),
    narrow_right=N_("Limit on the server as which mailboxes the account may log in."),
    check_answers=N_("Check whether a proxy changes commands or answers."),
)


@dataclass(frozen=True, slots=True)
class ImapServer(ImapLogin):
    """An IMAP server; see `MailServer`. What asks it is imported when it is to be asked."""

    def describe(self) -> SourceInfo:
        """What a snapshot says of where it comes from."""
        return SourceInfo("imap", self.host, VERSION, self.username, knows=IMAP)

    @property
    def refusals(self) -> Refusals:
        """How an IMAP server refuses all mailboxes alike."""
        return REFUSALS

    def require_usable(self) -> None:
        """Looks at what can be seen before the server is asked. Raises ConfigurationError."""
        from mailaudit.model.certificate import trusting

        trusting(self.ca_file, self.place)

    def connect(self, inside_domains: frozenset[str], refused: Cell) -> "ImapConnection":
        """A client, which asks nothing yet. See `MailServer`; senders are not asked for."""
        from mailaudit.sources.imap.connection import ImapConnection

        return ImapConnection(self, refused)

    def reach(self) -> "ImapReach":
        """What looks how far it can be reached. See `MailServer`."""
        from mailaudit.sources.imap.reach import ImapReach

        return ImapReach(self)

    def probe(self, period: Period, clock: Callable[[], datetime]) -> "ImapProbe":
        """What checks the set-up. See `MailServer`."""
        from mailaudit.sources.imap.probe import ImapProbe

        return ImapProbe(self, period, clock)

    def with_connections(self, number: int) -> Self:
        """The server with so many connections."""
        return replace(self, max_connections=number)
