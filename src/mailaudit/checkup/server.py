"""Checks on the way to the mail server: password, name, port, certificate, login, clock."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mailaudit.checkup.finding import Finding, failed, failure, ok, unchecked, warning
from mailaudit.checkup.setup import AtServer, Setup
from mailaudit.errors import N_, ServerError

if TYPE_CHECKING:
    from mailaudit.sources.probing import Probe

FEW_DAYS = 30  # that a certificate is still valid
GAP_TO_WARN_S, GAP_TO_FAIL_S = 120, 300
_SET_CLOCKS = N_(
    "Set the clocks of this computer and of the server by one time server (NTP): from 5 minutes on"
    " the server refuses logins by NTLM and Kerberos."
)


def password(setup: Setup, at: AtServer) -> Iterator[Finding]:
    """Where the password was found; never what it is."""
    secret = setup.find_secret(at.table)
    at.secret = secret.value
    if secret.value:
        yield ok(N_("Found: {origin}."), origin=secret.origin)
    else:
        yield ok(N_("None is needed: {auth} logs in by a ticket."), auth=secret.origin)


def address(setup: Setup, at: AtServer) -> Iterator[Finding]:
    """Whether the server's name leads anywhere."""
    found = at.server().reach().addresses()
    host = at.server().describe().server
    yield ok(N_("{host} is at {addresses}."), host=host, addresses=", ".join(found))


def port(setup: Setup, at: AtServer) -> Iterator[Finding]:
    """Whether anything answers there."""
    yield ok(N_("Port {port} answers."), port=str(at.server().reach().port_answers()))


def certificate(setup: Setup, at: AtServer) -> Iterator[Finding]:
    """Whether the certificate is trusted, for this name, and for how long yet."""
    found = at.server().reach().certificate()
    days = (found.until - setup.clock()).days
    until = setup.language.date(found.until.astimezone(setup.period.tz).date())
    if days < FEW_DAYS:
        yield warning(
            N_("The server's certificate is trusted, but expires in {days} days, on {until}."),
            N_("Have it renewed on the server before that day; after it no run can log in."),
            days=days,
            until=until,
        )
    else:
        yield ok(
            N_("Trusted, for this name, and valid for {days} days, until {until} ({tls})."),
            days=days,
            until=until,
            tls=found.tls,
        )


def service(setup: Setup, at: AtServer) -> Iterator[Finding]:
    """Whether the mail service answers, and what it says it is."""
    from mailaudit.sources.faults import LoginRefusedError

    probe, error = _log_in_once(setup, at)
    if isinstance(error, LoginRefusedError):
        yield unchecked(N_("The login is refused before the service is reached."))
    elif error is not None:
        yield failed(error, setup.language.gettext)
    elif probe.server_version:
        yield ok(
            N_("Answers as {reported}, asked as {version}."),
            reported=probe.server_version,
            version=at.server().describe().version,
        )
    else:
        yield warning(
            N_("Answers, but does not say which version it is."),
            N_("Look for a proxy between this computer and the mail server that changes answers."),
        )


def login(setup: Setup, at: AtServer) -> Iterator[Finding]:
    """Whether the server takes the account and its password, which are tried once."""
    from mailaudit.sources.faults import LoginRefusedError

    probe, error = _log_in_once(setup, at)
    server = at.server()
    if isinstance(error, LoginRefusedError):
        yield failed(error, setup.language.gettext)
    elif error is not None:
        yield unchecked(N_("The service did not get as far as a login."))
    elif not probe.logs_in_alone:
        yield ok(
            N_("{account} logs in for each mailbox ({auth}): the lines of mailboxes show whether."),
            account=server.account,
            auth=server.auth,
        )
    else:
        yield ok(N_("{account} logged in ({auth})."), account=server.account, auth=server.auth)


def server_clock(setup: Setup, at: AtServer) -> Iterator[Finding]:
    """Whether the server's clock and this computer's agree."""
    _log_in_once(setup, at)
    gap = at.clock_gap_s
    if gap is None:
        yield unchecked(N_("The server did not say what time it has."))
        return
    seconds = round(abs(gap))
    message = (
        N_("The server's clock is {seconds} seconds ahead of this computer's.")
        if gap > 0
        else N_("The server's clock is {seconds} seconds behind this computer's.")
    )
    if seconds >= GAP_TO_FAIL_S:
        yield failure(message, _SET_CLOCKS, seconds=seconds)
    elif seconds >= GAP_TO_WARN_S:
        yield warning(message, _SET_CLOCKS, seconds=seconds)
    else:
        yield ok(N_("The server's clock agrees with this computer's."))


def _log_in_once(setup: Setup, at: AtServer) -> "tuple[Probe, ServerError | None]":
    """What a login led to; it is tried the first time this is called, and never again.

    Raises:
        ConfigurationError: `server.auth` needs a package that is missing.
    """
    if at.probe is None:
        at.probe = at.server().probe(setup.period, setup.clock)
        try:
            at.probe.check()
        except ServerError as error:
            at.refused = error
        if at.probe.server_time is not None:
            at.clock_gap_s = (at.probe.server_time - setup.clock()).total_seconds()
    return at.probe, at.refused
