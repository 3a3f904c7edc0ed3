"""The table [accounts]: when a mailbox counts as dormant."""

import re
from typing import Annotated
from unicodedata import normalize

from pydantic import BeforeValidator, Field

from mailaudit.errors import N_
from mailaudit.model.accounts import Dormancy
from mailaudit.settings.problems import MESSAGES
from mailaudit.settings.table import Table
from mailaudit.settings.values import refusal

LEAST_DAYS, MOST_DAYS = 30, 366
LEAST_MONTHS, MOST_MONTHS = 1, 12
_LENGTH = re.compile(r"\s*(\d{1,9})\s*(days?|ngày|months?|tháng)\s*", re.IGNORECASE)
_MONTHS = ("m", "t")  # what the words for months begin with


def _dormancy(value: object) -> Dormancy:
    """A length of time as regulations write it: "45 days", "3 months", "45 ngày", "6 tháng"."""
    if isinstance(value, Dormancy):
        return value
    if not isinstance(value, str):
        raise refusal(MESSAGES["string_type"])
    match = _LENGTH.fullmatch(normalize("NFC", value))
    if match is None:
        raise refusal(
            N_("must be a number of days or months such as {examples}"),
            examples='"45 days", "3 months", "6 tháng"',
        )
    found = Dormancy(int(match[1]), in_months=match[2].lower().startswith(_MONTHS))
    least, most = (LEAST_MONTHS, MOST_MONTHS) if found.in_months else (LEAST_DAYS, MOST_DAYS)
    if not least <= found.count <= most:
        raise refusal(
            N_("must be from {least_days} to {most_days} days, or from {least} to {most} months"),
            least_days=str(LEAST_DAYS),
            most_days=str(MOST_DAYS),
            least=str(LEAST_MONTHS),
            most=str(MOST_MONTHS),
        )
    return found


class Accounts(Table):
    """What `mailaudit accounts` proposes.

    Attributes:
        dormant_after: How long without a sign of use before a lock is proposed.
    """

    dormant_after: Annotated[Dormancy, BeforeValidator(_dormancy)] = Field(Dormancy(45))
