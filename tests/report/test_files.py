"""Finished files: whole or not at all."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mailaudit.errors import ConfigurationError
from mailaudit.report.files import write_atomically

posix = pytest.mark.skipif(os.name != "posix", reason="the modes of files are POSIX's")


def test_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    """While it is written again and again, the file is always one of the two whole ones."""
    path, contents = tmp_path / "report.html", {b"a" * 500_000, b"b" * 500_000}
    write_atomically(path, b"a" * 500_000)
    seen: set[bytes] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(30):
        for content in contents:
            write_atomically(path, content)
    stop.set()
    reader.join()
    assert seen <= contents
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.html"]


def test_folder_is_made(tmp_path: Path) -> None:
    """A folder that is not there yet is no error."""
    write_atomically(tmp_path / "a" / "b" / "report.html", b"x")
    assert (tmp_path / "a" / "b" / "report.html").read_bytes() == b"x"


def test_what_cannot_be_written_is_reported_and_leaves_nothing(tmp_path: Path) -> None:
    """A folder that is a file is named, and the file stays as it is."""
    (tmp_path / "reports").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"reports"):
        write_atomically(tmp_path / "reports" / "report.html", b"x")
    assert (tmp_path / "reports").read_text(encoding="utf-8") == "mine"


def test_path_that_is_a_folder_is_reported_and_leaves_nothing(tmp_path: Path) -> None:
    """The unfinished file is taken away again."""
    (tmp_path / "report.html").mkdir()
    with pytest.raises(ConfigurationError, match=r"report\.html"):
        write_atomically(tmp_path / "report.html", b"x")
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.html"]


@posix
def test_private_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Whatever the umask; other files follow it."""
    before = os.umask(0o022)
    try:
        write_atomically(tmp_path / "private", b"x", private=True)
        write_atomically(tmp_path / "public", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "public").stat().st_mode) == 0o644


KILLED_WHILE_WRITING = """
import os, sys, time
from pathlib import Path
from mailaudit.report import files

def halt(handle):
    print("writing", flush=True)
    time.sleep(600)

os.fsync = halt
files.write_atomically(Path(sys.argv[1]), b"secret figures")
"""


def a_writer(path: Path) -> "subprocess.Popen[str]":
    """A process in the middle of writing a file."""
    writer = subprocess.Popen(
        [sys.executable, "-c", KILLED_WHILE_WRITING, path], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None and writer.stdout.readline() == "writing\n"
    return writer


@posix
def test_unfinished_file_of_a_killed_run_goes_at_the_next(tmp_path: Path) -> None:
    """One that a living process writes stays, and so do files and links of others."""
    killed, alive = a_writer(tmp_path / "a.html"), a_writer(tmp_path / "b.html")
    killed.kill()
    killed.wait()
    (tmp_path / "mine.txt").write_text("x")
    (tmp_path / ".mine.mailaudit-part").symlink_to("mine.txt")
    try:
        assert len(list(tmp_path.glob(".*.mailaudit-part"))) == 3
        write_atomically(tmp_path / "c.html", b"x")
        names = sorted(path.name for path in tmp_path.iterdir())
        assert len(names) == 4
        assert names[0].startswith(".b.html.")
        assert names[1:] == [".mine.mailaudit-part", "c.html", "mine.txt"]
    finally:
        alive.kill()
        alive.communicate()
        killed.communicate()
