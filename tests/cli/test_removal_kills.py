"""kill -9 at any moment of `forget --apply` and `prune --apply`: all of it, or nothing.

As many times as the environment variable REMOVAL_KILLS says.
"""

import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command_line import mailaudit, started
from corrected_months import a_corrected_audit, a_list, a_row, code
from kill_moments import Moments, wait_for_store
from looking_back import JUNE, MAY, PLANS, SEPTEMBER, an_audit_to_look_back_on

from mailaudit.model.run_record import first_broken
from mailaudit.store import SnapshotStore, inspect_store

KILLS = int(os.environ.get("REMOVAL_KILLS", "36"))

pytest.importorskip("fcntl", reason="there is no SIGKILL")  # which POSIX has
assert sys.platform != "win32"


def dump(folder: Path) -> list[str]:
    """The whole store but for the moments of removing, and what has the digests of these."""
    moving = ("run_record", "removal ", "unerased", "mailaudit_version")
    found = []
    with closing(sqlite3.connect(folder / "mailaudit.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for (table,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall():
            if f"{table} ".startswith(moving):
                continue
            columns = [
                row[1]
                for row in connection.execute(f"PRAGMA table_info({table})")
                if row[1] != "digest"
            ]
            listed = '", "'.join(columns)
            rows = connection.execute(f'SELECT "{listed}" FROM {table}')  # noqa: S608
            found += sorted(f"{table} {row}" for row in rows)
        triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        found += sorted(map(str, connection.execute(triggers)))
    return found


def traces(folder: Path, planted: tuple[bytes, ...]) -> bool:
    content = b"".join(path.read_bytes() for path in folder.glob("mailaudit.db*"))
    return any(one in content for one in planted)


def a_month_to_forget_in(folder: Path) -> None:
    """October in two editions."""
    a_corrected_audit(folder)
    a_list(folder, a_row(code("SNV", 1), "loại", "viên chức"))
    ran = mailaudit("correct", "corrections.csv", "--apply", "--despite-difference", cwd=folder)
    assert ran.code == 0, ran.err


def months_to_prune(folder: Path) -> None:
    """May and June, which are to go, and September."""
    plans = [plan for plan in PLANS if plan.month in (MAY, JUNE, SEPTEMBER)]
    an_audit_to_look_back_on(folder, *plans)
    today = datetime.now(UTC).astimezone(SEPTEMBER.tz)
    months = (today.year - SEPTEMBER.year) * 12 + today.month - SEPTEMBER.month
    with (folder / "mailaudit.toml").open("a", encoding="utf-8") as config:
        config.write(f"[retention]\nmonths = {months}\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("build", "line", "planted", "codes", "editions"),
    [
        (a_month_to_forget_in, "forget SNV01 --apply", (b"SNV01", b"snv01@"), {0, 2}, [1, 2]),
        (months_to_prune, "prune --apply", (b"xa1.", b"xa2."), {0}, [1, 1]),
    ],
)
def test_killed_removal_is_made_or_not_and_the_next_run_completes(
    build: Callable[[Path], None],
    line: str,
    planted: tuple[bytes, ...],
    codes: set[int],
    editions: list[int],
    tmp_path: Path,
) -> None:
    """Sound and sealed after each kill; after the next run no byte has what was removed."""
    chance = random.Random(line)  # noqa: S311 - no secret
    command = line.split()
    first = tmp_path / "first"
    first.mkdir()
    build(first)
    assert traces(first, planted)
    whole = tmp_path / "whole"
    shutil.copytree(first, whole)
    process = started(*command, cwd=whole)
    begun = time.monotonic()
    assert process.wait() == 0
    longest_s = time.monotonic() - begun
    moments = Moments(chance, 0.05)  # after the writing has begun
    before, after = dump(first), dump(whole)
    assert not traces(whole, planted)

    made = []
    for number in range(KILLS if command[0] == "forget" else KILLS // 3):
        folder = tmp_path / f"killed{number}"
        shutil.copytree(first, folder)
        process = started(*command, cwd=folder)
        if number % 4 == 0:
            time.sleep(chance.uniform(0, longest_s))
        else:
            wait_for_store(folder, process)
            time.sleep(moments.draw_s())
        process.send_signal(signal.SIGKILL)
        process.wait()
        found = dump(folder)
        assert found in (before, after)
        inspect_store(folder / "mailaudit.db")  # every seal verified
        made.append(found == after)
        if number % 4:
            moments.learn(too_early=not made[-1])
        ran = mailaudit(*command, cwd=folder)
        assert ran.code in codes, ran.err
        assert (ran.code == 2) <= made[-1]
        assert dump(folder) == after
        assert not traces(folder, planted)
        with SnapshotStore.at(folder / "mailaudit.db") as store:
            entries = store.run_record()
        assert first_broken(entries) is None
        assert [e.run.edition for e in entries if e.run.made == "removal"] == editions
        shutil.rmtree(folder)
    assert set(made) == {True, False}, "the kills came on one side of the removal only"
