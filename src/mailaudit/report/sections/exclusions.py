"""Who is out of scope, as far as an audience may know."""

from collections import Counter
from dataclasses import replace

from mailaudit.locale import Language
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Measurement
from mailaudit.publication.values import Publication
from mailaudit.report.columns import withheld_table
from mailaudit.report.sections.scope import scope_tables
from mailaudit.report.value import Cell, Report, Row, RowGroup, Section, Table


def exclusions_section(
    measurement: Measurement, publication: Publication, rules: Rules, language: Language
) -> Section:
    """Staff out of scope by reason; by unit, and words without a rule, for who sees everything.

    Reasons such as illness are about health: elsewhere those of few people are put together.

    Args:
        measurement: Of the units whose sums the whole is; of all, for who sees everything.
    """
    _ = language.gettext
    tables = scope_tables(measurement, rules, language)
    if not publication.shows_reasons:
        tables = (withheld_table(tables[0], language),)
    elif not publication.audience.sees_everything:
        tables = (_with_rare_reasons_merged(tables[0], rules.min_published, language),)
    return Section("exclusions", _("Out of scope"), _("Staff out of scope"), tables)


def reasons_printed(report: Report) -> dict[str, int]:
    """Each reason of the table of reasons, and of how many people it is; none where it is empty."""
    return {
        row.key: _numbers(row, table)["people"]
        for section in report.sections
        for table in section.tables
        if table.key == "exclusions"
        for group in table.groups
        for row in group.rows
    }


def _with_rare_reasons_merged(table: Table, least: int, language: Language) -> Table:
    """The table of reasons with those of fewer than `least` people as one line.

    The next rarest join them until the line is of enough people, as no fewer may be the difference
    of the total and the lines printed.
    """
    rows = [row for group in table.groups for row in group.rows]
    by_people = sorted(rows, key=lambda row: _numbers(row, table)["people"])
    rare: list[Row] = []
    while len(rare) < len(by_people) and _is_too_few(rare, by_people[len(rare)], table, least):
        rare.append(by_people[len(rare)])
    if not rare:
        return table
    kept = [row for row in rows if row not in rare]
    kept.append(_merged(rare, table, least, language))
    numbered = (replace(row, cells=(Cell(n), *row.cells[1:])) for n, row in enumerate(kept, 1))
    return replace(table, groups=(RowGroup(tuple(numbered)),))


def _is_too_few(rare: list[Row], following: Row, table: Table, least: int) -> bool:
    people = sum(_numbers(row, table)["people"] for row in rare)
    return 0 < people < least or _numbers(following, table)["people"] < least


def _merged(rare: list[Row], table: Table, least: int, language: Language) -> Row:
    sums: Counter[str] = Counter()
    for row in rare:
        sums.update(_numbers(row, table))
    reason = language.gettext("Other reasons, of fewer than {number} people each").format(
        number=least
    )
    cells = (
        Cell(sums[column.key] if column.summed else reason if column.row_header else "")
        for column in table.columns
    )
    return Row("", tuple(cells))


def _numbers(row: Row, table: Table) -> dict[str, int]:
    """The row's sums by column; text in place of a number counts as nothing."""
    return {
        column.key: cell.value if isinstance(cell.value, int) else 0
        for column, cell in zip(table.columns, row.cells, strict=True)
        if column.summed
    }
