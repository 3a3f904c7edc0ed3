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
from mailaudit.model.routing import Routing
from mailaudit.model.rules import Rules
from mailaudit.settings.accounts import Accounts
from mailaudit.settings.delivery import Delivery, refuse_account
from mailaudit.settings.directory import Directory, DirectoryAttributes
from mailaudit.settings.notify import Notify, refuse_unreachable
from mailaudit.settings.problems import SettingsError, explain
from mailaudit.settings.roster import RosterColumns, RosterFiles
from mailaudit.settings.servers import (
    KINDS,
    ExchangeServer,
    LiveServer,
    Server,
    Servers,
    one_or_several,
)
from mailaudit.settings.table import Table
from mailaudit.settings.thresholds import GradeRow, Thresholds
from mailaudit.settings.toml_file import read_toml
from mailaudit.settings.values import (
    Domain,
    Domains,
    FilePath,
    Formats,
    Lines,
    Text,
    TimeZone,
)
from mailaudit.settings.witnesses import WITNESS_KINDS, Witness, Witnesses, refuse_name_of_server


class Organisation(Table):
    """Whose mail is audited: the name printed, the domains that are inside, the time zone.

    Attributes:
        renamed_domains: New by old domain, where mailboxes moved to another domain.
    """

    name: Text
    domains: Domains
    renamed_domains: dict[Domain, Domain] = Field(default_factory=dict)
    timezone: TimeZone = "Asia/Ho_Chi_Minh"


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
    servers: Servers = ()
    # After those it stands alone of.
    server: ExchangeServer | None = Field(None, validate_default=True)
    witnesses: Witnesses = ()
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

    @field_validator("server", mode="before")
    @classmethod
    def _is_alone(cls, server: object, info: ValidationInfo) -> object:
        return one_or_several(server, info)

    @field_validator("witnesses")
    @classmethod
    def _are_apart(
        cls, witnesses: tuple[Witness, ...], info: ValidationInfo
    ) -> tuple[Witness, ...]:
        return refuse_name_of_server(witnesses, info)

    @field_validator("delivery")
    @classmethod
    def _is_apart(cls, delivery: Delivery | None, info: ValidationInfo) -> Delivery | None:
        servers = info.data.get("servers") or (info.data.get("server"),)
        for server in (*servers, *info.data.get("witnesses", ())):
            if server is not None:
                refuse_account(delivery, server.account)
        return delivery

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
    def mail_servers(self) -> tuple[Server, ...]:
        """Every server that is asked: the one of [server], or those of [[servers]]."""
        return self.servers if self.server is None else (self.server,)

    @property
    def live_servers(self) -> tuple[LiveServer, ...]:
        """Those of them that are logged in to."""
        return tuple(one for one in self.mail_servers if isinstance(one, LiveServer))

    @property
    def routing(self) -> Routing:
        """Which of them a mailbox is asked at."""
        return Routing({one.label: frozenset(one.answers_for) for one in self.mail_servers})

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

        Neither the secret nor the place of its file is part of it, nor who is notified, nor the
        witnesses, which no figure comes from; and paths enter relative to the configuration file,
        so that a copy of the folder elsewhere has the same digest.
        """
        secret = {"password_file"}
        left_out: dict[str, Any] = {"server": secret, "directory": secret, "delivery": secret}
        left_out["notify"] = left_out["witnesses"] = True
        left_out["servers"] = {"__all__": secret}
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
    ("server",): ExchangeServer,
    **{("servers", kind): table for kind, table in KINDS.items()},
    **{("witnesses", kind): table for kind, table in WITNESS_KINDS.items()},
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
