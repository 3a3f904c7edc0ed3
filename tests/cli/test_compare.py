"""`mailaudit compare`: two months side by side, and nothing that its reader may not see."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import Ran, mailaudit
from looking_back import AUGUST, PLANS, SEPTEMBER, Plan, an_audit_to_look_back_on, collect
from rich.cells import cell_len
from stored_months import an_audit_of
from test_print_ranking import a_ranking, a_standing

from mailaudit.cli import console
from mailaudit.cli.comparison_view import comparison_lines
from mailaudit.model.audience import Audience
from mailaudit.model.ranking import Incomparable, Origin
from mailaudit.model.rules import Rules
from mailaudit.publication.publish import publish
from mailaudit.store import SnapshotStore

MAY, JUNE, LATE_AUGUST, DRAFT_SEPTEMBER, FULL_SEPTEMBER, _ = PLANS
MONTHS = ("2026-05", "2026-06", "2026-08", "2026-09")
LATE = (
    "2026-08 was collected 20 days after its end, 2026-09 2 days after its own: more than 7 days"
    " later, so that more of its mail may have been read."
)


def compare(folder: Path, *arguments: str) -> Ran:
    return mailaudit("compare", *arguments, "--lang", "en", cwd=folder)


def lines_of(ran: Ran) -> list[str]:
    """Every line that says something, its columns one blank apart."""
    assert ran.code == 0, ran.err
    return [" ".join(line.split()) for line in ran.out.splitlines() if line.strip()]


def after_headings(ran: Ran) -> list[str]:
    lines = lines_of(ran)
    return lines[lines.index("Sở") :]


def published(folder: Path) -> Sequence[tuple[object, ...]]:
    """What the store has of figures given to others than IT, without the edition's row number."""
    with closing(sqlite3.connect(folder / "mailaudit.db")) as connection:
        rows = connection.execute("SELECT * FROM publication").fetchall()
        names = [column[1] for column in connection.execute("PRAGMA table_info(publication)")]
    kept = [index for index, name in enumerate(names) if name != "id"]
    return sorted(tuple(row[index] for index in kept) for row in rows)


def test_compare_shows_every_unit_for_it(tmp_path: Path) -> None:
    """Ranks and rates of both months, what moved, and why something can't be compared."""
    an_audit_to_look_back_on(tmp_path)
    ran = compare(tmp_path, "2026-08", "2026-09")
    lines = lines_of(ran)
    assert "2026-08 1 21 Sep 2026 01:00 sealed 90.7 70.4" in lines
    assert "2026-09 2 3 Oct 2026 01:00 sealed 100.0 75.0" in lines
    assert LATE in lines
    assert after_headings(ran) == [
        "Sở",
        "1 – – Sở Y tế – 90.0 –",
        "2026-08: coverage was too low then",
        "2 2 = Sở Nội vụ 71.4 78.6 +7.1",
        "3 1 ▼2 Sở Tài chính 80.0 60.0 -20.0",
        "Group total 75.9 76.5 +0.6",
        "Xã",
        "1 2 ▲1 Xã Bắc 50.0 95.0 +45.0",
        "2 1 ▼1 Xã Đông Tây 75.0 50.0 -25.0",
        "Group total 62.5 72.5 +10.0",
        "Units with few people (1 units)",
        "– – – Trạm Kiểm định 66.7 100.0 +33.3",
        "too few staff",
        "TOTAL 70.4 75.0 +4.6",
        "Units by rank: up 1, down 2, as before 1, not comparable 1.",
        "Units by rate: up 2, down 2, as before 0, not comparable 1.",
        "Changes are taken from the exact rates, so they can differ by 0.1 from the difference of"
        " the rates printed.",
    ]


def test_compare_takes_months_in_any_order_and_over_a_gap(tmp_path: Path) -> None:
    """The earlier one is counted in the units of the later one, whichever is named first."""
    an_audit_to_look_back_on(tmp_path)
    ran = compare(tmp_path, "2026-09", "2026-05")
    lines = after_headings(ran)
    assert "2 – – Xã Đông Tây 40.0 50.0 +10.0" in lines
    assert "2026-05: then: Xã Đông, Xã Tây together" in lines
    assert "TOTAL 53.7 75.0 +21.3" in lines
    assert "days after its end" not in ran.out


@pytest.mark.slow
def test_compare_for_the_public_shows_what_its_report_shows(tmp_path: Path) -> None:
    """No figure of the unit of three people; what is shown is recorded as that of a report is."""
    an_audit_to_look_back_on(tmp_path)
    ran = compare(tmp_path, "2026-08", "2026-09", "--audience", "public")
    lines = after_headings(ran)
    assert "2 1 ▼1 Xã Đông Tây 75.0 50.0 -25.0" in lines
    assert "TOTAL 70.4 75.0 +4.6" in lines
    assert [line for line in lines if "Trạm" in line] == [
        "Units with few people (1 units): Trạm Kiểm định."
    ]
    for figure in ("66.7", "33.3"):
        assert figure not in ran.out
    recorded = published(tmp_path)
    assert len(recorded) == 2
    reported = mailaudit("report", "--period", "2026-09", "--audience", "public", cwd=tmp_path)
    assert reported.code == 0, reported.err
    # What is recorded already is not added again: of these months the report gives the same.
    added = [row for row in published(tmp_path) if row not in recorded]
    assert [month for row in added for month in row if month in MONTHS] == ["2026-05", "2026-06"]


def test_compare_for_it_records_nothing(tmp_path: Path) -> None:
    """As an edition for IT does."""
    an_audit_to_look_back_on(tmp_path, MAY, JUNE)
    assert compare(tmp_path, "2026-05", "2026-06").code == 0
    assert published(tmp_path) == []


@pytest.mark.slow
def test_compare_does_not_give_few_people_away(tmp_path: Path) -> None:
    """With a person less in August its figures are not shown; in September all is refused."""
    an_audit_to_look_back_on(tmp_path, LATE_AUGUST, FULL_SEPTEMBER)
    both = ("2026-08", "2026-09", "--audience", "public")
    assert "Sở Tài chính 80.0" in " ".join(lines_of(compare(tmp_path, *both)))
    renewed(tmp_path, LATE_AUGUST)
    concealed = compare(tmp_path, *both)
    assert "Not shown: 2026-08. They differ from what was published" in concealed.err
    shown = after_headings(concealed)
    assert "3 – – Sở Tài chính – 60.0 –" in shown
    assert shown.count("2026-08: not for this audience") == 5
    assert not any(figure in concealed.out for figure in ("80.0", "84.2", "71.4", "70.4"))
    renewed(tmp_path, FULL_SEPTEMBER)
    before = published(tmp_path)
    refused = compare(tmp_path, *both)
    assert (refused.code, refused.out) == (2, "")
    assert "This report differs from what was published before" in refused.err
    assert "2026-09 Sở Tài chính" in refused.err
    assert published(tmp_path) == before
    assert compare(tmp_path, *both, "--despite-difference").code == 0
    assert compare(tmp_path, "2026-08", "2026-09").code == 0


def renewed(folder: Path, plan: Plan) -> None:
    """A next edition of the month without one person of a department."""
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        later = replace(plan, days=plan.days + 1)
        collect(folder, store, later, renew=True, without="stc.19@vidu.gov.vn")


def test_compare_says_that_a_month_is_provisional(tmp_path: Path) -> None:
    """As the report does; how late it was collected is not compared then."""
    an_audit_to_look_back_on(tmp_path, LATE_AUGUST, DRAFT_SEPTEMBER)
    ran = compare(tmp_path, "2026-08", "2026-09")
    sentence = "A provisional period is compared with 2026-08, which is whole: it can still rise."
    assert sentence in ran.out
    assert "days after its end" not in ran.out
    assert "2026-09 1 26 Sep 2026 01:00 provisional 100.0" in " ".join(ran.out.split())


@pytest.mark.parametrize(("days", "is_said"), [(9, False), (10, True)])
def test_compare_warns_of_more_than_seven_days(tmp_path: Path, days: int, is_said: bool) -> None:
    """2 days after the end and 9 are alike, 2 and 10 are not."""
    late = replace(LATE_AUGUST, days=days)
    an_audit_to_look_back_on(tmp_path, late, FULL_SEPTEMBER)
    ran = compare(tmp_path, "2026-08", "2026-09")
    assert ran.code == 0, ran.err
    assert (f"2026-08 was collected {days} days after its end" in ran.out) == is_said


@pytest.mark.parametrize("silent", [AUGUST, SEPTEMBER], ids=["before", "now"])
def test_compare_with_a_month_without_mail(tmp_path: Path, silent: object) -> None:
    """No fall or rise of 100 points: a dash, and the reason before any figure."""
    for month in (AUGUST, SEPTEMBER):
        an_audit_of(tmp_path, (month, month.end), mail=month != silent)
    ran = compare(tmp_path, "2026-08", "2026-09")
    lines = after_headings(ran)
    assert lines[-3].startswith("TOTAL") and lines[-3].endswith("–")
    assert "+100" not in ran.out and "-100" not in ran.out
    assert "obody" in ran.out
    line = next(line for line in ran.out.splitlines() if line.startswith(str(silent)))
    assert line.split()[-2:] == ["–", "–"]  # nor coverage, as in the history


@pytest.mark.parametrize("width", [80, 120])
def test_comparison_fits_the_terminal_in_vietnamese(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long names and remarks are wrapped below themselves."""
    monkeypatch.setattr(console, "_chosen", "vi")
    long = "Ủy ban nhân dân phường Xuân Hương - Đà Lạt và các đơn vị trực thuộc phường"
    origin = Origin((long, long), Incomparable.NOT_MEASURED)
    ranking = a_ranking(a_standing(long, 40, 1, tied=True, previous_rank=112, origin=origin))
    before = ranking.period.shifted(-1)
    then = replace(ranking.trend[0], period=before)
    ranking = replace(ranking, trend=(then, *ranking.trend))
    publication = publish(ranking, Audience.IT, Rules())
    texts = comparison_lines(publication, before, Rules(), width)
    lines = [text.plain for text in texts][:-2]  # sentences are wrapped by the terminal
    assert max(map(cell_len, lines)) <= width
    assert any("▲111" in line for line in lines)
    assert " ".join(" ".join(lines).split()).count(long.split()[-1]) >= 3
