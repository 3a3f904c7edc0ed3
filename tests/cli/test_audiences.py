"""`mailaudit report --audience`: one edition for each reader, and which files they are."""

import re
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from audit_folder import an_audit
from command_line import mailaudit
from stored_months import UNITS, an_audit_of

from mailaudit.model.period import Period
from mailaudit.report.manifest import write_report
from mailaudit.store import SnapshotStore

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


@pytest.mark.slow
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


# A difference of few people


def changed(folder: Path, **tables: str) -> None:
    """Another configuration of the same audit."""
    an_audit(folder, report='formats = ["html"]', **tables)
    (folder / "units.csv").write_text(UNITS, "utf-8")


def rewritten(folder: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in files_of(folder / "reports").items()}


@pytest.mark.slow
@pytest.mark.parametrize("audience", ["public", "leader"])
def test_report_that_differs_by_one_person_is_not_written_unless_asked_to(
    tmp_path: Path, audience: str
) -> None:
    """With other rules one person of the health department is not regular any more."""
    an_audit_of(tmp_path, (OCTOBER, OCTOBER.end + timedelta(days=1)), quiet=["yt3@vidu.gov.vn"])
    again = ("report", "--period", "2026-10", "--lang", "en", "--audience", audience)
    assert mailaudit(*again, cwd=tmp_path).code == 0
    before = rewritten(tmp_path)
    assert mailaudit(*again, cwd=tmp_path).code == 0
    changed(tmp_path, rules="min_sent_days = 8")
    refused = mailaudit(*again, cwd=tmp_path)
    said = " ".join(refused.err.split())

    assert refused.code == 2
    assert "differs from what was published before in the figures of fewer than 5 people" in said
    assert "2026-10 Sở Y tế" in said
    assert "--despite-difference" in said
    assert rewritten(tmp_path) == before
    written = mailaudit(*again, "--despite-difference", cwd=tmp_path)
    assert written.code == 0, written.err
    assert rewritten(tmp_path) != before
    assert mailaudit(*again, cwd=tmp_path).code == 0


@pytest.mark.slow
def test_the_it_department_is_not_asked(tmp_path: Path) -> None:
    """Its reports are not published, so nothing is held against them, and nothing recorded."""
    an_audit_of(tmp_path, (OCTOBER, OCTOBER.end + timedelta(days=1)), quiet=["yt3@vidu.gov.vn"])
    again = ("report", "--period", "2026-10", "--audience", "it")
    assert mailaudit(*again, cwd=tmp_path).code == 0
    changed(tmp_path, rules="min_sent_days = 8")
    assert mailaudit(*again, cwd=tmp_path).code == 0
    with SnapshotStore.at(tmp_path / "mailaudit.db") as store:
        assert store.published(OCTOBER) == []


@pytest.mark.slow
def test_month_shown_by_a_later_report_is_held_against_its_own(tmp_path: Path) -> None:
    """The trend measures September with the rules of today, and differs by one person."""
    september = OCTOBER.shifted(-1)
    ends = [(month, month.end + timedelta(days=1)) for month in (september, OCTOBER)]
    an_audit_of(tmp_path, *ends, quiet=["yt3@vidu.gov.vn"])
    assert mailaudit("report", "--period", "2026-09", cwd=tmp_path).code == 0
    changed(tmp_path, rules="min_sent_days = 8")
    written = mailaudit("report", "--period", "2026-10", "--lang", "en", cwd=tmp_path)
    assert written.code == 0
    assert "Not shown: 2026-09." in written.err
    page = tmp_path / "reports" / "mailaudit-2026-10" / "units" / "SYT.html"
    (row,) = re.findall("<tr[^>]*>(?:(?!</tr>).)*2026-09.*?</tr>", page.read_text("utf-8"), re.S)
    assert "(hidden)" in row
    again = ("report", "--period", "2026-10", "--lang", "en", "--despite-difference")
    said = mailaudit(*again, cwd=tmp_path).err
    assert said == "2026-10: measuring, and writing the reports …\n"
    assert "(hidden)" not in page.read_text("utf-8")


@pytest.mark.slow
def test_report_of_one_unit_is_held_against_the_whole(tmp_path: Path) -> None:
    """Its sums are a line of the whole, which was published by other rules."""
    an_audit_of(tmp_path, (OCTOBER, OCTOBER.end + timedelta(days=1)), quiet=["vp3@vidu.gov.vn"])
    of_unit = ("report", "--period", "2026-10", "--unit", "SNV")
    assert mailaudit("report", "--period", "2026-10", cwd=tmp_path).code == 0
    assert mailaudit(*of_unit, cwd=tmp_path).code == 0
    changed(tmp_path, rules="min_sent_days = 8")
    for made in (tmp_path / "reports").rglob("*SNV*"):
        made.unlink() if made.is_file() else None
    refused = mailaudit(*of_unit, cwd=tmp_path)
    assert refused.code == 2
    assert "2026-10 Sở Nội vụ" in " ".join(refused.err.split())


def test_what_is_published_is_recorded_before_any_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report that is stopped while its files are written may be out already."""
    an_audit_of(tmp_path, (OCTOBER, OCTOBER.end + timedelta(days=1)))
    (tmp_path / "reports").write_text("no folder", "utf-8")
    assert mailaudit("report", "--period", "2026-10", cwd=tmp_path).code == 3
    with SnapshotStore.at(tmp_path / "mailaudit.db") as store:
        (record,) = store.published(OCTOBER)
    assert (record.edition, record.audience) == (1, "public")
    assert record.lines["unit", "SYT"]["regular"] == 20


def test_operator_cannot_publish_units_of_fewer_than_five(tmp_path: Path) -> None:
    """The number can be raised: then a unit of twenty people has no line either."""
    an_audit_of(tmp_path, (OCTOBER, OCTOBER.end + timedelta(days=1)))
    an_audit(tmp_path, report="min_published = 4")
    refused = mailaudit("report", "--period", "2026-10", cwd=tmp_path)
    assert refused.code == 3
    assert "report.min_published" in refused.err
    an_audit(tmp_path, report='min_published = 21\nformats = ["html"]')
    (tmp_path / "units.csv").write_text(UNITS, "utf-8")
    assert mailaudit("report", "--period", "2026-10", cwd=tmp_path).code == 0
    assert set(files_of(tmp_path / "reports")) == {
        "mailaudit-2026-10.html",
        "mailaudit-2026-10/units/SNV.html",
    }
    page = (tmp_path / "reports" / "mailaudit-2026-10.html").read_text("utf-8")
    assert "Các đơn vị ít người (1 đơn vị): Sở Y tế." in page
    assert "từ 21 người trong danh sách" in page
