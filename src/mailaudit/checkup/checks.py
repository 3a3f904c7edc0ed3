"""The checks in their order, each a function that looks at a Setup and yields its Findings."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from mailaudit.checkup import delivery, files, lists, logs, mailboxes, schedule, server
from mailaudit.checkup.finding import Finding, State, failed, ok, unchecked
from mailaudit.checkup.setup import AtServer, Setup
from mailaudit.errors import N_, MailauditError, Phrase


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        name: For monitoring programs; never changes.
        title: A message id.
        look: What it may raise is a MailauditError, which becomes a failure.
        needs: The names of checks before it without which it says nothing.
        server: Of several servers, and of witnesses, the name of the one it looks at.
    """

    name: str
    title: str
    look: Callable[[Setup], Iterator[Finding]]
    needs: tuple[str, ...] = ()
    server: str = ""


@dataclass(frozen=True, slots=True)
class ServerCheck:
    """A check that each mail server has a line of. Attributes as of a Check.

    Attributes:
        of_witnesses: Whether each witness that is logged in to has one too.
    """

    name: str
    title: str
    look: Callable[[Setup, AtServer], Iterator[Finding]]
    needs: tuple[str, ...] = ()
    of_witnesses: bool = True

    def of(self, at: AtServer) -> Check:
        """The check of one server."""
        return Check(
            self.name, self.title, partial(_look, self.look, at), self.needs, at.table.label
        )


def _look(
    look: Callable[[Setup, AtServer], Iterator[Finding]], at: AtServer, setup: Setup
) -> Iterator[Finding]:
    return look(setup, at)


@dataclass(frozen=True, slots=True)
class Checked:
    """A line of the result: a check, and what it found."""

    check: Check
    finding: Finding

    @property
    def name(self) -> str:
        """The check's name, with the server and the part it looked at: "mailbox:H01"."""
        parts = (self.check.name, self.check.server, self.finding.part)
        return ":".join(filter(None, parts))


def _configuration(setup: Setup) -> Iterator[Finding]:
    yield ok(N_("{file} was read; every key in it is known."), file=setup.settings.file)


_REACHED = ("password", "certificate")
_LOGGED_IN = ("service", "login")

# A further check is a function and a line here; nothing else.
CHECKS: tuple[Check | ServerCheck, ...] = (
    Check("configuration", N_("Configuration"), _configuration),
    Check("store", N_("Store"), files.store),
    Check("reports", N_("Reports"), files.reports),
    Check("objections", N_("Objections"), files.objections),
    Check("wording", N_("Wording"), files.wording),
    Check("units", N_("Unit list"), lists.units),
    Check("events", N_("Events"), lists.events, ("units",)),
    Check("staff", N_("Staff list"), lists.staff, ("units",)),
    Check("domains", N_("Mail domains"), lists.domains, ("staff",)),
    Check("calendar", N_("Calendar"), lists.calendar),
    Check("schedule", N_("Schedule"), schedule.scheduled),
    Check("logs", N_("Tracking logs"), logs.tracking),
    Check("usagereports", N_("Usage reports"), logs.usage_reports),
    ServerCheck("password", N_("Password"), server.password),
    ServerCheck("address", N_("Server's name"), server.address),
    ServerCheck("port", N_("Port"), server.port, ("address",)),
    ServerCheck("certificate", N_("Certificate"), server.certificate, ("port",)),
    ServerCheck("service", N_("Mail service"), server.service, _REACHED),
    ServerCheck("login", N_("Login"), server.login, _REACHED),
    ServerCheck("clock", N_("Clock"), server.server_clock, _REACHED),
    ServerCheck("mailbox", N_("Mailbox"), mailboxes.right, (*_LOGGED_IN, "staff")),
    ServerCheck("outside", N_("Outside"), mailboxes.outside, _LOGGED_IN, of_witnesses=False),
    ServerCheck("speed", N_("Speed"), mailboxes.speed, (*_LOGGED_IN, "staff")),
    ServerCheck("duration", N_("Duration"), mailboxes.duration, (*_LOGGED_IN, "staff")),
    Check("delivery", N_("Sending mails"), delivery.server),
    Check("deliverytls", N_("Sending, TLS"), delivery.certificate, ("delivery",)),
    Check("deliverylogin", N_("Sending, login"), delivery.login, ("delivery", "deliverytls")),
    Check("notify", N_("Notices"), delivery.notify, ("delivery", "deliverylogin")),
)


def check_setup(setup: Setup, checks: Sequence[Check | ServerCheck] = CHECKS) -> Iterator[Checked]:
    """Every line, as soon as it is known. Nothing is stored and no file is left."""
    titles = {check.name: check.title for check in checks}
    unsound: set[tuple[str, str]] = set()
    for check in _of_each_server(setup, checks):
        lacking = [name for name in check.needs if {(name, check.server), (name, "")} & unsound]
        for finding in _findings(check, setup, [titles[name] for name in lacking]):
            if finding.state in (State.FAILURE, State.UNCHECKED):
                unsound.add((check.name, check.server))
            yield Checked(check, finding)


def _of_each_server(setup: Setup, checks: Sequence[Check | ServerCheck]) -> Iterator[Check]:
    """The checks, those of servers once for each, server by server, the witnesses last."""
    for are_of_servers, several in groupby(checks, lambda one: isinstance(one, ServerCheck)):
        group = tuple(several)
        if are_of_servers:
            servers = [one for one in group if isinstance(one, ServerCheck)]
            for at in setup.at:
                yield from (one.of(at) for one in servers)
            for at in setup.at_witnesses:
                yield from (one.of(at) for one in servers if one.of_witnesses)
        else:
            yield from (one for one in group if isinstance(one, Check))


def after_unreadable(finding: Finding) -> Iterator[Checked]:
    """The lines where the configuration can't be read, which is what was found."""
    first, *others = CHECKS
    yield Checked(_plain(first), finding)
    for check in others:
        yield Checked(_plain(check), _after([first.title]))


def _plain(check: Check | ServerCheck) -> Check:
    """A check as its line is shown while no server is known."""
    return Check(check.name, check.title, lambda _setup: iter(()))


def _findings(check: Check, setup: Setup, lacking: Sequence[str]) -> Iterator[Finding]:
    if lacking:
        yield _after(lacking)
        return
    try:
        yield from check.look(setup)
    except MailauditError as error:
        yield failed(error, setup.language.gettext)


def _after(titles: Sequence[str]) -> Finding:
    return unchecked(N_("This has to be in order first: {earlier}."), earlier=Phrase(titles[0]))
