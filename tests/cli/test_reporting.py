"""`mailaudit report` of a stored month: one unit, computed holidays, a month without mail."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from command_line import Ran, environment, mailaudit
from stored_months import SIZES, an_audit_of

from mailaudit import audit
from mailaudit.locale import language
from mailaudit.model.audience import Audience
from mailaudit.model.period import Period
from mailaudit.model.rules import Rules
from mailaudit.publication.publish import publish
from mailaudit.report.compose import compose
from mailaudit.report.value import Report, Section, UnitReport
from mailaudit.roster import read_calendar
from mailaudit.store import SnapshotStore


def after(month: Period) -> datetime:
    return month.end + timedelta(days=1)


Reporting = Callable[..., Ran]


@pytest.fixture
def report(tmp_path: Path) -> Reporting:
    """Runs `mailaudit report` of October 2026 in English."""

    def run(*arguments: str, period: str = "2026-10") -> Ran:
        return mailaudit("report", "--lang", "en", "--period", period, *arguments, cwd=tmp_path)

    return run


OCTOBER, SEPTEMBER = Period(2026, 10), Period(2026, 9)
MONTHS = (SEPTEMBER, OCTOBER)


def test_report_of_a_unit_ranks_its_parts(tmp_path: Path, report: Reporting) -> None:
    """Only its people; the files carry the code; a unit there is not is refused."""
    an_audit_of(tmp_path, (OCTOBER, after(OCTOBER)))
    ran = report("--unit", "snv")  # as the list does not write it
    assert ran.code == 0, ran.err
    assert "Chi cục" in ran.out
    assert "Sở Y tế" not in ran.out
    assert ["TOTAL", "31", "31", "100.0"] in [line.split() for line in ran.out.splitlines()]
    page = (tmp_path / "reports" / "mailaudit-2026-10-SNV.html").read_text("utf-8")
    assert "Ví Dụ – Sở Nội vụ" in page
    assert "Sở Y tế" not in page
    refused = report("--unit", "X")
    assert refused.code == 2
    assert "has no unit X. Name one of its units: SNV, SNV/VP, SNV-CC, SYT." in refused.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("unit", "above", "leave"),
    [
        ("SYT", (), "the report of all units: leave out --unit."),
        ("SNV/VP", ("--unit", "SNV"), "the report of the unit above it: --unit SNV."),
    ],
)
def test_report_of_a_unit_without_parts_is_refused(
    tmp_path: Path, report: Reporting, unit: str, above: tuple[str, ...], leave: str
) -> None:
    """It would rank the unit against nobody; the page that is named instead is there."""
    an_audit_of(tmp_path, (OCTOBER, after(OCTOBER)))
    refused = report("--unit", unit, "--audience", "leader")
    said = " ".join(refused.err.split())
    assert refused.code == 2
    assert f"Unit {unit} has no units below it to rank. Its own page is " in said
    assert leave in said
    page = said.partition("Its own page is ")[2].partition(", of ")[0]
    assert not (tmp_path / "reports" / page).exists()
    assert report(*above, "--audience", "leader").code == 0
    assert (tmp_path / "reports" / page).is_file()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("SVN", "SNV (Sở Nội vụ)"),
        ("SNVCC", "SNV-CC (Chi cục)"),
        ("sở y tế", "SYT (Sở Y tế)"),
    ],
)
def test_report_of_an_unknown_unit_suggests_close_ones(
    tmp_path: Path, report: Reporting, written: str, meant: str
) -> None:
    """A code with a slip, or the unit's name in its place."""
    an_audit_of(tmp_path, (OCTOBER, after(OCTOBER)))
    refused = report("--unit", written)
    assert refused.code == 2
    said = " ".join(refused.err.split())
    assert f"has no unit {written}. Did you mean " in said
    assert meant in said


@pytest.mark.slow
def test_report_of_a_unit_is_refused_where_the_whole_withholds_it(
    tmp_path: Path, report: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part of three people is the rest of what the whole says of the unit; so is the unit."""
    monkeypatch.setitem(SIZES, "SYT", 3)
    monkeypatch.setitem(SIZES, "SNV/VP", 3)
    an_audit_of(tmp_path, (OCTOBER, after(OCTOBER)))
    for unit, reported in (("SNV", "SNV"), ("SNV/VP", "SNV"), ("SYT", "SYT")):
        refused = report("--unit", unit)
        assert refused.code == 2
        assert f"The figures of unit {reported} in 2026-10 are withheld" in refused.err
    assert not (tmp_path / "reports").exists()
    assert report("--unit", "SNV", "--audience", "it").code == 0


def test_report_says_that_a_provisional_month_is_compared(
    tmp_path: Path, report: Reporting
) -> None:
    """This month was collected before its end, the one before after its."""
    middle = OCTOBER.start + timedelta(days=20)
    an_audit_of(tmp_path, (SEPTEMBER, after(SEPTEMBER)), (OCTOBER, middle))
    sentence = "A provisional period is compared with 2026-09, which is whole: it can still rise."
    assert sentence in report().out


def test_report_of_whole_months_says_nothing_of_provisional_data(
    tmp_path: Path, report: Reporting
) -> None:
    """The usual case is silent."""
    an_audit_of(tmp_path, (SEPTEMBER, after(SEPTEMBER)), (OCTOBER, after(OCTOBER)))
    assert "rovisional" not in report().out


def test_report_of_a_month_without_any_mail_ranks_nobody_and_ends_with_6(
    tmp_path: Path, report: Reporting
) -> None:
    """Coverage is whole, and still there is nothing to judge by."""
    an_audit_of(tmp_path, (OCTOBER, after(OCTOBER)), mail=False)
    ran = report()
    assert ran.code == 6
    assert "Nobody sent or received any mail in the whole period" in ran.out
    assert ran.out.count("too little data") == 2


@pytest.mark.parametrize("silent", [OCTOBER, SEPTEMBER], ids=["this month", "the month before"])
def test_report_compares_nothing_with_a_month_without_any_mail(
    tmp_path: Path, report: Reporting, silent: Period
) -> None:
    """All used their mailboxes in the other month: no fall or rise of 100 points is given, neither
    as a number nor in a chart, and each month's point is there only where it means something.
    """
    for month in (SEPTEMBER, OCTOBER):
        an_audit_of(tmp_path, (month, after(month)), mail=month != silent)
    with SnapshotStore.at(tmp_path / "mailaudit.db") as store:
        audited = audit.evaluate(store, OCTOBER, read_calendar(None), Rules())
    composed = compose(
        "Ví Dụ", audited.snapshot, audited.measurement, audited.ranking,
        publish(audited.ranking, Audience.IT, Rules()), Rules(), read_calendar(None),
        language=language("vi"),
    )  # fmt: skip
    values = list(values_of(composed, ("previous", "change")))
    assert len(values) > 10
    assert set(values) == {None}
    assert set(values_of(composed, (f"share-{silent}",))) == {None}
    drawn = [composed.series, *(unit.series for unit in composed.units)]
    drawn += [unit.group_series for unit in composed.units]
    assert all([share is None for share in one] == [m == silent for m in MONTHS] for one in drawn)
    assert not composed.results.has_previous
    ran = report()
    page = (tmp_path / "reports" / "mailaudit-2026-10.html").read_text("utf-8")
    for wrong in ("-100.0", "−100.0", "+100.0", "predecessors"):
        assert wrong not in ran.out + page
    reason = "Nobody sent or received" if silent == OCTOBER else "nobody had any mail in that month"
    assert reason in page


def test_report_of_a_month_hardly_measured_says_so(tmp_path: Path, report: Reporting) -> None:
    """Nobody of the few measured had mail; nothing is said of the others, and nothing compared."""
    an_audit_of(tmp_path, (SEPTEMBER, after(SEPTEMBER)))
    an_audit_of(tmp_path, (OCTOBER, after(OCTOBER)), mail=False, measured=2)
    ran = report("--audience", "it")
    assert ran.code == 6
    assert "Too few mailboxes were measured, and none of them had any mail" in ran.out
    assert "coverage 0.0% is below 95%" in ran.out  # the two are in a unit of few measured
    page = (tmp_path / "reports" / "mailaudit-2026-10-it.html").read_text("utf-8")
    for wrong in ("Nobody sent or received", "obody had any mail", "-100.0", "−100.0"):
        assert wrong not in ran.out + page


def values_of(report: Report, keys: Sequence[str]) -> Iterator[object]:
    """Every value of these columns and figures, wherever the report has them."""
    parts: list[Section | UnitReport] = [*report.sections, *report.units]
    for section in parts:
        for figure in section.figures:
            if figure.key in keys:
                yield from figure.values
        for table in section.tables:
            for group in table.groups:
                rows = [*group.rows, *([group.total] if group.total else [])]
                for row in [*rows, *([table.total] if table.total else [])]:
                    for column, cell in zip(table.columns, row.cells, strict=True):
                        if column.key in keys:
                            yield cell.value


def test_report_of_a_year_the_calendar_lacks_is_an_estimate(
    tmp_path: Path, report: Reporting
) -> None:
    """Tết 2023 is computed, and both terminal and page say that working days are estimated."""
    january = Period(2023, 1)
    an_audit_of(tmp_path, (january, after(january)))
    ran = report(period="2023-01")
    assert ran.code == 0
    assert "Estimated working days" in ran.out
    page = (tmp_path / "reports" / "mailaudit-2023-01.html").read_text("utf-8")
    assert "16 (estimated: computed holidays, without swapped days)" in page


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
def test_report_that_has_no_memory_to_draw_says_so_and_writes_nothing(tmp_path: Path) -> None:
    """What draws the charts reserves more than this process may have, and aborts."""
    an_audit_of(tmp_path, (OCTOBER, after(OCTOBER)))
    ran = subprocess.run(
        ["/bin/sh", "-c", f"ulimit -v {6 * 2**20}; exec \"$0\" \"$@\"", sys.executable, "-m",
         "mailaudit", "report", "--lang", "en", "--period", "2026-10"],
        cwd=tmp_path, capture_output=True, text=True, env=environment(),
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (3, ""), ran.stderr
    assert "too little free memory" in ran.stderr
    assert "report.formats" in ran.stderr
    assert "Traceback" not in ran.stderr and "bug" not in ran.stderr
    assert not (tmp_path / "reports").exists()


def test_report_without_memory_to_count_says_so(tmp_path: Path) -> None:
    """It is not reported as a bug of the program."""
    an_audit_of(tmp_path, (OCTOBER, after(OCTOBER)))
    code = (
        "import mailaudit.metrics.measure as room\n"
        "def full(*_, **__):\n    raise MemoryError\n"
        "room.measure = full\n"
        "from mailaudit.__main__ import main\nmain()\n"
    )
    command = [sys.executable, "-c", code, "report", "--lang", "en", "--period", "2026-10"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment())
    assert (ran.returncode, ran.stdout) == (3, ""), ran.stderr
    assert "too little free memory" in ran.stderr


@pytest.mark.slow
def test_report_names_public_files_it_does_not_write_again(
    tmp_path: Path, report: Reporting
) -> None:
    """Those it wrote before are gone; a unit's report may have figures that no longer hold."""
    formats = 'formats = ["html", "xlsx"]'
    an_audit_of(tmp_path, (OCTOBER, after(OCTOBER)), report=formats)
    report("--unit", "SNV")
    first = report()
    assert "mailaudit-2026-10-SNV.html" in first.err
    config = tmp_path / "mailaudit.toml"
    config.write_text(config.read_text("utf-8").replace(formats, 'formats = ["html"]'), "utf-8")
    again = report()
    reports = tmp_path / "reports"
    assert not (reports / "mailaudit-2026-10.xlsx").exists()
    assert not list((reports / "mailaudit-2026-10" / "units").glob("*.xlsx"))
    assert (reports / "mailaudit-2026-10-SNV.xlsx").exists()
    assert "Not written by this run" in again.err
