"""Mailer: a way out for mails, whatever the server, and what may go wrong with one of them."""

from collections.abc import Iterable
from email.message import Message
from typing import Protocol

from mailaudit.model.wording import on_one_line

_LONGEST_DETAIL = 200  # characters of a server's words


class Mailer(Protocol):
    """A mail server that takes mails. Nothing is sent to it before the first use."""

    def open(self) -> None:
        """Connects and logs in, where that was not done yet; tried once.

        Raises:
            DeliveryError: The server as a whole can't be used.
            ConfigurationError: The CA file can't be used.
        """
        ...

    def send(self, message: Message) -> None:
        """Hands over one mail to who stands in its To; returns once the server has taken it.

        Raises:
            NotTaken: The server did not take it.
            FateUnknown: The connection broke before the server said whether it did.
            DeliveryError: The server as a whole can't be used; the mail was not sent.
        """
        ...

    def close(self) -> None:
        """Closes the connection."""
        ...


class NotTaken(Exception):
    """The server did not take a mail.

    Attributes:
        detail: Its words.
        may_pass: Whether it says that it may take it later.
    """

    def __init__(self, detail: str, *, may_pass: bool = False) -> None:
        super().__init__(detail)
        self.detail, self.may_pass = detail, may_pass


class FateUnknown(Exception):
    """Nobody knows whether the server took a mail: it may arrive, or not.

    Attributes:
        detail: What happened.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def readable_reply(code: int, reply: bytes | str, secrets: Iterable[str] = ()) -> str:
    """A server's answer in one line that is harmless on a terminal: "550 5.1.1 No such user".

    Args:
        secrets: What is not shown, for the server may repeat it.
    """
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return f"{code} {on_one_line(text)}"[:_LONGEST_DETAIL].strip()
