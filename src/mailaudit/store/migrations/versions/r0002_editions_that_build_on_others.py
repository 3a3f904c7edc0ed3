"""Outcomes beside what was seen, and editions that ask again only what could not be measured."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # As SQL, because SQLite adds a column with its constraint only so; nothing is copied.
    op.execute("ALTER TABLE snapshot ADD COLUMN retry_of INTEGER")
    op.execute(
        "ALTER TABLE outcome ADD COLUMN seen_days TEXT"
        " CONSTRAINT seen_beside_days CHECK (seen_days IS NULL OR days IS NOT NULL)"
    )
    op.execute("ALTER TABLE outcome ADD COLUMN seen_last_sent_at TEXT")
