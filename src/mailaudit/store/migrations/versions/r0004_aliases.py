"""Other addresses of staff's mailboxes, by which they are found again in other months."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("ALTER TABLE staff ADD COLUMN aliases TEXT NOT NULL DEFAULT ''")
