"""What was published stands in the store: added once, kept, also while another process collects."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from store_builders import OCTOBER, SOURCE, a_roster, collected, outcomes_of

from mailaudit.errors import StoreError, UsageError
from mailaudit.publication.record import FEW, UNIT, Record
from mailaudit.publication.register import Published
from mailaudit.store import SnapshotStore


def a_record(regular: int = 3) -> Record:
    return Record(
        OCTOBER,
        1,
        "public",
        {(UNIT, "H01 “Sở”"): {"in_scope": 9, "regular": regular}, (FEW, ""): {"in_scope": 12}},
        {"": ("x", "y")},
    )


def anything(published: Published) -> None:
    """Refuses nothing."""


def a_store(folder: Path) -> SnapshotStore:
    store = SnapshotStore.at(folder / "s.db")
    collected(store)
    return store


def test_record_comes_back_as_it_was_added(tmp_path: Path) -> None:
    """With all its lines, the oldest first, and once however often the report is made."""
    with a_store(tmp_path) as store:
        assert store.published(OCTOBER) == []
        store.publish([a_record()], anything)
        store.publish([a_record(), a_record(4)], anything)
        assert store.published(OCTOBER) == [a_record(), a_record(4)]
        assert store.published(OCTOBER.shifted(1)) == []
        for zone in ("Africa/Abidjan", "Pacific/Auckland"):  # another month, though of one name
            assert store.published(replace(OCTOBER, timezone=zone)) == []
        assert store.load(OCTOBER).digest


def test_what_was_published_cannot_be_changed(tmp_path: Path) -> None:
    """By a program that opens the file, either."""
    with a_store(tmp_path) as store:
        store.publish([a_record()], anything)
    with closing(sqlite3.connect(tmp_path / "s.db")) as connection:
        for statement in ("DELETE FROM publication", "UPDATE publication SET lines = '{}'"):
            with pytest.raises(sqlite3.IntegrityError, match="stays recorded"):
                connection.execute(statement)


def test_publication_is_recorded_while_another_process_collects(tmp_path: Path) -> None:
    """And the collection goes on: neither reads what is out of date when it writes."""
    with a_store(tmp_path) as store:
        november = OCTOBER.shifted(1)
        roster = a_roster(4)
        collection = store.begin(november, roster, SOURCE, now=november.end)
        with SnapshotStore.at(tmp_path / "s.db") as reporting:
            for number, box in enumerate(list(collection.pending)):
                reporting.publish([a_record(number)], anything)
                collection.record(outcomes_of([box], november))
            reporting.publish([a_record(9)], anything)
        collection.finish(november.end)
        assert len(store.published(OCTOBER)) == 5
        assert len(store.load(november).outcomes) == 4


def test_record_that_cannot_be_written_is_an_error_of_the_store(tmp_path: Path) -> None:
    """A report that is not recorded is not made."""
    with (
        pytest.raises(StoreError, match="can't be opened"),
        SnapshotStore.at(tmp_path / "none.db") as store,
    ):
        store.publish([a_record()], anything)
    assert not (tmp_path / "none.db").exists()


def test_check_sees_what_was_published_a_moment_ago_and_can_refuse(tmp_path: Path) -> None:
    """Two reports made at one time each looked before the other was recorded."""

    def refuse(published: Published) -> None:
        seen.extend(published(OCTOBER))
        raise UsageError("differs")

    seen: list[Record] = []
    with a_store(tmp_path) as store:
        with SnapshotStore.at(tmp_path / "s.db") as other:
            assert store.published(OCTOBER) == []
            other.publish([a_record()], anything)
        with pytest.raises(UsageError):
            store.publish([a_record(4)], refuse)
        assert seen == store.published(OCTOBER) == [a_record()]
