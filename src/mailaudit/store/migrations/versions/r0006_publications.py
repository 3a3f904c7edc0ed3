"""What was published of each month: which lines with which sums, for whom."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE publication ("
        " id INTEGER NOT NULL PRIMARY KEY,"
        " period TEXT NOT NULL,"
        " timezone TEXT NOT NULL,"
        " edition INTEGER NOT NULL,"
        " audience TEXT NOT NULL,"
        " lines TEXT NOT NULL,"
        " digest TEXT NOT NULL UNIQUE)"
    )
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER publication_{change.lower()} BEFORE {change} ON publication"
            " BEGIN SELECT RAISE(ABORT, 'what was published stays recorded'); END"
        )
