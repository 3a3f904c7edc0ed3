"""The kinds of values a configuration file holds, each read strictly."""

import re
from collections.abc import Iterable
from datetime import time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from unicodedata import category, normalize
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from mailaudit.errors import N_
from mailaudit.model.wording import folded
from mailaudit.settings.problems import MESSAGES, OWN

Entry = TypeVar("Entry")


def refusal(message: str, **values: str) -> PydanticCustomError:
    """A validator's "no", as a message id with its fields' values."""
    # The message travels in the context as well: pydantic fills the fields of the template itself,
    # and a translation needs the message id unfilled.
    return PydanticCustomError(OWN, message, {"message": message, **values} if values else None)


def _without_control_characters(value: object) -> object:
    r"""A text as it was meant: within double quotation marks `VIDU\tuan` has a tab in it."""
    if isinstance(value, str) and any(category(one) == "Cc" for one in value.strip("\r\n")):
        raise refusal(
            N_(
                "holds a control character; write a text with a backslash in single quotation"
                " marks: {example}"
            ),
            example="'VIDU\\tuan'",
        )
    return value


def _beside_configuration(value: object, info: ValidationInfo) -> Path:
    """A path; a relative one is relative to the folder of the configuration file."""
    if not isinstance(value, str):
        raise refusal(MESSAGES["string_type"])
    _without_control_characters(value)
    if not value.strip():
        raise refusal(MESSAGES["string_too_short"])
    file: Path = info.context["file"] if info.context else Path()
    try:
        return file.parent / Path(value).expanduser()
    except RuntimeError:
        raise refusal(N_("begins with ~ and a name that no account here has")) from None


def _from_percent(value: object) -> Fraction:
    """A percentage, whole or with decimals, as an exact share 0..1: 87.5 -> 7/8."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise refusal(N_("must be a number such as 80 or 87.5 (percent)"))
    if value != value or not 0 <= value <= 100:
        raise refusal(N_("must be from 0 to 100 (percent)"))
    return Fraction(value) / 100


def _from_part(value: object) -> Fraction:
    """A percentage, or a part of months such as "2/3", which no decimals give exactly."""
    if not isinstance(value, str):
        return _from_percent(value)
    match = re.fullmatch(r"([1-9]\d?)/([1-9]\d?)", value.strip())
    if match is None or int(match[1]) > int(match[2]):
        raise refusal(N_('must be a number such as 75 (percent), or a part such as "2/3"'))
    return Fraction(int(match[1]), int(match[2]))


def _https_url(value: str) -> str:
    """An address of the EWS service: https, with a host, without a login in it."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if host is None or parts.scheme != "https":
        raise refusal(N_("must be an https:// address such as {example}"), example=EXAMPLE_URL)
    if parts.username is not None or parts.password is not None:
        raise refusal(N_("must not hold a login; that has the keys username and password_file"))
    return value


def _host_name(value: str) -> str:
    """A name or address of a computer, alone."""
    if set(value) & set("/@[] \t") or (":" in value and value.count(":") == 1):
        raise refusal(
            N_("must be the name of a server alone, such as {example}"),
            example="imap.lamdong.gov.vn",
        )
    return value


def _known_timezone(value: str) -> str:
    """A name of the IANA time zone database."""
    try:
        ZoneInfo(value)
    except (LookupError, ValueError, OSError):
        raise refusal(
            N_("is not a time zone; write it as {example}"), example="Asia/Ho_Chi_Minh"
        ) from None
    return value


def _mail_domain(value: str) -> str:
    """A mail domain in the form addresses are compared in: NFC, lower case."""
    domain = normalize("NFC", value).strip().lower()
    labels = domain.split(".")
    if len(labels) < 2 or not all(labels) or set(domain) & set("@/: \t"):
        raise refusal(N_("must be a mail domain such as {example}"), example="lamdong.gov.vn")
    return domain


def _not_empty(value: tuple[Entry, ...]) -> tuple[Entry, ...]:
    # pydantic's own min_length would also count entries that have a problem themselves as absent.
    if not value:
        raise refusal(N_("must have at least one entry"))
    return value


def _not_empty_table(value: dict[str, Entry]) -> dict[str, Entry]:
    if not value:
        raise refusal(N_("must have at least one entry"))
    return value


def _as_list(value: object) -> object:
    """What may stand alone, as a list of one."""
    return value if isinstance(value, list) else [value]


def _as_window(value: object) -> tuple[time, time]:
    """Two times of day, "22:00-06:00"; over midnight where the second is the earlier one."""
    text = value if isinstance(value, str) else ""
    try:
        opens, closes = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        opens = closes = time()
    zoned = _ZONED_WINDOW.fullmatch(text)
    if opens.tzinfo or closes.tzinfo or (zoned and any(zoned.groups())):
        raise refusal(
            N_("is in the zone of organisation.timezone; write it without one, such as {example}"),
            example=EXAMPLE_WINDOW,
        )
    if opens == closes:
        raise refusal(N_("must be two times of day such as {example}"), example=EXAMPLE_WINDOW)
    return opens, closes


EXAMPLE_WINDOW = "22:00-06:00"
_ZONE = r"\s*(Z|[A-Z]{3,4}|[A-Za-z]+/\w+)?\s*([+-]\d\d?(?::?\d\d)?)?\s*"
_ZONED_WINDOW = re.compile(rf"\s*\d\d?:\d\d{_ZONE}-\s*\d\d?:\d\d{_ZONE}")
EXAMPLE_URL = "https://mail.example.gov.vn/EWS/Exchange.asmx"

Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    BeforeValidator(_without_control_characters),
]
FilePath = Annotated[Path, BeforeValidator(_beside_configuration)]
FilePaths = Annotated[
    tuple[FilePath, ...],
    Field(strict=False),
    AfterValidator(_not_empty),
    BeforeValidator(_as_list),
]
# A table with names of the user's own: the folder of each server's logs.
LogFolders = Annotated[
    dict[Annotated[str, StringConstraints(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")], FilePath],
    AfterValidator(_not_empty_table),
]
# May be empty: nothing is printed then.
PrintedText = Annotated[
    str,
    BeforeValidator(_without_control_characters),
    StringConstraints(strip_whitespace=True, max_length=300),
]
Percent = Annotated[Fraction, BeforeValidator(_from_percent)]
Part = Annotated[Fraction, BeforeValidator(_from_part)]
HostName = Annotated[Text, AfterValidator(_host_name)]
HttpsUrl = Annotated[Text, AfterValidator(_https_url)]
Window = Annotated[tuple[time, time], BeforeValidator(_as_window)]
TimeZone = Annotated[Text, AfterValidator(_known_timezone)]
# `strict=False` is for the list alone, which TOML has instead of a tuple; its texts stay strict.
Domain = Annotated[Text, AfterValidator(_mail_domain)]
Domains = Annotated[tuple[Domain, ...], Field(strict=False), AfterValidator(_not_empty)]
Lines = Annotated[tuple[Text, ...], Field(strict=False)]
Formats = Annotated[
    tuple[Literal["xlsx", "html", "docx", "pdf", "brief"], ...],
    Field(strict=False),
    AfterValidator(_not_empty),
]
Words = Annotated[frozenset[Annotated[Text, AfterValidator(folded)]], Field(strict=False)]


def require_keys(table: str, value: str, needed: Iterable[str], info: ValidationInfo) -> str:
    """The value of a key, where the keys that it needs stand before it in the table.

    Raises:
        PydanticCustomError: Some are missing; names them.
    """
    # A key missing from `data` had a problem of its own, which is reported by itself.
    missing = [name for name in needed if info.data.get(name, "") is None]
    if missing:
        raise refusal(
            N_("{value} needs {keys} as well"),
            value=value,
            keys=", ".join(f"{table}.{name}" for name in missing),
        )
    return value
