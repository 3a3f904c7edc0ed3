"""What an earlier report wrote goes; what anybody else put there stays."""

import os
from pathlib import Path

import pytest

from mailaudit.errors import ConfigurationError
from mailaudit.report.manifest import others, write_report

STEM = "mailaudit-2026-10"
posix = pytest.mark.skipif(os.name != "posix", reason="symbolic links need no rights there")


def report(folder: Path, *names: str, stem: str = STEM) -> tuple[Path, ...]:
    """Writes a report of these files; returns what it left of the one before."""
    contents = {folder / name: name.encode() for name in names}
    return write_report(folder, stem, contents, private=False)


def names_in(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name[0] != ".")
    return sorted(path.relative_to(folder).as_posix() for path in files)


def test_report_removes_what_the_one_before_it_wrote(tmp_path: Path) -> None:
    """Documents no longer wanted too, and folders that are empty then; other months stay."""
    report(tmp_path, "mailaudit-2026-09.html", stem="mailaudit-2026-09")
    report(tmp_path, f"{STEM}.html", f"{STEM}-annex.pdf", f"{STEM}/units/A.html")
    assert report(tmp_path, f"{STEM}.html") == ()
    assert names_in(tmp_path) == ["mailaudit-2026-09.html", f"{STEM}.html"]
    assert not (tmp_path / STEM).exists()


def test_file_of_somebody_else_stays(tmp_path: Path) -> None:
    """Although it lies where the pages of units do, and ends as they do."""
    report(tmp_path, f"{STEM}/units/A.html", f"{STEM}/units/B.xlsx")
    mine = tmp_path / STEM / "units" / "ghi-chú.xlsx"
    mine.write_text("mine")
    (tmp_path / STEM / "units" / "B.xlsx").write_text("corrected by hand")
    assert report(tmp_path, f"{STEM}/units/C.html") == (tmp_path / STEM / "units" / "B.xlsx",)
    assert mine.read_text() == "mine"
    assert not (tmp_path / STEM / "units" / "A.html").exists()


@posix
def test_link_is_not_followed(tmp_path: Path) -> None:
    """Neither one in the place of a file, nor one in the place of a folder."""
    report(tmp_path, f"{STEM}/units/A.html", f"{STEM}-annex.pdf")
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / STEM / "units").rename(elsewhere)
    (tmp_path / STEM / "units").symlink_to(elsewhere)
    (tmp_path / f"{STEM}-annex.pdf").rename(elsewhere / "kept.pdf")
    (tmp_path / f"{STEM}-annex.pdf").symlink_to(elsewhere / "kept.pdf")
    report(tmp_path, f"{STEM}.html")
    assert sorted(path.name for path in elsewhere.iterdir()) == ["A.html", "kept.pdf"]
    assert (tmp_path / f"{STEM}-annex.pdf").is_symlink()


def test_list_that_names_files_elsewhere_removes_nothing_there(tmp_path: Path) -> None:
    """Somebody else may have written it."""
    folder = tmp_path / "reports"
    report(folder, f"{STEM}.html")
    (tmp_path / "victim").write_text("x")
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # of "x"
    for name in ("../victim", str(tmp_path / "victim"), f"{STEM}/../../victim"):
        (folder / f".{STEM}.sha256").write_text(f"{digest}  {name}\n")
        report(folder, f"{STEM}.html")
    assert (tmp_path / "victim").exists()


def test_killed_in_the_middle_every_file_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next report removes those of both that it does not write."""
    report(tmp_path, f"{STEM}/units/A.html")

    def killed(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("mailaudit.report.manifest._removed", killed)
        report(tmp_path, f"{STEM}/units/B.html")
    report(tmp_path, f"{STEM}.html")
    assert names_in(tmp_path) == [f"{STEM}.html"]


def test_file_that_cannot_be_removed_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of an earlier report would stay in public otherwise; open files, on Windows."""
    report(tmp_path, f"{STEM}/units/OLD.html")
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path.name == "OLD.html":
            raise PermissionError(13, "in use", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(ConfigurationError, match=r"OLD\.html .* access is denied"):
        report(tmp_path, f"{STEM}.html")


def test_other_files_a_reader_may_take_for_the_report_are_named(tmp_path: Path) -> None:
    """Beside the public one all public ones of the month; beside another those of its name."""
    names = [
        f"{STEM}-it.html", f"{STEM}-leader/units/A.html", f"{STEM}-SNV.html", f"{STEM}-annex.pdf",
        f"{STEM}-it-annex.pdf", f"{STEM}-pack.zip", f"{STEM}-it-pack.zip",
        f"{STEM}/units/A.html", "mailaudit-2026-11.html", f"{STEM}.html",
    ]  # fmt: skip
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    kept = {tmp_path / f"{STEM}.html"}
    found = [path.relative_to(tmp_path).as_posix() for path in others(tmp_path, STEM, STEM, kept)]
    assert found == [
        f"{STEM}-SNV.html", f"{STEM}-annex.pdf", f"{STEM}-pack.zip", f"{STEM}/units/A.html",
    ]  # fmt: skip
    kept = {tmp_path / f"{STEM}-it.html"}
    assert list(others(tmp_path, f"{STEM}-it", STEM, kept)) == [
        tmp_path / f"{STEM}-it-annex.pdf",
        tmp_path / f"{STEM}-it-pack.zip",
    ]
