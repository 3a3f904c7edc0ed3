"""The lists in a staff file: which sheets hold one, and which columns are used."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from mailaudit.errors import N_, RosterError
from mailaudit.model.layout import Layout
from mailaudit.model.reading import PROBLEM_HEADING, ListSheet, RowKind
from mailaudit.model.roster import Problem
from mailaudit.model.spreadsheet import column_index, column_letters
from mailaudit.roster.cells import shown
from mailaudit.roster.columns import NAME_KEYS, STAFF_COLUMNS, UNIT_KEYS, Vocabulary
from mailaudit.roster.files.open import sheets_of
from mailaudit.roster.files.sheet import Row, Sheet
from mailaudit.roster.header import Header, HeaderSearch, is_blank
from mailaudit.roster.list_file import HIDDEN, check_columns, lacks_heading, no_header
from mailaudit.roster.staff_list import StaffList, staff_list

MAILBOX_NEEDED = (("mailbox",),)
UNIT_NEEDED = (*MAILBOX_NEEDED, UNIT_KEYS)
PERSONAL = frozenset({"mailbox", "staff_code", *NAME_KEYS})
NO_LIST = N_("this sheet has no list and was not read")
NOT_CHOSEN = N_("roster.sheets does not name this sheet")
OUR_PROBLEMS = N_("mailaudit's own list of problems, not read")


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
        self._search = HeaderSearch(
            Vocabulary(STAFF_COLUMNS, layout.headings()),
            layout.header_row,
            frozenset(layout.letters()),
        )
        sheets = sheets_of(file, content, layout.encoding)
        self.sheet_names = [sheet.name for sheet in sheets if not sheet.ragged]
        headers = {id(header.sheet): header for header in self._search.headers(sheets)}
        chosen = [
            (header, self._placed(header))
            for sheet in sheets
            if (header := headers.get(id(sheet))) is not None
            and self._counts(sheet)
            and (_is_list(header, layout) or sheet.name in layout.sheets)
        ]
        usable = [(header, columns) for header, columns in chosen if "mailbox" in columns]
        for sheet in sheets:
            if sheet.name in layout.sheets and id(sheet) not in headers:
                raise self._no_list([sheet], headers)
        if not usable and not (layout.sheets and self.sheet_names):
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
            several = len(usable) > 1
            self.lists.append(staff_list(file, header, columns, layout, several=several))

    def _counts(self, sheet: Sheet) -> bool:
        """Whether the sheet's people count: as configured, else where it can be seen."""
        if self._layout.sheets and not sheet.ragged:
            return sheet.name in self._layout.sheets
        return not sheet.hidden and not _is_ours(sheet)

    def _placed(self, header: Header) -> Mapping[str, int]:
        """The columns found by their headings, else by the letter a person has named.

        Raises:
            RosterError: No heading is the one that a person has named for the mailbox, or a usual
                one.
        """
        columns = dict(header.columns)
        for column, letters in self._layout.letters().items():
            if column not in header.named:
                index = column_index(letters[0])
                columns = {key: at for key, at in columns.items() if at != index}
                columns[column] = index
        named = self._layout.headings().get("mailbox")
        if named and "mailbox" not in columns:
            raise lacks_heading(self._file, header, "mailbox", named)
        return columns

    def _no_list(self, sheets: Sequence[Sheet], headers: Mapping[int, Header]) -> RosterError:
        found = [headers[id(sheet)] for sheet in sheets if id(sheet) in headers]
        needed = MAILBOX_NEEDED if self._layout.unit_from else UNIT_NEEDED
        return no_header(self._file, sheets, STAFF_COLUMNS, needed, found)

    def _leave(self, sheet: Sheet, header: Header | None) -> None:
        """Accounts for a sheet that is not read, and reports it where it is a hidden list.

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
                note=note,
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


def _is_list(header: Header, layout: Layout) -> bool:
    """Whether the sheet is about people: a summary by unit has no names and no mailboxes."""
    return bool(PERSONAL & set(header.columns)) or bool(set(layout.columns) & PERSONAL)


def _is_ours(sheet: Sheet) -> bool:
    """Whether the sheet is what `roster check --out` has added."""
    if sheet.name != PROBLEM_HEADING:
        return False
    first = next(iter(sheet.rows), None)
    return first is not None and bool(first.cells) and shown(first.cells[0]) == PROBLEM_HEADING
