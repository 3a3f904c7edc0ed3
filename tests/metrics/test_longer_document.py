"""The examples of longer periods in docs/metrics.md, recomputed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta
from fractions import Fraction
from typing import cast

import pytest
from metrics_builders import a_snapshot, a_unit
from test_metrics_document import CALENDAR, RULES, Row, example, whole

from mailaudit.audit.longer import evaluate_longer
from mailaudit.collaborators import Store
from mailaudit.metrics.longer import counts_in
from mailaudit.model.lineage import EventKind, Lineage, UnitEvent
from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason, Unmeasured
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.reconciliation import Reconciled
from mailaudit.model.roster import Staff
from mailaudit.model.snapshot import Edition, Snapshot
from mailaudit.model.usage import StaffUsage

FIRST = Period(2025, 11)
SCOPE = {"exempt": {"category": "hợp đồng lao động"}, "excluded": {"status": "thai sản"}}


class Months:
    """A store of these snapshots, for reading."""

    def __init__(self, snapshots: Sequence[Snapshot]) -> None:
        self._snapshots = {snapshot.period: snapshot for snapshot in snapshots}

    def load(self, period: Period, edition: int | None = None, *, sums: bool = False) -> Snapshot:
        return self._snapshots[period]

    def editions(self, timezone: str) -> list[Edition]:
        return [
            Edition(s.period, s.edition, s.cut_off_at, s.sealed_at, len(s.outcomes), 0)
            for s in self._snapshots.values()
        ]

    def reconciled(self, period: Period) -> list[Reconciled]:
        return []


def a_store(snapshots: Sequence[Snapshot]) -> Store:
    """The same as the audit takes it, which only reads."""
    return cast(Store, Months(snapshots))


def a_month(period: Period, people: Sequence[tuple[Staff, Outcome | None]]) -> Snapshot:
    """A month of these people, in as many units as they name."""
    codes = dict.fromkeys(person.unit_code for person, _ in people)
    return a_snapshot(
        [a_unit(code) for code in codes],
        [person for person, _ in people],
        [outcome for _, outcome in people if outcome is not None],
        cut_off_at=period.end.astimezone(UTC) + timedelta(days=1),
        period=period,
    )


def a_person_who(state: str, period: Period, name: str = "an") -> tuple[Staff, Outcome | None]:
    """The person's entry of a month, and what the mailbox did; R used it regularly."""
    box, at = f"{name}@tinh.gov.vn", period.end.astimezone(UTC)
    person = Staff(name, "A", None if state == "not-provided" else box, category="công chức")
    person = replace(person, **SCOPE.get(state, {}))  # type: ignore[arg-type]
    if person.mailbox is None:
        return person, None
    if state == "unmeasured":
        return person, Unmeasured(box, at, Reason.TIMED_OUT)
    days = tuple(DayActivity(day, sent=1) for day in period.days()) if state == "R" else ()
    return person, Activity(box, at, days)


def somebody_else(period: Period) -> tuple[Staff, Outcome | None]:
    """So that the month has mail."""
    return a_person_who("R", period, "khac")


def the_person(states: Sequence[str]) -> StaffUsage:
    """The person of these months, in the longer period that they are."""
    months = [FIRST.shifted(number) for number in range(len(states))]
    snapshots = [
        a_month(month, [somebody_else(month), a_person_who(state, month)])
        for month, state in zip(months, states, strict=True)
    ]
    period = LongPeriod.of(months[0].first_day, months[-1].last_day)
    audited = evaluate_longer(a_store(snapshots), period, CALENDAR, RULES)
    [found] = [usage for usage in audited.measurement.staff if usage.staff.key == "an"]
    return found


def test_document_months_that_count() -> None:
    """Working days inside, of how many, and whether they are most."""
    for row in example("months that count"):
        first, last = date.fromisoformat(row["From"]), date.fromisoformat(row["To"])
        year, month = map(int, row["Month"].split("-"))
        period, one = LongPeriod.of(first, last), Period(year, month)
        begin, end = max(first, one.first_day), min(last, one.last_day)
        inside = len(list(CALENDAR.working_days(begin, end)))
        assert (inside, CALENDAR.working_days_of(one)) == (
            whole(row, "Working days inside"),
            whole(row, "Of"),
        ), row
        assert counts_in(one, period, CALENDAR) is (row["Counts"] == "yes"), row


@pytest.mark.parametrize("row", example("longer states"), ids=lambda row: str(row["Months"]))
def test_document_longer_states(row: Row) -> None:
    """The state of a person in all months, and whether use was regular."""
    found = the_person(row["Months"].split())
    assert found.state.value == row["State"]
    assert found.months_judged == whole(row, "Judged")
    assert found.months_regular == whole(row, "Regular")
    assert found.regular is (row["F4"] == "yes")


EVENTS = (
    UnitEvent(date(2026, 10, 1), EventKind.MERGED, ("B",), ("A",)),
    UnitEvent(date(2026, 10, 1), EventKind.SPLIT, ("C",), ("D", "E")),
    UnitEvent(date(2026, 10, 1), EventKind.DISSOLVED, ("F",)),
)


def entries(rows: Sequence[Row], column: str, period: Period) -> Iterator[tuple[Staff, Outcome]]:
    """The list of a month of the units example."""
    at = period.end.astimezone(UTC)
    for row in rows:
        if not (unit := row[column].removeprefix("out of scope in ")):
            continue
        box = f"{row['Person']}@tinh.gov.vn"
        away = row[column].startswith("out of scope")
        person = Staff(row["Person"], unit, box, status="thai sản" if away else "")
        yield person, Activity(box, at, (DayActivity(period.first_day, sent=1),))


def test_document_longer_units() -> None:
    """Where everybody counts, and that nobody counts twice."""
    rows, months = example("longer units"), (Period(2026, 9), Period(2026, 10))
    snapshots = [
        a_month(month, list(entries(rows, column, month)))
        for month, column in zip(months, ("September", "October"), strict=True)
    ]
    period = LongPeriod.of(months[0].first_day, months[1].last_day)
    audited = evaluate_longer(a_store(snapshots), period, CALENDAR, RULES, Lineage(EVENTS))
    assert {usage.staff.key: usage.unit_code for usage in audited.measurement.staff} == {
        row["Person"]: row["Counts in"] for row in rows
    }
    counted = {line.unit.code: line.counts.staff for line in audited.measurement.units}
    assert sum(counted.values()) == len(rows)
    assert set(counted) == {row["Counts in"] for row in rows} | {"D", "E"}


@pytest.mark.parametrize("row", example("sound months"))
def test_document_sound_months(row: Row) -> None:
    """With too few months that are stored, final and covered, nothing is ranked."""
    names = ("Missing", "Provisional", "Low coverage")
    missing, open_, low = (whole(row, name) for name in names)
    months = [FIRST.shifted(number) for number in range(whole(row, "Months that count"))]
    snapshots = []
    for number, month in enumerate(months[: len(months) - missing]):
        measured = 15 if open_ <= number < open_ + low else 20
        states = ["R"] * measured + ["unmeasured"] * (20 - measured)
        people = [a_person_who(state, month, f"cb{n}") for n, state in enumerate(states)]
        snapshot = a_month(month, people)
        snapshots.append(replace(snapshot, sealed_at=None) if number < open_ else snapshot)
    period = LongPeriod.of(months[0].first_day, months[-1].last_day)
    audited = evaluate_longer(a_store(snapshots), period, CALENDAR, RULES)
    [standing] = [s for group in audited.ranking.groups for s in group.standings]
    assert (standing.rank == 1) is (row["Ranked"] == "yes")
    assert standing.share == Fraction(20, 20)
    named = audited.snapshot.months
    assert [sum(not m.is_stored for m in named), sum(m.is_sound for m in named)] == [
        missing,
        len(months) - missing - open_ - low,
    ]
