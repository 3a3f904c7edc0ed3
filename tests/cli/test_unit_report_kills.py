"""kill -9 at any moment of `unit-report`: each file is the old one, the new one, or not there."""

import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest
from accounts_months import OCTOBER, an_audit_of_accounts
from command_line import environment

from mailaudit.report.files import UNFINISHED

KILLS = 8
MANIFEST = ".mailaudit-2026-10-leader-unit-reports.sha256"
COMMAND = ["unit-report", "--period", "2026-10", "--despite-difference"]

pytest.importorskip("fcntl", reason="there is no SIGKILL")  # which POSIX has
assert sys.platform != "win32"


class Launcher:
    """A launcher of commands of its own, which says the number of each process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("launcher.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment(),
        )

    def started(self, folder: Path) -> int:
        """The process that carries out the command."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {
            "environment": json.dumps(environment()),
            "folder": str(folder),
            "arguments": json.dumps(COMMAND),
            "out": os.devnull,
            "err": os.devnull,
        }
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def ended(self) -> int:
        """The exit code of the last process, once it has ended."""
        assert self._process.stderr is not None
        return int(self._process.stderr.readline())

    def close(self) -> None:
        self._process.communicate()

    def ran(self, folder: Path) -> int:
        self.started(folder)
        return self.ended()


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(UNFINISHED)
    }


def wait_for_writing(manifest: Path, before: bytes) -> None:
    """Until the list of files is written, which is the first thing that is."""
    limit = time.monotonic() + 60
    while manifest.read_bytes() == before and time.monotonic() < limit:
        time.sleep(0.0005)


@pytest.mark.slow
def test_killed_reports_are_whole_and_the_next_run_completes_them(tmp_path: Path) -> None:
    """While documents with people take the place of those without."""
    launcher = Launcher()
    chance = random.Random(15)  # noqa: S311 - no secret
    first = tmp_path / "first"
    first.mkdir()
    an_audit_of_accounts(first, OCTOBER, names=False, formats=("docx",))
    assert launcher.ran(first) == 0
    before = contents(first / "reports")
    config = first / "mailaudit.toml"
    config.write_text(config.read_text("utf-8").replace("names = false", "names = true"), "utf-8")
    whole = shutil.copytree(first, tmp_path / "whole")
    begun = time.monotonic()
    assert launcher.ran(whole) == 0
    longest = time.monotonic() - begun
    after = contents(whole / "reports")
    documents = {name for name in after if name.endswith(".docx")}
    assert len(documents) == 3
    assert all(before[name] != after[name] for name in documents if "STC" not in name)
    known = {sha256(content).digest() for content in (*before.values(), *after.values())}

    seen = set()
    for number in range(KILLS):
        folder = shutil.copytree(first, tmp_path / f"killed{number}")
        child = launcher.started(folder)
        if number % 3 == 0:
            time.sleep(chance.uniform(0, longest))
        else:
            wait_for_writing(folder / "reports" / MANIFEST, before[MANIFEST])
            time.sleep(chance.uniform(0, 0.02))
        with suppress(ProcessLookupError):  # it was quicker
            os.kill(child, signal.SIGKILL)
        assert launcher.ended() in (-signal.SIGKILL, 0)
        left = contents(folder / "reports")
        seen.add(frozenset(sha256(left[name]).digest() for name in documents))
        assert documents <= left.keys()
        for name in documents:
            assert sha256(left[name]).digest() in known, name
        for path in (folder / "reports").rglob("*"):
            assert path.is_dir() or stat.S_IMODE(path.stat().st_mode) == 0o600
        assert launcher.ran(folder) == 0
        assert contents(folder / "reports") == after
        assert not list((folder / "reports").rglob(f"*{UNFINISHED}"))
        shutil.rmtree(folder)
    assert len(seen) > 1  # it was killed before, between and after the files
    launcher.close()
