"""Report: everything a rendering shows, exact and in one language; renderers decide nothing."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from mailaudit.model.audience import Audience
from mailaudit.model.period import Period
from mailaudit.report.results import NO_RESULTS, Results, Sums
from mailaudit.report.tables import Formula, Kind, Series, Table, Tone, UsePart, Value


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
    """One step of the way to regular use; `share` is of the people in scope, if there are any."""

    key: str
    label: str
    people: int
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class UseBar:
    """How the people in scope of a group or of the whole use their mailboxes, best first.

    Attributes:
        share: R, `regular` of those `judged`.
    """

    name: str
    share: Fraction | None
    regular: int
    judged: int
    parts: tuple[UsePart, ...]


@dataclass(frozen=True, slots=True)
class UseKey:
    """What a part of a bar means; `key` is that of a UsePart.

    Attributes:
        asked: What the head of a unit is asked to do about it; may be empty.
    """

    key: str
    label: str
    meaning: str
    asked: str = ""


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
class GradeBand:
    """A grade, the share from which it is given, and how many units have it."""

    name: str
    from_share: Fraction
    units: int
    tone: Tone


@dataclass(frozen=True, slots=True)
class UnitReport:
    """One unit's page, for its head.

    Attributes:
        stem: Its file's name without folder and ending, safe on every file system.
        head: The head's name, where it is known and names may be printed.
        sums: Its counts, which sentences are written from.
        actions: What to do, a sentence each, the most pressing first; never empty.
        remarks: What to know about the figures.
        uses: How its people in scope use their mailboxes; empty where nobody had any mail.
        use_key: What the parts of that mean.
        share, previous: Its rate in this Period and the one before; None where there is none.
        series: Its rate in each Period of `Report.axis`.
        group_series: The same of its group, where that may be shown.
        tables: "compare" and "periods"; "staff", and without `uses` "gaps", where the audience has
            the detail.
        states: "gaps" in any case, for the report that the unit hands in; None without the detail.
    """

    code: str
    stem: str
    name: str
    group: str
    head: str
    figures: tuple[Figure, ...]
    sums: Sums
    actions: tuple[str, ...]
    remarks: tuple[str, ...]
    funnel: tuple[Step, ...]
    uses: tuple[UsePart, ...]
    use_key: tuple[UseKey, ...]
    share: Fraction | None
    previous: Fraction | None
    series: Series
    group_series: Series
    tables: tuple[Table, ...]
    states: Table | None


@dataclass(frozen=True, slots=True)
class Report:
    """One Period's report in one language, for one audience.

    A document that measures nothing has none of what begins with `target`.

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
        uses: Why people are not in regular use: the whole, then each group; as `UnitReport.uses`.
        use_key, unit_use_key: What the parts of these bars mean, and of those in the ranking.
        results: The figures that sentences are written from.
        grades: The best first; none where a document measures nothing.
        points: Every unit that has a rate and may be shown, in printing order.
        units: A page for each unit, in printing order.
        digest: SHA-256 (hex) of the snapshot it was made from, as printed.
        definition: What regular means where it is not what a month usually has; else "".
        regular: What regular use means, in a sentence.
        objections: To whom and for how long to object to the figures, a sentence; may be empty.
        official: Which figures of the whole are the official ones, said where they stand; "" where
            there is no choice.
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
    digest: str
    target: Fraction = Fraction(0)
    axis: tuple[str, ...] = ()
    series: Series = ()
    funnel: tuple[Step, ...] = ()
    uses: tuple[UseBar, ...] = ()
    use_key: tuple[UseKey, ...] = ()
    unit_use_key: tuple[UseKey, ...] = ()
    results: Results = NO_RESULTS
    grades: tuple[GradeBand, ...] = ()
    points: tuple[Point, ...] = ()
    units: tuple[UnitReport, ...] = ()
    definition: str = ""
    regular: str = ""
    objections: str = ""
    official: str = ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said beside figures that stand without the page's own layout."""
        return (*self.notices, *((self.official,) if self.official else ()))
