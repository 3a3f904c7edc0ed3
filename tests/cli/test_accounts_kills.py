"""kill -9 at any moment of `accounts`: each file is the old one, the new one, or not there."""

import random
import shutil
import signal
import stat
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest
from accounts_months import an_audit_of_accounts
from command_line import Running, mailaudit, started
from kill_moments import Moments, contents

from mailaudit.report.files import UNFINISHED

KILLS = 12
COMMAND = ("accounts", "--period", "2026-10", "--audience", "leader")

pytest.importorskip("fcntl", reason="there is no SIGKILL")  # which POSIX has
assert sys.platform != "win32"


@pytest.mark.slow
def test_killed_lists_are_whole_and_the_next_run_completes_them(tmp_path: Path) -> None:
    """Also those that take the place of another unit's, which then go."""
    chance = random.Random(15)  # noqa: S311 - no secret
    first, other = tmp_path / "first", tmp_path / "other"
    for folder, units in ((first, ("SNV", "SNV-CC", "SYT")), (other, ("SYT", "STC"))):
        folder.mkdir()
        an_audit_of_accounts(folder, units=units)
    process = started(*COMMAND, cwd=first)
    begun = time.monotonic()
    assert process.wait() == 0
    longest_s = time.monotonic() - begun
    moments = Moments(chance, 0.02)  # after the writing has begun
    before = contents(first / "reports")
    whole = tmp_path / "whole"
    shutil.copytree(first, whole)
    shutil.copy(other / "mailaudit.db", whole / "mailaudit.db")
    assert mailaudit(*COMMAND, cwd=whole).code == 0
    after = contents(whole / "reports")
    assert {Path(name).stem for name in after} >= {"SYT", "STC"}
    assert not [name for name in after if Path(name).stem == "SNV"]
    known = {sha256(content).digest() for content in (*before.values(), *after.values())}

    seen = set()
    for number in range(KILLS):
        folder = tmp_path / f"killed{number}"
        shutil.copytree(first, folder)
        shutil.copy(other / "mailaudit.db", folder / "mailaudit.db")
        process = started(*COMMAND, cwd=folder)
        if number % 3 == 0:
            time.sleep(chance.uniform(0, longest_s))
        else:
            wait_for_writing(folder / "reports", before, process)
            time.sleep(moments.draw_s())
        process.send_signal(signal.SIGKILL)
        process.wait()
        left = contents(folder / "reports")
        seen.add(frozenset(left))
        if number % 3:
            moments.learn(too_early=left.keys() == before.keys())
        for name, content in left.items():
            if not name.endswith(".sha256"):  # which lists both while one takes the other's place
                assert sha256(content).digest() in known, name
        for path in (folder / "reports").rglob("*"):
            assert path.is_dir() or stat.S_IMODE(path.stat().st_mode) == 0o600
        assert mailaudit(*COMMAND, cwd=folder).code == 0
        assert contents(folder / "reports") == after
        assert not list((folder / "reports").rglob(f"*{UNFINISHED}"))
        shutil.rmtree(folder)
    assert len(seen) > 1  # it was killed between one file and the next, too


def wait_for_writing(reports: Path, before: dict[str, bytes], process: Running) -> None:
    """Until something is written beside or in place of what was there."""
    then = sorted(before)
    while process.poll() is None:
        now = [path for path in reports.rglob("*") if path.is_file()]
        if sorted(path.relative_to(reports).as_posix() for path in now) != then:
            return
        time.sleep(0.001)
