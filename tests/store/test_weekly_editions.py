"""Several collections of one month: what was seen once stays counted, and can be checked."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from store_builders import AFTER, DURING, OCTOBER, SOURCE, a_roster

from mailaudit.errors import StoreError
from mailaudit.model.merge import merge_activities
from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason, Unmeasured
from mailaudit.model.roster import Roster
from mailaudit.model.snapshot import Snapshot
from mailaudit.store import SnapshotStore

WEEK = timedelta(days=7)
FIFTH, SIXTH = date(2026, 10, 5), date(2026, 10, 6)
BOX = "0@x.vn"


def seen(*days: DayActivity, box: str = BOX, at: datetime = DURING) -> Activity:
    """An observation; the last day with something sent is when it was sent last."""
    sent = [day.day for day in days if day.sent]
    last = datetime(2026, 10, sent[-1].day, 3, tzinfo=DURING.tzinfo) if sent else None
    return Activity(box, at, days, last)


def collected(
    store: SnapshotStore, now: datetime, *outcomes: Outcome, roster: Roster | None = None
) -> Snapshot:
    """One complete collection in which the server answered so."""
    collection = store.begin(OCTOBER, roster or a_roster(len(outcomes)), SOURCE, now=now)
    collection.record([replace(outcome, observed_at=now) for outcome in outcomes])
    collection.finish(now)
    return store.load(OCTOBER)


def seen_rows(file: Path) -> Sequence[tuple[str, str | None, str | None]]:
    """What each edition's own answer about BOX was, where it is kept beside what counts."""
    query = (
        "SELECT outcome.days, seen_days, seen_last_sent_at FROM outcome"
        " JOIN snapshot ON id = snapshot_id WHERE mailbox = ? ORDER BY edition"
    )
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query, (BOX,)).fetchall()


def test_deleted_mail_stays_counted(tmp_path: Path) -> None:
    """Seen in two weeks, gone at the end: each day has the most that was ever seen on it."""
    first = seen(DayActivity(FIFTH, sent=2, received=9, read=4))
    second = seen(DayActivity(FIFTH, received=5, read=5), DayActivity(SIXTH, sent=1))
    with SnapshotStore.at(tmp_path / "s.db") as store:
        collected(store, DURING, first)
        weekly = collected(store, DURING + WEEK, second)
        final = collected(store, AFTER, seen())

    days = (DayActivity(FIFTH, sent=2, received=9, read=5), DayActivity(SIXTH, sent=1))
    for snapshot, at in ((weekly, DURING + WEEK), (final, AFTER)):
        assert snapshot.outcomes[BOX] == seen(*days, at=at)
    assert final.sealed_at is not None


def test_what_was_seen_is_kept_beside_what_counts(tmp_path: Path) -> None:
    """Anybody can merge again: what counts is the edition before it and what was seen."""
    answers = [
        seen(DayActivity(FIFTH, sent=2, received=3)),
        seen(DayActivity(FIFTH, sent=2, received=3)),
        seen(DayActivity(FIFTH, received=4)),
        seen(DayActivity(FIFTH, sent=2, received=5)),
        seen(),
    ]
    with SnapshotStore.at(tmp_path / "s.db") as store:
        counted = [
            collected(store, DURING + timedelta(days=n), answer).outcomes[BOX]
            for n, answer in enumerate(answers)
        ]
    rows = seen_rows(tmp_path / "s.db")
    assert [json.loads(own) if own else None for _, own, _ in rows] == [
        None,
        None,
        [[5, 0, 4]],
        None,
        [],
    ]
    assert all(sent is None for _, _, sent in rows)
    known = counted[0]
    for answer, found in zip(answers, counted, strict=True):
        assert isinstance(known, Activity) and isinstance(found, Activity)
        known = merge_activities(known, replace(answer, observed_at=found.observed_at))
        assert found == known


def test_what_was_seen_is_part_of_the_digest(tmp_path: Path) -> None:
    """Forging what was seen is found out as any other change is."""
    file = tmp_path / "s.db"
    with SnapshotStore.at(file) as store:
        collected(store, DURING, seen(DayActivity(FIFTH, sent=2)))
        collected(store, AFTER, seen())
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TRIGGER outcome_update_sealed")
        connection.execute("UPDATE outcome SET seen_days = '[[5,2]]' WHERE seen_days = '[]'")
        connection.commit()
    with SnapshotStore.at(file) as store, pytest.raises(StoreError, match="changed after"):
        store.load(OCTOBER)
    with SnapshotStore.at(file) as store, pytest.raises(StoreError, match="changed after"):
        store.begin(OCTOBER, a_roster(1), SOURCE, now=AFTER).finish(AFTER)


def test_part_of_a_month_does_not_stand_for_all_of_it(tmp_path: Path) -> None:
    """Measured in week one, not measurable at the end: unmeasured, never half the counts."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        collected(store, DURING, seen(DayActivity(FIFTH, sent=2)))
        final = collected(store, AFTER, Unmeasured(BOX, AFTER, Reason.TIMED_OUT, "late"))
    assert final.outcomes[BOX] == Unmeasured(BOX, AFTER, Reason.TIMED_OUT, "late")


def test_merging_reaches_over_an_edition_that_could_not_measure(tmp_path: Path) -> None:
    """A mailbox unmeasured in week two, or off the staff list, does not lose its week one."""
    nobody = Roster(a_roster().groups, a_roster().units, a_roster(2).staff[1:], "d2")
    other = "1@x.vn"
    with SnapshotStore.at(tmp_path / "s.db") as store:
        collected(store, DURING, seen(DayActivity(FIFTH, sent=2)), seen(box=other))
        unmeasured = Unmeasured(BOX, DURING, Reason.SERVER_BUSY)
        collected(store, DURING + WEEK, unmeasured, seen(box=other))
        collected(store, DURING + timedelta(days=9), seen(box=other), roster=nobody)
        final = collected(store, AFTER, seen(DayActivity(SIXTH, sent=1)), seen(box=other))
    days = (DayActivity(FIFTH, sent=2), DayActivity(SIXTH, sent=1))
    assert final.outcomes[BOX] == seen(*days, at=AFTER)


def test_half_a_collection_counts_as_seen(tmp_path: Path) -> None:
    """Stopped in mid-month and never finished: what it saw is merged into the next edition."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        half = store.begin(OCTOBER, a_roster(2), SOURCE, now=DURING)
        half.record([seen(DayActivity(FIFTH, sent=2))])
        final = collected(store, AFTER, seen(), seen(box="1@x.vn"))
    assert final.edition == 2
    assert final.outcomes[BOX] == seen(DayActivity(FIFTH, sent=2), at=AFTER)


def test_other_months_and_other_mailboxes_are_not_merged(tmp_path: Path) -> None:
    """October's mail has no part in November, nor one mailbox's in another's."""
    november = OCTOBER.shifted(1)
    with SnapshotStore.at(tmp_path / "s.db") as store:
        collected(store, DURING, seen(DayActivity(FIFTH, sent=2)), seen(box="1@x.vn"))
        collection = store.begin(november, a_roster(1), SOURCE, now=november.end)
        collection.record([seen(at=november.end)])
        collection.finish(november.end)
        assert store.load(november).outcomes[BOX] == seen(at=november.end)
        assert collected(store, AFTER, seen(), seen(box="1@x.vn")).outcomes["1@x.vn"] == seen(
            box="1@x.vn", at=AFTER
        )


def test_mailbox_under_its_new_address_is_merged_with_its_old_one(tmp_path: Path) -> None:
    """A domain that changes in the middle of the month loses nothing that was seen before."""
    new = "0@moi.vn"
    roster = a_roster(1)
    (person,) = roster.staff
    renamed = replace(roster, staff=(replace(person, mailbox=new, aliases=(BOX,)),))
    unknown = replace(roster, staff=(replace(person, mailbox=new),))
    counted = {}
    for name, later in (("alias", renamed), ("none", unknown)):
        with SnapshotStore.at(tmp_path / f"{name}.db") as store:
            collected(store, DURING, seen(DayActivity(FIFTH, sent=2)), roster=roster)
            answer = seen(DayActivity(SIXTH, sent=1), box=new)
            counted[name] = collected(store, AFTER, answer, roster=later).outcomes[new]
    both = (DayActivity(FIFTH, sent=2), DayActivity(SIXTH, sent=1))
    assert counted["alias"] == seen(*both, box=new, at=AFTER)
    assert counted["none"] == seen(both[1], box=new, at=AFTER)
