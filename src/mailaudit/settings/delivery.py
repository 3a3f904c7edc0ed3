"""The [delivery] table: from which mailbox mails come, through which server, and to which board."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from mailaudit.errors import N_
from mailaudit.settings.secret import DELIVERY_VARIABLE, Secret, find_secret
from mailaudit.settings.table import Table
from mailaudit.settings.values import FilePath, HttpsUrl, Text, refusal, require_keys

PORTS = {"starttls": 587, "tls": 465}
NEEDED_BY_KIND = {"smtp": ("host",), "ews": ("url", "username")}
_LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_WORD = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_WORD}(\.{_WORD})*@({_LABEL}\.)+{_LABEL}")
_LONGEST = 254  # RFC 5321


def is_address(text: str) -> bool:
    """Whether mails can be addressed so: one address, and nothing that could be a header."""
    return len(text) <= _LONGEST and _ADDRESS.fullmatch(text.lower()) is not None


def _address(value: str) -> str:
    """A mail address, lower case."""
    if not is_address(value):
        raise refusal(
            N_("must be a mail address such as {example}"), example="baocao@example.gov.vn"
        )
    return value.lower()


Address = Annotated[Text, AfterValidator(_address)]


class Delivery(Table):
    """How reports are sent to their readers.

    Attributes:
        sender: `from` in the file; the address of the mailbox mails come from.
        board: Who gets the files of the whole.
        outside: Whether addresses outside organisation.domains may get mails.
        wording: A file of subjects and bodies, in the language `report.language`.
        host, port, security: Of an SMTP server.
        url, auth: Of Exchange's web service.
        username: Of the account that sends; an SMTP server may want none.
        remind_staff: Whether people may be reminded of their own mailboxes.
        reminder_wording: As `wording`, of those reminders.
    """

    host: Text | None = None
    port: int | None = Field(None, ge=1, le=65535)
    security: Literal["starttls", "tls"] = "starttls"
    url: HttpsUrl | None = None
    auth: Literal["ntlm", "basic"] = "ntlm"
    username: Text | None = None
    kind: Literal["smtp", "ews"]  # after the keys its check needs
    sender: Address = Field(alias="from")
    board: Annotated[tuple[Address, ...], Field(strict=False)] = ()
    outside: bool = False
    mails_per_minute: int = Field(30, ge=1, le=600)
    wording: FilePath | None = None
    remind_staff: bool = False
    reminder_wording: FilePath | None = None
    password_file: FilePath | None = None
    ca_file: FilePath | None = None
    timeout_s: int = Field(60, ge=1, le=600)

    @field_validator("kind")
    @classmethod
    def _has_what_it_needs(cls, kind: str, info: ValidationInfo) -> str:
        return require_keys("delivery", kind, NEEDED_BY_KIND[kind], info)

    @field_validator("password_file")
    @classmethod
    def _is_of_an_account(cls, file: object, info: ValidationInfo) -> object:
        if file is not None and info.data.get("username", "") is None:
            raise refusal(N_("needs delivery.username as well"))
        return file

    def find_secret(self) -> Secret:
        """The password of `username`.

        Raises:
            ConfigurationError: There is no password, or its file is unusable.
        """
        return find_secret(
            self.username or "",
            self.password_file,
            variable=DELIVERY_VARIABLE,
            key="delivery.password_file",
        )


def refuse_account(delivery: Delivery | None, reader: str) -> Delivery | None:
    r"""Refuses to send by the account that reads all mailboxes, in whatever form it is written.

    `VIDU\Tuan` and `tuan@vidu.gov.vn` are one account.
    """
    if delivery is not None and delivery.username and _name(delivery.username) == _name(reader):
        raise refusal(
            N_(
                "username is the account that may read all mailboxes; send by an ordinary one with"
                " a mailbox of its own"
            )
        )
    return delivery


def _name(login: str) -> str:
    return login.rpartition("\\")[2].partition("@")[0].casefold()
