"""What a second source said of each month, in sums; rows are only ever added."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE reconciliation ("
        " id INTEGER NOT NULL PRIMARY KEY,"
        " period TEXT NOT NULL,"
        " timezone TEXT NOT NULL,"
        " edition INTEGER NOT NULL,"
        " digest TEXT NOT NULL,"
        " witness TEXT NOT NULL,"
        " kind TEXT NOT NULL,"
        " made_at TEXT NOT NULL,"
        " mailboxes INTEGER NOT NULL,"
        " differing INTEGER NOT NULL,"
        " sent_both INTEGER NOT NULL,"
        " sent_stored INTEGER NOT NULL,"
        " sent_witness INTEGER NOT NULL,"
        " received_both INTEGER NOT NULL,"
        " received_stored INTEGER NOT NULL,"
        " received_witness INTEGER NOT NULL)"
    )
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER reconciliation_{change.lower()} BEFORE {change} ON reconciliation"
            " BEGIN SELECT RAISE(ABORT, 'what a second source said stays recorded'); END"
        )
