"""Asking again for what could not be measured: a new edition, in which all else stays."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from store_builders import AFTER, DURING, OCTOBER, SOURCE, a_roster, an_activity

from mailaudit.errors import StoreError
from mailaudit.model.outcome import Outcome, Reason, Unmeasured
from mailaudit.model.snapshot import SourceInfo
from mailaudit.store import SnapshotStore
from mailaudit.store.collection import StoredCollection

LATER = AFTER + timedelta(days=1)


def a_store(file: Path, *, now: object = AFTER) -> SnapshotStore:
    """A complete October: "0" measured, "1" and "2" not."""
    assert now in (AFTER, DURING)
    moment = AFTER if now == AFTER else DURING
    store = SnapshotStore.at(file)
    collection = store.begin(OCTOBER, a_roster(3), SOURCE, now=moment)
    collection.record(
        [
            an_activity("0@x.vn", sent=5),
            Unmeasured("1@x.vn", moment, Reason.TIMED_OUT),
            Unmeasured("2@x.vn", moment, Reason.SERVER_BUSY, "ErrorServerBusy"),
        ]
    )
    collection.finish(moment, however_little=True)
    return store


def retried(store: SnapshotStore, *outcomes: Outcome) -> None:
    """A complete retry in which the server answered so."""
    collection = retry(store)
    collection.record(outcomes)
    collection.finish(LATER)


def retry(store: SnapshotStore) -> StoredCollection:
    collection = store.retry(OCTOBER, SOURCE, now=LATER)
    assert collection is not None
    return collection


def test_retry_asks_only_what_was_not_measured(tmp_path: Path) -> None:
    """The rest is taken over unchanged, into an edition sealed with the first one's cut-off."""
    with a_store(tmp_path / "s.db") as store:
        before = store.load(OCTOBER)
        collection = retry(store)
        assert list(collection.pending) == ["1@x.vn", "2@x.vn"]
        assert (collection.total, collection.period) == (3, OCTOBER)
        assert store.load(OCTOBER) == before  # as long as the next edition is not complete
        collection.record([an_activity("1@x.vn"), Unmeasured("2@x.vn", LATER, Reason.NO_MAILBOX)])
        collected = collection.finish(LATER)
        after = store.load(OCTOBER)

    assert (collected.edition, collected.measured) == (2, 2)
    assert dict(collected.unmeasured) == {Reason.NO_MAILBOX: 1}
    assert (after.edition, after.sealed_at, after.cut_off_at) == (2, LATER, AFTER)
    assert after.roster == before.roster
    assert dict(after.outcomes) == {
        "0@x.vn": before.outcomes["0@x.vn"],
        "1@x.vn": an_activity("1@x.vn"),
        "2@x.vn": Unmeasured("2@x.vn", LATER, Reason.NO_MAILBOX),
    }


def test_sealed_edition_stays_when_it_is_retried(tmp_path: Path) -> None:
    """The first edition keeps its digest: it is still found sound under its own seal."""
    with a_store(tmp_path / "s.db") as store:
        before = store.load(OCTOBER)
        retry(store)
    with SnapshotStore.at(tmp_path / "s.db") as store:
        assert store.load(OCTOBER) == before
        assert before.sealed_at is not None


def test_retry_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    """Stopped in a retry, both commands go on with it, with the staff list of its month."""
    with a_store(tmp_path / "s.db") as store:
        retry(store).record([an_activity("2@x.vn")])
    with SnapshotStore.at(tmp_path / "s.db") as store:
        assert list(retry(store).pending) == ["1@x.vn"]
        other = SourceInfo("ews", "mail2.x.vn", "Exchange2013", "svc2")
        collection = store.begin(OCTOBER, a_roster(9, digest="d9"), other, now=LATER)
        assert list(collection.pending) == ["1@x.vn"]
        collection.record([an_activity("1@x.vn")])
        collection.finish(LATER)
        after = store.load(OCTOBER)

    assert (after.edition, after.roster, after.source) == (2, a_roster(3), other)


def test_retry_of_a_retry_opens_the_next_edition(tmp_path: Path) -> None:
    """As often as wanted, and always from the newest complete edition."""
    with a_store(tmp_path / "s.db") as store:
        unmeasured = Unmeasured("2@x.vn", LATER, Reason.TIMED_OUT)
        retried(store, an_activity("1@x.vn"), unmeasured)
        assert list(retry(store).pending) == ["2@x.vn"]
        retried(store, an_activity("2@x.vn"))
        assert store.load(OCTOBER).edition == 3
        assert store.retry(OCTOBER, SOURCE, now=LATER) is None


def test_retry_that_measures_nothing_leaves_the_edition_as_it_is(tmp_path: Path) -> None:
    """Whoever has its reports needs no others; the store is as if nobody had asked."""
    file = tmp_path / "s.db"
    with a_store(file) as store:
        before = store.load(OCTOBER)
        collection = retry(store)
        collection.record([Unmeasured("1@x.vn", LATER, Reason.TIMED_OUT)])
        collection.record([Unmeasured("2@x.vn", LATER, Reason.SERVER_BUSY, "ErrorServerBusy")])
        finished = collection.finish(LATER)
        assert (finished.edition, finished.sealed_at) == (1, before.sealed_at)
        assert store.load(OCTOBER) == before
        assert [edition.number for edition in store.editions(OCTOBER.timezone)] == [1]
        retried(store, an_activity("1@x.vn"), Unmeasured("2@x.vn", LATER, Reason.SERVER_BUSY))
        assert store.load(OCTOBER).edition == 2
    with closing(sqlite3.connect(file)) as connection:
        left = connection.execute("SELECT DISTINCT snapshot_id FROM outcome").fetchall()
        assert len(left) == 2


@pytest.mark.parametrize(
    "other",
    [
        Unmeasured("2@x.vn", LATER, Reason.TIMED_OUT),
        Unmeasured("2@x.vn", LATER, Reason.SERVER_BUSY, "ErrorTimeoutExpired"),
        an_activity("2@x.vn"),
    ],
)
def test_retry_that_shows_anything_new_is_an_edition(tmp_path: Path, other: Outcome) -> None:
    """Another reason too: it is printed."""
    with a_store(tmp_path / "s.db") as store:
        collection = retry(store)
        collection.record([Unmeasured("1@x.vn", LATER, Reason.TIMED_OUT), other])
        assert collection.finish(LATER, however_little=True).edition == 2


def test_retry_with_everything_measured_leaves_the_store_to_others(tmp_path: Path) -> None:
    """Nothing to ask: no edition is opened, and another process may write."""
    with a_store(tmp_path / "s.db") as store:
        retried(store, an_activity("1@x.vn"), an_activity("2@x.vn"))
        before = store.load(OCTOBER)
        assert store.retry(OCTOBER, SOURCE, now=LATER) is None
        with SnapshotStore.at(tmp_path / "s.db") as other:
            other.begin(OCTOBER.shifted(1), a_roster(), SOURCE, now=LATER)
        assert store.load(OCTOBER) == before


def test_retry_within_the_month_stays_provisional(tmp_path: Path) -> None:
    """What was taken over is of mid-month, so the edition is, and the month is asked anew later."""
    with a_store(tmp_path / "s.db", now=DURING) as store:
        collection = store.retry(OCTOBER, SOURCE, now=DURING + timedelta(days=1))
        assert collection is not None
        collection.record([an_activity("1@x.vn"), an_activity("2@x.vn")])
        assert collection.finish(LATER).sealed_at is None
        assert store.load(OCTOBER).cut_off_at == DURING
        assert len(store.begin(OCTOBER, a_roster(3), SOURCE, now=AFTER).pending) == 3


def test_retry_of_a_provisional_edition_after_the_month_is_refused(tmp_path: Path) -> None:
    """The few asked now would stand beside the others' half months: the whole is to be asked."""
    with (
        a_store(tmp_path / "s.db", now=DURING) as store,
        pytest.raises(StoreError, match=r"began before .* mailaudit collect --period 2026-10"),
    ):
        store.retry(OCTOBER, SOURCE, now=OCTOBER.end)


def test_retry_seals_what_a_kill_left_unsealed(tmp_path: Path) -> None:
    """Killed between the last outcome and the seal: the first edition is sealed, then retried."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        store.begin(OCTOBER, a_roster(2), SOURCE, now=AFTER).record(
            [Unmeasured("0@x.vn", AFTER, Reason.TIMED_OUT), an_activity("1@x.vn")]
        )
    with SnapshotStore.at(tmp_path / "s.db") as store:
        retry(store)
        assert store.load(OCTOBER).sealed_at == LATER


def test_retry_of_what_is_not_complete_says_what_to_do(tmp_path: Path) -> None:
    """Nothing collected, or half of it; and asking creates no file."""
    file = tmp_path / "s.db"
    with SnapshotStore.at(file) as store:
        with pytest.raises(StoreError, match="Collect it first"):
            store.retry(OCTOBER, SOURCE, now=LATER)
        assert not file.exists()
        store.begin(OCTOBER, a_roster(3), SOURCE, now=AFTER).record([an_activity("1@x.vn")])
        with pytest.raises(StoreError, match="1 of 3"):
            store.retry(OCTOBER, SOURCE, now=LATER)
        with pytest.raises(StoreError, match="Collect it first"):
            store.retry(OCTOBER.shifted(1), SOURCE, now=OCTOBER.shifted(1).end)
