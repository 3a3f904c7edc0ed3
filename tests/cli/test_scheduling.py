"""`mailaudit schedule`: as a user types it, on a crontab of its own; wrong inputs; kills."""

import io
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from audit_folder import SECRET, an_audit, config_text
from command_line import Ran, environment, started
from filelock import FileLock

from mailaudit.__main__ import main
from mailaudit.cli import console
from mailaudit.scheduling.job import key_of, read
from stand_ins import a_crontab, a_program

assert sys.platform != "win32"  # cron

OTHERS = "MAILTO=an@vidu.gov.vn\n1 2 3 4 5 echo 100\\%  \n"
WITH_WINDOW = 'password_file = "password"\nwindow = "22:00-06:00"'
NOBODY = (
    "Nobody will be notified of a run: the configuration has no table [notify]. Once it has,"
    " install the schedule again.\n"
)
FOLDER = "Sở Nội vụ 'a' 100%"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A configuration in a folder with a name that is hard to write down."""
    inside = tmp_path / FOLDER
    inside.mkdir()
    an_audit(inside)
    with monkeypatch.context() as patched:
        patched.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
        patched.setenv("TZ", "Asia/Ho_Chi_Minh")
        time.tzset()
        yield inside
    time.tzset()


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A crontab with lines of somebody else."""
    file = a_crontab(monkeypatch, tmp_path)
    file.write_text(OTHERS)
    return file


def schedule(folder: Path, *arguments: str | Path) -> Ran:
    """Runs `mailaudit schedule` in this process: there are many of them."""
    out, err = io.StringIO(), io.StringIO()
    with (
        chdir(folder),
        redirect_stdout(out),
        redirect_stderr(err),
        patch.object(sys, "argv", ["mailaudit", "schedule", *map(str, arguments)]),
        patch.object(console, "_chosen", None),
        patch.dict(os.environ, environment(), clear=True),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return Ran(int(ended.value.code or 0), out.getvalue(), err.getvalue())


def install(folder: Path, *arguments: str) -> Ran:
    return schedule(folder, "install", "--with", "cron", "--lang", "en", *arguments)


def left(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_schedule_is_installed_shown_and_removed(folder: Path, table: Path) -> None:
    """Everything else in the crontab stays, and no file is left."""
    before = left(folder)
    ran = install(folder, "--weekly", "sat", "--day", "2", "--at", "1:05")
    assert ran.code == 0, ran.err
    assert ran.err == f"{NOBODY}Cron does not make up for a start while the computer is off.\n"
    lines = ran.out.splitlines()
    assert lines[0] == "Monthly run, on day 2 at 01:05 (Asia/Ho_Chi_Minh), by cron"
    assert lines[5] == "Weekly collection, on Saturday at 01:05 (Asia/Ho_Chi_Minh), by cron"
    assert lines[2] == lines[7] == "  Last run:    none so far"
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    now = datetime.now(zone)
    start = now.replace(day=2, hour=1, minute=5)
    if start <= now:
        start = (start.replace(day=1) + timedelta(days=32)).replace(day=2)
    assert lines[1] == f"  Next start:  {start.day} {start:%b %Y} 01:05"
    assert table.read_text().endswith(OTHERS)
    assert re.findall(r"^\d.*? python|^5 1 \S+ \S+ \S+", table.read_text(), flags=re.MULTILINE) == [
        "5 1 2 * *",
        "5 1 * * 6",
    ]
    assert schedule(folder, "show").out == ran.out
    removed = schedule(folder, "remove")
    key = key_of(folder / "mailaudit.toml")
    assert removed.out == f"Removed: mailaudit-{key}-monthly\nRemoved: mailaudit-{key}-weekly\n"
    assert table.read_text() == OTHERS
    assert left(folder) == before
    assert schedule(folder, "remove").out == "Nothing was scheduled for mailaudit.toml.\n"
    assert schedule(folder, "show").out == (
        "Nothing is scheduled for mailaudit.toml. To do so: mailaudit schedule install\n"
    )


def test_printed_is_what_would_be_installed(folder: Path, table: Path) -> None:
    """And nothing is written."""
    before = left(folder)
    printed = install(folder, "--print", "--weekly", "mon").out
    assert table.read_text() == OTHERS
    assert left(folder) == before
    assert install(folder, "--weekly", "mon").code == 0
    assert table.read_text() == printed.removeprefix("── crontab\n").removesuffix("\n") + OTHERS


def test_commands_of_the_schedule_run(folder: Path, table: Path) -> None:
    """As cron starts them: with nothing set; what they leave is shown. No mail server is there."""
    assert install(folder, "--weekly", "sun").code == 0
    commands = [
        line.split(" ", 5)[5].replace("\\%", "%")
        for line in table.read_text().splitlines()
        if line.startswith("30 0 ")
    ]
    assert len(commands) == 2
    for command in commands:
        done = subprocess.run(
            ["/bin/sh", "-c", command], cwd="/", env={"HOME": "/none"}, capture_output=True
        )
        assert (done.returncode, done.stdout) == (4, b"")
        assert b"127.0.0.1" in done.stderr
    shown = schedule(folder, "show").out
    assert len(re.findall(r"Last run: .*, failed with exit code 4", shown)) == 2
    for kind, command in (("monthly", "run"), ("weekly", "collect")):
        log = folder / f"mailaudit-{kind}.log"
        events = log.read_text("utf-8").splitlines()
        assert re.fullmatch(rf"\S+ INFO mailaudit \S+ {command} .*", events[0])
        assert re.fullmatch(r"\S+ ERROR .*: 4\.|\S+ ERROR .*4\.", events[-1])
        assert json.loads((folder / f"{log.name}.result.json").read_bytes())["code"] == 4
    now = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
    assert f"{now:%Y-%m}: " in (folder / "mailaudit-weekly.log").read_text("utf-8")


def test_runs_notify_whom_the_configuration_names(folder: Path, table: Path) -> None:
    """Nobody, which is said, where it names nobody."""
    assert "Nobody will be notified of a run" in install(folder).err
    assert "--notify" not in table.read_text()
    sender = 'kind = "smtp"\nhost = "smtp.vidu.gov.vn"\nfrom = "b@vidu.gov.vn"'
    with (folder / "mailaudit.toml").open("a", encoding="utf-8") as config:
        config.write(f'[delivery]\n{sender}\n[notify]\nto = ["it@vidu.gov.vn"]\n')
    installed = install(folder, "--weekly", "mon")
    assert (installed.code, "Nobody will be notified" in installed.err) == (0, False)
    assert table.read_text().count(" --notify ") == 2


def test_last_result_is_shown_as_it_was(folder: Path, table: Path) -> None:
    """Complete, too little measured, failed, killed, running."""
    install(folder)
    log = folder / "mailaudit-monthly.log"
    result = folder / f"{log.name}.result.json"
    began, ended = "2026-11-01T00:30:00+07:00", "2026-11-01T01:10:00+07:00"

    def shown(**changes: object) -> str:
        content = {"command": "run", "began": began, "ended": ended, "code": 0} | changes
        result.write_text(json.dumps(content))
        (line,) = re.findall(r"Last run: +(.*)", schedule(folder, "show").out)
        return str(line)

    assert shown() == "1 Nov 2026 01:10, complete"
    assert shown(code=6) == (
        "1 Nov 2026 01:10, complete, but too little was measured (exit code 6)"
    )
    assert shown(code=5) == "1 Nov 2026 01:10, failed with exit code 5"
    assert shown(ended=None, code=None) == "began 1 Nov 2026 00:30, was killed"
    with FileLock(folder / f"{log.name}.lock"):
        assert shown(ended=None, code=None) == "runs since 1 Nov 2026 00:30"
    assert shown(began="yesterday") == "unknown, its file can't be read"
    result.write_bytes(b"\xff{")
    assert "unknown, its file" in schedule(folder, "show").out
    result.unlink()
    assert "none so far" in schedule(folder, "show").out


def test_schedules_of_two_configurations_stand_side_by_side(folder: Path, table: Path) -> None:
    (folder / "b.toml").write_bytes((folder / "mailaudit.toml").read_bytes())
    assert install(folder).code == 0
    alone = table.read_text()
    assert schedule(folder, "install", "-c", "b.toml", "--with", "cron").code == 0
    assert schedule(folder, "remove", "-c", "b.toml").code == 0
    assert table.read_text() == alone


def test_schedule_can_be_removed_when_the_configuration_is_gone(folder: Path, table: Path) -> None:
    install(folder)
    (folder / "mailaudit.toml").write_text("broken = [")
    assert "Monthly run" in schedule(folder, "show").out
    (folder / "mailaudit.toml").unlink()
    assert schedule(folder, "remove").code == 0
    assert table.read_text() == OTHERS


def test_another_scheduler_takes_the_place_of_the_first(
    folder: Path, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing starts twice."""
    install(folder, "--weekly", "sat")
    a_program(
        tmp_path / "bin",
        "schtasks",
        'case "$1" in /create) cp "$5" "$TABLE.task" ;; /query) cat "$TABLE.task" ;; esac',
    )
    assert schedule(folder, "install", "--with", "windows", "--lang", "en").code == 0
    assert table.read_text() == OTHERS
    assert "by Task Scheduler" in schedule(folder, "show").out


def test_window_decides_when_it_starts(folder: Path, table: Path) -> None:
    an_audit(folder, server=WITH_WINDOW)
    assert "on day 1 at 22:00" in install(folder).out
    for at in ("22:00", "23:59", "0:00", "05:59"):
        assert install(folder, "--at", at).code == 0


def test_password_that_a_scheduled_run_would_not_find_is_warned_of(
    folder: Path, table: Path
) -> None:
    an_audit(folder, server="")
    assert install(folder).err.splitlines()[0] == (
        "server.password_file names no file: a run that starts by itself has no variables of"
        " yours, and rarely a keyring."
    )


WRONG = [
    (["--day", "0"], 2, "--day must be at least 1."),
    (["--day", "29"], 2, "--day must be at most 28."),
    (["--day", "x"], 2, "--day must be a whole number."),
    *(
        (["--at", at], 2, f"--at {at} is not a time of day. Write it as in 00:30.")
        for at in ("24:00", "00:60", "noon", "1", "01:00:00", "٠١:٠٠", "-1:00", "")
    ),
    (
        ["--at", "06:00"],
        2,
        "--at 06:00 is outside server.window, from 22:00 to 06:00."
        " Name a time within it, or leave --at out.",
    ),
    (
        ["--weekly", "saturday"],
        2,
        "--weekly must be one of 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun', not saturday.",
    ),
    (["--with", "at"], 2, "--with must be one of 'systemd', 'cron', 'windows', not at."),
    (["--with"], 2, "A value is missing after --with."),
    (["now"], 2, "now is one argument too many."),
    (
        ["--config", "no.toml"],
        3,
        "The configuration no.toml can't be read: there is no such file or folder."
        " Name the right file with --config, or make one with: mailaudit init",
    ),
    (
        ["--with", "windows"],
        3,
        "This computer has no program schtasks."
        " Choose another scheduler with --with: systemd, cron, windows.",
    ),
]


@pytest.mark.parametrize(("arguments", "code", "message"), WRONG)
def test_wrong_input_is_named(
    folder: Path, table: Path, arguments: list[str], code: int, message: str
) -> None:
    """Exactly, and nothing is installed."""
    an_audit(folder, server=WITH_WINDOW)
    ran = install(folder, *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.splitlines()[0] == f"Error: {message}"
    assert table.read_text() == OTHERS


def test_computer_with_another_clock_is_refused_for_cron(
    folder: Path, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would start at another hour, perhaps in another month."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    ran = install(folder)
    assert ran.code == 3
    assert ran.err == (
        "Error: cron starts by the computer's clock, which is not in the zone Asia/Ho_Chi_Minh of"
        " organisation.timezone. Set the computer's time zone to it, or use systemd, which knows"
        " zones.\n"
    )
    assert table.read_text() == OTHERS


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (
            'echo "You (an) are not allowed to use this" >&2; exit 1',
            "The crontab can't be read: You (an) are not allowed to use this"
            " This account must be allowed to use crontab; see cron.allow.",
        ),
        (
            '[ "$1" = -l ] && exit; echo "bad minute" >&2; exit 1',
            "crontab - refuses: bad minute Mend that, or choose another scheduler with --with.",
        ),
    ],
)
def test_crontab_that_refuses_is_passed_on(
    folder: Path, table: Path, tmp_path: Path, script: str, message: str
) -> None:
    a_program(tmp_path / "bin", "crontab", script)
    ran = install(folder)
    assert (ran.code, ran.err) == (3, f"Error: {message}\n")


def test_crontab_that_is_not_allowed_hinders_no_other_scheduler(
    folder: Path, table: Path, tmp_path: Path
) -> None:
    """Nor looking at what is scheduled."""
    a_program(tmp_path / "bin", "crontab", 'echo "You (an) are not allowed" >&2; exit 1')
    a_program(tmp_path / "bin", "schtasks", '[ "$1" = /create ]')
    ran = schedule(folder, "install", "--with", "windows", "--lang", "en")
    assert (ran.code, ran.err) == (0, NOBODY)
    assert schedule(folder, "show").code == schedule(folder, "remove").code == 0


def test_folder_with_a_line_break_is_refused(folder: Path, table: Path) -> None:
    """It would begin a line of its own in the crontab."""
    inside = folder / "a\n* * * * * b"
    inside.mkdir()
    an_audit(inside)
    ran = install(inside)
    assert ran.code == 3
    assert "its name has a control character. Rename the file or folder." in ran.err
    assert table.read_text() == OTHERS


def test_no_secret_is_in_what_is_written(
    folder: Path, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The crontab, what is printed, the log and result of a run, and every process's command."""
    seen = tmp_path / "processes"
    script = (tmp_path / "bin" / "crontab").read_text()
    spy = f"cat /proc/[0-9]*/cmdline >> {seen} 2>/dev/null || true\n"
    a_program(tmp_path / "bin", "crontab", spy + script)
    an_audit(folder, server="")
    planted = f"{SECRET}-{os.getpid()}"  # not that of other tests, which run beside this one
    given = environment() | {"MAILAUDIT_PASSWORD": planted}
    said = ""
    for arguments in (
        ["schedule", "install", "--with", "cron", "--weekly", "sat"],
        ["schedule", "install", "--with", "systemd", "--print"],
        ["schedule", "install", "--with", "windows", "--print"],
        ["schedule", "show"],
        ["run", "--log", "run.log", "--log-format", "json"],
        ["check"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "mailaudit", *arguments],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            env=given,
        )
        said += done.stdout + done.stderr
    assert "ExecStart=" in said and "<Exec>" in said and b"mailaudit" in seen.read_bytes()
    said += table.read_text()
    said += "".join(file.read_text("utf-8") for file in folder.glob("run.log*"))
    assert planted not in said
    assert json.dumps(planted)[1:-1] not in said
    is_seen = planted.encode() in seen.read_bytes()
    assert not is_seen


def test_wrong_configuration_installs_nothing(folder: Path, table: Path) -> None:
    (folder / "mailaudit.toml").write_text(config_text(server='timeout_s = "x"'), "utf-8")
    ran = install(folder)
    assert ran.code == 3
    assert "server.timeout_s: must be a whole number" in ran.err
    assert table.read_text() == OTHERS


@pytest.mark.slow
def test_kill_at_any_moment_leaves_the_crontab_whole(folder: Path, table: Path) -> None:
    """Installed or not, nothing half; the next command does it."""
    chance = random.Random(14)  # noqa: S311 - no secret
    process = started("schedule", "install", "--with", "cron", cwd=folder)
    begun = time.monotonic()
    assert process.wait() == 0
    longest = 1.2 * (time.monotonic() - begun)
    installed = table.read_text()
    whole = {OTHERS, installed}
    for number in range(44):
        verb = ("install", "remove")[number % 2]
        more = ["--with", "cron"] if verb == "install" else []
        process = started("schedule", verb, *more, cwd=folder)
        time.sleep(chance.uniform(0.0, longest))
        process.kill()
        process.wait()
        time.sleep(0.1)  # crontab itself was not killed
        assert table.read_text() in whole
    assert install(folder).code == 0
    assert table.read_text() == installed
    assert read(installed.splitlines()[1].removeprefix("# ")) is not None
