"""The tables [server] and [[servers]]: how mail servers are reached, and what may be taken of them.

A kind of server is a Table that opens its source, and its line in KINDS.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    Field,
    GetCoreSchemaHandler,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from mailaudit.errors import N_
from mailaudit.settings.secret import KEYRING_SERVICE, VARIABLE, Secret, find_secret
from mailaudit.settings.table import Table
from mailaudit.settings.values import (
    Domains,
    FilePath,
    HostName,
    HttpsUrl,
    LogFolders,
    Text,
    Window,
    refusal,
    require_keys,
)
from mailaudit.sources.ews.server import EwsServer
from mailaudit.sources.imap.server import ImapServer
from mailaudit.sources.limits import NO_LIMITS, Limits

if TYPE_CHECKING:
    from mailaudit.collaborators import MailSource
    from mailaudit.model.snapshot import SourceInfo
    from mailaudit.sources.server import MailServer
    from mailaudit.sources.tracking.source import Note
    from mailaudit.sources.waits import OnLongWait

NEEDED_BY_AUTH = {
    "ntlm": ("username",),
    "basic": ("username",),
    "kerberos": (),
    "windows": (),
    "oauth": ("tenant_id", "client_id"),
}
BY_TICKET = {"kerberos": "Kerberos", "windows": "Windows"}  # logins without a password
# Typed after --without, in staff lists, and a part of the name of a variable.
ServerName = Annotated[Text, StringConstraints(pattern="^[A-Za-z][A-Za-z0-9-]{0,39}$")]


@dataclass(frozen=True, slots=True)
class SourceContext:
    """What a source of any kind is opened with.

    Attributes:
        find_secret: Finds the password of the reading account, where there is one.
        inside_domains: The organisation's mail domains, lower case.
        clock: Now, UTC.
        on_long_wait: Called when the server wants to be left in peace for minutes or more.
        note: Notes what else a user should know while it works.
    """

    find_secret: "Callable[[LiveServer], Secret]"
    inside_domains: frozenset[str]
    clock: Callable[[], datetime]
    on_long_wait: "OnLongWait"
    note: "Note"


class Server(Table):
    """What every kind of server has."""

    table: ClassVar[str] = "server"

    @property
    def label(self) -> str:
        """The name of the server; empty of one that stands alone."""
        return ""

    @property
    def answers_for(self) -> Sequence[str]:
        """The mail domains it answers for; of one that stands alone that is every domain."""
        return ()

    @property
    def place(self) -> str:
        """Where its keys stand, for messages: `server`, or `servers.daknong`."""
        return f"{self.table}.{self.label}".rstrip(".")

    @property
    def account(self) -> str:
        """The name of the reading account, as printed in reports; empty where there is none."""
        return ""

    @property
    def limits(self) -> Limits:
        """What the audit may take of it."""
        return NO_LIMITS

    @abstractmethod
    def describe(self) -> "SourceInfo":
        """Where its outcomes come from, as far as that is known before anything is asked."""

    @abstractmethod
    def open_source(self, context: SourceContext) -> "MailSource":
        """What gives the outcome of each of its mailboxes. Close it.

        Raises:
            ConfigurationError: What it needs can't be used.
        """


class LiveServer(Server):
    """A mail server that is logged in to, and asked about one mailbox after the other."""

    password_file: FilePath | None = None
    ca_file: FilePath | None = None
    max_connections: int = Field(8, ge=1, le=27)
    timeout_s: int = Field(60, ge=1, le=600)
    requests_per_minute: int = Field(0, ge=0)
    window: Window | None = None

    @property
    def limits(self) -> Limits:
        """What the audit may take of it, besides its connections."""
        return Limits(self.requests_per_minute, self.window)

    @property
    def has_ticket(self) -> bool:
        """Whether it is logged in to by a ticket of the system, without a password."""
        return False

    def connection(self) -> dict[str, Any]:
        """What is set of how to connect, by the names of the keys, and where these stand."""
        others = {"name", "kind", "domains", "password_file", "requests_per_minute", "window"}
        return self.model_dump(exclude=others, exclude_none=True) | {"place": self.place}

    @abstractmethod
    def mail_server(self, secret: str) -> "MailServer":
        """The server, logged in to with this secret."""

    def find_secret(self) -> Secret:
        """The account's password or client secret.

        Raises:
            ConfigurationError: There is no secret, or its file is unusable.
        """
        variable = "_".join(filter(None, (VARIABLE, self.label.upper().replace("-", "_"))))
        key = f"{self.place}.password_file"
        service = "-".join(filter(None, (KEYRING_SERVICE, self.label)))
        return find_secret(
            self.account, self.password_file, variable=variable, key=key, service=service
        )

    def describe(self) -> "SourceInfo":
        """Where its outcomes come from."""
        return self.mail_server("").describe()

    def open_source(self, context: SourceContext) -> "MailSource":
        """What asks it."""
        from mailaudit.sources.fleet import open_source

        server = self.mail_server(context.find_secret(self).value)
        return open_source(server, context.inside_domains, context.clock, context.on_long_wait)


class ExchangeServer(LiveServer):
    """How an Exchange server is reached and logged in to."""

    url: HttpsUrl
    version: Literal["Exchange2010_SP2", "Exchange2013", "Exchange2013_SP1", "Exchange2016"]
    username: Text | None = None
    tenant_id: Text | None = None
    client_id: Text | None = None
    auth: Literal["ntlm", "basic", "kerberos", "windows", "oauth"]  # after the keys its check needs
    recoverable_items: bool = False
    inbox_rules: bool = False

    @field_validator("auth")
    @classmethod
    def _has_what_it_needs(cls, auth: str, info: ValidationInfo) -> str:
        return require_keys(cls.table, auth, NEEDED_BY_AUTH[auth], info)

    @property
    def account(self) -> str:
        """The name of the reading account, as printed in reports."""
        return self.username or self.client_id or ""

    @property
    def has_ticket(self) -> bool:
        """Whether it is logged in to by a ticket of the system, without a password."""
        return self.auth in BY_TICKET

    def mail_server(self, secret: str) -> "MailServer":
        """The server, logged in to with this secret."""
        keys = {"username": ""} | self.connection()
        return EwsServer(**keys, secret=secret, limits=self.limits)

    def find_secret(self) -> Secret:
        """The account's password or client secret. A login by ticket has none, and gets "".

        Raises:
            ConfigurationError: There is no secret, or its file is unusable.
        """
        return Secret("", BY_TICKET[self.auth]) if self.has_ticket else super().find_secret()


class Named(Server):
    """One server of several.

    Attributes:
        name: Different from the others' in more than the case of letters.
        domains: The mail domains whose mailboxes are asked there, with those below them.
    """

    table: ClassVar[str] = "servers"

    name: ServerName
    domains: Domains

    @property
    def label(self) -> str:
        """The name of the server."""
        return self.name

    @property
    def answers_for(self) -> Sequence[str]:
        """The mail domains it answers for."""
        return self.domains


class NamedExchange(Named, ExchangeServer):
    """An Exchange server, one of several."""

    kind: Literal["ews"]


class NamedImap(Named, LiveServer):
    """An IMAP server (Dovecot, Zimbra, Cyrus), one of several.

    Attributes:
        tls: "implicit" (imaps) or "starttls".
        auth: How a mailbox is logged in to by the reading account.
        master_separator: Between mailbox and account, where `auth` is "master".
    """

    kind: Literal["imap"]
    host: HostName
    tls: Literal["implicit", "starttls"] = "implicit"
    port: int | None = Field(None, ge=1, le=65535)
    username: Text | None = None
    auth: Literal["plain", "master", "xoauth2"] = Field("plain", validate_default=True)
    master_separator: Text = "*"

    @field_validator("auth")
    @classmethod
    def _has_what_it_needs(cls, auth: str, info: ValidationInfo) -> str:
        return require_keys(cls.table, auth, () if auth == "xoauth2" else ("username",), info)

    @property
    def account(self) -> str:
        """The name of the reading account, as printed in reports."""
        return self.username or ""

    def mail_server(self, secret: str) -> "MailServer":
        """The server, logged in to with this secret."""
        keys = {"username": ""} | self.connection()
        return ImapServer(**keys, secret=secret, limits=self.limits)

    def open_source(self, context: SourceContext) -> "MailSource":
        """What asks it: one process, which can try a password once."""
        from mailaudit.sources.source import ThreadedSource

        server = self.mail_server(context.find_secret(self).value)
        server.require_usable()
        return ThreadedSource(
            server, context.inside_domains, context.clock, on_long_wait=context.on_long_wait
        )


class NamedLogs(Named):
    """Message tracking logs of an organisation's Exchange servers, beside other servers.

    Attributes:
        folders: Each server's logs, or a copy of them, by the server's name.
    """

    kind: Literal["tracking"]
    folders: LogFolders

    def describe(self) -> "SourceInfo":
        """Whose logs they are."""
        from mailaudit.sources.tracking.source import describe

        return describe(self.folders)

    def open_source(self, context: SourceContext) -> "MailSource":
        """What reads them."""
        from mailaudit.sources.tracking.source import TrackingLogs

        return TrackingLogs(self.folders, context.inside_domains, context.clock, context.note)


class NamedUsageReports(Named):
    """Usage reports of a Microsoft 365 tenant, downloaded day by day.

    Attributes:
        folder: Where the files lie.
    """

    kind: Literal["m365"]
    folder: FilePath

    def describe(self) -> "SourceInfo":
        """Where its outcomes come from."""
        from mailaudit.sources.m365 import describe

        return describe()

    def open_source(self, context: SourceContext) -> "MailSource":
        """What reads them."""
        from mailaudit.sources.m365 import UsageReports

        return UsageReports([self.folder], context.clock)


KINDS: dict[str, type[Named]] = {
    "ews": NamedExchange,
    "imap": NamedImap,
    "m365": NamedUsageReports,
    "tracking": NamedLogs,
}


class OfItsKind:
    """Has each server checked by the Table of its kind.

    Args:
        kinds: The Table of each kind.
    """

    def __init__(self, kinds: Mapping[str, type[Named]]) -> None:
        self._kinds = kinds

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        choices = {kind: handler.generate_schema(table) for kind, table in self._kinds.items()}
        return core_schema.tagged_union_schema(choices, discriminator="kind")


def _differ(servers: tuple[Named, ...]) -> tuple[Named, ...]:
    """Refuses servers with one name, or that answer for one domain."""
    for (at, one), (other_at, other) in combinations(enumerate(servers, start=1), 2):
        both = {"one": f"servers[{at}]", "other": f"servers[{other_at}]"}
        if one.name.lower() == other.name.lower():
            raise refusal(N_("{one} and {other} have the same name"), **both)
        if set(one.domains) & set(other.domains):
            raise refusal(
                N_("{one} and {other} answer for the same domain; a mailbox has one server"), **both
            )
    return servers


# `strict=False` is for the list alone, as in `values`.
Servers = Annotated[
    tuple[Annotated[Named, OfItsKind(KINDS)], ...], Field(strict=False), AfterValidator(_differ)
]


def one_or_several(server: object, info: ValidationInfo) -> object:
    """Refuses a configuration with neither [server] nor [[servers]], or with both.

    Raises:
        PydanticCustomError: It is one of these.
    """
    # Servers missing from `data` had a problem of their own, which is reported by itself.
    others = info.data.get("servers", "faulty")
    if server is None and not others:
        raise PydanticCustomError("missing", "missing")
    if server is not None and others:
        raise refusal(N_("stands beside [[servers]]: write this server as one of them"))
    return server
