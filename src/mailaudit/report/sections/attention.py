"""Who needs attention: the biggest falls and rises, units short of the target, remarks."""

from collections.abc import Sequence
from fractions import Fraction

from mailaudit.locale import Language
from mailaudit.model.ranking import Standing
from mailaudit.model.rules import Rules
from mailaudit.publication.values import Publication
from mailaudit.report.columns import change_cell, change_columns, rate_value, unit_columns
from mailaudit.report.sections.actions import better_grade
from mailaudit.report.sections.ranking import grade_cell, remarks, tied_mark
from mailaudit.report.value import Cell, Column, Kind, Row, RowGroup, Section, Table
from mailaudit.report.words import grade_name, readable, roman

MOST_MOVERS = 5


def mover_tables(publication: Publication, language: Language) -> tuple[Table, Table]:
    """The ranked units that fell and rose most."""
    _ = language.gettext
    ranked = [standing for standing in publication.standings() if standing.rank is not None]
    compared = publication.has_previous
    return (
        _movers("falls", _("Biggest falls"), _falls(ranked), compared, language),
        _movers("rises", _("Biggest rises"), _rises(ranked), compared, language),
    )


def attention_section(publication: Publication, rules: Rules, language: Language) -> Section:
    """Units to speak to, and units whose figures need care."""
    _ = language.gettext
    return Section(
        key="attention",
        name=_("Attention"),
        title=_("What needs attention"),
        tables=(
            _short_of_target(publication, rules, language),
            _remarked(publication, rules, language),
        ),
    )


def _next_step(standing: Standing, rules: Rules, language: Language) -> str:
    """`4 more for “Khá”`; "" at the best grade and for units without one."""
    grade = better_grade(standing, rules)
    if grade is None:
        return ""
    return language.gettext("{number} more for “{grade}”").format(
        number=language.number(standing.short_of or 0), grade=grade_name(grade, language)
    )


def _change(standing: Standing) -> Fraction:
    return standing.change or Fraction(0)


def _falls(ranked: Sequence[Standing]) -> list[Standing]:
    return sorted((s for s in ranked if _change(s) < 0), key=_change)[:MOST_MOVERS]


def _rises(ranked: Sequence[Standing]) -> list[Standing]:
    return sorted((s for s in ranked if _change(s) > 0), key=lambda s: -_change(s))[:MOST_MOVERS]


def _movers(
    key: str, caption: str, standings: Sequence[Standing], compared: bool, language: Language
) -> Table:
    _ = language.gettext
    previous, change = change_columns(language, of="share")
    rows = tuple(
        Row(
            standing.usage.unit.code,
            (
                Cell(place),
                Cell(readable(standing.usage.unit.name)),
                Cell(standing.previous_share),
                Cell(standing.share),
                change_cell(standing.change),
            ),
        )
        for place, standing in enumerate(standings, start=1)
    )
    return Table(
        key=key,
        caption=caption,
        columns=(
            *unit_columns(language),
            previous,
            Column("share", _("This period %"), Kind.PERCENT),
            change,
        ),
        groups=(RowGroup(rows),),
        empty=_("None of the units that can be compared moved this way.")
        if compared
        else _("No previous period to compare with"),
    )


def _short_of_target(publication: Publication, rules: Rules, language: Language) -> Table:
    _ = language.gettext
    groups = []
    for number, group in enumerate(publication.groups, start=1):
        short = [
            standing
            for standing in group.standings
            if standing.rank is not None and not standing.usage.counts.meets(rules.target)
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
            *unit_columns(language),
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
    share = standing.share
    return Row(
        standing.usage.unit.code,
        (
            Cell(place),
            Cell(readable(standing.usage.unit.name)),
            Cell(rate_value(standing.usage.counts)),
            change_cell(None if share is None else share - rules.target),
            Cell(standing.rank, mark=tied_mark(standing, language)),
            grade_cell(standing, rules, language),
            Cell(_next_step(standing, rules, language)),
        ),
    )


def _remarked(publication: Publication, rules: Rules, language: Language) -> Table:
    _ = language.gettext
    told = (
        (
            standing,
            remarks(
                standing,
                rules,
                language,
                scope=publication.audience.sees_everything,
                compared=publication.has_previous,
            ),
        )
        for standing in (*publication.standings(), *publication.few_standings)
    )
    found = [(standing, "; ".join(sentences)) for standing, sentences in told if sentences]
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
        columns=(*unit_columns(language), Column("remarks", _("Remarks"), Kind.TEXT, width=70)),
        groups=(RowGroup(rows),),
        empty=_("None."),
    )
