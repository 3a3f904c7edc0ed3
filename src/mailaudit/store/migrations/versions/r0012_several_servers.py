"""Which of several mail servers a mailbox is asked at, and was; old seals stay valid."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute("ALTER TABLE snapshot ADD COLUMN source_parts TEXT NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE staff ADD COLUMN server TEXT NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE outcome ADD COLUMN server TEXT NOT NULL DEFAULT ''")
