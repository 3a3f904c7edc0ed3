"""People who were removed from snapshots: that they were, and what they come to by unit."""

from alembic import op

from mailaudit.store.migrations.versions.r0001_snapshots import REFUSAL, SEALED

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE removal ("
        " snapshot_id INTEGER NOT NULL PRIMARY KEY,"
        " removed_at TEXT NOT NULL,"
        " is_whole INTEGER NOT NULL,"
        " first_digest TEXT NOT NULL,"
        " rules TEXT NOT NULL,"
        " silence TEXT,"
        " FOREIGN KEY(snapshot_id) REFERENCES snapshot (id))"
    )
    op.execute(
        "CREATE TABLE removal_sum ("
        " snapshot_id INTEGER NOT NULL,"
        " position INTEGER NOT NULL,"
        " unit_code TEXT NOT NULL,"
        " state TEXT NOT NULL,"
        " out_of_scope TEXT,"
        " word TEXT NOT NULL,"
        " undated INTEGER NOT NULL,"
        " reason TEXT,"
        " has_read INTEGER NOT NULL,"
        " has_sent INTEGER NOT NULL,"
        " sent_enough INTEGER NOT NULL,"
        " regular INTEGER NOT NULL,"
        " people INTEGER NOT NULL,"
        " PRIMARY KEY (snapshot_id, position),"
        " FOREIGN KEY(snapshot_id) REFERENCES removal (snapshot_id))"
    )
    # Has a row until what was removed is gone from the bytes of the file as well.
    op.execute("CREATE TABLE unerased (since TEXT NOT NULL)")
    for table in ("removal", "removal_sum"):
        for change, ids in (
            ("INSERT", "NEW.snapshot_id"),
            ("UPDATE", "OLD.snapshot_id, NEW.snapshot_id"),
            ("DELETE", "OLD.snapshot_id"),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_{change.lower()}_sealed BEFORE {change} ON {table}"
                f" WHEN EXISTS ({SEALED.format(ids=ids)}) BEGIN {REFUSAL}; END"
            )
