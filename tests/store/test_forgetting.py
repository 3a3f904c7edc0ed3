"""Forgetting a person: gone from every table and byte, others untouched, seals true."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from removal_builders import (
    NOW,
    OCTOBER,
    OTHERS,
    PLANTED,
    a_planted_store,
    planted_roster,
    run_of,
    sums_of,
    traces,
)
from store_builders import DURING, SOURCE, outcomes_of

from mailaudit.errors import StoreError, UsageError
from mailaudit.model.run_record import first_broken
from mailaudit.store import DeliveryLedger, PersonRecords, Removals, SnapshotStore, inspect_store

EDITIONS = (1, 2, 3)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "store.db"
    a_planted_store(file)
    execute(
        file,
        "INSERT INTO delivery VALUES (1, '2026-10', 'Asia/Ho_Chi_Minh', 3, 'can1@x.vn', '<1@x>',"
        " 'd', '2026-11-03T01:00:00+00:00', 'not sent', '2026-11-03T01:00:01+00:00',"
        " '550 can1@x.vn full', '[\"A\"]', 0)",
        "INSERT INTO delivery VALUES (2, '2026-10', 'Asia/Ho_Chi_Minh', 3, 'khac2@x.vn', '<2@x>',"
        " 'd', '2026-11-03T01:00:00+00:00', 'sent', '2026-11-03T01:00:01+00:00', '', '[\"B\"]', 0)",
    )
    assert len(traces(file)) == len(PLANTED)
    return file


def execute(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def forget(file: Path, asked: str = "can1@x.vn") -> bool:
    with closing(Removals(file)) as removals:
        removals.forget(asked, sums_of, run_of, now=NOW)
        return removals.erase()


def test_person_is_gone_from_every_byte(file: Path) -> None:
    """Names, addresses, codes and what was written by hand; of all editions and tables."""
    assert forget(file)

    assert traces(file) == []
    assert len(traces(file, OTHERS)) == len(OTHERS)
    with pytest.raises(UsageError, match="has nothing of"):
        PersonRecords(file).of("can1@x.vn")


def test_rows_deleted_in_the_past_are_gone_as_well(tmp_path: Path) -> None:
    """A staff list that was replaced left its rows in free pages, before deleting overwrote."""
    file = tmp_path / "store.db"
    a_planted_store(file)
    many = ", ".join(f"('xoatruoc@x.vn {n}')" for n in range(2000))
    execute(
        file,
        "PRAGMA secure_delete = OFF",
        "CREATE TABLE old (text)",
        f"INSERT INTO old VALUES {many}",  # noqa: S608
        "DROP TABLE old",
    )
    assert traces(file, ["xoatruoc"])

    assert forget(file)

    assert traces(file, ["xoatruoc"]) == []


def test_others_stay_as_they_were(file: Path) -> None:
    """Every row of every other person, in each edition."""
    with SnapshotStore.at(file) as store:
        before = [store.load(OCTOBER, edition) for edition in EDITIONS]
    forget(file)
    with SnapshotStore.at(file) as store:
        after = [store.load(OCTOBER, edition) for edition in EDITIONS]

    for then, now in zip(before, after, strict=True):
        kept = tuple(one for one in then.roster.staff if one.key != "MaCan1")
        head, *others = then.roster.units
        units = (replace(head, head_name="", head_address=""), *others)
        assert now.roster == replace(then.roster, staff=kept, units=units)
        assert now.outcomes == {b: one for b, one in then.outcomes.items() if b != "can1@x.vn"}
        assert [(one.edition, one.correction.kind) for one in now.corrections] == [
            (one.edition, one.correction.kind) for one in then.corrections
        ]
        assert now.corrections[1:] == then.corrections[1:]  # the first was of the person
        assert [one.correction.person for one in now.corrections[:1]] == [""] * (now.edition > 1)
        assert now.removal is not None
        assert (now.removal.removed_at, now.removal.first_digest) == (NOW, then.digest)
        assert now.removal.sums.people == 1
        assert (now.sealed_at, now.cut_off_at, now.source) == (
            then.sealed_at,
            then.cut_off_at,
            then.source,
        )
        assert now.digest != then.digest
    ledger = DeliveryLedger(file).deliveries(OCTOBER)
    assert [(one.recipient, one.detail, one.units) for one in ledger] == [
        ("", "", ("A",)),
        ("khac2@x.vn", "", ("B",)),
    ]


def test_first_seal_and_the_chain_of_runs_stay(file: Path) -> None:
    """After a second removal as well; the record says of which edition, not who."""
    with SnapshotStore.at(file) as store:
        first = store.load(OCTOBER).digest
    forget(file)
    forget(file, "MaKhac2")

    with SnapshotStore.at(file) as store:
        now, entries = store.load(OCTOBER), store.run_record()
    assert now.removal is not None
    assert now.removal.first_digest == first
    assert now.removal.sums.people == 2
    assert first_broken(entries) is None
    assert [(entry.run.edition, entry.run.account) for entry in entries] == [
        (edition, "officer") for edition in (*EDITIONS, *EDITIONS)
    ]
    assert entries[-1].run.made_digest == now.digest
    assert inspect_store(file) is not None  # each seal verified


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM staff WHERE snapshot_id = 2 AND key = 'K1'",
        "UPDATE unit SET name = 'x' WHERE snapshot_id = 2",
        "DELETE FROM removal_sum WHERE snapshot_id = 2",
        "DELETE FROM removal WHERE snapshot_id = 2",
        "UPDATE removal_sum SET people = 2 WHERE snapshot_id = 2",
        "INSERT INTO removal_sum"
        " VALUES (2, 9, 'A', 'measured', NULL, '', 0, NULL, 0, 0, 0, 0, 1, 'ews')",
        "UPDATE snapshot SET digest = 'x' WHERE id = 2",
    ],
)
def test_what_is_left_is_sealed_again(file: Path, change: str) -> None:
    """The triggers are back, and the new seal shows what is changed past them."""
    forget(file)

    with pytest.raises(sqlite3.IntegrityError, match="a sealed snapshot never changes"):
        execute(file, change)
    with closing(sqlite3.connect(file)) as connection, connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(change)
    with SnapshotStore.at(file) as store, pytest.raises(StoreError, match="was changed after"):
        store.load(OCTOBER, 2)


def test_nothing_is_removed_from_a_store_that_was_changed(file: Path) -> None:
    """A new seal would hide it: the whole removal is refused."""
    execute(
        file,
        "DROP TRIGGER staff_update_sealed",
        "UPDATE staff SET name = 'x' WHERE snapshot_id = 3 AND key = 'K1'",
    )
    content = file.read_bytes()

    with pytest.raises(StoreError, match="was changed after it was sealed"):
        forget(file)

    assert len(traces(file)) == len(PLANTED)
    assert file.read_bytes() == content


def test_another_process_that_reads_delays_the_erasing_only(file: Path) -> None:
    """The removal is made; the next command that writes ends it."""
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM staff").fetchone()
        with closing(Removals(file)) as removals:
            removals.forget("can1@x.vn", sums_of, run_of, now=NOW)
            assert not removals.erase()
            assert removals.is_unerased()
        assert traces(file) != []
    with SnapshotStore.at(file) as store:
        store.begin(OCTOBER.shifted(1), planted_roster(), SOURCE, now=DURING + timedelta(days=31))
        store.close()

    with closing(Removals(file)) as removals:
        assert not removals.is_unerased()


@pytest.fixture
def held(file: Path) -> Iterator[None]:
    with DeliveryLedger(file).held():
        yield


@pytest.mark.usefixtures("held")
def test_removing_waits_for_a_delivery(file: Path) -> None:
    """A mail that is noted meanwhile would keep its recipient."""
    with pytest.raises(StoreError, match="Another mailaudit is delivering"):
        forget(file)


def test_removing_waits_for_a_collection(file: Path) -> None:
    """Which would put the person back."""
    with SnapshotStore.at(file) as store:
        store.begin(OCTOBER.shifted(1), planted_roster(), SOURCE, now=DURING + timedelta(days=31))
        with pytest.raises(StoreError, match="Another mailaudit is collecting"):
            forget(file)


def test_collection_that_goes_on_counts_the_person_no_more(tmp_path: Path) -> None:
    """Nothing was summed up yet, so nothing is left; on the list of the next run they count."""
    file = tmp_path / "store.db"
    with SnapshotStore.at(file) as store:
        collection = store.begin(OCTOBER, planted_roster(), SOURCE, now=NOW)
        collection.record(outcomes_of(["can1@x.vn", "khac2@x.vn"]))
    forget(file)
    with SnapshotStore.at(file) as store:
        again = store.begin(OCTOBER, planted_roster(), SOURCE, now=NOW)
        assert "can1@x.vn" in again.pending
        assert "khac2@x.vn" not in again.pending
        again.record(outcomes_of(again.pending))
        again.finish(NOW)
        assert store.load(OCTOBER).removal is None


def test_later_editions_keep_the_sums_or_count_the_list_of_today(file: Path) -> None:
    """A correction and another try take them over; a new staff list counts without them."""
    forget(file)
    with SnapshotStore.at(file) as store:
        base = store.load(OCTOBER)
        corrected = store.correct(OCTOBER, 3, [], now=NOW)
        assert base.removal is not None
        assert corrected.removal == replace(base.removal, first_digest="")
        renewed = store.renew(OCTOBER, planted_roster(), SOURCE, now=NOW)
        assert renewed.pending == ("can1@x.vn",)
        renewed.record(outcomes_of(renewed.pending))
        renewed.finish(NOW)
        assert store.load(OCTOBER).removal is None
        assert store.load(OCTOBER, 4).removal == corrected.removal


def test_head_who_is_on_no_staff_list_is_forgotten(tmp_path: Path) -> None:
    """No figure is concerned; the edition has a new seal all the same, and says why."""
    file = tmp_path / "store.db"
    a_planted_store(file)
    with SnapshotStore.at(file) as store:
        before = store.load(OCTOBER)
    forget(file, "truong@x.vn")
    with SnapshotStore.at(file) as store:
        after = store.load(OCTOBER)

    assert after.roster.staff == before.roster.staff
    assert after.roster.units[:2] == before.roster.units[:2]
    assert after.removal is not None
    assert (after.removal.sums.people, after.removal.first_digest) == (0, before.digest)
    assert traces(file, ("truong@x.vn", "Lê Chỉ Làm Trưởng")) == []
