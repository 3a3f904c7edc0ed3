"""Runs the command line as a user does: a process, its output and its exit code."""

import functools
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed and ended with."""

    code: int
    out: str
    err: str


def mailaudit(*arguments: str | Path, cwd: Path, language: str = "en") -> Ran:
    """Runs `mailaudit` in `cwd` and waits for it."""
    given = [str(argument) for argument in arguments]
    if sys.platform != "win32" and "PYTHONPATH" not in os.environ:  # which importing heeds
        return _launched(given, cwd, language)
    done = subprocess.run(
        [sys.executable, "-m", "mailaudit", *given],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        env=environment(language),
        stdin=subprocess.DEVNULL,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def _launched(arguments: list[str], cwd: Path, language: str) -> Ran:
    """The command as a fork of a launcher."""
    launcher = _launcher(language)
    assert launcher.stdin is not None
    assert launcher.stderr is not None
    with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
        order = {
            "arguments": json.dumps(arguments),
            "environment": json.dumps(environment(language)),
            "folder": str(cwd),
            "out": out.name,
            "err": err.name,
        }
        launcher.stdin.write(json.dumps(order) + "\n")
        launcher.stdin.flush()
        code = int(launcher.stderr.readline())
        return Ran(code, out.read().decode(), err.read().decode())


@functools.cache
def _launcher(language: str) -> "subprocess.Popen[str]":
    """Ends when this process does, for its standard input is closed then."""
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("launcher.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(language),
    )


def environment(language: str = "en") -> dict[str, str]:
    """This process's environment with the terminal's language set and no password in it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MAILAUDIT_")}
    return kept | {"MAILAUDIT_LANG": language, "PYTHONIOENCODING": "utf-8"}
