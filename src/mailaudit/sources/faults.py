"""What can keep a mailbox from being read: this time (MailboxFault), or as long as nobody helps."""

from mailaudit.errors import ServerError
from mailaudit.model.outcome import Reason


class LoginRefusedError(ServerError):
    """The server refuses the account; to try again could lock it."""


class MailboxFault(Exception):
    """This mailbox could not be read this time.

    A kind of server that knows more of its own answers derives from it.

    Attributes:
        reason: What it is Unmeasured for, if it stays so.
        detail: The server's error code or the kind of failure.
        again: Whether asking again can help.
        back_off_s: How long the server asked to wait, or None.
        of_server: Whether it is said of the whole server, not of this mailbox.
    """

    def __init__(
        self,
        reason: Reason,
        detail: str,
        *,
        again: bool = True,
        back_off_s: float | None = None,
        of_server: bool = False,
    ) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.again = again
        self.back_off_s = back_off_s
        self.of_server = of_server

    @property
    def is_busy(self) -> bool:
        """Whether the server asks for less."""
        return self.reason is Reason.SERVER_BUSY

    @property
    def is_of_connection(self) -> bool:
        """Whether nothing came that shows the mail server alive."""
        return self.back_off_s is None and self.reason is Reason.TIMED_OUT and not self.has_code

    @property
    def has_code(self) -> bool:
        """Whether the server itself decided so, which a second try would not change."""
        return False
