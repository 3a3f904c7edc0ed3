"""The ranking table in the layout of Phụ lục I: groups, sub-totals, the grand total."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from mailaudit.locale import Language, rounded_percent
from mailaudit.model.ranking import GroupRanking, NotRanked, Standing
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.publication.values import Publication
from mailaudit.report.columns import (
    change_cell,
    change_cells,
    change_columns,
    count_cells,
    in_scope_columns,
    provided_share_column,
    regular_columns,
    unit_columns,
    unmeasured_column,
    withheld_cells,
)
from mailaudit.report.sections.comparisons import origin_remark
from mailaudit.report.sections.small_units import few_label, few_notes
from mailaudit.report.value import Cell, Column, Kind, Row, RowGroup, Section, Series, Table
from mailaudit.report.words import NOT_RANKED, grade_name, grade_tone, readable, roman, threshold

MOST_DECIMALS = 6


def ranking_section(
    publication: Publication, series: Mapping[str, Series], rules: Rules, language: Language
) -> Section:
    """Every unit with its sums, rates, rank, grade and remarks.

    Args:
        series: Each unit's rates by month, by code.
    """
    _ = language.gettext
    writer = _RankingWriter(publication, series, rules, language)
    table = Table(
        key="ranking",
        caption=_("Units by group and rank"),
        columns=_columns(language, scope=publication.audience.sees_everything),
        groups=(
            *(writer.group(number, group) for number, group in enumerate(publication.groups, 1)),
            *writer.few(),
        ),
        total=writer.sums(_("GRAND TOTAL"), publication.total, publication.previous_total),
        notes=_notes(publication, rules, language),
        empty=_("The staff list has no units."),
        target=rules.target,
    )
    return Section("ranking", _("Ranking"), _("Summary and ranking of units"), (table,), wide=True)


def remarks(
    standing: Standing, rules: Rules, language: Language, *, scope: bool, compared: bool
) -> tuple[str, ...]:
    """What a reader must know about a unit's figures, one sentence each.

    Args:
        scope: Whether the reader may know how many of its people are out of scope.
        compared: Whether there is a previous Period to compare with at all.
    """
    _ = language.gettext
    counts, found = standing.usage.counts, []
    if standing.not_ranked is NotRanked.LOW_COVERAGE and not counts.is_coarse:
        found.append(
            _("Insufficient data: coverage {coverage}%, rate between {low}% and {high}%").format(
                coverage=language.percent(counts.coverage),
                low=language.percent(counts.lower_bound),
                high=language.percent(counts.upper_bound),
            )
        )
    elif standing.not_ranked is NotRanked.TOO_FEW:
        found.append(_("Fewer than {number} in scope").format(number=rules.min_in_scope))
    elif standing.not_ranked is not None:
        found.append(_(NOT_RANKED[standing.not_ranked]))
    if standing.small and standing.not_ranked is None and counts.judged > 0:
        points = language.percent(Fraction(1, counts.judged))
        found.append(_("One person = {points} percentage points").format(points=points))
    if standing.many_exempt and scope:
        found.append(_many_exempt(counts, language))
    low = standing.not_ranked is NotRanked.LOW_COVERAGE
    if counts.in_scope > 0 and standing.origin is not None:
        found.append(origin_remark(standing.origin, language))
    elif compared and standing.change is None and counts.in_scope > 0 and not low:
        found.append(_("No comparison with the previous period"))
    return tuple(found)


def _many_exempt(counts: Counts, language: Language) -> str:
    _ = language.gettext
    return _("{exempt} of {staff} ({share}%) out of scope by job, {excluded} excluded").format(
        exempt=language.number(counts.exempt),
        staff=language.number(counts.staff),
        share=language.percent(Fraction(counts.exempt, counts.staff)),
        excluded=language.number(counts.excluded),
    )


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


def _columns(language: Language, *, scope: bool) -> tuple[Column, ...]:
    _ = language.gettext
    whole = Kind.INTEGER
    listed = (
        Column("staff", _("Total staff"), whole, summed=True),
        Column("out_of_scope", _("Out of scope"), whole, summed=True, width=8),
    )
    return (
        *unit_columns(language, width=30),
        *(listed if scope else ()),
        *in_scope_columns(language),
        provided_share_column(language),
        unmeasured_column(language),
        Column("read", _("Accessed"), whole, summed=True, width=8),
        Column("sent", _("Sent mail"), whole, summed=True, width=8),
        *regular_columns(language),
        *change_columns(language),
        Column("rank", _("Rank"), Kind.RANK, width=13),
        Column("grade", _("Grade"), Kind.GRADE, width=12),
        Column("remarks", _("Remarks"), Kind.TEXT, width=26),
    )


@dataclass(frozen=True, slots=True)
class _RankingWriter:
    """The lines of the ranking table."""

    publication: Publication
    series: Mapping[str, Series]
    rules: Rules
    language: Language

    @property
    def _scope(self) -> bool:
        """Whether people listed and out of scope are printed."""
        return self.publication.audience.sees_everything

    def few(self) -> Iterator[RowGroup]:
        """The units of few people: a line for all, and each for who sees everything."""
        publication, label = self.publication, few_label(self.publication, self.language)
        total = publication.few_total
        line = self.sums(label, total, None) if total is not None else None
        rows = tuple(self._unit(n, s, {}) for n, s in enumerate(publication.few_standings, start=1))
        if rows or line is not None:
            yield RowGroup(rows, title=label if rows else "", total=line)

    def group(self, number: int, group: GroupRanking) -> RowGroup:
        ranked = (s.share for s in group.standings if s.rank is not None and s.share is not None)
        decimals = distinct_decimals(ranked)
        rows = [
            self._unit(place, standing, decimals)
            for place, standing in enumerate(group.standings, start=1)
        ]
        return RowGroup(
            title=f"{roman(number)}. {readable(group.name)}",
            rows=tuple(rows),
            total=self.sums(
                self.language.gettext("Group total"), group.total, group.previous_total
            ),
        )

    def _unit(self, place: int, standing: Standing, decimals: Mapping[Fraction, int]) -> Row:
        share, unit = standing.share, standing.usage.unit
        places = 1 if share is None or standing.rank is None else decimals[share]
        sentences = remarks(
            standing,
            self.rules,
            self.language,
            scope=self._scope,
            compared=self.publication.has_previous,
        )
        cells = (
            Cell(place),
            Cell(readable(unit.name)),
            *self._listed(standing.usage.counts),
            *count_cells(standing.usage.counts, decimals=places),
            Cell(standing.previous_share),
            change_cell(standing.change),
            Cell(standing.rank, mark=tied_mark(standing, self.language)),
            grade_cell(standing, self.rules, self.language),
            Cell("; ".join(sentences)),
        )
        return Row(unit.code, cells, self.series.get(unit.code, ()), places_gained(standing))

    def sums(self, label: str, counts: Counts | None, previous: Counts | None) -> Row:
        """A line of totals."""
        figures = withheld_cells(12 if self._scope else 10, self.language)
        if counts is not None:
            cells = (*self._listed(counts), *count_cells(counts))
            figures = (*cells, *change_cells(counts, previous))
        cells = (Cell(), Cell(label), *figures, *(Cell(), Cell(), Cell()))
        return Row("", cells, withheld=counts is None)

    def _listed(self, counts: Counts) -> tuple[Cell, ...]:
        if not self._scope:
            return ()
        return Cell(counts.staff), Cell(counts.out_of_scope)


def grade_cell(standing: Standing, rules: Rules, language: Language) -> Cell:
    """The grade, or in its place why there is none."""
    if standing.grade is not None:
        return Cell(grade_name(standing.grade, language), tone=grade_tone(standing.grade, rules))
    if standing.not_ranked in (NotRanked.LOW_COVERAGE, NotRanked.NO_MAIL):
        return Cell(language.gettext(NOT_RANKED[NotRanked.LOW_COVERAGE]))
    return Cell(language.gettext("Not ranked"))


def tied_mark(standing: Standing, language: Language) -> str:
    """What follows the rank of a unit that shares it."""
    return " " + language.gettext("(tied)") if standing.tied else ""


def places_gained(standing: Standing) -> int | None:
    """From 5th to 3rd is 2; None where one of the two is missing."""
    if standing.rank is None or standing.previous_rank is None:
        return None
    return standing.previous_rank - standing.rank


def _notes(publication: Publication, rules: Rules, language: Language) -> tuple[str, ...]:
    _ = language.gettext
    notes = (
        _("Totals are recomputed from sums, never averaged from rates."),
        _(
            "Changes are taken from the exact rates, so they can differ by 0.1 from the difference"
            " of the rates printed."
        ),
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
    return (*notes, *few_notes(publication, rules, language))
