"""kill -9 at any moment of a pack, again and again: no half file, and the store is sound."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from command_line import started
from packed_months import PACK, pack, two_months, verify

from mailaudit.model.run_record import first_broken
from mailaudit.report.files import UNFINISHED
from mailaudit.store import SnapshotStore

KILLS = 20
COMMAND = ("pack", "--period", "2026-10")

pytest.importorskip("fcntl", reason="there is no SIGKILL")  # which POSIX has
assert sys.platform != "win32"


@pytest.mark.slow
def test_killed_packs_leave_whole_files_and_a_sound_store(tmp_path: Path) -> None:
    """After every kill there is the whole pack or none, recorded before it was there."""
    chance = random.Random(40)  # noqa: S311 - no secret
    folder = two_months(tmp_path)
    store, target = folder / "mailaudit.db", folder / PACK
    process = started(*COMMAND, cwd=folder)
    begun = time.monotonic()
    assert process.wait() == 0
    lasts = 1.2 * (time.monotonic() - begun)
    whole = target.read_bytes()
    killed = 0
    while killed < KILLS:
        target.unlink(missing_ok=True)
        if _is_killed(folder, chance.uniform(0, lasts)):
            killed += 1
        assert not target.exists() or target.read_bytes() == whole
        with closing(sqlite3.connect(store)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        with SnapshotStore.at(store) as opened:
            entries = opened.run_record()
        assert first_broken(entries) is None
        assert {entry.run.made_digest for entry in entries} == {sha256(whole).hexdigest()}
    assert len(entries) > 1, "the kills all came before anything was done"

    target.unlink(missing_ok=True)
    assert pack(folder).code == 0
    assert target.read_bytes() == whole
    assert list(target.parent.iterdir()) == [target], f"{UNFINISHED} files were left"
    assert verify(folder, PACK, "--config", "mailaudit.toml").code == 0


def _is_killed(folder: Path, after_s: float) -> bool:
    """Starts a pack and kills it; whether it was still at work."""
    process = started(*COMMAND, cwd=folder)
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL
