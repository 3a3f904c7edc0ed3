"""A store is looked at without being changed, also while another process writes it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from store_builders import AFTER, OCTOBER, SOURCE, a_roster, collected, outcomes_of

from mailaudit.errors import StoreError
from mailaudit.store import Inspected, SnapshotStore, inspect_store

NOVEMBER = OCTOBER.shifted(1)


def a_sealed_store(folder: Path) -> Path:
    file = folder / "s.db"
    with SnapshotStore.at(file) as store:
        collected(store, a_roster(), now=AFTER, outcomes=outcomes_of(a_roster().mailboxes()))
    return file


def test_sealed_months_and_units_are_found(tmp_path: Path) -> None:
    """Nothing is left beside the file, and not a byte of it changes."""
    file = a_sealed_store(tmp_path)
    before = file.read_bytes(), sorted(tmp_path.iterdir())
    expected = Inspected(
        len(before[0]), sealed=frozenset({OCTOBER}), seals=1, unit_codes=frozenset({"A"})
    )
    assert inspect_store(file) == expected
    assert (file.read_bytes(), sorted(tmp_path.iterdir())) == before


def test_store_is_read_while_it_is_written(tmp_path: Path) -> None:
    """Neither of the two waits for the other; an open month is not among the sealed ones."""
    file = a_sealed_store(tmp_path)
    with SnapshotStore.at(file) as store:
        collection = store.begin(NOVEMBER, a_roster(), SOURCE, now=AFTER)
        found = inspect_store(file)
        assert found is not None
        assert found.sealed == {OCTOBER}
        collection.record(outcomes_of(a_roster().mailboxes(), NOVEMBER))


@pytest.mark.parametrize("content", [None, b""])
def test_no_store_yet_is_nothing_to_inspect(tmp_path: Path, content: bytes | None) -> None:
    """No file, or an empty one, which the first collection fills; none is made."""
    file = tmp_path / "s.db"
    if content is not None:
        file.write_bytes(content)
    before = sorted(tmp_path.iterdir())
    assert inspect_store(file) is None
    assert sorted(tmp_path.iterdir()) == before


def test_every_seal_is_verified(tmp_path: Path) -> None:
    """Not only that of the newest month."""
    file = a_sealed_store(tmp_path)
    with SnapshotStore.at(file) as store:
        later = NOVEMBER.end
        people = a_roster()
        collected(
            store,
            people,
            period=NOVEMBER,
            now=later,
            outcomes=outcomes_of(people.mailboxes(), NOVEMBER),
        )
    found = inspect_store(file)
    assert found is not None
    assert (found.sealed, found.seals) == (frozenset({OCTOBER, NOVEMBER}), 2)
    with closing(sqlite3.connect(file)) as connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in connection.execute(triggers).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE staff SET name = 'x' WHERE snapshot_id = 1")
        connection.commit()
    with pytest.raises(StoreError, match=r"2026-10 .* was changed after it was sealed"):
        inspect_store(file)


def test_folder_in_place_of_a_store_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="can't be opened"):
        inspect_store(tmp_path)
