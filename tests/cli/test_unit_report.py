"""`mailaudit unit-report`: what it prints and writes, for whom, and what is in no file."""

import re
import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import docx
import pytest
from accounts_months import OCTOBER, ROLES, address, an_audit_of_accounts, code, name, text_of
from audit_folder import an_audit
from command_line import mailaudit
from lxml import html
from stored_months import UNITS, an_audit_of

from mailaudit.model.period import LongPeriod
from mailaudit.store import SnapshotStore

DAYS = ("--from", "2026-08-10", "--to", "2026-10-31")
PERIOD = LongPeriod.of(date(2026, 8, 10), date(2026, 10, 31))
LEADER = "mailaudit-days-2026-08-10-2026-10-31-leader"
STEM = f"{LEADER}-unit-report"
MEASURING = "2026-08-10–2026-10-31: measuring, and writing the reports …\n"
LOW = "Coverage below 95%: 2026-09.\n"
LISTED = (
    "The appendix lists people: it is for the unit's head only. Pass the report on without it.\n"
)
OWN = {"SNV": ("SNV", "SNV-CC"), "SYT": ("SYT",), "STC": ()}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Three units, one without people, with names; the report of each was made."""
    folder = tmp_path_factory.mktemp("units")
    an_audit_of_accounts(folder, formats=("docx", "pdf"))
    ran = mailaudit("unit-report", *DAYS, cwd=folder)
    assert (ran.code, ran.err) == (0, MEASURING + LISTED)
    assert ran.out == f"{LOW}3 units: {Path('reports', STEM)}s\n"
    yield folder
    shutil.rmtree(folder)


def test_each_unit_has_a_document_of_both_kinds(written: Path) -> None:
    assert {path.name for path in (written / "reports" / f"{STEM}s").iterdir()} == {
        f"{unit}{ending}" for unit in OWN for ending in (".docx", ".pdf")
    }


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_only_their_owner_reads_the_files(written: Path) -> None:
    files = [path for path in (written / "reports").rglob("*") if path.is_file()]

    assert len(files) >= 7
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_no_document_has_anybody_or_anything_of_another_unit(written: Path) -> None:
    """In no part of any file: names, addresses, staff codes, names of units."""
    units = {"SNV": "Sở Nội vụ", "SNV-CC": "Chi cục Văn thư", "SYT": "Sở Y tế", "STC": "Sở Tài"}
    listed = [role for role in ROLES if role not in ("gone", "busy")]
    for head, own in OWN.items():
        for path in (written / "reports" / f"{STEM}s").glob(f"{head}.*"):
            text = text_of(path)
            assert "".join(units[head].split()) in text
            for unit, title in units.items():
                if unit in own:
                    for role in listed:
                        assert "".join(name(unit, role).split()) in text, (path, unit, role)
                    continue
                for role in (*listed, "gone", "busy6"):
                    assert "".join(name(unit, role).split()) not in text, (path, unit, role)
                assert f"{unit.lower()}@vidu.gov.vn" not in text, (path, unit)
                assert code(unit, "") not in text
                assert "".join(title.split()) not in text or unit == head


def test_report_of_one_unit_lies_beside_those_of_all(written: Path) -> None:
    """With the same content, and a name of its own; the others stay."""
    ran = mailaudit("unit-report", *DAYS, "--unit", "syt", cwd=written)
    reports = written / "reports"

    assert ran.code == 0
    assert ran.out.splitlines()[1:] == [
        str(Path("reports", f"{STEM}-SYT{ending}")) for ending in (".docx", ".pdf")
    ]
    for ending in (".docx", ".pdf"):
        one, of_all = (reports / f"{STEM}-SYT{ending}", reports / f"{STEM}s" / f"SYT{ending}")
        assert one.read_bytes() == of_all.read_bytes()
    assert (reports / f"{STEM}s" / "SNV.docx").is_file()


def test_run_and_what_was_published_are_recorded(written: Path) -> None:
    """What heads were given counts for every later report."""
    with SnapshotStore.at(written / "mailaudit.db") as store:
        runs = {(run.command, run.period, run.made) for run in
                (entry.run for entry in store.run_record())}  # fmt: skip
        published = store.published(PERIOD)

    assert runs == {("unit-report", str(PERIOD), "reports")}
    assert published


def test_numbers_are_those_of_the_unit_s_page(written: Path) -> None:
    """The rate with both numbers, and how many people are in which state."""
    config = written / "mailaudit.toml"
    before = config.read_text("utf-8")
    config.write_text(before.replace("['docx', 'pdf']", "['html']"), "utf-8")
    made = mailaudit("report", *DAYS, "--audience", "leader", cwd=written)
    config.write_text(before, "utf-8")
    assert made.code == 0, made.err
    for unit in ("SNV", "SYT"):
        page = html.parse(written / "reports" / LEADER / "units" / f"{unit}.html")
        figure = page.xpath("//*[contains(@class, 'figure-regular')]")[0].text_content()
        rate, part, whole = re.findall(r"[\d.]+", figure)[:3]
        document = docx.Document(str(written / "reports" / f"{STEM}s" / f"{unit}.docx"))
        lines = "\n".join(paragraph.text for paragraph in document.paragraphs)
        assert f": {part}/{whole} people, a rate of {rate}%" in lines
        rows = page.xpath("//*[contains(@class, 'of-gaps')]//tbody/tr")
        shown = [[cell.text_content().strip() for cell in row] for row in rows]
        table = next(table for table in document.tables if len(table.columns) == 3)
        printed = [[cell.text.strip() for cell in row.cells] for row in table.rows]
        assert [row for row in shown if row[0]] == [row for row in printed if row[0].isdigit()]
        assert len(shown) > 3


def test_own_wording_lists_nobody_without_names(written: Path) -> None:
    """Even where it asks for the list of people."""
    config = written / "mailaudit.toml"
    before = config.read_text("utf-8")
    own = before.replace("names = true", "names = false") + '[annex]\nunit_wording = "own.txt"\n'
    config.write_text(own, "utf-8")
    (written / "own.txt").write_text(
        "[title] OWN\n[subject] S\n\n{{ unit }}.\n\n[appendix] A\n[table] staff\n", "utf-8"
    )
    ran = mailaudit("unit-report", *DAYS, "--unit", "SNV", "--out", "own", cwd=written)
    config.write_text(before, "utf-8")

    assert (ran.code, ran.err) == (0, MEASURING)
    document = docx.Document(str(written / "own" / f"{STEM}-SNV.docx"))
    assert {"OWN", "Sở Nội vụ."} <= {paragraph.text for paragraph in document.paragraphs}
    for ending in (".docx", ".pdf"):
        text = text_of(written / "own" / f"{STEM}-SNV{ending}")
        for planted in ("NguyễnThị", address("SNV", "silent"), "snv@vidu.gov.vn", code("SNV", "")):
            assert planted not in text


@pytest.mark.slow
def test_report_that_differs_by_one_person_from_an_earlier_one_is_held_back(tmp_path: Path) -> None:
    """As `report` does; nothing is written until it is asked for in spite of it."""
    at = OCTOBER.end + timedelta(days=1)
    an_audit_of(tmp_path, (OCTOBER, at), quiet=["yt3@vidu.gov.vn"], report='formats = ["docx"]')
    assert mailaudit("unit-report", "-p", "2026-10", "--unit", "SNV", cwd=tmp_path).code == 0
    shutil.rmtree(tmp_path / "reports")
    an_audit(tmp_path, report='formats = ["docx"]', rules="min_sent_days = 8")
    (tmp_path / "units.csv").write_text(UNITS, "utf-8")
    command = ("unit-report", "-p", "2026-10", "--unit", "SYT", "--lang", "en")
    refused = mailaudit(*command, cwd=tmp_path)

    assert refused.code == 2
    assert refused.err.startswith(
        "2026-10: measuring, and writing the reports …\nError: This report differs from what was"
        " published before in the figures of fewer than 5 people: 2026-10 Sở Y tế"
    )
    assert not (tmp_path / "reports").exists()
    assert mailaudit(*command, "--despite-difference", cwd=tmp_path).code == 0
    assert (tmp_path / "reports" / "mailaudit-2026-10-leader-unit-report-SYT.docx").is_file()
