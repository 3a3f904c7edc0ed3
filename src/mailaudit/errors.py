"""What can go wrong for a user, as one tree: what, which object, what to do next, the exit code.

Messages are message ids of the catalogs in `mailaudit.locale` with named fields; they are
translated once, where they are printed. Each is marked with `N_` so that the catalogs find it.
"""

from collections.abc import Callable
from functools import partial
from typing import ClassVar


def N_(message: str) -> str:
    """Marks a message id for the catalogs and returns it unchanged."""
    return message


class MailauditError(Exception):
    """An error whose cause is outside the program, told in one message with its remedy.

    Args:
        message: What is wrong with which object, as a message id with `{name}` fields.
        remedy: What to do next, as a message id with `{name}` fields.
        values: The fields' values. Never a secret. An int is a count, and printed as one;
            `{options}` is what a command that the remedy names has to be given as well.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, remedy: str = "", /, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.values: dict[str, object] = {"options": "", **values}

    def text(self, gettext: Callable[[str], str] = str) -> str:
        """The message and its remedy in the language of `gettext` (English when none is given)."""
        parts = [
            gettext(part).format_map(self.values) for part in (self.message, self.remedy) if part
        ]
        return " ".join(parts)

    def __str__(self) -> str:
        return self.text()

    def __reduce__(self) -> tuple[object, ...]:
        """As what it was made of, so that one process can tell it to another."""
        return partial(type(self), **self.values), (self.message, self.remedy)


class UsageError(MailauditError):
    """The command line asks for something that can't be done as it stands."""

    exit_code = 2


class ConfigurationError(MailauditError):
    """A configuration file, a secret, a calendar or an output folder is unusable."""

    exit_code = 3


class RosterError(MailauditError):
    """A staff list or unit list can't be read as one."""

    exit_code = 3


class ServerError(MailauditError):
    """The mail server as a whole can't be used: unreachable, untrusted, or refusing the login."""

    exit_code = 4


class DirectoryError(MailauditError):
    """The directory of accounts can't be used: unreachable, untrusted, or refusing."""

    exit_code = 4


class StoreError(MailauditError):
    """The store of snapshots is unusable, or lacks what was asked of it."""

    exit_code = 5
