"""Corrections make the next edition of a sealed month, whole, and are made again to later lists."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from store_builders import (
    AFTER,
    DURING,
    OCTOBER,
    SOURCE,
    a_correction,
    a_roster,
    an_activity,
    collected,
    everything,
)

from mailaudit.errors import StoreError
from mailaudit.model.corrected import corrected_snapshot
from mailaudit.model.correction import Correction, CorrectionKind
from mailaudit.model.outcome import Activity, Reason, Unmeasured
from mailaudit.model.roster import Roster, Unit
from mailaudit.model.snapshot import Snapshot
from mailaudit.store import SnapshotStore

LATER = AFTER + timedelta(days=3)
MOVED = a_correction("0@x.vn", CorrectionKind.MAILBOX, "new@x.vn")
GONE = a_correction("k1", CorrectionKind.NOT_STAFF)
ELSEWHERE = a_correction("2@x.vn", CorrectionKind.UNIT, "B")


def two_units(people: int = 4, *, digest: str = "d1") -> Roster:
    roster = a_roster(people, digest=digest)
    return replace(roster, units=(*roster.units, Unit("B", "Unit B", "G")))


def a_store(file: Path) -> SnapshotStore:
    """October, sealed, of four people of two units."""
    store = SnapshotStore.at(file)
    collected(store, two_units())
    return store


def same_but_for_the_digest(one: Snapshot, other: Snapshot) -> bool:
    return replace(one, digest="", digest_version=2) == replace(other, digest="", digest_version=2)


def test_correction_makes_the_next_edition_and_leaves_the_one_before(tmp_path: Path) -> None:
    """What is stored is what was shown before; the edition before is as it was, sealed."""
    with a_store(tmp_path / "s.db") as store:
        before = store.load(OCTOBER)
        measured = partial(store.measured, OCTOBER)
        shown = corrected_snapshot(before, (MOVED, GONE, ELSEWHERE), LATER, measured)
        after = store.correct(OCTOBER, 1, (MOVED, GONE, ELSEWHERE), now=LATER)
        assert same_but_for_the_digest(after, shown)
        assert store.load(OCTOBER) == after
        assert store.load(OCTOBER, 1) == before
    assert (after.edition, after.sealed_at, after.cut_off_at) == (2, LATER, before.cut_off_at)
    assert after.digest != before.digest
    people = {person.key: person for person in after.roster.staff}
    assert set(people) == {"k0", "k2", "k3"}
    assert (people["k0"].mailbox, people["k2"].unit_code) == ("new@x.vn", "B")
    assert set(after.outcomes) == {"new@x.vn", "2@x.vn", "3@x.vn"}
    assert after.outcomes["3@x.vn"] == before.outcomes["3@x.vn"]
    assert [(one.correction, one.edition) for one in after.corrections] == [
        (MOVED, 2),
        (GONE, 2),
        (ELSEWHERE, 2),
    ]


def test_all_that_was_seen_of_a_mailbox_is_taken_over(tmp_path: Path) -> None:
    """Also what only an earlier collection saw, and the reasons of those not measured."""
    roster, outcomes = everything()
    with SnapshotStore.at(tmp_path / "s.db") as store:
        collected(store, roster, now=DURING, outcomes=outcomes)
        gone = Activity("a@x.vn", AFTER)
        before = collected(store, roster, now=AFTER, outcomes=[gone, *outcomes[1:]])
        after = store.correct(
            OCTOBER, 2, (a_correction("CB0", CorrectionKind.CATEGORY, "x"),), now=LATER
        )
        assert dict(after.outcomes) == dict(before.outcomes)
        assert after.sealed_at == LATER  # most are not measured, as in the edition before


def test_corrected_mailbox_is_unmeasured_until_it_is_asked(tmp_path: Path) -> None:
    """Never unused. Asking again asks it and nobody else, and keeps the corrections."""
    with a_store(tmp_path / "s.db") as store:
        after = store.correct(OCTOBER, 1, (MOVED,), now=LATER)
        assert after.outcomes["new@x.vn"] == Unmeasured("new@x.vn", LATER, Reason.NOT_ASKED)
        retried = store.retry(OCTOBER, SOURCE, now=LATER)
        assert retried is not None
        assert list(retried.pending) == ["new@x.vn"]
        retried.record([an_activity("new@x.vn")])
        retried.finish(LATER)
        third = store.load(OCTOBER)
    assert (third.edition, third.corrections) == (3, after.corrections)
    assert third.roster == after.roster
    assert isinstance(third.outcomes["new@x.vn"], Activity)


def test_mailbox_that_was_measured_before_is_not_asked_again(tmp_path: Path) -> None:
    """Corrected, and back again: what only an edition before the last knows is taken over."""
    back = a_correction("k0", CorrectionKind.MAILBOX, "0@x.vn")
    with SnapshotStore.at(tmp_path / "s.db") as store:
        boxes = two_units().mailboxes()
        collected(store, two_units(), now=DURING)  # saw more of it than the next
        gone = [Activity("0@x.vn", AFTER), *(an_activity(box) for box in boxes[1:])]
        first = collected(store, two_units(), now=AFTER, outcomes=gone)
        second = store.correct(OCTOBER, 2, (MOVED,), now=LATER)
        measured = partial(store.measured, OCTOBER)
        shown = corrected_snapshot(second, (back,), LATER, measured)
        third = store.correct(OCTOBER, 3, (back,), now=LATER)
    assert same_but_for_the_digest(third, shown)
    assert dict(third.outcomes) == dict(first.outcomes)
    outcome = third.outcomes["0@x.vn"]
    assert isinstance(outcome, Activity)
    assert outcome.days


def test_exchanged_mailboxes_keep_what_each_did(tmp_path: Path) -> None:
    """Two people whose addresses were mixed up: both were measured, and are."""
    swap = (
        a_correction("k0", CorrectionKind.MAILBOX, "1@x.vn"),
        a_correction("k1", CorrectionKind.MAILBOX, "0@x.vn"),
    )
    with a_store(tmp_path / "s.db") as store:
        before = store.load(OCTOBER)
        after = store.correct(OCTOBER, 1, swap, now=LATER)
    assert dict(after.outcomes) == dict(before.outcomes)
    assert [person.mailbox for person in after.roster.staff[:2]] == ["1@x.vn", "0@x.vn"]


def test_corrections_add_up(tmp_path: Path) -> None:
    """Each objection makes an edition; all have those before them, with the edition of each."""
    with a_store(tmp_path / "s.db") as store:
        store.correct(OCTOBER, 1, (MOVED,), now=LATER)
        third = store.correct(OCTOBER, 2, (GONE, ELSEWHERE), now=LATER)
    assert [one.edition for one in third.corrections] == [2, 3, 3]
    assert {person.key for person in third.roster.staff} == {"k0", "k2", "k3"}


def renewed(store: SnapshotStore, roster: Roster) -> tuple[Snapshot, tuple[Correction, ...]]:
    """The month counted with another list: the edition, and what does not fit it."""
    collection = store.renew(OCTOBER, roster, SOURCE, now=LATER)
    unfitting = collection.unfitting()
    assert collection.uses(roster)
    collection.record([an_activity(box) for box in collection.pending])
    collection.finish(LATER)
    return store.load(OCTOBER), unfitting


def test_new_edition_makes_the_corrections_again(tmp_path: Path) -> None:
    """To the staff list as it is by then, with somebody new on it."""
    with a_store(tmp_path / "s.db") as store:
        store.correct(OCTOBER, 1, (MOVED,), now=LATER)
        store.correct(OCTOBER, 2, (GONE, ELSEWHERE), now=LATER)
        again, unfitting = renewed(store, two_units(5, digest="d2"))
    people = {person.key: person for person in again.roster.staff}
    assert unfitting == ()
    assert set(people) == {"k0", "k2", "k3", "k4"}
    assert (people["k0"].mailbox, people["k2"].unit_code) == ("new@x.vn", "B")
    assert [(one.edition, one.fits) for one in again.corrections] == [
        (2, True),
        (3, True),
        (3, True),
    ]
    assert again.edition == 4


def test_corrections_that_the_new_list_has_no_place_for_are_named(tmp_path: Path) -> None:
    """Person 2 is not on it; person 1 and the mailbox are right by now, and nothing is lost."""
    with a_store(tmp_path / "s.db") as store:
        store.correct(OCTOBER, 1, (MOVED, GONE, ELSEWHERE), now=LATER)
        roster = two_units(digest="d2")
        right = replace(roster.staff[0], mailbox="new@x.vn")
        again, unfitting = renewed(store, replace(roster, staff=(right, roster.staff[3])))
    assert unfitting == (ELSEWHERE,)
    assert [one.fits for one in again.corrections] == [True, True, False]
    assert again.roster.staff == (right, roster.staff[3])


def test_correction_to_a_mailbox_that_somebody_has_by_now_does_not_fit(tmp_path: Path) -> None:
    """Nobody's mailbox is taken away, and no edition has one twice."""
    with a_store(tmp_path / "s.db") as store:
        store.correct(OCTOBER, 1, (MOVED,), now=LATER)
        roster = two_units(digest="d2")
        taker = replace(roster.staff[3], mailbox="new@x.vn")
        again, unfitting = renewed(store, replace(roster, staff=(*roster.staff[:3], taker)))
    assert unfitting == (MOVED,)
    assert [person.mailbox for person in again.roster.staff] == [
        "0@x.vn",
        "1@x.vn",
        "2@x.vn",
        "new@x.vn",
    ]


def test_month_collected_again_knows_its_own_list(tmp_path: Path) -> None:
    """A corrected month is not said to be of another list, but of a changed one it is."""
    with a_store(tmp_path / "s.db") as store:
        store.correct(OCTOBER, 1, (MOVED, GONE), now=LATER)
        assert store.begin(OCTOBER, two_units(), SOURCE, now=LATER).uses(two_units())
        assert not store.begin(OCTOBER, two_units(), SOURCE, now=LATER).uses(two_units(3))


def test_edition_that_came_meanwhile_refuses_the_correction(tmp_path: Path) -> None:
    """What was shown is not what would be made; nothing is."""
    with a_store(tmp_path / "s.db") as store:
        store.correct(OCTOBER, 1, (GONE,), now=LATER)
        with pytest.raises(StoreError, match="got edition 2 while"):
            store.correct(OCTOBER, 1, (MOVED,), now=LATER)
        assert store.load(OCTOBER).edition == 2


def test_correction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """One transaction: a correction that does not fit rolls all back."""
    with a_store(tmp_path / "s.db") as store:
        before = store.load(OCTOBER)
        nobody = a_correction("nobody", CorrectionKind.CATEGORY, "x")
        with pytest.raises(ValueError, match="do not fit"):
            store.correct(OCTOBER, 1, (MOVED, nobody), now=LATER)
        assert store.load(OCTOBER) == before


def test_only_a_sealed_month_is_corrected(tmp_path: Path) -> None:
    """Not one that is not stored, still collected, or provisional."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        with pytest.raises(StoreError, match="has no snapshot of 2026-10"):
            store.to_correct(OCTOBER)
        collection = store.begin(OCTOBER, two_units(), SOURCE, now=DURING)
        with pytest.raises(StoreError, match="Edition 1 of 2026-10 is still being collected"):
            store.to_correct(OCTOBER)
        collection.record([an_activity(box) for box in collection.pending])
        collection.finish(DURING)
        with pytest.raises(StoreError, match="2026-10 is not sealed"):
            store.to_correct(OCTOBER)
        collected(store, two_units())
        assert store.to_correct(OCTOBER).edition == 2


def test_sealed_month_that_is_asked_again_is_finished_first(tmp_path: Path) -> None:
    """Its newest edition is open, and would lose what was asked."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        boxes = two_units().mailboxes()
        few = [an_activity(box) for box in boxes[1:]]
        silent = Unmeasured(boxes[0], AFTER, Reason.TIMED_OUT)
        collected(store, two_units(), outcomes=[silent, *few])
        assert store.retry(OCTOBER, SOURCE, now=LATER) is not None
        with pytest.raises(StoreError, match="Edition 2 of 2026-10 is still being collected"):
            store.to_correct(OCTOBER)
