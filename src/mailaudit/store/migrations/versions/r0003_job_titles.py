"""Job titles of staff, which decide who is in scope; nobody had one before."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("ALTER TABLE staff ADD COLUMN job_title TEXT NOT NULL DEFAULT ''")
