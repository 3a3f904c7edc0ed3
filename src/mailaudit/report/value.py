"""Report: everything a rendering shows, exact and in one language; renderers decide nothing.

Shares are Fractions 0..1 and become percent only where they are printed; so do differences of
shares, which become percentage points.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from mailaudit.model.audience import Audience
from mailaudit.model.period import Period
from mailaudit.report.results import Results

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
        moved: Places gained since the previous Period, negative when lost; None where unknown.
        withheld: The figures are not for this audience.
    """

    key: str
    cells: tuple[Cell, ...]
    series: Series = ()
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
    def has_rows(self) -> bool:
        return any(group.rows for group in self.groups)


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline figure.

    Attributes:
        values: One value, or the two ends of a range.
        formulas: What each value is made of, over the columns of the grand total of the ranking.
    """

    key: str
    label: str
    kind: Kind
    values: tuple[Value, ...]
    explanation: str
    tone: Tone = Tone.PLAIN
    formulas: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to know about the report itself, already in words."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: a sheet of a workbook, a chapter of a page.

    Attributes:
        key: "summary", "ranking", "attention", "trend", "exclusions", "unmeasured" or "method".
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
class Step:
    """One step of the way from the staff list to regular use.

    Attributes:
        share: Of the people in scope; None where nobody is.
    """

    key: str
    label: str
    people: int
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class Point:
    """Where one unit stands against the target; `ranked` ones only have a tone."""

    code: str
    name: str
    group: str
    share: Fraction
    ranked: bool
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class UnitReport:
    """One unit's page, for its head.

    Attributes:
        stem: Its file's name without folder and ending, safe on every file system.
        head: The head's name, where it is known and names may be printed.
        actions: What to do, a sentence each, the most pressing first; never empty.
        remarks: What to know about the figures.
        series: Its rate in each Period of `Report.axis`.
        group_series: The same of its group, where that may be shown.
        tables: "compare" and "periods"; "gaps" and "staff" where the audience has the detail.
    """

    code: str
    stem: str
    name: str
    group: str
    head: str
    figures: tuple[Figure, ...]
    actions: tuple[str, ...]
    remarks: tuple[str, ...]
    funnel: tuple[Step, ...]
    series: Series
    group_series: Series
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One Period's report in one language, for one audience.

    Attributes:
        language: A code of `mailaudit.locale.LANGUAGES`.
        audience: Whom it is for; what others may not see is not in it.
        stem: The name of its files, without ending.
        audience_note: The same in a sentence, printed on the face of every file.
        mark: Printed large on every file ("SỐ LIỆU MINH HỌA"), or "".
        subtitle: Period, cut-off and standing of the data in one line.
        cut_off_at: The instant the data stands for; the age of the document too.
        notices: What the reader must know before any figure ("số liệu tạm thời").
        target: The share of regular users aimed at.
        axis: The months of every Series, oldest first, months without data included.
        series: The whole's rate in each of them.
        funnel: From those in scope to regular use; empty where the sums are withheld.
        results: The figures that sentences are written from.
        points: Every unit that has a rate and may be shown, in printing order.
        units: A page for each unit, in printing order.
        digest: SHA-256 (hex) of the snapshot it was made from, as printed.
    """

    language: str
    audience: Audience
    stem: str
    audience_note: str
    mark: str
    organisation: str
    title: str
    subtitle: str
    period: Period
    cut_off_at: datetime
    notices: tuple[str, ...]
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    target: Fraction
    axis: tuple[str, ...]
    series: Series
    funnel: tuple[Step, ...]
    results: Results
    points: tuple[Point, ...]
    units: tuple[UnitReport, ...]
    digest: str
