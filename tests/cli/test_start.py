"""What happens before a command begins: help, version, start-up, and what nobody foresaw."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typer
from audit_folder import SECRET, an_audit
from command_line import environment, mailaudit

from mailaudit.cli import app
from mailaudit.cli.help import all_commands, command_of
from mailaudit.cli.streams import never_fail_to_print

README = Path(__file__).parents[2] / "README.md"


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The command and those below it."""
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*path, name))


COMMANDS = sorted(commands(command_of(app)))


def test_every_command_is_in_the_table_of_the_readme() -> None:
    """And no other."""
    table = [line for line in README.read_text("utf-8").splitlines() if line.startswith("| `")]
    named = {name for line in table for name in re.findall(r"`([a-z-]+)`", line)}
    assert named == {command[0] for command in COMMANDS if command}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example_and_fits_80_columns(tmp_path: Path, command: tuple[str, ...]) -> None:
    """Every command shows how it is used, and no summary is cut short."""
    ran = mailaudit(*command, "--help", cwd=tmp_path)
    assert ran.code == 0
    usage = " ".join(ran.out.split())
    example = f"Example: {' '.join(('mailaudit', *command))}" if command else "mailaudit demo"
    assert example in usage
    assert "..." not in usage.replace("COMMAND [ARGS]...", "").replace("[FILE]...", "").replace(
        "{FILES}...", ""
    )
    assert max(map(len, ran.out.splitlines())) <= 80


def test_every_command_can_be_told_its_language() -> None:
    """Those that read no configuration too."""
    for command in all_commands(typer.main.get_command(app)):
        if not isinstance(command, typer.core.TyperGroup):
            assert "--lang" in {name for param in command.params for name in param.opts}, command


def test_init_speaks_the_language_it_is_told(tmp_path: Path) -> None:
    ran = mailaudit("init", "--lang", "en", cwd=tmp_path)
    assert (ran.code, ran.err) == (
        0, "Fill them in, then: mailaudit check --config mailaudit.toml\n"
    )  # fmt: skip


def test_no_command_shows_the_help(tmp_path: Path) -> None:
    """As a usage error: nothing was asked for."""
    ran = mailaudit(cwd=tmp_path)
    assert ran.code == 2
    assert "Commands:" in ran.out + ran.err


def test_version_is_reported_on_stdout(tmp_path: Path) -> None:
    """`python -m mailaudit --version`."""
    ran = mailaudit("--version", cwd=tmp_path)
    assert (ran.code, ran.out.split()[0], ran.err) == (0, "mailaudit", "")


HEAVY = ("pandas", "exchangelib", "sqlalchemy", "babel", "rich", "jinja2", "aiohttp")


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], [*HEAVY, "pydantic"]),  # in Vietnamese, Babel reads the catalog
        (["--version"], [*HEAVY, "pydantic"]),
        (["run", "--help"], [*HEAVY]),  # Typer itself reads a command's options with pydantic
        (["demo", "--help"], [*HEAVY]),
    ],
)
def test_help_loads_no_heavy_library(
    tmp_path: Path, arguments: list[str], heavy: list[str]
) -> None:
    """Whoever only asks how waits for nothing but Typer."""
    code = (
        "import sys\n"
        f"sys.argv = ['mailaudit', *{arguments!r}]\n"
        "from mailaudit.__main__ import main\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        f"loaded = [name for name in {heavy!r} if name in sys.modules]\n"
        "assert not loaded, loaded\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert ran.returncode == 0, ran.stderr


def with_a_bug(cwd: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Runs mailaudit with a bug: reading the staff list fails with the password in its message."""
    code = (
        "import os, mailaudit.roster\n"
        "def broken(*_, **__):\n"
        f"    secret = os.environ.get('MAILAUDIT_PASSWORD', {SECRET!r})\n"
        "    raise KeyError(f'lost {secret}') from RuntimeError(f'had {secret}')\n"
        "mailaudit.roster.read_roster = broken\n"
        "from mailaudit.__main__ import main\n"
        "main()\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        env=environment() | {"TMPDIR": str(cwd)} | variables,
    )


def test_bug_is_reported_in_two_lines_and_a_file(tmp_path: Path) -> None:
    """Exit 1; the traceback is in a file without the secret that was in the error's message."""
    an_audit(tmp_path, report='language = "en"')
    ran = with_a_bug(tmp_path, "run", "--period", "2026-10")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "Traceback" not in ran.stderr
    assert "This is a bug in mailaudit" in ran.stderr and "(KeyError)" in ran.stderr
    (file,) = tmp_path.glob("mailaudit-bug-*.txt")
    assert str(file) in ran.stderr
    text = file.read_text(encoding="utf-8")
    assert "Traceback" in text and "read_roster" in text
    assert "mailaudit run --period 2026-10" in text
    assert "lost ***" in text
    assert SECRET not in text + ran.stderr
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o077 == 0


def test_bug_is_shown_whole_when_asked_for(tmp_path: Path) -> None:
    """MAILAUDIT_DEBUG=1 prints the traceback, without the secret."""
    an_audit(tmp_path, server="", report='language = "en"')
    variables = {"MAILAUDIT_DEBUG": "1", "MAILAUDIT_PASSWORD": "back\\slash's"}
    ran = with_a_bug(tmp_path, "run", "--period", "2026-10", **variables)
    assert ran.returncode == 1
    assert "lost ***" in ran.stderr and "RuntimeError: had ***" in ran.stderr
    assert "slash" not in ran.stderr


def test_letters_a_console_lacks_do_not_stop_the_program(tmp_path: Path) -> None:
    """A code page without Vietnamese gets the letters without their marks."""
    ran = subprocess.run(
        [sys.executable, "-m", "mailaudit", "report", "--config", "no.toml"],
        cwd=tmp_path,
        capture_output=True,
        env=environment("vi") | {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    )
    assert ran.returncode == 3
    assert ran.stderr.decode("cp1252").startswith("Loi: Không doc duoc")


class _Console(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "system", "chosen", "printed"),
    [
        (io.TextIOWrapper, "win32", None, "Sở Y tế".encode()),
        (io.TextIOWrapper, "win32", "cp1252", b"So Y te"),
        (_Console, "win32", None, b"So Y te"),
        (io.TextIOWrapper, "linux", None, b"So Y te"),
    ],
)
def test_output_redirected_on_windows_is_utf8(
    monkeypatch: pytest.MonkeyPatch,
    stream: type[io.TextIOWrapper],
    system: str,
    chosen: str | None,
    printed: bytes,
) -> None:
    """Its code page has few Vietnamese letters; a console keeps what it can show."""
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    if chosen:
        monkeypatch.setenv("PYTHONIOENCODING", chosen)
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", stream(written, encoding="cp1252"))
    never_fail_to_print(system=system)
    sys.stdout.write("Sở Y tế")
    sys.stdout.flush()
    assert written.getvalue() == printed


def a_terminal() -> tuple[int, int]:
    """Both ends of a pseudo-terminal."""
    none_here = "there are no pseudo-terminals"
    if sys.platform == "win32":
        pytest.skip(none_here)
    else:
        try:
            return os.openpty()
        except OSError:  # a container without /dev/pts
            pytest.skip(none_here)


@pytest.mark.parametrize(("variables", "has_color"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_color_is_left_out_when_asked(
    tmp_path: Path, variables: dict[str, str], has_color: bool
) -> None:
    """On a terminal "Error:" is red, unless NO_COLOR is set."""
    ours, theirs = a_terminal()
    variables = {key: v for key, v in environment().items() if key != "NO_COLOR"} | variables
    subprocess.run(
        [sys.executable, "-m", "mailaudit", "report", "--config", "no.toml"],
        cwd=tmp_path,
        env=variables,
        stderr=theirs,
    )
    os.close(theirs)
    text = os.read(ours, 10_000)
    os.close(ours)
    assert b"Error:" in text
    assert (b"\x1b[" in text) == has_color


def test_init_leaves_what_loads_once_filled_in(tmp_path: Path) -> None:
    """The example as it is misses only what is not in any file: the password."""
    ran = mailaudit("init", "audit", cwd=tmp_path)
    assert ran.code == 0
    assert [Path(line).name for line in ran.out.splitlines()] == [
        "mailaudit.toml",
        "roster.csv",
        "units.csv",
        "events.csv",
        "corrections.csv",
        "calendar-vn.toml",
        "wording.vi.txt",
        "wording.en.txt",
        "unit-report.vi.txt",
        "unit-report.en.txt",
        "mail.vi.txt",
        "mail.en.txt",
        "reminder.vi.txt",
        "reminder.en.txt",
    ]
    assert f"mailaudit check --config {Path('audit', 'mailaudit.toml')}" in ran.err
    config = tmp_path / "audit" / "mailaudit.toml"
    run = ("run", "--config", config, "--lang", "en", "--period", "2026-01")
    ran = mailaudit(*run, cwd=tmp_path)
    assert ran.code == 3
    assert "There is no password for the account VIDU\\svc-mailaudit" in ran.err
    config.write_text(config.read_text("utf-8") + "\n# filled in", encoding="utf-8")
    again = mailaudit("init", "audit", cwd=tmp_path)
    assert (again.code, again.out) == (0, "")
    assert config.read_text("utf-8").endswith("# filled in")


def test_lists_that_init_makes_open_in_excel(tmp_path: Path) -> None:
    """Without the mark Excel takes their letters for another code page's."""
    mailaudit("init", cwd=tmp_path)
    lists = sorted(tmp_path.glob("*.csv"))
    assert [file.name for file in lists] == [
        "corrections.csv",
        "events.csv",
        "roster.csv",
        "units.csv",
    ]
    assert all(file.read_bytes().startswith(b"\xef\xbb\xbf") for file in lists)


def test_month_left_out_is_the_last_that_is_over(tmp_path: Path) -> None:
    """And it is reported, so that nobody takes one month for another."""
    an_audit(tmp_path, report='language = "en"')
    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    last = (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    ran = mailaudit("report", cwd=tmp_path)
    assert f"Month: {last}, the last one that is over." in ran.err
    assert f"no snapshot of {last}" in ran.err
    assert ran.code == 5


@pytest.mark.parametrize(("speak", "spills"), [("", False), ("log.be_verbose()", True)])
def test_libraries_warn_only_when_verbose(tmp_path: Path, speak: str, spills: bool) -> None:
    """Python prints warnings of libraries by itself where nobody arranged for them."""
    code = (
        "import logging\n"
        "from mailaudit.cli import log\n"
        "log.be_quiet()\n"
        f"{speak}\n"
        "logging.getLogger('exchangelib.util').warning('retrying')\n"
        "logging.getLogger('exchangelib.util').debug('Authorization: NTLM secret')\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert ("retrying" in ran.stderr) == spills
    assert "Authorization" not in ran.stderr
    assert ran.returncode == 0
