"""Finished files: whole or not at all."""

import os
import stat
import threading
from pathlib import Path

import pytest

from mailaudit.errors import ConfigurationError
from mailaudit.report.files import remove_others, write_atomically

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


def test_what_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    """A folder that is a file is named, and the file stays as it is."""
    (tmp_path / "reports").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"reports"):
        write_atomically(tmp_path / "reports" / "report.html", b"x")
    assert (tmp_path / "reports").read_text(encoding="utf-8") == "mine"


def test_path_that_is_a_folder_is_told_and_leaves_nothing(tmp_path: Path) -> None:
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


def test_file_that_cannot_be_removed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of an earlier report would stay in public otherwise; open files, on Windows."""
    (tmp_path / "OLD.html").write_text("x", encoding="utf-8")

    def refuse(path: Path) -> None:
        raise PermissionError(13, "in use", str(path))

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(ConfigurationError, match=r"OLD\.html"):
        remove_others(tmp_path, (), (".html",))


def test_only_files_of_the_folder_itself_are_removed(tmp_path: Path) -> None:
    """Those kept, of other endings, and below it stay; a folder that is not there is no error."""
    for name in ("a.html", "b.html", "c.txt", "d/e.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    remove_others(tmp_path, {tmp_path / "a.html"}, (".html",))
    remove_others(tmp_path / "none", (), (".html",))
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == ["a.html", "c.txt", "e.html"]
