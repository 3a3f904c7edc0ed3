"""DirectoryServer: how a directory is reached, and what it calls what a staff list has."""

from dataclasses import dataclass, field, fields
from pathlib import Path


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
