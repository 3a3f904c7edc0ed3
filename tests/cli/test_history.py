"""`mailaudit history`: every stored month, its figures counted from the plan they were made by."""

from fractions import Fraction
from pathlib import Path

import pytest
from command_line import mailaudit
from looking_back import (
    AUGUST,
    JUNE,
    MAY,
    PEOPLE,
    PLANS,
    SEPTEMBER,
    Plan,
    an_audit_to_look_back_on,
    collect,
    counts,
)
from rich.cells import cell_len
from stored_months import an_audit_of

from mailaudit.cli import console
from mailaudit.cli.months import MonthLine, month_lines
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Edition
from mailaudit.model.usage import Counts
from mailaudit.store import SnapshotStore

UNFINISHED = [
    ["2026-10", "1", "23", "Oct", "2026", "01:00", "not", "finished", "–", "–", "–"],
    ["30", "of", "111", "mailboxes"],
]


def history(folder: Path, *arguments: str) -> list[list[str]]:
    """The words of each line below the heading."""
    ran = mailaudit("history", *arguments, "--lang", "en", cwd=folder)
    assert ran.code == 0, ran.err
    lines = [line.split() for line in ran.out.splitlines()]
    return lines[[line[0][:2] for line in lines].index("20") :]


def share(*pairs: tuple[Plan, str]) -> Fraction:
    """Of the measured people of these units, those planned to be regular."""
    regular = sum(plan.regular[unit] for plan, unit in pairs)
    return Fraction(regular, sum(PEOPLE[u] - plan.unmeasured.get(u, 0) for plan, u in pairs))


def printed(value: Fraction, *, signed: bool = False) -> str:
    tenths = int(abs(value) * 1000 + Fraction(1, 2))
    sign = "-" if value < 0 else "+" if signed else ""
    return f"{sign}{tenths // 10}.{tenths % 10}"


def whole(plan: Plan) -> Fraction:
    """The official rate: without the unit of three people."""
    return share(*((plan, unit) for unit in plan.regular if unit != "K1"))


def test_history_of_the_whole(tmp_path: Path) -> None:
    """Every month with its newest complete edition; none is left out, the one that runs neither."""
    an_audit_to_look_back_on(tmp_path)
    may, june, august, _, september, _ = PLANS
    assert [printed(whole(plan)) for plan in (may, june, august, september)] == [
        "53.7", "60.2", "70.4", "75.0",
    ]  # fmt: skip
    rise = printed(whole(june) - whole(may), signed=True)
    later = printed(whole(september) - whole(august), signed=True)
    assert history(tmp_path) == [
        ["2026-05", "1", "2", "Jun", "2026", "01:00", "sealed", "100.0", "53.7", "–"],
        ["no", "change:", "2026-04", "is", "not", "stored"],
        ["2026-06", "1", "2", "Jul", "2026", "01:00", "sealed", "100.0", "60.2", rise],
        ["2026-08", "1", "21", "Sep", "2026", "01:00", "sealed", "90.7", "70.4", "–"],
        ["no", "change:", "2026-07", "is", "not", "stored"],
        ["2026-09", "2", "3", "Oct", "2026", "01:00", "sealed", "100.0", "75.0", later],
        *UNFINISHED,
    ]
    assert (rise, later) == ("+6.5", "+4.6")


def test_history_of_a_unit_has_its_ranks(tmp_path: Path) -> None:
    """Half of it was not measured in August: a rate for reference, no rank, no change after it."""
    an_audit_to_look_back_on(tmp_path)
    lines = history(tmp_path, "SYT")
    assert [line[-4:] for line in lines if line[0].startswith("2026-0")] == [
        ["100.0", "50.0", "–", "1"],
        ["100.0", "75.0", "+25.0", "1"],
        ["50.0", "80.0", "–", "–"],
        ["100.0", "90.0", "–", "1"],
    ]
    remarks = [" ".join(line) for line in lines if not line[0].startswith("2026")]
    assert remarks == [
        "no change: 2026-04 is not stored",
        "coverage was too low then",
        "no change from 2026-08: coverage was too low then",
        "30 of 111 mailboxes",
    ]


def test_history_counts_a_merged_unit_as_its_predecessors_together(tmp_path: Path) -> None:
    """8 and 10 of 20 before the merger, as one unit without a rank."""
    an_audit_to_look_back_on(tmp_path)
    lines = history(tmp_path, "XA")
    assert [line[-3:] for line in lines if line[0].startswith("2026-0")] == [
        ["40.0", "–", "–"],
        ["50.0", "+10.0", "–"],
        ["75.0", "–", "1"],
        ["50.0", "-25.0", "2"],
    ]
    assert lines.count(["then:", "Xã", "Đông,", "Xã", "Tây", "together"]) == 2


def test_history_of_a_unit_below_another(tmp_path: Path) -> None:
    """Its rank is the one within the unit above it, of the newest month alone."""
    an_audit_to_look_back_on(tmp_path)
    ran = mailaudit("history", "snv-cc", "--lang", "en", cwd=tmp_path)
    rows = [line.split()[-3:] for line in ran.out.splitlines() if line.startswith("2026-0")]
    assert rows == [["50.0", "–", "–"], ["50.0", "0.0", "–"], ["75.0", "–", "–"],
                    ["87.5", "+12.5", "1"]]  # fmt: skip
    assert "Earlier ranks are known of topmost units only." in ran.err


def test_history_shows_a_unit_of_few_people(tmp_path: Path) -> None:
    """It is for IT; why such a unit has no rank is said of the newest month."""
    an_audit_to_look_back_on(tmp_path)
    lines = history(tmp_path, "K1")
    assert [line[-3] for line in lines if line[0].startswith("2026-0")] == [
        "100.0", "33.3", "66.7", "100.0",
    ]  # fmt: skip
    assert ["too", "few", "staff"] in lines


def test_history_of_a_unit_whose_predecessor_was_not_on_the_list(tmp_path: Path) -> None:
    """Neither it nor the whole has a change to or from such a month; the reason is named."""
    regular = counts(10, 4, 10, 10, 16, 3, XA1=5)
    may, june = Plan(MAY, 1, regular), Plan(JUNE, 1, regular)
    july = Plan(Period(2026, 7), 1, counts(10, 4, 10, 10, 16, 3, XA=10))
    an_audit_to_look_back_on(tmp_path, may, june, july)
    lines = [" ".join(line) for line in history(tmp_path, "XA")]
    assert [line.split()[-4:] for line in lines if line.startswith("2026-")] == [
        ["–", "–", "–", "–"], ["–", "–", "–", "–"], ["100.0", "50.0", "–", "2"],
    ]  # fmt: skip
    assert lines[1] == "predecessors not measured then: Xã Tây"
    assert lines[-1] == "no change from 2026-06: predecessors not measured then: Xã Tây"
    assert " ".join(history(tmp_path)[-1]).startswith("no change from 2026-06: the units of then")


@pytest.mark.parametrize("unit", [(), ("SYT",)], ids=["whole", "unit"])
def test_history_of_a_month_without_mail(tmp_path: Path, unit: tuple[str, ...]) -> None:
    """No rate of 0 and no rise of 100 points."""
    an_audit_of(tmp_path, (AUGUST, AUGUST.end), mail=False)
    an_audit_of(tmp_path, (SEPTEMBER, SEPTEMBER.end))
    lines = [" ".join(line) for line in history(tmp_path, *unit)]
    assert lines[1] == "nobody had any mail in that month"
    assert lines[3] == "no change from 2026-08: nobody had any mail in that month"
    assert "0.0 –" in lines[2] and "+" not in lines[2]
    assert " 0.0" not in lines[0]


def test_history_goes_beyond_a_year(tmp_path: Path) -> None:
    """All months that are stored, not the twelve of a trend."""
    an_audit_of(
        tmp_path, *((m, m.end) for m in (Period(2025, 1), Period(2026, 8), Period(2026, 9)))
    )
    assert [line[0] for line in history(tmp_path) if line[0][:2] == "20"] == [
        "2025-01", "2026-08", "2026-09",
    ]  # fmt: skip


def test_history_shows_a_new_edition_in_the_place_of_the_old(tmp_path: Path) -> None:
    """One line a month; while the next edition is collected the complete one stays."""
    an_audit_to_look_back_on(tmp_path, PLANS[1])
    with SnapshotStore.at(tmp_path / "mailaudit.db") as store:
        more = Plan(JUNE, 3, dict(PLANS[1].regular, XA2=5))
        collect(tmp_path, store, more, renew=True, without="stc.19@vidu.gov.vn")
    (line, _remark) = history(tmp_path)
    assert line[:2] == ["2026-06", "2"]
    assert line[-2] == printed(Fraction(65, 107))


def edition(month: Period) -> Edition:
    return Edition(month, 1, month.end, month.end, 9, 0)


@pytest.mark.parametrize("width", [80, 120])
def test_months_fit_the_terminal_in_vietnamese(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest remark too; below the month it is about, from the second column on."""
    monkeypatch.setattr(console, "_chosen", "vi")
    counted = Counts(staff=9, in_scope=9, provided=9, regular=9)
    remark = "không xác định được đủ người của đơn vị đã chia tách: " + "Ủy ban nhân dân xã " * 6
    months = [MonthLine(edition(m), counted, Fraction(-1), "12=", (remark,)) for m in (MAY, JUNE)]
    lines = [line.plain for line in month_lines(months, width, compared=True)]
    assert max(map(cell_len, lines)) <= width
    assert " ".join(" ".join(lines).split()).count(remark.strip()) == 2
    assert all(line.startswith(("05/2026", "06/2026", "        ", "Tháng")) for line in lines)
