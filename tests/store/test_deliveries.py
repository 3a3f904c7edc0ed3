"""What was sent stands in the store: before and after, for the newest edition only."""

import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from store_builders import AFTER, OCTOBER, SOURCE, a_roster, collected

from mailaudit.errors import StoreError
from mailaudit.model.delivery import Attempt, Fate
from mailaudit.model.snapshot import Snapshot
from mailaudit.store import DeliveryLedger, SnapshotStore

LOOKING = """
import sys
from pathlib import Path
from mailaudit.model.period import Period
from mailaudit.store import SnapshotStore
for _ in range(40):
    with SnapshotStore.at(Path(sys.argv[1])) as store:
        store.load(Period(2026, 10))
"""


def an_attempt(number: int = 1, **changes: object) -> Attempt:
    usual = Attempt(1, "an@x.vn", f"<{number}@x.vn>", "d" * 64, AFTER)
    return replace(usual, **changes)  # type: ignore[arg-type]


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    with SnapshotStore.at(tmp_path / "s.db") as store:
        return collected(store)


@pytest.fixture
def ledger(tmp_path: Path, snapshot: Snapshot) -> DeliveryLedger:
    return DeliveryLedger(tmp_path / "s.db")


def test_attempts_come_back_as_they_were_noted(ledger: DeliveryLedger, snapshot: Snapshot) -> None:
    """Of unknown fate until it is known; of this month in this time zone alone."""
    ended = AFTER + timedelta(seconds=3)
    assert ledger.deliveries(OCTOBER) == []
    parts = {"units": ("SNV/VP", "A,Đ"), "is_board": True}
    ledger.begin(snapshot, an_attempt(1, **parts))
    ledger.begin(snapshot, an_attempt(2))
    ledger.end("<1@x.vn>", Fate.NOT_SENT, "550 Không có", now=ended)

    assert ledger.deliveries(OCTOBER) == [
        an_attempt(1, fate=Fate.NOT_SENT, detail="550 Không có", ended_at=ended, **parts),
        an_attempt(2),
    ]
    assert ledger.deliveries(OCTOBER.shifted(1)) == []
    assert ledger.deliveries(replace(OCTOBER, timezone="Africa/Abidjan")) == []


def test_a_replaced_edition_is_refused(
    tmp_path: Path, ledger: DeliveryLedger, snapshot: Snapshot
) -> None:
    """Once the next is complete, and with another staff list in a provisional one too."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        store.renew(OCTOBER, a_roster(2, digest="d2"), SOURCE, now=AFTER).finish(AFTER)
    with pytest.raises(StoreError, match="Edition 1 of 2026-10 was replaced while it was being"):
        ledger.begin(snapshot, an_attempt())
    roster = replace(snapshot.roster, digest="other")
    with pytest.raises(StoreError, match="Edition 2 of 2026-10 was replaced"):
        ledger.begin(replace(snapshot, edition=2, roster=roster), an_attempt())
    assert ledger.deliveries(OCTOBER) == []


def test_a_store_that_is_not_there_has_no_deliveries(tmp_path: Path, snapshot: Snapshot) -> None:
    """And none can be noted; no file is made."""
    ledger = DeliveryLedger(tmp_path / "none.db")
    assert ledger.deliveries(OCTOBER) == []
    with pytest.raises(StoreError, match="can't be opened"):
        ledger.begin(snapshot, an_attempt())
    assert not (tmp_path / "none.db").exists()


def test_other_processes_may_read_meanwhile(
    tmp_path: Path, ledger: DeliveryLedger, snapshot: Snapshot
) -> None:
    """Each closes the file as its last reader, and SQLite tidies it up then."""
    readers = [
        threading.Thread(
            target=subprocess.run,
            args=([sys.executable, "-c", LOOKING, str(tmp_path / "s.db")],),
            kwargs={"check": True},
        )
        for _ in range(2)
    ]
    for reader in readers:
        reader.start()
    number = 0
    while any(reader.is_alive() for reader in readers):
        number += 1
        ledger.begin(snapshot, an_attempt(number))
        ledger.end(f"<{number}@x.vn>", Fate.SENT, "", now=AFTER)
        assert len(ledger.deliveries(OCTOBER)) == number
    assert number > 10
