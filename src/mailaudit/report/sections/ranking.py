"""The ranking table in the layout of Phụ lục I: groups, sub-totals, the grand total."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from mailaudit.errors import N_
from mailaudit.locale import Language, rounded_percent
from mailaudit.model.gaps import Gaps
from mailaudit.model.ranking import GroupRanking, NotRanked, Standing
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.model.wording import readable
from mailaudit.publication.values import Publication
from mailaudit.report.columns import NUMBER, ColumnOf, cells_of, columns_of, rows_of
from mailaudit.report.sections.comparisons import origin_remark
from mailaudit.report.sections.counts import (
    LISTED,
    RANKED,
    Line,
    counted,
    line_of,
    name_of,
    sums_of,
)
from mailaudit.report.sections.series import series_of_units
from mailaudit.report.sections.small_units import few_label, few_notes
from mailaudit.report.sections.uses import parts_of_unit, use_parts
from mailaudit.report.tables import Cell, Column, Kind, Row, RowGroup, Series, Table
from mailaudit.report.value import Section
from mailaudit.report.words import NOT_RANKED, grade_name, grade_tone, kinds_text, roman, threshold

MOST_DECIMALS = 6


def ranking_section(publication: Publication, rules: Rules, language: Language) -> Section:
    """Every unit with its sums, rates, rank, grade and remarks."""
    _ = language.gettext
    table = _RankingWriter(publication, series_of_units(publication), rules, language).table()
    return Section("ranking", _("Ranking"), _("Summary and ranking of units"), (table,), wide=True)


def remarks(
    standing: Standing,
    publication: Publication,
    rules: Rules,
    language: Language,
    *,
    own: bool = False,
) -> tuple[str, ...]:
    """What a reader must know about a unit's figures, one sentence each.

    Args:
        own: Whether the unit's own head reads them, and may know how many people are out of scope.
    """
    _ = language.gettext
    counts, found = standing.usage.counts, []
    if standing.not_ranked is NotRanked.LOW_COVERAGE and counts.kinds and not counts.measured:
        found.append(
            _("Insufficient data: {kinds} does not say what regular use is judged by").format(
                kinds=kinds_text(counts.kinds)
            )
        )
    elif standing.not_ranked is NotRanked.LOW_COVERAGE and not counts.is_coarse:
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
    audience = publication.audience
    if standing.many_exempt and (audience.sees_everything or (own and audience.sees_own_staff)):
        found.append(_many_exempt(counts, language))
    low = standing.not_ranked is NotRanked.LOW_COVERAGE
    if counts.in_scope > 0 and standing.origin is not None:
        found.append(origin_remark(standing.origin, language))
    elif publication.has_previous and standing.change is None and counts.in_scope > 0 and not low:
        found.append(_("No comparison with the previous period"))
    return tuple(found)


def _many_exempt(counts: Counts, language: Language) -> str:
    _ = language.gettext
    return _("{exempt} of {staff} ({share}%) out of scope by job, {excluded} excluded").format(
        exempt=language.number(counts.exempt),
        staff=language.number(counts.staff),
        share=language.percent(counts.exempt_share),
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


@dataclass(frozen=True, slots=True)
class _RankingWriter:
    """The lines of the ranking table."""

    publication: Publication
    series: Mapping[str, Series]
    rules: Rules
    language: Language

    def columns(self) -> tuple[ColumnOf[Line], ...]:
        """As Phụ lục I has them; people listed and out of scope for those who see everything."""
        unit = Column("unit", N_("Unit"), Kind.TEXT, width=30, row_header=True)
        said = Column("remarks", N_("Remarks"), Kind.TEXT, width=26)
        return (
            NUMBER,
            ColumnOf(unit, name_of),
            *(LISTED if self.publication.audience.sees_everything else ()),
            *counted(RANKED, self.rules),
            rank_column(self.language).about(standing_of),
            grade_column(self.rules, self.language).about(standing_of),
            ColumnOf(said, self._remarks).about(standing_of),
        )

    def table(self) -> Table:
        _, publication = self.language.gettext, self.publication
        groups = [self._group(number, group) for number, group in enumerate(publication.groups, 1)]
        whole = sums_of(_("GRAND TOTAL"), publication.total, publication.previous_total)
        return Table(
            key="ranking",
            caption=_("Units by group and rank"),
            columns=columns_of(self.columns(), self.language, self.rules),
            groups=(*groups, *self._few()),
            total=self._sums(whole, publication.gaps.total),
            notes=_notes(publication, self.rules, self.language),
            empty=_("The staff list has no units."),
            target=self.rules.target,
        )

    def _few(self) -> Iterator[RowGroup]:
        """The units of few people: a line for all, and each for those who see everything."""
        publication, label = self.publication, few_label(self.publication, self.language)
        total = publication.few_total
        line = (
            self._sums(sums_of(label, total, None), publication.gaps.few)
            if total is not None
            else None
        )
        rows = self._rows(publication.few_standings, {})
        if rows or line is not None:
            yield RowGroup(rows, title=label if rows else "", total=line)

    def _group(self, number: int, group: GroupRanking) -> RowGroup:
        ranked = (s.share for s in group.standings if s.rank is not None and s.share is not None)
        total = self.language.gettext("Group total")
        return RowGroup(
            title=f"{roman(number)}. {readable(group.name)}",
            rows=self._rows(group.standings, distinct_decimals(ranked)),
            total=self._sums(
                sums_of(total, group.total, group.previous_total),
                self.publication.gaps.of_group(group.name),
            ),
        )

    def _rows(
        self, standings: Sequence[Standing], decimals: Mapping[Fraction, int]
    ) -> tuple[Row, ...]:
        shares = (s.share if s.rank is not None else None for s in standings)
        places = (1 if share is None else decimals[share] for share in shares)
        lines = map(line_of, standings, places)
        return tuple(
            replace(
                row,
                key=standing.usage.unit.code,
                series=self.series.get(standing.usage.unit.code, ()),
                uses=parts_of_unit(standing.usage, self.publication, self.language),
                moved=_places_gained(standing),
            )
            for row, standing in zip(
                rows_of(self.columns(), lines, self.language), standings, strict=True
            )
        )

    def _sums(self, line: Line, gaps: Gaps) -> Row:
        has_uses = self.publication.has_uses
        return Row(
            "",
            cells_of(self.columns(), line, self.language),
            uses=use_parts(line.counts, gaps, self.language) if has_uses else (),
            withheld=line.counts is None,
        )

    def _remarks(self, standing: Standing) -> str:
        return "; ".join(remarks(standing, self.publication, self.rules, self.language))


def standing_of(line: Line) -> Standing | None:
    """The unit's standing; sums have none."""
    return line.standing


def rank_column(language: Language) -> ColumnOf[Standing]:
    """The rank, marked where it is shared."""
    return ColumnOf(
        Column("rank", N_("Rank"), Kind.RANK, width=13),
        lambda standing: Cell(standing.rank, mark=tied_mark(standing, language)),
    )


def grade_column(rules: Rules, language: Language, *, width: int = 12) -> ColumnOf[Standing]:
    """The grade, or why the unit has none."""
    return ColumnOf(
        Column("grade", N_("Grade"), Kind.GRADE, width=width),
        lambda standing: grade_cell(standing, rules, language),
    )


def grade_cell(standing: Standing, rules: Rules, language: Language) -> Cell:
    """The grade with its tone, or what stands for it."""
    if standing.grade is not None:
        return Cell(grade_name(standing.grade, language), tone=grade_tone(standing.grade, rules))
    if standing.not_ranked in (NotRanked.LOW_COVERAGE, NotRanked.NO_MAIL):
        return Cell(language.gettext(NOT_RANKED[NotRanked.LOW_COVERAGE]))
    return Cell(language.gettext("Not ranked"))


def tied_mark(standing: Standing, language: Language) -> str:
    """What follows the rank of a unit that shares it."""
    return " " + language.gettext("(tied)") if standing.tied else ""


def _places_gained(standing: Standing) -> int | None:
    """From 5th to 3rd is 2; None where one of the two is missing."""
    if standing.rank is None or standing.previous_rank is None:
        return None
    return standing.previous_rank - standing.rank


def rounding_note(language: Language) -> str:
    """Why a change can look wrong by 0.1."""
    return language.gettext(
        "Changes are taken from the exact rates, so they can differ by 0.1 from the difference"
        " of the rates printed."
    )


def _notes(publication: Publication, rules: Rules, language: Language) -> tuple[str, ...]:
    _ = language.gettext
    notes = (
        _("Totals are recomputed from sums, never averaged from rates."),
        rounding_note(language),
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
