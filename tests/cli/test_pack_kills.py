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
from command_line import mailaudit, started
from kill_moments import Moments
from packed_months import two_months, verify

from mailaudit.model.run_record import first_broken
from mailaudit.report.files import UNFINISHED
from mailaudit.store import SnapshotStore

MONTH, SPAN = ("--period", "2026-10"), ("--from", "2026-09-01", "--to", "2026-10-31")

pytest.importorskip("fcntl", reason="there is no SIGKILL")  # which POSIX has
assert sys.platform != "win32"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "stem", "kills"),
    [(MONTH, "2026-10", 20), (SPAN, "days-2026-09-01-2026-10-31", 8)],
    ids=["month", "longer period"],
)
def test_killed_packs_leave_whole_files_and_a_sound_store(
    tmp_path: Path, options: tuple[str, ...], stem: str, kills: int
) -> None:
    """After every kill there is the whole pack or none, recorded before it was there."""
    folder = two_months(tmp_path)
    file = f"reports/mailaudit-{stem}-pack.zip"
    store, target = folder / "mailaudit.db", folder / file
    process = started("pack", *options, cwd=folder)
    begun = time.monotonic()
    assert process.wait() == 0
    moments = Moments(random.Random(40), time.monotonic() - begun)  # noqa: S311 - no secret
    whole = target.read_bytes()
    killed, known = 0, 1
    for _ in range(kills):
        target.unlink(missing_ok=True)
        is_killed = _is_killed(folder, options, moments.draw_s())
        killed += is_killed
        assert not target.exists() or target.read_bytes() == whole
        with closing(sqlite3.connect(store)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        with SnapshotStore.at(store) as opened:
            entries = opened.run_record()
        moments.learn(too_early=is_killed and len(entries) == known)
        known = len(entries)
        assert first_broken(entries) is None
        assert {entry.run.made_digest for entry in entries} == {sha256(whole).hexdigest()}
    assert len(entries) > 1, "the kills all came before anything was done"
    assert killed, "the kills all came after everything was done"

    target.unlink(missing_ok=True)
    assert mailaudit("pack", *options, cwd=folder).code == 0
    assert target.read_bytes() == whole
    assert list(target.parent.iterdir()) == [target], f"{UNFINISHED} files were left"
    assert verify(folder, file, "--config", "mailaudit.toml").code == 0


def _is_killed(folder: Path, options: tuple[str, ...], after_s: float) -> bool:
    """Starts a pack and kills it; whether it was still at work."""
    process = started("pack", *options, cwd=folder)
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL
