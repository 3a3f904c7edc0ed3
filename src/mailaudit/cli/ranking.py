"""The ranking as a table on the terminal."""

import sys
from collections.abc import Iterable, Iterator
from fractions import Fraction

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from mailaudit.cli.console import current_language
from mailaudit.errors import N_
from mailaudit.model.ranking import NotRanked, Standing
from mailaudit.model.usage import Counts
from mailaudit.model.wording import readable
from mailaudit.publication.values import Publication
from mailaudit.report.results import share_change
from mailaudit.report.sections.small_units import few_label
from mailaudit.report.words import grade_name

_ROOMY = 100  # columns from which there are two spaces between figures
_LEAST_UNIT = 12
_LEAST_FIGURE = 5  # "100,0", and a part of a heading

# Shorter than in the reports, which have room to explain.
_NOT_RANKED = {
    NotRanked.NOBODY_IN_SCOPE: N_("nobody"),
    NotRanked.TOO_FEW: N_("too few staff"),
    NotRanked.FEW_PEOPLE: N_("too few staff"),
    NotRanked.LOW_COVERAGE: N_("too little data"),
    NotRanked.NO_MAIL: N_("too little data"),
}
_HEADINGS = (
    N_("Rank"),
    N_("Unit"),
    N_("In scope"),
    N_("Regular"),
    N_("Rate %"),
    N_("Change"),
    N_("Not measured"),
    N_("Grade"),
)
_UNRANKED = "–"
_RANK, _UNIT, _GRADE = 0, 1, 7  # the columns that are not figures; all but two are aligned right

Row = tuple[str, ...]


def print_ranking(publication: Publication) -> None:
    """Prints every group's units in order, its total, and the whole; never wider than asked.

    It is for the IT department: units of few people are printed too.

    A pipe gets every row in one line, whatever its length.
    """
    watched = sys.stdout.isatty()
    width = Console().width if watched else None
    console = Console(soft_wrap=True, highlight=False)
    for line in ranking_lines(publication, width):
        console.print(line)


def ranking_lines(publication: Publication, width: int | None) -> Iterator[Text]:
    """The table, a line of text at a time, no line wider than `width` terminal columns."""
    gettext = current_language().gettext
    groups = [
        (
            readable(group.name),
            _unit_rows(group.standings),
            [_sum_row(gettext("Group total"), group.total, group.previous_total)],
        )
        for group in publication.groups
    ]
    if publication.few:
        total, label = publication.few_total, few_label(publication, current_language())
        sums = [] if total is None else [_sum_row(gettext("Total"), total, None)]
        groups.append((label, _unit_rows(publication.few_standings), sums))
    total, everyone = publication.total or Counts(), publication.everyone
    wholes = [_sum_row(gettext("TOTAL"), total, publication.previous_total)]
    if everyone is not None and everyone != total:
        wholes.append(_sum_row(gettext("ALL UNITS"), everyone, None))
    table = _Table(
        tuple(gettext(heading) for heading in _HEADINGS),
        [row for _, rows, sums in groups for row in (*rows, *sums)] + wholes,
        width,
    )
    yield from table.lines(table.headings, "bold")
    for name, rows, sums in groups:
        yield Text()
        yield Text(name, style="bold cyan")
        for row in rows:
            yield from table.lines(row, "" if row[0] != _UNRANKED else "dim")
        for row in sums:
            yield from table.lines(row, "italic")
    yield Text()
    for row in wholes:
        yield from table.lines(row, "bold")


class _Table:
    """Rows of one table, laid out: numbers right, texts left, names wrapped between words."""

    def __init__(self, headings: Row, rows: list[Row], width: int | None) -> None:
        self.headings = headings
        is_narrow = width is not None and width < _ROOMY
        self._gap = " " * (1 if is_narrow else 2)
        heading_lines = 3 if is_narrow else 2
        self._widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
        for index, heading in enumerate(headings):
            longest_word = max(map(cell_len, _words(heading)))
            least = 0 if index in (_RANK, _UNIT) else _LEAST_FIGURE
            self._widths[index] = max(self._widths[index], longest_word, least)
            while len(_wrapped(heading, self._widths[index])) > heading_lines:
                self._widths[index] += 1
        if width is not None:
            others = sum(self._widths) - self._widths[_UNIT] + len(self._gap) * (len(headings) - 1)
            room = max(width - others, _LEAST_UNIT)
            self._widths[_UNIT] = min(self._widths[_UNIT], room)

    def lines(self, row: Row, style: str) -> Iterator[Text]:
        """One row in as many lines as its longest cell needs; its numbers stand in the first."""
        cells = [_wrapped(cell, width) for cell, width in zip(row, self._widths, strict=True)]
        for number in range(max(map(len, cells))):
            parts = []
            for index, cell in enumerate(cells):
                text = cell[number] if number < len(cell) else ""
                blank = " " * (self._widths[index] - cell_len(text))
                parts.append(text + blank if index in (_UNIT, _GRADE) else blank + text)
            yield Text(self._gap.join(parts).rstrip(), style=style)


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns, broken between words where that is possible."""
    lines = [""]
    for word in _words(text):
        between = " " if lines[-1] and not lines[-1].endswith("/") else ""
        if cell_len(lines[-1] + between + word) <= width:
            lines[-1] += between + word
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if cell_len(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return lines


def _words(text: str) -> list[str]:
    """What a line may break between; "Tăng/giảm" is two."""
    return text.replace("/", "/ ").split()


def _unit_rows(standings: Iterable[Standing]) -> list[Row]:
    return [_unit_row(standing) for standing in standings]


def _unit_row(standing: Standing) -> Row:
    rank = _UNRANKED
    if standing.rank is not None:
        rank = f"{standing.rank}=" if standing.tied else f"{standing.rank} "
    counts = standing.usage.counts
    unit = readable(standing.usage.unit.name)
    return (rank, unit, *_figures(counts, standing.change), _grade(standing))


def _sum_row(label: str, total: Counts, previous: Counts | None) -> Row:
    change = share_change(total, previous)
    return ("", label, *_figures(total, change), "")


def _grade(standing: Standing) -> str:
    language = current_language()
    if standing.not_ranked is not None:
        return language.gettext(_NOT_RANKED[standing.not_ranked])
    return grade_name(standing.grade or "", language)


def _figures(counts: Counts, change: Fraction | None) -> tuple[str, ...]:
    language = current_language()
    return (
        language.number(counts.in_scope),
        language.number(counts.regular),
        language.percent(counts.regular_share),
        "" if change is None else f"{'+' if change > 0 else ''}{language.percent(change)}",
        language.number(counts.unmeasured) if counts.unmeasured else "",
    )
