"""Report: everything a rendering shows, exact and in one language; renderers decide nothing.

Shares are Fractions 0..1 and become percent only where they are printed; so do differences of
shares, which become percentage points.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from mailaudit.model.period import Period

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
    """The column is `part / (whole - less)`, each the key of a column; `less` may be empty."""

    part: str
    whole: str
    less: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """The column is `of - minus`, each the key of a column, where both have a value."""

    of: str
    minus: str


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
    """

    key: str
    label: str
    kind: Kind
    formula: Ratio | Difference | None = None
    summed: bool = False
    width: int = 9
    bar: bool = False
    row_header: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, a cell for each column; `key` is what it is about (a unit code)."""

    key: str
    cells: tuple[Cell, ...]


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
    def has_rows(self) -> bool:
        return any(group.rows for group in self.groups)


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline figure; `values` is one value, or the two ends of a range."""

    key: str
    label: str
    kind: Kind
    values: tuple[Value, ...]
    explanation: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to know about the report itself, already in words."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: a sheet of a workbook, a chapter of a page.

    Attributes:
        key: "summary", "ranking", "trend", "unmeasured" or "method".
        name: Short, for a tab or a table of contents.
        wide: The section is one table that wants the long side of the paper.
    """

    key: str
    name: str
    title: str
    tables: tuple[Table, ...]
    figures: tuple[Figure, ...] = ()
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One Period's report in one language.

    Attributes:
        language: A code of `mailaudit.locale.LANGUAGES`.
        subtitle: Period, cut-off and standing of the data in one line.
        cut_off_at: The instant the data stands for; the age of the document too.
        notices: What the reader must know before any figure ("số liệu tạm thời").
        digest: SHA-256 (hex) of the snapshot it was made from.
    """

    language: str
    organisation: str
    title: str
    subtitle: str
    period: Period
    cut_off_at: datetime
    notices: tuple[str, ...]
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    digest: str
