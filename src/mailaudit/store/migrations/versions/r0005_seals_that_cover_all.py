"""Digests of a second version; what the server said it is. Sealed snapshots keep their version."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("ALTER TABLE snapshot ADD COLUMN digest_version INTEGER NOT NULL DEFAULT 1")
    op.execute("ALTER TABLE snapshot ADD COLUMN source_reported TEXT NOT NULL DEFAULT ''")
    op.execute("UPDATE snapshot SET digest_version = 2 WHERE sealed_at IS NULL")
