"""Runs the command line as a user does: a process, its output and its exit code."""

import os
import subprocess
import sys
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
    done = subprocess.run(
        [sys.executable, "-m", "mailaudit", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        env=environment(language),
        stdin=subprocess.DEVNULL,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def environment(language: str = "en") -> dict[str, str]:
    """This process's environment with the terminal's language set and no password in it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MAILAUDIT_")}
    return kept | {"MAILAUDIT_LANG": language, "PYTHONIOENCODING": "utf-8"}
