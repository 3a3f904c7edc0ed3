"""The table [roster]: where the staff and unit lists are, and what is known of their form."""

from typing import Annotated, Literal

from pydantic import Field

from mailaudit.model.layout import DateOrder, Layout, UnitFrom
from mailaudit.roster.columns import STAFF_COLUMNS
from mailaudit.settings.table import Table, keys
from mailaudit.settings.values import FilePath, FilePaths, Text

Headings = Text | Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]


_Keys = keys(dict.fromkeys(STAFF_COLUMNS, (Headings | None, None)))


class RosterColumns(_Keys):  # type: ignore[misc,valid-type]
    """The headings of a column, or its letter, by the column's key; see `roster.columns`."""


class RosterFiles(Table):
    """The staff list, and where there are such, the unit list and what became of units.

    The staff list may be in several files; they are one list in parts.
    """

    file: FilePaths
    units: FilePath | None = None
    events: FilePath | None = None
    sheets: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    header_row: int | None = Field(None, ge=1)
    encoding: Literal["utf-8", "utf-16", "cp1258", "tcvn3", "vni"] | None = None
    date_order: Literal["dmy", "mdy"] | None = None
    unit_from: Literal["column", "sheet", "group"] | None = None
    columns: RosterColumns = Field(default_factory=RosterColumns)

    def layout(self, domains: tuple[str, ...]) -> Layout:
        """What is known of the staff list's form, with the organisation's mail domains."""
        return Layout(
            sheets=self.sheets,
            header_row=self.header_row,
            columns={key: heading for key, heading in self.columns.model_dump().items() if heading},
            encoding=self.encoding,
            date_order=None if self.date_order is None else DateOrder(self.date_order),
            unit_from=None if self.unit_from is None else UnitFrom(self.unit_from),
            domains=frozenset(domains),
        )
