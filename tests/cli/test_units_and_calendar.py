"""`mailaudit units check` and `mailaudit calendar` as a user meets them."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from audit_folder import an_audit
from command_line import mailaudit
from stored_months import an_audit_of

from list_builders import in_legacy
from mailaudit.model.period import Period

WORKING_DAYS_2026 = [21, 15, 22, 20, 20, 22, 23, 21, 20, 22, 20, 23]
ONE_STOP = (
    "[[years]]\nyear = 2026\n"
    '[[unit_calendars]]\nname = "Một cửa"\nunits = ["H01"]\nsaturday = true\n'
)


def months_in(out: str) -> list[int]:
    """The working days of each month that was printed."""
    return [int(line.split()[1]) for line in out.splitlines() if line[2:3] == "/"]


def test_units_check_of_a_sound_list_ends_with_0(tmp_path: Path) -> None:
    """The list the configuration names."""
    an_audit(tmp_path)
    ran = mailaudit("units", "check", "--lang", "en", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, "Nothing to correct in units.csv.\n")


def test_units_check_reports_what_to_correct_and_ends_with_3(tmp_path: Path) -> None:
    """File, row and remedy, in Vietnamese, on stdout."""
    (tmp_path / "dv.csv").write_text("Mã đơn vị,Tên đơn vị,Cấp trên\nA,x,\nA,y,\n", "utf-8")
    ran = mailaudit("units", "check", "dv.csv", cwd=tmp_path, language="vi")
    assert ran.code == 3
    assert ran.out.splitlines() == [
        'dv.csv:3: mã "A" đã có ở dv.csv:2; hãy đổi mã hoặc bỏ một trong hai dòng',
        "Có 1 điểm cần sửa.",
    ]


def test_units_check_reports_every_fault_of_both_lists(tmp_path: Path) -> None:
    """An events file that is not there hides none of the units."""
    (tmp_path / "dv.csv").write_text("Mã đơn vị,Tên đơn vị,Mã cấp trên\n,x,\nA,y,Z\n", "utf-8")
    ran = mailaudit("units", "check", "dv.csv", "--events", "no.csv", cwd=tmp_path)
    assert ran.code == 3
    assert [line.partition(" ")[0] for line in ran.out.splitlines()] == [
        "dv.csv:2:",
        "dv.csv:3:",
        "2",
    ]
    assert ran.err.startswith("Error: There is no list no.csv.")


def test_units_check_reads_a_file_as_the_configuration_says(tmp_path: Path) -> None:
    """The remedy of its own message: roster.encoding."""
    an_audit(tmp_path, roster='file = "roster.csv"\nencoding = "tcvn3"')
    text = in_legacy("mã đơn vị,tên đơn vị\nA,Sở Nội vụ\n", "tcvn3")
    (tmp_path / "dv.csv").write_text(text, "latin-1")
    without = mailaudit("units", "check", "dv.csv", cwd=tmp_path)
    assert (without.code, 'roster.encoding = "tcvn3"' in without.err) == (3, True)
    ran = mailaudit("units", "check", "dv.csv", "--config", "mailaudit.toml", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")


def test_units_check_without_a_list_says_how_to_name_one(tmp_path: Path) -> None:
    """A configuration need not name a unit list."""
    an_audit(tmp_path, roster='file = "roster.csv"')
    ran = mailaudit("units", "check", "--lang", "en", cwd=tmp_path)
    assert ran.code == 3
    assert "names no unit list" in ran.err


def test_calendar_prints_working_days_of_each_month(tmp_path: Path) -> None:
    """Without any configuration, with the days off and made up for and their documents."""
    ran = mailaudit("calendar", "2026", cwd=tmp_path, language="vi")
    assert (ran.code, ran.err) == (0, "")
    assert months_in(ran.out) == WORKING_DAYS_2026
    assert ["Cả", "năm", "249"] in [line.split() for line in ran.out.splitlines()]
    assert "T7  22/08/2026  làm bù: Làm bù cho thứ Hai 31/8" in ran.out
    assert "Nghị quyết 80-NQ/TW" in ran.out
    assert "ước tính" not in ran.out


@pytest.mark.parametrize("year", ["2027", "2031"])
def test_calendar_marks_what_is_estimated(tmp_path: Path, year: str) -> None:
    """A year not decided, and one the file does not know."""
    ran = mailaudit("calendar", year, cwd=tmp_path, language="vi")
    assert ran.code == 0
    assert ran.out.count("ước tính") >= 12
    (whole,) = (line for line in ran.out.splitlines() if line.startswith("Cả năm"))
    assert whole.endswith("ước tính")
    assert ran.err.startswith("Ước tính: ")


def test_calendar_of_a_unit_has_its_saturdays(tmp_path: Path) -> None:
    """By the configured file; a unit without a calendar of its own has the general one."""
    (tmp_path / "lich.toml").write_text(ONE_STOP, "utf-8")
    an_audit(tmp_path, calendar='file = "lich.toml"')
    general = mailaudit("calendar", "2026", cwd=tmp_path)
    own = mailaudit("calendar", "2026", "--unit", "h01", cwd=tmp_path)
    assert own.out.startswith("Một cửa\n")
    saturdays = [5, 4, 4, 4, 5, 4, 4, 5, 4, 5, 4, 4]
    difference = [b - a for a, b in zip(months_in(general.out), months_in(own.out), strict=True)]
    assert difference == saturdays


OCTOBER = (Period(2026, 10), datetime(2026, 11, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("code", "close"),
    [
        ("SNVV", "Did you mean SNV (Sở Nội vụ)"),
        ("syt", "Did you mean SYT (Sở Y tế)"),
        ("Sở Y tê", "Did you mean SYT (Sở Y tế)"),
        ("X.12", "known here: SNV, SNV/VP, SNV-CC, SYT"),
    ],
)
def test_calendar_of_an_unknown_unit_stops_what_counts_by_it(
    tmp_path: Path, code: str, close: str
) -> None:
    """Before anything is collected, and before a report; the message names near codes."""
    (tmp_path / "lich.toml").write_text(ONE_STOP.replace("H01", code), "utf-8")
    an_audit_of(tmp_path, OCTOBER, calendar='file = "lich.toml"')
    for command in (
        ("report", "--period", "2026-10"),
        ("collect", "--period", "2026-11"),
        ("export", "activity", "--period", "2026-10", "--out", "a.csv"),
    ):
        ran = mailaudit(*command, "--lang", "en", cwd=tmp_path)
        assert ran.code == 3, ran.err
        assert f"lich.toml, [[unit_calendars]] names the unknown unit {code}." in ran.err
        assert close in ran.err
    assert not (tmp_path / "reports").exists()


def test_calendar_of_a_unit_of_another_month_is_no_mistake(tmp_path: Path) -> None:
    """On the unit list it begins later; or it was in a month stored, and no list has it now."""
    calendar = ONE_STOP.replace('["H01"]', '["SYT", "MOI"]')
    (tmp_path / "lich.toml").write_text(calendar, "utf-8")
    an_audit_of(tmp_path, OCTOBER, calendar='file = "lich.toml"')
    units = "Mã đơn vị,Tên đơn vị,Hiệu lực từ\nSNV,Sở Nội vụ,\nMOI,Mới,01/01/2027\n"
    (tmp_path / "units.csv").write_text(units, "utf-8")
    ran = mailaudit("report", "--period", "2026-10", "--audience", "it", cwd=tmp_path)
    assert ran.code == 0, ran.err
    page = next((tmp_path / "reports").glob("*.html")).read_text("utf-8")
    assert "Sở Y tế, kể cả các đơn vị trực thuộc; số ngày làm việc:" in page


def test_calendar_of_a_unit_without_a_configuration_says_what_it_needs(tmp_path: Path) -> None:
    """The code is not to blame where nothing says which units there are."""
    ran = mailaudit("calendar", "2026", "--unit", "H01", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "--unit H01 needs a configuration, and there is no mailaudit.toml here" in ran.err
    assert "--unit H01 --config FILE" in ran.err


def test_calendar_examples_of_the_help_work_after_init(tmp_path: Path) -> None:
    """With the files that init puts into the folder the manual names."""
    mailaudit("init", "audit", cwd=tmp_path)
    shown = mailaudit("calendar", "--help", cwd=tmp_path).out
    examples = re.findall(r"Example: mailaudit (.*)", shown)
    assert any("--unit" in example for example in examples)
    for example in examples:
        ran = mailaudit(*example.split(), cwd=tmp_path)
        assert (ran.code, months_in(ran.out)) == (0, WORKING_DAYS_2026), ran.err


def test_calendar_refuses_units_and_years_there_are_not(tmp_path: Path) -> None:
    """Both are mistakes of the command line."""
    an_audit(tmp_path)
    unknown = mailaudit("calendar", "2026", "--unit", "X", "--lang", "en", cwd=tmp_path)
    assert (unknown.code, "known here: H01" in unknown.err) == (2, True)
    assert mailaudit("calendar", "1812", cwd=tmp_path).code == 2
    assert mailaudit("calendar", "2026", "-c", "none.toml", cwd=tmp_path).code == 3


@pytest.mark.parametrize(
    ("rows", "code", "message"),
    [
        ("A,A,B,,\nB,B,A,,\n", 3, "is above itself"),
        ("A,A,,,\nA,A,,,\n", 3, '"A" stands at units.csv:2 already'),
        ("A,A,,01/01/2027,\nC,C,,,\n", 2, "--unit A is not a unit of the unit list in 2026."),
        ("AB,Ban AB,,,\n", 2, "Did you mean AB (Ban AB)?"),
        ("A,A,C,,30/06/2026\nC,C,,,30/06/2026\nD,D,,,\n", 0, ""),
    ],
)
def test_calendar_of_a_unit_goes_by_the_units_of_the_year(
    tmp_path: Path, rows: str, code: int, message: str
) -> None:
    """A circle of units ends, rows of other times do not count, and near codes are named."""
    an_audit(tmp_path)
    head = "Mã đơn vị,Tên đơn vị,Mã cấp trên,Hiệu lực từ,Hiệu lực đến\n"
    (tmp_path / "units.csv").write_text(head + rows, "utf-8")
    ran = mailaudit("calendar", "2026", "--unit", "A", "--lang", "en", cwd=tmp_path)
    assert (ran.code, message in ran.err) == (code, True), ran.err
