"""The ranking table in the layout of Phụ lục I: groups, sub-totals, the grand total."""

from collections.abc import Iterable
from fractions import Fraction

from mailaudit.locale import Language, rounded_percent
from mailaudit.model.ranking import GroupRanking, NotRanked, Ranking, Standing
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.report.value import (
    Cell,
    Column,
    Difference,
    Kind,
    Ratio,
    Row,
    RowGroup,
    Section,
    Table,
    Tone,
)
from mailaudit.report.words import NOT_RANKED, grade_name, grade_tone, readable, roman, threshold

MOST_DECIMALS = 6


def ranking_section(ranking: Ranking, rules: Rules, language: Language) -> Section:
    """Every unit with its sums, rates, rank, grade and remarks."""
    _ = language.gettext
    table = Table(
        key="ranking",
        caption=_("Units by group and rank"),
        columns=_columns(language),
        groups=tuple(
            _group(number, group, ranking, rules, language)
            for number, group in enumerate(ranking.groups, start=1)
        ),
        total=_sums(_("GRAND TOTAL"), ranking.total, ranking.previous_total),
        notes=_notes(rules, language),
        empty=_("The staff list has no units."),
        target=rules.target,
    )
    return Section("ranking", _("Ranking"), _("Summary and ranking of units"), (table,), wide=True)


def remarks(
    standing: Standing, rules: Rules, language: Language, *, compared: bool
) -> tuple[str, ...]:
    """What a reader must know about a unit's figures, one sentence each.

    Args:
        compared: Whether there is a previous Period to compare with at all.
    """
    _ = language.gettext
    counts, found = standing.usage.counts, []
    if standing.not_ranked is NotRanked.LOW_COVERAGE:
        found.append(
            _("Insufficient data: coverage {coverage}%, rate between {low}% and {high}%").format(
                coverage=language.percent(counts.coverage),
                low=language.percent(counts.lower_bound),
                high=language.percent(counts.upper_bound),
            )
        )
    elif standing.not_ranked is NotRanked.TOO_FEW:
        found.append(_("Fewer than {number} in scope").format(number=rules.min_in_scope))
    elif standing.not_ranked is NotRanked.NOBODY_IN_SCOPE:
        found.append(_(NOT_RANKED[NotRanked.NOBODY_IN_SCOPE]))
    judged = counts.in_scope - counts.unmeasured
    if standing.small and standing.not_ranked is None and judged > 0:
        points = language.percent(Fraction(1, judged))
        found.append(_("One person = {points} percentage points").format(points=points))
    if standing.many_exempt:
        exempt = language.percent(Fraction(counts.exempt, counts.staff))
        found.append(_("{share}% out of scope by job").format(share=exempt))
    low = standing.not_ranked is NotRanked.LOW_COVERAGE
    if compared and standing.change is None and counts.in_scope > 0 and not low:
        found.append(_("No comparison with the previous period"))
    return tuple(found)


def distinct_decimals(shares: Iterable[Fraction]) -> dict[Fraction, int]:
    """How many decimals each share needs so that different shares print differently.

    1/3 and 0.3334 would both print 33.3, so both get two decimals: 33.33 and 33.34.
    """
    found: dict[Fraction, int] = {}
    pending = set(shares)
    for decimals in range(1, MOST_DECIMALS + 1):
        printed: dict[object, list[Fraction]] = {}
        for share in pending:
            printed.setdefault(rounded_percent(share, decimals), []).append(share)
        found |= {share: decimals for same in printed.values() for share in same}
        pending = {share for same in printed.values() if len(same) > 1 for share in same}
    return found


def _columns(language: Language) -> tuple[Column, ...]:
    _ = language.gettext
    whole, share, points = Kind.INTEGER, Kind.PERCENT, Kind.POINTS
    return (
        Column("number", _("No."), Kind.ORDINAL, width=5),
        Column("unit", _("Unit"), Kind.TEXT, width=30, row_header=True),
        Column("staff", _("Total staff"), whole, summed=True),
        Column("out_of_scope", _("Out of scope"), whole, summed=True, width=8),
        Column("in_scope", _("In scope (1)"), whole, summed=True, width=8),
        Column("provided", _("Provided (2)"), whole, summed=True, width=8),
        Column(
            "provided_share", _("Provided % (2/1)"), share, formula=Ratio("provided", "in_scope")
        ),
        Column("unmeasured", _("Not measured (3)"), whole, summed=True),
        Column("read", _("Accessed"), whole, summed=True, width=8),
        Column("sent", _("Sent mail"), whole, summed=True, width=8),
        Column("regular", _("Regular use (4)"), whole, summed=True, width=8),
        Column(
            "regular_share",
            _("Regular use % (4/(1−3))"),
            share,
            formula=Ratio("regular", "in_scope", "unmeasured"),
            width=11,
            bar=True,
        ),
        Column("previous", _("Previous period %"), share),
        Column("change", _("Change (points)"), points, Difference("regular_share", "previous")),
        Column("rank", _("Rank"), Kind.RANK, width=13),
        Column("grade", _("Grade"), Kind.GRADE, width=12),
        Column("remarks", _("Remarks"), Kind.TEXT, width=26),
    )


def _group(
    number: int, group: GroupRanking, ranking: Ranking, rules: Rules, language: Language
) -> RowGroup:
    ranked = (s.share for s in group.standings if s.rank is not None and s.share is not None)
    decimals = distinct_decimals(ranked)
    compared = ranking.previous_total is not None
    rows = []
    for place, standing in enumerate(group.standings, start=1):
        sentences = remarks(standing, rules, language, compared=compared)
        cells = _unit_cells(standing, decimals, rules, language)
        name = Cell(readable(standing.usage.unit.name))
        rows.append(
            Row(
                standing.usage.unit.code,
                (Cell(place), name, *cells, Cell("; ".join(sentences))),
            )
        )
    return RowGroup(
        title=f"{roman(number)}. {readable(group.name)}",
        rows=tuple(rows),
        total=_sums(language.gettext("Group total"), group.total, group.previous_total),
    )


def _unit_cells(
    standing: Standing, decimals: dict[Fraction, int], rules: Rules, language: Language
) -> tuple[Cell, ...]:
    """The cells between the unit's name and the remarks."""
    share = standing.share
    places = 1 if share is None or standing.rank is None else decimals[share]
    return (
        *count_cells(standing.usage.counts, decimals=places),
        Cell(standing.previous_share),
        Cell(standing.change, tone=change_tone(standing.change)),
        Cell(standing.rank, mark=tied_mark(standing, language)),
        grade_cell(standing, rules, language),
    )


def count_cells(counts: Counts, *, decimals: int = 1) -> tuple[Cell, ...]:
    """The sums and rates of a unit, a group or the whole, as the columns `staff` to
    `regular_share` hold them."""
    return (
        Cell(counts.staff),
        Cell(counts.exempt + counts.excluded),
        Cell(counts.in_scope),
        Cell(counts.provided),
        Cell(counts.provided_share),
        Cell(counts.unmeasured),
        Cell(counts.read),
        Cell(counts.sent),
        Cell(counts.regular),
        Cell(counts.regular_share, decimals=decimals),
    )


def grade_cell(standing: Standing, rules: Rules, language: Language) -> Cell:
    """The grade, or in its place why there is none."""
    if standing.grade is not None:
        return Cell(grade_name(standing.grade, language), tone=grade_tone(standing.grade, rules))
    if standing.not_ranked is NotRanked.LOW_COVERAGE:
        return Cell(language.gettext(NOT_RANKED[NotRanked.LOW_COVERAGE]))
    return Cell(language.gettext("Not ranked"))


def tied_mark(standing: Standing, language: Language) -> str:
    """What follows the rank of a unit that shares it."""
    return " " + language.gettext("(tied)") if standing.tied else ""


def share_change(now: Counts, before: Counts | None) -> Fraction | None:
    """The change of R from `before` to `now`; None where either has none."""
    if before is None or before.regular_share is None or now.regular_share is None:
        return None
    return now.regular_share - before.regular_share


def change_tone(change: Fraction | None) -> Tone:
    """Good for a rise, poor for a fall."""
    if not change:
        return Tone.PLAIN
    return Tone.GOOD if change > 0 else Tone.POOR


def _sums(label: str, counts: Counts, previous: Counts | None) -> Row:
    change = share_change(counts, previous)
    cells = (
        Cell(),
        Cell(label),
        *count_cells(counts),
        Cell(previous.regular_share if previous is not None else None),
        Cell(change, tone=change_tone(change)),
        *(Cell(), Cell(), Cell()),
    )
    return Row("", cells)


def _notes(rules: Rules, language: Language) -> tuple[str, ...]:
    _ = language.gettext
    return (
        _("Totals are recomputed from sums, never averaged from rates."),
        _(
            "Units are ranked within their group by the exact rate of regular use; equal rates"
            " share a rank and the next rank is skipped (1-1-3). Where different rates would print"
            " the same, more decimals are printed."
        ),
        _(
            "Not ranked: units with fewer than {number} in scope, or with coverage below"
            " {coverage}. Mailboxes that could not be measured count neither as used nor as unused."
        ).format(number=rules.min_in_scope, coverage=threshold(rules.min_coverage, language)),
    )
