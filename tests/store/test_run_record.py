"""The run record: entries are added in order, stay, and show what was changed in the file."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from store_builders import SOURCE, collected

from mailaudit.errors import StoreError
from mailaudit.model.run_record import Entry, Made, Run, first_broken, newest_kept_by_packs
from mailaudit.store import SnapshotStore

RUN = Run(
    at="2026-11-02T01:00:00+00:00",
    account="Nguyễn “An”",
    command="collect",
    period="2026-10",
    edition=1,
    made=Made.SNAPSHOT,
    made_digest="ab" * 32,
    version="0.1.0",
)
REPORTS = replace(RUN, command="report", made=Made.REPORTS, made_digest="cd" * 32)
PACK = replace(RUN, command="pack", made=Made.PACK)


def a_record(folder: Path, *runs: Run) -> Path:
    """A store with these runs recorded."""
    file = folder / "s.db"
    with SnapshotStore.at(file) as store:
        collected(store)
        for run in runs or (RUN, REPORTS, PACK, REPORTS, RUN):
            store.add_run(run)
    return file


def entries_of(file: Path) -> list[Entry]:
    with SnapshotStore.at(file) as store:
        return store.run_record()


def test_runs_come_back_in_their_order(tmp_path: Path) -> None:
    """Numbered from 1 on, as they were recorded; the chain holds."""
    entries = entries_of(a_record(tmp_path, RUN, REPORTS, PACK))
    assert [entry.run for entry in entries] == [RUN, REPORTS, PACK]
    assert [entry.number for entry in entries] == [1, 2, 3]
    assert len({entry.digest for entry in entries}) == 3
    assert first_broken(entries) is None


def test_pack_names_the_newest_entry_that_is_not_of_a_pack(tmp_path: Path) -> None:
    """So that a second pack of the same store has the same bytes."""
    entries = entries_of(a_record(tmp_path, RUN, REPORTS, PACK, PACK))
    assert newest_kept_by_packs(entries) == entries[1]
    assert newest_kept_by_packs([]) is None


@pytest.mark.parametrize(
    "statement", ["DELETE FROM run_record", "UPDATE run_record SET account = ''"]
)
def test_entry_cannot_be_changed(tmp_path: Path, statement: str) -> None:
    """Nor removed, by a program that opens the file."""
    with (
        closing(sqlite3.connect(a_record(tmp_path))) as connection,
        pytest.raises(sqlite3.IntegrityError, match="stays recorded"),
    ):
        connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        *(
            (f"UPDATE run_record SET {column} = 'x' WHERE number = 3", 3)  # noqa: S608
            for column in ("at", "account", "command", "period", "made", "made_digest", "version")
        ),
        ("UPDATE run_record SET edition = 2 WHERE number = 1", 1),
        ("UPDATE run_record SET digest = made_digest WHERE number = 4", 4),
        ("UPDATE run_record SET number = 9 WHERE number = 5", 9),
        ("DELETE FROM run_record WHERE number = 1", 2),
        ("DELETE FROM run_record WHERE number = 3", 4),
        (
            "DELETE FROM run_record WHERE number = 3;"
            " UPDATE run_record SET number = number - 1 WHERE number > 3",
            3,
        ),
        (
            "UPDATE run_record SET number = 9 WHERE number = 2;"
            " UPDATE run_record SET number = 2 WHERE number = 4;"
            " UPDATE run_record SET number = 4 WHERE number = 9",
            2,
        ),
    ],
)
def test_chain_shows_what_was_forged(tmp_path: Path, statement: str, broken: int) -> None:
    """Each column changed, an entry removed or moved, with the triggers taken away before."""
    file = a_record(tmp_path)
    with closing(sqlite3.connect(file)) as connection:
        for trigger in ("update", "delete"):
            connection.execute(f"DROP TRIGGER run_record_{trigger}")
        connection.executescript(statement)
    assert first_broken(entries_of(file)) == broken


def _add_ten(file: Path) -> None:
    with SnapshotStore.at(file) as store:
        for _ in range(10):
            store.add_run(RUN)


def test_runs_at_the_same_time_make_one_chain(tmp_path: Path) -> None:
    """Entries of two processes follow each other, none is lost."""
    file = a_record(tmp_path, RUN)
    processes = [get_context("spawn").Process(target=_add_ten, args=(file,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    entries = entries_of(file)
    assert len(entries) == 21
    assert first_broken(entries) is None


def test_run_is_recorded_while_another_process_collects(tmp_path: Path) -> None:
    """Reports are made meanwhile."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        month = collected(store).period.shifted(1)
        store.begin(month, store.load(month.shifted(-1)).roster, SOURCE, now=month.end)
        with SnapshotStore.at(tmp_path / "s.db") as other:
            other.add_run(RUN)
        assert [entry.run for entry in store.run_record()] == [RUN]


def test_nothing_is_recorded_where_there_is_no_store(tmp_path: Path) -> None:
    """No file is made for it."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        assert store.run_record() == []
        with pytest.raises(StoreError):
            store.add_run(RUN)
    assert not (tmp_path / "s.db").exists()
