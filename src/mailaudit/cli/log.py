"""Logging: silent unless --verbose or --log, and then without what may hold a secret."""

import logging
from typing import Protocol

_FORMAT = "%(asctime)s %(name)s: %(message)s"


class CommandLog(Protocol):
    """The file of --log, see `log_file`."""

    def crash(self, error: Exception) -> None: ...

    def end(self, code: int) -> None: ...


_opened: CommandLog | None = None


def be_quiet() -> None:
    """Keeps libraries' warnings off the terminal; what matters this program says itself."""
    logging.getLogger().addHandler(logging.NullHandler())


def be_verbose() -> None:
    """Shows on stderr what happens.

    Libraries show INFO and above: at DEBUG they write requests with their login headers.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(_FORMAT, datefmt="%H:%M:%S"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)


def use(log: CommandLog) -> None:
    """Makes this the command's log."""
    global _opened  # noqa: PLW0603 - one command, one log
    _opened = log


def crashed(error: Exception) -> None:
    """Logs where an error nobody foresaw came from."""
    if _opened is not None:
        _opened.crash(error)


def ended(code: int) -> None:
    """Logs the command's exit code. Nothing is logged after it."""
    global _opened  # noqa: PLW0603 - as above
    if _opened is not None:
        _opened.end(code)
        _opened = None
