"""The results of each group beside the whole."""

from collections.abc import Iterable

from mailaudit.locale import Language
from mailaudit.model.ranking import Standing
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.publication.values import Publication
from mailaudit.report.columns import (
    change_cells,
    change_columns,
    in_scope_columns,
    number_column,
    provided_share_column,
    regular_cells,
    regular_columns,
    unmeasured_column,
    withheld_cells,
    withheld_note,
)
from mailaudit.report.sections.small_units import few_label, few_notes
from mailaudit.report.value import Cell, Column, Kind, Row, RowGroup, Table
from mailaudit.report.words import readable, roman


def groups_table(publication: Publication, rules: Rules, language: Language) -> Table:
    """A line for each group, the whole last."""
    _ = language.gettext
    rows = tuple(
        Row(
            group.name,
            (
                Cell(roman(number)),
                Cell(readable(group.name)),
                Cell(len(group.standings)),
                Cell(_met(group.standings, rules)),
                *_cells(group.total, group.previous_total, language),
            ),
        )
        for number, group in enumerate(publication.groups, start=1)
    )
    if publication.few_total is not None:
        names = (Cell(), Cell(few_label(publication, language)), Cell(len(publication.few)))
        rows += (Row("", (*names, Cell(None), *_cells(publication.few_total, None, language))),)
    everyone = (
        Cell(len(publication.counted)),
        Cell(_met(publication.standings(), rules)),
        *_cells(publication.total, publication.previous_total, language),
    )
    return Table(
        key="groups",
        caption=_("Results by group"),
        columns=(
            number_column(language),
            Column("group", _("Group"), Kind.TEXT, width=40, row_header=True),
            Column("units", _("Units"), Kind.INTEGER, summed=True),
            Column("met", _("Met the target"), Kind.INTEGER, summed=True),
            *in_scope_columns(language),
            provided_share_column(language),
            unmeasured_column(language),
            *regular_columns(language),
            *change_columns(language),
        ),
        groups=(RowGroup(rows),),
        total=Row(
            "", (Cell(), Cell(_("GRAND TOTAL")), *everyone), withheld=publication.total is None
        ),
        notes=(
            *few_notes(publication, rules, language),
            *((withheld_note(language),) if publication.total is None else ()),
        ),
        target=rules.target,
    )


def _cells(total: Counts | None, previous: Counts | None, language: Language) -> tuple[Cell, ...]:
    if total is None:
        return withheld_cells(8, language)
    return (
        Cell(total.in_scope),
        Cell(total.provided),
        Cell(total.provided_share),
        Cell(total.unmeasured),
        *regular_cells(total),
        *change_cells(total, previous),
    )


def _met(standings: Iterable[Standing], rules: Rules) -> int:
    return sum(
        1
        for standing in standings
        if standing.rank is not None and standing.usage.counts.meets(rules.target)
    )
