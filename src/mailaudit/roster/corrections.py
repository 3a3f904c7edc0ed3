"""Lists of corrections: what units objected to in the staff list of a month, row by row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mailaudit.errors import N_, RosterError
from mailaudit.model.correction import Correction, CorrectionKind
from mailaudit.model.roster import Problem
from mailaudit.model.spreadsheet import column_letters
from mailaudit.roster.cells import address_of, bare_letters, date_of, wording_of
from mailaudit.roster.columns import CORRECTION_COLUMNS
from mailaudit.roster.errors import BadCell, RosterFaults
from mailaudit.roster.files.sheet import Row
from mailaudit.roster.header import check_width
from mailaudit.roster.list_file import ListFile, open_list

REQUIRED = (
    *(("month",), ("person",), ("kind",), ("value",)),
    *(("reason",), ("approved_by",), ("approved_on",)),
)
KINDS = {
    **{bare_letters(kind.value): kind for kind in CorrectionKind},
    "tinhtrang": CorrectionKind.STATUS,
    "status": CorrectionKind.STATUS,
    "phanloai": CorrectionKind.CATEGORY,
    "category": CorrectionKind.CATEGORY,
    "chucdanh": CorrectionKind.JOB_TITLE,
    "jobtitle": CorrectionKind.JOB_TITLE,
    "unit": CorrectionKind.UNIT,
    "mailbox": CorrectionKind.MAILBOX,
    "danghiviec": CorrectionKind.LEFT,
    "nghiviec": CorrectionKind.LEFT,
    "left": CorrectionKind.LEFT,
    "khongphainhansu": CorrectionKind.NOT_STAFF,
    "notstaff": CorrectionKind.NOT_STAFF,
}
_VALUELESS = (CorrectionKind.LEFT, CorrectionKind.NOT_STAFF)  # their kind says it all
_DATED = (CorrectionKind.STATUS, CorrectionKind.LEFT)
_YEAR_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_MONTH_YEAR = re.compile(r"(?:tháng )?(\d{1,2}) ?/ ?(\d{4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ListedCorrection:
    """A correction, its value as written, and the name of each of its cells ("E2") by column."""

    correction: Correction
    cells: Mapping[str, str]

    def fault(self, column: str, message: str, **values: str) -> Problem:
        """What is wrong with a cell of it."""
        row = self.correction.row
        return Problem(row, message, tuple(values.items()), self.cells.get(column, ""))


def read_corrections(
    file: Path, today: date, encoding: str | None = None
) -> tuple[ListedCorrection, ...]:
    """The corrections of a list, in its order; nothing is held against a staff list yet.

    Args:
        today: No approval is of a later day.
        encoding: What text that is not Unicode is written in, where a person has said so.

    Raises:
        RosterError: The list can't be read, has no row, or rows of it can't be understood.
    """
    opened = open_list(file, CORRECTION_COLUMNS, REQUIRED, encoding)
    found: list[ListedCorrection] = []
    faults: list[Problem] = []
    for row in opened.rows:
        try:
            check_width(row, opened.width)
            found.append(_RowReader(opened, row, today).listed())
        except BadCell as fault:
            faults.append(fault.at(row.place, row.number))
    if faults:
        raise RosterFaults(file, faults)
    if not found:
        raise RosterError(
            N_("{file} has no correction."),
            N_("Write one in each row below the header; mailaudit init gives an example."),
            file=file,
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _RowReader:
    """Reads one row; raises BadCell with the column of the first cell that can't be understood."""

    opened: ListFile
    row: Row
    today: date

    def listed(self) -> ListedCorrection:
        kind = self._kind()
        since, until = self._dates(kind)
        correction = Correction(
            month=self._month(),
            person=self._person(),
            kind=kind,
            value=self._value(kind),
            status_from=since,
            status_to=until,
            reason=self._needed("reason", N_("the correction has no reason")),
            document=self._text("document"),
            approved_by=self._needed(
                "approved_by", N_("nobody approved the correction: write who decided")
            ),
            approved_on=self._approved_on(),
            row=self.row.place,
        )
        columns = self.opened.columns.items()
        cells = {name: f"{column_letters(index)}{self.row.number}" for name, index in columns}
        return ListedCorrection(correction, cells)

    def _month(self) -> str:
        text = self._needed("month", N_("the correction has no month"))
        try:
            if found := _YEAR_MONTH.fullmatch(text):
                first = date(int(found[1]), int(found[2]), 1)
            elif found := _MONTH_YEAR.fullmatch(text):
                first = date(int(found[2]), int(found[1]), 1)
            else:  # what Excel makes of 10/2026
                first = date_of(self.opened.cell(self.row, "month")) or date.min
        except (ValueError, BadCell):
            message = N_('"{text}" is not a month; write it as 2026-10 or 10/2026')
            raise self._bad("month", message, text=text) from None
        return f"{first:%Y-%m}"

    def _person(self) -> str:
        text = self._needed("person", N_("the correction names nobody"))
        return self._address("person") or text if "@" in text else text

    def _kind(self) -> CorrectionKind:
        text = self._needed("kind", N_("the correction does not say what is wrong"))
        kind = KINDS.get(bare_letters(text))
        if kind is None:
            raise self._bad(
                "kind",
                N_('"{text}" is nothing that can be corrected; write one of: {kinds}'),
                text=text,
                kinds=", ".join(CorrectionKind),
            )
        return kind

    def _value(self, kind: CorrectionKind) -> str:
        text = self._text("value")
        if kind is CorrectionKind.NOT_STAFF and text:
            raise self._bad(
                "value", N_("who is not staff has no right value: leave the cell empty")
            )
        if not text and kind not in _VALUELESS:
            raise self._bad("value", N_("the correction has no right value"))
        return self._address("value") or "" if kind is CorrectionKind.MAILBOX else text

    def _dates(self, kind: CorrectionKind) -> tuple[date | None, date | None]:
        since, until = self._date("status_from"), self._date("status_to")
        if kind not in _DATED and (since or until):
            column = "status_from" if since else "status_to"
            raise self._bad(column, N_("only a status has dates: leave the cell empty"))
        if kind is CorrectionKind.LEFT and since is None:
            raise self._bad("status_from", N_("who left needs the first day without work"))
        if kind is CorrectionKind.LEFT and until is not None:
            raise self._bad("status_to", N_("who left has no last day: leave the cell empty"))
        if since is not None and until is not None and until < since:
            raise self._bad("status_to", N_("the status ends before it begins"))
        return since, until

    def _approved_on(self) -> date:
        day = self._date("approved_on")
        if day is None:
            raise self._bad("approved_on", N_("the approval has no day"))
        if day > self.today:
            raise self._bad(
                "approved_on",
                N_("the day of the approval, {day}, is still to come"),
                day=f"{day:%d/%m/%Y}",
            )
        return day

    def _needed(self, column: str, message: str) -> str:
        text = self._text(column)
        if not text:
            raise self._bad(column, message)
        return text

    def _text(self, column: str) -> str:
        try:
            return wording_of(self.opened.cell(self.row, column))
        except BadCell as fault:
            raise self._of(column, fault) from None

    def _date(self, column: str) -> date | None:
        try:
            return date_of(self.opened.cell(self.row, column))
        except BadCell as fault:
            raise self._of(column, fault) from None

    def _address(self, column: str) -> str | None:
        try:
            return address_of(self.opened.cell(self.row, column))
        except BadCell as fault:
            raise self._of(column, fault) from None

    def _bad(self, column: str, message: str, **values: str) -> BadCell:
        return self._of(column, BadCell(message, **values))

    def _of(self, column: str, fault: BadCell) -> BadCell:
        fault.column = self.opened.columns.get(column)
        return fault
