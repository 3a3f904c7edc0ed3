"""A directory of accounts: how it is reached, a person's entry, where a staff list disagrees."""

from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path

from mailaudit.model.roster import Staff


@dataclass(frozen=True, slots=True)
class Attributes:
    """The directory's attribute for each column; "" where it has none."""

    account: str = "sAMAccountName"
    account_control: str = "userAccountControl"
    mailbox: str = "mail"
    aliases: str = "proxyAddresses"
    staff_code: str = "employeeID"
    name: str = "displayName"
    unit_code: str = ""
    unit_name: str = "department"
    category: str = "employeeType"
    job_title: str = "title"

    def asked(self) -> list[str]:
        """Every attribute that is asked for, once."""
        names = (getattr(self, column.name) for column in fields(self))
        return list(dict.fromkeys(name for name in names if name))


@dataclass(frozen=True, slots=True)
class DirectoryServer:
    """A directory over LDAPS.

    Attributes:
        username: Bound with: name@domain, DOMAIN\\name or a distinguished name.
        secret: Its password; left out of the representation.
        base: Where the search begins; everything below it is searched.
        ca_file: CA bundle that signs the server's certificate; None for the system's own list.
    """

    host: str
    port: int
    username: str
    secret: str = field(repr=False)
    base: str
    filter: str
    ca_file: Path | None = None
    page_size: int = 500
    timeout_s: int = 60
    attributes: Attributes = Attributes()


@dataclass(frozen=True, slots=True)
class Account:
    """An entry of the directory, such as a user of Active Directory.

    Attributes:
        dn: Its distinguished name, which shows where it stands.
        login: The account's short name.
        enabled: Whether its owner can log in.
        mailbox: The primary address, lower case; None without one.
        aliases: Further addresses of the mailbox.
    """

    dn: str
    login: str = ""
    enabled: bool = True
    mailbox: str | None = None
    aliases: tuple[str, ...] = ()
    staff_code: str = ""
    name: str = ""
    unit_code: str = ""
    unit_name: str = ""
    category: str = ""
    job_title: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address of the mailbox, the primary one first."""
        return ((self.mailbox,) if self.mailbox else ()) + self.aliases


class DifferenceKind(StrEnum):
    """How a staff list and the directory disagree."""

    NO_MAILBOX = "no mailbox"  # neither has an address for the person
    UNKNOWN_ADDRESS = "unknown address"  # the list's address is nobody's in the directory
    ADDRESS_DIFFERS = "address differs"  # the same person's, or the list lacks it, or an alias
    OTHER_OWNER = "other owner"  # the list's address is that of another staff code
    GONE_BUT_ENABLED = "gone but enabled"
    DISABLED = "disabled"  # still on the staff list
    ORPHAN = "orphan"  # enabled, and nobody's on the list


@dataclass(frozen=True, slots=True)
class Difference:
    """One disagreement: the person of the list and the account, as far as there are both."""

    kind: DifferenceKind
    person: Staff | None = None
    account: Account | None = None
