"""Staff lists: a Roster from files, every row of them accounted for.

A row that can't be understood is a fault and stops the reading, after all rows were looked at: a
person whose address can't be read must not count as one without a mailbox. A person who stands in
the lists twice is counted once and reported as a Problem. Rows that are not people, such as
headings and totals, are counted by kind: rows in = staff + explained rows.
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from mailaudit.errors import N_, RosterError
from mailaudit.model.layout import Layout
from mailaudit.model.period import Period
from mailaudit.model.reading import ListReading, ListSheet
from mailaudit.model.roster import Problem, Roster, Unit
from mailaudit.roster.cells import bare_letters
from mailaudit.roster.columns import STAFF_COLUMNS
from mailaudit.roster.errors import RosterFaults
from mailaudit.roster.files.open import read_bytes
from mailaudit.roster.list_file import lacks_heading
from mailaudit.roster.staff_file import StaffFile
from mailaudit.roster.staff_list import StaffList
from mailaudit.roster.staff_row import StaffReader
from mailaudit.roster.units import UnitBook, read_unit_list, units_of

DEFAULT_GROUP = "Các đơn vị"
DEFAULT_LAYOUT = Layout()


def read_roster(
    staff_files: Path | Sequence[Path],
    units_file: Path | None = None,
    period: Period | None = None,
    *,
    layout: Layout = DEFAULT_LAYOUT,
    default_group: str = DEFAULT_GROUP,
) -> tuple[Roster, tuple[Problem, ...]]:
    """The Roster of staff lists and, where there is one, a unit list; and what was odd in them.

    Without a unit list each unit of the staff lists is a unit of `default_group`.

    Args:
        staff_files: .csv, .xlsx, .xls or .ods with at least a mailbox and a unit column. Several
            files are one list in parts.
        units_file: The same kinds, with at least a code column.
        period: Whose staff it is: units count that are in force on its last day. None takes the
            unit list as it is newest.
        layout: What is known of the staff lists' form.
        default_group: The group of units that the list puts in no group.

    Raises:
        RosterError: A list can't be read, or rows of it can't be understood.
    """
    files = [staff_files] if isinstance(staff_files, Path) else list(staff_files)
    reading = read_lists(files, units_file, period, layout=layout, default_group=default_group)
    if reading.errors:
        raise reading.errors[0]
    if reading.roster is None:
        raise RosterFaults(", ".join(map(str, files)), reading.faults)
    return reading.roster, reading.remarks


def read_lists(
    files: Sequence[Path],
    units_file: Path | None = None,
    period: Period | None = None,
    *,
    layout: Layout = DEFAULT_LAYOUT,
    default_group: str = DEFAULT_GROUP,
) -> ListReading:
    """All that can be found in the lists, right or wrong, without raising; see `read_roster`."""
    reader = _ListReader(layout)
    for file in files:
        reader.open(file)
    reader.check_sheet_names()
    reader.check_column_names()
    book = reader.open_units(units_file, period, default_group)
    return reader.read(files, book, default_group)


class _ListReader:
    """Opens files one after the other, then reads their people as one list."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._contents: list[bytes] = []
        self._lists: list[StaffList] = []
        self._unread: list[ListSheet] = []
        self._sheet_names: list[str] = []
        self._remarks: list[Problem] = []
        self._errors: list[RosterError] = []
        self._units: tuple[Unit, ...] | None = None

    def open(self, file: Path) -> None:
        """Finds the lists of a staff file."""
        try:
            content = read_bytes(file)
            opened = StaffFile(file, content, self._layout)
        except RosterError as error:
            self._errors.append(error)
            return
        self._contents.append(content)
        self._lists += opened.lists
        self._unread += opened.unread
        self._sheet_names += opened.sheet_names
        self._remarks += opened.remarks

    def check_sheet_names(self) -> None:
        """Keeps an error where the configuration names a sheet that no file has."""
        lacking = [name for name in self._layout.sheets if name not in self._sheet_names]
        if lacking and not self._errors:
            self._errors.append(
                RosterError(
                    N_("No file has the sheets {lacking} of roster.sheets."),
                    N_("There are these sheets: {sheets}."),
                    lacking=", ".join(lacking),
                    sheets=", ".join(self._sheet_names) or "–",
                )
            )

    def check_column_names(self) -> None:
        """Keeps an error where the configuration names a column that no list has, or a letter that
        is another column in another list."""
        if self._errors or not self._lists:
            return
        for column, named in self._layout.headings().items():
            is_placed = column in self._layout.letters()
            if not is_placed and all(column not in one.header.named for one in self._lists):
                first = self._lists[0]
                self._errors.append(lacks_heading(first.file, first.header, column, named))
        for column, letters in self._layout.letters().items():
            placed = [one for one in self._lists if column not in one.header.named]
            by_heading = {bare_letters(one.heading(column)): one for one in placed}
            if len(by_heading) > 1:
                first, second, *_ = by_heading.values()
                self._errors.append(
                    RosterError(
                        N_(
                            'Column {letter} ({key}) is "{first}" at {row}, but "{second}" at'
                            " {other}."
                        ),
                        N_(
                            "Name the column by its headings, one for each form of the list:"
                            ' ["{first}", "…"].'
                        ),
                        letter=letters[0],
                        key=f"roster.columns.{column}",
                        first=first.heading(column),
                        row=first.header.place,
                        second=second.heading(column),
                        other=second.header.place,
                    )
                )

    def open_units(self, file: Path | None, period: Period | None, group: str) -> UnitBook:
        """The units there are; any, where there is no list of them or it can't be used."""
        if file is None:
            return UnitBook(None)
        try:
            unit_list = read_unit_list(file, self._layout.encoding)
            self._units = units_of(unit_list, period, group)
        except RosterError as error:
            self._errors.append(error)
            return UnitBook(None)
        self._contents.append(unit_list.content)
        self._remarks += unit_list.problems
        return UnitBook(self._units, frozenset(row.unit.code for row in unit_list.rows))

    def read(self, files: Sequence[Path], book: UnitBook, group: str) -> ListReading:
        """Reads everybody."""
        reader = StaffReader(book, self._layout.domains)
        for source in self._lists:
            reader.read(source)
        faults = (*reader.people.repeated_lists(self._lists), *reader.faults)
        staff = reader.people.staff()
        if not (faults or self._errors) and not any(person.mailbox for person in staff):
            self._errors.append(
                RosterError(
                    N_("The staff list {file} has no mail address at all."),
                    N_('Fill in its column "{column}".'),
                    file=", ".join(map(str, files)),
                    column=STAFF_COLUMNS["mailbox"][0],
                )
            )
        roster = None
        if not (faults or self._errors):
            units = self._units if self._units is not None else book.met(group)
            roster = Roster(
                groups=tuple(dict.fromkeys(unit.group for unit in units)),
                units=units,
                staff=staff,
                digest=_digest(self._contents),
            )
        return ListReading(
            sheets=(*(source.seen() for source in self._lists), *self._unread),
            staff=staff,
            roster=roster,
            faults=faults,
            remarks=(*self._remarks, *reader.remarks, *reader.people.remarks),
            errors=tuple(self._errors),
        )


def _digest(contents: Sequence[bytes]) -> str:
    """SHA-256 of one file (what `sha256sum` prints), or of several files' digests in a row."""
    digests = [sha256(content).hexdigest() for content in contents]
    return digests[0] if len(digests) == 1 else sha256("".join(digests).encode()).hexdigest()
