"""ListReading: what became of each row of staff lists, and what a person should correct."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mailaudit.errors import RosterError
from mailaudit.model.roster import Problem, Roster, Staff

PROBLEM_HEADING = "Vấn đề"  # the column, and the sheet, that `roster check --out` adds


class RowKind(StrEnum):
    """What a row of a list was taken for. Blank rows are not counted."""

    STAFF = "staff"
    REPEATED = "repeated"  # a person who is counted at another row
    FAULTY = "faulty"
    TITLE = "title"  # above the header
    HEADER = "header"
    NUMBERS = "numbers"  # (1) (2) (3) below the header
    GROUP = "group"  # "I. Lãnh đạo"
    TOTAL = "total"
    NOTE = "note"
    SIGNATURE = "signature"
    UNREAD = "unread"  # of a sheet that was not read


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: its heading, and which key it was understood as ("" for none)."""

    index: int
    heading: str
    key: str


@dataclass(frozen=True, slots=True)
class ListSheet:
    """One sheet of a file, or a CSV file, and what became of its rows.

    Attributes:
        name: The sheet's name, "" for a CSV file.
        place: How places in it begin ("roster.xlsx:Sheet").
        note: How it was read, or why not, as a message id; `note_values` fills it.
        header_rows: The numbers of the rows of its header.
        unit: The unit all its people belong to, where the sheet is named after it.
        rows: Number and cells of every row that is not blank.
        kinds: What each of them was taken for, by its number.
        hidden_rows: The numbers of rows that Excel hides; they are read like any other.
    """

    file: str
    name: str
    place: str
    note: str
    rows: Sequence[tuple[int, Sequence[object]]]
    kinds: Mapping[int, RowKind]
    note_values: tuple[tuple[str, str], ...] = ()
    header_rows: tuple[int, ...] = ()
    columns: tuple[ListColumn, ...] = ()
    unit: str = ""
    hidden_rows: tuple[int, ...] = ()

    @property
    def counts(self) -> Counter[RowKind]:
        """How many rows were taken for what."""
        return Counter(self.kinds.values())


@dataclass(frozen=True, slots=True)
class ListReading:
    """All that was found in staff lists.

    Attributes:
        staff: Everybody whose row could be understood.
        roster: The staff and units; None where faults stand in the way.
        faults: What has to be corrected before the list can be used.
        remarks: What was decided by a rule and should be looked at.
        errors: What made a whole file or sheet unreadable.
    """

    sheets: tuple[ListSheet, ...]
    staff: tuple[Staff, ...]
    roster: Roster | None
    faults: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()
    errors: tuple[RosterError, ...] = ()

    @property
    def counts(self) -> Counter[RowKind]:
        """How many rows of all sheets were taken for what; their sum is the rows that went in."""
        total: Counter[RowKind] = Counter()
        for sheet in self.sheets:
            total += sheet.counts
        return total
