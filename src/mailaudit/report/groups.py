"""The results of each group beside the whole."""

from collections.abc import Iterable

from mailaudit.locale import Language
from mailaudit.model.ranking import Standing
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.report.columns import (
    change_cells,
    change_columns,
    in_scope_columns,
    number_column,
    provided_share_column,
    regular_columns,
    unmeasured_column,
    withheld_cells,
    withheld_note,
)
from mailaudit.report.publication import Publication
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
                Cell(len(group.units)),
                Cell(_met(group.standings, rules)),
                *_cells(group.total, group.previous_total, language),
            ),
            withheld=group.total is None,
        )
        for number, group in enumerate(publication.groups, start=1)
    )
    everyone = (
        Cell(sum(len(group.units) for group in publication.groups)),
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
        notes=_notes(publication, language),
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
        Cell(total.regular),
        Cell(total.regular_share),
        *change_cells(total, previous),
    )


def _notes(publication: Publication, language: Language) -> tuple[str, ...]:
    notes = []
    if publication.withheld:
        notes.append(
            language.gettext("Units that met the target are counted among those published only.")
        )
    if any(group.total is None for group in publication.groups):
        notes.append(withheld_note(language))
    return tuple(notes)


def _met(standings: Iterable[Standing], rules: Rules) -> int:
    return sum(
        1
        for standing in standings
        if standing.rank is not None and rules.meets_target(standing.share)
    )
