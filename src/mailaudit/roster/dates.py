"""The dates of a column: whether day and month can be told apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mailaudit.errors import N_
from mailaudit.model.layout import DateOrder
from mailaudit.roster.cells import DAY_MONTH_YEAR, date_of, shown
from mailaudit.roster.faults import BadCell

MONTHS = 12
LONGEST_MONTH = 31


@dataclass(frozen=True, slots=True)
class DateColumn:
    """How the dates of one column are to be read.

    Attributes:
        order: What a person said about dates in text; None where nobody did.
        witness: A text of the column that can only be month first, "" where there is none.
        swapped: A text of the column that Excel, reading months first, could not take for a date,
            where all it could take have a day that may be a month; "" otherwise.
    """

    order: DateOrder | None = None
    witness: str = ""
    swapped: str = ""

    def date(self, cell: object) -> date | None:
        """The date in the cell, None where it is blank.

        Raises:
            BadCell: The cell holds no date, or what it says is not certain.
        """
        if isinstance(cell, date):
            if self.swapped and self.order is None:
                raise _doubtful(f"{cell.day:02}/{cell.month:02}/{cell.year}", self.swapped)
            return date_of(cell)
        found = None if cell is None else DAY_MONTH_YEAR.fullmatch(shown(cell))
        if found is None:
            return date_of(cell)
        first, second, year = (int(part) for part in found.group(1, 2, 3))
        if self.order is DateOrder.MONTH_FIRST:
            try:
                return date(year, first, second)
            except ValueError:
                raise BadCell(
                    N_('"{text}" is not a date with the month first'), text=shown(cell)
                ) from None
        is_either = max(first, second) <= MONTHS and first != second
        if self.witness and self.order is None and is_either:
            raise _doubtful(shown(cell), self.witness)
        return date_of(cell)


def date_column(cells: Iterable[object], order: DateOrder | None) -> DateColumn:
    """Looks through a column for signs that its months stand before its days.

    Texts are day first. But where one of them, such as 10/25/2026, can only be month first, those
    that may be either are not guessed. And where Excel has taken 05/10/2026 for the 10th of May,
    it has left 25/10/2026 as text: a column whose true dates all have a day up to 12 beside texts
    with greater ones was most likely swapped.
    """
    witness, swapped = "", ""
    days: list[int] = []
    for cell in cells:
        if isinstance(cell, date):
            days.append(cell.day)
        elif cell and (found := DAY_MONTH_YEAR.fullmatch(shown(cell))):
            first, second = int(found[1]), int(found[2])
            if first <= MONTHS < second <= LONGEST_MONTH:
                witness = witness or shown(cell)
            elif second <= MONTHS < first:
                swapped = swapped or shown(cell)
    if not days or max(days) > MONTHS:
        swapped = ""
    return DateColumn(order, witness, swapped)


def _doubtful(text: str, witness: str) -> BadCell:
    return BadCell(
        N_(
            '"{text}" may be day/month or month/day, because the column also has "{witness}";'
            ' write roster.date_order = "dmy" or "mdy" in the configuration'
        ),
        text=text,
        witness=witness,
    )
