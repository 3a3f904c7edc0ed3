"""What can go wrong for a user, as one tree: what, which object, what to do next, the exit code.

Messages are message ids of the catalogs in `mailaudit.locale` with named fields; they are
translated once, where they are printed. Each is marked with `N_` so that the catalogs find it.
"""

import errno
import re
import tomllib
from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar


def N_(message: str) -> str:
    """Marks a message id for the catalogs and returns it unchanged."""
    return message


class Phrase(str):
    """A value of a message that is a message id itself, and translated with the message."""

    __slots__ = ()


_CAUSES = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EACCES: N_("access is denied"),
    errno.EPERM: N_("access is denied"),
    errno.EROFS: N_("the file system is read-only"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a part of the path is a file, not a folder"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.EINVAL: N_("the system does not accept the name"),
    errno.ELOOP: N_("its symbolic links lead in a circle"),
    errno.ENOSPC: N_("no room is left on the disk"),
    getattr(errno, "EDQUOT", -1): N_("the disk quota is used up"),
    errno.EFBIG: N_("the file is too large for the file system"),
    errno.EBUSY: N_("another program is using it"),
    getattr(errno, "ETXTBSY", -1): N_("another program is using it"),
    errno.EMFILE: N_("too many files are open"),
    errno.ENFILE: N_("too many files are open"),
    errno.EIO: N_("the disk reports an error"),
    errno.ENOMEM: N_("not enough memory"),
    errno.ETIMEDOUT: N_("it did not answer in time"),
}


def cause(error: OSError) -> Phrase:
    """Why the system refused, in words of the catalogs; its own are in the system's language.

    The symbol of the error number ("EXDEV") where the catalogs have no words for it.
    """
    number = error.errno or 0
    return Phrase(_CAUSES.get(number) or errno.errorcode.get(number) or type(error).__name__)


# What tomllib's messages begin with, and what is said instead: they are English, and some quote
# the file, in which a password may stand.
_TOML_CAUSES = (
    ("Illegal character", N_("a text does not end on its line, or holds a control character")),
    ("Found invalid character", N_("a control character stands there")),
    ("Unterminated string", N_("a text is not closed")),
    ("Unescaped", N_("a backslash stands in a text in double quotation marks")),
    ("Invalid hex value", N_("a backslash stands in a text in double quotation marks")),
    ("Escaped character", N_("a backslash stands in a text in double quotation marks")),
    ("Expected '='", N_("no = follows the key")),
    ("Expected ']'", N_("a ] is missing")),
    ("Expected ']]'", N_("a ] is missing")),
    ("Unclosed array", N_("a ] is missing")),
    ("Unclosed inline table", N_("a closing brace is missing")),
    ("Expected newline", N_("something stands behind the value")),
    ("Invalid initial", N_("no key stands there")),
    ("Invalid statement", N_("no key stands there")),
    ("Invalid date", N_("there is no such day or time")),
    ("Cannot declare ('server',)", N_("[server] is there twice; each of several is [[servers]]")),
    ("Cannot", N_("the key or table is there for the second time")),
    ("Duplicate", N_("the key or table is there for the second time")),
    (
        "Invalid value",
        N_("the value is neither a text in quotation marks nor a number, true, false"),
    ),
)


def toml_cause(error: ValueError | RecursionError, text: str) -> tuple[int, Phrase]:
    """The line of a TOML file that can't be read, counted from 1, and why it can't be.

    Args:
        error: Of `tomllib`.
        text: The file's content.
    """
    said = str(error) if isinstance(error, tomllib.TOMLDecodeError) else ""
    found = (message for start, message in _TOML_CAUSES if said.startswith(start))
    place = re.search(r"\(at line (\d+)", said)
    line = int(place[1]) if place else max(len(text.splitlines()), 1)  # "at end of document"
    return line, Phrase(next(found, N_("the line can't be understood")))


def translated(values: Mapping[str, object], gettext: Callable[[str], str]) -> dict[str, object]:
    """The values of a message, each Phrase in the language of `gettext`."""
    return {
        name: gettext(value) if isinstance(value, Phrase) else value
        for name, value in values.items()
    }


class MailauditError(Exception):
    """An error whose cause is outside the program, reported in one message with its remedy.

    Args:
        message: What is wrong with which object, as a message id with `{name}` fields.
        remedy: What to do next, as a message id with `{name}` fields.
        values: The fields' values. Never a secret. An int is a count, and printed as one; a
            Phrase is translated; `{options}` is what a command that the remedy names has to be
            given as well.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, remedy: str = "", /, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.values: dict[str, object] = {"options": "", **values}

    def text(self, gettext: Callable[[str], str] = str) -> str:
        """The message and its remedy in the language of `gettext` (English when none is given)."""
        values = translated(self.values, gettext)
        parts = [gettext(part).format_map(values) for part in (self.message, self.remedy) if part]
        return " ".join(parts)

    def __str__(self) -> str:
        return self.text()

    def __reduce__(self) -> tuple[object, ...]:
        """As what it was made of, so that one process can pass it to another."""
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


class OneServerError(ServerError):
    """One of several mail servers can't be used.

    Args:
        server: Its name.
        error: What is wrong with it.
    """

    def __init__(self, server: str, error: ServerError) -> None:
        super().__init__(error.message, error.remedy, **error.values)
        self.server = server

    def text(self, gettext: Callable[[str], str] = str) -> str:
        """Which server it is, the message and its remedy, and how to go on without the server."""
        named = N_("{server}: {text} To go on without this server, add: --without {server}")
        return gettext(named).format(server=self.server, text=super().text(gettext))


class DirectoryError(MailauditError):
    """The directory of accounts can't be used: unreachable, untrusted, or refusing."""

    exit_code = 4


class DeliveryError(MailauditError):
    """The server that is to send mails can't be used: unreachable, untrusted, or refusing."""

    exit_code = 4


class DrawingError(MailauditError):
    """The reports can't be drawn on this machine: it has too little memory."""

    exit_code = 3


class StoreError(MailauditError):
    """The store of snapshots is unusable, or lacks what was asked of it."""

    exit_code = 5


class StoreInUse(StoreError):
    """Another process is writing the store."""


class PackError(MailauditError):
    """A pack is not what it was, can't be read as one, or this store does not make it again."""

    exit_code = 7
