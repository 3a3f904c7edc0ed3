"""Snapshots and history in one SQLite file. SQLAlchemy and Alembic are known only here."""

from mailaudit.store.deliveries import DeliveryLedger
from mailaudit.store.inspection import Inspected, inspect_store
from mailaudit.store.lock import WriterLock
from mailaudit.store.person_records import PersonRecords
from mailaudit.store.removable import OfPerson, Older
from mailaudit.store.removing import Removals
from mailaudit.store.snapshots import SnapshotStore

__all__ = [
    "DeliveryLedger",
    "Inspected",
    "OfPerson",
    "Older",
    "PersonRecords",
    "Removals",
    "SnapshotStore",
    "WriterLock",
    "inspect_store",
]
