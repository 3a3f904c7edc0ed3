"""Snapshots and history in one SQLite file. SQLAlchemy and Alembic are known only here."""

from mailaudit.store.deliveries import DeliveryLedger
from mailaudit.store.snapshots import SnapshotStore

__all__ = ["DeliveryLedger", "SnapshotStore"]
