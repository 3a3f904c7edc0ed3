"""The server that mails are sent through, and their words, as the configuration has them."""

from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.cli.console import current_language
from mailaudit.cli.steps import secret_of
from mailaudit.errors import N_, ConfigurationError, cause

if TYPE_CHECKING:
    from mailaudit.delivery.mailer import Mailer
    from mailaudit.delivery.wording import MailWording
    from mailaudit.settings import Delivery, Settings


def mailer(delivery: "Delivery") -> "Mailer":
    """The way out that [delivery] names; nothing is asked of the server yet."""
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


def mail_wording(settings: "Settings", delivery: "Delivery") -> "MailWording":
    """The words of mails, checked as a whole; the configured ones in their own language only."""
    from mailaudit.delivery.wording import MailWording, check
    from mailaudit.roster.shipped import shipped

    file, code = delivery.wording, current_language().code
    if file is not None and code == settings.report.language:
        wording = MailWording(str(file), _text(file))
    else:
        name = f"mail.{code}.txt"
        wording = MailWording(name, shipped(name).read_text(encoding="utf-8"))
    check(wording)
    return wording


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")  # Windows' editors put a mark first
    except OSError as error:
        raise ConfigurationError(
            N_("The wording {file} can't be read: {why}."),
            N_("Correct delivery.wording, or remove it to use the wording brought along."),
            file=file,
            why=cause(error),
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(
            N_("The wording {file} is not UTF-8 text."),
            N_("Save it as UTF-8 in a text editor."),
            file=file,
        ) from None
