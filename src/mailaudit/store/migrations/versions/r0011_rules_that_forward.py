"""Where the rules of mailboxes send mail on to; nobody was asked before."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    # As SQL, because SQLite adds a column with its constraint only so; nothing is copied.
    op.execute(
        "ALTER TABLE outcome ADD COLUMN forwards_to TEXT"
        " CONSTRAINT forwards_beside_days CHECK (forwards_to IS NULL OR days IS NOT NULL)"
    )
