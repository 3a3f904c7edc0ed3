"""kill -9 at any moment of reminding staff: nobody gets two mails, everybody one."""

import random
import signal
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from collecting_builders import wait_until
from command_line import Ran, mailaudit, started
from delivery_folder import OCTOBER, a_month_to_deliver, configure, noted

from smtp_server import PostOffice

COMMAND = ("remind", "--period", str(OCTOBER), "--send")
KILLS = 12
SLOW_S = 0.1  # what the server takes for each mail, so that kills come while it does

pytest.importorskip("fcntl", reason="there is no SIGKILL")  # which POSIX has
assert sys.platform != "win32"


def remind(folder: Path, *arguments: str) -> Ran:
    return mailaudit(*COMMAND, *arguments, cwd=folder)


@pytest.mark.slow
def test_killed_reminders_end_as_those_that_were_not(tmp_path: Path, office: PostOffice) -> None:
    """Nobody gets two; what is noted as sent arrived; the rest is of unknown fate or still sent."""
    chance = random.Random(14)  # noqa: S311 - no secret
    a_month_to_deliver(tmp_path, sizes={"SNV": 70, "SYT": 60})
    everybody = {"rules": "min_sent_days = 23"}
    configure(tmp_path, office, tables=everybody, remind_staff="true")
    office.faults.slow_s = SLOW_S
    for _ in range(KILLS):
        mails = len(office.taken) + chance.randint(0, 2)
        process = started(*COMMAND, cwd=tmp_path)
        if chance.random() < 0.1:
            time.sleep(chance.uniform(0, 2.5))  # in its start
        else:
            wait_until(
                lambda process=process, mails=mails: (  # type: ignore[misc]
                    len(office.taken) > mails or process.poll() is not None
                )
            )
            time.sleep(chance.uniform(0, 2 * SLOW_S))
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        time.sleep(2 * SLOW_S)  # what the server has, it takes
        arrived, fates = office.addresses(), dict(noted(tmp_path))
        assert len(arrived) == len(set(arrived))
        assert {one for one, fate in fates.items() if fate == "sent"} <= set(arrived)
        assert all(fates.get(one) in ("sent", "unknown") for one in arrived)
        with closing(sqlite3.connect(tmp_path / "mailaudit.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    office.faults.slow_s = 0.0
    last = remind(tmp_path)
    unknown = [one for one, fate in noted(tmp_path) if fate == "unknown"]
    assert unknown, "no kill came between sending and noting"
    assert last.code == 4
    lost = [part for one in unknown if one not in office.addresses() for part in ("--again", one)]
    remind(tmp_path, *lost)
    assert len(office.messages()) == 130
