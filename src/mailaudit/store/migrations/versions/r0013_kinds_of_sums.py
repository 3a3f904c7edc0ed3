"""Which kind of source measured people who were removed since; old seals stay valid."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.execute("ALTER TABLE removal_sum ADD COLUMN kind TEXT NOT NULL DEFAULT ''")
