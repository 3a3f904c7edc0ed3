"""Setup: what is checked, and what earlier checks have found out for later ones."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.locale import Language
from mailaudit.model.domains import is_asked
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster

if TYPE_CHECKING:
    from mailaudit.delivery.mailer import Mailer
    from mailaudit.errors import MailauditError, ServerError
    from mailaudit.scheduling import Installed
    from mailaudit.settings import LiveServer, Secret, Settings
    from mailaudit.sources.probing import Opened, Probe
    from mailaudit.sources.server import MailServer
    from mailaudit.store import Inspected


def free_bytes(folder: Path) -> int:
    """The room left on the disk of a folder."""
    return shutil.disk_usage(folder).free


@dataclass(slots=True)
class AtServer:
    """One mail server of a configuration, a witness too, and what the checks found out about it."""

    table: "LiveServer"
    secret: str = ""
    probe: "Probe | None" = None
    refused: "ServerError | None" = None
    clock_gap_s: float | None = None
    opened: "list[Opened]" = field(default_factory=list)

    def server(self) -> "MailServer":
        """The server, with the password once it was found."""
        return self.table.mail_server(self.secret)


@dataclass(slots=True)
class Setup:
    """One configuration and what it leads to. Close it.

    Attributes:
        clock: Now, UTC.
        find_secret: Finds the password of a server; raises ConfigurationError.
        mailer: The way out that [delivery] names; raises ConfigurationError.
        read_wording: Reads the wording of documents; raises ConfigurationError.
        units: Of how many units a mailbox is opened.
        outside: A mailbox that must be refused.
        period: The month that the next report is about: the last one that is over, and once that
            is sealed the running one.
        free_bytes: The room left on the disk of a folder.
        find_scheduled: Finds what is scheduled for the configuration; raises ConfigurationError.
    """

    settings: "Settings"
    language: Language
    clock: Callable[[], datetime]
    find_secret: "Callable[[LiveServer], Secret]"
    mailer: "Callable[[], Mailer]"
    read_wording: Callable[[], object]
    period: Period
    units: int
    outside: str | None = None
    free_bytes: Callable[[Path], int] = free_bytes
    find_scheduled: "Callable[[], Sequence[Installed]]" = tuple
    # Found out by the checks.
    store: "Inspected | None" = None
    roster: Roster | None = None
    has_tried_delivery: bool = False
    delivery_error: "MailauditError | None" = None
    at: list[AtServer] = field(init=False)
    at_witnesses: list[AtServer] = field(init=False)

    def __post_init__(self) -> None:
        from mailaudit.settings import LiveServer

        self.at = [AtServer(table) for table in self.settings.live_servers]
        self.at_witnesses = [
            AtServer(one) for one in self.settings.witnesses if isinstance(one, LiveServer)
        ]

    def mailboxes_at(self, at: AtServer) -> frozenset[str]:
        """The mailboxes of the staff list that are asked at a server."""
        from mailaudit.settings import Witness

        if self.roster is None:
            return frozenset()
        if isinstance(at.table, Witness):
            domains = frozenset(at.table.domains)
            return frozenset(one for one in self.roster.mailboxes() if is_asked(one, domains))
        routing, name = self.settings.routing, at.table.label
        return frozenset(
            person.mailbox
            for person in self.roster.staff
            if person.mailbox and routing.server_of(person.mailbox, person.server) == name
        )

    def close(self) -> None:
        """Closes the connections to the mail servers."""
        for at in (*self.at, *self.at_witnesses):
            if at.probe is not None:
                at.probe.close()
