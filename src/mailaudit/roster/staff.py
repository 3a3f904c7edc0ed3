"""One row of a staff list -> the person of it."""

import re
from collections.abc import Sequence
from datetime import date

from mailaudit.errors import N_
from mailaudit.model.layout import UnitFrom
from mailaudit.model.reading import RowKind
from mailaudit.model.roster import Problem, Staff, Unit
from mailaudit.model.tones import with_tones_placed
from mailaudit.roster.cells import (
    address_of,
    addresses_of,
    shown,
    wording_of,
)
from mailaudit.roster.columns import NAME_KEYS
from mailaudit.roster.faults import BadCell
from mailaudit.roster.header import check_width
from mailaudit.roster.lists import StaffList
from mailaudit.roster.people import People, Standing, standing_of
from mailaudit.roster.sheets import Row

# A citizen's number has twelve digits, the first mostly 0, which Excel drops from a number.
_SHORT_CITIZEN_NUMBER = re.compile(r"[1-9]\d{10}")
_SHORTER_CITIZEN_NUMBER = re.compile(r"[1-9]\d{9}")
_ROUNDED_NUMBER = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)


class UnitBook:
    """Finds the unit a cell names: by code, else by a name that only one unit has.

    Args:
        units: The units there are, or None to accept any.
        listed: The codes of units of other times, to say so.
    """

    def __init__(self, units: Sequence[Unit] | None, listed: frozenset[str] = frozenset()) -> None:
        self._is_open = units is None
        self._listed = listed
        self._names: dict[str, str] = {}  # of units met, by code
        self._codes: dict[str, set[str]] = {}  # by what a cell may say, compared as one compares
        for unit in units or ():
            self._codes.setdefault(_compared(unit.code), set()).add(unit.code)
        for unit in units or ():
            self._codes.setdefault(_compared(unit.name), set()).add(unit.code)
        self._exact = {unit.code for unit in units or ()}

    def code(self, text: str, name: str = "") -> str:
        """The code of the unit that `text` names; `name` is what else its row says of it.

        Raises:
            BadCell: No unit is called so, or several are.
        """
        if text in self._exact:
            return text
        codes = self._codes.get(_compared(text), set())
        if len(codes) == 1:
            return next(iter(codes))
        if len(codes) > 1:
            raise BadCell(
                N_('"{text}" may be several units: {codes}; write the code'),
                text=text,
                codes=", ".join(sorted(codes)),
            )
        if not self._is_open:
            if text in self._listed:
                raise BadCell(
                    N_('the unit "{code}" is in the unit list, but not in force then'), code=text
                )
            raise BadCell(N_('the unit "{code}" is not in the unit list'), code=text)
        self._exact.add(text)
        self._codes[_compared(text)] = {text}
        self._names[text] = name or text
        return text

    def met(self, group: str) -> tuple[Unit, ...]:
        """The units met, in order of appearance; each with the first name it was given."""
        return tuple(Unit(code, name, group) for code, name in self._names.items())


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
            try:
                person, standing = _RowReader(
                    source, row, group, self._units, self._domains, self.remarks
                ).person()
                self.people.add(person, standing, source, row.number)
            except BadCell as fault:
                source.kinds[row.number] = RowKind.FAULTY
                self.faults.append(fault.at(row.place, row.number))


class _RowReader:
    """Reads one row; each fault knows its cell."""

    def __init__(
        self,
        source: StaffList,
        row: Row,
        group: str,
        units: UnitBook,
        domains: frozenset[str],
        remarks: list[Problem],
    ) -> None:
        self._source = source
        self._row = row
        self._group = group
        self._units = units
        self._domains = domains
        self._remarks = remarks

    def person(self) -> tuple[Staff, Standing]:
        """The person, and whether their unit pays them. Raises BadCell."""
        check_width(self._row, self._source.header.width)
        mailbox = self._mailbox()
        code = self._staff_code()
        name = " ".join(part for part in map(self._wording, NAME_KEYS) if part)
        self._check_is_person(mailbox, code, name)
        unit, paid_here = self._unit()
        status, category = self._wording("status"), self._wording("category")
        job_title = self._wording("job_title")
        since, until = self._date("status_from"), self._date("status_to")
        if since is not None and until is not None and until < since:
            raise self._fault("status_to", BadCell(N_("the status ends before it begins")))
        person = Staff(
            key=code or mailbox or self._row.place,
            unit_code=unit,
            mailbox=mailbox,
            name=name,
            category=category,
            status=status,
            status_from=since,
            status_to=until,
            row=self._row.place,
            job_title=job_title,
            aliases=tuple(alias for alias in self._aliases() if alias != mailbox),
        )
        note = shown(self._source.cell(self._row, "note"))
        return person, standing_of(status, category, note, job_title=job_title, paid_here=paid_here)

    def _check_is_person(self, mailbox: str | None, code: str, name: str) -> None:
        if not (mailbox or code or name):
            raise BadCell(N_("the row has neither a mailbox nor a name or code"))
        texts = [text for cell in self._row.cells if (text := shown(cell))]
        if len(texts) == 1 and not mailbox and not code:
            fault = BadCell(
                N_(
                    '"{text}" stands alone: if it is a person, fill in the unit or write "chưa có"'
                    ' as the mailbox; if it is a heading, number it as in "I. {text}"'
                ),
                text=texts[0],
            )
            raise self._fault(next(c for c in NAME_KEYS if self._wording(c)), fault)

    def _mailbox(self) -> str | None:
        try:
            cell = self._source.cell(self._row, "mailbox")
            mailbox = address_of(cell, self._domains)
        except BadCell as fault:
            raise self._fault("mailbox", fault) from None
        parts = addresses_of(cell)
        if len(parts) > 1:
            self._remark(
                "mailbox",
                N_("{mailbox} counts, being the organisation's; left out: {others}"),
                mailbox=mailbox or "",
                others=", ".join(part for part in parts if part != mailbox),
            )
        return mailbox

    def _aliases(self) -> tuple[str, ...]:
        try:
            return addresses_of(self._source.cell(self._row, "aliases"))
        except BadCell as fault:
            raise self._fault("aliases", fault) from None

    def _staff_code(self) -> str:
        """The staff code, "" where there is none that could be one.

        Raises:
            BadCell: Excel rounded it.
        """
        cell = self._source.cell(self._row, "staff_code")
        try:
            code = wording_of(cell)
        except BadCell as fault:
            raise self._fault("staff_code", fault) from None
        if _ROUNDED_NUMBER.fullmatch(code):
            rounded = BadCell(
                N_('"{text}" is a number that Excel rounded; format the column as text'), text=code
            )
            raise self._fault("staff_code", rounded)
        is_number = isinstance(cell, int | float)
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
        try:
            unit = self._units.code(paying)
        except BadCell as fault:
            raise self._fault("paying_unit", fault) from None
        return unit, unit == own

    def _own_unit(self) -> str:
        source = self._source
        if source.unit_from is not UnitFrom.COLUMN:
            text = source.unit or self._group
            if not text:
                raise BadCell(N_("the row has no unit: no group row stands above it"))
            return self._units.code(text)
        column = "unit_code" if "unit_code" in source.columns else "unit_name"
        text = self._wording(column)
        if not text:
            raise self._fault(column, BadCell(N_("the row has no unit")))
        try:
            return self._units.code(text, self._wording("unit_name"))
        except BadCell as fault:
            raise self._fault(column, fault) from None

    def _wording(self, column: str) -> str:
        try:
            return wording_of(self._source.cell(self._row, column))
        except BadCell as fault:
            raise self._fault(column, fault) from None

    def _date(self, column: str) -> date | None:
        try:
            return self._source.dates[column].date(self._source.cell(self._row, column))
        except BadCell as fault:
            raise self._fault(column, fault) from None

    def _fault(self, column: str, fault: BadCell) -> BadCell:
        fault.column = self._source.columns.get(column)
        return fault

    def _remark(self, column: str, message: str, **values: str) -> None:
        remark = self._fault(column, BadCell(message, **values))
        self._remarks.append(remark.at(self._row.place, self._row.number))


def _compared(text: str) -> str:
    """Names and codes are compared without regard to case and the place of tone marks."""
    return with_tones_placed(text).casefold()
