"""kill -9 at any moment of `unit-report`: each file is the old one, the new one, or not there."""

import random
import shutil
import signal
import stat
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest
from accounts_months import OCTOBER, an_audit_of_accounts
from command_line import mailaudit, started
from kill_moments import Moments, contents

from mailaudit.report.files import UNFINISHED

KILLS = 8
MANIFEST = ".mailaudit-2026-10-leader-unit-reports.sha256"
COMMAND = ("unit-report", "--period", "2026-10", "--despite-difference")

pytest.importorskip("fcntl", reason="there is no SIGKILL")  # which POSIX has
assert sys.platform != "win32"


def wait_for_writing(manifest: Path, before: bytes) -> None:
    """Until the list of files is written, which is the first thing that is."""
    limit = time.monotonic() + 60
    while manifest.read_bytes() == before and time.monotonic() < limit:
        time.sleep(0.0005)


@pytest.mark.slow
def test_killed_reports_are_whole_and_the_next_run_completes_them(tmp_path: Path) -> None:
    """While documents with people take the place of those without."""
    chance = random.Random(15)  # noqa: S311 - no secret
    first = tmp_path / "first"
    first.mkdir()
    an_audit_of_accounts(first, OCTOBER, names=False, formats=("docx",))
    assert mailaudit(*COMMAND, cwd=first).code == 0
    before = contents(first / "reports")
    config = first / "mailaudit.toml"
    config.write_text(config.read_text("utf-8").replace("names = false", "names = true"), "utf-8")
    whole = shutil.copytree(first, tmp_path / "whole")
    process = started(*COMMAND, cwd=whole)
    begun = time.monotonic()
    assert process.wait() == 0
    longest_s = time.monotonic() - begun
    moments = Moments(chance, 0.02)  # after the writing has begun
    after = contents(whole / "reports")
    documents = {name for name in after if name.endswith(".docx")}
    assert len(documents) == 3
    assert all(before[name] != after[name] for name in documents if "STC" not in name)
    known = {sha256(content).digest() for content in (*before.values(), *after.values())}

    seen = set()
    for number in range(KILLS):
        folder = shutil.copytree(first, tmp_path / f"killed{number}")
        process = started(*COMMAND, cwd=folder)
        if number % 3 == 0:
            time.sleep(chance.uniform(0, longest_s))
        else:
            wait_for_writing(folder / "reports" / MANIFEST, before[MANIFEST])
            time.sleep(moments.draw_s())
        process.kill()  # unless it was quicker
        assert process.wait() in (-signal.SIGKILL, 0)
        left = contents(folder / "reports")
        seen.add(frozenset(sha256(left[name]).digest() for name in documents))
        if number % 3:
            moments.learn(too_early=all(left[name] == before[name] for name in documents))
        assert documents <= left.keys()
        for name in documents:
            assert sha256(left[name]).digest() in known, name
        for path in (folder / "reports").rglob("*"):
            assert path.is_dir() or stat.S_IMODE(path.stat().st_mode) == 0o600
        assert mailaudit(*COMMAND, cwd=folder).code == 0
        assert contents(folder / "reports") == after
        assert not list((folder / "reports").rglob(f"*{UNFINISHED}"))
        shutil.rmtree(folder)
    assert len(seen) > 1  # it was killed before, between and after the files
