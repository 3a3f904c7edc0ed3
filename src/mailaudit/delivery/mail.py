"""Mail: what one person gets, as a value, and as the message that is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.encoders import encode_base64
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, make_msgid, parseaddr

from mailaudit.model.wording import on_one_line

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


def message_of(mail: Mail, now: datetime) -> Message:
    """The mail as a message with an id of its own.

    What people wrote can't become a header: line ends and other control characters are spaces.
    """
    # Not an EmailMessage: where that folds a long line of Vietnamese, it loses a space.
    message = MIMEMultipart()
    message["From"] = _address(mail.sender_name, mail.sender)
    message["To"] = _address(mail.recipient_name, mail.recipient)
    message["Subject"] = _encoded(header_line(mail.subject))
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid("mailaudit", mail.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # asks for no automatic reply
    message.attach(MIMEText(mail.body.replace("\n", "\r\n"), "plain", "utf-8"))
    for attachment in mail.attachments:
        part = MIMENonMultipart(*KINDS[attachment.name.rpartition(".")[2]])
        if part.get_content_maintype() == "text":
            part.set_param("charset", "utf-8")
        part.set_payload(attachment.content)
        encode_base64(part)
        name = ("utf-8", "", file_name(attachment.name))
        part.add_header("Content-Disposition", "attachment", filename=name)
        message.attach(part)
    return message


def bytes_of(message: Message) -> bytes:
    """The message as it is sent."""
    return message.as_bytes(policy=compat32.clone(linesep="\r\n"))


def recipient_of(message: Message) -> str:
    """The address it goes to."""
    return parseaddr(str(message["To"]))[1]


def header_line(text: str) -> str:
    """The text on one line of bounded length: fit for a header."""
    return on_one_line(text)[:_LONGEST_LINE]


def file_name(name: str) -> str:
    """A name that every system can save, its ending kept: "Sở A/B.xlsx" -> "Sở A-B.xlsx"."""
    stem, _, ending = header_line(name).translate(_NOT_IN_NAMES).rpartition(".")
    return f"{stem[:_LONGEST_NAME].strip(' .')}.{ending}"


def _address(name: str, address: str) -> str:
    shown = header_line(name)
    return f"{_encoded(shown)} <{address}>" if shown else address


def _encoded(text: str) -> str:
    """A text of any letters as ASCII, in words of which the first fits on a header's line."""
    return Header(text, "utf-8", header_name="Subject").encode(linesep="")
