"""Mail servers, one package a kind: each asks mailboxes and yields one Outcome per mailbox."""

from mailaudit.sources import optional as optional  # before any library that imports those packages
