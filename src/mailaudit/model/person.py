"""A person as the store knows them: by addresses and staff code, never by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mailaudit.model.knowledge import EXCHANGE, Knowledge
from mailaudit.model.outcome import DayActivity
from mailaudit.model.period import Period


@dataclass(frozen=True, slots=True)
class Person:
    """One person in all months.

    Attributes:
        addresses: Every address that stands for them in some month, lower case, in order.
        code: The staff code; "" where no staff list has one of them.
    """

    addresses: tuple[str, ...]
    code: str = ""


class RecordKind(StrEnum):
    """What a record of a person is; its value is the table it stands in."""

    STAFF = "staff"
    OUTCOME = "outcome"
    HEAD = "unit"
    CORRECTION = "correction"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """One row of the store about a person.

    Attributes:
        edition: Of the month it belongs to.
        cut_off_at: Of that edition; None where it is not stored.
        values: By column, in the order of the table, as stored; without empty ones.
        days: What the mailbox did by day, where that is what it is about.
        knows: What the source of the days could say.
        seen_days: What the edition's own collection saw of that, where it is something else.
    """

    kind: RecordKind
    period: Period
    edition: int
    cut_off_at: datetime | None
    values: Mapping[str, str]
    days: tuple[DayActivity, ...] = ()
    seen_days: tuple[DayActivity, ...] = ()
    knows: frozenset[Knowledge] = EXCHANGE
