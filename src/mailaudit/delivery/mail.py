"""Mail: what one person gets, as a value, and as the message that is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

# By how a file's name ends.
_OFFICE = "vnd.openxmlformats-officedocument"
KINDS: Mapping[str, tuple[str, str]] = {
    "xlsx": ("application", f"{_OFFICE}.spreadsheetml.sheet"),
    "docx": ("application", f"{_OFFICE}.wordprocessingml.document"),
    "pdf": ("application", "pdf"),
    "html": ("text", "html"),
    "png": ("image", "png"),
}
_LONGEST_LINE = 300  # characters of a subject or a name
_LONGEST_NAME = 120  # of a file
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('<>:"/\\|?*', "-"))  # on some system


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a mail; `name` may have any letters."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person.

    Attributes:
        sender, recipient: Addresses.
        sender_name, recipient_name: What mail programs show; may be empty.
        body: Plain text.
    """

    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    subject: str
    body: str
    attachments: tuple[Attachment, ...] = ()


def message_of(mail: Mail, now: datetime) -> EmailMessage:
    """The mail as a message with an id of its own.

    What people wrote can't become a header: line ends and other control characters are spaces, and
    such as turn the reading direction are gone.
    """
    message = EmailMessage(SMTP)
    message["From"] = _address(mail.sender_name, mail.sender)
    message["To"] = _address(mail.recipient_name, mail.recipient)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid("mailaudit", mail.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # asks for no automatic reply
    message.set_content(mail.body, charset="utf-8", cte="base64")
    for attachment in mail.attachments:
        maintype, subtype = KINDS[attachment.name.rpartition(".")[2]]
        message.add_attachment(
            attachment.content,
            maintype=maintype,
            subtype=subtype,
            filename=file_name(attachment.name),
        )
    return message


def one_line(text: str) -> str:
    """The text on one line, without what is not seen: fit for a header."""
    shown = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(shown.split())[:_LONGEST_LINE]


def file_name(name: str) -> str:
    """A name that every system can save, its ending kept: "Sở A/B.xlsx" -> "Sở A-B.xlsx"."""
    stem, _, ending = one_line(name).translate(_NOT_IN_NAMES).rpartition(".")
    return f"{stem[:_LONGEST_NAME].strip(' .')}.{ending}"


def _address(name: str, address: str) -> Address:
    user, _, domain = address.rpartition("@")
    return Address(one_line(name), user, domain)
