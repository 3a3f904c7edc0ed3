"""Tasks of the Windows Task Scheduler: their XML, and what Windows makes of the command in it."""

from pathlib import Path
from typing import Any

import pytest
from job_builders import HOSTILE, NOW, a_job, a_machine
from lxml import etree

from mailaudit.errors import ConfigurationError
from mailaudit.scheduling import Kind
from mailaudit.scheduling.task_scheduler import TaskScheduler, task_xml
from stand_ins import a_program, put_first

TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
# Keeps each task as a file, and answers as the real one: in UTF-16.
SCHTASKS = """
task="$TASKS/$3"
case "$1" in
/create) [ -e "$TASKS/refuse" ] && { echo "ERROR: Access is denied." >&2; exit 1; }
         cp "$5" "$task" ;;
/query) [ -e "$task" ] || { echo "ERROR: The system cannot find the file." >&2; exit 1; }
        cat "$task" ;;
/delete) rm "$task" ;;
esac
"""


@pytest.fixture
def scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TaskScheduler:
    """With a stand-in for schtasks that keeps tasks in `tasks`."""
    a_program(tmp_path / "bin", "schtasks", SCHTASKS)
    (tmp_path / "tasks").mkdir()
    put_first(monkeypatch, tmp_path / "bin")
    monkeypatch.setenv("TASKS", str(tmp_path / "tasks"))
    return TaskScheduler(a_machine(tmp_path, account="VIDU\\an & co"))


def windows_words(line: str) -> list[str]:
    """What a program on Windows sees of a command line.

    Source: "Parsing C command-line arguments" of Microsoft's documentation of C.
    """
    words, word, is_quoted, at = [], None, False, 0
    while at < len(line):
        slashes = 0
        while line[at : at + 1] == "\\":
            slashes, at = slashes + 1, at + 1
        letter = line[at : at + 1]
        if letter == '"':
            word = (word or "") + "\\" * (slashes // 2)
            if slashes % 2:
                word += '"'
            else:
                is_quoted = not is_quoted
        else:
            if slashes:
                word = (word or "") + "\\" * slashes
            if letter in (" ", "\t") and not is_quoted:
                words += [] if word is None else [word]
                word = None
            elif letter:
                word = (word or "") + letter
        at += 1
    assert not is_quoted
    return words + ([] if word is None else [word])


def task(xml: str) -> dict[str, str | None]:
    """The texts of a task's elements. The order of the parts is the schema's."""
    root = etree.fromstring(xml.encode("utf-16"))
    assert [part.tag.removeprefix(TASK) for part in root] == [
        "RegistrationInfo", "Triggers", "Principals", "Settings", "Actions",
    ]  # fmt: skip
    return {str(one.tag).removeprefix(TASK): one.text for one in root.iter()}


@pytest.mark.parametrize(
    "folder",
    [
        "C:\\Sở Nội vụ\\50% $HOME 'a' & <b> ]]> ;^|`",
        "C:\\ends with a backslash\\",
        "D:\\a b\\\\c",
        "/srv/" + HOSTILE.replace("$(id)", "").replace(" %h", "").replace("/", ""),
    ],
)
def test_task_says_what_is_meant_whatever_names_are_in_it(folder: str) -> None:
    job = a_job(folder, program=(f"{folder}python.exe", "-P", "-m", "mailaudit"))
    found = task(task_xml(job, "VIDU\\an & <co>", NOW))
    assert found["Command"] == job.command[0]
    assert windows_words(found["Arguments"] or "") == list(job.command[1:])
    assert found["WorkingDirectory"] == folder
    assert found["UserId"] == "VIDU\\an & <co>"


@pytest.mark.parametrize("name", ["a%TEMP%b", "x $(Arg0) y"])
def test_name_that_the_task_scheduler_would_change_is_refused(name: str) -> None:
    """It puts variables in, and there is no way to write a percent sign otherwise."""
    with pytest.raises(ConfigurationError) as refused:
        task_xml(a_job(f"C:\\{name}"), "an", NOW)
    assert str(refused.value) == (
        f"The Task Scheduler would change C:\\{name}/mailaudit.toml: it has two % or a $( in its"
        " name. Rename the file or folder."
    )


@pytest.mark.parametrize(
    ("changes", "first", "marks"),
    [
        ({}, "2026-12-01T00:30:00", {"Day": "1", "January": None, "December": None}),
        ({"kind": Kind.WEEKLY, "day": 1}, "2026-11-23T00:30:00", {"Monday": None}),
        ({"kind": Kind.WEEKLY, "day": 7}, "2026-11-22T00:30:00", {"Sunday": None}),
    ],
)
def test_task_starts_when_the_job_says(
    changes: dict[str, Any], first: str, marks: dict[str, str | None]
) -> None:
    """The first time is ahead, so that none is made up for at once; missed ones are."""
    found = task(task_xml(a_job(**changes), "an", NOW))
    assert found["StartBoundary"] == first
    assert marks.items() <= found.items()
    assert (found["StartWhenAvailable"], found["ExecutionTimeLimit"]) == ("true", "PT0S")
    assert found["LogonType"] == "S4U"  # no password is stored


def test_what_is_installed_is_found_and_removed_again(
    scheduler: TaskScheduler, tmp_path: Path
) -> None:
    """Other tasks stay."""
    (tmp_path / "tasks" / "other").touch()
    jobs = (a_job("/srv/Sở & <1>"), a_job(kind=Kind.WEEKLY, day=6))
    scheduler.install(jobs, NOW)
    assert scheduler.installed("0123abcd") == jobs
    assert scheduler.fault(jobs[0]) is None
    names = tuple(job.name for job in jobs)
    assert scheduler.remove(names) == names
    assert scheduler.installed("0123abcd") == ()
    assert [file.name for file in (tmp_path / "tasks").iterdir()] == ["other"]
    assert scheduler.remove(names) == ()


def test_task_that_is_switched_off_is_named(scheduler: TaskScheduler, tmp_path: Path) -> None:
    job = a_job()
    scheduler.install((job,), NOW)
    file = tmp_path / "tasks" / job.name
    xml = file.read_text("utf-16").replace("<Settings>", "<Settings><Enabled>false</Enabled>")
    file.write_text(xml, "utf-16")
    fault = scheduler.fault(job)
    assert fault is not None
    assert fault.command == f"schtasks /change /tn {job.name} /enable"


def test_installation_that_windows_refuses_leaves_nothing(
    scheduler: TaskScheduler, tmp_path: Path
) -> None:
    (tmp_path / "tasks" / "refuse").touch()
    with pytest.raises(ConfigurationError, match="refuses: ERROR: Access is denied"):
        scheduler.install((a_job(),), NOW)
    assert [file.name for file in (tmp_path / "tasks").iterdir()] == ["refuse"]
