"""Mail servers, one package a kind: each asks mailboxes and yields one Outcome per mailbox."""

# Before any library that imports the packages it sets aside.
from mailaudit.sources import login_packages as login_packages
