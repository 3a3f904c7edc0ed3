"""Who made what and when, as a chain: rows are only ever added."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE run_record ("
        " number INTEGER NOT NULL PRIMARY KEY,"
        " at TEXT NOT NULL,"
        " account TEXT NOT NULL,"
        " command TEXT NOT NULL,"
        " period TEXT NOT NULL,"
        " edition INTEGER NOT NULL,"
        " made TEXT NOT NULL,"
        " made_digest TEXT NOT NULL,"
        " version TEXT NOT NULL,"
        " digest TEXT NOT NULL)"
    )
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER run_record_{change.lower()} BEFORE {change} ON run_record"
            " BEGIN SELECT RAISE(ABORT, 'what was done stays recorded'); END"
        )
