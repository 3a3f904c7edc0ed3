"""What second sources said of a month stands in the store as sums, and stays."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from store_builders import OCTOBER, collected

from mailaudit.errors import StoreError
from mailaudit.model.reconciliation import Reconciled, Seen
from mailaudit.store import SnapshotStore

MADE = Reconciled(
    period=OCTOBER,
    edition=1,
    digest="a" * 64,
    name="logs",
    kind="tracking",
    made_at=datetime(2026, 11, 5, 1, tzinfo=UTC),
    mailboxes=12,
    differing=3,
    sent=Seen(90, 1, 2),
    received=Seen(800, 30, 4),
)


def test_newest_of_each_witness_comes_back(tmp_path: Path) -> None:
    """Of this month in this time zone alone."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        assert store.reconciled(OCTOBER) == []
        with pytest.raises(StoreError):
            store.add_reconciled(MADE)
        collected(store)
        again = replace(MADE, sent=Seen(91, 0, 2))
        imap = replace(MADE, name="imap", kind="imap")
        for made in (MADE, imap, again):
            store.add_reconciled(made)
        assert store.reconciled(OCTOBER) == [imap, again]
        assert store.reconciled(OCTOBER.shifted(1)) == []
        assert store.reconciled(replace(OCTOBER, timezone="Africa/Abidjan")) == []
        assert store.load(OCTOBER).digest


def test_what_a_witness_said_cannot_be_changed(tmp_path: Path) -> None:
    """By a program that opens the file, either."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        collected(store)
        store.add_reconciled(MADE)
    with closing(sqlite3.connect(tmp_path / "s.db")) as connection:
        for statement in ("DELETE FROM reconciliation", "UPDATE reconciliation SET differing = 0"):
            with pytest.raises(sqlite3.IntegrityError, match="stays recorded"):
                connection.execute(statement)
