"""Checks of the server that sends mails, and of who is notified; nothing is sent."""

from collections.abc import Iterator
from contextlib import closing

from mailaudit.checkup.finding import Finding, failed, ok
from mailaudit.checkup.setup import Setup
from mailaudit.delivery.connecting import MailerLoginError, MailerTrustError
from mailaudit.errors import N_, MailauditError


def server(setup: Setup) -> Iterator[Finding]:
    """Whether the server of [delivery] answers."""
    delivery = setup.settings.delivery
    if delivery is None:
        yield ok(N_("There is no table [delivery]: no mail is sent."))
        return
    error = _log_in_once(setup)
    if isinstance(error, MailerLoginError | MailerTrustError | None):
        yield ok(N_("{host} answers."), host=_host(setup))
    else:
        yield failed(error, setup.language.gettext)


def certificate(setup: Setup) -> Iterator[Finding]:
    """Whether mails and the password are encrypted, for a server that can be trusted."""
    if setup.settings.delivery is None:
        return
    error = _log_in_once(setup)
    if isinstance(error, MailerTrustError):
        yield failed(error, setup.language.gettext)
    else:
        yield ok(N_("TLS, with a certificate that is trusted and for this name."))


def login(setup: Setup) -> Iterator[Finding]:
    """Whether it takes the account and its password, which are tried once."""
    delivery = setup.settings.delivery
    if delivery is None:
        return
    error = _log_in_once(setup)
    if isinstance(error, MailerLoginError):
        yield failed(error, setup.language.gettext)
    elif delivery.username is None:
        yield ok(N_("It wants no login; delivery.username is not set."))
    else:
        yield ok(N_("{account} logged in; no mail was sent."), account=delivery.username)


def notify(setup: Setup) -> Iterator[Finding]:
    """Who learns what became of a run."""
    notified = setup.settings.notify
    if notified is None:
        yield ok(N_("There is no table [notify]: nobody learns of a failed run by mail."))
    else:
        yield ok(
            N_("{count} addresses get a mail after each run with --notify."),
            count=len(notified.to),
        )


def _host(setup: Setup) -> str:
    delivery = setup.settings.delivery
    return "" if delivery is None else delivery.host or delivery.url or ""


def _log_in_once(setup: Setup) -> MailauditError | None:
    """What connecting and logging in led to; tried the first time this is called."""
    if not setup.has_tried_delivery:
        setup.has_tried_delivery = True
        try:
            with closing(setup.mailer()) as mailer:
                mailer.open()
        except MailauditError as error:
            setup.delivery_error = error
    return setup.delivery_error
