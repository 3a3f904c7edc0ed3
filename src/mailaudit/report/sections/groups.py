"""The results of each group beside the whole."""

from dataclasses import dataclass

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.rules import Rules
from mailaudit.model.wording import readable
from mailaudit.publication.values import Publication
from mailaudit.report.columns import ColumnOf, cells_of, columns_of, withheld_note
from mailaudit.report.sections.counts import COMPARED, Line, sums_of
from mailaudit.report.sections.results import met_by
from mailaudit.report.sections.small_units import few_label, few_notes
from mailaudit.report.tables import Column, Kind, Row, RowGroup, Table
from mailaudit.report.words import roman


@dataclass(frozen=True, slots=True)
class _Group:
    """A line of the table; `key` is "" for sums."""

    key: str
    number: str
    sums: Line
    units: int
    met: int | None


def _sums(group: _Group) -> Line:
    return group.sums


_COLUMNS: tuple[ColumnOf[_Group], ...] = (
    ColumnOf(Column("number", N_("No."), Kind.ORDINAL, width=5), lambda group: group.number),
    ColumnOf(
        Column("group", N_("Group"), Kind.TEXT, width=40, row_header=True),
        lambda group: group.sums.name,
    ),
    ColumnOf(Column("units", N_("Units"), Kind.INTEGER, summed=True), lambda group: group.units),
    ColumnOf(
        Column("met", N_("Met the target"), Kind.INTEGER, summed=True), lambda group: group.met
    ),
    *(column.about(_sums) for column in COMPARED),
)


def groups_table(publication: Publication, rules: Rules, language: Language) -> Table:
    """A line for each group, the whole last."""
    _ = language.gettext
    lines = [
        _Group(
            group.name,
            roman(number),
            sums_of(readable(group.name), group.total, group.previous_total),
            len(group.standings),
            met_by(group.standings, rules),
        )
        for number, group in enumerate(publication.groups, start=1)
    ]
    if publication.few_total is not None:
        sums = sums_of(few_label(publication, language), publication.few_total, None)
        small = len(publication.few) - len(publication.withheld_here)
        lines.append(_Group("", "", sums, small, None))
    whole = _Group(
        "",
        "",
        sums_of(_("GRAND TOTAL"), publication.total, publication.previous_total),
        len(publication.counted),
        met_by(publication.standings(), rules),
    )
    is_withheld = publication.total is None
    return Table(
        key="groups",
        caption=_("Results by group"),
        columns=columns_of(_COLUMNS, language, rules),
        groups=(
            RowGroup(tuple(Row(line.key, cells_of(_COLUMNS, line, language)) for line in lines)),
        ),
        total=Row("", cells_of(_COLUMNS, whole, language), withheld=is_withheld),
        notes=(
            *few_notes(publication, rules, language),
            *((withheld_note(language),) if is_withheld else ()),
        ),
        target=rules.target,
    )
