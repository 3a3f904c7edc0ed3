"""The lists in staff files: which sheets hold one, their header, and their rows told apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from mailaudit.errors import N_, RosterError
from mailaudit.model.layout import Layout, UnitFrom
from mailaudit.model.reading import PROBLEM_HEADING, ListColumn, ListSheet, RowKind
from mailaudit.model.roster import Problem
from mailaudit.roster.cells import shown
from mailaudit.roster.columns import (
    NAME_KEYS,
    STAFF_COLUMNS,
    UNIT_KEYS,
    Vocabulary,
)
from mailaudit.roster.dates import DateColumn, date_column
from mailaudit.roster.header import (
    Header,
    HeaderSearch,
    check_columns,
    is_blank,
    no_header,
)
from mailaudit.roster.places import column_index, column_letters
from mailaudit.roster.rowkinds import RowSorter, group_of
from mailaudit.roster.sheets import Row, Sheet, sheets_of

MAILBOX_NEEDED = (("mailbox",),)
UNIT_NEEDED = (*MAILBOX_NEEDED, UNIT_KEYS)
PERSONAL = frozenset({"mailbox", "staff_code", *NAME_KEYS})
HIDDEN = N_("this sheet is hidden and was not read")
NO_LIST = N_("this sheet has no list and was not read")
NOT_CHOSEN = N_("roster.sheets does not name this sheet")
OUR_PROBLEMS = N_("mailaudit's own list of problems, not read")


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
        index = self.columns.get(column)
        return row.cells[index] if index is not None and index < len(row.cells) else None

    def seen(self) -> ListSheet:
        """What became of the rows, for people to look at."""
        keys = {index: key for key, index in self.columns.items()}
        return ListSheet(
            file=self.file.name,
            name=self.header.sheet.name,
            place=self.header.place.rpartition(":")[0],
            is_hidden=self.header.sheet.hidden,
            note=self.header.sheet.note,
            note_values=self.header.sheet.note_values,
            header_rows=tuple(row.number for row in self.header.rows),
            columns=tuple(
                ListColumn(index, heading, keys.get(index, ""))
                for index, heading in enumerate(self.header.headings)
                if heading or index in keys
            ),
            unit=self.unit,
            rows=[(row.number, row.cells) for row in self.all_rows],
            kinds=self.kinds,
            hidden_rows=tuple(row.number for row in self.all_rows if row.hidden),
        )


class StaffFile:
    """One file: its lists, and its sheets that were not read.

    Raises:
        RosterError: It can't be read, or a sheet has people but no usable header.
    """

    def __init__(self, file: Path, content: bytes, layout: Layout) -> None:
        self.lists: list[StaffList] = []
        self.unread: list[ListSheet] = []
        self.remarks: list[Problem] = []
        self._file = file
        self._layout = layout
        named = {
            column: heading for column, heading in layout.columns.items() if not _is_letter(heading)
        }
        self._search = HeaderSearch(
            STAFF_COLUMNS, Vocabulary(STAFF_COLUMNS, named), layout.header_row
        )
        sheets = sheets_of(file, content, layout.encoding)
        self._check_sheet_names(sheets)
        headers = {id(header.sheet): header for header in self._search.headers(sheets)}
        chosen = [
            (header, self._placed(header))
            for sheet in sheets
            if (header := headers.get(id(sheet))) is not None
            and self._counts(sheet)
            and (_is_list(header, layout) or sheet.name in layout.sheets)
        ]
        usable = [(header, columns) for header, columns in chosen if "mailbox" in columns]
        if not usable:
            raise self._no_list(sheets, headers)
        for header, columns in chosen:
            if "mailbox" not in columns:
                raise no_header(file, [header.sheet], STAFF_COLUMNS, MAILBOX_NEEDED, [header])
        read = {id(header.sheet) for header, _ in usable}
        for sheet in sheets:
            # A CSV file is several ways to see one sheet.
            if id(sheet) not in read and not sheet.ragged:
                self._leave(sheet, headers.get(id(sheet)))
        for header, columns in usable:
            check_columns(file, header)
            self.lists.append(self._list(header, columns, several=len(usable) > 1))

    def _check_sheet_names(self, sheets: Sequence[Sheet]) -> None:
        names = [sheet.name for sheet in sheets]
        ragged = bool(sheets) and sheets[0].ragged
        if self._layout.sheets and not ragged and not set(names) & set(self._layout.sheets):
            raise RosterError(
                N_("The workbook {file} has none of the sheets of roster.sheets: {wanted}."),
                N_("Its sheets are: {sheets}."),
                file=self._file,
                wanted=", ".join(self._layout.sheets),
                sheets=", ".join(names),
            )

    def _counts(self, sheet: Sheet) -> bool:
        """Whether the sheet's people count: as configured, else where it can be seen."""
        if self._layout.sheets and not sheet.ragged:
            return sheet.name in self._layout.sheets
        return not sheet.hidden and not _is_ours(sheet)

    def _placed(self, header: Header) -> Mapping[str, int]:
        """The columns found, and those a person has named by letter or heading."""
        columns = dict(header.columns)
        for column, heading in self._layout.columns.items():
            if _is_letter(heading):
                index = column_index(heading)
                columns = {key: at for key, at in columns.items() if at != index}
                columns[column] = index
            elif column not in columns:
                raise RosterError(
                    N_('The header at {row} of {file} has no "{heading}" ({key}).'),
                    N_("Its headings are: {headings}."),
                    row=header.place,
                    file=self._file,
                    heading=heading,
                    key=f"roster.columns.{column}",
                    headings=", ".join(text for text in header.headings if text),
                )
        return columns

    def _no_list(self, sheets: Sequence[Sheet], headers: Mapping[int, Header]) -> RosterError:
        found = [headers[id(sheet)] for sheet in sheets if id(sheet) in headers]
        needed = MAILBOX_NEEDED if self._layout.unit_from else UNIT_NEEDED
        return no_header(self._file, sheets, STAFF_COLUMNS, needed, found)

    def _leave(self, sheet: Sheet, header: Header | None) -> None:
        """Accounts for a sheet that is not read, and tells of it where it is a hidden list.

        Raises:
            RosterError: It has people on it, but no header that says so.
        """
        rows = [row for row in sheet.rows if not is_blank(row)]
        if self._layout.sheets:
            note = NOT_CHOSEN
        elif _is_ours(sheet):
            note = OUR_PROBLEMS
        elif sheet.hidden:
            note = HIDDEN
        else:
            note = NO_LIST
            self._check_nobody_is_there(sheet, rows)
        if note == HIDDEN and header is not None and not header.missing(MAILBOX_NEEDED):
            self.remarks.append(Problem(header.place, note))
        self.unread.append(
            ListSheet(
                file=self._file.name,
                name=sheet.name,
                place=rows[0].place.rpartition(":")[0] if rows else "",
                is_hidden=sheet.hidden,
                note=note,
                note_values=(),
                header_rows=(),
                columns=(),
                unit="",
                rows=[(row.number, row.cells) for row in rows],
                kinds={row.number: RowKind.UNREAD for row in rows},
            )
        )

    def _check_nobody_is_there(self, sheet: Sheet, rows: Sequence[Row]) -> None:
        for row in rows:
            for index, cell in enumerate(row.cells):
                if isinstance(cell, str) and "@" in cell:
                    raise RosterError(
                        N_(
                            'The sheet "{sheet}" of {file} has mail addresses, the first at {cell},'
                            " but no header of a staff list."
                        ),
                        N_(
                            "Give it a header, hide it, or name the sheets that count in the"
                            " configuration as roster.sheets."
                        ),
                        sheet=sheet.name,
                        file=self._file,
                        cell=f"{column_letters(index)}{row.number}",
                    )

    def _list(self, header: Header, columns: Mapping[str, int], *, several: bool) -> StaffList:
        unit_from = self._unit_from(header, columns, several=several)
        if unit_from is not UnitFrom.COLUMN:
            columns = {key: at for key, at in columns.items() if key not in UNIT_KEYS}
        above = list(islice(iter(header.sheet.rows), header.position))
        self._check_nobody_is_above(header, above)
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
        rows = [row for row in (*above, *header.rows, *below) if row.number in kinds]
        return StaffList(
            file=self._file,
            header=header,
            columns=columns,
            unit_from=unit_from,
            unit=header.sheet.name.strip() if unit_from is UnitFrom.SHEET else "",
            rows=people,
            kinds=kinds,
            all_rows=sorted([*rows, *(row for row, _ in people)], key=lambda row: row.number),
            dates={
                column: date_column(
                    (_at(row, columns.get(column)) for row, _ in people), self._layout.date_order
                )
                for column in ("status_from", "status_to")
            },
        )

    def _unit_from(self, header: Header, columns: Mapping[str, int], *, several: bool) -> UnitFrom:
        """Where the unit stands: as configured, else a column, else the sheet where many do.

        Raises:
            RosterError: It has to be said.
        """
        has_column = any(column in columns for column in UNIT_KEYS)
        chosen = self._layout.unit_from
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
                file=self._file,
                column=STAFF_COLUMNS["unit_code"][0],
            )
        return UnitFrom.COLUMN

    def _check_nobody_is_above(self, header: Header, above: Sequence[Row]) -> None:
        for row in above:
            if any(isinstance(cell, str) and "@" in cell for cell in row.cells[1:]):
                raise RosterError(
                    N_("Mail addresses stand at {row} of {file}, above the header at {header}."),
                    N_(
                        "Move the header above the people, or name its row in the configuration as"
                        " roster.header_row."
                    ),
                    row=row.place,
                    file=self._file,
                    header=header.place,
                )


def _is_list(header: Header, layout: Layout) -> bool:
    """Whether the sheet is about people: a summary by unit has no names and no mailboxes."""
    return bool(PERSONAL & set(header.columns)) or bool(set(layout.columns) & PERSONAL)


def _is_ours(sheet: Sheet) -> bool:
    """Whether the sheet is what `roster check --out` has added."""
    if sheet.name != PROBLEM_HEADING:
        return False
    first = next(iter(sheet.rows), None)
    return first is not None and bool(first.cells) and shown(first.cells[0]) == PROBLEM_HEADING


def _is_letter(heading: str) -> bool:
    """Whether a person has named a column by its letter, as in "F"."""
    return len(heading) <= 2 and heading.isascii() and heading.isalpha() and heading.isupper()


def _without(row: Row, index: int | None) -> Row:
    """The row without what `roster check --out` has written into it."""
    if _at(row, index) in (None, ""):
        return row
    assert index is not None, "there is a cell"  # noqa: S101
    return replace(row, cells=[*row.cells[:index], None, *row.cells[index + 1 :]])


def _at(row: Row, index: int | None) -> object:
    return row.cells[index] if index is not None and index < len(row.cells) else None
