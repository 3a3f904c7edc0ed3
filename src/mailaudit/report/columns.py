"""Columns of tables, each defined once: its label, kind and definition, and how its value is got.

A section lists the columns of a table and what its lines are about; `table_of` does the rest.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Generic, TypeVar

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.rules import Rules
from mailaudit.report.tables import Cell, Column, Kind, Row, RowGroup, Table, Value
from mailaudit.report.words import threshold

L = TypeVar("L", contravariant=True)  # what a line is about: a unit, a person, a month
M = TypeVar("M")

HIDDEN = N_("(hidden)")
WITHHELD = Cell(HIDDEN)  # stands for a value that is not for this audience


@dataclass(frozen=True, slots=True)
class Definition:
    """What a column counts, in messages that may name rules.

    Attributes:
        symbol: As in docs/metrics.md, with its number in the ranking; may be empty.
        others: The text by another definition of regular use than SENT_AND_READ, where it differs.
    """

    symbol: str
    name: str
    text: str
    others: Mapping[str, str] = field(default_factory=dict)

    def words(self, rules: Rules, language: Language) -> tuple[str, str]:
        """Name and text, with the rules in force."""
        _ = language.gettext
        text = _(self.others.get(rules.regular, self.text))
        if "{" in text:  # most name no rule, and writing numbers for every table takes time
            text = text.format(
                days=rules.min_sent_days,
                share=threshold(rules.min_read_share, language),
                grace=rules.read_grace_working_days,
                few=rules.read_waived_below,
            )
        return _(self.name), text


@dataclass(frozen=True, slots=True)
class ColumnOf(Generic[L]):
    """A column of a table whose lines are about an L.

    Attributes:
        head: Its label is a message, or the same in every language.
        value: A line's value or cell; None for the number of the line.
    """

    head: Column
    value: Callable[[L], Cell | Value] | None
    definition: Definition | None = None

    def about(self, part: Callable[[M], L | None]) -> "ColumnOf[M]":
        """The same column for lines that have an L as a part; blank where one has none."""
        value = self.value

        def of_part(line: M) -> Cell | Value:
            found = part(line)
            return "" if found is None or value is None else value(found)

        return ColumnOf(self.head, of_part, self.definition)

    def column(self, language: Language, rules: Rules | None) -> Column:
        """The column in a language; with its definition where there are `rules`."""
        label, definition = language.gettext(self.head.label), ""
        if self.definition is not None and rules is not None:
            name, text = self.definition.words(rules, language)
            definition = f"{name}: {text}"
        return replace(self.head, label=label, definition=definition)

    def cell(self, line: L, number: Value, language: Language) -> Cell:
        """The line's cell in this column."""
        found = number if self.value is None else self.value(line)
        if found is WITHHELD:
            return Cell(language.gettext(HIDDEN))
        return found if isinstance(found, Cell) else Cell(found)


NUMBER: ColumnOf[object] = ColumnOf(Column("number", N_("No."), Kind.ORDINAL, width=5), None)


def table_of(
    key: str,
    caption: str,
    columns: Sequence[ColumnOf[M]],
    lines: Iterable[M],
    language: Language,
    *,
    rules: Rules | None = None,
    row_key: Callable[[M], str] | None = None,
    total: str = "",
    notes: tuple[str, ...] = (),
    empty: str = "",
    target: Fraction | None = None,
) -> Table:
    """A plain table: its lines are numbered, and summed up where the sum has a name.

    Args:
        rules: Where the columns that have a definition are to carry it.
        row_key: What a line is about; else what its row header says.
        total: The name of the sum; "" for none.
    """
    rows = tuple(rows_of(columns, lines, language, row_key))
    printed = columns_of(columns, language, rules)
    return Table(
        key=key,
        caption=caption,
        columns=printed,
        groups=(RowGroup(rows),),
        total=sum_of(printed, rows, total) if rows and total else None,
        notes=notes,
        empty=empty,
        target=target,
    )


def columns_of(
    columns: Iterable[ColumnOf[M]], language: Language, rules: Rules | None = None
) -> tuple[Column, ...]:
    """The columns in a language; with the definitions of those that have one, by `rules`."""
    return tuple(column.column(language, rules) for column in columns)


def rows_of(
    columns: Sequence[ColumnOf[M]],
    lines: Iterable[M],
    language: Language,
    row_key: Callable[[M], str] | None = None,
) -> Iterator[Row]:
    """A numbered row for each line."""
    header = next(place for place, column in enumerate(columns) if column.head.row_header)
    for number, line in enumerate(lines, start=1):
        cells = cells_of(columns, line, language, number)
        yield Row(row_key(line) if row_key else str(cells[header].value), cells)


def cells_of(
    columns: Iterable[ColumnOf[M]], line: M, language: Language, number: Value = ""
) -> tuple[Cell, ...]:
    """The cells of one line; a sum has no number."""
    return tuple(column.cell(line, number, language) for column in columns)


def sum_of(columns: Sequence[Column], rows: Iterable[Row], name: str) -> Row:
    """A line with the sums of columns that are summed; text in place of a number adds nothing."""
    cells = [Cell(name if column.row_header else "") for column in columns]
    numbers = list(zip(*(row.cells for row in rows), strict=True))
    for place, column in enumerate(columns):
        if column.summed:
            cells[place] = Cell(sum(c.value for c in numbers[place] if isinstance(c.value, int)))
    return Row("", tuple(cells))


def withheld_table(table: Table, language: Language) -> Table:
    """The table without any line, because the sum of its lines is not published."""
    return replace(
        table, groups=(RowGroup(()),), total=None, notes=(), empty=withheld_note(language)
    )


def withheld_note(language: Language) -> str:
    """What a withheld cell means."""
    return language.gettext(
        "(hidden): not published, so that nothing can be learned about few people,"
        " neither from the figure itself nor as the difference of others."
    )
