"""`mailaudit report --audience`: one edition for each reader, and which files they are."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from command_line import mailaudit
from stored_months import an_audit_of

from mailaudit.model.period import Period
from mailaudit.report.manifest import write_report

OCTOBER = Period(2026, 10)


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    an_audit_of(tmp_path, (OCTOBER, OCTOBER.end + timedelta(days=1)))
    return tmp_path


def files_of(folder: Path) -> dict[str, Path]:
    """The pages below `folder`, by their path in it."""
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.html")}


def test_report_is_for_the_public_unless_said_otherwise(audit: Path) -> None:
    """Nothing in it is an address, and everybody may read the files."""
    ran = mailaudit("report", "--period", "2026-10", cwd=audit)
    assert ran.code == 0, ran.err
    pages = files_of(audit / "reports")

    assert "mailaudit-2026-10.html" in pages
    assert {name.split("/")[0] for name in pages} == {"mailaudit-2026-10.html", "mailaudit-2026-10"}
    for path in pages.values():
        assert "Bản công bố" in path.read_text("utf-8")
        assert "@vidu.gov.vn" not in path.read_text("utf-8")
        assert stat.S_IMODE(path.stat().st_mode) & stat.S_IRGRP


@pytest.mark.parametrize("audience", ["leader", "it"])
def test_editions_with_people_are_their_owners_alone(audit: Path, audience: str) -> None:
    """They say so in name and text, and stand beside the public edition without touching it."""
    assert mailaudit("report", "--period", "2026-10", cwd=audit).code == 0
    public = {name: path.read_bytes() for name, path in files_of(audit / "reports").items()}
    ran = mailaudit("report", "--period", "2026-10", "--audience", audience, cwd=audit)
    assert ran.code == 0, ran.err
    pages = files_of(audit / "reports")
    others = {name: path for name, path in pages.items() if name not in public}

    assert {name: pages[name].read_bytes() for name in public} == public
    assert all(name.startswith(f"mailaudit-2026-10-{audience}") for name in others)
    assert f"mailaudit-2026-10-{audience}/units/SNV.html" in others
    page = others[f"mailaudit-2026-10-{audience}/units/SNV.html"].read_text("utf-8")
    assert "@vidu.gov.vn" in page
    for path in others.values():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_unit_the_report_no_longer_shows_loses_its_files(audit: Path) -> None:
    """Those of another edition stay, and whatever else lies in the folder; that is named."""
    reports = audit / "reports"
    left = reports / "mailaudit-2026-10" / "units"
    other = reports / "mailaudit-2026-10-it" / "units"
    for folder in (left, other):
        earlier = {folder / name: b"an earlier report" for name in ("OLD.html", "OLD.xlsx")}
        write_report(reports, folder.parent.name, earlier, private=False)
        (folder / "note.txt").write_text("of somebody else", "utf-8")
    ran = mailaudit("report", "--period", "2026-10", cwd=audit)
    assert ran.code == 0, ran.err

    assert sorted(path.name for path in left.iterdir()) == ["SNV.html", "SYT.html", "note.txt"]
    assert len(list(other.iterdir())) == 3
    assert "note.txt" in ran.err and "OLD" not in ran.err


def test_an_audience_there_is_not_is_refused(audit: Path) -> None:
    """With the three there are."""
    ran = mailaudit("report", "--period", "2026-10", "--audience", "press", cwd=audit)

    assert ran.code == 2
    assert all(name in ran.err for name in ("press", "public", "leader", "it"))
