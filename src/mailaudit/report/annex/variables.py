"""What the wording of the annex can name: the Report's figures, written as they are printed.

They are those of `Results`, by the same names, and what is known of the report itself.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from types import SimpleNamespace

from mailaudit.locale import NO_VALUE, Language, language
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.wording import readable
from mailaudit.report.annex.content import Letterhead
from mailaudit.report.results import GroupResult, KindResult, NamedRate, Results, Sums
from mailaudit.report.tables import Cell
from mailaudit.report.value import Report
from mailaudit.report.words import longer_name, month_number, threshold

# Tables that a document may show. Lists of single mailboxes or people are not among them: the
# document is passed on.
TABLES = frozenset(
    {"funnel", "grades", "groups", "periods", "falls", "rises", "needs", "short", "remarked"}
    | {"kinds", "ranking", "uses", "trend", "causes", "exclusions", "exclusions_by_unit"}
    | {"unnamed", "definitions", "thresholds", "limits", "provenance"}
)


def _between(low: Fraction | None, high: Fraction | None) -> Fraction | None:
    return None if low is None or high is None else high - low


def _deed(sums: Sums, people: int) -> int | None:
    """How many people did something; None where that is not known."""
    return people if sums.counts.tells_deeds else None


# Of the whole and of each group: numbers of people, None where they are not for this audience, and
# rates in percent without the sign.
PEOPLE: Mapping[str, Callable[[Sums], int | None]] = {
    "staff": lambda sums: sums.counts.staff if sums.shows_listed else None,
    "out_of_scope": lambda sums: sums.counts.out_of_scope if sums.shows_listed else None,
    "in_scope": lambda sums: sums.counts.in_scope,
    "provided": lambda sums: sums.counts.provided,
    "without_mailbox": lambda sums: sums.counts.in_scope - sums.counts.provided,
    "unmeasured": lambda sums: sums.counts.unmeasured,
    "judged": lambda sums: sums.counts.judged,
    "read": lambda sums: _deed(sums, sums.counts.read) if sums.counts.reads else None,
    "sent": lambda sums: _deed(sums, sums.counts.sent),
    "regular": lambda sums: _deed(sums, sums.counts.regular),
}
RATES: Mapping[str, Callable[[Sums], Fraction | None]] = {
    "provided_rate": lambda sums: sums.counts.provided_share,
    "rate": lambda sums: sums.rate,
    "lower": lambda sums: sums.counts.lower_bound if sums.has_mail else None,
    "upper": lambda sums: sums.counts.upper_bound if sums.has_mail else None,
    "lower_by": lambda sums: _between(sums.counts.lower_bound, sums.rate),
    "upper_by": lambda sums: _between(sums.rate, sums.counts.upper_bound),
    "coverage": lambda sums: sums.counts.coverage,
}


class Count(int):
    """A whole number that prints as the language writes it, and compares as a number."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Month:
    """The reporting period, where it is a month: it needs no name."""

    month: str
    year: str
    name: str
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class LongerPeriod:
    """A longer one, which has no month: "quý III năm 2026"."""

    name: str
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class Change:
    """A difference from the previous period: `direction` is "up", "down" or "same"."""

    direction: str
    points: Fraction
    previous_rate: Fraction | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit that moved; `points` is without sign."""

    name: str
    rate: Fraction
    previous_rate: Fraction
    points: Fraction


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a short list: a grade or a cause, and how many."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the report, beside its Results.

    Attributes:
        falls, rises: The units that moved most, the largest move first.
        grades: Units by grade, then those without one by cause.
        causes: Mailboxes not measured, by cause.
        notices: What the reader must know before any figure.
    """

    organisation: str
    issuer: str
    period: Month | LongerPeriod
    cut_off: str
    definition: str
    target: str
    falls: tuple[Moved, ...]
    rises: tuple[Moved, ...]
    grades: tuple[Line, ...]
    causes: tuple[Line, ...]
    notices: tuple[str, ...]


def known_variables() -> Mapping[str, frozenset[str]]:
    """The name of each variable, with every attribute that it or what it holds can have."""
    kinds = (Month, LongerPeriod, Change, NamedRate, Moved, GroupResult, KindResult, Line)
    attributes = {field.name for kind in kinds for field in fields(kind)}
    attributes |= {*PEOPLE, *RATES, "has_rate", "meets_target", "is_mixed", "change"}
    names = [field.name for kind in (About, Results) for field in fields(kind)]
    return dict.fromkeys(names, frozenset(attributes))


def variables(report: Report, letterhead: Letterhead) -> dict[str, object]:
    """The variables of one Report, by name."""
    spoken = language(report.language)
    period = report.period
    about = About(
        organisation=report.organisation,
        issuer=readable(letterhead.issuer) or report.organisation,
        period=named_period(period, spoken),
        cut_off=spoken.written_instant(report.cut_off_at.astimezone(period.tz)),
        definition=report.definition,
        target=threshold(report.target, spoken).removesuffix("%"),
        falls=tuple(map(_moved, _rows(report, "falls"))),
        rises=tuple(map(_moved, _rows(report, "rises"))),
        grades=_lines(report, "grades", "grade", "units"),
        causes=_lines(report, "causes", "reason", "mailboxes"),
        notices=report.remarks,
    )
    return {**printed_fields(about, spoken), **printed_fields(report.results, spoken)}


def named_period(period: Period, spoken: Language) -> Month | LongerPeriod:
    """The period as a document can name it."""
    days = spoken.date(period.first_day), spoken.date(period.last_day)
    if isinstance(period, LongPeriod):
        return LongerPeriod(longer_name(period, spoken), *days)
    return Month(month_number(period, spoken), str(period.year), "", *days)


def _printed(value: object, spoken: Language) -> object:
    """The value as the language writes it; texts and what is yes or no stay as they are."""
    match value:
        case bool():
            return value
        case int():
            count = Count(value)
            count.text = spoken.number(value)
            return count
        case Fraction():
            return spoken.percent(value)
        case tuple():
            return tuple(_printed(one, spoken) for one in value)
        case Sums():
            return SimpleNamespace(
                **{name: _people(name, get(value), spoken) for name, get in PEOPLE.items()},
                **{name: spoken.percent(get(value)) for name, get in RATES.items()},
                has_rate=value.rate is not None,
                meets_target=value.meets_target,
                is_mixed=value.is_mixed,
                change=_printed(_change(value), spoken),
            )
        case _ if is_dataclass(value):
            return SimpleNamespace(**printed_fields(value, spoken))
    return value


def _people(name: str, number: int | None, spoken: Language) -> object:
    """A dash where what people did is not known: wordings print that without asking."""
    if number is None and name in ("read", "sent", "regular"):
        return NO_VALUE
    return _printed(number, spoken)


def printed_fields(value: object, spoken: Language) -> dict[str, object]:
    """The fields of a value by name, as the language writes them."""
    names = [field.name for field in fields(value)] if is_dataclass(value) else []
    return {name: _printed(getattr(value, name), spoken) for name in names}


def _change(sums: Sums) -> Change | None:
    change = sums.change
    if change is None:
        return None
    direction = "up" if change > 0 else "down" if change < 0 else "same"
    before = sums.previous.regular_share if sums.previous is not None else None
    return Change(direction, abs(change), before)


def _moved(row: Mapping[str, Cell]) -> Moved:
    share, before, change = (
        abs(Fraction(row[key].value or 0)) for key in ("share", "previous", "change")
    )
    return Moved(str(row["unit"].value), share, before, change)


def _lines(report: Report, key: str, name: str, number: str) -> tuple[Line, ...]:
    return tuple(
        Line(str(row[name].value), int(row[number].value or 0)) for row in _rows(report, key)
    )


def _rows(report: Report, key: str) -> Iterator[Mapping[str, Cell]]:
    """The rows of a table by column; none where the report does not have the table."""
    for section in report.sections:
        for table in section.tables:
            if table.key == key:
                names = [column.key for column in table.columns]
                yield from (dict(zip(names, row.cells, strict=True)) for row in table.rows)
