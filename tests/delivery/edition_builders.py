"""A store with a month, and further editions of it."""

from datetime import timedelta

from mailaudit.model.outcome import Activity
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.snapshot import Snapshot, SourceInfo
from mailaudit.store import SnapshotStore

OCTOBER = Period(2026, 10)
AFTER = OCTOBER.end + timedelta(days=1)
SOURCE = SourceInfo("ews", "mail.x.vn", "Exchange2016", "svc")


def a_roster(people: int = 3) -> Roster:
    """A roster of one unit."""
    staff = tuple(Staff(f"k{n}", "A", f"{n}@x.vn", row=f"r:{n}") for n in range(people))
    return Roster(("G",), (Unit("A", "Unit A", "G"),), staff, f"digest {people}")


def an_edition(store: SnapshotStore, people: int = 3) -> Snapshot:
    """The next edition, complete."""
    collection = store.renew(OCTOBER, a_roster(people), SOURCE, now=AFTER)
    collection.record([Activity(box, AFTER) for box in collection.pending])
    collection.finish(AFTER)
    return store.load(OCTOBER)
