"""Counting a sealed month with another staff list: a new edition that keeps what was measured."""

from dataclasses import replace
from pathlib import Path

from store_builders import AFTER, DURING, OCTOBER, SOURCE, a_roster, an_activity, collected
from test_retry import LATER, a_store, retry

from mailaudit.model.outcome import Activity, Reason, Unmeasured
from mailaudit.model.roster import Roster
from mailaudit.store import SnapshotStore


def corrected() -> Roster:
    """The list without person 0, with a new category of 1, and with person 3 added."""
    roster = a_roster(4, digest="d2")
    staff = (replace(roster.staff[1], category="hợp đồng"), *roster.staff[2:])
    return replace(roster, staff=staff)


def test_renew_counts_with_todays_list_and_asks_only_what_is_new(tmp_path: Path) -> None:
    """What was measured stays as it was; the first edition stays sealed with its own list."""
    with a_store(tmp_path / "s.db") as store:
        retried = retry(store)
        retried.record([an_activity("1@x.vn"), Unmeasured("2@x.vn", LATER, Reason.TIMED_OUT)])
        retried.finish(LATER)
        before = store.load(OCTOBER)
        collection = store.renew(OCTOBER, corrected(), SOURCE, now=LATER)
        assert list(collection.pending) == ["2@x.vn", "3@x.vn"]
        assert collection.uses(corrected())
        assert store.load(OCTOBER) == before
        collection.record([an_activity("2@x.vn"), an_activity("3@x.vn")])
        assert collection.finish(LATER).sealed_at == LATER
        after = store.load(OCTOBER)

    assert (after.edition, after.roster, after.cut_off_at) == (3, corrected(), AFTER)
    assert set(after.outcomes) == {"1@x.vn", "2@x.vn", "3@x.vn"}
    assert after.outcomes["1@x.vn"] == before.outcomes["1@x.vn"]
    assert (before.sealed_at, before.roster) == (LATER, a_roster(3))


def test_renew_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    """Both commands go on; renewing once more takes the list as it is by then."""
    with a_store(tmp_path / "s.db") as store:
        store.renew(OCTOBER, corrected(), SOURCE, now=LATER).record([an_activity("1@x.vn")])
    with SnapshotStore.at(tmp_path / "s.db") as store:
        collection = store.begin(OCTOBER, a_roster(3), SOURCE, now=LATER)
        assert list(collection.pending) == ["2@x.vn", "3@x.vn"]
        assert not collection.uses(a_roster(3))
        collection = store.renew(OCTOBER, a_roster(3), SOURCE, now=LATER)
        assert list(collection.pending) == ["0@x.vn", "2@x.vn"]


def test_renew_of_what_is_not_sealed_collects_as_usual(tmp_path: Path) -> None:
    """Nothing stored, or half a month: every mailbox of today's list is asked."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        collection = store.renew(OCTOBER, a_roster(3), SOURCE, now=DURING)
        assert len(collection.pending) == 3
        collected(store, a_roster(3), now=DURING)
        assert len(store.renew(OCTOBER, a_roster(3), SOURCE, now=AFTER).pending) == 3


def test_sealed_month_does_not_use_a_changed_list(tmp_path: Path) -> None:
    """What begin() gives of a sealed month says so, and knows its own list again."""
    with a_store(tmp_path / "s.db") as store:
        assert store.begin(OCTOBER, a_roster(3), SOURCE, now=LATER).uses(a_roster(3))
        assert not store.begin(OCTOBER, corrected(), SOURCE, now=LATER).uses(corrected())


def test_renew_takes_over_nothing_of_a_later_month(tmp_path: Path) -> None:
    """November was collected before October was counted again, from the same people."""
    november = OCTOBER.shifted(1)
    with a_store(tmp_path / "s.db") as store:
        collected(store, period=november, now=november.end)
        collection = store.renew(OCTOBER, a_roster(3), SOURCE, now=november.end)
        collection.record([an_activity(box) for box in collection.pending])
        collection.finish(november.end)
        renewed = store.load(OCTOBER)

    measured = [each for each in renewed.outcomes.values() if isinstance(each, Activity)]
    assert len(measured) == 3
    assert all(day.day in OCTOBER.days() for each in measured for day in each.days)
