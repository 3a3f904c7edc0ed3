"""The mails that brought editions to their readers: one row an attempt, written before it."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE delivery ("
        " id INTEGER NOT NULL PRIMARY KEY,"
        " period TEXT NOT NULL,"
        " timezone TEXT NOT NULL,"
        " edition INTEGER NOT NULL,"
        " recipient TEXT NOT NULL,"
        " message_id TEXT NOT NULL UNIQUE,"
        " digest TEXT NOT NULL,"
        " begun_at TEXT NOT NULL,"
        " fate TEXT NOT NULL,"
        " ended_at TEXT,"
        " detail TEXT NOT NULL,"
        " units TEXT NOT NULL,"
        " is_board INTEGER NOT NULL,"
        " CONSTRAINT fate_with_its_time CHECK ((fate = 'unknown') = (ended_at IS NULL)))"
    )
