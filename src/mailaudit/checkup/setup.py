"""Setup: what is checked, and what earlier checks have found out for later ones."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.locale import Language
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster

if TYPE_CHECKING:
    from mailaudit.delivery.mailer import Mailer
    from mailaudit.errors import MailauditError, ServerError
    from mailaudit.scheduling import Installed
    from mailaudit.settings import Secret, Settings
    from mailaudit.sources.ews import EwsServer, Opened, Probe
    from mailaudit.store import Inspected


def free_bytes(folder: Path) -> int:
    """The room left on the disk of a folder."""
    return shutil.disk_usage(folder).free


@dataclass(slots=True)
class Setup:
    """One configuration and what it leads to. Close it.

    Attributes:
        clock: Now, UTC.
        find_secret: Finds the password; raises ConfigurationError.
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
    find_secret: "Callable[[], Secret]"
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
    secret: str = ""
    probe: "Probe | None" = None
    refused: "ServerError | None" = None
    clock_gap_s: float | None = None
    has_tried_delivery: bool = False
    delivery_error: "MailauditError | None" = None
    opened: "list[Opened]" = field(default_factory=list)

    def server(self) -> "EwsServer":
        """The mail server, with the password once it was found."""
        from mailaudit.sources.ews import EwsServer
        from mailaudit.sources.limits import Limits

        server = self.settings.server
        limits = Limits(server.requests_per_minute, server.window)
        return EwsServer(**server.connection(), secret=self.secret, limits=limits)

    def close(self) -> None:
        """Closes the connection to the mail server."""
        if self.probe is not None:
            self.probe.close()
