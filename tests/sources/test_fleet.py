"""Several processes that ask one server."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pytest
from fault_builders import (
    addresses,
    an_office,
    attempts,
    audited,
    counts,
    inside_retry_after,
    log_of,
    too_many_open,
)
from source_builders import INSIDE, MAY, a_fleet, a_source, all_of, ews_server

from mailaudit.demo.options import ServedAt
from mailaudit.errors import MailauditError, ServerError
from mailaudit.model.snapshot import Job
from mailaudit.sources.fleet import MORE_CONNECTIONS_THAN, PROCESSES, Fleet, open_source
from mailaudit.sources.limits import Limits
from mailaudit.sources.source import ThreadedSource

pytestmark = pytest.mark.slow

PEOPLE = addresses(120)
CONNECTIONS = 9  # an odd number, to be shared by two
BEFORE: list[multiprocessing.process.BaseProcess] = []  # processes of other tests


def test_fleet_reports_the_same_as_one_process(tmp_path: Path) -> None:
    """Every mailbox once, with the same counts, on no more connections than allowed."""
    with an_office(tmp_path, PEOPLE, latency_ms=20) as place:
        one = audited(place, PEOPLE, max_connections=4)
        alone = len(log_of(place))
        several = audited(place, PEOPLE, processes=2, max_connections=CONNECTIONS)
        log = log_of(place)[alone:]
    assert {name: counts(outcome) for name, outcome in several.items()} == {
        name: counts(outcome) for name, outcome in one.items()
    }
    assert too_many_open(log, CONNECTIONS) == []
    # Both took part: the larger share of the connections is 5.
    assert len({entry["connection"] for entry in log if entry["mailbox"]}) > 5


def test_fleet_obeys_the_silence_that_one_process_was_given(tmp_path: Path) -> None:
    """A server that asks for silence is asked by none of the processes."""
    silence = {"kind": "http-503", "retry_after": "3", "first": 1, "mailboxes": PEOPLE[40:41]}
    with an_office(tmp_path, PEOPLE, silence, latency_ms=50) as place:
        audited(place, PEOPLE, processes=2, max_connections=CONNECTIONS)
        log = log_of(place)
    assert [entry["status"] for entry in log].count(503) == 1
    assert inside_retry_after(log) == []


def test_fleet_raises_what_stops_one_process(tmp_path: Path) -> None:
    """An error of the server as a whole comes through with its object and its remedy."""
    refused = {"kind": "ErrorImpersonateUserDenied"}
    with an_office(tmp_path, PEOPLE, refused) as place, a_fleet(place, max_connections=9) as fleet:
        fleet.check()
        with pytest.raises(ServerError, match=r"svc-mailaudit may not open.*ApplicationImperson"):
            all_of(fleet, Job(PEOPLE, MAY))


def processes() -> list[multiprocessing.process.BaseProcess]:
    """The fleet's; the one that draws reports may be there from another test."""
    return [child for child in multiprocessing.active_children() if child not in BEFORE]


@pytest.fixture(autouse=True)
def before() -> None:
    BEFORE[:] = multiprocessing.active_children()


def test_fleet_tries_a_wrong_password_once(tmp_path: Path) -> None:
    """One process checks the login for all, and none is left over when it is refused."""
    with an_office(tmp_path, PEOPLE) as place:
        with a_fleet(place, max_connections=9, secret="wrong") as fleet:
            with pytest.raises(ServerError, match="refuses the login"):
                fleet.check()
            assert processes() == []
        assert attempts(log_of(place)) == 1


def test_fleet_keeps_its_connections_until_it_is_closed(tmp_path: Path) -> None:
    """As one process does; closing it leaves no process and no connection."""
    with an_office(tmp_path, PEOPLE, latency_ms=20) as place:
        with a_fleet(place, max_connections=CONNECTIONS) as fleet:
            fleet.check()
            for _ in range(2):
                known = all_of(fleet, Job(PEOPLE, MAY))
                assert sorted(outcome.mailbox for outcome in known) == PEOPLE
            assert len(processes()) == PROCESSES
        assert processes() == []
        with a_source(place, max_connections=1) as source:
            source.check()
        log = log_of(place)
    assert len({entry["connection"] for entry in log}) <= CONNECTIONS + 1
    assert log[-1]["open"] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals end processes on POSIX only")
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("SIGKILL", r"killed \(SIGKILL\).*memory.*goes on from there"),
        ("SIGSEGV", r"ended by the signal SIGSEGV.*stored"),
    ],
)
def test_fleet_reports_a_process_that_was_killed(tmp_path: Path, name: str, says: str) -> None:
    """With the likely cause and what to do; it is not waited for."""
    with (
        an_office(tmp_path, PEOPLE, latency_ms=100) as place,
        a_fleet(place, max_connections=CONNECTIONS) as fleet,
    ):
        batches = fleet.outcomes(Job(PEOPLE, MAY))
        next(batches)
        victim = processes()[0].pid
        assert victim is not None
        os.kill(victim, signal.Signals[name])
        with pytest.raises(MailauditError, match=says):
            list(batches)
        assert processes() == []


def test_fleet_ends_its_processes_when_it_is_stopped(tmp_path: Path) -> None:
    """A stopped collection asks nothing more."""
    with (
        an_office(tmp_path, PEOPLE, latency_ms=100) as place,
        a_fleet(place, max_connections=9) as fleet,
    ):
        batches = fleet.outcomes(Job(PEOPLE, MAY))
        next(batches)
        batches.close()
        time.sleep(0.5)  # what was under way is answered
        asked = len(log_of(place))
        time.sleep(0.5)
        assert len(log_of(place)) == asked < 2 * len(PEOPLE)


def test_fleet_pauses_and_resumes_all_its_processes(tmp_path: Path) -> None:
    """Paused, nothing is asked; resumed, everybody is reported of."""
    with (
        an_office(tmp_path, PEOPLE, latency_ms=50) as place,
        a_fleet(place, max_connections=9) as fleet,
    ):
        batches = fleet.outcomes(Job(PEOPLE, MAY))
        known = list(next(batches))
        while len(known) < 10:
            known += next(batches)
        fleet.pause()
        time.sleep(1)  # what was under way is answered
        asked = len(log_of(place))
        time.sleep(1)
        assert len(log_of(place)) == asked < 2 * len(PEOPLE)
        fleet.resume()
        known += chain.from_iterable(batches)
    assert sorted(outcome.mailbox for outcome in known) == PEOPLE


def set_timer(first_s: float, every_s: float = 0) -> None:
    """A SIGALRM then, and again every so many seconds; 0 for none."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, first_s, every_s)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such timer")
def test_pause_that_is_ordered_while_a_long_list_is_handed_over_is_obeyed(tmp_path: Path) -> None:
    """The list is longer than a pipe, and the processes that read it are just starting."""
    people = [*PEOPLE, *(f"{'x' * 150}{number}@tinh.test" for number in range(600))]
    asked: list[int] = []

    def handle(*_: object) -> None:
        asked.append(sum(bool(entry["mailbox"]) for entry in log_of(place)))
        if len(asked) == 1:
            fleet.pause()
        elif len(asked) > 2 and asked[-1] == asked[-2]:
            set_timer(0)
            fleet.resume()

    with an_office(tmp_path, PEOPLE) as place, a_fleet(place, max_connections=9) as fleet:
        before = signal.signal(signal.Signals["SIGALRM"], handle)
        set_timer(0.2, every_s=1)
        try:
            outcomes = all_of(fleet, Job(people, MAY))
        finally:
            set_timer(0)
            signal.signal(signal.Signals["SIGALRM"], before)
    assert asked[-2] == asked[-1] < len(PEOPLE)  # at most what was begun before all knew
    assert sorted(outcome.mailbox for outcome in outcomes) == sorted(people)


COLLECTOR = """
import signal
import sys
from pathlib import Path
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Job
from mailaudit.sources.fleet import Fleet
from mailaudit.sources.ews import EwsServer

if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, lambda *_: None)
    url, ca, password, *people = sys.argv[1:]
    account = "TINHMAU\\\\svc-mailaudit"
    server = EwsServer(url, "Exchange2016", "ntlm", account, password, Path(ca), 9)
    fleet = Fleet(server, frozenset())
    print("begins", flush=True)
    for batch in fleet.outcomes(Job(people, Period(2026, 5))):
        for outcome in batch:
            print(outcome.mailbox, flush=True)
    fleet.close()
"""


def collector(tmp_path: Path, place: ServedAt) -> "subprocess.Popen[bytes]":
    script = tmp_path / "collector.py"
    script.write_text(COLLECTOR, "utf-8")
    server = ews_server(place)
    process = subprocess.Popen(
        [sys.executable, script, server.url, str(server.ca_file), server.secret, *PEOPLE],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"begins\n"
    return process


no_proc = pytest.mark.skipif(
    not Path("/proc").exists(), reason="the children of a process are not listed"
)


@no_proc
def test_signals_to_all_processes_leave_those_that_just_start_alone(tmp_path: Path) -> None:
    """A pause ordered of the whole group, while they import what they need."""
    with an_office(tmp_path, PEOPLE) as place:
        first = collector(tmp_path, place)
        until = time.monotonic() + 10
        while len(children_of(first.pid)) < 1 + PROCESSES and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(-first.pid, signal.Signals["SIGUSR1"])  # the group
        reported, complaints = first.communicate(timeout=60)
    assert complaints == b""
    assert sorted(reported.decode().split()) == PEOPLE


@no_proc
def test_fleet_ends_with_the_process_that_began_it(tmp_path: Path) -> None:
    """A killed collection leaves no process behind that would go on asking."""
    with an_office(tmp_path, PEOPLE, latency_ms=200) as place:
        first = collector(tmp_path, place)
        assert first.stdout is not None and first.stderr is not None
        first.stdout.readline()
        children = children_of(first.pid)
        os.kill(first.pid, signal.Signals["SIGKILL"])
        first.wait()
        first.stdout.close()
        first.stderr.close()
        until = time.monotonic() + 10
        while any(is_alive(child) for child in children) and time.monotonic() < until:
            time.sleep(0.05)
        assert len(children) >= 2
        assert not any(is_alive(child) for child in children)


def children_of(parent: int) -> list[int]:
    stats = (path.read_text().rpartition(")") for path in Path("/proc").glob("[0-9]*/stat"))
    return [int(head.split()[0]) for head, _, rest in stats if int(rest.split()[1]) == parent]


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_fleet_is_for_many_connections_only(tmp_path: Path) -> None:
    """Up to the default number of connections one process is enough; a cap is counted by one."""
    with an_office(tmp_path, PEOPLE[:3]) as place:
        few = ews_server(place, max_connections=MORE_CONNECTIONS_THAN)
        many = ews_server(place, max_connections=MORE_CONNECTIONS_THAN + 1)
        capped = ews_server(place, max_connections=27, limits=Limits(requests_per_minute=600))
        opened = [
            open_source(one, INSIDE, lambda: datetime.now(UTC)) for one in (few, many, capped)
        ]
        assert [type(one) for one in opened] == [ThreadedSource, Fleet, ThreadedSource]
        for one in opened:
            one.close()
