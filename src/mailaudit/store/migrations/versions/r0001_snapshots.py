"""Snapshots with their rosters and outcomes; sealed ones can't be changed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SEALED = "SELECT 1 FROM snapshot WHERE id IN ({ids}) AND sealed_at IS NOT NULL"
REFUSAL = "SELECT RAISE(ABORT, 'a sealed snapshot never changes')"


def upgrade() -> None:
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("timezone", sa.Text, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("cut_off_at", sa.Text, nullable=False),
        sa.Column("sealed_at", sa.Text),
        sa.Column("groups", sa.Text, nullable=False),
        sa.Column("roster_digest", sa.Text, nullable=False),
        sa.Column("source_kind", sa.Text, nullable=False),
        sa.Column("source_server", sa.Text, nullable=False),
        sa.Column("source_version", sa.Text, nullable=False),
        sa.Column("source_account", sa.Text, nullable=False),
        sa.Column("tool_version", sa.Text, nullable=False),
        sa.Column("digest", sa.Text),
        sa.UniqueConstraint("period", "timezone", "edition"),
        sa.CheckConstraint("(sealed_at IS NULL) = (digest IS NULL)", name="sealed_with_digest"),
    )
    _create_roster_tables()
    op.create_table(
        "outcome",
        sa.Column("snapshot_id", sa.Integer, primary_key=True),
        sa.Column("mailbox", sa.Text, primary_key=True),
        sa.Column("observed_at", sa.Text, nullable=False),
        sa.Column("days", sa.Text),
        sa.Column("last_sent_at", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("detail", sa.Text),
        sa.ForeignKeyConstraint(
            ["snapshot_id", "mailbox"],
            ["staff.snapshot_id", "staff.mailbox"],
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.CheckConstraint(
            "(days IS NOT NULL AND reason IS NULL AND detail IS NULL)"
            " OR (days IS NULL AND last_sent_at IS NULL"
            " AND reason IS NOT NULL AND detail IS NOT NULL)",
            name="activity_or_unmeasured",
        ),
    )
    _create_seals()


def _create_roster_tables() -> None:
    op.create_table(
        "unit",
        sa.Column("snapshot_id", sa.Integer, sa.ForeignKey("snapshot.id"), primary_key=True),
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("group_name", sa.Text, nullable=False),
        sa.Column("parent", sa.Text),
        sa.Column("head_name", sa.Text, nullable=False),
        sa.Column("head_address", sa.Text, nullable=False),
    )
    op.create_table(
        "staff",
        sa.Column("snapshot_id", sa.Integer, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("unit_code", sa.Text, nullable=False),
        sa.Column("mailbox", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("status_from", sa.Text),
        sa.Column("status_to", sa.Text),
        sa.Column("row", sa.Text, nullable=False),
        sa.UniqueConstraint("snapshot_id", "mailbox"),
        sa.ForeignKeyConstraint(
            ["snapshot_id", "unit_code"],
            ["unit.snapshot_id", "unit.code"],
            deferrable=True,
            initially="DEFERRED",
        ),
    )


def _create_seals() -> None:
    """Triggers that refuse every change of a sealed snapshot, whoever asks for it."""
    for change, ids in (("UPDATE", "OLD.id"), ("DELETE", "OLD.id")):
        _create_seal("snapshot", change, ids)
    for table in ("unit", "staff", "outcome"):
        _create_seal(table, "INSERT", "NEW.snapshot_id")
        _create_seal(table, "UPDATE", "OLD.snapshot_id, NEW.snapshot_id")
        _create_seal(table, "DELETE", "OLD.snapshot_id")


def _create_seal(table: str, change: str, ids: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_{change.lower()}_sealed BEFORE {change} ON {table}"
        f" WHEN EXISTS ({SEALED.format(ids=ids)}) BEGIN {REFUSAL}; END"
    )
