"""What the wording of the annex can name: the Report's figures, written as they are printed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction

from mailaudit.locale import Language, language
from mailaudit.report.annex.content import Letterhead
from mailaudit.report.results import GroupResult, NamedShare, Sums
from mailaudit.report.value import Cell, Report
from mailaudit.report.words import month_number, readable, threshold

# Tables that a document may show. Lists of single mailboxes or people are not among them: the
# document is passed on.
TABLES = frozenset(
    {"funnel", "grades", "groups", "periods", "falls", "rises", "short", "remarked", "ranking"}
    | {"trend", "causes", "exclusions", "exclusions_by_unit", "unnamed"}
    | {"definitions", "thresholds", "limits", "provenance"}
)


class Count(int):
    """A whole number that prints as the language writes it, and compares as a number."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Month:
    """The reporting period."""

    month: str
    year: str
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class Change:
    """A difference from the previous period: `direction` is "up", "down" or "same"."""

    direction: str
    points: str
    previous_rate: str


@dataclass(frozen=True, slots=True)
class Named:
    """A unit or group and its rate."""

    name: str
    rate: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit that moved; `points` is without sign."""

    name: str
    rate: str
    previous_rate: str
    points: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of people, and rates in percent without the sign.

    Attributes:
        staff, out_of_scope: None where they are not for this audience.
    """

    staff: Count | None
    out_of_scope: Count | None
    in_scope: Count
    provided: Count
    without_mailbox: Count
    unmeasured: Count
    judged: Count
    read: Count
    sent: Count
    regular: Count
    provided_rate: str
    rate: str
    lower: str
    upper: str
    coverage: str
    meets_target: bool
    change: Change | None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of units; `total` is None where it is not for this audience."""

    name: str
    units: Count
    ranked: Count
    met: Count
    short: Count
    first: tuple[Named, ...]
    last: tuple[Named, ...]
    total: Figures | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a short list: a grade or a cause, and how many."""

    name: str
    count: Count


@dataclass(frozen=True, slots=True)
class Variables:
    """Everything a template may name.

    Attributes:
        total: None where the whole is not for this audience.
        falls, rises: The units that moved most, the largest move first.
        grades: Units by grade, then those without one by cause.
        causes: Mailboxes not measured, by cause.
        notices: What the reader must know before any figure.
    """

    organisation: str
    issuer: str
    period: Month
    cut_off: str
    target: str
    units: Count
    ranked: Count
    met: Count
    short: Count
    has_mail: bool
    has_previous: bool
    low_coverage: Count
    too_few: Count
    nobody: Count
    no_mail: Count
    withheld: Count
    withheld_counted: bool
    total: Figures | None
    groups: tuple[Group, ...]
    best_group: Named | None
    weakest_group: Named | None
    falls: tuple[Moved, ...]
    rises: tuple[Moved, ...]
    grades: tuple[Line, ...]
    causes: tuple[Line, ...]
    notices: tuple[str, ...]


def known_variables() -> Mapping[str, frozenset[str]]:
    """The name of each variable, with every attribute that it or what it holds can have."""
    kinds = (Month, Change, Named, Moved, Figures, Group, Line)
    attributes = frozenset(field.name for kind in kinds for field in fields(kind))
    return {field.name: attributes for field in fields(Variables)}


def variables(report: Report, letterhead: Letterhead) -> dict[str, object]:
    """The variables of one Report, by name."""
    written = _Written(report).variables(letterhead)
    return {field.name: getattr(written, field.name) for field in fields(written)}


class _Written:
    """Writes a Report's values in its language."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._spoken: Language = language(report.language)

    def variables(self, letterhead: Letterhead) -> Variables:
        report, spoken, found = self._report, self._spoken, self._report.results
        period = report.period
        return Variables(
            organisation=report.organisation,
            issuer=readable(letterhead.issuer) or report.organisation,
            period=Month(
                month_number(period, spoken),
                str(period.year),
                spoken.date(period.first_day),
                spoken.date(period.last_day),
            ),
            cut_off=spoken.instant(report.cut_off_at.astimezone(period.tz)),
            target=threshold(report.target, spoken).removesuffix("%"),
            units=self._count(found.units),
            ranked=self._count(found.ranked),
            met=self._count(found.met),
            short=self._count(found.short),
            has_mail=found.has_mail,
            has_previous=found.has_previous,
            low_coverage=self._count(found.low_coverage),
            too_few=self._count(found.too_few),
            nobody=self._count(found.nobody),
            no_mail=self._count(found.no_mail),
            withheld=self._count(found.withheld),
            withheld_counted=found.withheld_counted,
            total=self._figures(found.sums),
            groups=tuple(self._group(group) for group in found.groups),
            best_group=self._named(found.best) if found.best else None,
            weakest_group=self._named(found.weakest) if found.weakest else None,
            falls=tuple(self._moved(row) for row in self._rows("falls")),
            rises=tuple(self._moved(row) for row in self._rows("rises")),
            grades=self._lines("grades", "grade", "units"),
            causes=self._lines("causes", "reason", "mailboxes"),
            notices=report.notices,
        )

    def _count(self, number: int) -> Count:
        count = Count(number)
        count.text = self._spoken.number(number)
        return count

    def _named(self, found: NamedShare) -> Named:
        return Named(found.name, self._spoken.percent(found.share))

    def _group(self, group: GroupResult) -> Group:
        return Group(
            name=group.name,
            units=self._count(group.units),
            ranked=self._count(group.ranked),
            met=self._count(group.met),
            short=self._count(group.short),
            first=tuple(self._named(unit) for unit in group.first),
            last=tuple(self._named(unit) for unit in group.last),
            total=self._figures(group.sums),
        )

    def _figures(self, sums: Sums | None) -> Figures | None:
        if sums is None:
            return None
        percent = self._spoken.percent
        return Figures(
            staff=None if sums.staff is None else self._count(sums.staff),
            out_of_scope=None if sums.out_of_scope is None else self._count(sums.out_of_scope),
            **{
                field.name: self._count(getattr(sums, field.name))
                for field in fields(Figures)
                if field.type is Count
            },
            provided_rate=percent(sums.provided_share),
            rate=percent(sums.regular_share),
            lower=percent(sums.lower_bound),
            upper=percent(sums.upper_bound),
            coverage=percent(sums.coverage),
            meets_target=sums.meets_target,
            change=self._change(sums.change, sums.previous_share),
        )

    def _change(self, change: Fraction | None, before: Fraction | None) -> Change | None:
        if change is None:
            return None
        direction = "up" if change > 0 else "down" if change < 0 else "same"
        percent = self._spoken.percent
        return Change(direction, percent(abs(change)), percent(before))

    def _moved(self, row: Mapping[str, Cell]) -> Moved:
        share, before, change = (
            self._spoken.percent(abs(Fraction(row[key].value or 0)))
            for key in ("share", "previous", "change")
        )
        return Moved(str(row["unit"].value), share, before, change)

    def _lines(self, key: str, name: str, number: str) -> tuple[Line, ...]:
        return tuple(
            Line(str(row[name].value), self._count(int(row[number].value or 0)))
            for row in self._rows(key)
        )

    def _rows(self, key: str) -> Iterator[Mapping[str, Cell]]:
        """The rows of a table by column; none where the report does not have the table."""
        for section in self._report.sections:
            for table in section.tables:
                if table.key == key:
                    names = [column.key for column in table.columns]
                    for group in table.groups:
                        for row in group.rows:
                            yield dict(zip(names, row.cells, strict=True))
