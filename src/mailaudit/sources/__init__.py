"""Mail servers, one package a kind: each asks mailboxes and yields one Outcome per mailbox."""
