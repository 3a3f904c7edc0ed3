"""LastRun: how the last command with a log ended, as a small file beside the log."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.scheduling.job import Job

COVERAGE_TOO_LOW = 6
_FAILED = N_("{ended}, failed with exit code {code}")
_UNKNOWN = N_("unknown, its file can't be read")
_OUTCOMES = {
    0: N_("{ended}, complete"),
    COVERAGE_TOO_LOW: N_("{ended}, complete, but too little was measured (exit code {code})"),
}


@dataclass(frozen=True, slots=True)
class LastRun:
    """A command with a log.

    Attributes:
        command: Its name.
        began, ended: Aware; `ended` is None while it runs, or where it was killed.
        code: Its exit code; None as `ended`.
    """

    command: str
    began: datetime
    ended: datetime | None = None
    code: int | None = None

    def content(self) -> bytes:
        """What stands in the file: JSON."""
        document = {
            "command": self.command,
            "began": self.began.isoformat(timespec="seconds"),
            "ended": None if self.ended is None else self.ended.isoformat(timespec="seconds"),
            "code": self.code,
        }
        return json.dumps(document).encode() + b"\n"


def result_file(log: Path) -> Path:
    """Where the result of the last command with this log stands."""
    return log.with_name(f"{log.name}.result.json")


def log_lock(log: Path) -> FileLock:
    """What a command holds while it writes the log; it ends with its process."""
    return FileLock(log.with_name(f"{log.name}.lock"), fallback_to_soft=False)


def last_run(log: Path) -> LastRun | None:
    """What the file says; None where there is none, or it can't be read."""
    try:
        content = json.loads(result_file(log).read_bytes())
        ended = content["ended"]
        return LastRun(
            command=str(content["command"]),
            began=datetime.fromisoformat(content["began"]),
            ended=None if ended is None else datetime.fromisoformat(ended),
            code=None if content["code"] is None else int(content["code"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def result_of(job: Job, language: Language) -> str:
    """How the last run of a Job ended, in words."""
    last = last_run(Path(job.log))
    if last is None:
        return language.gettext(_UNKNOWN if _has_result(job) else N_("none so far"))
    began = language.instant(last.began.astimezone(job.zone))
    if last.ended is None or last.code is None:
        message = N_("runs since {began}") if is_running(job) else N_("began {began}, was killed")
        return language.gettext(message).format(began=began)
    ended = language.instant(last.ended.astimezone(job.zone))
    message = _OUTCOMES.get(last.code, _FAILED)
    return language.gettext(message).format(ended=ended, code=last.code)


def _has_result(job: Job) -> bool:
    try:
        result_file(Path(job.log)).lstat()
    except FileNotFoundError:
        return False
    except OSError:  # of the folder
        return True
    return True


def is_running(job: Job) -> bool:
    """Whether a command writes the Job's log just now."""
    lock = log_lock(Path(job.log))
    if not Path(lock.lock_file).exists():  # taking the lock would make it
        return False
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return True
    except OSError:
        return False
    lock.release()
    return False
