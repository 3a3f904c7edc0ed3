"""A month of which little was measured is not sealed, unless that is wanted."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from store_builders import AFTER, OCTOBER, SOURCE, a_roster, an_activity

from mailaudit.model.outcome import Outcome, Reason, Unmeasured
from mailaudit.store import SnapshotStore

LATER = AFTER + timedelta(days=1)


def outcomes(measured: int, mailboxes: int) -> Sequence[Outcome]:
    return [
        an_activity(f"{n}@x.vn")
        if n < measured
        else Unmeasured(f"{n}@x.vn", AFTER, Reason.UNAVAILABLE)
        for n in range(mailboxes)
    ]


def a_store(file: Path, measured: int, mailboxes: int) -> SnapshotStore:
    """October with an outcome for each mailbox, not finished."""
    store = SnapshotStore.at(file)
    collection = store.begin(OCTOBER, a_roster(mailboxes), SOURCE, now=AFTER)
    collection.record(outcomes(measured, mailboxes))
    return store


@pytest.mark.parametrize(
    ("measured", "mailboxes", "is_sealed"),
    [(0, 3, False), (1, 3, False), (49, 100, False), (1, 2, True), (2, 3, True), (0, 0, True)],
)
def test_less_than_half_is_not_sealed(
    tmp_path: Path, measured: int, mailboxes: int, is_sealed: bool
) -> None:
    """Half is enough; a month without mailboxes lacks none."""
    with a_store(tmp_path / "s.db", measured, mailboxes) as store:
        collection = store.begin(OCTOBER, a_roster(mailboxes), SOURCE, now=LATER)
        collected = collection.finish(LATER)
        assert (collected.sealed_at is not None) == is_sealed
        assert collected.is_too_little == (not is_sealed)
        assert store.load(OCTOBER).sealed_at == collected.sealed_at
        assert store.load(OCTOBER).is_too_little == (not is_sealed)


def test_little_is_sealed_where_that_is_wanted(tmp_path: Path) -> None:
    """At once, or when a later run says so: nothing is asked again for it."""
    with a_store(tmp_path / "s.db", 1, 3) as store:
        collection = store.begin(OCTOBER, a_roster(3), SOURCE, now=LATER)
        assert collection.finish(LATER).sealed_at is None
        collection = store.begin(OCTOBER, a_roster(3), SOURCE, now=LATER)
        assert list(collection.pending) == []
        collected = collection.finish(LATER, however_little=True)
    assert (collected.edition, collected.sealed_at, collected.measured) == (1, LATER, 1)


def test_little_is_completed_by_asking_again(tmp_path: Path) -> None:
    """What was measured stays, and enough of it is sealed with the first one's cut-off."""
    with a_store(tmp_path / "s.db", 1, 3) as store:
        store.begin(OCTOBER, a_roster(3), SOURCE, now=LATER).finish(LATER)
        retry = store.retry(OCTOBER, SOURCE, now=LATER)
        assert retry is not None
        assert list(retry.pending) == ["1@x.vn", "2@x.vn"]
        retry.record([an_activity("1@x.vn"), Unmeasured("2@x.vn", LATER, Reason.TIMED_OUT)])
        assert retry.finish(LATER).sealed_at == LATER
        after = store.load(OCTOBER)
    assert (after.edition, after.sealed_at, after.cut_off_at) == (2, LATER, AFTER)
