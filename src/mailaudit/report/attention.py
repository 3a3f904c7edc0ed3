"""Who needs attention: the biggest falls and rises, units short of the target, remarks, causes."""

from collections.abc import Sequence
from fractions import Fraction

from mailaudit.locale import Language
from mailaudit.model.ranking import Ranking, Standing
from mailaudit.model.rules import Rules
from mailaudit.report.standings import change_tone, grade_cell, remarks, tied_mark
from mailaudit.report.value import Cell, Column, Difference, Kind, Row, RowGroup, Table
from mailaudit.report.words import grade_name, readable, roman

MOST_MOVERS = 5


def attention_tables(ranking: Ranking, rules: Rules, language: Language) -> tuple[Table, ...]:
    """The tables of the summary that name single units."""
    _ = language.gettext
    ranked = [
        standing
        for group in ranking.groups
        for standing in group.standings
        if standing.rank is not None
    ]
    return (
        _movers("falls", _("Biggest falls"), _falls(ranked), language),
        _movers("rises", _("Biggest rises"), _rises(ranked), language),
        _short_of_target(ranking, rules, language),
        _remarked(ranking, rules, language),
    )


def _change(standing: Standing) -> Fraction:
    return standing.change or Fraction(0)


def _falls(ranked: Sequence[Standing]) -> list[Standing]:
    return sorted((s for s in ranked if _change(s) < 0), key=_change)[:MOST_MOVERS]


def _rises(ranked: Sequence[Standing]) -> list[Standing]:
    return sorted((s for s in ranked if _change(s) > 0), key=lambda s: -_change(s))[:MOST_MOVERS]


def _movers(key: str, caption: str, standings: Sequence[Standing], language: Language) -> Table:
    _ = language.gettext
    rows = tuple(
        Row(
            standing.usage.unit.code,
            (
                Cell(place),
                Cell(readable(standing.usage.unit.name)),
                Cell(standing.previous_share),
                Cell(standing.share),
                Cell(standing.change, tone=change_tone(standing.change)),
            ),
        )
        for place, standing in enumerate(standings, start=1)
    )
    return Table(
        key=key,
        caption=caption,
        columns=(
            *_unit_columns(language),
            Column("previous", _("Previous period %"), Kind.PERCENT),
            Column("share", _("This period %"), Kind.PERCENT),
            Column("change", _("Change (points)"), Kind.POINTS, Difference("share", "previous")),
        ),
        groups=(RowGroup(rows),),
        empty=_("No ranked unit can be compared with the previous period, or none moved this way."),
    )


def _short_of_target(ranking: Ranking, rules: Rules, language: Language) -> Table:
    _ = language.gettext
    groups = []
    for number, group in enumerate(ranking.groups, start=1):
        short = [
            standing
            for standing in group.standings
            if standing.rank is not None and (standing.share or 0) < rules.target
        ]
        if short:
            rows = tuple(
                _short_row(place, standing, rules, language)
                for place, standing in enumerate(short, start=1)
            )
            groups.append(RowGroup(rows, title=f"{roman(number)}. {readable(group.name)}"))
    return Table(
        key="short",
        caption=_("Units that did not meet the target"),
        columns=(
            *_unit_columns(language),
            Column("share", _("Regular use %"), Kind.PERCENT, bar=True),
            Column("gap", _("Against the target (points)"), Kind.POINTS, width=11),
            Column("rank", _("Rank"), Kind.RANK, width=13),
            Column("grade", _("Grade"), Kind.GRADE, width=13),
            Column("next", _("Regular users needed for the next grade"), Kind.TEXT, width=33),
        ),
        groups=tuple(groups),
        empty=_("Every ranked unit met the target."),
        target=rules.target,
    )


def _short_row(place: int, standing: Standing, rules: Rules, language: Language) -> Row:
    _ = language.gettext
    share = standing.share or Fraction(0)
    names = [grade.name for grade in rules.grades]
    grade, step = standing.grade, ""
    if grade in names and names.index(grade) > 0 and standing.short_of:
        better = grade_name(names[names.index(grade) - 1], language)
        step = _("{number} more for “{grade}”").format(number=standing.short_of, grade=better)
    gap = share - rules.target
    return Row(
        standing.usage.unit.code,
        (
            Cell(place),
            Cell(readable(standing.usage.unit.name)),
            Cell(share),
            Cell(gap, tone=change_tone(gap)),
            Cell(standing.rank, mark=tied_mark(standing, language)),
            grade_cell(standing, rules, language),
            Cell(step),
        ),
    )


def _remarked(ranking: Ranking, rules: Rules, language: Language) -> Table:
    _ = language.gettext
    compared = ranking.previous_total is not None
    found = [
        (standing, sentence)
        for group in ranking.groups
        for standing in group.standings
        if (sentence := "; ".join(remarks(standing, rules, language, compared=compared)))
    ]
    rows = tuple(
        Row(
            standing.usage.unit.code,
            (Cell(place), Cell(readable(standing.usage.unit.name)), Cell(sentence)),
        )
        for place, (standing, sentence) in enumerate(found, start=1)
    )
    return Table(
        key="remarked",
        caption=_("Units whose figures need care"),
        columns=(*_unit_columns(language), Column("remarks", _("Remarks"), Kind.TEXT, width=70)),
        groups=(RowGroup(rows),),
        empty=_("None."),
    )


def _unit_columns(language: Language) -> tuple[Column, Column]:
    _ = language.gettext
    return (
        Column("number", _("No."), Kind.ORDINAL, width=5),
        Column("unit", _("Unit"), Kind.TEXT, width=40, row_header=True),
    )
