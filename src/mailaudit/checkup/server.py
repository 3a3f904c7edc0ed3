"""Checks on the way to the mail server: password, name, port, certificate, login, clock."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mailaudit.checkup.finding import Finding, failed, failure, ok, unchecked, warning
from mailaudit.checkup.setup import Setup
from mailaudit.errors import N_, ServerError

if TYPE_CHECKING:
    from mailaudit.sources.ews import Probe

FEW_DAYS = 30  # that a certificate is still valid
GAP_TO_WARN_S, GAP_TO_FAIL_S = 120, 300
_SET_CLOCKS = N_(
    "Set the clocks of this computer and of the server by one time server (NTP): from 5 minutes on"
    " the server refuses logins by NTLM and Kerberos."
)


def password(setup: Setup) -> Iterator[Finding]:
    """Where the password was found; never what it is."""
    secret = setup.find_secret()
    setup.secret = secret.value
    if secret.value:
        yield ok(N_("Found: {origin}."), origin=secret.origin)
    else:
        yield ok(N_("None is needed: {auth} logs in by a ticket."), auth=secret.origin)


def address(setup: Setup) -> Iterator[Finding]:
    """Whether the server's name leads anywhere."""
    from mailaudit.sources.ews import reach

    found = reach.addresses(setup.server())
    host = setup.server().describe().server
    yield ok(N_("{host} is at {addresses}."), host=host, addresses=", ".join(found))


def port(setup: Setup) -> Iterator[Finding]:
    """Whether anything answers there."""
    from mailaudit.sources.ews import reach

    yield ok(N_("Port {port} answers."), port=str(reach.port_answers(setup.server())))


def certificate(setup: Setup) -> Iterator[Finding]:
    """Whether the certificate is trusted, for this name, and for how long yet."""
    from mailaudit.sources.ews import reach

    found = reach.certificate(setup.server())
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


def service(setup: Setup) -> Iterator[Finding]:
    """Whether Exchange's web service answers, and what it says it is."""
    from mailaudit.sources.ews import LoginRefusedError

    probe, error = _log_in_once(setup)
    if isinstance(error, LoginRefusedError):
        yield unchecked(N_("The login is refused before the service is reached."))
    elif error is not None:
        yield failed(error, setup.language.gettext)
    elif probe.server_version:
        yield ok(
            N_("Answers as {reported}, asked as {version}."),
            reported=probe.server_version,
            version=setup.settings.server.version,
        )
    else:
        yield warning(
            N_("Answers, but does not say which version it is."),
            N_("Look for a proxy between this computer and the mail server that changes answers."),
        )


def login(setup: Setup) -> Iterator[Finding]:
    """Whether the server takes the account and its password, which are tried once."""
    from mailaudit.sources.ews import LoginRefusedError

    _, error = _log_in_once(setup)
    server = setup.server()
    if isinstance(error, LoginRefusedError):
        yield failed(error, setup.language.gettext)
    elif error is not None:
        yield unchecked(N_("The service did not get as far as a login."))
    else:
        yield ok(N_("{account} logged in ({auth})."), account=server.account, auth=server.auth)


def server_clock(setup: Setup) -> Iterator[Finding]:
    """Whether the server's clock and this computer's agree."""
    _log_in_once(setup)
    gap = setup.clock_gap_s
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


def _log_in_once(setup: Setup) -> "tuple[Probe, ServerError | None]":
    """What a login led to; it is tried the first time this is called, and never again.

    Raises:
        ConfigurationError: `server.auth` needs a package that is missing.
    """
    from mailaudit.sources.ews import Probe

    if setup.probe is None:
        probe = Probe(setup.server(), setup.period, setup.clock)
        setup.probe = probe
        try:
            probe.check()
        except ServerError as error:
            setup.refused = error
        if probe.server_time is not None:
            setup.clock_gap_s = (probe.server_time - setup.clock()).total_seconds()
    return setup.probe, setup.refused
