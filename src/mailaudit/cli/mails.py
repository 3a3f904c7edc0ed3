"""Mails: what showing and sending have to know of the mails of one edition, whoever gets them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from mailaudit.cli.console import current_language
from mailaudit.delivery.mail import Attachment, Mail
from mailaudit.delivery.parts import Attempts
from mailaudit.delivery.plan import Recipient
from mailaudit.delivery.sending import Ledger
from mailaudit.errors import N_, ConfigurationError
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Snapshot
from mailaudit.publication.register import Register

if TYPE_CHECKING:
    from mailaudit.settings import Delivery, Settings


class Mails(Protocol):
    """The mails of one edition, made when they are wanted."""

    @property
    def command(self) -> str:
        """The command that sends them."""
        ...

    @property
    def settings(self) -> "Settings": ...

    @property
    def delivery(self) -> "Delivery": ...

    @property
    def snapshot(self) -> Snapshot: ...

    @property
    def period(self) -> Period: ...

    @property
    def recipients(self) -> Sequence[Recipient]:
        """Everybody who gets one."""
        ...

    @property
    def notices(self) -> Sequence[str]:
        """What to know of the figures before the mails go."""
        ...

    @property
    def concealed(self) -> Sequence[Period]:
        """Earlier months that they do not show."""
        ...

    @property
    def left_out(self) -> Sequence[str]:
        """Lines about who gets nothing, and why."""
        ...

    def what(self, recipient: Recipient) -> str:
        """What a person gets, in words."""
        ...

    def attempts(self, ledger: Ledger) -> Attempts:
        """The newest attempts to bring people what these mails bring."""
        ...

    def had_earlier(self, ledger: Ledger) -> Mapping[str, int]:
        """Who got what these mails replace, and which edition last; by address."""
        ...

    def render(self, recipients: Sequence[Recipient]) -> None:
        """Makes the files that these people get."""
        ...

    def register(self, register: Register, recipients: Sequence[Recipient]) -> None:
        """Adds what these people get to the register of what was published."""
        ...

    def mail(self, recipient: Recipient, *, replaces: int | None, to: str | None = None) -> Mail:
        """A person's mail, once the files are made.

        Args:
            replaces: The edition that the person got last, if any.
            to: Another address for it to go to, on trial.
        """
        ...


def delivery_of(settings: "Settings") -> "Delivery":
    """The table [delivery]. Raises ConfigurationError where there is none."""
    if settings.delivery is None:
        raise ConfigurationError(
            N_("The configuration {file} has no table [delivery]."),
            N_("Add it as in the example that mailaudit init makes: server, sender, board."),
            file=settings.file,
        )
    return settings.delivery


def addressed(
    mails: Mails,
    recipient: Recipient,
    subject: str,
    body: str,
    to: str | None,
    attachments: tuple[Attachment, ...] = (),
) -> Mail:
    """The mail to a person, or on trial to another address, with the person's in the subject."""
    if to is not None:
        trial = current_language().gettext(N_("[TEST]"))
        subject = f"{trial} [{recipient.address}] {subject}"
    return Mail(
        sender=mails.delivery.sender,
        sender_name=mails.settings.organisation.name,
        recipient=to or recipient.address,
        recipient_name="" if to else recipient.name,
        subject=subject,
        body=body,
        attachments=attachments,
    )
