"""Stand-ins for programs of the system that no test may change anything with."""

import os
from pathlib import Path

import pytest

# Keeps a crontab as a file, and replaces it whole, as the real one.
CRONTAB = """
case "$1" in
-l) [ -e "$TABLE" ] || { echo "no crontab for test" >&2; exit 1; }; cat "$TABLE" ;;
-r) rm "$TABLE" ;;
-) cat > "$TABLE.$$" && mv "$TABLE.$$" "$TABLE" ;;
esac
"""


def a_program(folder: Path, name: str, script: str) -> None:
    """Makes a program of a shell script."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)


def put_first(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Makes the programs of a folder those that are found first."""
    patch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def a_crontab(patch: pytest.MonkeyPatch, folder: Path) -> Path:
    """The file of a crontab that nobody's cron looks at."""
    a_program(folder / "bin", "crontab", CRONTAB)
    put_first(patch, folder / "bin")
    patch.setenv("TABLE", str(folder / "table"))
    return folder / "table"
