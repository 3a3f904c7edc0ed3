"""The tables of the configuration file, and reading it."""

import json
import os
from datetime import time
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PrivateAttr, ValidationError, ValidationInfo, field_validator

from mailaudit.model.objections import Objections
from mailaudit.model.rules import Rules
from mailaudit.settings.accounts import Accounts
from mailaudit.settings.delivery import Delivery, refuse_account
from mailaudit.settings.directory import Directory, DirectoryAttributes
from mailaudit.settings.notify import Notify, refuse_unreachable
from mailaudit.settings.problems import SettingsError, explain
from mailaudit.settings.roster import RosterColumns, RosterFiles
from mailaudit.settings.secret import Secret, find_secret
from mailaudit.settings.table import Table
from mailaudit.settings.thresholds import GradeRow, Thresholds
from mailaudit.settings.toml_file import read_toml
from mailaudit.settings.values import (
    Domain,
    Domains,
    FilePath,
    Formats,
    HttpsUrl,
    Lines,
    Text,
    TimeZone,
    Window,
    require_keys,
)

NEEDED_BY_AUTH = {
    "ntlm": ("username",),
    "basic": ("username",),
    "kerberos": (),
    "windows": (),
    "oauth": ("tenant_id", "client_id"),
}


class Organisation(Table):
    """Whose mail is audited: the name printed, the domains that are inside, the time zone.

    Attributes:
        renamed_domains: New by old domain, where mailboxes moved to another domain.
    """

    name: Text
    domains: Domains
    renamed_domains: dict[Domain, Domain] = Field(default_factory=dict)
    timezone: TimeZone = "Asia/Ho_Chi_Minh"


class Server(Table):
    """How the mail server is reached and logged in to."""

    url: HttpsUrl
    version: Literal["Exchange2010_SP2", "Exchange2013", "Exchange2013_SP1", "Exchange2016"]
    username: Text | None = None
    tenant_id: Text | None = None
    client_id: Text | None = None
    auth: Literal["ntlm", "basic", "kerberos", "windows", "oauth"]  # after the keys its check needs
    password_file: FilePath | None = None
    ca_file: FilePath | None = None
    max_connections: int = Field(8, ge=1, le=27)
    timeout_s: int = Field(60, ge=1, le=600)
    requests_per_minute: int = Field(0, ge=0)
    window: Window | None = None
    recoverable_items: bool = False
    inbox_rules: bool = False

    @field_validator("auth")
    @classmethod
    def _has_what_it_needs(cls, auth: str, info: ValidationInfo) -> str:
        return require_keys("server", auth, NEEDED_BY_AUTH[auth], info)

    @property
    def account(self) -> str:
        """The name of the reading account, as printed in reports."""
        return self.username or self.client_id or ""

    def connection(self) -> dict[str, Any]:
        """What is set of how to connect, as `EwsServer` takes it beside secret and limits."""
        others = {"password_file", "requests_per_minute", "window"}
        return {"username": ""} | self.model_dump(exclude=others, exclude_none=True)

    def find_secret(self) -> Secret:
        """The account's password or client secret. A login by ticket has none, and gets "".

        Raises:
            ConfigurationError: There is no secret, or its file is unusable.
        """
        if self.auth in ("kerberos", "windows"):
            return Secret("", "Kerberos" if self.auth == "kerberos" else "Windows")
        return find_secret(self.account, self.password_file)


class StoreFile(Table):
    """The database of snapshots."""

    file: FilePath = Field("mailaudit.db", validate_default=True)


class Retention(Table):
    """How long people's data are kept.

    Attributes:
        months: After a month so many more; `prune` removes the people of older ones. None keeps
            all.
    """

    months: int | None = Field(None, ge=1, le=1200)


class CalendarFile(Table):
    """The working-day calendar; None stands for the one mailaudit brings."""

    file: FilePath | None = None


class ReportOutput(Table):
    """Where reports go, their language, and whom they are for.

    Attributes:
        formats: The files to write: "docx" and "pdf" are the annex, "brief" is a picture and a PDF.
        names: Whether lists of staff name people; never in reports for the public.
        illustrative: Whether the data are invented; every file then says so.
        min_published, coarse_extremes: As in `Rules`; the first can only be raised.
        contact: Whom units' pages and mails name for objections and questions.
        objection_days: How many days after receipt objections are taken; no last day is named
            without it.
    """

    folder: FilePath = Field("reports", validate_default=True)
    language: Literal["vi", "en"] = "vi"
    audience: Literal["public", "leader", "it"] = "public"
    names: bool = False
    illustrative: bool = False
    min_published: int = Field(Rules().min_published, ge=Rules().min_published)
    coarse_extremes: bool = False
    formats: Formats = ("xlsx", "html", "docx", "pdf", "brief")
    contact: Text | None = None
    objection_days: int | None = Field(None, ge=1, le=90)

    @property
    def objections(self) -> Objections:
        """To whom to object, and for how long."""
        return Objections(self.contact or "", self.objection_days)


class Annex(Table):
    """What stands above and below the text of the annex; what is left out, a clerk fills in.

    Attributes:
        superior, issuer: Cơ quan chủ quản and cơ quan ban hành; the organisation's name where no
            issuer is named.
        symbol: Ký hiệu after the number.
        place: Địa danh before the date.
        signer, recipients: Lines.
        wording: A file of sentences, in the language `report.language`.
        unit_wording: The same of the reports that units hand in.
        typeface: The PDF's, where the machine has it with every letter.
    """

    superior: Text | None = None
    issuer: Text | None = None
    symbol: Text | None = None
    place: Text | None = None
    signer: Lines = ()
    recipients: Lines = ()
    wording: FilePath | None = None
    unit_wording: FilePath | None = None
    typeface: Text | None = None


class Settings(Table):
    """A whole configuration file. Paths are absolute or relative to the working directory."""

    organisation: Organisation
    server: Server
    roster: RosterFiles
    store: StoreFile
    retention: Retention
    calendar: CalendarFile
    report: ReportOutput
    annex: Annex
    accounts: Accounts
    directory: Directory | None = None
    delivery: Delivery | None = None
    notify: Notify | None = None
    thresholds: Thresholds = Field(alias="rules")

    _file: Path = PrivateAttr()

    @field_validator("delivery")
    @classmethod
    def _is_apart(cls, delivery: Delivery | None, info: ValidationInfo) -> Delivery | None:
        server = info.data.get("server")
        return delivery if server is None else refuse_account(delivery, server.account)

    @field_validator("notify")
    @classmethod
    def _can_be_reached(cls, notify: Notify | None, info: ValidationInfo) -> Notify | None:
        return refuse_unreachable(notify, info)

    def model_post_init(self, context: dict[str, Path]) -> None:
        self._file = context["file"]

    @property
    def file(self) -> Path:
        """The file these settings were read from."""
        return self._file

    @property
    def rules(self) -> Rules:
        """Every threshold that decides a published number."""
        return Rules(
            **self.thresholds.values(),
            min_published=self.report.min_published,
            coarse_extremes=self.report.coarse_extremes,
        )

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all settings in force, defaults included, in canonical JSON.

        Neither the secret nor the place of its file is part of it, nor who is notified; and paths
        enter relative to the configuration file, so that a copy of the folder elsewhere has the
        same digest.
        """
        secret = {"password_file"}
        left_out: dict[str, Any] = {"server": secret, "directory": secret, "delivery": secret}
        left_out["notify"] = True
        content = self.model_dump(exclude=left_out)
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=self._canonical)
        return sha256(text.encode()).hexdigest()

    def _canonical(self, value: object) -> object:
        if isinstance(value, Fraction):
            return str(value)
        if isinstance(value, frozenset):
            return sorted(value)
        if isinstance(value, time):
            return value.isoformat()
        if isinstance(value, Path):
            return Path(os.path.relpath(value, self._file.parent)).as_posix()
        raise TypeError(f"{type(value).__name__} has no canonical form")


OPTIONAL_TABLES = ("store", "retention", "calendar", "report", "annex", "accounts", "rules")
TABLES: dict[tuple[str, ...], type[Table]] = {
    (): Settings,
    ("organisation",): Organisation,
    ("server",): Server,
    ("roster",): RosterFiles,
    ("roster", "columns"): RosterColumns,
    ("directory",): Directory,
    ("directory", "attributes"): DirectoryAttributes,
    ("delivery",): Delivery,
    ("notify",): Notify,
    ("store",): StoreFile,
    ("retention",): Retention,
    ("calendar",): CalendarFile,
    ("report",): ReportOutput,
    ("annex",): Annex,
    ("accounts",): Accounts,
    ("rules",): Thresholds,
    ("rules", "grades"): GradeRow,
}
KEYS_OF = {
    path: [field.alias or name for name, field in table.model_fields.items()]
    for path, table in TABLES.items()
}


def load_settings(path: Path) -> Settings:
    """The settings of a configuration file.

    Raises:
        ConfigurationError: The file can't be read, is not TOML, or has unusable keys; all of
            these are reported at once.
    """
    content: dict[str, Any] = {key: {} for key in OPTIONAL_TABLES} | read_toml(path)
    try:
        return Settings.model_validate(content, context={"file": path})
    except ValidationError as error:
        problems = [explain(detail, KEYS_OF) for detail in error.errors(include_input=False)]
    raise SettingsError(path, problems)
