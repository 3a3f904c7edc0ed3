"""Two longer periods side by side, and the change from the one before in a longer report."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from command_line import Ran, mailaudit
from looking_back import Plan, an_audit_to_look_back_on, counts
from months_added import Total, added
from test_longer_periods import MERGER

from mailaudit import audit
from mailaudit.locale import language
from mailaudit.model.lineage import EventKind, Lineage, UnitEvent
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.ranking import Incomparable
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Silence
from mailaudit.report.sections.comparisons import WHY_NOT, comparison_notices
from mailaudit.roster import read_calendar
from mailaudit.store import SnapshotStore

BEFORE, QUARTER = (LongPeriod.part_of_year(2026, part, 4) for part in (2, 3))
CALENDAR = read_calendar(None, range(2024, 2028))
BECAME = {"XA1": "XA", "XA2": "XA"}
ENDED = UnitEvent(date(2026, 9, 1), EventKind.DISSOLVED, ("STC",), ())


def plan(month: int, *figures: int, **xa: int) -> Plan:
    """A sealed month of 2026."""
    return Plan(Period(2026, month), 1, counts(*figures, **xa))


MONTHS = (
    plan(4, 10, 4, 10, 10, 16, 3, XA1=5, XA2=3),
    plan(5, 12, 4, 15, 10, 14, 1, XA1=6, XA2=4),
    plan(6, 14, 6, 8, 16, 10, 2, XA1=7, XA2=2),
    plan(7, 15, 7, 18, 12, 19, 3, XA=10),
    plan(8, 16, 5, 9, 12, 20, 3, XA=15),
    plan(9, 18, 7, 18, 20, 8, 0, XA=5),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two quarters with a merger between them."""
    folder = tmp_path_factory.mktemp("quarters")
    an_audit_to_look_back_on(folder, *MONTHS)
    return folder


def evaluated(
    folder: Path, period: LongPeriod, *events: UnitEvent, against: LongPeriod | None = None
) -> audit.Audited:
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        return audit.evaluate_longer(
            store, period, CALENDAR, Rules(), Lineage((MERGER, *events)), against=against
        )


def rates(sums: Mapping[str, Total]) -> dict[str, Fraction]:
    """The share of regular users of each unit, by the other program."""
    return {
        code: Fraction(one.regular, one.in_scope - one.provided + one.measured)
        for code, one in sums.items()
    }


@pytest.mark.parametrize("against", [None, BEFORE], ids=["report", "compare"])
def test_change_is_that_of_sums_by_another_program(
    folder: Path, against: LongPeriod | None
) -> None:
    """Of each unit, merged ones too, and of the whole; ranks of then too."""
    store = folder / "mailaudit.db"
    then = rates(added(store, BEFORE.first, BEFORE.last, BECAME))
    now = rates(added(store, QUARTER.first, QUARTER.last, BECAME))
    ranking = evaluated(folder, QUARTER, against=against).ranking
    standings = {s.usage.unit.code: s for group in ranking.groups for s in group.standings}
    assert len(standings) == 6
    for code, standing in standings.items():
        assert (standing.previous_share, standing.share) == (then[code], now[code]), code
        assert standing.change == now[code] - then[code]
    assert ranking.previous_total is not None
    assert ranking.previous_total.regular_share == then[""]
    places = sorted((then[code] for code in ("SNV", "SYT", "STC")), reverse=True)
    for code in ("SNV", "SYT", "STC"):
        assert standings[code].previous_rank == places.index(then[code]) + 1
    assert standings["XA"].previous_rank is None
    months = () if against else MONTHS[3:]
    assert [point.period for point in ranking.trend] == [
        BEFORE, *(one.month for one in months), QUARTER
    ]  # fmt: skip


def test_unit_that_ended_in_the_quarter_is_compared_with_itself(
    folder: Path, tmp_path: Path
) -> None:
    """It is a line of the quarter, and was one before; nobody went on anywhere."""
    gone = plan(9, 18, 7, 18, 0, 8, 0, XA=5)
    figures = {code: number for code, number in gone.regular.items() if code != "STC"}
    an_audit_to_look_back_on(tmp_path, *MONTHS[:5], Plan(gone.month, 1, figures))
    ranking = evaluated(tmp_path, QUARTER, ENDED).ranking
    standings = {s.usage.unit.code: s for group in ranking.groups for s in group.standings}
    before = evaluated(folder, BEFORE).ranking
    then = {s.usage.unit.code: s for group in before.groups for s in group.standings}
    assert standings["STC"].previous_share == then["STC"].share
    divided = UnitEvent(date(2026, 9, 1), EventKind.SPLIT, ("STC",), ("SNV", "SYT"))
    ranking = evaluated(tmp_path, QUARTER, divided).ranking
    standings = {s.usage.unit.code: s for group in ranking.groups for s in group.standings}
    origin = standings["STC"].origin
    assert origin is not None and origin.why_not is Incomparable.ENDED
    assert standings["STC"].change is None


@pytest.mark.parametrize(
    ("missing", "silence", "why", "notice"),
    [
        ((4, 5), Silence.FEW_MONTHS, Incomparable.FEW_MONTHS,
         "Nothing is compared with QII/2026: too few of its months are final and sufficiently"
         " covered."),
        ((4,), Silence.OTHER_MONTHS, Incomparable.OTHER_MONTHS,
         "Nothing is compared with QII/2026: people are judged there in another number of months."),
    ],
    ids=["one month", "two months"],
)  # fmt: skip
def test_other_months_are_not_compared(
    tmp_path: Path, missing: tuple[int, ...], silence: Silence, why: Incomparable, notice: str
) -> None:
    """Two of two months is another threshold than two of three: said in words, no change."""
    an_audit_to_look_back_on(tmp_path, *(one for one in MONTHS if one.month.month not in missing))
    ranking = evaluated(tmp_path, QUARTER).ranking
    assert ranking.previous_total is None
    for group in ranking.groups:
        for standing in group.standings:
            assert standing.change is None
            assert standing.origin is not None and standing.origin.why_not is why
    previous = ranking.stored_before
    assert previous is not None and previous.silence is silence
    assert comparison_notices(ranking, language("en")) == (notice,)
    said = compare(tmp_path, "2026-Q2", "2026-Q3").out
    assert said.split()[0] == "Period"
    assert said.count(notice) == 1
    assert WHY_NOT[why] not in said  # which is of all units, below each of them


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 6, 15), date(2026, 7, 24)), (date(2026, 4, 1), date(2026, 6, 15))],
    ids=["one month before", "a month of both"],
)
def test_days_before_that_are_no_other_longer_period_are_left_out(
    folder: Path, first: date, last: date
) -> None:
    """Days off decide which months count: of the days before only May, or April a second time."""
    ranking = evaluated(folder, LongPeriod.of(first, last)).ranking
    assert ranking.silence is None
    assert ranking.stored_before is None and ranking.previous_total is None
    assert comparison_notices(ranking, language("en")) == ()


def compare(folder: Path, *arguments: str) -> Ran:
    return mailaudit("compare", *arguments, "--lang", "en", cwd=folder)


def test_compare_shows_two_quarters(folder: Path) -> None:
    """In any order; of how many months each is; every unit and what moved."""
    ran = compare(folder, "2026-Q3", "2026-Q2")
    assert ran.code == 0, ran.err
    lines = [" ".join(line.split()) for line in ran.out.splitlines() if line.strip()]
    for period, cut_off in (("QII/2026", "2 Jul"), ("QIII/2026", "2 Oct")):
        [line] = [one for one in lines if one.startswith(f"{period} 3 of")]
        assert line.startswith(f"{period} 3 of 3 months {cut_off} 2026 01:00 sealed 100.0"), line
    ranking = evaluated(folder, QUARTER).ranking
    for standing in (s for group in ranking.groups for s in group.standings if s.rank):
        assert standing.change is not None
        change = f"{float(standing.change * 100):+.1f}"
        [line] = [one for one in lines if standing.usage.unit.name in one]
        assert line.endswith(change), line
    spans = compare(folder, "2026-04-01..2026-06-30", "2026-07-01..2026-09-30")
    assert spans.out == ran.out


def test_compare_for_the_public_is_recorded(tmp_path: Path) -> None:
    """Both quarters, as the public sees them; no month."""
    an_audit_to_look_back_on(tmp_path, *MONTHS)
    ran = compare(tmp_path, "2026-Q2", "2026-Q3", "--audience", "public")
    assert ran.code == 0, ran.err
    assert "Trạm Kiểm định" in ran.out and "100.0 +" not in ran.out
    with SnapshotStore.at(tmp_path / "mailaudit.db") as store:
        assert {one.period for one in store.published(QUARTER)} == {BEFORE, QUARTER}
        assert store.published(Period(2026, 9)) == []


WRONG = [
    (["2026-Q3", "2026-09"], "2026-Q3 and 2026-09 can't be compared: one is longer than the other.",
     "as in mailaudit compare 2026-08 2026-09"),
    (["2026-H1", "2026-Q3"], "2026-H1 and 2026-Q3 can't be compared: one is longer than the other.",
     "as in mailaudit compare 2026-Q2 2026-Q3"),
    (["2026-Q2", "2026-05-20..2026-08-10"],
     "2026-Q2 and 2026-05-20..2026-08-10 can't be compared: one is longer than the other.",
     "as in mailaudit compare 2026-03-20..2026-06-10 2026-05-20..2026-08-10"),
    (["2026-Q2", "2026-06-01..2026-08-31"],
     "2026-Q2 and 2026-06-01..2026-08-31 can't be compared: both have 2026-06.",
     "as in mailaudit compare 2026-03-01..2026-05-31 2026-06-01..2026-08-31"),
    (["2026-Q3", "2026-Q3"], "2026-Q3 is named twice.",
     "Name two different ones, as in mailaudit compare 2026-Q2 2026-Q3"),
    (["2026-Q5", "2026-Q3"], "2026-Q5: a year has four quarters, Q1 to Q4.", "2026-Q1"),
    (["2026-Q3", "2026-06-31..2026-08-31"], "--from 2026-06-31 is not a day.", "2025-12-10"),
    (["2026-Q3", "2099"], "2099 is not over: its last day is 2099-12-31.", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "message", "remedy"), WRONG, ids=lambda value: str(value)[:30]
)
def test_wrong_pairs_are_refused(
    folder: Path, arguments: list[str], message: str, remedy: str
) -> None:
    """What is wrong with which, and what to write instead."""
    ran = compare(folder, *arguments)
    assert ran.code == 2
    err = " ".join(ran.err.split())
    assert message in err
    assert remedy in err
    assert ran.out == ""


def test_quarter_that_is_not_stored_is_refused(folder: Path) -> None:
    ran = compare(folder, "2025-Q3", "2026-Q3")
    assert ran.code == 5
    assert "The store has no month of 2025-Q3: 2025-07, 2025-08, 2025-09." in ran.err
