"""The mail server of the configuration: its login, its limits, and why it is waited for."""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mailaudit.cli.console import current_language, note
from mailaudit.cli.steps import now, secret_of
from mailaudit.errors import N_

if TYPE_CHECKING:
    from mailaudit.collaborators import MailSource
    from mailaudit.settings import Settings
    from mailaudit.sources.limits import Limits

_log = logging.getLogger(__name__)


def mail_source(settings: "Settings") -> "MailSource":
    """The mail server the configuration names."""
    from mailaudit.sources.ews import EwsServer
    from mailaudit.sources.fleet import open_source

    server, secret = settings.server, secret_of(settings.server)
    _log.info(
        "%s as %s (%s), password from %s", server.url, server.account, server.auth, secret.origin
    )
    return open_source(
        EwsServer(**server.connection(), secret=secret.value, limits=limits(settings)),
        frozenset(settings.organisation.domains),
        now,
        lambda seconds, of_server: _note_wait(settings, seconds, of_server),
    )


def _note_wait(settings: "Settings", seconds: float, of_server: bool) -> None:
    """Says why nothing moves, and until when."""
    until = now() + timedelta(seconds=seconds)
    moment = until.astimezone(ZoneInfo(settings.organisation.timezone))
    note(
        N_("The mail server asks to be asked nothing before {moment}: waiting until then.")
        if of_server
        else N_("The mail server lets the mailboxes that are left wait until {moment}."),
        moment=current_language().written_instant(moment),
    )


def limits(settings: "Settings") -> "Limits":
    """What the audit may take of the server."""
    from mailaudit.sources.limits import Limits

    return Limits(settings.server.requests_per_minute, settings.server.window)
