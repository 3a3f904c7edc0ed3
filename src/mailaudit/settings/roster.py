"""The table [roster]: where the staff and unit lists are, and what is known of their form."""

from typing import Annotated, Literal

from pydantic import Field

from mailaudit.model.layout import DateOrder, Layout, UnitFrom
from mailaudit.settings.thresholds import Table
from mailaudit.settings.values import FilePath, FilePaths, Text

Headings = Text | Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]


class RosterColumns(Table):
    """The headings of a column, or its letter, by the column's key; see `roster.columns`."""

    mailbox: Headings | None = None
    aliases: Headings | None = None
    unit_code: Headings | None = None
    unit_name: Headings | None = None
    staff_code: Headings | None = None
    name: Headings | None = None
    family_name: Headings | None = None
    middle_name: Headings | None = None
    given_name: Headings | None = None
    job_title: Headings | None = None
    category: Headings | None = None
    status: Headings | None = None
    status_from: Headings | None = None
    status_to: Headings | None = None
    paying_unit: Headings | None = None
    note: Headings | None = None
    ordinal: Headings | None = None
    problem: Headings | None = None


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
