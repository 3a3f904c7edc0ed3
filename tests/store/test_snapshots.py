"""SnapshotStore: what is stored comes back, collections go on, sealed snapshots stay."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from store_builders import (
    AFTER,
    DURING,
    OCTOBER,
    SOURCE,
    a_roster,
    an_activity,
    collected,
    everything,
    outcomes_of,
)

from mailaudit.errors import StoreError
from mailaudit.model.knowledge import EXCHANGE, Knowledge
from mailaudit.model.outcome import Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster
from mailaudit.model.snapshot import SourceInfo, joined
from mailaudit.store import SnapshotStore


def test_snapshot_comes_back_exactly(tmp_path: Path) -> None:
    """Every field of every value, in another process's eyes: a store opened anew."""
    roster, outcomes = everything()
    with SnapshotStore.at(tmp_path / "s.db") as store:
        finished = collected(store, roster, outcomes=outcomes)
    with SnapshotStore.at(tmp_path / "s.db") as store:
        loaded = store.load(OCTOBER)

    assert loaded == finished
    assert loaded.roster == roster
    assert dict(loaded.outcomes) == {outcome.mailbox: outcome for outcome in outcomes}
    assert loaded.period == OCTOBER
    assert (loaded.edition, loaded.source) == (1, SOURCE)
    assert loaded.cut_off_at == AFTER
    assert loaded.sealed_at == AFTER + timedelta(hours=1)
    assert loaded.tool_version


def test_collection_reports_its_own_month_only(tmp_path: Path) -> None:
    """The aliases it asks with, and what it found, beside the month before in the same store."""
    roster, outcomes = everything()
    with SnapshotStore.at(tmp_path / "s.db") as store:
        collected(store, period=OCTOBER.shifted(-1), now=AFTER - timedelta(days=31))
        collection = store.begin(OCTOBER, roster, SOURCE, now=AFTER)
        assert collection.job().aliases == {"a@x.vn": ["a@cu.x.vn", "an@x.vn"]}
        collection.record(outcomes)
        found = collection.finish(AFTER, however_little=True)

    assert (found.period, found.measured) == (OCTOBER, 2)
    assert found.unmeasured == dict.fromkeys(Reason, 1)


def test_snapshot_stores_instants_of_any_zone_as_utc(tmp_path: Path) -> None:
    """An instant is the same one when it comes back; a naive one is refused."""
    hanoi = AFTER.astimezone(OCTOBER.tz)
    outcome = Unmeasured("0@x.vn", hanoi, Reason.TIMED_OUT)
    with SnapshotStore.at(tmp_path / "s.db") as store:
        loaded = collected(store, a_roster(1), now=hanoi, outcomes=[outcome])
        with pytest.raises(ValueError, match="time zone"):
            store.begin(OCTOBER.shifted(1), a_roster(), SOURCE, now=hanoi.replace(tzinfo=None))

    assert loaded.outcomes["0@x.vn"].observed_at == AFTER
    assert loaded.outcomes["0@x.vn"].observed_at.tzinfo == UTC
    assert loaded.cut_off_at.tzinfo == UTC


def test_snapshot_outcomes_cannot_be_changed(tmp_path: Path) -> None:
    """The mapping of a loaded snapshot is read-only."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        snapshot = collected(store)
    with pytest.raises(TypeError):
        snapshot.outcomes["0@x.vn"] = an_activity()  # type: ignore[index]


def test_collection_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    """Only mailboxes without an outcome are pending, in staff-list order; the cut-off stays."""
    roster, outcomes = everything()
    with SnapshotStore.at(tmp_path / "s.db") as store:
        first = store.begin(OCTOBER, roster, SOURCE, now=AFTER)
        assert list(first.pending) == list(roster.mailboxes())
        first.record([outcomes[1]])
    with SnapshotStore.at(tmp_path / "s.db") as store:
        second = store.begin(OCTOBER, roster, SOURCE, now=AFTER + timedelta(days=1))
        assert second.total == len(roster.mailboxes())
        assert list(second.pending) == [box for box in roster.mailboxes() if box != "z@x.vn"]
        second.record([outcome for outcome in outcomes if outcome.mailbox != "z@x.vn"])
        second.finish(AFTER + timedelta(days=2))
        snapshot = store.load(OCTOBER)

    assert snapshot.edition == 1
    assert snapshot.cut_off_at == AFTER
    assert set(snapshot.outcomes.values()) == set(outcomes)


def test_collection_records_all_of_a_batch_or_nothing(tmp_path: Path) -> None:
    """A batch with a fault leaves nothing behind, and the collection can go on."""
    outside = an_activity("1@x.vn", day=date(2026, 11, 1))
    with SnapshotStore.at(tmp_path / "s.db") as store:
        collection = store.begin(OCTOBER, a_roster(2), SOURCE, now=AFTER)
        with pytest.raises(ValueError, match="2026-11-01 is not a day of 2026-10"):
            collection.record([an_activity("0@x.vn"), outside])
        with pytest.raises(IntegrityError):
            collection.record([an_activity("0@x.vn"), an_activity("stranger@x.vn")])
        pending = store.begin(OCTOBER, a_roster(2), SOURCE, now=AFTER).pending

    assert list(pending) == ["0@x.vn", "1@x.vn"]


def test_collection_gives_a_mailbox_one_state_only(tmp_path: Path) -> None:
    """A second outcome for a mailbox is refused, and the first one stays."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        collection = store.begin(OCTOBER, a_roster(1), SOURCE, now=AFTER)
        collection.record([an_activity(sent=5)])
        with pytest.raises(IntegrityError):
            collection.record([Unmeasured("0@x.vn", AFTER, Reason.TIMED_OUT)])
        collection.finish(AFTER)
        assert store.load(OCTOBER).outcomes["0@x.vn"] == an_activity(sent=5)


def test_collection_takes_a_changed_roster(tmp_path: Path) -> None:
    """Outcomes of mailboxes still listed stay, those of people gone go, new ones are pending."""
    before, after = a_roster(3), a_roster(5, digest="d2")
    after = Roster(after.groups, after.units, after.staff[1:], "d2")
    with SnapshotStore.at(tmp_path / "s.db") as store:
        store.begin(OCTOBER, before, SOURCE, now=AFTER).record(outcomes_of(["0@x.vn", "1@x.vn"]))
        collection = store.begin(OCTOBER, after, SOURCE, now=AFTER)
        assert list(collection.pending) == ["2@x.vn", "3@x.vn", "4@x.vn"]
        assert collection.total == 4
        collection.record(outcomes_of(collection.pending))
        collection.finish(AFTER)
        snapshot = store.load(OCTOBER)

    assert snapshot.roster == after
    assert set(snapshot.outcomes) == {"1@x.vn", "2@x.vn", "3@x.vn", "4@x.vn"}


def test_each_server_and_what_it_knows_is_stored(tmp_path: Path) -> None:
    """Of several, and of one alone that is not as Exchange; a server that is gone stays known."""
    few = frozenset({Knowledge.RECIPIENTS})
    one = replace(SOURCE, name="one")
    several = joined([one, replace(SOURCE, server="b.x.vn", name="two", knows=few)])
    for source in (several, replace(SOURCE, knows=few), SOURCE):
        with SnapshotStore.at(tmp_path / f"{len(list(tmp_path.iterdir()))}.db") as store:
            collection = store.begin(OCTOBER, a_roster(), source, now=AFTER)
            asked = [replace(an_activity(box), server="two") for box in collection.pending]
            collection.record(asked)
            collected = collection.finish(AFTER)
            loaded = store.load(OCTOBER)
            assert loaded.source == source
            assert loaded.sealed_at is not None
            assert {outcome.server for outcome in loaded.outcomes.values()} == {"two"}
            assert collected.servers == {"two": (3, 3)}
    assert several.knows_at("two") == few
    assert several.knows_at("one") == EXCHANGE
    assert [part.name for part in joined([one]).over(several).parts] == ["one", "two"]


def test_collection_notes_the_source_it_went_on_with(tmp_path: Path) -> None:
    """After a change of server the snapshot names the one that answered last."""
    other = SourceInfo("ews", "mail2.x.vn", "Exchange2013", "svc2")
    with SnapshotStore.at(tmp_path / "s.db") as store:
        store.begin(OCTOBER, a_roster(), SOURCE, now=AFTER)
        collection = store.begin(OCTOBER, a_roster(), other, now=AFTER)
        collection.record(outcomes_of(collection.pending))
        collection.finish(AFTER)
        assert store.load(OCTOBER).source == other


def test_collection_cannot_be_finished_with_mailboxes_missing(tmp_path: Path) -> None:
    """finish() says how many are done, and seals nothing."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        collection = store.begin(OCTOBER, a_roster(3), SOURCE, now=AFTER)
        collection.record(outcomes_of(["1@x.vn"]))
        with pytest.raises(StoreError, match="1 of 3"):
            collection.finish(AFTER)
        with pytest.raises(StoreError, match="1 of 3"):
            store.load(OCTOBER)


def test_collection_of_nobody_is_complete(tmp_path: Path) -> None:
    """A roster without a mailbox has nothing to ask."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        assert collected(store, a_roster(0), outcomes=[]).outcomes == {}


@pytest.mark.parametrize(
    ("now", "sealed"),
    [(OCTOBER.end - timedelta(microseconds=1), False), (OCTOBER.end, True)],
)
def test_snapshot_is_sealed_when_its_month_was_over(
    tmp_path: Path, now: datetime, sealed: bool
) -> None:
    """What decides is when the collection began, to the instant."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        assert (collected(store, now=now).sealed_at is not None) == sealed
        assert (store.load(OCTOBER).sealed_at is not None) == sealed


def test_provisional_snapshot_is_followed_by_the_final_one(tmp_path: Path) -> None:
    """A month looked at early is asked again after its end, from the beginning, and sealed."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        early = collected(store, now=DURING)
        assert store.load(OCTOBER) == early

        collection = store.begin(OCTOBER, a_roster(), SOURCE, now=AFTER)
        assert len(collection.pending) == collection.total
        assert store.load(OCTOBER) == early  # as long as the final one is not complete
        collection.record([an_activity(box, sent=7) for box in collection.pending])
        collection.finish(AFTER)
        final = store.load(OCTOBER)

        assert (early.edition, final.edition) == (1, 2)
        assert final.cut_off_at == AFTER
        assert final.sealed_at is not None
        assert store.load(OCTOBER) == final


def test_provisional_snapshot_is_taken_again_within_the_month(tmp_path: Path) -> None:
    """Collecting twice in the same month shows the second state, not the first again."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        collected(store, now=DURING)
        second = collected(store, now=DURING + timedelta(days=7))
        assert (second.edition, second.sealed_at) == (2, None)
        assert second.cut_off_at == DURING + timedelta(days=7)


def test_stopped_collection_of_the_running_month_is_not_sealed_later(tmp_path: Path) -> None:
    """Half a collection from mid-month has no part in the month's final snapshot."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        store.begin(OCTOBER, a_roster(), SOURCE, now=DURING).record(outcomes_of(["0@x.vn"]))
        assert len(store.begin(OCTOBER, a_roster(), SOURCE, now=AFTER).pending) == 3


def test_stop_between_the_last_outcome_and_the_seal_costs_nothing(tmp_path: Path) -> None:
    """All outcomes stored, killed before finish(): the next run only seals."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        first = store.begin(OCTOBER, a_roster(), SOURCE, now=AFTER)
        first.record(outcomes_of(first.pending))
    with SnapshotStore.at(tmp_path / "s.db") as store:
        second = store.begin(OCTOBER, a_roster(), SOURCE, now=AFTER + timedelta(days=1))
        assert list(second.pending) == []
        second.finish(AFTER + timedelta(days=1))
        snapshot = store.load(OCTOBER)
    assert (snapshot.edition, snapshot.cut_off_at) == (1, AFTER)
    assert snapshot.sealed_at == AFTER + timedelta(days=1)


def test_sealed_snapshot_stays_as_it_is(tmp_path: Path) -> None:
    """Collecting a sealed Period again asks nothing, even with another roster and source."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        sealed = collected(store)
        other = SourceInfo("ews", "mail2.x.vn", "Exchange2013", "svc2")
        again = store.begin(OCTOBER, a_roster(9, digest="d9"), other, now=AFTER)

        assert (list(again.pending), again.total) == ([], 3)
        assert again.finish(AFTER + timedelta(days=9)).sealed_at == sealed.sealed_at
        assert store.load(OCTOBER) == sealed


def test_digest_is_of_what_was_found_and_when(tmp_path: Path) -> None:
    """The order of recording does not move it; the cut-off, an open end and any count do."""
    roster, outcomes = everything()
    digests = []
    for name, now, found in [
        ("a", AFTER, outcomes),
        ("b", AFTER, outcomes[::-1]),
        ("c", AFTER + timedelta(days=1), outcomes),
        ("d", DURING, outcomes),
        ("e", AFTER, (outcomes[0], an_activity("z@x.vn"), *outcomes[2:])),
    ]:
        with SnapshotStore.at(tmp_path / name) as store:
            digests.append(collected(store, roster, now=now, outcomes=found).digest)
    assert digests[0] == digests[1]
    assert len(set(digests)) == 4


def test_digest_is_taken_over_the_documented_form(tmp_path: Path) -> None:
    """A reviewer can compute it from the description alone."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        snapshot = collected(store, a_roster(1))
    lines = [
        {"cut_off_at": "2026-11-02T01:00:00+00:00", "digest_version": 2, "edition": 1,
         "groups": '["G"]', "period": "2026-10", "roster_digest": "d1",
         "sealed_at": "2026-11-02T02:00:00+00:00", "source_account": "svc", "source_kind": "ews",
         "source_server": "mail.x.vn", "source_version": "Exchange2016",
         "timezone": "Asia/Ho_Chi_Minh", "tool_version": version("mailaudit")},
        {"code": "A", "group_name": "G", "name": "Unit A", "position": 0},
        {"key": "k0", "mailbox": "0@x.vn", "position": 0, "row": "r:0", "unit_code": "A"},
        {"days": [[1, 1]], "last_sent_at": "2026-11-02T01:00:00+00:00", "mailbox": "0@x.vn",
         "observed_at": "2026-11-02T01:00:00+00:00"},
    ]  # fmt: skip
    form = "".join(
        json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
        for line in lines
    )
    assert snapshot.digest == hashlib.sha256(form.encode()).hexdigest()


def test_load_says_how_to_collect_what_is_not_there(tmp_path: Path) -> None:
    """No file, no such month, another time zone: each time the command to run."""
    for prepared in (False, True):
        with SnapshotStore.at(tmp_path / "s.db") as store:
            if prepared:
                collected(store)
            for period in (OCTOBER.shifted(1), Period(2026, 10, "UTC")):
                with pytest.raises(StoreError, match=f"mailaudit collect --period {period}"):
                    store.load(period)
            assert (tmp_path / "s.db").exists() == prepared


def test_history_has_the_complete_months_before_oldest_first(tmp_path: Path) -> None:
    """Gaps and unfinished months are left out, the Period itself and older ones too."""
    now = datetime(2026, 12, 1, tzinfo=UTC)
    with SnapshotStore.at(tmp_path / "s.db") as store:
        for back in (0, 1, 3, 4, 5):
            collected(store, a_roster(back + 1), period=OCTOBER.shifted(-back), now=now)
        august = OCTOBER.shifted(-2)
        store.begin(august, a_roster(), SOURCE, now=now).record(outcomes_of(["0@x.vn"], august))
        history = list(store.history(OCTOBER, 4))

    assert [str(snapshot.period) for snapshot in history] == ["2026-06", "2026-07", "2026-09"]
    assert [len(snapshot.outcomes) for snapshot in history] == [5, 4, 2]


def test_history_of_an_empty_store_is_empty(tmp_path: Path) -> None:
    """A first month has nothing before it, and asking creates no file."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        assert list(store.history(OCTOBER, 11)) == []
    assert not (tmp_path / "s.db").exists()
