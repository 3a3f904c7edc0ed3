"""The [notify] table: who learns what became of a run; and what is kept of it for bad days."""

import json
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from mailaudit.errors import N_
from mailaudit.model.domains import is_inside
from mailaudit.settings.delivery import Address, Delivery
from mailaudit.settings.table import Table
from mailaudit.settings.values import Text, refusal

MOST = 20  # addresses, each of which gets a mail after each run


def _some(value: tuple[str, ...]) -> tuple[str, ...]:
    if not 0 < len(value) <= MOST:
        raise refusal(N_("must have from 1 to {most} addresses"), most=str(MOST))
    return tuple(dict.fromkeys(value))


Addresses = Annotated[tuple[Address, ...], Field(strict=False), AfterValidator(_some)]


def _absolute(path: Path) -> str:
    return str(path.absolute())


class Notify(Table):
    """Who gets a mail after a run with --notify.

    Attributes:
        to: Addresses, each once.
    """

    to: Addresses


class NoticeSettings(Table):
    """What sends a notice, and nothing else: it is kept beside the configuration, for a run whose
    configuration can't be read. No secret is in it; passwords stay where they are.

    Attributes:
        organisation: Its name.
    """

    organisation: Text
    to: Addresses
    delivery: Delivery

    def kept(self) -> bytes:
        """The form in which it is kept: JSON, paths absolute."""
        unused = {"board", "wording", "remind_staff", "reminder_wording"}
        left_out = {"delivery": unused}
        content = self.model_dump(by_alias=True, exclude_none=True, exclude=left_out)
        return json.dumps(content, ensure_ascii=False, indent=1, default=_absolute).encode()

    @classmethod
    def read(cls, content: bytes) -> "NoticeSettings | None":
        """What was kept; None where it is not what `kept` makes."""
        try:
            return cls.model_validate(json.loads(content))
        except (ValueError, RecursionError):  # pydantic's errors are ValueErrors
            return None


def refuse_unreachable(notify: Notify | None, info: ValidationInfo) -> Notify | None:
    """Refuses addresses that no mail may go to, by the other tables of the configuration.

    Raises:
        PydanticCustomError: There is no [delivery], or an address is outside.
    """
    # A table missing from `data` had a problem of its own, which is reported by itself.
    delivery, organisation = (info.data.get(name, "") for name in ("delivery", "organisation"))
    if notify is None or delivery == "" or organisation == "":
        return notify
    if delivery is None:
        raise refusal(N_("needs the table [delivery] as well, by which mails are sent"))
    domains = frozenset(organisation.domains)
    outside = [one for one in notify.to if not is_inside(one.rpartition("@")[2], domains)]
    if outside and not delivery.outside:
        raise refusal(
            N_(
                "to has addresses outside organisation.domains; correct them, or allow them with"
                " delivery.outside = true"
            )
        )
    return notify
