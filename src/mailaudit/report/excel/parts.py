"""Parts: which tables of a section share a sheet, and which have one of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from mailaudit.report.excel.layout import Columns, columns_for, is_landscape, page_room
from mailaudit.report.excel.table import table_height
from mailaudit.report.value import Section, Table


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet of a section.

    Attributes:
        single: It holds one table, whose header is repeated on every page.
    """

    tables: tuple[Table, ...]
    columns: Columns
    single: bool

    @property
    def landscape(self) -> bool:
        return is_landscape(self.columns.widths)


def parts_of(section: Section) -> list[Part]:
    """The sheets of a section: a table that is longer than a page has its own.

    A header can be repeated at the top of a page for one table of a sheet only.
    """
    if section.wide or len(section.tables) == 1:
        return [_single(table) for table in section.tables]
    columns = columns_for(section.tables)
    room = page_room(columns.widths, landscape=is_landscape(columns.widths))
    parts: list[Part] = []
    short: list[Table] = []
    for table in section.tables:
        if table_height(columns, table) <= room:
            short.append(table)
            continue
        parts += _together(short)
        short = []
        parts.append(_single(table))
    return parts + _together(short)


def _together(tables: Sequence[Table]) -> list[Part]:
    if len(tables) < 2:
        return [_single(table) for table in tables]
    return [Part(tuple(tables), columns_for(tables), single=False)]


def _single(table: Table) -> Part:
    return Part((table,), columns_for([table]), single=True)
