"""`--log`: what is in the file and what never is; who may read it; how large it gets."""

import json
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import pytest
from audit_folder import SECRET, an_audit
from collecting_builders import MAY, Workplace, address, write_traffic
from command_line import environment, mailaudit
from filelock import FileLock

from mailaudit.cli import bugs, console, log, log_file
from mailaudit.demo.options import Options
from mailaudit.demo.process import served

LINE = re.compile(r"(\S+) (INFO|WARNING|ERROR|CRITICAL) (.*)")
OFFLINE = ("collect", "--period", "2026-10", "--lang", "en")
HOSTILE = "first\nsecond\r\x1b[31m\u202e\x85\u2028\udcff Sở"


def events(file: Path) -> list[tuple[str, str]]:
    """Level and text of each line of text; each has an instant with its offset."""
    found = []
    for line in file.read_bytes().decode("utf-8").split("\n")[:-1]:
        match = LINE.fullmatch(line)
        assert match, line
        assert datetime.fromisoformat(match[1]).tzinfo is not None
        found.append((match[2], match[3]))
    return found


def objects(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_bytes().decode("utf-8").split("\n")[:-1]]


def test_log_has_what_was_said_and_how_it_ended(tmp_path: Path) -> None:
    """A line an event; a second command goes on below. Nothing answers at the server's port."""
    an_audit(tmp_path)
    ran = mailaudit(*OFFLINE, "--log", "a.log", cwd=tmp_path)
    assert ran.code == 4
    found = events(tmp_path / "a.log")
    assert found[0] == ("INFO", "mailaudit 0.1.0 collect began.")
    error = ran.err.splitlines()[-1].removeprefix("Error: ")
    assert "127.0.0.1" in error
    assert found[-2:] == [("ERROR", error), ("ERROR", "Ended with exit code 4.")]
    mailaudit(*OFFLINE, "--log", "a.log", cwd=tmp_path)
    assert len(events(tmp_path / "a.log")) == 2 * len(found)
    result = json.loads((tmp_path / "a.log.result.json").read_bytes())
    assert (result["command"], result["code"]) == ("collect", 4)
    assert datetime.fromisoformat(result["ended"]) - datetime.fromisoformat(
        result["began"]
    ) < timedelta(minutes=5)


def test_log_of_json_has_an_object_an_event(tmp_path: Path) -> None:
    """The last one with the exit code."""
    an_audit(tmp_path)
    mailaudit(*OFFLINE, "--log", "a.log", "--log-format", "json", cwd=tmp_path)
    found = objects(tmp_path / "a.log")
    assert {frozenset(entry) for entry in found[:-1]} == {frozenset(("time", "level", "text"))}
    assert all(datetime.fromisoformat(entry["time"]).tzinfo for entry in found)
    assert (found[-1]["level"], found[-1]["exit_code"]) == ("ERROR", 4)


def test_log_is_in_the_language_of_the_terminal(tmp_path: Path) -> None:
    an_audit(tmp_path)
    mailaudit("collect", "--log", "a.log", cwd=tmp_path, language="vi")
    assert events(tmp_path / "a.log")[0][1] == "mailaudit 0.1.0 collect bắt đầu."
    assert events(tmp_path / "a.log")[-1][1] == "Kết thúc với mã thoát 4."


def test_log_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    """However open it was before; and so is the result."""
    an_audit(tmp_path)
    file = tmp_path / "a.log"
    file.touch(mode=0o666)
    mailaudit(*OFFLINE, "--log", file, cwd=tmp_path)
    for one in (file, tmp_path / "a.log.result.json"):
        assert one.stat().st_mode & 0o777 == 0o600


BROKEN = (
    "import os, mailaudit.roster\n"
    "def broken(*_, **__):\n"
    "    who, secret = 'nguyen.an@vidu.gov.vn', open('password').read().strip()\n"
    "    raise KeyError(f'{who} {secret}') from RuntimeError(f'had {who} {secret}')\n"
    "mailaudit.roster.read_roster = broken\n"
    "from mailaudit.__main__ import main\n"
    "main()\n"
)


@pytest.mark.parametrize("form", ["text", "json"])
def test_crash_is_in_the_log_without_anything_of_people(tmp_path: Path, form: str) -> None:
    """Kinds of errors and lines of code; no password, no address, though both are in the error."""
    an_audit(tmp_path, report='language = "en"')
    ran = subprocess.run(
        [sys.executable, "-c", BROKEN, *OFFLINE, "--log", "a.log", "--log-format", form],
        cwd=tmp_path,
        capture_output=True,
        env=environment() | {"TMPDIR": str(tmp_path)},
    )
    assert ran.returncode == 1
    text = (tmp_path / "a.log").read_text("utf-8")
    (crash,) = [line for line in text.splitlines() if "CRITICAL" in line]
    for part in ("Traceback", "RuntimeError", "KeyError", "in broken", "staff_lists.py"):
        assert part in crash
    assert SECRET not in text and json.dumps(SECRET)[1:-1] not in text
    assert "nguyen.an" not in text
    assert "This is a bug in mailaudit" in text.splitlines()[-2]
    assert "Ended with exit code 1." in text.splitlines()[-1]


def test_wrong_option_behind_it_is_in_the_log(tmp_path: Path) -> None:
    """Whoever schedules a command with a mistake in it finds that in its log."""
    an_audit(tmp_path)
    ran = mailaudit("collect", "--log", "a.log", "--period", "2026-13", cwd=tmp_path)
    assert ran.code == 2
    assert [level for level, _ in events(tmp_path / "a.log")][-2:] == ["ERROR", "ERROR"]
    ran = mailaudit("report", "--log", "b.log", "--edition", "0", cwd=tmp_path)
    assert events(tmp_path / "b.log")[-1] == ("ERROR", "Ended with exit code 2.")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Path]:
    """A log that this process writes."""
    file = tmp_path / "a.log"
    log_file.begin(file, as_json=False, command="run")
    yield file
    log.ended(0)


def written(text: str) -> None:
    """To the log alone: the test runner can't pass on what it catches of hostile texts."""
    record = logging.makeLogRecord({"msg": "%s", "args": (text,), "levelno": logging.INFO})
    record.levelname = "INFO"
    for handler in console.events.handlers:
        if isinstance(handler, RotatingFileHandler):
            handler.handle(record)


def test_event_is_one_line_whatever_is_in_it(opened: Path) -> None:
    """No text can begin a line of its own, or steer a terminal."""
    written(HOSTILE)
    assert events(opened)[-1][1] == ("first\\nsecond\\r\\x1b[31m\\u202e\\x85\\u2028\\udcff Sở")
    written("x" * 1_000_000)
    assert len(events(opened)[-1][1]) == 10_000


def test_secret_that_is_known_is_no_part_of_an_event(
    opened: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever message it got into: that of a login, and those of variables."""
    monkeypatch.setattr(bugs, "_secrets", set())
    bugs.conceal(SECRET)
    monkeypatch.setenv("MAILAUDIT_DELIVERY_PASSWORD", "an\nother")
    written(f"refused: {SECRET}, an\nother, " + repr("an\nother"))
    assert events(opened)[-1][1] == "refused: ***, ***, '***'"


def test_event_of_json_is_one_line_as_well(tmp_path: Path) -> None:
    file = tmp_path / "a.log"
    log_file.begin(file, as_json=True, command="run")
    written(HOSTILE.replace("\udcff", ""))
    log.ended(0)
    assert objects(file)[1]["text"] == HOSTILE.replace("\udcff", "")


def test_logs_are_replaced_by_size(opened: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never more than so many files of so many bytes, each readable by its owner alone."""
    for _ in range(800):
        written("x" * 9_900)
    files = sorted(opened.parent.glob("a.log*"))
    names = {file.name for file in files} - {"a.log.lock", "a.log.result.json"}
    assert names == {"a.log", *(f"a.log.{number}" for number in range(1, 6))}
    for name in names:
        file = opened.parent / name
        assert file.stat().st_size <= log_file.LARGEST_BYTES
        assert file.stat().st_mode & 0o777 == 0o600


def test_libraries_stay_out_of_the_log(opened: Path) -> None:
    """They know addresses, and logins."""
    import logging

    for name in ("exchangelib.util", "urllib3", "asyncio"):
        logging.getLogger(name).critical("Authorization: NTLM of an@vidu.gov.vn")
    logging.getLogger("mailaudit.sources.ews.transport").warning("login failed: X")
    assert [text for _, text in events(opened)[1:]] == ["login failed: X"]


def test_command_goes_on_where_the_log_cannot_be_written_any_more(
    opened: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says so once."""
    (handler,) = [one for one in console.events.handlers if isinstance(one, RotatingFileHandler)]
    before = handler.stream
    with Path("/dev/full").open("w") as full:
        handler.stream = full
        for _ in range(3):
            written("x" * 10_000)
        handler.stream = before
    said = capsys.readouterr().err
    assert said.count("a.log") == 1


CONFIG, DATABASE = "mailaudit.toml", "mailaudit.db"


def text_of(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        (
            [CONFIG],
            3,
            "{folder}/mailaudit.toml is not a log of mailaudit, and nothing was added to it."
            " Name another file with --log.",
        ),
        (
            ["password"],
            3,
            "{folder}/password is not a log of mailaudit, and nothing was added to it."
            " Name another file with --log.",
        ),
        (
            ["pipe"],
            3,
            "{folder}/pipe is not a log of mailaudit, and nothing was added to it."
            " Name another file with --log.",
        ),
        (
            ["folder"],
            3,
            "The log {folder}/folder can't be written: it is a folder."
            " Name a file in a folder that can be written.",
        ),
        (
            ["none/a.log"],
            3,
            "The log {folder}/none/a.log can't be written: there is no such file or folder."
            " Name a file in a folder that can be written.",
        ),
        (
            ["held.log"],
            3,
            "Another mailaudit is writing the log {folder}/held.log."
            " Wait until it ends, or name another file with --log.",
        ),
        (
            ["a.log", "--log-format", "xml"],
            2,
            "--log-format must be one of 'text', 'json', not xml.",
        ),
        ([], 2, "A value is missing after --log."),
    ],
)
def test_file_that_cannot_be_a_log_is_refused(
    tmp_path: Path, given: list[str], code: int, message: str
) -> None:
    """Nothing is added to it, and nothing else is done."""
    an_audit(tmp_path)
    (tmp_path / "folder").mkdir()
    if sys.platform != "win32":  # which has no pipes in folders
        os.mkfifo(tmp_path / "pipe")
    before = {file.name: text_of(file) for file in tmp_path.iterdir()}
    with FileLock(tmp_path / "held.log.lock"):
        ran = mailaudit(*OFFLINE, "--log", *given, cwd=tmp_path)
    assert ran.code == code
    assert ran.err.splitlines()[0] == f"Error: {message.format(folder=tmp_path)}"
    after = {file.name: text_of(file) for file in tmp_path.iterdir()}
    assert {name: one for name, one in after.items() if not name.endswith(".lock")} == before


def test_format_without_a_log_is_refused(tmp_path: Path) -> None:
    an_audit(tmp_path)
    ran = mailaudit(*OFFLINE, "--log-format", "json", cwd=tmp_path)
    assert (ran.code, ran.err) == (
        2,
        "Error: --log-format says how the file of --log is written, and there is none."
        " Name one with --log, or leave --log-format out.\n",
    )


def test_running_month_can_be_named(tmp_path: Path) -> None:
    """As `running`, whatever month it is; in any zone."""
    an_audit(tmp_path)
    ran = mailaudit("collect", "--period", "running", "--lang", "en", cwd=tmp_path)
    today = datetime.now().astimezone()
    assert any(f"{day:%Y-%m}: 0 of 2" in ran.err for day in (today, today + timedelta(hours=12)))
    assert mailaudit("collect", "--period", "Running", cwd=tmp_path).code == 2


def test_weekly_collection_waits_for_the_monthly_run(tmp_path: Path) -> None:
    """Where both start at the same time. A month that is named does not wait."""
    an_audit(tmp_path)
    with FileLock(tmp_path / "mailaudit.db.lock") as held:
        ran = mailaudit(*OFFLINE, cwd=tmp_path)
        assert ran.code == 5
        process = subprocess.Popen(
            [sys.executable, "-m", "mailaudit", "collect", "--period", "running", "--lang", "en"],
            cwd=tmp_path,
            env=environment(),
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert process.stderr is not None
        assert process.stderr.readline() == (
            "Another mailaudit is collecting into mailaudit.db. Waiting until it is done.\n"
        )
        held.release()
    assert "127.0.0.1" in process.communicate()[1]
    assert process.returncode == 4


def test_killed_command_leaves_that_it_began(tmp_path: Path) -> None:
    """And no end; the next one can write the log again."""
    an_audit(tmp_path)
    code = BROKEN.replace("    who,", "    import time; time.sleep(60)\n    who,")
    process = subprocess.Popen(
        [sys.executable, "-c", code, *OFFLINE, "--log", "a.log"],
        cwd=tmp_path,
        env=environment(),
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    result = tmp_path / "a.log.result.json"
    while not result.exists() and time.monotonic() < until:
        time.sleep(0.02)
    process.kill()
    process.wait()
    content = json.loads(result.read_bytes())
    assert (content["ended"], content["code"]) == (None, None)
    assert mailaudit(*OFFLINE, "--log", "a.log", cwd=tmp_path).code == 4
    assert json.loads(result.read_bytes())["code"] == 4


@pytest.mark.slow
def test_log_of_a_whole_run_names_no_person_and_no_unit(tmp_path: Path) -> None:
    """As it is scheduled; coverage, cause and files are in it, the ranking is on stdout alone."""
    denied = address(3)
    options = Options(**write_traffic(tmp_path, 42), failing={denied: "ErrorImpersonateUserDenied"})
    with served(tmp_path / "served", options) as place:
        work = Workplace.at(tmp_path / "work", place)
        config = work.folder / "mailaudit.toml"
        text = config.read_text("utf-8").replace("[report]", '[report]\nformats = ["html"]')
        config.write_text(text, "utf-8")
        run = ("run", "--period", str(MAY), "--log", "a.log", "--all", "--audience", "it")
        ran = mailaudit(*run, cwd=work.folder)
    assert ran.code == 0, ran.err
    assert "U3" in ran.out
    log = (work.folder / "a.log").read_text("utf-8")
    assert f"{MAY}, edition 1: 41 of all 42 mailboxes measured (97.6 %), in scope" in log
    assert "Access to the mailbox was denied" in log
    assert "mailaudit-2026-05-it.html" in log
    assert events(work.folder / "a.log")[-1] == ("INFO", "Ended with exit code 0.")
    assert re.search(r"@tinh\.test|\bU\d\b|\bp\d+\b", log) is None
    assert json.loads((work.folder / "a.log.result.json").read_bytes())["code"] == 0
