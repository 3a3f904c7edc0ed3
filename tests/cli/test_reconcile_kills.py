"""kill -9 at any moment of `reconcile`: what was asked stays, and the next run completes it."""

import random
import re
import shutil
import signal
import sys
import time
from pathlib import Path

import openpyxl
import pytest
from collecting_builders import AccessLog, Workplace, committed, wait_until, write_traffic
from command_line import mailaudit, started
from test_reconcile import an_audit, answers_in, rows_of_store

from mailaudit.demo.options import Options
from mailaudit.demo.process import served
from mailaudit.report.files import UNFINISHED

BOXES, KILLS = 60, 8
COMMAND = ("reconcile", "--period", "2026-05", "--with", "second")
OWN_ROWS = {"reconciliation", "run_record"}
WORKBOOK = "reports/mailaudit-2026-05-it-reconciliation-second.xlsx"

pytest.importorskip("fcntl", reason="there is no SIGKILL")  # which POSIX has
assert sys.platform != "win32"


@pytest.mark.slow
def test_killed_reconciliation_goes_on_and_changes_nothing_else(tmp_path: Path) -> None:
    """Whatever was stored is not asked again; the month and the files come to the same."""
    chance = random.Random(7)  # noqa: S311 - no secret
    folders = {name: tmp_path / name for name in ("first", "second")}
    for folder in folders.values():
        folder.mkdir()
    files = {name: write_traffic(folder, BOXES) for name, folder in folders.items()}
    with files["second"]["traffic"].open("a", encoding="utf-8") as file:
        file.write("2026-05-12T05:00:00Z,x@elsewhere.test,p3@tinh.test,1\n")
    log = folders["second"] / "access.jsonl"
    with (
        served(folders["first"], Options(**files["first"])) as first,
        served(
            folders["second"], Options(**files["second"], latency_ms=250, access_log=log)
        ) as second,
    ):
        work = an_audit(tmp_path / "work", first, second)
        whole = tmp_path / "whole"
        shutil.copytree(work.folder, whole)
        assert mailaudit(*COMMAND, cwd=whole).code == 0
        before = month_of(work)
        stored: set[str] = set()
        sizes = []
        for number in range(KILLS):
            asked = AccessLog(log)
            process = started(*COMMAND, cwd=work.folder)
            if number % 4:
                wait_until(lambda: asked.asked() or process.poll() is not None)  # noqa: B023
                time.sleep(chance.uniform(0, 2))
            else:
                time.sleep(chance.uniform(0, 1))
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert not stored & set(asked.asked())
            assert month_of(work) == before
            found = [committed(one, tmp_path) for one in answers_in(work.folder)]
            now = found[0] if found else set()
            assert now >= stored or not now  # all of it was compared, and is not needed any more
            stored = now
            sizes.append(len(stored))
        asked = AccessLog(log)
        assert mailaudit(*COMMAND, cwd=work.folder).code == 0
        assert not stored & set(asked.asked())
    assert any(0 < size < BOXES for size in sizes)  # it was killed while it asked
    assert month_of(work) == before
    assert tables(work.folder) == tables(whole)
    assert list(work.folder.glob("*.asked.*")) == []
    assert not list((work.folder / "reports").rglob(f"*{UNFINISHED}"))


def month_of(work: Workplace) -> dict[str, list[tuple[object, ...]]]:
    """What is stored but for what `reconcile` adds."""
    rows = rows_of_store(work.store)
    return {name: found for name, found in rows.items() if name not in OWN_ROWS}


def tables(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """What stands in the workbook but for moments."""
    book = openpyxl.load_workbook(folder / WORKBOOK)
    return {
        sheet.title: [
            tuple(re.sub(r"\d{2}:\d{2}", "", str(value)) for value in row)
            for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in book
    }
