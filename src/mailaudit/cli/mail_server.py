"""The mail servers of the configuration: their logins, and why they are waited for."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mailaudit.cli.console import current_language, note, worded
from mailaudit.cli.steps import now, secret_of
from mailaudit.errors import N_, UsageError

if TYPE_CHECKING:
    from mailaudit.collaborators import MailSource
    from mailaudit.settings import LiveServer, Secret, Server, Settings

_log = logging.getLogger(__name__)


def mail_source(settings: "Settings", without: Sequence[str] = ()) -> "MailSource":
    """The mail server the configuration names, or all of them as one source.

    Args:
        without: Names of servers that are left out.

    Raises:
        UsageError: There is no such server, or none is left.
    """
    asked = asked_servers(settings, without)
    if settings.routing.is_single:
        return opened(settings, asked[0])
    from mailaudit.sources.several import NamedSource, SeveralServers

    servers = [
        NamedSource(
            table.label,
            table.describe(),
            opened(settings, table) if table in asked else None,
        )
        for table in settings.mail_servers
    ]
    return SeveralServers(servers, settings.routing, now)


def asked_servers(settings: "Settings", without: Sequence[str]) -> "tuple[Server, ...]":
    """The servers without those left out. Raises UsageError as `mail_source`."""
    servers = settings.mail_servers
    names = {table.label.lower(): table.label for table in servers if table.label}
    for name in without:
        if name.lower() not in names:
            raise UsageError(
                N_("--without {name}: the configuration has no server of this name."),
                N_("Its servers are: {names}.")
                if names
                else N_("It has one server alone, which can't be left out."),
                name=name,
                names=", ".join(names.values()),
            )
    left_out = {name.lower() for name in without}
    asked = tuple(table for table in servers if table.label.lower() not in left_out)
    if not asked:
        raise UsageError(
            N_("--without leaves no server to ask."), N_("Name fewer of them, or none.")
        )
    return asked


def opened(settings: "Settings", table: "Server") -> "MailSource":
    """What asks one server."""
    from mailaudit.settings.servers import SourceContext

    context = SourceContext(
        _secret_of,
        frozenset(settings.organisation.domains),
        now,
        lambda seconds, of_server: _note_wait(settings, table.label, seconds, of_server),
        partial(_note_of, table.label),
    )
    return table.open_source(context)


def _secret_of(table: "LiveServer") -> "Secret":
    """The secret of the reading account; says in the log how it logs in."""
    secret = secret_of(table)
    server = table.mail_server("")
    host, account = server.describe().server, table.account
    _log.info("%s as %s (%s), password from %s", host, account, server.auth, secret.origin)
    return secret


def _note_wait(settings: "Settings", name: str, seconds: float, of_server: bool) -> None:
    """Says why nothing moves, and until when."""
    until = now() + timedelta(seconds=seconds)
    moment = until.astimezone(ZoneInfo(settings.organisation.timezone))
    message = (
        N_("The mail server asks to be asked nothing before {moment}: waiting until then.")
        if of_server
        else N_("The mail server lets the mailboxes that are left wait until {moment}.")
    )
    _note_of(name, message, moment=current_language().written_instant(moment))


def _note_of(name: str, message: str, /, **values: object) -> None:
    """Says something of a server, naming it where there are several."""
    said = worded(message, values)
    note("{said}", said=f"{name}: {said}" if name else said)
