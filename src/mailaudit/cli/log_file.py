"""The file of --log: one line an event, rotated, without secrets, with how the command ended."""

import errno
import json
import logging
import os
import sys
import traceback
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from filelock import BaseFileLock, Timeout

from mailaudit.cli.bugs import concealed
from mailaudit.cli.console import events, note_raw, worded
from mailaudit.cli.log import use
from mailaudit.errors import N_, ConfigurationError, cause
from mailaudit.report.files import write_atomically
from mailaudit.scheduling.last_run import LastRun, log_lock, result_file

LARGEST_BYTES, KEPT = 1024 * 1024, 5
_LONGEST_EVENT = 10_000  # characters
# Of what a line of text or of JSON begins with: a file that begins otherwise is not a log.
_BEGINS = (b"20", b'{"time": ')
_LOGGERS = (logging.getLogger("mailaudit"), events)


def begin(file: Path, *, as_json: bool, command: str) -> None:
    """Adds to the file from now on: what this program says and logs, nothing of libraries.

    Args:
        command: Its name only: what stands after it may be secret.

    Raises:
        ConfigurationError: The file can't be written, is not a log, or is being written.
    """
    log = _LogFile(file.absolute(), LastRun(command, datetime.now().astimezone()))
    log.setFormatter(_Json() if as_json else _Text())
    for logger in _LOGGERS:
        logger.addHandler(log)
        # Not of the root: libraries would then write what they know.
        logger.setLevel(logging.INFO)
    log.add(
        logging.INFO,
        N_("mailaudit {version} {command} began."),
        version=version("mailaudit"),
        command=command,
    )
    use(log)


def _frames(error: BaseException) -> str:
    """Kinds of errors and lines of code, the first cause first; no value of anything."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    earlier = _frames(before) + "\n" if before is not None else ""
    lines = "".join(traceback.format_tb(error.__traceback__)).rstrip()
    return f"{earlier}Traceback:\n{lines}\n{type(error).__name__}"


class _LogFile(RotatingFileHandler):
    """The file, which only this account can read, held while the command runs."""

    def __init__(self, file: Path, began: LastRun) -> None:
        self._file, self._began = file, began
        self._has_failed = False
        try:
            self._held = _held(file)
            super().__init__(
                file, maxBytes=LARGEST_BYTES, backupCount=KEPT, encoding="utf-8", errors="replace"
            )
        except OSError as error:
            raise ConfigurationError(
                N_("The log {file} can't be written: {why}."),
                N_("Name a file in a folder that can be written."),
                file=file,
                why=cause(error),
            ) from error
        self._leave(began)

    def _open(self) -> TextIOWrapper:
        def private(path: str, flags: int) -> int:
            handle = os.open(path, flags, 0o600)
            if sys.platform != "win32":
                os.fchmod(handle, 0o600)
            return handle

        encoding, errors = self.encoding, self.errors
        return open(self.baseFilename, "a", encoding=encoding, errors=errors, opener=private)

    def add(self, level: int, message: str, **values: object) -> None:
        """Adds an event; `message` is a message id."""
        self._add(level, worded(message, values), values.get("code"))

    def crash(self, error: Exception) -> None:
        """Adds where an error came from. Its messages may name people, and stay out."""
        self._add(logging.CRITICAL, _frames(error))

    def end(self, code: int) -> None:
        """Adds the exit code, leaves the result, and lets go of the file."""
        level = logging.INFO if code == 0 else logging.ERROR
        self.add(level, N_("Ended with exit code {code}."), code=code)
        ended = datetime.now().astimezone()
        try:
            self._leave(replace(self._began, ended=ended, code=code))
        except ConfigurationError:
            self._fail()
        for logger in _LOGGERS:
            logger.removeHandler(self)
        self.close()
        self._held.release()

    def _add(self, level: int, text: str, code: object = None) -> None:
        entry = {"levelno": level, "levelname": logging.getLevelName(level), "msg": text}
        self.handle(logging.makeLogRecord({**entry, "exit_code": code}))

    def handleError(self, record: logging.LogRecord) -> None:
        """Says once that the file can't be written: the command goes on without it."""
        self._fail()

    def _fail(self) -> None:
        if not self._has_failed:
            self._has_failed = True
            message = N_("The log {file} can't be written any more; the command goes on.")
            note_raw(worded(message, {"file": self._file}))

    def _leave(self, result: LastRun) -> None:
        write_atomically(result_file(self._file), result.content(), private=True)


def _held(file: Path) -> BaseFileLock:
    """The lock of the log. Raises ConfigurationError, OSError."""
    if not file.parent.is_dir():  # the lock would make it
        raise FileNotFoundError(errno.ENOENT, "")
    if file.is_dir():
        raise IsADirectoryError(errno.EISDIR, "")
    if file.exists() and not _is_log(file):
        raise ConfigurationError(
            N_("{file} is not a log of mailaudit, and nothing was added to it."),
            N_("Name another file with --log."),
            file=file,
        )
    lock = log_lock(file)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise ConfigurationError(
            N_("Another mailaudit is writing the log {file}."),
            N_("Wait until it ends, or name another file with --log."),
            file=file,
        ) from None
    return lock


def _is_log(file: Path) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as there:
        start = there.read(max(map(len, _BEGINS)))
    return not start or start.startswith(_BEGINS)


class _Text(logging.Formatter):
    """`2026-11-01T00:30:00+07:00 INFO what happened`, on one line whatever is in it."""

    def format(self, record: logging.LogRecord) -> str:
        return f"{_time(record)} {record.levelname} {_one_line(_text(record))}"


class _Json(logging.Formatter):
    """An object with `time`, `level`, `text`, and with the last event of a command `exit_code`."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {"time": _time(record), "level": record.levelname, "text": _text(record)}
        if (code := getattr(record, "exit_code", None)) is not None:
            entry["exit_code"] = code
        return json.dumps(entry, ensure_ascii=False)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="seconds")


def _text(record: logging.LogRecord) -> str:
    """What happened, without the secrets that are known."""
    return concealed(record.getMessage())[:_LONGEST_EVENT]


def _one_line(text: str) -> str:
    """The text, what is not printed in it as an escape: a line break as `\\n`."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )
