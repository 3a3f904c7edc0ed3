"""The [directory] table: the directory of accounts, such as Active Directory, over LDAPS."""

from dataclasses import fields
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints

from mailaudit.errors import N_
from mailaudit.model.directory import Attributes, DirectoryServer
from mailaudit.settings.secret import DIRECTORY_VARIABLE, Secret, find_secret
from mailaudit.settings.table import Table, keys
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


_Keys = keys({column.name: (Attribute, column.default) for column in fields(Attributes)})


class DirectoryAttributes(_Keys):  # type: ignore[misc,valid-type]
    """What the directory calls what a staff list has; see `Attributes`."""


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

    def server(self, secret: str) -> DirectoryServer:
        """The directory, logged in to with this secret."""
        address = urlsplit(self.url)
        return DirectoryServer(
            **self.model_dump(exclude={"url", "password_file", "attributes"}),
            host=address.hostname or "",
            port=address.port or LDAPS_PORT,
            secret=secret,
            attributes=Attributes(**self.attributes.model_dump()),
        )

    def find_secret(self) -> Secret:
        """The password of `username`.

        Raises:
            ConfigurationError: There is no password, or its file is unusable.
        """
        return find_secret(
            self.username,
            self.password_file,
            variable=DIRECTORY_VARIABLE,
            key="directory.password_file",
        )
