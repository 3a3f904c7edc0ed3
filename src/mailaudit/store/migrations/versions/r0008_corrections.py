"""What the staff list of an edition was corrected by; covered by the edition's seal."""

from alembic import op

from mailaudit.store.migrations.versions.r0001_snapshots import REFUSAL, SEALED

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE correction ("
        " snapshot_id INTEGER NOT NULL,"
        " position INTEGER NOT NULL,"
        " edition INTEGER NOT NULL,"
        " fits INTEGER NOT NULL,"
        " person TEXT NOT NULL,"
        " kind TEXT NOT NULL,"
        " value TEXT NOT NULL,"
        " status_from TEXT,"
        " status_to TEXT,"
        " reason TEXT NOT NULL,"
        " document TEXT NOT NULL,"
        " approved_by TEXT NOT NULL,"
        " approved_on TEXT NOT NULL,"
        ' "row" TEXT NOT NULL,'
        " PRIMARY KEY (snapshot_id, position),"
        " FOREIGN KEY(snapshot_id) REFERENCES snapshot (id))"
    )
    for change, ids in (
        ("INSERT", "NEW.snapshot_id"),
        ("UPDATE", "OLD.snapshot_id, NEW.snapshot_id"),
        ("DELETE", "OLD.snapshot_id"),
    ):
        op.execute(
            f"CREATE TRIGGER correction_{change.lower()}_sealed BEFORE {change} ON correction"
            f" WHEN EXISTS ({SEALED.format(ids=ids)}) BEGIN {REFUSAL}; END"
        )
