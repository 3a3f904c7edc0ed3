"""What the configuration says about the form of staff lists; nothing said means: find out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class UnitFrom(StrEnum):
    """Where a staff list says which unit a person belongs to."""

    COLUMN = "column"
    SHEET = "sheet"  # one sheet a unit, named after it
    GROUP = "group"  # a row above its people, such as "II. Phòng Tài chính"


class DateOrder(StrEnum):
    """What 05/10/2026 means in a staff list."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


@dataclass(frozen=True, slots=True)
class Layout:
    """The form of the staff lists, as far as a person has said it.

    Attributes:
        sheets: The sheets that count, hidden ones too; empty: every visible one with a list.
        header_row: The first row of the header, counted from 1.
        columns: The heading, or the letter, of a column by its key ("mailbox").
        encoding: What text that is not Unicode is written in: "cp1258", "tcvn3", "vni"; of CSV
            files also "utf-8" or "utf-16".
        date_order: What dates in text mean where the list itself gives reason to doubt.
        unit_from: Where the unit of a person stands.
        domains: The organisation's mail domains: of several addresses in a cell, the one in these
            is the official one.
    """

    sheets: tuple[str, ...] = ()
    header_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    date_order: DateOrder | None = None
    unit_from: UnitFrom | None = None
    domains: frozenset[str] = frozenset()
