"""What two kinds of sources saw of a month is never joined, and which kind it was is never lost."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from store_builders import AFTER, DURING, OCTOBER, a_roster

from mailaudit.errors import StoreError
from mailaudit.model.knowledge import EXCHANGE, Knowledge
from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason, Unmeasured
from mailaudit.model.person import RecordKind
from mailaudit.model.snapshot import Snapshot, SourceInfo, joined
from mailaudit.store import SnapshotStore
from mailaudit.store.person_records import PersonRecords

FIFTH = date(2026, 10, 5)
BLIND = frozenset({Knowledge.SENDERS})


def servers(**kinds: str) -> SourceInfo:
    """Servers of these names and kinds."""
    return joined(
        [SourceInfo(kind, f"{name}.x.vn", "1", "svc", name=name) for name, kind in kinds.items()]
    )


def seen(server: str, *, sent: int, read: int = 0, box: str = "0@x.vn") -> Activity:
    days = (DayActivity(FIFTH, sent=sent, received=9, read=read),)
    return Activity(box, AFTER, days, server=server)


def collected(
    store: SnapshotStore, source: SourceInfo, *outcomes: Outcome, at: timedelta = timedelta()
) -> Snapshot:
    """One complete collection of the month."""
    now = DURING + at
    into = store.begin(OCTOBER, a_roster(len(outcomes)), source, now=now)
    into.record([replace(one, observed_at=now) for one in outcomes])
    into.finish(now)
    return store.load(OCTOBER)


@pytest.mark.parametrize(
    ("kinds", "sent", "read"), [(("ews", "ews"), 5, 7), (("ews", "imap"), 2, 7)]
)
def test_earlier_collections_count_by_the_same_kind_alone(
    tmp_path: Path, kinds: tuple[str, str], sent: int, read: int
) -> None:
    """A mailbox that moved within the month to a server of another kind."""
    source = servers(north=kinds[0], south=kinds[1])
    with SnapshotStore.at(tmp_path / "s.db") as store:
        collected(store, source, seen("north", sent=5, read=3))
        now = collected(store, source, seen("south", sent=2, read=7), at=timedelta(days=7))
    outcome = now.outcomes["0@x.vn"]
    assert isinstance(outcome, Activity)
    assert [(day.sent, day.read) for day in outcome.days] == [(sent, read)]
    assert now.source.kind_at(outcome.server) == kinds[1]


def test_newest_observation_of_the_same_kind_counts(tmp_path: Path) -> None:
    """There and back again: what the other kind saw in between is left out, the first not."""
    source = servers(north="ews", south="imap")
    with SnapshotStore.at(tmp_path / "s.db") as store:
        collected(store, source, seen("north", sent=5))
        collected(store, source, seen("south", sent=8), at=timedelta(days=7))
        now = collected(store, source, seen("north", sent=1), at=timedelta(days=14))
    outcome = now.outcomes["0@x.vn"]
    assert isinstance(outcome, Activity)
    assert [day.sent for day in outcome.days] == [5]


def test_name_of_a_server_stands_for_one_kind_in_an_edition(tmp_path: Path) -> None:
    """Else what was measured before would be taken for what the new kind measures."""
    failed = Unmeasured("1@x.vn", AFTER, Reason.TIMED_OUT, server="north")
    with SnapshotStore.at(tmp_path / "s.db") as store:
        into = store.begin(OCTOBER, a_roster(2), servers(north="ews"), now=AFTER)
        into.record([seen("north", sent=5), failed])
        into.finish(AFTER, however_little=True)
        with pytest.raises(StoreError, match=r"measured at north when it was of the kind ews"):
            store.retry(OCTOBER, servers(north="imap"), now=AFTER)
        with pytest.raises(StoreError, match=r"now it is imap"):
            store.renew(OCTOBER, a_roster(2), servers(north="imap"), now=AFTER)
        again = store.retry(OCTOBER, servers(dovecot="imap"), now=AFTER)
        assert again is not None
        again.record([seen("dovecot", sent=1, box="1@x.vn")])
        again.finish(AFTER)
        now = store.load(OCTOBER)
    kinds = {box: now.source.kind_at(one.server) for box, one in now.outcomes.items()}
    assert kinds == {"0@x.vn": "ews", "1@x.vn": "imap"}


def test_name_of_a_server_that_measured_nothing_may_change_its_kind(tmp_path: Path) -> None:
    """A slip in the configuration, mended before the first mailbox was measured."""
    with SnapshotStore.at(tmp_path / "s.db") as store:
        store.begin(OCTOBER, a_roster(1), servers(north="ews"), now=AFTER)
        into = store.begin(OCTOBER, a_roster(1), servers(north="imap"), now=AFTER)
        into.record([seen("north", sent=1)])
        into.finish(AFTER)
        assert store.load(OCTOBER).source.kind_at("north") == "imap"


def test_what_a_source_does_not_know_is_stored_beside_what_it_does(tmp_path: Path) -> None:
    """For a person to read too: the 0 of the file is no number there."""
    blind = SourceInfo("tracking", "logs", "1", "svc", name="logs", knows=BLIND)
    exchange = SourceInfo("ews", "mail.x.vn", "1", "svc", name="mail")
    file = tmp_path / "s.db"
    with SnapshotStore.at(file) as store:
        into = store.begin(OCTOBER, a_roster(2), joined([blind, exchange]), now=AFTER)
        into.record([seen("logs", sent=2), seen("mail", sent=2, box="1@x.vn")])
        into.finish(AFTER)
    knows: Mapping[str, frozenset[Knowledge]] = {"0@x.vn": BLIND, "1@x.vn": EXCHANGE}
    for box, known in knows.items():
        _person, records = PersonRecords(file).of(box)
        (record,) = [one for one in records if one.kind is RecordKind.OUTCOME]
        assert record.knows == known
