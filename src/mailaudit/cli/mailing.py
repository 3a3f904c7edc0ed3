"""The server that mails are sent through, and their words, as the configuration has them."""

from typing import TYPE_CHECKING

from mailaudit.cli.console import current_language
from mailaudit.cli.documents import words_of
from mailaudit.cli.steps import secret_of

if TYPE_CHECKING:
    from mailaudit.delivery.mailer import Mailer
    from mailaudit.delivery.wording import MailWording
    from mailaudit.settings import Delivery, Settings


def mailer(delivery: "Delivery") -> "Mailer":
    """The way out that [delivery] names; nothing is asked of the server yet.

    Raises:
        ConfigurationError: There is no password, or its file is unusable.
    """
    secret = secret_of(delivery).value if delivery.username is not None else ""
    if delivery.kind == "ews":
        from mailaudit.delivery.ews import EwsAccount, EwsMailer

        return EwsMailer(
            EwsAccount(
                url=delivery.url or "",
                auth=delivery.auth,
                username=delivery.username or "",
                sender=delivery.sender,
                secret=secret,
                ca_file=delivery.ca_file,
                timeout_s=delivery.timeout_s,
            )
        )
    from mailaudit.delivery.smtp import SmtpMailer, SmtpServer
    from mailaudit.settings.delivery import PORTS

    return SmtpMailer(
        SmtpServer(
            host=delivery.host or "",
            port=delivery.port or PORTS[delivery.security],
            security=delivery.security,
            sender=delivery.sender,
            username=delivery.username,
            secret=secret,
            ca_file=delivery.ca_file,
            timeout_s=delivery.timeout_s,
        )
    )


def reminder_wording(settings: "Settings", delivery: "Delivery") -> "MailWording":
    """The words of reminders, as `mail_wording`."""
    from mailaudit.delivery.wording import MailWording, ReminderVariables, check_reminder

    key, own = "delivery.reminder_wording", delivery.reminder_wording
    words = words_of(settings, current_language(), own, key, "reminder")
    wording = MailWording(*words, ReminderVariables)
    check_reminder(wording)
    return wording


def mail_wording(settings: "Settings", delivery: "Delivery") -> "MailWording":
    """The words of mails, checked as a whole; the configured ones in their own language only."""
    from mailaudit.delivery.wording import MailWording, check

    spoken = current_language()
    wording = MailWording(*words_of(settings, spoken, delivery.wording, "delivery.wording", "mail"))
    check(wording)
    return wording
