"""The tables as they are after the newest migration. Instants are UTC ISO text, days ISO text."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

snapshot = Table(
    "snapshot",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("period", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("cut_off_at", Text, nullable=False),
    Column("sealed_at", Text),
    Column("groups", Text, nullable=False),  # JSON list of names
    Column("roster_digest", Text, nullable=False),
    Column("source_kind", Text, nullable=False),
    Column("source_server", Text, nullable=False),
    Column("source_version", Text, nullable=False),
    Column("source_account", Text, nullable=False),
    Column("tool_version", Text, nullable=False),
    Column("digest", Text),  # set when sealed, and checked whenever the snapshot is loaded
    Column("retry_of", Integer),  # the edition whose measured outcomes were taken over
    Column("digest_version", Integer, nullable=False, server_default="1"),  # see digest.py
    # What the server said it is; empty where it said nothing.
    Column("source_reported", Text, nullable=False, server_default=""),
    Column("source_parts", Text, nullable=False, server_default=""),  # see rows.pack_parts
    UniqueConstraint("period", "timezone", "edition"),
    CheckConstraint("(sealed_at IS NULL) = (digest IS NULL)", name="sealed_with_digest"),
)

unit = Table(
    "unit",
    metadata,
    Column("snapshot_id", Integer, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("group_name", Text, nullable=False),
    Column("parent", Text),
    Column("head_name", Text, nullable=False),
    Column("head_address", Text, nullable=False),
    ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"]),
)

# A roster is replaced as a whole, hence the foreign keys that are checked at the commit.
staff = Table(
    "staff",
    metadata,
    Column("snapshot_id", Integer, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("mailbox", Text),
    Column("name", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("status_from", Text),
    Column("status_to", Text),
    Column("row", Text, nullable=False),
    Column("job_title", Text, nullable=False, server_default=""),
    Column("aliases", Text, nullable=False, server_default=""),  # addresses with spaces between
    Column("server", Text, nullable=False, server_default=""),  # named by the staff list
    UniqueConstraint("snapshot_id", "mailbox"),
    ForeignKeyConstraint(
        ["snapshot_id", "unit_code"],
        ["unit.snapshot_id", "unit.code"],
        deferrable=True,
        initially="DEFERRED",
    ),
)

# What counts, and where earlier collections of the Period add to it, what this one saw by itself:
# days and last_sent_at are those two columns merged with the newest earlier edition's Activity.
outcome = Table(
    "outcome",
    metadata,
    Column("snapshot_id", Integer, primary_key=True),
    Column("mailbox", Text, primary_key=True),
    Column("observed_at", Text, nullable=False),
    Column("days", Text),  # JSON, see rows.pack_days
    Column("last_sent_at", Text),
    Column("reason", Text),
    Column("detail", Text),
    Column("seen_days", Text),  # NULL where it is `days` and `last_sent_at` that were seen
    Column("seen_last_sent_at", Text),
    Column("forwards_to", Text),  # of all editions up to this one; NULL where it is not known
    Column("server", Text, nullable=False, server_default=""),  # that was asked; empty of one alone
    ForeignKeyConstraint(
        ["snapshot_id", "mailbox"],
        ["staff.snapshot_id", "staff.mailbox"],
        deferrable=True,
        initially="DEFERRED",
    ),
    CheckConstraint(
        "(days IS NOT NULL AND reason IS NULL AND detail IS NULL)"
        " OR (days IS NULL AND last_sent_at IS NULL"
        " AND reason IS NOT NULL AND detail IS NOT NULL)",
        name="activity_or_unmeasured",
    ),
    CheckConstraint("seen_days IS NULL OR days IS NOT NULL", name="seen_beside_days"),
    CheckConstraint("forwards_to IS NULL OR days IS NOT NULL", name="forwards_beside_days"),
)

# What the staff list of an edition was corrected by, that of the editions before it included.
correction = Table(
    "correction",
    metadata,
    Column("snapshot_id", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("edition", Integer, nullable=False),  # the first that has it
    Column("fits", Integer, nullable=False),  # 0 where a later staff list has no place for it
    Column("person", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("status_from", Text),
    Column("status_to", Text),
    Column("reason", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("approved_by", Text, nullable=False),
    Column("approved_on", Text, nullable=False),
    Column("row", Text, nullable=False),
    ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"]),
)

# That people were removed from a snapshot; what they come to stands in removal_sum.
removal = Table(
    "removal",
    metadata,
    Column("snapshot_id", Integer, primary_key=True),
    Column("removed_at", Text, nullable=False),
    Column("is_whole", Integer, nullable=False),  # 1 where nobody is left
    Column("first_digest", Text, nullable=False),  # its seal before; empty where it had none
    Column("rules", Text, nullable=False),  # digest of those they were summed by
    Column("silence", Text),
    ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"]),
)

# How many of the people removed count alike, by unit.
removal_sum = Table(
    "removal_sum",
    metadata,
    Column("snapshot_id", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("unit_code", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("out_of_scope", Text),
    Column("word", Text, nullable=False),
    Column("undated", Integer, nullable=False),
    Column("reason", Text),
    Column("has_read", Integer, nullable=False),
    Column("has_sent", Integer, nullable=False),
    Column("sent_enough", Integer, nullable=False),
    Column("regular", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    Column("kind", Text, nullable=False, server_default=""),  # of the source that measured them
    ForeignKeyConstraint(["snapshot_id"], ["removal.snapshot_id"]),
)

# Has a row until what was removed is gone from the bytes of the file as well.
unerased = Table("unerased", metadata, Column("since", Text, nullable=False))

# What reports gave their readers, of each Period they show; rows are only ever added.
publication = Table(
    "publication",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("period", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("audience", Text, nullable=False),
    Column("lines", Text, nullable=False),  # JSON, see publication.record
    Column("digest", Text, nullable=False, unique=True),
)

# Attempts to send a mail; a row is written before the mail goes, and ended when its fate is known.
delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("period", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("message_id", Text, nullable=False, unique=True),
    Column("digest", Text, nullable=False),  # of the mail
    Column("begun_at", Text, nullable=False),
    Column("fate", Text, nullable=False),  # of model.delivery.Fate
    Column("ended_at", Text),
    Column("detail", Text, nullable=False),
    Column("units", Text, nullable=False),  # JSON list of the codes whose pages it brought
    Column("is_board", Integer, nullable=False),  # 1 where it brought the files of the whole
    CheckConstraint("(fate = 'unknown') = (ended_at IS NULL)", name="fate_with_its_time"),
)

# What commands made, each row in a chain with the one before; rows are only ever added.
run_record = Table(
    "run_record",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("account", Text, nullable=False),  # the user of the operating system
    Column("command", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("made", Text, nullable=False),
    Column("made_digest", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("digest", Text, nullable=False),  # see model/run_record.py
)

# What a second source said of a month, in sums; rows are only ever added.
reconciliation = Table(
    "reconciliation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("period", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("digest", Text, nullable=False),  # of the edition; empty where it was not sealed
    Column("witness", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("mailboxes", Integer, nullable=False),
    Column("differing", Integer, nullable=False),
    Column("sent_both", Integer, nullable=False),  # mails, as the next five
    Column("sent_stored", Integer, nullable=False),
    Column("sent_witness", Integer, nullable=False),
    Column("received_both", Integer, nullable=False),
    Column("received_stored", Integer, nullable=False),
    Column("received_witness", Integer, nullable=False),
)
