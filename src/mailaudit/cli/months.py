"""Months on the terminal, a line each: edition, cut-off, state of the data, coverage, rate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from rich.text import Text

from mailaudit.cli.console import current_language
from mailaudit.cli.table import Row, Table, change_text, print_lines, terminal_width
from mailaudit.collaborators import Store
from mailaudit.errors import N_
from mailaudit.model.period import Period
from mailaudit.model.ranking import Origin
from mailaudit.model.snapshot import Edition, Snapshot
from mailaudit.model.usage import Counts
from mailaudit.model.wording import readable
from mailaudit.report.printing import shown_value
from mailaudit.report.sections.comparisons import WHY_NOT
from mailaudit.report.sections.counts import rate_value
from mailaudit.report.sections.inside import months_text
from mailaudit.report.tables import Kind
from mailaudit.report.words import short_period

if TYPE_CHECKING:
    from mailaudit.settings import Settings

_HEADINGS = (
    N_("Edition"),
    N_("Cut-off"),
    N_("State of the data"),
    N_("Coverage %"),
    N_("Rate %"),
)
_COMPARED = (N_("Change"), N_("Rank"))
_STATE = 3  # the column that is wrapped where room is short


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month of the whole or of a unit.

    Attributes:
        counts: None where there are none, or none that may be shown.
        rank: As printed; None where ranks are not asked for.
        remarks: What to know about it: why there is no rate or change.
        made_of: Of a longer period, which has no edition, of how many of its months it is.
    """

    edition: Edition
    counts: Counts | None = None
    change: Fraction | None = None
    rank: str | None = None
    remarks: tuple[str, ...] = ()
    made_of: str = ""


def newest_editions(store: Store, settings: "Settings") -> dict[Period, Edition]:
    """Of each stored month, the oldest first, the newest complete edition, else the newest."""
    found: dict[Period, Edition] = {}
    for edition in store.editions(settings.organisation.timezone):
        before = found.get(edition.period)
        if edition.is_complete or before is None or not before.is_complete:
            found[edition.period] = edition
    return found


def longer_line(snapshot: Snapshot, counts: Counts | None) -> MonthLine:
    """The line of a longer period."""
    made = Edition(snapshot.period, snapshot.edition, snapshot.cut_off_at, snapshot.sealed_at, 0, 0)
    return MonthLine(made, counts, made_of=months_text(snapshot, current_language()))


def print_months(months: Sequence[MonthLine], *, compared: bool) -> None:
    """Prints the months as a table; see `month_lines`."""
    print_lines(month_lines(months, terminal_width(), compared=compared))


def month_lines(
    months: Sequence[MonthLine], width: int | None, *, compared: bool
) -> Iterator[Text]:
    """The months as a table.

    Args:
        width: In terminal columns; None for lines of any length.
        compared: With the change from one month to the next, and ranks where they are known.
    """
    gettext = current_language().gettext
    has_ranks = any(month.rank is not None for month in months)
    longer = any(month.made_of for month in months)
    first = N_("Period") if longer else N_("Month")
    headings = (first, *_HEADINGS, *(_COMPARED[: 2 if has_ranks else 1] if compared else ()))
    rows = [_row(month)[: len(headings)] for month in months]
    table = Table(
        tuple(map(gettext, headings)), rows, width, name=_STATE, left=(0, 2), narrow=(0, 1)
    )
    yield from table.lines(table.headings, "bold")
    for month, row in zip(months, rows, strict=True):
        yield from table.lines(row, "" if month.edition.is_complete else "dim")
        for remark in month.remarks:
            yield from table.below(remark, 1, width)


def _row(month: MonthLine) -> Row:
    language, edition = current_language(), month.edition
    coverage = None if month.counts is None else month.counts.coverage
    return (
        short_period(edition.period, language),
        month.made_of or str(edition.number),
        language.instant(edition.cut_off_at.astimezone(edition.period.tz)),
        language.gettext(_state(edition)),
        language.percent(coverage),
        rate_text(month.counts),
        change_text(month.change),
        month.rank or "–",
    )


def _state(edition: Edition) -> str:
    if not edition.is_complete:
        return N_("not finished")
    return N_("sealed") if edition.sealed_at else N_("provisional")


def rate_text(counts: Counts | None) -> str:
    """R as printed; a dash where there is none."""
    if counts is None:
        return "–"
    return shown_value(rate_value(counts), Kind.PERCENT, 1, spoken=current_language())


def why_not_text(origin: Origin) -> str:
    """Why a unit can't be compared with what it was in an earlier month, in words."""
    text = "" if origin.why_not is None else current_language().gettext(WHY_NOT[origin.why_not])
    return text.format(units=_names(origin.units))


def origin_text(origin: Origin) -> str:
    """What a unit was in an earlier month, where it was not simply itself."""
    text = N_("then: {units}") if len(origin.units) == 1 else N_("then: {units} together")
    return current_language().gettext(text).format(units=_names(origin.units))


def _names(units: Sequence[str]) -> str:
    return ", ".join(map(readable, units))
