"""One list of staff: its columns, what its rows are, and where its people's unit stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from mailaudit.errors import N_, RosterError
from mailaudit.model.layout import Layout, UnitFrom
from mailaudit.model.reading import ListColumn, ListSheet, RowKind
from mailaudit.model.spreadsheet import column_letters
from mailaudit.roster.cells import ADDRESS, DateColumn, date_column, shown
from mailaudit.roster.columns import STAFF_COLUMNS, UNIT_KEYS
from mailaudit.roster.files.sheet import Row
from mailaudit.roster.header import Header, is_blank
from mailaudit.roster.row_kinds import RowSorter, group_of

_NO_NAMES = frozenset({"nam", "nữ", "nu", "x", "v"})  # sexes and ticks


@dataclass(slots=True)
class StaffList:
    """One list: its columns, and the rows that have to be people.

    Attributes:
        unit: The unit of everybody in it, where the sheet is named after one.
        kinds: What each row that is not blank was taken for; who reads the people adds theirs.
    """

    file: Path
    header: Header
    columns: Mapping[str, int]
    unit_from: UnitFrom
    unit: str
    rows: list[tuple[Row, str]]  # with the group each one stands in
    kinds: dict[int, RowKind]
    all_rows: list[Row]
    dates: Mapping[str, DateColumn]

    def cell(self, row: Row, column: str) -> object:
        """A column's cell; None where the list has no such column or the row ends before it."""
        return row.cell(self.columns.get(column))

    def heading(self, column: str) -> str:
        """What stands over a column that the list has, "" where nothing does."""
        headings = self._headings()
        return headings[self.columns[column]] if self.columns[column] < len(headings) else ""

    def seen(self) -> ListSheet:
        """What became of the rows, for people to look at."""
        keys = {index: key for key, index in self.columns.items()}
        return ListSheet(
            file=self.file.name,
            name=self.header.sheet.name,
            place=self.header.place.rpartition(":")[0],
            note=self.header.sheet.note,
            note_values=self.header.sheet.note_values,
            header_rows=tuple(row.number for row in self.header.rows),
            columns=tuple(
                ListColumn(index, heading, keys.get(index, ""))
                for index, heading in enumerate(self._headings())
                if heading or index in keys or self._has_text(index)
            ),
            unit=self.unit,
            rows=[(row.number, row.cells) for row in self.all_rows],
            kinds=self.kinds,
            hidden_rows=tuple(row.number for row in self.all_rows if row.hidden),
        )

    def _headings(self) -> list[str]:
        """What stands over each column that people's rows have, "" where nothing does."""
        width = max((len(row.cells) for row, _ in self.rows), default=0)
        headings = self.header.headings
        return [*headings, *[""] * (width - len(headings))]

    def _has_text(self, index: int) -> bool:
        """Whether anything stands in a column in any person's row."""
        return any(shown(row.cell(index)) for row, _ in self.rows)


def staff_list(
    file: Path, header: Header, columns: Mapping[str, int], layout: Layout, *, several: bool
) -> StaffList:
    """The list below a header, its rows sorted by what they are.

    Args:
        columns: The position of each column that is used.
        several: Whether the file has other lists.

    Raises:
        RosterError: People stand above the header, or nothing says which unit they belong to.
    """
    unit_from = _unit_from(file, header, columns, layout, several=several)
    if unit_from is not UnitFrom.COLUMN:
        columns = {key: at for key, at in columns.items() if key not in UNIT_KEYS}
    above = list(islice(iter(header.sheet.rows), header.position))
    _check_nobody_is_above(file, header, above)
    cleared = (_without(row, columns.get("problem")) for row in header.below())
    below = [row for row in cleared if not is_blank(row)]
    kinds = {row.number: RowKind.TITLE for row in above if not is_blank(row)}
    kinds |= {row.number: RowKind.HEADER for row in header.rows}
    people: list[tuple[Row, str]] = []
    group = ""
    sorter = RowSorter(header, columns)
    for row, kind in zip(below, sorter.kinds(below), strict=True):
        if kind is not None:
            kinds[row.number] = kind
        else:
            people.append((row, group))
        if kind is RowKind.GROUP:
            group = group_of(row)
    _check_name_is_whole(file, header, columns, [row for row, _ in people])
    rows = [row for row in (*above, *header.rows, *below) if row.number in kinds]
    return StaffList(
        file=file,
        header=header,
        columns=columns,
        unit_from=unit_from,
        unit=header.sheet.name.strip() if unit_from is UnitFrom.SHEET else "",
        rows=people,
        kinds=kinds,
        all_rows=sorted([*rows, *(row for row, _ in people)], key=lambda row: row.number),
        dates={
            column: date_column(
                (row.cell(columns.get(column)) for row, _ in people), layout.date_order
            )
            for column in ("status_from", "status_to")
        },
    )


def _unit_from(
    file: Path, header: Header, columns: Mapping[str, int], layout: Layout, *, several: bool
) -> UnitFrom:
    """Where the unit stands: as configured, else a column, else the sheet where many do.

    Raises:
        RosterError: It has to be said.
    """
    has_column = any(column in columns for column in UNIT_KEYS)
    chosen = layout.unit_from
    if chosen is None and not has_column and several:
        chosen = UnitFrom.SHEET
    if chosen not in (None, UnitFrom.COLUMN):
        return chosen
    if not has_column:
        raise RosterError(
            N_('The header at {row} of {file} has no column "{column}".'),
            N_(
                "Add it, or say in the configuration where the unit stands: roster.unit_from ="
                ' "sheet" (the sheet\'s name) or "group" (rows such as "II. Phòng Tài chính").'
            ),
            row=header.place,
            file=file,
            column=STAFF_COLUMNS["unit_code"][0],
        )
    return UnitFrom.COLUMN


def _check_nobody_is_above(file: Path, header: Header, above: Sequence[Row]) -> None:
    for row in above:
        first, *others = [shown(cell) for cell in row.cells] or [""]
        # An address may stand in a title, but not by itself beside something else.
        is_person = ADDRESS.fullmatch(first.lower()) is not None and any(others)
        if is_person or any("@" in text for text in others):
            raise RosterError(
                N_("Mail addresses stand at {row} of {file}, above the header at {header}."),
                N_(
                    "Move the header above the people, or name its row in the configuration as"
                    " roster.header_row."
                ),
                row=row.place,
                file=file,
                header=header.place,
            )


def _check_name_is_whole(
    file: Path, header: Header, columns: Mapping[str, int], people: Sequence[Row]
) -> None:
    """Raises RosterError where given names may stand beside the name, under no heading.

    As a heading over two columns does that lost its joined cells in a CSV file.
    """
    name = columns.get("name")
    if name is None or {"given_name", "middle_name"} & set(columns):
        return
    beside = name + 1
    headings = header.headings
    if beside in columns.values() or (beside < len(headings) and headings[beside]):
        return
    named = [row for row in people if shown(row.cell(name))]
    texts = [text for row in named if (text := shown(row.cell(beside)))]
    words = [text for text in texts if text.replace(" ", "").isalpha()]
    if 2 * len(words) < len(named) or {text.lower() for text in words} <= _NO_NAMES:
        return
    raise RosterError(
        N_(
            'Column {column} of {file}, beside "{name}", has no heading at {row}, but texts such as'
            ' "{text}": given names?'
        ),
        N_('If so, write "Tên" over it; otherwise what else it is.'),
        column=column_letters(beside),
        file=file,
        name=headings[name] if name < len(headings) else "",
        row=header.place,
        text=words[0],
    )


def _without(row: Row, index: int | None) -> Row:
    """The row without what `roster check --out` has written into it."""
    if row.cell(index) in (None, ""):
        return row
    assert index is not None, "there is a cell"  # noqa: S101
    return replace(row, cells=[*row.cells[:index], None, *row.cells[index + 1 :]])
