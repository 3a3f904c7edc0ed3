"""Which rows are a person's: found by address and code in all months, never somebody else's."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from store_builders import AFTER, OCTOBER, SOURCE, a_correction, collected, outcomes_of

from mailaudit.errors import StoreError, UsageError
from mailaudit.model.correction import CorrectionKind
from mailaudit.model.period import Period
from mailaudit.model.person import PersonRecord, RecordKind
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.report.disclosure import LABELS, TITLES
from mailaudit.store import PersonRecords, SnapshotStore, tables

SEPTEMBER = OCTOBER.shifted(-1)
UNIT = Unit("A", "Unit A", "G", None, "Head", "head@x.vn")


def stored(folder: Path, *months: tuple[Period, Sequence[Staff]]) -> Path:
    """A store with these staff lists, each collected."""
    file = folder / "store.db"
    with SnapshotStore.at(file) as store:
        for period, staff in months:
            roster = Roster(("G",), (UNIT,), tuple(staff), str(period))
            collected(store, roster, period=period, now=period.end + timedelta(days=1))
    return file


def found(file: Path, asked: str) -> tuple[set[str], list[tuple[str, RecordKind]]]:
    person, records = PersonRecords(file).of(asked)
    return set(person.addresses), [(str(one.period), one.kind) for one in records]


def staff_names(records: Sequence[PersonRecord]) -> set[str]:
    return {one.values["name"] for one in records if one.kind is RecordKind.STAFF}


def test_person_is_followed_through_code_and_aliases(tmp_path: Path) -> None:
    """The address changed, and the newest list has an alias: any of them finds all months."""
    file = stored(
        tmp_path,
        (SEPTEMBER, [Staff("C1", "A", "old@x.vn", "An", row="r:1")]),
        (OCTOBER, [Staff("C1", "A", "new@x.vn", "An", row="r:9", aliases=("an@y.vn",))]),
    )
    kinds = [RecordKind.STAFF, RecordKind.OUTCOME]
    everything = [(str(month), kind) for month in (SEPTEMBER, OCTOBER) for kind in kinds]

    for asked in ("old@x.vn", " NEW@X.VN ", "an@y.vn", "C1"):
        assert found(file, asked) == ({"old@x.vn", "new@x.vn", "an@y.vn"}, everything)


def test_person_without_code_is_followed_through_aliases(tmp_path: Path) -> None:
    """An address that is not an alias of it, but begins or ends like one, is another's."""
    file = stored(
        tmp_path,
        (SEPTEMBER, [Staff("old@x.vn", "A", "old@x.vn", "An", row="r:1")]),
        (
            OCTOBER,
            [
                Staff("n@x.vn", "A", "n@x.vn", "An", row="r:1", aliases=("b@x.vn", "old@x.vn")),
                Staff("m@x.vn", "A", "m@x.vn", "Other", row="r:2", aliases=("xold@x.vn",)),
                Staff("old@x.vn.vn", "A", "old@x.vn.vn", "Other", row="r:3"),
            ],
        ),
    )

    addresses, _ = found(file, "old@x.vn")

    assert addresses == {"old@x.vn", "n@x.vn", "b@x.vn"}


def test_address_of_two_codes_is_refused_and_each_code_gets_its_own(tmp_path: Path) -> None:
    """An address that was given to another person shows nobody what the other did."""
    file = stored(
        tmp_path,
        (SEPTEMBER, [Staff("C1", "A", "an@x.vn", "First", row="r:1")]),
        (OCTOBER, [Staff("C2", "A", "an@x.vn", "Second", row="r:1")]),
    )

    with pytest.raises(UsageError) as refused:
        PersonRecords(file).of("an@x.vn")
    assert refused.value.text() == (
        "The address an@x.vn was that of several staff codes: C1, C2. Name the person by staff"
        " code; where one person had several, by each in turn."
    )
    for code, name in (("C1", "First"), ("C2", "Second")):
        _, records = PersonRecords(file).of(code)
        assert staff_names(records) == {name}
        assert len(records) == 2


def test_two_who_exchanged_mailboxes_are_not_mixed(tmp_path: Path) -> None:
    """By corrections, on lists without codes: neither reads of the other."""
    file = stored(
        tmp_path,
        (
            OCTOBER,
            [
                Staff("a@x.vn", "A", "a@x.vn", "Ant", row="r:1"),
                Staff("b@x.vn", "A", "b@x.vn", "Bee", row="r:2"),
            ],
        ),
    )
    swap = [
        a_correction("a@x.vn", CorrectionKind.MAILBOX, "b@x.vn"),
        a_correction("b@x.vn", CorrectionKind.MAILBOX, "a@x.vn", row="corrections.csv:3"),
    ]
    with SnapshotStore.at(file) as store:
        store.correct(OCTOBER, 1, swap, now=AFTER + timedelta(days=9))

    _, records = PersonRecords(file).of("a@x.vn")

    edition_1 = [one for one in records if one.edition == 1]
    assert staff_names(edition_1) == {"Ant"}
    assert len([one for one in records if one.kind is RecordKind.STAFF]) == 2


def test_corrected_address_leads_on(tmp_path: Path) -> None:
    """The next month's list has the new address only; the correction joins the two."""
    month = (OCTOBER, [Staff("a@x.vn", "A", "a@x.vn", "An", row="r:1")])
    file = stored(tmp_path, month)
    with SnapshotStore.at(file) as store:
        moved = a_correction("a@x.vn", CorrectionKind.MAILBOX, "new@x.vn")
        store.correct(OCTOBER, 1, [moved], now=AFTER + timedelta(days=9))

    for asked in ("a@x.vn", "new@x.vn"):
        addresses, kinds = found(file, asked)
        assert addresses == {"a@x.vn", "new@x.vn"}
        assert kinds.count(("2026-10", RecordKind.STAFF)) == 2
        assert kinds.count(("2026-10", RecordKind.CORRECTION)) == 1


def test_head_who_is_on_no_staff_list_is_found(tmp_path: Path) -> None:
    """A unit list names the head with an address."""
    file = stored(tmp_path, (OCTOBER, [Staff("C1", "A", "an@x.vn", "An", row="r:1")]))

    assert found(file, "head@x.vn") == ({"head@x.vn"}, [("2026-10", RecordKind.HEAD)])


def test_collection_that_goes_on_is_looked_at_too(tmp_path: Path) -> None:
    """What is not sealed yet, and a mailbox that was not asked yet."""
    file = tmp_path / "store.db"
    people = tuple(replace(Staff("", "A", ""), key=f"C{n}", mailbox=f"{n}@x.vn") for n in range(2))
    with SnapshotStore.at(file) as store:
        collection = store.begin(OCTOBER, Roster(("G",), (UNIT,), people, "d"), SOURCE, now=AFTER)
        collection.record(outcomes_of(["0@x.vn"]))

    assert found(file, "C0")[1] == [("2026-10", RecordKind.STAFF), ("2026-10", RecordKind.OUTCOME)]
    assert found(file, "C1")[1] == [("2026-10", RecordKind.STAFF)]


def test_nothing_stored(tmp_path: Path) -> None:
    """No store, and a store without the person."""
    file = tmp_path / "store.db"
    with pytest.raises(StoreError, match="has nothing in it yet"):
        PersonRecords(file).of("an@x.vn")
    assert not file.exists()
    stored(tmp_path, (OCTOBER, [Staff("r:1", "A", None, "An", row="r:1")]))
    for asked in ("an@x.vn", "An", "r:2", "%", "x.vn"):
        with pytest.raises(UsageError, match="has nothing of"):
            PersonRecords(file).of(asked)


def test_every_column_about_a_person_has_a_label() -> None:
    """A column added later is shown to the person it is about, in words."""
    shown = {
        column.name
        for kind in TITLES
        for column in tables.metadata.tables[kind.value].c
        if column.name not in {"id", "snapshot_id", "position", "timezone", "days", "seen_days"}
    }

    assert LABELS.keys() == shown | {"unit_name"}
