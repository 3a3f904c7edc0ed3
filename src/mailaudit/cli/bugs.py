"""Errors nobody foresaw: a short message, and a file to send with the traceback and no secret."""

import os
import platform
import sys
import tempfile
import traceback
from importlib.metadata import version

from mailaudit.errors import N_

DEBUG = "MAILAUDIT_DEBUG"
BUG = 1
_VARIABLES = (
    "MAILAUDIT_PASSWORD",
    "MAILAUDIT_DIRECTORY_PASSWORD",
    "MAILAUDIT_DELIVERY_PASSWORD",
)

_secrets: set[str] = set()


def conceal(secret: str) -> None:
    """Keeps a secret out of everything `explain` writes from now on."""
    if secret:
        _secrets.add(secret)


def explain(error: Exception) -> int:
    """Reports that `error` is a bug and what to do about it; returns the exit code."""
    reported(error)
    return BUG


def reported(error: Exception) -> str:
    """Reports that `error` is a bug; gives what was said of it, in which no secret and no word of
    the error itself is."""
    from mailaudit.cli.console import note, note_raw, worded

    text = concealed("".join(traceback.format_exception(error)))
    if os.environ.get(DEBUG):
        note_raw(text.rstrip())
    about = {"version": version("mailaudit"), "kind": type(error).__name__}
    first = worded(
        N_("This is a bug in mailaudit {version} ({kind}), not a mistake of yours."), about
    )
    try:
        file = _written(f"{_circumstances()}\n\n{text}")
    except OSError:
        then = worded(
            N_(
                "Run it again with {variable}=1 and send its makers what it prints; no password"
                " is in it, but look it through for names."
            ),
            {"variable": DEBUG},
        )
    else:
        then = worded(
            N_(
                "Send its makers {file}: version, command and traceback; no password is in it,"
                " but look it through for names. What was collected is kept."
            ),
            {"file": file},
        )
    note("{first}\n{then}", first=first, then=then)
    return f"{first}\n{then}"


def _circumstances() -> str:
    system = f"Python {platform.python_version()}, {platform.platform()}"
    command = concealed(" ".join(sys.argv[1:]))
    return f"mailaudit {version('mailaudit')}, {system}\nmailaudit {command}"


def concealed(text: str) -> str:
    """The text without the secrets that this process knows."""
    for secret in _secrets | {os.environ.get(variable, "") for variable in _VARIABLES}:
        if secret:
            # As it is, and as a Python literal of it in a message.
            text = text.replace(secret, "***").replace(repr(secret)[1:-1], "***")
    return text


def _written(text: str) -> str:
    """A new file in the folder for temporary files, which only this account can read."""
    handle, name = tempfile.mkstemp(prefix="mailaudit-bug-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    return name
