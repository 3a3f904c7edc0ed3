"""Lines of a crontab: what cron and the shell make of them, and what else is in it."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from job_builders import HOSTILE, NOW, a_job, a_machine

from mailaudit.errors import ConfigurationError
from mailaudit.scheduling import Kind
from mailaudit.scheduling.cron import LONGEST_COMMAND, Cron, block, without
from stand_ins import a_crontab, a_program

OTHERS = (
    b"",
    b"MAILTO=an@vidu.gov.vn\n*/5 * * * * /bin/true\n",
    "# Sở Nội vụ\r\n\n\nSHELL=/bin/false\n0 0 * * * echo 100\\%  \n".encode(),
    b"\xff\xfe not UTF-8\n# BEGIN mailaudit-ffffffff-monthly\n# END mailaudit-ffffffff-monthly\n",
    b"no line break at the end",
)


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The crontab of a stand-in."""
    return a_crontab(monkeypatch, tmp_path)


def line_of(text: str) -> tuple[str, str]:
    """When the only line of a block starts, and what cron then gives to the shell."""
    (line,) = [line for line in text.splitlines() if not line.startswith("#")]
    *start, command = line.split(" ", 5)
    # An unescaped percent sign ends the command; a backslash stands before one only.
    assert re.fullmatch(r"(?:[^%\\]|\\%)*", command)
    return " ".join(start), command.replace("\\%", "%")


def test_shell_runs_what_is_meant_whatever_names_are_in_it(tmp_path: Path) -> None:
    """Really run by /bin/sh: folder, rights of files, each argument."""
    folder = tmp_path / HOSTILE.replace("/", "")
    folder.mkdir()
    code = (
        "import json, os, sys; mask = os.umask(0);"
        "open('seen', 'w').write(json.dumps([os.getcwd(), mask, sys.argv[1:]]))"
    )
    job = a_job(folder, program=(sys.executable, "-c", code))
    _, command = line_of(block(job))
    done = subprocess.run(["/bin/sh", "-c", command], cwd="/", env={"HOME": "/none"})
    assert done.returncode == 0
    seen = json.loads((folder / "seen").read_text())
    assert seen == [str(folder), 0o077, list(job.arguments)]


@pytest.mark.parametrize(
    ("changes", "start"),
    [
        ({}, "30 0 1 * *"),
        ({"kind": Kind.WEEKLY, "day": 1}, "30 0 * * 1"),
        ({"kind": Kind.WEEKLY, "day": 7}, "30 0 * * 0"),
    ],
)
def test_line_starts_when_the_job_says(changes: dict[str, Any], start: str) -> None:
    assert line_of(block(a_job(**changes)))[0] == start


@pytest.mark.parametrize("others", OTHERS)
def test_everything_else_stays_byte_for_byte(table: Path, tmp_path: Path, others: bytes) -> None:
    """Installed, installed anew, removed; above the variables that others set."""
    if others:
        table.write_bytes(others)
    scheduler = Cron(a_machine(tmp_path), "root")
    jobs = (a_job(), a_job(kind=Kind.WEEKLY, day=6))
    scheduler.install(jobs, NOW)
    assert table.read_bytes() == "".join(map(block, jobs)).encode() + others
    assert scheduler.installed("0123abcd") == jobs
    later = (a_job(day=5), jobs[1])
    scheduler.install(later, NOW)
    assert table.read_bytes() == "".join(map(block, later)).encode() + others
    assert scheduler.installed("0123abcd") == later
    assert scheduler.remove([job.name for job in jobs]) == tuple(job.name for job in jobs)
    assert (table.read_bytes() if table.exists() else b"") == others
    assert scheduler.remove([job.name for job in jobs]) == ()


def test_lines_around_ours_stay_wherever_they_are(table: Path, tmp_path: Path) -> None:
    """Random crontabs, with our lines moved to anywhere in them."""
    chance = random.Random(7)  # noqa: S311 - no secret
    scheduler = Cron(a_machine(tmp_path), "root")
    ours = block(a_job()).encode()
    for _ in range(40):
        lines = [chance.randbytes(chance.randrange(20)).replace(b"\n", b"") + b"\n"
                 for _ in range(chance.randrange(6))]  # fmt: skip
        at = chance.randrange(len(lines) + 1)
        table.write_bytes(b"".join((*lines[:at], ours, *lines[at:])))
        assert scheduler.remove([a_job().name]) == (a_job().name,)
        assert (table.read_bytes() if table.exists() else b"") == b"".join(lines)


@pytest.mark.parametrize(
    "broken",
    [
        "# BEGIN {name}\n* * * * * x\n",
        "* * * * * x\n# END {name}\n",
        "# END {name}\n* * * * * x\n# BEGIN {name}\n",
        "# BEGIN {name}\n# BEGIN {name}\n* * * * * x\n# END {name}\n",
    ],
)
def test_lines_without_their_markers_are_not_guessed_at(
    table: Path, tmp_path: Path, broken: str
) -> None:
    """What stands there stays."""
    name = a_job().name
    table.write_text(broken.format(name=name))
    scheduler = Cron(a_machine(tmp_path), "root")
    with pytest.raises(ConfigurationError) as refused:
        scheduler.install((a_job(),), NOW)
    assert str(refused.value) == (
        f"The lines of {name} in the crontab do not stand between their two markers."
        " Remove them by hand with crontab -e, then run the command again."
    )
    assert table.read_text() == broken.format(name=name)


def test_crontab_that_cannot_be_read_is_not_taken_for_an_empty_one(
    table: Path, tmp_path: Path
) -> None:
    """It would be replaced by ours alone."""
    a_program(tmp_path / "bin", "crontab", 'echo "You (an) are not allowed" >&2; exit 1')
    with pytest.raises(ConfigurationError) as refused:
        Cron(a_machine(tmp_path), "root").install((a_job(),), NOW)
    assert str(refused.value) == (
        "The crontab can't be read: You (an) are not allowed"
        " This account must be allowed to use crontab; see cron.allow."
    )


def test_command_that_cron_cannot_hold_is_refused() -> None:
    """Crons read a backslash differently, and cut long lines off."""
    with pytest.raises(ConfigurationError) as refused:
        block(a_job("/srv/a\\b"))
    assert str(refused.value) == (
        "Cron can't be given /srv/a\\b/mailaudit.toml: it has a backslash in its name."
        " Rename the file or folder, or choose another scheduler with --with."
    )
    with pytest.raises(ConfigurationError) as refused:
        block(a_job("/srv/" + "ở" * 200))
    assert f"bytes, of {LONGEST_COMMAND} at most" in str(refused.value)


def test_markers_of_others_are_not_ours() -> None:
    table = b"# BEGIN mailaudit-0123abcd-monthly2\n# END mailaudit-0123abcd-monthly2\n"
    assert without(table, "mailaudit-0123abcd-monthly") == table


CRONTAB_OF_THE_MACHINE = shutil.which("crontab")


@pytest.mark.skipif(
    CRONTAB_OF_THE_MACHINE is None or not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="there is no crontab, or only that of whoever runs this",
)
def test_real_crontab_takes_and_gives_back_what_is_written(tmp_path: Path) -> None:
    """That of an account that nobody uses, and that has none yet."""
    account, others = "nobody", "# một dòng\nA=b\n1 2 3 4 5 echo 'x'  \n".encode()
    whose = [str(CRONTAB_OF_THE_MACHINE), "-u", account]
    if b"no crontab" not in subprocess.run([*whose, "-l"], capture_output=True).stderr:
        pytest.skip("it has one")
    scheduler = Cron(a_machine(tmp_path), account)
    try:
        subprocess.run([*whose, "-"], input=others, check=True)
        job = a_job(f"/srv/{HOSTILE}")
        scheduler.install((job,), NOW)
        assert scheduler.installed("0123abcd") == (job,)
        assert scheduler.remove([job.name]) == (job.name,)
        assert subprocess.run([*whose, "-l"], capture_output=True).stdout == others
    finally:
        subprocess.run([*whose, "-r"])
