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
        columns: The heading, or the letter, of a column by its key ("mailbox"); several where
            lists differ. Each applies to the lists that have it.
        encoding: What text that is not Unicode is written in: "cp1258", "tcvn3", "vni"; of CSV
            files also "utf-8" or "utf-16".
        date_order: What dates in text mean where the list itself gives reason to doubt.
        unit_from: Where the unit of a person stands.
        domains: The organisation's mail domains: of several addresses in a cell, the one in these
            is the official one.
    """

    sheets: tuple[str, ...] = ()
    header_row: int | None = None
    columns: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    encoding: str | None = None
    date_order: DateOrder | None = None
    unit_from: UnitFrom | None = None
    domains: frozenset[str] = frozenset()

    def headings(self) -> dict[str, tuple[str, ...]]:
        """What columns are called by headings, by their keys."""
        return self._named(of_letters=False)

    def letters(self) -> dict[str, tuple[str, ...]]:
        """The letters that stand for columns, by their keys."""
        return self._named(of_letters=True)

    def _named(self, *, of_letters: bool) -> dict[str, tuple[str, ...]]:
        pairs = (
            (key, (names,) if isinstance(names, str) else names)
            for key, names in self.columns.items()
        )
        found = {key: tuple(n for n in names if is_letter(n) is of_letters) for key, names in pairs}
        return {key: names for key, names in found.items() if names}


def is_letter(heading: str) -> bool:
    """Whether a person has named a column by its letter, as in "F"."""
    return len(heading) <= 2 and heading.isascii() and heading.isalpha() and heading.isupper()
