"""Quarters, half-years, years and other days, reported through the command line."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from command_line import Ran, mailaudit
from looking_back import AUGUST, JUNE, MAY, PLANS, SEPTEMBER, an_audit_to_look_back_on
from months_added import Total, added
from stored_months import an_audit_of

from mailaudit import audit
from mailaudit.cli.steps import today_in
from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served
from mailaudit.locale import language
from mailaudit.model.lineage import EventKind, Lineage, UnitEvent
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.rules import Rules
from mailaudit.roster import read_calendar
from mailaudit.store import SnapshotStore
from shared import SHARED

DATA = SHARED / "data"
YEAR = LongPeriod.part_of_year(2026, 1, 1)
HALF = LongPeriod.part_of_year(2026, 2, 2)
NGHE_AN = LongPeriod.of(date(2025, 12, 10), date(2026, 12, 10))
MERGER = UnitEvent(date(2026, 7, 1), EventKind.MERGED, ("XA1", "XA2"), ("XA",))
COUNTS = ("in_scope", "provided", "measured", "read", "sent", "regular")


def found(store: Path, period: LongPeriod, *events: UnitEvent) -> dict[str, dict[str, int]]:
    """The program's sums by unit, the whole under ""; units with nobody in scope left out."""
    calendar = read_calendar(None, range(2024, 2028))
    with SnapshotStore.at(store) as opened:
        audited = audit.evaluate_longer(opened, period, calendar, Rules(), Lineage(events))
    sums = {"": audited.measurement.total}
    sums |= {usage.unit.code: usage.counts for usage in audited.measurement.units}
    return {
        code: {name: getattr(counts, name) for name in COUNTS}
        for code, counts in sums.items()
        if counts.in_scope
    }


def expected(
    store: Path, period: LongPeriod, became: Mapping[str, str] | None = None
) -> dict[str, dict[str, int]]:
    """The same by the other program."""
    sums: dict[str, Total] = added(store, period.first, period.last, became or {})
    return {
        code: {name: asdict(total)[name] for name in COUNTS}
        for code, total in sums.items()
        if total.in_scope
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five months with a merger and a gap."""
    folder = tmp_path_factory.mktemp("years")
    an_audit_to_look_back_on(folder)
    return folder


@pytest.mark.parametrize(
    "period",
    [
        YEAR,
        HALF,
        NGHE_AN,
        LongPeriod.part_of_year(2026, 2, 4),
        LongPeriod.part_of_year(2026, 3, 4),
        LongPeriod.of(date(2026, 5, 10), date(2026, 9, 10)),
        LongPeriod.of(date(2026, 5, 20), date(2026, 9, 20)),
    ],
    ids=str,
)
def test_longer_period_adds_up_as_another_program_does(folder: Path, period: LongPeriod) -> None:
    """In scope, provided, measured, accessed, sent and regular, of each unit and of the whole."""
    became = {"XA1": "XA", "XA2": "XA"} if period.last.month > 6 else {}
    store = folder / "mailaudit.db"
    assert found(store, period, MERGER) == expected(store, period, became)


@pytest.mark.slow
def test_demonstration_adds_up_as_another_program_does(province: ServedAt, tmp_path: Path) -> None:
    """A year, a half-year and a year from 10 December of all people of the demonstration."""
    for month in province.periods:
        ran = mailaudit(
            "collect", "--config", province.config_path, "--period", str(month), cwd=tmp_path
        )
        assert ran.code in (0, 6), ran.err
    store = province.config_path.parent / "mailaudit.db"
    for period in (YEAR, HALF, NGHE_AN):
        assert found(store, period) == expected(store, period)


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="the real mail traffic is not beside the project")
def test_recorded_traffic_adds_up_as_another_program_does(tmp_path: Path) -> None:
    """Real mail: May, June and August, as parts of a year, of a half-year, and of any days."""
    options = Options(traffic=DATA / "eu-core-traffic.csv.gz", people=DATA / "eu-core-people.csv")
    with served(tmp_path, options) as place:
        for month in (MAY, JUNE, AUGUST):
            ran = mailaudit(
                "collect", "--config", place.config_path, "--period", str(month), cwd=tmp_path
            )
            assert ran.code == 0, ran.err
    days = LongPeriod.of(date(2026, 5, 10), date(2026, 8, 20))
    store = place.config_path.parent / "mailaudit.db"
    for period in (YEAR, LongPeriod.part_of_year(2026, 1, 2), NGHE_AN, days):
        sums = found(store, period)
        assert sums == expected(store, period)
        assert sums[""]["in_scope"] == 816


def report(folder: Path, *options: str, code: int = 0) -> Ran:
    """`mailaudit report`."""
    ran = mailaudit("report", "--lang", "en", *options, cwd=folder)
    assert ran.code == code, ran.err
    return ran


def test_report_names_months_that_are_missing_provisional_or_of_low_coverage(folder: Path) -> None:
    """July was not collected, of August 90 % were measured; June is complete."""
    ran = report(folder, "--period", "2026-Q3", "--audience", "it", code=6)
    out = " ".join(ran.out.split())
    assert (
        "Too little data: only 1 of 3 months are final and sufficiently covered, fewer than 2/3."
        " No unit is ranked."
    ) in out
    assert "Months without data: 2026-07. What was done in them is in no figure." in out
    assert "Coverage below 95%: 2026-08." in out
    assert "too few months" in out
    page = (folder / "reports" / "mailaudit-2026-Q3-it.html").read_text("utf-8")
    assert "Use of official mailboxes, quarter III of 2026" in page
    assert "2 of 3 months" in page


def test_report_names_provisional_months(tmp_path: Path) -> None:
    """September was collected before its end only."""
    an_audit_to_look_back_on(tmp_path, *PLANS[:4])
    out = " ".join(report(tmp_path, "--period", "2026-Q3", "--audience", "it", code=6).out.split())
    assert "Provisional data: 2026-09." in out


def test_report_of_days_ranks_and_shows_the_months_inside(folder: Path) -> None:
    """May and June, both whole: units have ranks, months their columns, people their months."""
    days = ("--from", "2026-05-04", "--to", "2026-06-30")
    ran = report(folder, *days, "--audience", "it", "--all")
    assert "too few months" not in ran.out
    page = (folder / "reports" / "mailaudit-days-2026-05-04-2026-06-30-it.html").read_text("utf-8")
    for text in ("2026-05</", "2026-06</", "Months of the period", "at least 2/3"):
        assert text in page, text
    own = folder / "reports" / "mailaudit-days-2026-05-04-2026-06-30-it" / "units" / "SNV.html"
    text = own.read_text("utf-8")
    assert "Regular in too few months" in text
    assert ">1/2<" in text


def test_report_of_days_that_are_a_month_is_that_month_s(folder: Path) -> None:
    """So that a month has one name and one publication."""
    report(folder, "--from", "2026-06-01", "--to", "2026-06-30", "--audience", "it")
    assert (folder / "reports" / "mailaudit-2026-06-it.html").is_file()


def test_report_has_all_formats_and_the_same_bytes_again(tmp_path: Path) -> None:
    """Page, workbook, document and card as for a month; made twice they are equal."""
    months = [SEPTEMBER.shifted(back) for back in (-2, -1, 0)]
    an_audit_of(
        tmp_path,
        *((month, month.end + timedelta(hours=1)) for month in months),
        report='formats = ["html", "xlsx", "docx", "pdf", "brief"]',
    )
    contents = []
    for _ in range(2):
        report(tmp_path, "--period", "2026-Q3")
        ends = (".html", ".xlsx", "-annex.docx", "-annex.pdf", "-brief.png", "-brief.pdf")
        names = [f"mailaudit-2026-Q3{end}" for end in ends]
        contents.append([(tmp_path / "reports" / name).read_bytes() for name in names])
    assert contents[0] == contents[1]


def test_year_s_report_leaves_those_of_its_months_alone(tmp_path: Path) -> None:
    """No file of a month is taken for one of the year, nor the other way round."""
    year = today_in("Asia/Ho_Chi_Minh").year - 1
    months = [Period(year, month) for month in range(1, 13)]
    an_audit_of(tmp_path, *((month, month.end + timedelta(hours=1)) for month in months))
    report(tmp_path, "--period", f"{year}-10")
    for unit in (["--unit", "snv"], []):
        ran = report(tmp_path, "--period", f"{year}", *unit)
        assert f"{year}-10" not in ran.err
    ran = report(tmp_path, "--period", f"{year}-10")
    assert f"{year}-year" not in ran.err
    assert {path.name for path in (tmp_path / "reports").glob("*.html")} == {
        f"mailaudit-{year}-10.html",
        f"mailaudit-{year}-year-SNV.html",
        f"mailaudit-{year}-year.html",
    }


TODAY = today_in("Asia/Ho_Chi_Minh")
YESTERDAY, BEFORE = TODAY - timedelta(days=1), TODAY - timedelta(days=100)
WRONG = [
    (["--period", "2026-Q5"], 2, "--period 2026-Q5: a year has four quarters, Q1 to Q4.",
     "Write it as in 2026-Q1."),
    (["--period", "2026-H0"], 2, "--period 2026-H0: a year has two halves, H1 and H2.",
     "Write it as in 2026-H1."),
    (["--period", "2026-Z1"], 2, "--period 2026-Z1 is not a month.", "Write year and month as in"),
    *(
        (["--period", text], 2, f"--period {text} is not a period in the form used here.",
         f"Write it as {meant}.")
        for text, meant in (
            ("Q3-2026", "2026-Q3"), ("2026Q3", "2026-Q3"), ("quý 3/2026", "2026-Q3"),
            ("Quý III năm 2026", "2026-Q3"), ("6 tháng đầu năm 2026", "2026-H1"),
            ("H2/2026", "2026-H2"), ("năm 2026", "2026"),
        )
    ),
    (["--period", "9/2026"], 2, "--period 9/2026 is not a month.",
     "Write year and month as in 2026-09."),
    (["--period", "0026"], 2, "--period 0026 is in no year that mail was counted in.",
     "Write the year with four digits, as in 2026."),
    (["--period", f"{TODAY.year + 1}"], 2,
     f"--period {TODAY.year + 1} is not over: its last day is {TODAY.year + 1}-12-31.",
     f"The last day that is over is {YESTERDAY}."),
    (["--period", f"{TODAY.year + 1}-Q1"], 2,
     f"--period {TODAY.year + 1}-Q1 is not over: its last day is {TODAY.year + 1}-03-31.",
     f"The last day that is over is {YESTERDAY}."),
    (["--from", "2026-05-01"], 2, "--from and --to go together.",
     "Name the first and the last day, as in --from 2025-12-10 --to 2026-12-10."),
    (["--to", "2026-05-01"], 2, "--from and --to go together.",
     "Name the first and the last day, as in --from 2025-12-10 --to 2026-12-10."),
    (["--from", "2026-06-30", "--to", "2026-05-01"], 2,
     "--from 2026-06-30 is after --to 2026-05-01.", "Name the first day first; both are included."),
    (["--from", "2026-05-01", "--to", "2026-06-31"], 2, "--to 2026-06-31 is not a day.",
     "Write year, month and day as in 2025-12-10."),
    (["--from", "10/12/2025", "--to", "2026-06-30"], 2, "--from 10/12/2025 is not a day.",
     "Write year, month and day as in 2025-12-10."),
    (["--from", "2023-05-01", "--to", "2025-05-02"], 2,
     "From 2023-05-01 to 2025-05-02 is longer than 2 years.",
     "Report on 2 years at the most."),
    (["--from", f"{BEFORE}", "--to", f"{TODAY}"], 2,
     f"--from {BEFORE} --to {TODAY} is not over: its last day is {TODAY}.",
     f"Report on the days that are over: --from {BEFORE} --to {YESTERDAY}."),
    (["--period", "2026-Q2", "--from", "2026-05-01", "--to", "2026-06-30"], 2,
     "--period does not go with --from and --to.", "Name a period, or its first and last day."),
    (["--from", "2026-05-04", "--to", "2026-06-10"], 2,
     "Most of the working days of only 1 month(s) lie in 2026-05-04–2026-06-10.",
     "A longer period has at least two; report on one month with --period YYYY-MM."),
    (["--period", "2026-Q2", "--edition", "1"], 2, "--edition goes with a month, not with 2026-Q2.",
     "A longer period is made of the newest edition of each month: leave it out."),
    (["--period", "2025-Q4"], 5, "The store has no month of 2025-Q4: 2025-10, 2025-11, 2025-12.",
     "A longer period is made of stored months: mailaudit history lists them."),
    (["--period", "2026-Q2", "--unit", "XYZ"], 2, "The unit list of 2026-06 has no unit XYZ.",
     "Name one of its units:"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "code", "message", "remedy"), WRONG, ids=lambda value: " ".join(value)[:40]
    if isinstance(value, list) else None,
)  # fmt: skip
def test_wrong_periods_are_refused(
    folder: Path, options: list[str], code: int, message: str, remedy: str
) -> None:
    """What, which, and what to do; nothing is written."""
    before = sorted((folder / "reports").rglob("*"))
    ran = report(folder, *options, code=code)
    err = " ".join(ran.err.split())
    assert message in err
    assert remedy in err
    assert ran.out == ""
    assert sorted((folder / "reports").rglob("*")) == before


def test_vietnamese_names_of_longer_periods(tmp_path: Path) -> None:
    """As an office writes them, on the page."""
    months = [Period(2025, month) for month in range(1, 7)]
    an_audit_of(tmp_path, *((month, month.end + timedelta(hours=1)) for month in months))
    ran = mailaudit("report", "--period", "2025-H1", cwd=tmp_path, language="vi")
    assert ran.code == 0, ran.err
    page = (tmp_path / "reports" / "mailaudit-2025-H1.html").read_text("utf-8")
    assert "Tình hình sử dụng hộp thư điện tử công vụ 6 tháng đầu năm 2025" in page
    assert "6/6 tháng" in page
    assert language("vi").gettext("Months of the period") in page
    for monthly in ("Trong tháng có gửi thư trong ít nhất 4 ngày", "ít nhất 4 ngày trong tháng"):
        assert monthly in page, monthly
    for by_period in ("Trong kỳ có gửi thư", "số ngày làm việc của kỳ", "ngày làm việc trong kỳ"):
        assert by_period not in page, by_period


def test_own_wording_that_names_a_month_is_refused_for_a_quarter(tmp_path: Path) -> None:
    """It would print a month that the quarter is not."""
    months = [SEPTEMBER.shifted(back) for back in (-2, -1, 0)]
    an_audit_of(tmp_path, *((month, month.end + timedelta(hours=1)) for month in months),
                report='formats = ["docx"]', annex='wording = "own.txt"')  # fmt: skip
    (tmp_path / "own.txt").write_text(
        "[title] BÁO CÁO\n[subject] Tháng {{ period.month }}\n\nKỳ báo cáo.\n", "utf-8"
    )
    report(tmp_path, "--period", "2026-09")
    ran = mailaudit("report", "--period", "2026-Q3", cwd=tmp_path, language="vi")
    assert ran.code == 3
    assert "ví dụ tháng của một quý" in ran.err


def test_definition_and_what_it_rests_on_are_printed(tmp_path: Path) -> None:
    """Of a month and of a longer period: under the title, in the method, on units' pages."""
    an_audit_to_look_back_on(tmp_path)
    config = tmp_path / "mailaudit.toml"
    rules = (
        '[rules]\nregular = "any-activity"\nregular_basis = "Quyết định 1/QĐ-UBND"\n'
        'target_basis = "Kế hoạch 2/KH-UBND"\n'
    )
    config.write_text(config.read_text("utf-8") + rules, "utf-8")
    for period in (["--period", "2026-06"], ["--from", "2026-05-01", "--to", "2026-06-30"]):
        report(tmp_path, *period, "--audience", "it")
    for stem in ("mailaudit-2026-06-it", "mailaudit-days-2026-05-01-2026-06-30-it"):
        page = (tmp_path / "reports" / f"{stem}.html").read_text("utf-8")
        assert "; regular use: any mail sent or read in the period</p>" in page
        assert "90% (basis: Kế hoạch 2/KH-UBND)" in page
        basis = " (basis: Quyết định 1/QĐ-UBND)"
        assert f"any-activity: any mail sent or read in the period{basis}" in page
        assert "At least one message was sent in the period, or one received in it was" in page
        for absent in ("Days with sent mail", "Months of regular use", "different working days"):
            assert absent not in page, absent
        own = (tmp_path / "reports" / stem / "units" / "SYT.html").read_text("utf-8")
        assert "No mail sent or read" in own
        assert "Mail sent on too few days" not in own


def test_wrong_definition_is_refused(folder: Path, tmp_path: Path) -> None:
    """With the names there are."""
    config = tmp_path / "mailaudit.toml"
    text = (folder / "mailaudit.toml").read_text("utf-8")
    config.write_text(text + '[rules]\nregular = "login"\n', "utf-8")
    ran = report(tmp_path, "--period", "2026-Q2", code=3)
    assert "rules.regular" in ran.err
    assert "any-activity" in ran.err
