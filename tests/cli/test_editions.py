"""`mailaudit report --edition`: an edition that was replaced, and every file that says so."""

import zipfile
from pathlib import Path

import openpyxl
import pypdf
import pytest
from command_line import Ran, mailaudit
from looking_back import PLANS, an_audit_to_look_back_on

from mailaudit.model.audience import Audience
from mailaudit.report.filenames import report_stem

_, _, AUGUST, DRAFT, FULL, _ = PLANS
NOTICE = (
    "These are the figures of edition 1 of the month. Edition 2 has replaced it: its figures are"
    " the ones that hold."
)
MARK = "REPLACED BY EDITION 2"
ALL = 'formats = ["html", "xlsx", "docx", "pdf", "brief"]'


def report(folder: Path, *arguments: str) -> Ran:
    return mailaudit("report", "--period", "2026-09", "--lang", "en", *arguments, cwd=folder)


def files_of(folder: Path) -> set[str]:
    reports = folder / "reports"
    return {path.relative_to(reports).as_posix() for path in reports.rglob("*") if path.is_file()}


def text_of(path: Path) -> str:
    """What a reader sees of a file, its lines joined."""
    if path.suffix == ".xlsx":
        sheets = openpyxl.load_workbook(path).worksheets
        values = [value for sheet in sheets[:1] for row in sheet.values for value in row if value]
        return " ".join(map(str, values))
    if path.suffix == ".docx":
        return zipfile.ZipFile(path).read("word/document.xml").decode()
    if path.suffix == ".pdf":
        pages = pypdf.PdfReader(path).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())
    return path.read_text("utf-8")


@pytest.mark.slow
def test_earlier_edition_has_its_own_figures_and_names(tmp_path: Path) -> None:
    """51 of 128 in September's first edition; the files of the second stay as they are."""
    an_audit_to_look_back_on(tmp_path, AUGUST, DRAFT, FULL)
    assert report(tmp_path, "--audience", "it").code == 0
    page = tmp_path / "reports" / "mailaudit-2026-09-it.html"
    before = page.read_bytes()
    ran = report(tmp_path, "--audience", "it", "--edition", "1")
    assert ran.code == 0, ran.err
    assert ran.out.startswith(NOTICE)
    total = [line.split() for line in ran.out.splitlines() if line.strip().startswith("TOTAL")]
    assert total == [["TOTAL", "108", "47", "43.5", "-26.9"]]
    assert page.read_bytes() == before
    assert "reports/mailaudit-2026-09-it-edition-1.html" in ran.out
    assert NOTICE not in page.read_text("utf-8")


def test_newest_edition_by_its_number_is_the_usual_report(tmp_path: Path) -> None:
    """Its files have the usual names and no notice."""
    an_audit_to_look_back_on(tmp_path, DRAFT, FULL)
    assert report(tmp_path, "--edition", "2").code == 0
    assert "mailaudit-2026-09.html" in files_of(tmp_path)
    page = (tmp_path / "reports" / "mailaudit-2026-09.html").read_text("utf-8")
    assert "replaced" not in page.casefold()


@pytest.mark.slow
def test_register_holds_for_an_earlier_edition(tmp_path: Path) -> None:
    """Beside the second edition it would give four people of a department away."""
    an_audit_to_look_back_on(tmp_path, DRAFT, FULL)
    assert report(tmp_path).code == 0
    before = files_of(tmp_path)
    refused = report(tmp_path, "--edition", "1")
    assert (refused.code, refused.out) == (2, "")
    assert "This report differs from what was published before" in refused.err
    assert "2026-09 Sở Tài chính" in refused.err
    assert files_of(tmp_path) == before
    assert report(tmp_path, "--edition", "1", "--despite-difference").code == 0
    assert "mailaudit-2026-09-edition-1.html" in files_of(tmp_path)


def test_earlier_edition_of_a_unit_has_both_in_its_name(tmp_path: Path) -> None:
    """And no code of a unit can look like an edition."""
    an_audit_to_look_back_on(tmp_path, DRAFT, FULL)
    ran = report(tmp_path, "--edition", "1", "--unit", "SNV", "--audience", "it")
    assert ran.code == 0, ran.err
    assert "reports/mailaudit-2026-09-it-edition-1-SNV.html" in ran.out
    of_unit = report_stem(FULL.month, Audience.PUBLIC, "edition-1")
    assert of_unit != report_stem(FULL.month, Audience.PUBLIC, edition=1)


@pytest.mark.slow
@pytest.mark.parametrize("audience", ["public", "leader"])
def test_every_file_says_that_it_was_replaced(tmp_path: Path, audience: str) -> None:
    """Pages, workbooks, the document as DOCX and PDF, the card; those of each unit too."""
    an_audit_to_look_back_on(tmp_path, DRAFT, FULL, report=ALL)
    assert report(tmp_path, "--audience", audience, "--edition", "1").code == 0
    files = {name for name in files_of(tmp_path) if not name.endswith((".png", ".sha256"))}
    assert {Path(name).suffix for name in files} == {".html", ".xlsx", ".docx", ".pdf"}
    assert len(files) >= 5 + 2 * 5
    for name in files:
        text = text_of(tmp_path / "reports" / name)
        assert NOTICE in text, name
        assert MARK in text, name
        assert "edition-1" in name
