"""`mailaudit report` of a stored month: one unit, computed holidays, a month without mail."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from command_line import Ran, mailaudit
from stored_months import SIZES, an_audit_of

from mailaudit.model.period import Period


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


def test_report_of_a_unit_ranks_its_parts(tmp_path: Path, report: Reporting) -> None:
    """Only its people; the files carry the code; a unit there is not is refused."""
    an_audit_of(tmp_path, (OCTOBER, after(OCTOBER)))
    ran = report("--unit", "SNV")
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
        ("snv", "SNV (Sở Nội vụ)"),
        ("SNVCC", "SNV-CC (Chi cục)"),
        ("sở y tế", "SYT (Sở Y tế)"),
    ],
)
def test_report_of_an_unknown_unit_suggests_close_ones(
    tmp_path: Path, report: Reporting, written: str, meant: str
) -> None:
    """A code in other letters, with a slip, or the unit's name in its place."""
    an_audit_of(tmp_path, (OCTOBER, after(OCTOBER)))
    refused = report("--unit", written)
    assert refused.code == 2
    said = " ".join(refused.err.split())
    assert f"has no unit {written}. Did you mean " in said
    assert meant in said


def test_report_of_a_unit_is_refused_where_the_whole_withholds_it(
    tmp_path: Path, report: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part of three people is the rest of what the whole says of the unit; so is the unit."""
    monkeypatch.setitem(SIZES, "SYT", 3)
    monkeypatch.setitem(SIZES, "SNV/VP", 3)
    an_audit_of(tmp_path, (OCTOBER, after(OCTOBER)))
    for unit, told in (("SNV", "SNV"), ("SNV/VP", "SNV"), ("SYT", "SYT")):
        refused = report("--unit", unit)
        assert refused.code == 2
        assert f"The figures of unit {told} in 2026-10 are withheld" in refused.err
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
