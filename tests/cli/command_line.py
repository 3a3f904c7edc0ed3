"""Runs the command line as a user does: a process, its output and its exit code."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

LONGEST_S = 300
_free: dict[str, list["subprocess.Popen[bytes]"]] = {}  # launchers with nothing to do, by language


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed and ended with."""

    code: int
    out: str
    err: str


class Running(Protocol):
    """A command that was begun, as much of a Popen as is wanted here."""

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: int) -> None: ...

    def kill(self) -> None: ...


def mailaudit(*arguments: str | Path, cwd: Path, language: str = "en") -> Ran:
    """Runs `mailaudit` in `cwd` and waits for it."""
    with tempfile.TemporaryDirectory(prefix="ran") as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        given = [str(argument) for argument in arguments]
        code = _begun(given, cwd, language, (out, err), is_watched=False).wait(LONGEST_S)
        return Ran(code, _text(out), _text(err))


def started(
    *arguments: str | Path,
    cwd: Path,
    language: str = "en",
    out: Path | None = None,
    err: Path | None = None,
) -> Running:
    """Begins `mailaudit` in `cwd`; what it prints is added to these files, or is for nobody."""
    files = Path(out or os.devnull), Path(err or os.devnull)
    return _begun([str(argument) for argument in arguments], cwd, language, files, is_watched=True)


def _begun(
    given: list[str], cwd: Path, language: str, files: tuple[Path, Path], *, is_watched: bool
) -> Running:
    """A command whose standard output and errors are added to files.

    Args:
        is_watched: Whether it matters what it does when, so that it does all by itself.
    """
    if sys.platform != "win32" and "PYTHONPATH" not in os.environ:  # which importing heeds
        return _Launched(given, cwd, language, files, is_watched)
    with files[0].open("ab") as stdout, files[1].open("ab") as stderr:
        return subprocess.Popen(
            [sys.executable, "-m", "mailaudit", *given],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            env=environment(language) | {"PYTHONUNBUFFERED": "1"},
        )


class _Launched:
    """A fork of a launcher, which begins another one when this one has ended."""

    def __init__(
        self,
        arguments: list[str],
        cwd: Path,
        language: str,
        files: tuple[Path, Path],
        is_watched: bool,
    ) -> None:
        free = _free.setdefault(language, [])
        self._language = language
        self._launcher = free.pop() if free else _launcher(language)
        order = {
            "arguments": json.dumps(arguments),
            "environment": json.dumps(environment(language)),
            "folder": str(cwd),
            "out": str(files[0]),
            "err": str(files[1]),
            "is_watched": "yes" if is_watched else "",
        }
        assert self._launcher.stdin is not None
        self._launcher.stdin.write(json.dumps(order).encode() + b"\n")
        self._pid = self._answer()
        self._code: int | None = None

    def poll(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        if self._code is None:
            assert self._launcher.stderr is not None
            if not select.select([self._launcher.stderr.fileno()], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("mailaudit", timeout or 0)
            self._code = self._answer()
            _free[self._language].append(self._launcher)
        return self._code

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(self._pid, sig)

    def kill(self) -> None:
        self.send_signal(signal.Signals["SIGKILL"])

    def _answer(self) -> int:
        assert self._launcher.stderr is not None
        return int(self._launcher.stderr.readline())


def _launcher(language: str) -> "subprocess.Popen[bytes]":
    """Ends when this process does, for its standard input is closed then."""
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("launcher.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        bufsize=0,  # or one answer could be read with another, for which nobody looks any more
        env=environment(language),
    )


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8").replace(os.linesep, "\n")


def environment(language: str = "en") -> dict[str, str]:
    """This process's environment with the terminal's language set and no password in it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MAILAUDIT_")}
    return kept | {"MAILAUDIT_LANG": language, "PYTHONIOENCODING": "utf-8"}
