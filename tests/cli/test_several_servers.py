"""One collection over two servers, of which one may be down, slow, or refuse the login."""

import json
import random
import re
import signal
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from collecting_builders import MAY, AccessLog, Workplace, wait_until
from command_line import mailaudit
from two_servers import NORTH, SOUTH, Servers, a_server, listed, people

from mailaudit.errors import MailauditError
from mailaudit.model.outcome import Activity, Reason, Unmeasured
from mailaudit.model.snapshot import Snapshot
from mailaudit.settings import load_settings
from mailaudit.settings.servers import NamedImap
from mailaudit.store import SnapshotStore

NOWHERE = {"url": '"https://127.0.0.1:9/EWS/Exchange.asmx"'}  # the port of "discard"
SMALL = 10


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    folder = tmp_path_factory.mktemp("servers")
    with (
        a_server(folder / "north", people(NORTH, SMALL)) as north,
        a_server(folder / "south", people(SOUTH, SMALL)) as south,
    ):
        yield Servers(north, south)


def log_of(servers: Servers, name: str) -> AccessLog:
    return AccessLog(getattr(servers, name).directory / "access.jsonl")


def stored(work: Workplace) -> Snapshot:
    with SnapshotStore.at(work.store) as store:
        return store.load(MAY)


def sent(work: Workplace) -> dict[str, int]:
    """How many mails each mailbox sent."""
    outcomes = stored(work).outcomes.values()
    found = [one for one in outcomes if isinstance(one, Activity)]
    return {one.mailbox: sum(day.sent for day in one.days) for one in found}


def test_each_mailbox_is_asked_at_the_server_of_its_domain(
    servers: Servers, tmp_path: Path
) -> None:
    """At no other; what is stored says which it was, and the seal covers it."""
    logs = {name: log_of(servers, name) for name in ("north", "south")}
    work = servers.work(tmp_path / "work")
    ran = work.run()

    assert ran.code == 0, ran.err
    assert {box.partition("@")[2] for box in logs["north"].asked()} == {NORTH}
    assert {box.partition("@")[2] for box in logs["south"].asked()} == {SOUTH}
    assert "north: 10 of 10 mailboxes measured.\nsouth: 10 of 10 mailboxes measured." in ran.out
    snapshot = stored(work)
    assert snapshot.sealed_at is not None
    assert {box: one.server for box, one in snapshot.outcomes.items()} == {
        **dict.fromkeys(people(NORTH, SMALL), "north"),
        **dict.fromkeys(people(SOUTH, SMALL), "south"),
    }
    assert [part.name for part in snapshot.source.parts] == ["north", "south"]
    assert all(part.reported for part in snapshot.source.parts)
    expected = {f"p{n}@{domain}": 1 + n % 9 for domain in (NORTH, SOUTH) for n in range(SMALL)}
    assert sent(work) == expected


def test_server_that_is_down_stops_the_run_and_can_be_left_out_and_asked_later(
    servers: Servers, tmp_path: Path
) -> None:
    """Its mailboxes end as not measured for a reason of its own, never as unused."""
    work = servers.work(tmp_path / "work", south=NOWHERE)
    stopped = work.run()
    assert stopped.code == 4
    assert re.search(
        r"Error: south: 127\.0\.0\.1 .* To go on without this server, add: --without south\n$",
        stopped.err,
    )

    left_out = work.run("--without", "South")
    assert left_out.code == 6  # coverage too low
    assert "10  Its mail server was left out of the collection" in left_out.out
    assert "south: 0 of 10 mailboxes measured." in left_out.out
    with SnapshotStore.at(work.store) as store:
        assert [one.run.command for one in store.run_record()] == ["collect --without South"]
    outcomes = stored(work).outcomes
    assert {box for box, one in outcomes.items() if isinstance(one, Activity)} == set(
        people(NORTH, SMALL)
    )
    for mailbox in people(SOUTH, SMALL):
        found = outcomes[mailbox]
        assert isinstance(found, Unmeasured)
        assert (found.reason, found.server) == (Reason.LEFT_OUT, "south")

    north = log_of(servers, "north")
    servers.work(work.folder)  # mended
    later = work.run("--retry-unmeasured")
    assert later.code == 0, later.err
    assert north.asked() == []  # what was measured is not asked again
    assert len(sent(work)) == 2 * SMALL


def test_refused_login_is_tried_once_and_its_server_named(servers: Servers, tmp_path: Path) -> None:
    """No mailbox of either is asked, and nothing is half collected."""
    work = servers.work(tmp_path / "work")
    (work.folder / "south-password").write_text("wrong", encoding="ascii")
    before = (servers.south.directory / "access.jsonl").read_bytes()
    north = log_of(servers, "north")
    ran = work.run()

    assert ran.code == 4
    assert "south: 127.0.0.1 refuses the login of TINHMAU\\svc-mailaudit." in ran.err
    log = (servers.south.directory / "access.jsonl").read_bytes()[len(before) :]
    assert log.count(b'"attempt": true') == 1
    assert north.asked() == []
    assert work.committed(tmp_path) == set()
    (work.folder / "south-password").unlink()  # nor is it needed of a server that is left out
    assert work.run("--without", "south").code == 6


ASTRAY = (
    "Error: No server of the configuration answers for 1 mailboxes: x@east.test (staff.csv:3)."
    " Add their domain to the domains of the server that has them, or name the server in the column"
    ' "Máy chủ thư" of the staff list as the configuration names it.'
)


@pytest.mark.parametrize(
    ("south", "said"),
    [
        (NOWHERE, "the port in servers.south.url,"),
        ({"url": '"https://no.invalid/EWS"'}, "the host name in servers.south.url,"),
        ({"url": '"https://.south.test/EWS"'}, "the host in servers.south.url as"),
        ({"ca_file": '"ca.pem"'}, "Set servers.south.ca_file to"),
        ({"ca_file": '"south-password"'}, "authority in servers.south.ca_file."),
        ({"password_file": '"wrong"'}, "Check servers.south.username, servers.south.auth and"),
        ({"auth": '"windows"'}, "servers.south.auth is windows,"),
    ],
)
def test_messages_name_the_key_of_the_server_they_are_about(
    servers: Servers, tmp_path: Path, south: dict[str, str], said: str
) -> None:
    """There is no [server] to look into where there are several."""
    work = servers.work(tmp_path / "work", south=south)
    (work.folder / "wrong").write_text("wrong", encoding="ascii")
    (work.folder / "wrong").chmod(0o600)
    table = load_settings(work.folder / "mailaudit.toml").live_servers[1]
    server = table.mail_server(table.find_secret().value)
    with pytest.raises(MailauditError) as error:
        server.probe(MAY, lambda: datetime.now(UTC)).check()
    assert said in str(error.value)
    assert not re.search(r"(?<![.\w])server\.\w", str(error.value))


def test_checks_name_the_window_of_the_server_they_are_about(
    servers: Servers, tmp_path: Path
) -> None:
    hour = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).hour
    window = f"{(hour + 3) % 24:02d}:00-{(hour + 4) % 24:02d}:00"
    work = servers.work(tmp_path / "work", south={"window": f'"{window}"'})
    setup = mailaudit("check", "--json", cwd=work.folder)
    lines = {one["check"]: one["text"] for one in json.loads(setup.out)["checks"]}
    assert lines["mailbox:south"].startswith("Mailboxes are asked within servers.south.window")
    assert "window" not in lines["mailbox:north:U1"]


def test_imap_server_is_named_by_its_key_too() -> None:
    keys = {"host": "127.0.0.1", "port": 9, "username": "svc", "domains": ["hue.test"]}
    imap = NamedImap.model_validate({"kind": "imap", "name": "hue", **keys})
    with pytest.raises(MailauditError, match=r"Check servers\.hue\.port, whether"):
        imap.mail_server("s").reach().port_answers()


def test_mailbox_that_no_server_answers_for_is_named_before_the_month(
    servers: Servers, tmp_path: Path
) -> None:
    """By the checks, and by a run before it asks anything."""
    header, rows = "mailbox,unit_code,Máy chủ thư", [f"p0@{NORTH},U1,", "x@east.test,U1,middle"]
    work = servers.work(tmp_path / "work", rows=rows, header=header)
    north = log_of(servers, "north")

    checked = mailaudit("roster", "check", "--config", "mailaudit.toml", cwd=work.folder)
    assert checked.code == 3
    assert ASTRAY in checked.out
    ran = work.run()
    assert (ran.code, north.asked()) == (3, [])
    assert ASTRAY in ran.err
    setup = mailaudit("check", "--json", cwd=work.folder)
    assert setup.code == 3
    (failed,) = [c for c in json.loads(setup.out)["checks"] if c["state"] == "failure"]
    assert failed["check"] == "domains"
    assert failed["text"] == ASTRAY.removeprefix("Error: ").partition(" Add ")[0]


def test_staff_list_may_name_the_server_of_a_mailbox_that_was_moved(
    servers: Servers, tmp_path: Path
) -> None:
    """It goes before the domain; what was measured before and after the move is one mailbox's."""
    moved = f"p3@{NORTH}"
    header = "mailbox,unit_code,Máy chủ thư"
    rows = [f"{moved},U1,SOUTH", f"p4@{SOUTH},U1,"]
    work = servers.work(tmp_path / "work", rows=rows, header=header)
    logs = {name: log_of(servers, name) for name in ("north", "south")}
    first = work.run("--seal-low-coverage")
    assert logs["north"].asked() == []
    assert moved in logs["south"].asked()
    assert "The server has no such mailbox" in first.out

    servers.work(work.folder, rows=[f"{moved},U1,north", rows[1]], header=header)
    assert work.run("--new-edition").code == 0
    assert logs["south"].asked().count(f"p4@{SOUTH}") == 2  # the two requests of the first run
    assert stored(work).outcomes[moved].server == "north"
    assert sent(work) == {moved: 4, f"p4@{SOUTH}": 5}


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("collect", "--without", "west"), "--without west: the configuration has no server of this"
            " name. Its servers are: north, south."),
        (("collect", "--without", "north", "--without", "SOUTH"), "--without leaves no server to"
            " ask. Name fewer of them, or none."),
        (("exchange-setup",), "Which server the commands are for is not known. Name one of these"
            " with --server: north, south."),
    ],
)  # fmt: skip
def test_wrong_names_of_servers_are_explained(
    servers: Servers, tmp_path: Path, command: tuple[str, ...], says: str
) -> None:
    work = servers.work(tmp_path / "work")
    ran = mailaudit(*command, cwd=work.folder)
    assert (ran.code, ran.err.splitlines()[-1]) == (2, f"Error: {says}")


def test_one_server_alone_cannot_be_left_out(servers: Servers, tmp_path: Path) -> None:
    work = Workplace.at(tmp_path / "work", servers.north)
    ran = work.run("--without", "north")
    assert ran.code == 2
    assert ran.err.endswith("It has one server alone, which can't be left out.\n")


def test_commands_for_exchange_are_for_one_server(servers: Servers, tmp_path: Path) -> None:
    """With its own mailboxes alone."""
    work = servers.work(tmp_path / "work")
    named = mailaudit("exchange-setup", "--server", "south", "--addresses", "a", cwd=work.folder)
    assert named.code == 0, named.err
    assert (work.folder / "a").read_text().split() == people(SOUTH, SMALL)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGUSR1")
def test_slow_server_does_not_hold_up_the_other(servers: Servers, tmp_path: Path) -> None:
    """Each at its own pace: all of the quick one is stored long before the slow one is done.

    Paused, the run asks neither; resumed and stopped, it says how to go on.
    """
    with a_server(tmp_path / "slow", people(SOUTH, 40), latency_ms=300) as slow:
        both = Servers(servers.north, slow)
        work = both.work(tmp_path / "work", south={"max_connections": "2"})
        with work.started() as running:
            wait_until(lambda: set(listed(servers.north)) <= work.committed(tmp_path))
            assert len(work.committed(tmp_path)) < SMALL + 25
            running.process.send_signal(signal.Signals["SIGUSR1"])
            wait_until(lambda: "Paused" in running.said())
            time.sleep(1)  # what was under way is answered
            log = AccessLog(slow.directory / "access.jsonl")
            time.sleep(1)
            assert log.asked() == []
            running.process.send_signal(signal.Signals["SIGUSR2"])
            wait_until(log.asked)
            running.process.send_signal(signal.SIGINT)
            assert running.process.wait(30) == 130
    assert "the same command goes on from there" in running.said()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_collections_over_two_servers_end_as_one_that_was_not(tmp_path: Path) -> None:
    """With a second process for one of them; no mailbox that is stored is asked again."""
    chance, each = random.Random(16), 240  # noqa: S311 - no secret
    with (
        a_server(tmp_path / "north", people(NORTH, each), latency_ms=100) as north,
        a_server(tmp_path / "south", people(SOUTH, each), latency_ms=60) as south,
    ):
        servers = Servers(north, south)
        work = servers.work(tmp_path / "work", south={"max_connections": "9"})
        known: set[str] = set()
        for _ in range(3):
            if len(known) > each:
                break  # on a slow machine more is stored before each kill; some is left to the end
            logs = [log_of(servers, name) for name in ("north", "south")]
            with work.started() as running:
                wait_until(lambda known=known: known < work.committed(tmp_path))  # type: ignore[misc]
                time.sleep(chance.uniform(0, 0.2))
                running.process.kill()
                running.process.wait()
            assert not known & {box for log in logs for box in log.asked()}
            before, known = known, work.committed(tmp_path)
            assert before < known
        assert 0 < len(known) < 2 * each, "the kills did not come while collecting"
        assert work.run().code == 0
    assert sent(work) == {f"p{n}@{d}": 1 + n % 9 for d in (NORTH, SOUTH) for n in range(each)}
