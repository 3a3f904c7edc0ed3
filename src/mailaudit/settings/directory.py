"""The [directory] table: the directory of accounts, such as Active Directory, over LDAPS."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints

from mailaudit.errors import N_
from mailaudit.settings.secret import DIRECTORY_VARIABLE, Secret, find_secret
from mailaudit.settings.thresholds import Table
from mailaudit.settings.values import FilePath, Text, refusal

EXAMPLE_URL = "ldaps://dc1.example.gov.vn"
LDAPS_PORT = 636


def _ldaps_url(value: str) -> str:
    """A server's address: ldaps, with a host, with nothing but a port behind it."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    rest = ("", "") if host is None else (parts.path.strip("/"), parts.query)
    if host is None or parts.scheme != "ldaps" or any(rest) or parts.username is not None:
        raise refusal(N_("must be an ldaps:// address such as {example}"), example=EXAMPLE_URL)
    return value


def _whole_filter(value: str) -> str:
    """An LDAP filter in its parentheses."""
    if not value.startswith("(") or value.count("(") != value.count(")"):
        raise refusal(N_("must be an LDAP filter such as {example}"), example="(objectClass=user)")
    return value


LdapsUrl = Annotated[Text, AfterValidator(_ldaps_url)]
Filter = Annotated[Text, AfterValidator(_whole_filter)]
# Empty: the directory has no such attribute.
Attribute = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^([A-Za-z][A-Za-z0-9-]*)?$")
]


class DirectoryAttributes(Table):
    """What the directory calls what a staff list has; the defaults are Active Directory's."""

    account: Attribute = "sAMAccountName"
    account_control: Attribute = "userAccountControl"
    mailbox: Attribute = "mail"
    aliases: Attribute = "proxyAddresses"
    staff_code: Attribute = "employeeID"
    name: Attribute = "displayName"
    unit_code: Attribute = ""
    unit_name: Attribute = "department"
    category: Attribute = "employeeType"
    job_title: Attribute = "title"


class Directory(Table):
    """How the directory is reached and searched."""

    url: LdapsUrl
    base: Text
    username: Text
    password_file: FilePath | None = None
    ca_file: FilePath | None = None
    filter: Filter = "(&(objectCategory=person)(objectClass=user))"
    page_size: int = Field(500, ge=1, le=1000)
    timeout_s: int = Field(60, ge=1, le=600)
    attributes: DirectoryAttributes = DirectoryAttributes()

    @property
    def host(self) -> str:
        """The server's name."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """The server's port."""
        return urlsplit(self.url).port or LDAPS_PORT

    def find_secret(self) -> Secret:
        """The password of `username`.

        Raises:
            ConfigurationError: There is none, or its file is unusable.
        """
        return find_secret(
            self.username,
            self.password_file,
            variable=DIRECTORY_VARIABLE,
            key="directory.password_file",
        )
