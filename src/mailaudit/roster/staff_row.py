"""One row of a staff list -> the person of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from mailaudit.errors import N_
from mailaudit.model.layout import UnitFrom
from mailaudit.model.reading import RowKind
from mailaudit.model.roster import Problem, Staff
from mailaudit.model.wording import folded
from mailaudit.roster.cells import address_of, addresses_of, shown, wording_of
from mailaudit.roster.columns import NAME_KEYS
from mailaudit.roster.errors import BadCell
from mailaudit.roster.files.sheet import Row
from mailaudit.roster.header import check_width
from mailaudit.roster.people import People, UnitClaim, claim_of
from mailaudit.roster.staff_list import StaffList
from mailaudit.roster.units import UnitBook

# A citizen's number has twelve digits, the first mostly 0, which Excel drops from a number.
_SHORT_CITIZEN_NUMBER = re.compile(r"[1-9]\d{10}")
_SHORTER_CITIZEN_NUMBER = re.compile(r"[1-9]\d{9}")
Value = TypeVar("Value")
_ROUNDED_NUMBER = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)


class StaffReader:
    """Reads the people of lists; every row ends as staff, as repeated, or as a fault."""

    def __init__(self, units: UnitBook, domains: frozenset[str]) -> None:
        self.people = People()
        self.faults: list[Problem] = []
        self.remarks: list[Problem] = []
        self._units = units
        self._domains = domains

    def read(self, source: StaffList) -> None:
        """Adds everybody of one list."""
        for row, group in source.rows:
            faults = self._add(source, row, group)
            if faults:
                source.kinds[row.number] = RowKind.FAULTY
                self.faults += [fault.at(row.place, row.number) for fault in faults]

    def _add(self, source: StaffList, row: Row, group: str) -> list[BadCell]:
        """Counts the person of a row; all that is wrong with it where it can't be."""
        reader = _RowReader(source, row, group, self._units, self._domains, self.remarks)
        try:
            check_width(row, source.header.width)
            person, claim = reader.person()
            if not reader.faults:
                self.people.add(person, claim, source, row.number)
        except BadCell as fault:
            return [fault]
        return reader.faults


@dataclass(slots=True)
class _RowReader:
    """Reads one row as far as it can be read.

    Attributes:
        faults: All that is wrong with it, each with its cell where it is one cell's.
    """

    source: StaffList
    row: Row
    group: str
    units: UnitBook
    domains: frozenset[str]
    remarks: list[Problem]
    faults: list[BadCell] = field(default_factory=list)
    is_nobody: bool = False

    def person(self) -> tuple[Staff, UnitClaim]:
        """The person, and whether their unit pays them; without meaning where there are faults."""
        mailbox = self._mailbox()
        code = self._staff_code()
        name = self._name()
        self._check_is_person(mailbox, code, name)
        unit, paid_here = self._unit() if not self.is_nobody else ("", None)
        status, category = self._wording("status"), self._wording("category")
        job_title = self._wording("job_title")
        since, until = self._date("status_from"), self._date("status_to")
        if since is not None and until is not None and until < since:
            self._fault("status_to", BadCell(N_("the status ends before it begins")))
        aliases: tuple[str, ...] = ()
        if "aliases" in self.source.columns:
            aliases = self._read("aliases", lambda: addresses_of(self._cell("aliases")), aliases)
        person = Staff(
            key=code or mailbox or self.row.place,
            unit_code=unit,
            mailbox=mailbox,
            name=name,
            category=category,
            status=status,
            status_from=since,
            status_to=until,
            row=self.row.place,
            job_title=job_title,
            aliases=tuple(alias for alias in aliases if alias != mailbox),
            server=self._wording("server"),
        )
        words = (status, category, shown(self._cell("note")))
        return person, claim_of(*words, job_title=job_title, paid_here=paid_here)

    def _check_is_person(self, mailbox: str | None, code: str, name: str) -> None:
        """Finds rows that hold nobody, unless something else is wrong with them anyway."""
        if self.faults or mailbox or code:
            return
        texts = [text for cell in self.row.cells if (text := shown(cell))]
        if not name:
            self.is_nobody = True
            self._fault("", BadCell(N_("the row has neither a mailbox nor a name or code")))
        elif len(texts) == 1:
            self.is_nobody = True
            fault = BadCell(
                N_(
                    '"{text}" stands alone: if it is a person, fill in the unit or write "chưa có"'
                    ' as the mailbox; if it is a heading, number it as in "I. {text}"'
                ),
                text=texts[0],
            )
            self._fault(next(key for key in NAME_KEYS if shown(self._cell(key))), fault)

    def _mailbox(self) -> str | None:
        cell = self._cell("mailbox")
        mailbox = self._read("mailbox", lambda: address_of(cell, self.domains), None)
        if mailbox is None or mailbox == cell:
            return mailbox
        parts = addresses_of(cell)
        if len(parts) > 1:
            self._remark(
                "mailbox",
                N_("{mailbox} counts, being the organisation's; left out: {others}"),
                mailbox=mailbox,
                others=", ".join(part for part in parts if part != mailbox),
            )
        return mailbox

    def _name(self) -> str:
        """The full name; joined of its parts only where there is none, or it lacks the given name.

        A list may have a column of given names to be sorted by, beside the full name.
        """
        name, *parts = map(self._wording, NAME_KEYS)
        given = parts[-1]
        if not name:
            return " ".join(part for part in parts if part)
        if not given or f" {folded(given)} " in f" {folded(name)} ":
            return name
        return f"{name} {given}"

    def _staff_code(self) -> str:
        """The staff code, "" where there is none that could be one."""
        code = self._wording("staff_code")
        if _ROUNDED_NUMBER.fullmatch(code):
            rounded = BadCell(
                N_('"{text}" is a number that Excel rounded; format the column as text'), text=code
            )
            self._fault("staff_code", rounded)
        is_number = isinstance(self._cell("staff_code"), int | float)
        if _SHORT_CITIZEN_NUMBER.fullmatch(code) or (
            is_number and _SHORTER_CITIZEN_NUMBER.fullmatch(code)
        ):
            self._remark(
                "staff_code",
                N_('"{text}" looks like a CCCD that lost its zero; it identifies nobody here'),
                text=code,
            )
            return ""
        return code

    def _unit(self) -> tuple[str, bool | None]:
        """The code of the unit that pays, and whether it is the row's; None where nothing says."""
        own = self._own_unit()
        paying = self._wording("paying_unit")
        if not paying:
            return own, None
        unit = self._read("paying_unit", lambda: self.units.code(paying), "")
        return unit, unit == own

    def _own_unit(self) -> str:
        source = self.source
        if source.unit_from is not UnitFrom.COLUMN:
            text = source.unit or self.group
            if not text:
                nowhere = BadCell(N_("the row has no unit: no group row stands above it"))
                self._fault("", nowhere)
                return ""
            return self._read("", lambda: self.units.code(wording_of(text)), "")
        column = "unit_code" if "unit_code" in source.columns else "unit_name"
        before = len(self.faults)
        text = self._wording(column)
        if not text:
            if len(self.faults) == before:
                self._fault(column, BadCell(N_("the row has no unit")))
            return ""
        name = text if column == "unit_name" else self._wording("unit_name")
        return self._read(column, lambda: self.units.code(text, name), "")

    def _cell(self, column: str) -> object:
        return self.source.cell(self.row, column)

    def _wording(self, column: str) -> str:
        if column not in self.source.columns:
            return ""
        return self._read(column, lambda: wording_of(self._cell(column)), "")

    def _date(self, column: str) -> date | None:
        if column not in self.source.columns:
            return None
        return self._read(column, lambda: self.source.dates[column].date(self._cell(column)), None)

    def _read(self, column: str, read: Callable[[], Value], otherwise: Value) -> Value:
        """What `read` gives; where it can't, `otherwise`, and a fault of the column."""
        try:
            return read()
        except BadCell as fault:
            self._fault(column, fault)
            return otherwise

    def _fault(self, column: str, fault: BadCell) -> None:
        fault.column = self.source.columns.get(column)
        self.faults.append(fault)

    def _remark(self, column: str, message: str, **values: str) -> None:
        remark = BadCell(message, **values)
        remark.column = self.source.columns.get(column)
        self.remarks.append(remark.at(self.row.place, self.row.number))
