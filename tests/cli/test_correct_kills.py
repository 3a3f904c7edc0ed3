"""kill -9 at any moment of `correct --apply`: the old edition or the new one, never between."""

import random
import shutil
import signal
import sqlite3
import sys
import time
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import mailaudit, started
from corrected_months import OCTOBER, a_corrected_audit, a_list, a_row, address, code, leaving
from kill_moments import Moments, wait_for_store

from mailaudit.model.snapshot import Snapshot
from mailaudit.report.files import UNFINISHED
from mailaudit.store import SnapshotStore

KILLS = 25
COMMAND = ("correct", "corrections.csv", "--apply", "--despite-difference")

pytest.importorskip("fcntl", reason="there is no SIGKILL")  # which POSIX has
assert sys.platform != "win32"


def stored(folder: Path) -> Snapshot:
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        return store.load(OCTOBER)


def content_of(snapshot: Snapshot) -> tuple[object, ...]:
    """What does not depend on the moment it was made."""
    outcomes = {
        mailbox: replace(outcome, observed_at=snapshot.cut_off_at)
        for mailbox, outcome in snapshot.outcomes.items()
    }
    return snapshot.edition, snapshot.roster, outcomes, snapshot.corrections


@pytest.mark.slow
def test_killed_correction_is_made_or_not_and_the_next_run_completes(tmp_path: Path) -> None:
    chance = random.Random(60)  # noqa: S311 - no secret
    first = tmp_path / "first"
    first.mkdir()
    a_corrected_audit(first)
    rows = [*leaving("STC", [8, 9]), a_row(address("SNV", 1), "hộp thư", "moi@vidu.gov.vn")]
    a_list(first, *rows, a_row(code("SYT", 3), "đơn vị", "SNV"))
    before = stored(first)
    whole = tmp_path / "whole"
    shutil.copytree(first, whole)
    process = started(*COMMAND, cwd=whole)
    begun = time.monotonic()
    assert process.wait() == 0
    longest_s = time.monotonic() - begun
    moments = Moments(chance, 0.05)  # after the writing has begun
    after = stored(whole)
    names = {path.name for path in (whole / "reports").iterdir()}
    assert len(names) == 4

    editions = []
    for number in range(KILLS):
        folder = tmp_path / f"killed{number}"
        shutil.copytree(first, folder)
        process = started(*COMMAND, cwd=folder)
        if number % 3 == 0:
            time.sleep(chance.uniform(0, longest_s))
        else:
            wait_for_store(folder, process)
            time.sleep(moments.draw_s())
        process.send_signal(signal.SIGKILL)
        process.wait()
        with closing(sqlite3.connect(folder / "mailaudit.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = stored(folder)  # whose digest is verified in loading
        assert content_of(found) in (content_of(before), content_of(after))
        editions.append(found.edition)
        if number % 3:
            moments.learn(too_early=found.edition == 1)
        reports = folder / "reports"
        for path in reports.iterdir() if reports.exists() else ():
            if not path.name.endswith(UNFINISHED):
                with zipfile.ZipFile(path) as package:
                    assert package.testzip() is None
        ran = mailaudit(*COMMAND, cwd=folder)
        assert ran.code == 0, ran.err
        assert content_of(stored(folder)) == content_of(after)
        assert {path.name for path in reports.iterdir()} == names
        shutil.rmtree(folder)
    assert set(editions) == {1, 2}, "the kills came on one side of the correction only"
