"""The ranking as a table on the terminal: every unit, or of each group the best and worst three."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rich.text import Text

from mailaudit.cli.console import current_language
from mailaudit.cli.table import Row, Table, change_text, print_lines, terminal_width
from mailaudit.errors import N_
from mailaudit.model.ranking import NotRanked, Standing
from mailaudit.model.usage import Counts
from mailaudit.model.wording import readable
from mailaudit.publication.values import Publication
from mailaudit.report.results import share_change
from mailaudit.report.sections.small_units import few_label
from mailaudit.report.words import grade_name

ENDS = 3  # units shown from the top and from the bottom of a group
# Shorter than in the reports, which have room to explain.
_NOT_RANKED = {
    NotRanked.NOBODY_IN_SCOPE: N_("nobody"),
    NotRanked.TOO_FEW: N_("too few staff"),
    NotRanked.FEW_PEOPLE: N_("too few staff"),
    NotRanked.WITHHELD: N_("withheld"),
    NotRanked.SEVERAL_KINDS: N_("several kinds"),
    NotRanked.LOW_COVERAGE: N_("too little data"),
    NotRanked.NO_MAIL: N_("too little data"),
    NotRanked.FEW_MONTHS: N_("too few months"),
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


@dataclass(frozen=True, slots=True)
class _Block:
    """A group: its name, its lines in order, and its sums. A text stands for units left out."""

    name: str
    lines: tuple[Row | str, ...]
    sums: tuple[Row, ...]

    def rows(self) -> list[Row]:
        return [*(line for line in self.lines if not isinstance(line, str)), *self.sums]


def print_ranking(publication: Publication, *, every: bool) -> None:
    """Prints the groups' units in order, their totals, and the whole; never wider than asked.

    It is for the IT department: units of few people are printed too.

    A pipe gets every row in one line, whatever its length.

    Args:
        every: Print all units, instead of the best and worst ENDS of each group.
    """
    print_lines(ranking_lines(publication, terminal_width(), every=every))


def leaves_out(publication: Publication) -> bool:
    """Whether there are units that are printed only where every one is asked for."""
    groups = [*(group.standings for group in publication.groups), publication.few_standings]
    return any(_is_long(_listed(standings)) for standings in groups)


def ranking_lines(
    publication: Publication, width: int | None, *, every: bool = True
) -> Iterator[Text]:
    """The table, a line of text at a time, no line wider than `width` terminal columns."""
    gettext = current_language().gettext
    blocks = _blocks(publication, every)
    total, everyone = publication.total or Counts(), publication.everyone
    wholes = [_sum_row(gettext("TOTAL"), total, publication.previous_total)]
    if everyone is not None and everyone != total:
        wholes.append(_sum_row(gettext("ALL UNITS"), everyone, None))
    table = Table(
        tuple(gettext(heading) for heading in _HEADINGS),
        [row for block in blocks for row in block.rows()] + wholes,
        width,
        name=_UNIT,
        left=(_GRADE,),
        narrow=(_RANK,),
    )
    yield from table.lines(table.headings, "bold")
    for block in blocks:
        yield Text()
        yield Text(block.name, style="bold cyan")
        for line in block.lines:
            if isinstance(line, str):
                yield from table.below(line, _UNIT, width)
            else:
                yield from table.lines(line, "" if line[_RANK] != _UNRANKED else "dim")
        for row in block.sums:
            yield from table.lines(row, "italic")
    yield Text()
    for row in wholes:
        yield from table.lines(row, "bold")
    standings = list(publication.standings())
    if empty := len(standings) - len(_listed(standings)):
        text = gettext("{count} units with nobody on the staff list are left out.")
        remark = text.format(count=current_language().number(empty))
        yield from table.below(remark, _RANK, width)


def _listed(standings: Iterable[Standing]) -> list[Standing]:
    """The units that have anybody: a trial of one unit leaves all others of the list empty."""
    return [standing for standing in standings if standing.usage.counts.staff]


def _blocks(publication: Publication, every: bool) -> list[_Block]:
    gettext = current_language().gettext
    found = [
        _Block(
            readable(group.name),
            _unit_lines(listed, every),
            (_sum_row(gettext("Group total"), group.total, group.previous_total),),
        )
        for group in publication.groups
        if (listed := _listed(group.standings))
    ]
    if publication.few:
        total, label = publication.few_total, few_label(publication, current_language())
        sums = () if total is None else (_sum_row(gettext("Total"), total, None),)
        found.append(_Block(label, _unit_lines(publication.few_standings, every), sums))
    return found


def _unit_lines(standings: Sequence[Standing], every: bool) -> tuple[Row | str, ...]:
    """The units in order; of many the first and last ENDS ranked, and how many there are more."""
    ranked = [standing for standing in standings if standing.rank is not None]
    if every or not _is_long(standings):
        return tuple(map(_unit_row, standings))
    gettext, number = current_language().gettext, current_language().number
    lines: list[Row | str] = [_unit_row(standing) for standing in ranked]
    between = len(ranked) - 2 * ENDS
    if between > 1:
        text = gettext("… {count} units between them").format(count=number(between))
        lines[ENDS:-ENDS] = [text]
    if unranked := len(standings) - len(ranked):
        lines.append(gettext("… {count} units without a rank").format(count=number(unranked)))
    return tuple(lines)


def _is_long(standings: Sequence[Standing]) -> bool:
    """More than the ends and one: a line to say that one is left out would be no shorter."""
    return len(standings) > 2 * ENDS + 1


def _unit_row(standing: Standing) -> Row:
    counts = standing.usage.counts
    unit = readable(standing.usage.unit.name)
    return (rank_text(standing), unit, *_figures(counts, standing.change), _grade(standing))


def rank_text(standing: Standing) -> str:
    """The rank, the same number where units are tied; a dash where there is none."""
    return _UNRANKED if standing.rank is None else str(standing.rank)


def not_ranked_text(reason: NotRanked) -> str:
    """Why a unit has no rank, in two or three words."""
    return current_language().gettext(_NOT_RANKED[reason])


def _sum_row(label: str, total: Counts, previous: Counts | None) -> Row:
    change = share_change(total, previous)
    return ("", label, *_figures(total, change), "")


def _grade(standing: Standing) -> str:
    if standing.not_ranked is not None:
        return not_ranked_text(standing.not_ranked)
    return grade_name(standing.grade or "", current_language())


def _figures(counts: Counts, change: Fraction | None) -> tuple[str, ...]:
    language = current_language()
    return (
        language.number(counts.in_scope),
        language.number(counts.regular) if counts.tells_deeds else _UNRANKED,
        language.percent(counts.regular_share),
        "" if change is None else change_text(change),
        language.number(counts.unmeasured) if counts.unmeasured else "",
    )
