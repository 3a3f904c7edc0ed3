"""A corrected address is asked afterwards, and corrections go on with a later staff list."""

from pathlib import Path

import pytest
from collecting_builders import MAY, AccessLog, Workplace, address, write_traffic
from command_line import mailaudit
from corrected_months import a_list, a_row
from test_new_edition import list_of_its_own

from mailaudit.demo.options import Options
from mailaudit.demo.process import served
from mailaudit.model.outcome import Activity, Reason, Unmeasured
from mailaudit.store import SnapshotStore

pytestmark = pytest.mark.slow

MAILBOXES = 12
MISTYPED = "p0@tinh.tset"


def test_objection_from_the_server_to_the_next_list(tmp_path: Path) -> None:
    """An address was mistyped: corrected, then asked, it alone; a new list keeps the correction."""
    log = tmp_path / "access.jsonl"
    files = write_traffic(tmp_path, MAILBOXES)
    with served(tmp_path, Options(**files, access_log=log)) as place:
        work = Workplace.at(tmp_path / "work", place)
        lines = files["people"].read_text("utf-8").splitlines(keepends=True)
        roster = list_of_its_own(work)
        roster.write_text("".join([lines[0], f"{MISTYPED},U0\n", *lines[2:]]), "utf-8")
        assert work.run().code == 6  # 11 of 12
        outcome = work.outcomes()[MISTYPED]
        assert isinstance(outcome, Unmeasured)
        assert outcome.reason is Reason.NO_MAILBOX

        rows = [
            a_row(MISTYPED, "hộp thư", address(0), month=str(MAY)),
            a_row(address(5), "loại", "hợp đồng lao động", month=str(MAY)),
        ]
        a_list(work.folder, *rows)
        asked = AccessLog(log)
        ran = mailaudit("correct", "corrections.csv", "--apply", cwd=work.folder)
        assert ran.code == 0, ran.err
        assert "mailaudit collect --period 2026-05 --retry-unmeasured" in ran.err
        assert asked.asked() == []
        assert MISTYPED not in work.outcomes()

        ran = work.run("--retry-unmeasured")
        assert ran.code == 0, ran.err
        assert set(asked.asked()) == {address(0)}
        assert all(isinstance(each, Activity) for each in work.outcomes().values())
        assert "another staff list" not in work.run().err

        roster.write_text("".join([lines[0], *lines[1:5], *lines[7:]]), "utf-8")  # without 4 and 5
        ran = work.run("--new-edition")
        assert ran.code == 0, ran.err
        assert (
            f"The correction of {address(5)} (corrections.csv:3) does not fit today's staff list,"
            " and changes nothing: correct the list, or write a new correction."
        ) in ran.err
        assert MISTYPED not in ran.err  # right by now
    with SnapshotStore.at(work.store) as store:
        newest = store.load(MAY)
    assert [(one.edition, one.fits) for one in newest.corrections] == [(2, True), (2, False)]
    assert newest.edition == 4
    assert len(newest.roster.staff) == MAILBOXES - 2
