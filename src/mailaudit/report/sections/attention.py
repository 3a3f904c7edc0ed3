"""Who needs attention: the biggest falls and rises, units short of the target, remarks."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.ranking import Standing
from mailaudit.model.rules import Rules
from mailaudit.model.wording import readable
from mailaudit.publication.values import Publication
from mailaudit.report.columns import NUMBER, ColumnOf, columns_of, rows_of, table_of
from mailaudit.report.sections.actions import better_grade
from mailaudit.report.sections.counts import CHANGE, PREVIOUS, change_cell, rate_value
from mailaudit.report.sections.kinds import ranked_by_kind
from mailaudit.report.sections.needs import needs_table
from mailaudit.report.sections.ranking import grade_column, rank_column, remarks
from mailaudit.report.tables import Column, Difference, Kind, RowGroup, Table
from mailaudit.report.value import Section
from mailaudit.report.words import grade_name, roman

MOST_MOVERS = 5


def mover_tables(publication: Publication, language: Language) -> tuple[Table, Table]:
    """The ranked units that fell and rose most, of each kind of source."""
    _ = language.gettext
    kinds = list(ranked_by_kind(publication, language))
    compared = publication.has_previous
    falls = [(title, _falls(ranked)) for title, ranked in kinds]
    rises = [(title, _rises(ranked)) for title, ranked in kinds]
    return (
        _movers("falls", _("Biggest falls"), falls, compared, language),
        _movers("rises", _("Biggest rises"), rises, compared, language),
    )


def attention_section(publication: Publication, rules: Rules, language: Language) -> Section:
    """Units to speak to, and units whose figures need care."""
    _ = language.gettext
    return Section(
        key="attention",
        name=_("Attention"),
        title=_("What needs attention"),
        tables=(
            needs_table(publication, rules, language),
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


UNIT: ColumnOf[Standing] = ColumnOf(
    Column("unit", N_("Unit"), Kind.TEXT, width=40, row_header=True),
    lambda standing: readable(standing.usage.unit.name),
)
_MOVED: tuple[ColumnOf[Standing], ...] = (
    NUMBER,
    UNIT,
    ColumnOf(PREVIOUS.head, lambda standing: standing.previous_share),
    ColumnOf(Column("share", N_("This period %"), Kind.PERCENT), lambda standing: standing.share),
    ColumnOf(
        replace(CHANGE.head, formula=Difference("share", "previous")),
        lambda standing: change_cell(standing.change),
    ),
)


def unit_code(standing: Standing) -> str:
    """What a unit's line is about."""
    return standing.usage.unit.code


def _movers(
    key: str,
    caption: str,
    kinds: Sequence[tuple[str, Sequence[Standing]]],
    compared: bool,
    language: Language,
) -> Table:
    """The units of each kind of source apart."""
    _ = language.gettext
    return Table(
        key=key,
        caption=caption,
        columns=columns_of(_MOVED, language),
        groups=tuple(
            RowGroup(tuple(rows_of(_MOVED, moved, language, unit_code)), title=title)
            for title, moved in kinds
            if moved
        ),
        empty=_("None of the units that can be compared moved this way.")
        if compared
        else _("No previous period to compare with"),
    )


def _short_of_target(publication: Publication, rules: Rules, language: Language) -> Table:
    _ = language.gettext
    columns = _short_columns(rules, language)
    groups = []
    for number, group in enumerate(publication.groups, start=1):
        short = [
            standing
            for standing in group.standings
            if standing.rank is not None and not standing.usage.counts.meets(rules.target)
        ]
        if short:
            rows = tuple(rows_of(columns, short, language, unit_code))
            groups.append(RowGroup(rows, title=f"{roman(number)}. {readable(group.name)}"))
    return Table(
        key="short",
        caption=_("Units that did not meet the target"),
        columns=columns_of(columns, language),
        groups=tuple(groups),
        empty=_("Every ranked unit met the target."),
        target=rules.target,
    )


def _short_columns(rules: Rules, language: Language) -> tuple[ColumnOf[Standing], ...]:
    next_grade = N_("Regular users needed for the next grade")
    return (
        NUMBER,
        UNIT,
        ColumnOf(
            Column("share", N_("Regular use %"), Kind.PERCENT, bar=True),
            lambda standing: rate_value(standing.usage.counts),
        ),
        ColumnOf(
            Column("gap", N_("Against the target (points)"), Kind.POINTS, width=11),
            lambda standing: change_cell(
                None if standing.share is None else standing.share - rules.target
            ),
        ),
        rank_column(language),
        grade_column(rules, language, width=13),
        ColumnOf(
            Column("next", next_grade, Kind.TEXT, width=33),
            lambda standing: _next_step(standing, rules, language),
        ),
    )


def _remarked(publication: Publication, rules: Rules, language: Language) -> Table:
    _ = language.gettext
    said = {
        standing: "; ".join(remarks(standing, publication, rules, language))
        for standing in (*publication.standings(), *publication.few_standings)
    }
    column = Column("remarks", N_("Remarks"), Kind.TEXT, width=70)
    return table_of(
        "remarked",
        _("Units whose figures need care"),
        (NUMBER, UNIT, ColumnOf(column, said.__getitem__)),
        [standing for standing, sentences in said.items() if sentences],
        language,
        row_key=unit_code,
        empty=_("None."),
    )
