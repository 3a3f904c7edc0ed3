"""Timers of systemd: what is written, and that systemd reads it as it is meant."""

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from job_builders import HOSTILE, NOW, a_job, a_machine
from unit_file import argv, plain, values

from mailaudit.errors import ConfigurationError
from mailaudit.scheduling import Job, Kind
from mailaudit.scheduling.systemd import Systemd, service, timer
from stand_ins import a_program, put_first

ANALYZE = shutil.which("systemd-analyze")
# Notes what it was asked; refuses where a file says so.
SYSTEMCTL = """
echo "$*" >> "$NOTES/asked"
for word in $*; do
    [ -e "$NOTES/refuse-$word" ] && { echo "Failed to $word: Access denied" >&2; exit 1; }
done
exit 0
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a stand-in for systemctl was asked."""
    a_program(tmp_path / "bin", "systemctl", SYSTEMCTL)
    put_first(monkeypatch, tmp_path / "bin")
    monkeypatch.setenv("NOTES", str(tmp_path))
    return tmp_path / "asked"


@pytest.mark.parametrize("name", [HOSTILE, "a\\b\\", "ends with a space ", "back\\\\slash%n"])
def test_units_say_what_is_meant_whatever_names_are_in_them(name: str) -> None:
    """Read by the rules of the manual: folder, program, each argument."""
    folder = f"/srv/{name}"
    program = ("/opt/a $HOME ${x} %h; ở/bin/python", "-P", "-m", "mailaudit")
    job = a_job(folder, program=program)
    unit = values(service(job, is_own=False))
    assert plain(unit["WorkingDirectory"]).removesuffix("/") == folder
    ran, seen = argv(unit["ExecStart"])
    assert (ran, seen) == (program[0], list(job.command))
    assert not unit["WorkingDirectory"].endswith("\\")
    assert plain(unit["Description"]).endswith(f"({folder})")


@pytest.mark.skipif(ANALYZE is None, reason="there is no systemd-analyze")
@pytest.mark.parametrize("is_own", [False, True])
@pytest.mark.parametrize("name", [HOSTILE, "a\\b\\", "ends with a space "])
@pytest.mark.parametrize("kind", list(Kind))
def test_systemd_finds_nothing_wrong(tmp_path: Path, kind: Kind, is_own: bool, name: str) -> None:
    """`systemd-analyze verify` on units of a folder that is hard to write down."""
    folder = tmp_path / name
    folder.mkdir()
    job = a_job(folder, kind=kind, day=6)
    (tmp_path / f"{job.name}.service").write_text(service(job, is_own=is_own), "utf-8")
    (tmp_path / f"{job.name}.timer").write_text(timer(job), "utf-8")
    done = verified(tmp_path, job)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(ANALYZE is None, reason="there is no systemd-analyze")
def test_systemd_finds_what_is_wrong(tmp_path: Path) -> None:
    """The test above can fail; and systemd reads the program's path as it was meant."""
    program = "/nowhere/a $HOME ${x} %h %% ; # ở/bin/python"
    job = a_job(tmp_path, program=(program,))
    (tmp_path / f"{job.name}.service").write_text(service(job, is_own=False), "utf-8")
    (tmp_path / f"{job.name}.timer").write_text(timer(job), "utf-8")
    done = verified(tmp_path, job)
    assert f"Command {program} is not executable" in done.stderr


def verified(folder: Path, job: Job) -> "subprocess.CompletedProcess[str]":
    files = (str(folder / f"{job.name}.{kind}") for kind in ("timer", "service"))
    assert ANALYZE is not None
    return subprocess.run([ANALYZE, "verify", *files], capture_output=True, encoding="utf-8")


@pytest.mark.parametrize("mark", ['"', "'", "\\"])
def test_program_that_systemd_would_not_start_is_refused(mark: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        service(a_job(program=(f"/opt/a{mark}b/python",)), is_own=False)
    assert str(refused.value) == (
        "systemd starts no program with a quotation mark or backslash in its path:"
        f" /opt/a{mark}b/python Install mailaudit in another folder, or choose another scheduler"
        " with --with."
    )


@pytest.mark.parametrize(
    ("changes", "calendar"),
    [
        ({}, "*-*-01 00:30:00 Asia/Ho_Chi_Minh"),
        ({"day": 28}, "*-*-28 00:30:00 Asia/Ho_Chi_Minh"),
        ({"kind": Kind.WEEKLY, "day": 1}, "Mon *-*-* 00:30:00 Asia/Ho_Chi_Minh"),
        ({"kind": Kind.WEEKLY, "day": 7}, "Sun *-*-* 00:30:00 Asia/Ho_Chi_Minh"),
    ],
)
def test_timer_starts_when_the_job_says(changes: dict[str, Any], calendar: str) -> None:
    """By the audit's time zone, and later where the machine was off; systemd agrees on when."""
    job = a_job(**changes)
    unit = values(timer(job))
    assert (unit["OnCalendar"], unit["Persistent"]) == (calendar, "true")
    if ANALYZE is not None:
        base = f"--base-time={NOW:%Y-%m-%d %H:%M:%S} UTC"
        done = subprocess.run(
            [ANALYZE, "calendar", base, calendar],
            capture_output=True,
            encoding="utf-8",
            env=os.environ | {"TZ": "UTC", "LC_ALL": "C"},
        )
        moment = job.next_start(NOW).astimezone(NOW.tzinfo)
        assert f"{moment:%Y-%m-%d %H:%M:%S} UTC" in done.stdout


def test_units_run_as_whoever_owns_the_configuration() -> None:
    """Never as root where that is another account; an account's own timers name nobody."""
    assert values(service(a_job(account="svc-mail"), is_own=False))["User"] == "svc-mail"
    assert "User" not in values(service(a_job(account="root"), is_own=False))
    assert "User" not in values(service(a_job(account="svc-mail"), is_own=True))


def test_what_is_installed_is_found_and_removed_again(tmp_path: Path, asked: Path) -> None:
    """Other units of the folder stay; the timer begins and ends."""
    scheduler = Systemd(a_machine(tmp_path), is_own=False)
    folder = tmp_path / "system"
    folder.mkdir()
    (folder / "mailaudit.timer").write_text("[Timer]\n", "utf-8")
    jobs = (a_job(), a_job(kind=Kind.WEEKLY, day=6))
    scheduler.install(jobs, NOW)
    assert scheduler.installed("0123abcd") == jobs
    assert scheduler.installed("ffffffff") == ()
    names = [job.name for job in jobs]
    assert asked.read_text().split("\n")[:-1] == [
        "daemon-reload",
        *(f"{verb} {name}.timer" for name in names for verb in ("enable", "restart")),
    ]
    assert all(file.stat().st_mode & 0o777 == 0o644 for file in folder.glob("*-*"))
    removed = scheduler.remove([*names, "mailaudit-ffffffff-monthly"])
    assert sorted(removed) == sorted(
        str(folder / f"{name}.{end}") for name in names for end in ("service", "timer")
    )
    assert [file.name for file in folder.iterdir()] == ["mailaudit.timer"]
    assert scheduler.installed("0123abcd") == ()
    # Another installation does not make up for the time in between.
    assert f"clean --what=state {names[0]}.timer" in asked.read_text()
    before = asked.read_text()
    assert scheduler.remove(names) == ()
    assert asked.read_text() == before


@pytest.mark.parametrize("verb", ["daemon-reload", "enable", "restart"])
def test_installation_that_systemd_refuses_leaves_nothing(
    tmp_path: Path, asked: Path, verb: str
) -> None:
    """And its words are passed on."""
    (tmp_path / f"refuse-{verb}").touch()
    scheduler = Systemd(a_machine(tmp_path), is_own=True)
    with pytest.raises(ConfigurationError) as refused:
        scheduler.install((a_job(),), NOW)
    assert f"refuses: Failed to {verb}: Access denied" in str(refused.value)
    assert list((tmp_path / "own").iterdir()) == []


def test_timer_of_the_system_is_removed_by_root_alone(tmp_path: Path, asked: Path) -> None:
    Systemd(a_machine(tmp_path), is_own=False).install((a_job(),), NOW)
    other = Systemd(a_machine(tmp_path, is_root=False, account="an"), is_own=False)
    with pytest.raises(ConfigurationError) as refused:
        other.remove([a_job().name])
    assert str(refused.value) == (
        "mailaudit-0123abcd-monthly is a timer of the system, which only root can remove."
        " Run the same command as root."
    )
    assert other.installed("0123abcd") == (a_job(),)


def test_timer_that_will_not_start_is_named(tmp_path: Path, asked: Path) -> None:
    """Switched off; only while somebody is logged in; without systemd."""
    machine = a_machine(tmp_path, account="an")
    own = Systemd(machine, is_own=True)
    fault = own.fault(a_job())
    assert fault is not None
    assert (fault.reason, fault.command) == (
        "it starts only while its account is logged in",
        "loginctl enable-linger an",
    )
    machine.lingering.mkdir()
    (machine.lingering / "an").touch()
    assert own.fault(a_job()) is None
    (tmp_path / "refuse-is-active").touch()
    fault = own.fault(a_job())
    assert fault is not None
    assert (fault.reason, fault.command) == (
        "its timer is switched off",
        "systemctl --user enable --now mailaudit-0123abcd-monthly.timer",
    )
    fault = Systemd(replace(machine, has_systemd=False), is_own=True).fault(a_job())
    assert fault is not None
    assert fault.reason == "systemd does not run on this computer"


def test_unit_of_somebody_else_is_not_a_job(tmp_path: Path) -> None:
    folder = tmp_path / "system"
    folder.mkdir()
    unit = folder / f"{a_job().name}.timer"
    scheduler = Systemd(a_machine(tmp_path), is_own=False)
    for content in (b"", b"[Timer]\n", b"# mailaudit: {}\n", b"\xff\xfe", b"# mailaudit: [1]"):
        unit.write_bytes(content)
        assert scheduler.installed("0123abcd") == ()
