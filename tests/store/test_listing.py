"""What the store has of each month, and one edition of several."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from store_builders import (
    AFTER,
    DURING,
    OCTOBER,
    SOURCE,
    a_roster,
    an_activity,
    collected,
    outcomes_of,
)

from mailaudit.errors import StoreError
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Edition
from mailaudit.store import SnapshotStore

SEPTEMBER = OCTOBER.shifted(-1)


def test_editions_are_listed_by_month(tmp_path: Path) -> None:
    """Oldest first, with cut-off, seal and how far they are; not those of other time zones."""
    file = tmp_path / "s.db"
    elsewhere = Period(2026, 10, "Asia/Tokyo")
    with SnapshotStore.at(file) as store:
        assert store.editions(OCTOBER.timezone) == []
        collected(store, now=DURING)
        collected(store, now=AFTER)
        collected(store, period=elsewhere, now=AFTER)
        open_one = store.begin(SEPTEMBER, a_roster(5), SOURCE, now=AFTER)
        open_one.record(outcomes_of(open_one.pending[:2], SEPTEMBER))
        found = store.editions(OCTOBER.timezone)
    assert found == [
        Edition(SEPTEMBER, 1, AFTER, None, mailboxes=5, pending=3),
        Edition(OCTOBER, 1, DURING, None, mailboxes=3, pending=0),
        Edition(OCTOBER, 2, AFTER, AFTER + timedelta(hours=1), mailboxes=3, pending=0),
    ]
    assert [edition.is_complete for edition in found] == [False, True, True]
    assert not (tmp_path / "other.db").exists()


def test_one_edition_is_loaded_whole(tmp_path: Path) -> None:
    """Each as it was; the newest without a number."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        first = collected(store, now=DURING)
        second = collected(store, now=AFTER)
        assert store.load(OCTOBER, 1) == first
        assert store.load(OCTOBER, 2) == second == store.load(OCTOBER)
        with pytest.raises(StoreError, match="has no edition 3 of 2026-10"):
            store.load(OCTOBER, 3)


def test_earlier_edition_that_was_changed_after_its_seal_is_refused(tmp_path: Path) -> None:
    """The newest one can still be read."""
    file = tmp_path / "s.db"
    with SnapshotStore.at(file) as store:
        collected(store)
        collection = store.renew(OCTOBER, a_roster(4), SOURCE, now=AFTER)
        collection.record([an_activity("3@x.vn")])
        collection.finish(AFTER)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TRIGGER snapshot_update_sealed")
        connection.execute("UPDATE snapshot SET source_account = 'x' WHERE edition = 1")
        connection.commit()
    with SnapshotStore.at(file) as store:
        assert store.load(OCTOBER).edition == 2
        with pytest.raises(StoreError, match="was changed after it was sealed"):
            store.load(OCTOBER, 1)
