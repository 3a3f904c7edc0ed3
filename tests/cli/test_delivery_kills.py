"""kill -9 at any moment of a delivery, again and again: nobody gets two mails, everybody one."""

import base64
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from collecting_builders import wait_until
from command_line import Running, environment, started
from delivery_folder import AN, BINH, OCTOBER, a_month_to_deliver, configure, deliver, noted

from smtp_server import PASSWORD, PostOffice

COMMAND = ("deliver", "--period", str(OCTOBER), "--send")
KILLS = 20
BOARD = [f"b{number:03d}@vidu.gov.vn" for number in range(120)]
EACH = 3  # mails waited for between two kills
LEFT_FOR_THE_LAST_RUN = 40  # mails: a kill must not come after the end
SLOW_S = 0.1  # what the server takes for each, so that kills come while it does

pytest.importorskip("fcntl", reason="there is no SIGKILL")  # which POSIX has
assert sys.platform != "win32"


@contextmanager
def delivering(folder: Path, *arguments: str) -> Iterator[Running]:
    """`mailaudit deliver --send` as a process; what it prints goes to output.txt."""
    output = folder / "output.txt"
    process = started(*COMMAND, *arguments, cwd=folder, out=output, err=output)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def a_large_delivery(folder: Path, office: PostOffice) -> None:
    a_month_to_deliver(folder)
    listed = ", ".join(f'"{one}"' for one in BOARD)
    tables = {"report": 'formats = ["brief"]\nlanguage = "en"'}
    configure(folder, office, tables=tables, board=f"[{listed}]")


def assert_sound(folder: Path, office: PostOffice) -> None:
    """Nobody got two; what is noted as sent arrived; what arrived is noted, or of unknown fate."""
    arrived = office.addresses()
    assert len(arrived) == len(set(arrived))
    fates = dict(noted(folder))
    assert {one for one, fate in fates.items() if fate == "sent"} <= set(arrived)
    assert all(fates.get(one) in ("sent", "unknown") for one in arrived)
    with closing(sqlite3.connect(folder / "mailaudit.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.slow
def test_killed_deliveries_end_as_one_that_was_not(tmp_path: Path, office: PostOffice) -> None:
    """After each kill the next run goes on; what is of unknown fate waits for a person."""
    chance = random.Random(45)  # noqa: S311 - no secret
    a_large_delivery(tmp_path, office)
    office.faults.slow_s = SLOW_S
    reached = set()
    for _ in range(KILLS):
        if len(office.taken) > len(BOARD) - LEFT_FOR_THE_LAST_RUN:
            break  # on a slow machine more are sent before each kill
        mails = len(office.taken) + chance.randint(0, EACH)
        with delivering(tmp_path) as process:
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
            assert process.wait() == -signal.SIGKILL, (tmp_path / "output.txt").read_text("utf-8")
        time.sleep(2 * SLOW_S)  # what the server has, it takes
        assert_sound(tmp_path, office)
        reached.add(len(office.taken))
    assert len(reached) > KILLS / 4, "the kills did not come while sending"

    last = deliver(tmp_path, "--send")
    unknown = [one for one, fate in noted(tmp_path) if fate == "unknown"]
    assert unknown, "no kill came between sending and noting"
    assert last.code == 4
    assert last.out.count("NOT KNOWN whether it was sent") == len(unknown)
    assert set(office.addresses()) >= {*BOARD, AN, BINH} - set(unknown)
    lost = [
        option for one in unknown if one not in office.addresses() for option in ("--again", one)
    ]
    deliver(tmp_path, "--send", *lost)
    assert sorted(office.addresses()) == sorted([*BOARD, AN, BINH])


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_lets_the_mail_in_hand_end(
    number: signal.Signals, tmp_path: Path, office: PostOffice
) -> None:
    """It says how far it came, and leaves no mail of unknown fate."""
    a_large_delivery(tmp_path, office)
    office.faults.slow_s = 0.2
    with delivering(tmp_path) as process:
        wait_until(lambda: len(office.taken) > 2)
        process.send_signal(number)
        assert process.wait(30) == 130
    assert {fate for _, fate in noted(tmp_path)} == {"sent"}
    assert_sound(tmp_path, office)
    said = (tmp_path / "output.txt").read_text("utf-8")
    assert (
        f"Stopped after {len(office.taken)} of {len(BOARD) + 2} mails; the same command goes on"
        in said
    )


@pytest.mark.slow
def test_two_deliveries_at_once_send_each_mail_once(tmp_path: Path, office: PostOffice) -> None:
    """The second is refused, while the first goes on."""
    a_large_delivery(tmp_path, office)
    has_begun, is_refused = threading.Event(), threading.Event()

    def hold() -> None:
        has_begun.set()
        is_refused.wait(50)

    office.on_mail = hold
    with delivering(tmp_path) as process:
        assert has_begun.wait(50)
        second = deliver(tmp_path, "--send")
        said = (tmp_path / "output.txt").read_text("utf-8")
        assert (second.code, process.poll()) == (5, None), said + second.err
        assert "Another mailaudit is delivering from mailaudit.db." in second.err
        is_refused.set()
        assert process.wait(120) == 0
    assert sorted(office.addresses()) == sorted([*BOARD, AN, BINH])


@pytest.mark.slow
def test_the_password_is_nowhere(tmp_path: Path, office: PostOffice) -> None:
    """Not in what is printed, logged, written, sent or listed of processes; in no form."""
    a_large_delivery(tmp_path, office)
    lines = set()
    with (
        (tmp_path / "output.txt").open("ab") as output,
        # Not of the launcher, whose forks are listed by its own command line.
        subprocess.Popen(
            [sys.executable, "-m", "mailaudit", *COMMAND, "--verbose"],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment(),
        ) as process,
    ):
        while process.poll() is None:
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    lines.add(path.read_bytes())
                except OSError:
                    continue  # it has ended
            time.sleep(0.02)
    assert process.returncode == 0
    assert any(b"deliver\0" in line for line in lines)
    office.faults.refuses_logins = 1
    with delivering(tmp_path, "--verbose", "--again", AN) as second:
        assert second.wait(60) == 4
    deliver(tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    written = {path: path.read_bytes() for path in files if path.name != "delivery-password"}
    assert any(path.suffix == ".eml" for path in written)
    assert len(lines) > 1
    plain = PASSWORD.encode()
    forms = (plain, base64.b64encode(plain), base64.b64encode(b"\0VIDU\\baocao\0" + plain))
    for form in (*forms, repr(PASSWORD).encode()):
        assert [path for path, content in written.items() if form in content] == []
        assert [address for address, content in office.taken if form in content] == []
        assert [line for line in lines if form in line] == []
