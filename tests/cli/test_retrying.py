"""`mailaudit collect --retry-unmeasured` against a server whose faults go away."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from collecting_builders import AccessLog, Workplace, address, write_traffic
from command_line import mailaudit

from mailaudit.demo.options import Options
from mailaudit.demo.process import served
from mailaudit.model.outcome import Activity, Unmeasured

pytestmark = pytest.mark.slow

MAILBOXES = 30


def test_retry_measures_what_can_be_measured_later(tmp_path: Path) -> None:
    """Three mailboxes fail, later one: only those are asked again, and the rest stays as it was."""
    files = write_traffic(tmp_path, MAILBOXES)
    first, later = tmp_path / "first", tmp_path / "later"
    failing = {address(n): "ErrorAccessDenied" for n in (3, 4, 5)}
    with served(first, Options(**files, failing=failing)) as place:
        work = Workplace.at(tmp_path / "work", place)
        ran = work.run()
        assert ran.code == 6
        assert "27 of all 30 mailboxes measured (90.0 %)" in ran.out
        assert "       3  Access to the mailbox was denied" in ran.out
        assert "Only 90.0 % of all mailboxes were measured" in ran.err
        assert "mailaudit collect --period 2026-05 --retry-unmeasured" in ran.err
        before = work.outcomes()
    log = later / "access.jsonl"
    later.mkdir()
    with served(
        later, Options(**files, failing={address(4): "ErrorAccessDenied"}, access_log=log)
    ) as place:
        # Same folder and store, the other server's address and secrets.
        work = Workplace.at(tmp_path / "work", place)
        ran = work.run("--retry-unmeasured")
        asked = AccessLog.of_all(log)
        in_vain = work.run("--retry-unmeasured")
    assert "Asked again: 1. Still not measured: 1." in in_vain.out
    assert "2026-05, edition 2: 29 of all 30" in in_vain.out  # which its reports are of
    assert ran.code == 0
    assert "2026-05: asking 3 mailboxes again" in ran.err
    assert "Asked again: 3. Still not measured: 1." in ran.out
    following = "To make the month's reports anew: mailaudit report --period 2026-05\n"
    assert following in ran.err
    assert following not in in_vain.err
    assert "2026-05, edition 2: 29 of all 30 mailboxes measured (96.7 %), in scope" in ran.out
    assert set(asked) == set(failing)
    after = work.outcomes()
    assert isinstance(after[address(3)], Activity)
    assert isinstance(after[address(4)], Unmeasured)
    assert {box: found for box, found in after.items() if box not in failing} == {
        box: found for box, found in before.items() if box not in failing
    }


def test_retry_without_anything_to_ask_says_so(tmp_path: Path) -> None:
    """0, one sentence, and no request; before anything is collected: 5 and what to do first."""
    log = tmp_path / "access.jsonl"
    with served(tmp_path, Options(**write_traffic(tmp_path, MAILBOXES), access_log=log)) as place:
        work = Workplace.at(tmp_path / "work", place)
        ran = work.run("--retry-unmeasured")
        assert (ran.code, work.store.exists()) == (5, False)
        assert "Collect it first: mailaudit collect --period 2026-05" in ran.err
        assert work.run().code == 0
        asked = Counter(AccessLog.of_all(log))
        ran = work.run("--retry-unmeasured")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "Every mailbox of 2026-05 was measured: there is nothing to ask again.\n"
    assert Counter(AccessLog.of_all(log)) == asked


def test_month_of_which_little_was_measured_is_not_sealed(tmp_path: Path) -> None:
    """6, and what to do: ask again, which completes and seals it, or seal it as it is."""
    files = write_traffic(tmp_path, MAILBOXES)
    failing = {address(n): "ErrorNonExistentMailbox" for n in range(MAILBOXES // 2 + 1)}
    with served(tmp_path / "first", Options(**files, failing=failing)) as place:
        work = Workplace.at(tmp_path / "work", place)
        ran = work.run()
        assert ran.code == 6
        assert "2026-05, edition 1: 14 of all 30 mailboxes measured (46.7 %), in scope" in ran.out
        assert "Sealed" not in ran.out
        assert "Less than half of the mailboxes of 2026-05 were measured" in ran.err
        assert "mailaudit collect --period 2026-05 --retry-unmeasured" in ran.err
        assert "Only 46.7 %" not in ran.err
        report = mailaudit("report", "--period", "2026-05", cwd=work.folder)
        assert (report.code, "the month was not sealed" in report.out) == (6, True), report.out
        aside = tmp_path / "aside.db"
        shutil.copy(work.store, aside)
        ran = work.run("--seal-low-coverage")
        assert (ran.code, "Sealed" in ran.out) == (6, True)
        assert "Only 46.7 % of all mailboxes were measured" in ran.err
        shutil.copy(aside, work.store)
    with served(tmp_path / "later", Options(**files)) as place:
        work = Workplace.at(tmp_path / "work", place)
        ran = work.run("--retry-unmeasured")
    assert ran.code == 0, ran.err
    assert "2026-05, edition 2: 30 of all 30 mailboxes measured (100.0 %), in scope" in ran.out
    assert "Sealed" in ran.out
