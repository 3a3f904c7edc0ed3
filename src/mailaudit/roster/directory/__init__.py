"""The directory of accounts, such as Active Directory, beside or instead of a staff list."""

from mailaudit.roster.directory.accounts import read_accounts
from mailaudit.roster.directory.compare import compare
from mailaudit.roster.directory.ldap import read_entries
from mailaudit.roster.directory.listing import difference_list_of, staff_list_of
from mailaudit.roster.directory.server import Attributes, DirectoryServer

__all__ = [
    "Attributes",
    "DirectoryServer",
    "compare",
    "difference_list_of",
    "read_accounts",
    "read_entries",
    "staff_list_of",
]
