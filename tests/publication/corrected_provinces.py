"""Provinces whose first month is corrected, and what the public comparison of it says."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from provinces import MONTHS, Collection, Person
from publishing import ORGANISATION, SOURCE, outcome, the_calendar
from random_provinces import a_province
from reading import Table, Value
from workbooks import read_workbook

from mailaudit.locale import language
from mailaudit.metrics.measure import measure
from mailaudit.metrics.rank import rank
from mailaudit.model.audience import Audience
from mailaudit.model.correction import Correction, CorrectionKind
from mailaudit.model.ranking import Ranking
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.publication.comparison import compare, gives_few_away
from mailaudit.publication.publish import publish
from mailaudit.publication.record import records_of
from mailaudit.report.correction_document import Corrections, compose_document
from mailaudit.report.excel.workbook import render_sections
from mailaudit.store import SnapshotStore

RULES = Rules()
FIGURES = {"Thuộc diện": "in_scope", "Đo được": "measured", "Thường xuyên": "regular"}


@dataclass(frozen=True, slots=True)
class Compared:
    """A corrected month.

    Attributes:
        first, second: The people before and after.
        content: The public workbook; None where it was refused.
        without_refusal: What it would have been.
    """

    first: Collection
    second: Collection
    content: bytes | None
    without_refusal: bytes


def corrections_of(chance: random.Random, first: Collection) -> list[tuple[Person, Correction]]:
    """A few people here and there, or many of a unit or two, each with one thing corrected."""
    units = [unit.code for unit in first.units]
    by_unit: dict[str, list[Person]] = {}
    for person in first.people:
        by_unit.setdefault(person.staff.unit_code, []).append(person)
    found: dict[str, tuple[Person, Correction]] = {}
    for _ in range(chance.choice((1, 1, 2, 3))):
        kind = chance.choice(
            (CorrectionKind.NOT_STAFF, CorrectionKind.CATEGORY, CorrectionKind.UNIT)
        )
        code = max(by_unit, key=lambda code: len(by_unit[code])) if chance.random() < 0.6 else None
        members = by_unit[code or chance.choice(list(by_unit))]
        many = chance.choice((1, 2, 4, 5, 6, 8, 12))
        value = {
            CorrectionKind.NOT_STAFF: "",
            CorrectionKind.CATEGORY: "hợp đồng lao động",
            CorrectionKind.UNIT: chance.choice(units),
        }[kind]
        for person in chance.sample(members, min(many, len(members))):
            was = {
                CorrectionKind.NOT_STAFF: None,
                CorrectionKind.CATEGORY: person.staff.category,
                CorrectionKind.UNIT: person.staff.unit_code,
            }[kind]
            if was != value:
                found.setdefault(person.staff.key, (person, _correction(person, kind, value)))
    return list(found.values())


def _correction(person: Person, kind: CorrectionKind, value: str) -> Correction:
    month, day = str(MONTHS[0]), date(2026, 9, 10)
    return Correction(month, person.staff.key, kind, value, None, None, "sai", "", "Giám đốc", day)


def corrected_people(first: Collection, made: list[tuple[Person, Correction]]) -> Collection:
    """The people as they are with the corrections, without the program."""
    by_key = {person.staff.key: correction for person, correction in made}
    people = []
    for person in first.people:
        correction = by_key.get(person.staff.key)
        if correction is None:
            people.append(person)
        elif correction.kind is CorrectionKind.CATEGORY:
            people.append(replace(person, staff=replace(person.staff, category=correction.value)))
        elif correction.kind is CorrectionKind.UNIT:
            people.append(replace(person, staff=replace(person.staff, unit_code=correction.value)))
    return replace(first, people=tuple(people), kind="corrected by a list")


def compared(seed: int, folder: Path) -> Compared | None:
    """A province's month, reported, corrected and compared; None where nothing is corrected."""
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    first = a_province(seed).steps[0].collection
    assert first is not None
    made = corrections_of(chance, first)
    if not made:
        return None
    period, calendar = MONTHS[0], the_calendar()
    now = period.end + timedelta(days=1)
    with SnapshotStore.at(folder / f"{seed}.db") as store:
        collection = store.begin(period, first.roster, SOURCE, now=now)
        by_box = {person.staff.mailbox: person for person in first.people}
        boxes = collection.pending
        collection.record([outcome(by_box[box], box, period, now, calendar) for box in boxes])
        collection.finish(now, however_little=True)
        before = store.load(period)
        after = store.correct(period, 1, [each for _, each in made], now=now)
        rankings = ranked(before), ranked(after)
        given = tuple(records_of(publish(rankings[0], Audience.PUBLIC, RULES), 1, ()))
        store.publish(given, lambda _: None)
        comparison = compare(*rankings, (1, 2), Audience.PUBLIC, RULES)
        is_refused = gives_few_away(comparison, store.published, RULES)
        report = compose_document(
            ORGANISATION,
            Corrections(before.roster, after, after.corrections),
            comparison,
            RULES,
            language=language("vi"),
            names=True,
            illustrative=False,
        )
    content = render_sections(report, numbered=True)
    return Compared(first, corrected_people(first, made), None if is_refused else content, content)


def ranked(snapshot: Snapshot) -> Ranking:
    measurement = measure(snapshot, the_calendar(), RULES)
    return rank(snapshot.period, measurement, snapshot.roster.groups, (), RULES)


def lines_of(content: bytes) -> dict[str, Mapping[str, Value]]:
    """The cells of each unit in a comparison's workbook, by its name."""
    tables = read_workbook(content).tables
    return {line.name: line.cells for table in tables if _compares(table) for line in table.lines}


def _compares(table: Table) -> bool:
    return any("Thuộc diện, trước" in line.cells for line in table.lines)


def figures_of(cells: Mapping[str, Value]) -> Iterator[tuple[str, int, int]]:
    """Each figure's name, and what it was and is, as printed."""
    for label, figure in FIGURES.items():
        then, now = cells[f"{label}, trước"].exact, cells[f"{label}, sau"].exact
        if then is not None and now is not None:
            yield figure, int(then), int(now)
