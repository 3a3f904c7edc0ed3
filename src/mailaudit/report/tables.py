"""Tables of a report, exact: columns, rows in groups, cells.

Shares and their differences are Fractions and become percent only where they are printed.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

Series = tuple[Fraction | None, ...]  # a share for each Period of `Report.axis`
Value = str | int | Fraction | None


class Kind(StrEnum):
    """How a column's or figure's values are printed."""

    TEXT = "text"
    CODE = "code"  # an address, a digest or a server's code: copied rather than read
    ORDINAL = "ordinal"  # the number of a line
    INTEGER = "integer"
    PERCENT = "percent"
    POINTS = "points"  # a difference of two shares, with its sign
    RANK = "rank"
    GRADE = "grade"


class Tone(StrEnum):
    """What a value means to its reader; never the only sign of it."""

    PLAIN = "plain"
    GOOD = "good"
    FAIR = "fair"
    WEAK = "weak"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table.

    Attributes:
        value: Exact. None prints "–", "" prints nothing, other text prints as it is in a column
            of any kind.
        decimals: Places after the decimal mark of a share or a difference.
        mark: Printed right after the value, " (đồng hạng)" or "*".
    """

    value: Value = ""
    decimals: int = 1
    mark: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Ratio:
    """The value is `(part + plus - minus) / (whole - less)`, each the key of a column or empty."""

    part: str
    whole: str
    less: str = ""
    plus: str = ""
    minus: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """The column is `of - minus`, each the key of a column, where both have a value."""

    of: str
    minus: str


Formula = Ratio | Difference


@dataclass(frozen=True, slots=True)
class UsePart:
    """How many people use their mailbox in one way; `key` is a `Use`."""

    key: str
    label: str
    people: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        key: Unique in its table.
        formula: What the values are made of, for renderings that can show it live.
        summed: Whether totals of this column are the sums of its rows.
        width: Characters a line should hold.
        bar: Whether a bar may be drawn for the value's size.
        row_header: Whether the column names its row.
        definition: What the column counts, in a sentence, or "".
    """

    key: str
    label: str
    kind: Kind
    formula: Formula | None = None
    summed: bool = False
    width: int = 9
    bar: bool = False
    row_header: bool = False
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table.

    Attributes:
        key: What it is about (a unit code); "" for sums.
        cells: One for each column.
        series: The unit's rate in each Period of `Report.axis`, for a sparkline.
        uses: How the people in scope use their mailboxes, best first, for a bar.
        moved: Places gained since the previous Period, negative when lost; None where unknown.
        withheld: The figures are not for this audience.
    """

    key: str
    cells: tuple[Cell, ...]
    series: Series = ()
    uses: tuple[UsePart, ...] = ()
    moved: int | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows under one heading, and their sub-total. A table without groups has one without title."""

    rows: tuple[Row, ...]
    title: str = ""
    total: Row | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        total: The last line; recomputed from sums, never a mean of rates.
        notes: Printed below, one a line.
        empty: Printed instead of the table when it has no rows.
        target: The share a drawn bar is compared with.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    groups: tuple[RowGroup, ...]
    total: Row | None = None
    notes: tuple[str, ...] = ()
    empty: str = ""
    target: Fraction | None = None

    @property
    def rows(self) -> tuple[Row, ...]:
        """Those of all groups, without sums."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def has_rows(self) -> bool:
        return any(group.rows for group in self.groups)
