"""`mailaudit collect` as an operator meets it: stopped, paused, doubled, retried, out of room."""

import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from collecting_builders import (
    MAY,
    AccessLog,
    Workplace,
    committed,
    wait_until,
    write_traffic,
)
from command_line import environment, mailaudit

from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served

pytestmark = pytest.mark.slow

MAILBOXES = 400
LATENCY_MS = 25  # keeps a collection busy for some seconds
CONNECTIONS = 8  # as the demonstration configures

pytest.importorskip("fcntl", reason="needs POSIX signals and limits")  # which POSIX has
assert sys.platform != "win32"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedAt]:
    folder = tmp_path_factory.mktemp("served")
    files = write_traffic(folder, MAILBOXES)
    log = folder / "access.jsonl"
    with served(folder, Options(**files, access_log=log, latency_ms=LATENCY_MS)) as place:
        yield place


@pytest.fixture(scope="module")
def undisturbed(place: ServedAt, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """What a run collects that nobody disturbs."""
    work = Workplace.at(tmp_path_factory.mktemp("undisturbed"), place)
    ran = work.run()
    assert ran.code == 0
    assert (
        f"2026-05, edition 1: {MAILBOXES} of all {MAILBOXES} mailboxes measured (100.0 %)"
        in ran.out
    )
    assert "Sealed" in ran.out
    return work


@pytest.fixture
def log(place: ServedAt) -> AccessLog:
    """The server's log from here on."""
    return AccessLog(place.directory / "access.jsonl")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_collection_says_how_to_go_on_and_does(
    place: ServedAt, undisturbed: Workplace, log: AccessLog, tmp_path: Path, number: signal.Signals
) -> None:
    """130, the number stored, and the same totals in the end; nothing stored is asked again."""
    work = Workplace.at(tmp_path / "work", place)
    with work.started() as collecting:
        wait_until(lambda: len(log.asked()) > 300)
        collecting.process.send_signal(number)
        assert collecting.process.wait(10) == 130
    stored = work.committed(tmp_path)
    assert (
        f"Stopped. {len(stored)} of {MAILBOXES} mailboxes are stored;"
        " the same command goes on from there." in collecting.said()
    )
    answered = {box for box, requests in Counter(log.asked()).items() if requests == 2}
    assert len(answered - stored) <= 2 * CONNECTIONS  # what was on its way when it was stopped
    log.forget()
    assert work.run().code == 0
    assert not stored & set(log.asked())
    assert work.outcomes() == undisturbed.outcomes()


def test_paused_collection_asks_nothing_until_it_goes_on(
    place: ServedAt, undisturbed: Workplace, log: AccessLog, tmp_path: Path
) -> None:
    """SIGUSR1: the server sees no request; SIGUSR2: the rest is asked, each mailbox once."""
    work = Workplace.at(tmp_path / "work", place)
    with work.started() as collecting:
        wait_until(lambda: len(log.asked()) > 100)
        collecting.process.send_signal(signal.SIGUSR1)
        wait_until(lambda: "Paused" in collecting.said())
        time.sleep(LATENCY_MS / 1000 + 0.5)  # what was under way is answered
        asked = len(log.asked())
        time.sleep(1.5)
        assert len(log.asked()) == asked < MAILBOXES
        assert "Going on" not in collecting.said()
        collecting.process.send_signal(signal.SIGUSR2)
        wait_until(lambda: "Going on" in collecting.said())
        assert collecting.process.wait(60) == 0
    assert set(Counter(log.asked()).values()) == {2}
    assert work.outcomes() == undisturbed.outcomes()


def test_paused_collection_can_be_stopped(place: ServedAt, log: AccessLog, tmp_path: Path) -> None:
    """A pause does not hold back SIGTERM."""
    work = Workplace.at(tmp_path / "work", place)
    with work.started() as collecting:
        wait_until(lambda: len(log.asked()) > 50)
        collecting.process.send_signal(signal.SIGUSR1)
        wait_until(lambda: "Paused" in collecting.said())
        collecting.process.send_signal(signal.SIGTERM)
        assert collecting.process.wait(10) == 130


def test_second_collection_into_a_store_stops_and_disturbs_nothing(
    place: ServedAt, undisturbed: Workplace, log: AccessLog, tmp_path: Path
) -> None:
    """5 and the reason, without a request; the first one ends as if alone."""
    work = Workplace.at(tmp_path / "work", place)
    with work.started() as collecting:
        wait_until(lambda: len(log.asked()) > 50)
        collecting.process.send_signal(signal.SIGUSR1)  # so that it is there as long as needed
        wait_until(lambda: "Paused" in collecting.said())
        second = work.run()
        retry = work.run("--retry-unmeasured")
        collecting.process.send_signal(signal.SIGUSR2)
        assert collecting.process.wait(60) == 0
    for ran in (second, retry):
        assert ran.code == 5
        assert "Another mailaudit is collecting into" in ran.err
        assert ran.out == ""
    assert set(Counter(log.asked()).values()) == {2}
    assert work.outcomes() == undisturbed.outcomes()


NO_MOUNTS = "this account can't mount anything, not even in a namespace of its own"
can_mount = (
    shutil.which("unshare") is not None
    and subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode == 0
)


def run_in_namespace(work: Workplace, script: str) -> list[str]:
    """Runs a shell script that may mount things; "$@" is the collection. Its lines of output."""
    command = [sys.executable, "-m", "mailaudit", "collect", "--period", str(MAY)]
    ran = subprocess.run(
        ["unshare", "-rm", "bash", "-uc", script, "bash", *command],
        cwd=work.folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    return (ran.stdout + ran.stderr).splitlines()


@pytest.mark.skipif(not can_mount, reason=NO_MOUNTS)
def test_full_disk_keeps_what_was_collected(
    place: ServedAt, undisturbed: Workplace, log: AccessLog, tmp_path: Path
) -> None:
    """A real disk runs full in mid-collection: 5; with more room the collection goes on."""
    work = Workplace.at(tmp_path / "work", place, store="disk/mailaudit.db")
    work.store.parent.mkdir()
    (work.folder / "kept").mkdir()
    reported = run_in_namespace(
        work,
        """
        mount -t tmpfs -o size=300k tmpfs disk
        "$@"; echo "first $?"
        cp disk/mailaudit.db* kept/
        mount -o remount,size=64m disk
        "$@"; echo "second $?"
        cp disk/mailaudit.db .
        """,
    )
    assert "first 5" in reported
    assert any("There is no room left to write the store" in line for line in reported)
    assert any("Free some disk space and run again; what was stored stays." in t for t in reported)
    assert "second 0" in reported
    kept = committed(work.folder / "kept" / "mailaudit.db", tmp_path)
    assert 0 < len(kept) < MAILBOXES
    assert f"2026-05: {len(kept)} of {MAILBOXES} mailboxes" in reported
    assert Workplace(work.folder, work.folder / "mailaudit.db").outcomes() == undisturbed.outcomes()


def test_file_that_may_not_grow_keeps_what_was_collected(
    place: ServedAt, undisturbed: Workplace, tmp_path: Path
) -> None:
    """A quota of the account is met in mid-collection: 5; without it the collection goes on."""
    work = Workplace.at(tmp_path / "work", place)
    command = [sys.executable, "-m", "mailaudit", "collect", "--period", str(MAY)]
    ran = subprocess.run(
        ["bash", "-c", 'ulimit -f 200; exec "$@"', "bash", *command],
        cwd=work.folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 5, ran.stderr
    assert f"The store {work.store.name}" in ran.stderr or str(work.store) in ran.stderr
    kept = work.committed(tmp_path)
    assert 0 < len(kept) < MAILBOXES
    assert work.run().code == 0
    assert work.outcomes() == undisturbed.outcomes()


@pytest.mark.skipif(not can_mount, reason=NO_MOUNTS)
def test_store_on_a_read_only_disk_is_reported_before_the_server_is_asked(
    place: ServedAt, log: AccessLog, tmp_path: Path
) -> None:
    """5 and what to do; nobody is asked for what could not be kept."""
    work = Workplace.at(tmp_path / "work", place, store="disk/mailaudit.db")
    work.store.parent.mkdir()
    reported = run_in_namespace(
        work,
        """
        mount --bind disk disk && mount -o remount,ro,bind disk
        "$@"; echo "ended $?"
        """,
    )
    assert "ended 5" in reported
    assert any("disk/mailaudit.db" in line and "write access" in line for line in reported)
    assert log.asked() == []
    assert list(work.store.parent.iterdir()) == []


def test_damaged_store_is_reported_and_left_as_it_is(
    place: ServedAt, log: AccessLog, tmp_path: Path
) -> None:
    """Damaged while a collection was stopped: 5, not a byte is changed, nobody is asked."""
    work = Workplace.at(tmp_path / "work", place)
    with work.started() as collecting:
        wait_until(lambda: len(log.asked()) > 300)
        collecting.process.send_signal(signal.SIGTERM)
        assert collecting.process.wait(10) == 130
    content = bytearray(work.store.read_bytes())
    for page in range(4, len(content) // 4096):
        content[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    work.store.write_bytes(content)
    log.forget()
    ran = work.run()
    assert ran.code == 5
    assert "is damaged. Restore it from a backup; nothing was overwritten." in ran.err
    assert log.asked() == []
    assert work.store.read_bytes() == content


def test_store_damaged_while_it_is_collected_into_is_reported(
    place: ServedAt, log: AccessLog, tmp_path: Path
) -> None:
    """Another program overwrites the file under a running collection: 5, and no seal."""
    work = Workplace.at(tmp_path / "work", place)
    with work.started() as collecting:
        wait_until(lambda: len(log.asked()) > 200)
        for file in (work.store, Path(f"{work.store}-wal")):
            with file.open("r+b") as damaged:
                size = file.stat().st_size
                damaged.write(b"\xff" * size)
        code = collecting.process.wait(60)
    assert code == 5, collecting.said()
    assert "store" in collecting.said()
    assert "Traceback" not in collecting.said()


def test_collect_reports_in_its_help_what_can_be_sent_to_it(tmp_path: Path) -> None:
    """Signals, exit codes and asking again are in the help, with examples."""
    ran = mailaudit("collect", "--help", cwd=tmp_path)
    text = " ".join(ran.out.split())
    assert ran.code == 0
    for words in (
        "Can be stopped (Ctrl-C, SIGTERM) and started again",
        "SIGUSR1 pauses it",
        "until SIGUSR2",
        "--retry-unmeasured",
        "Example: mailaudit collect --period 2026-10 --retry-unmeasured",
    ):
        assert words in text
